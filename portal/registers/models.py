"""What goes with a register: batches of marks from phones without signal."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base


class Batch(Base):
    """Marks that a phone kept while it had no signal, as they arrived. The same batch again gets the same answer."""

    __tablename__ = "batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(36), unique=True)
    """Made by the phone, once for each batch: a UUID."""
    session_id: Mapped[int] = mapped_column(ForeignKey("cohort_session.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    received_at: Mapped[datetime]
    seconds_fast: Mapped[int]
    """How far the phone's clock was ahead of ours; less than 0 when it was behind."""
    answer: Mapped[dict[str, Any]] = mapped_column(JSON, info={"sensitive": True})
