"""Cohorts, their sessions, and who is enrolled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, Index, String, Table, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.courses.models import CourseVersion
from portal.database import Base, one_of
from portal.schemes.models import Area
from portal.volunteers.models import Volunteer


class CohortState(Enum):
    """How far a cohort is."""

    ENROLLING = "enrolling"
    RUNNING = "running"
    FINISHED = "finished"
    CANCELLED = "cancelled"

    @property
    def words(self) -> str:
        """As a tag shows it."""
        return self.value.capitalize()


cohort_trainer = Table(
    "cohort_trainer",
    Base.metadata,
    Column("cohort_id", ForeignKey("cohort.id"), primary_key=True),
    Column("user_id", ForeignKey("user_account.id"), primary_key=True),
)


class Cohort(Base):
    """A course version run in one area, on weekly slots, for a group of people."""

    __tablename__ = "cohort"
    __table_args__ = (
        CheckConstraint("(cancelled_at IS NULL) = (cancelled_because IS NULL)", name="cancelled_whole"),
        CheckConstraint("(state = 'cancelled') = (cancelled_at IS NOT NULL)", name="cancelled_dated"),
        CheckConstraint("capacity BETWEEN 1 AND 60", name="capacity_sane"),
        Index(None, "scheme_id", "starts_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"))
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    course_version_id: Mapped[int] = mapped_column(ForeignKey("course_version.id"))
    name: Mapped[str] = mapped_column(String(120))
    state: Mapped[CohortState] = mapped_column(one_of(CohortState), default=CohortState.ENROLLING)
    venue: Mapped[str] = mapped_column(String(300), default="")
    capacity: Mapped[int]
    starts_on: Mapped[date]
    slots: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    days_off: Mapped[list[str]] = mapped_column(JSON, default=list)
    """The chosen days on which it does not meet, as 2026-12-24; bank holidays are not among them."""
    meeting_link: Mapped[str] = mapped_column(String(500), default="", info={"sensitive": True})
    """Where it meets online, when it does."""
    cancelled_at: Mapped[datetime | None]
    cancelled_because: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    area: Mapped[Area] = relationship()
    course_version: Mapped[CourseVersion] = relationship()
    trainers: Mapped[list[User]] = relationship(secondary=cohort_trainer, order_by=User.name)
    sessions: Mapped[list[CohortSession]] = relationship(back_populates="cohort", order_by="CohortSession.number")
    enrolments: Mapped[list[Enrolment]] = relationship(back_populates="cohort")

    __mapper_args__ = {"version_id_col": version}


class CohortSession(Base):
    """One session of one cohort. `register_version` rises with every save of its register."""

    __tablename__ = "cohort_session"
    __table_args__ = (
        UniqueConstraint("cohort_id", "number"),
        CheckConstraint("ends_at > starts_at", name="times_in_order"),
        CheckConstraint("(cancelled_at IS NULL) = (cancelled_because IS NULL)", name="cancelled_whole"),
        Index(None, "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"))
    number: Mapped[int]
    week: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    minutes: Mapped[int]
    is_mandatory: Mapped[bool] = mapped_column(default=False)
    venue: Mapped[str] = mapped_column(String(300), default="")
    """Where this one is held, when it is not where the cohort meets."""
    meeting_link: Mapped[str] = mapped_column(String(500), default="", info={"sensitive": True})
    sequence: Mapped[int] = mapped_column(default=0)
    """How often it was changed since people were told of it: SEQUENCE in a calendar (RFC 5545)."""
    changed_at: Mapped[datetime | None]
    """When that was, the last time: LAST-MODIFIED in a calendar."""
    taught_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    register_saved_at: Mapped[datetime | None]
    register_saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    register_version: Mapped[int] = mapped_column(default=0)
    cancelled_at: Mapped[datetime | None]
    cancelled_because: Mapped[str | None] = mapped_column(String(500))

    cohort: Mapped[Cohort] = relationship(back_populates="sessions")

    @property
    def is_elsewhere(self) -> bool:
        """Whether it has a place of its own, be that a room or a link, in place of the cohort's."""
        return bool(self.venue or self.meeting_link)

    @property
    def held_in(self) -> str:
        """The room it is held in; "" when it is online only. The cohort must be loaded."""
        return self.venue if self.is_elsewhere else self.cohort.venue

    @property
    def held_online_at(self) -> str:
        """The meeting it is held in online; "" when it is in a room only. The cohort must be loaded."""
        return self.meeting_link if self.is_elsewhere else self.cohort.meeting_link


class EnrolmentState(Enum):
    """Whether somebody is on the course."""

    ENROLLED = "enrolled"
    WAITING = "waiting"
    PAUSED = "paused"
    WITHDRAWN = "withdrawn"
    COMPLETED = "completed"

    @property
    def words(self) -> str:
        """As a tag shows it."""
        return self.value.capitalize()


class Enrolment(Base):
    """One volunteer on one cohort, from a day and perhaps until one."""

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("cohort_id", "volunteer_id"),
        CheckConstraint("(ended_on IS NULL) = (state IN ('enrolled', 'waiting', 'paused'))", name="ended_dated"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cohort_id: Mapped[int] = mapped_column(ForeignKey("cohort.id"))
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteer.id"), index=True)
    state: Mapped[EnrolmentState] = mapped_column(one_of(EnrolmentState), default=EnrolmentState.ENROLLED)
    joined_on: Mapped[date]
    ended_on: Mapped[date | None]
    enrolled_at: Mapped[datetime]
    enrolled_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))

    cohort: Mapped[Cohort] = relationship(back_populates="enrolments")
    volunteer: Mapped[Volunteer] = relationship()


class Pause(Base):
    """A break somebody took from a course: no session from the first day until the last counts for them."""

    __tablename__ = "pause"
    __table_args__ = (CheckConstraint("until_on IS NULL OR until_on >= from_on", name="days_in_order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    because: Mapped[str] = mapped_column(String(500), default="", info={"sensitive": True})
    paused_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))


_WHEN_PLACE_ENDS: list[Callable[[Enrolment], None]] = []
_WHEN_CALLED_OFF: list[Callable[[CohortSession], None]] = []


def when_place_ends(act: Callable[[Enrolment], None]) -> Callable[[Enrolment], None]:
    """A later part, which this one must not know of, asks to act before somebody's place on a course ends."""
    _WHEN_PLACE_ENDS.append(act)
    return act


def when_called_off(act: Callable[[CohortSession], None]) -> Callable[[CohortSession], None]:
    """The same, before a session is called off."""
    _WHEN_CALLED_OFF.append(act)
    return act


def place_ends(enrolment: Enrolment) -> None:
    """To be called just before somebody's place ends, for those who asked to act then."""
    for act in _WHEN_PLACE_ENDS:
        act(enrolment)


def called_off(held: CohortSession) -> None:
    """To be called just before a session is called off, for those who asked to act then."""
    for act in _WHEN_CALLED_OFF:
        act(held)
