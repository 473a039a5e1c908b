"""A mark in a register, and a session caught up."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.marks import AbsenceReason
from courses.marks import Mark as Code
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
    code: Mapped[Code] = mapped_column(one_of(Code))
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
