"""What goes with a register: apologies sent beforehand, batches from phones without signal, roll-calls."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.marks import AbsenceReason
from portal.cohorts.models import CohortSession, Enrolment
from portal.database import Base, one_of


class ApologyBy(Enum):
    """How an apology reached us."""

    PAGE = "page"
    LINK = "link"
    TEXT = "text"
    STAFF = "staff"

    @property
    def words(self) -> str:
        """As a register shows it."""
        return {"page": "on their page", "link": "by link", "text": "by text", "staff": "told us"}[self.value]


class Apology(Base):
    """Somebody told us beforehand that they cannot come. It is shown on the register and marks nobody."""

    __tablename__ = "apology"
    __table_args__ = (UniqueConstraint("session_id", "enrolment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("cohort_session.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    reason: Mapped[AbsenceReason | None] = mapped_column(one_of(AbsenceReason), info={"sensitive": True})
    note: Mapped[str] = mapped_column(String(300), default="", info={"sensitive": True})
    by: Mapped[ApologyBy] = mapped_column(one_of(ApologyBy))
    told_at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]
    """They can come after all."""

    session: Mapped[CohortSession] = relationship()
    enrolment: Mapped[Enrolment] = relationship()


class ApologyLink(Base):
    """A learner's link to tell us that they cannot come: without signing in, for their own sessions only."""

    __tablename__ = "apology_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True, info={"sensitive": True})
    to_address: Mapped[str] = mapped_column(String(254), info={"sensitive": True})
    """Where it was sent: it stops working when the learner's address is another one."""
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]

    enrolment: Mapped[Enrolment] = relationship()


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


class Chaser(Base):
    """A letter about registers left open, to one person on one morning: it is written once."""

    __tablename__ = "chaser"
    __table_args__ = (UniqueConstraint("user_id", "on"),)

    unaudited = True

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    on: Mapped[date]
    registers: Mapped[int]


class Reminder(Base):
    """That the people of a session were reminded of it, once."""

    __tablename__ = "reminder"

    unaudited = True

    session_id: Mapped[int] = mapped_column(ForeignKey("cohort_session.id"), primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    """For which time: a session that was moved is worth another reminder."""
    reminded_at: Mapped[datetime]
