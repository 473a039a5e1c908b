"""Who was counted after an alarm."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.database import Base


class RollCall(Base):
    """Who was counted outside after an alarm, of those marked as being in the building."""

    __tablename__ = "roll_call"
    __table_args__ = (CheckConstraint("counted BETWEEN 0 AND expected", name="counted_sane"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("cohort_session.id"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    expected: Mapped[int]
    counted: Mapped[int]
    missing: Mapped[list[int]] = mapped_column(JSON)
    """Enrolments nobody had counted when it was saved."""

    by: Mapped[User] = relationship()
