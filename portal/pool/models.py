"""An approval, with what its gates said at the click, frozen. The database refuses to change or remove one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.audit.models import add_only
from portal.database import Base
from portal.volunteers.models import Volunteer


class Approval(Base):
    """Somebody was approved to active duty: by whom, why, on what conditions, and every gate as it stood."""

    __tablename__ = "approval"

    id: Mapped[int] = mapped_column(primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteer.id"), index=True)
    approved_at: Mapped[datetime]
    approved_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    because: Mapped[str] = mapped_column(Text, info={"sensitive": True})
    conditions: Mapped[str] = mapped_column(Text, default="", info={"sensitive": True})
    gates: Mapped[list[dict[str, Any]]] = mapped_column(JSON, info={"sensitive": True})

    volunteer: Mapped[Volunteer] = relationship()
    approved_by: Mapped[User] = relationship()


add_only(Approval.__table__)
