"""An interview, and what was decided after it."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.database import Base, one_of
from portal.volunteers.models import Volunteer


class Setting(Enum):
    """How an interview is held."""

    IN_PERSON = "in_person"
    PHONE = "phone"
    VIDEO = "video"

    @property
    def words(self) -> str:
        """As a choice on a form."""
        return {"in_person": "In person", "phone": "By phone", "video": "By video"}[self.value]


class Interview(Base):
    """One talk with one applicant. `scores` maps each area of the scorecard to 0–4."""

    __tablename__ = "interview"
    __table_args__ = (
        CheckConstraint("(held_at IS NULL) = (scores IS NULL)", name="held_whole"),
        CheckConstraint("(cancelled_at IS NULL) = (cancelled_because IS NULL)", name="cancelled_whole"),
        Index(None, "volunteer_id", "planned_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteer.id"))
    planned_at: Mapped[datetime] = mapped_column(index=True)
    setting: Mapped[Setting] = mapped_column(one_of(Setting))
    place: Mapped[str] = mapped_column(String(300), default="")
    interviewer_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    second_interviewer_name: Mapped[str] = mapped_column(String(200), default="")
    held_at: Mapped[datetime | None]
    scores: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), info={"sensitive": True})
    notes: Mapped[str] = mapped_column(Text, default="", info={"sensitive": True})
    cancelled_at: Mapped[datetime | None]
    cancelled_because: Mapped[str | None] = mapped_column(String(500))
    version: Mapped[int] = mapped_column()

    volunteer: Mapped[Volunteer] = relationship()
    interviewer: Mapped[User] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_open(self) -> bool:
        """Planned, and neither held nor cancelled yet."""
        return self.held_at is None and self.cancelled_at is None


class Offer(Base):
    """A provisional offer of a place, made after an interview; the gates of the scheme are its conditions."""

    __tablename__ = "offer"
    __table_args__ = (CheckConstraint("(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name="confirmed_whole"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteer.id"), index=True)
    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id"))
    because: Mapped[str] = mapped_column(Text, info={"sensitive": True})
    offered_at: Mapped[datetime]
    offered_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    volunteer: Mapped[Volunteer] = relationship()
    interview: Mapped[Interview] = relationship()
