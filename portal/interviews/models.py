"""The times offered for a talk, the talk itself, and what each scorer gave."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.accounts.models import User
from portal.database import Base, one_of
from portal.schemes.models import Area
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


class Slot(Base):
    """A time at which a talk can be held, for an applicant to take. Withdrawn ones are kept, and not offered."""

    __tablename__ = "interview_slot"
    __table_args__ = (
        UniqueConstraint("interviewer_id", "starts_at"),
        CheckConstraint("minutes BETWEEN 10 AND 240", name="minutes_fit"),
        Index(None, "area_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"))
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    starts_at: Mapped[datetime]
    minutes: Mapped[int] = mapped_column(default=45)
    setting: Mapped[Setting] = mapped_column(one_of(Setting))
    place: Mapped[str] = mapped_column(String(300), default="")
    interviewer_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    second_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    withdrawn_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    area: Mapped[Area] = relationship()
    interviewer: Mapped[User] = relationship(foreign_keys=interviewer_id)
    second: Mapped[User | None] = relationship(foreign_keys=second_id)

    __mapper_args__ = {"version_id_col": version}

    @property
    def day(self) -> date:
        """The day in London."""
        return clock.in_london(self.starts_at).date()


class InterviewLink(Base):
    """An applicant's link to choose a time for their talk, to say that they come, or to ask for another one."""

    __tablename__ = "interview_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteer.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True, info={"sensitive": True})
    to_address: Mapped[str] = mapped_column(String(254), info={"sensitive": True})
    """Where it was sent: it stops working when the applicant's address or number is another one."""
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    volunteer: Mapped[Volunteer] = relationship()


class Interview(Base):
    """One talk with one applicant. `scores` maps each area of the scorecard to the 0–4 that was agreed.

    What each scorer gave beforehand is a `ScoreSheet` of their own.
    """

    __tablename__ = "interview"
    __table_args__ = (
        CheckConstraint("(held_at IS NULL) = (scores IS NULL)", name="held_whole"),
        CheckConstraint("(cancelled_at IS NULL) = (cancelled_because IS NULL)", name="cancelled_whole"),
        CheckConstraint("missed_at IS NULL OR cancelled_at IS NOT NULL", name="missed_is_over"),
        Index(None, "volunteer_id", "planned_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteer.id"))
    planned_at: Mapped[datetime] = mapped_column(index=True)
    setting: Mapped[Setting] = mapped_column(one_of(Setting))
    place: Mapped[str] = mapped_column(String(300), default="")
    interviewer_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    second_interviewer_name: Mapped[str] = mapped_column(String(200), default="")
    minutes: Mapped[int] = mapped_column(default=45)
    second_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    slot_id: Mapped[int | None] = mapped_column(ForeignKey("interview_slot.id"), unique=True)
    """The slot it takes; a cancelled interview gives it back."""
    sequence: Mapped[int] = mapped_column(default=0)
    """How often it was changed: the number that a calendar goes by (RFC 5545, SEQUENCE)."""
    accepted_at: Mapped[datetime | None]
    change_asked_at: Mapped[datetime | None]
    change_wish: Mapped[str] = mapped_column(String(500), default="", info={"sensitive": True})
    supporter: Mapped[str] = mapped_column(String(200), default="", info={"sensitive": True})
    questions_sent_at: Mapped[datetime | None]
    strengths: Mapped[str] = mapped_column(Text, default="", info={"sensitive": True})
    may_use_strengths: Mapped[bool] = mapped_column(default=False)
    """They said yes to these words in their CV evidence."""
    held_at: Mapped[datetime | None]
    missed_at: Mapped[datetime | None]
    """They did not come. It is closed kindly, and another time is offered."""
    alone_because: Mapped[str] = mapped_column(String(500), default="")
    """Why one person scored it, where two should."""
    agreed_because: Mapped[str] = mapped_column(String(1000), default="", info={"sensitive": True})
    """How scores that both scorers gave otherwise were agreed."""
    scores: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), info={"sensitive": True})
    notes: Mapped[str] = mapped_column(Text, default="", info={"sensitive": True})
    cancelled_at: Mapped[datetime | None]
    cancelled_because: Mapped[str | None] = mapped_column(String(500))
    version: Mapped[int] = mapped_column()

    volunteer: Mapped[Volunteer] = relationship()
    interviewer: Mapped[User] = relationship(foreign_keys=interviewer_id)
    second: Mapped[User | None] = relationship(foreign_keys=second_id)
    slot: Mapped[Slot | None] = relationship()
    sheets: Mapped[list[ScoreSheet]] = relationship(back_populates="interview", order_by="ScoreSheet.id")

    __mapper_args__ = {"version_id_col": version}

    @property
    def scorer_ids(self) -> set[int]:
        """The accounts of those who score it: one or two."""
        return {each for each in (self.interviewer_id, self.second_id) if each is not None}

    @property
    def is_open(self) -> bool:
        """Planned, and neither held nor cancelled yet."""
        return self.held_at is None and self.cancelled_at is None


class ScoreSheet(Base):
    """What one scorer gave, before anybody talked it over. Locked for good; nobody reads it before every one is in."""

    __tablename__ = "score_sheet"
    __table_args__ = (UniqueConstraint("interview_id", "scorer_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id"))
    scorer_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    scores: Mapped[dict[str, Any]] = mapped_column(JSON, info={"sensitive": True})
    notes: Mapped[str] = mapped_column(Text, default="", info={"sensitive": True})
    strengths: Mapped[str] = mapped_column(Text, default="", info={"sensitive": True})
    locked_at: Mapped[datetime]

    interview: Mapped[Interview] = relationship(back_populates="sheets")
    scorer: Mapped[User] = relationship()
