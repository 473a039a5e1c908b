"""That somebody was written to about open registers, once a morning."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base


class Chaser(Base):
    """A letter about registers left open, to one person on one morning: it is written once."""

    __tablename__ = "chaser"
    __table_args__ = (UniqueConstraint("user_id", "on"),)

    unaudited = True

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    on: Mapped[date]
    registers: Mapped[int]
