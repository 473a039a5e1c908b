"""A mark in a register, a catch-up that was booked, and a session caught up."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.marks import AbsenceReason, Code
from portal.accounts.models import User
from portal.cohorts.models import CohortSession, Enrolment
from portal.database import Base, one_of


class Mark(Base):
    """One person at one session. Saved with an upsert on (session, enrolment), so that nobody has two."""

    __tablename__ = "mark"
    __table_args__ = (
        UniqueConstraint("session_id", "enrolment_id"),
        CheckConstraint("(code IN ('L', 'E')) = (minutes IS NOT NULL)", name="minutes_where_needed"),
        CheckConstraint("minutes IS NULL OR minutes BETWEEN 1 AND 600", name="minutes_sane"),
        CheckConstraint("reason IS NULL OR code = 'A'", name="reason_where_needed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("cohort_session.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    code: Mapped[Code] = mapped_column(one_of(Code, "mark"))
    minutes: Mapped[int | None]
    reason: Mapped[AbsenceReason | None] = mapped_column(one_of(AbsenceReason), info={"sensitive": True})
    note: Mapped[str] = mapped_column(String(300), default="", info={"sensitive": True})
    marked_at: Mapped[datetime]
    marked_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))

    session: Mapped[CohortSession] = relationship()
    enrolment: Mapped[Enrolment] = relationship()


class CatchUp(Base):
    """A missed session made up for: it counts once, and replaces an absence, a late or an early one."""

    __tablename__ = "catch_up"
    __table_args__ = (
        UniqueConstraint("session_id", "enrolment_id"),
        CheckConstraint("minutes BETWEEN 1 AND 600", name="minutes_sane"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("cohort_session.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    done_on: Mapped[date]
    minutes: Mapped[int]
    evidence: Mapped[str] = mapped_column(Text)
    tutor_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]

    session: Mapped[CohortSession] = relationship()
    enrolment: Mapped[Enrolment] = relationship()


class CatchUpBooking(Base):
    """A time at which a missed session is to be made up. `cancelled_at` and a `CatchUp` both end it."""

    __tablename__ = "catch_up_booking"
    __table_args__ = (
        CheckConstraint("minutes BETWEEN 1 AND 600", name="minutes_sane"),
        CheckConstraint("(cancelled_at IS NULL) = (cancelled_because IS NULL)", name="cancelled_whole"),
        Index(None, "enrolment_id", "session_id"),
        Index(None, "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("cohort_session.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    starts_at: Mapped[datetime]
    minutes: Mapped[int]
    place: Mapped[str] = mapped_column(String(300))
    """Where they meet, or how: a room, by phone, online."""
    tutor_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    booked_at: Mapped[datetime]
    booked_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    sequence: Mapped[int] = mapped_column(default=0)
    cancelled_at: Mapped[datetime | None]
    cancelled_because: Mapped[str | None] = mapped_column(String(500))

    session: Mapped[CohortSession] = relationship()
    enrolment: Mapped[Enrolment] = relationship()
    tutor: Mapped[User] = relationship(foreign_keys=[tutor_id])


class CatchUpRequest(Base):
    """Somebody asked to make up for a session; their trainers were told of it, once."""

    __tablename__ = "catch_up_request"
    __table_args__ = (UniqueConstraint("session_id", "enrolment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("cohort_session.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    asked_at: Mapped[datetime]

    session: Mapped[CohortSession] = relationship()
    enrolment: Mapped[Enrolment] = relationship()
