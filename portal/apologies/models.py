"""That somebody cannot come to a session, the links and texts with which they say so, and who was reminded."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from courses.marks import AbsenceReason
from portal.cohorts.models import CohortSession, Enrolment
from portal.database import Base, EncryptedText, one_of


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


class Reminder(Base):
    """That the people of a session were reminded of it, once."""

    __tablename__ = "reminder"

    unaudited = True

    session_id: Mapped[int] = mapped_column(ForeignKey("cohort_session.id"), primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    """For which time: a session that was moved is worth another reminder."""
    reminded_at: Mapped[datetime]


class ReceivedText(Base):
    """A text message from a learner: read by the portal itself, or waiting until somebody has read it."""

    __tablename__ = "received_text"
    __table_args__ = (
        UniqueConstraint("notify_id", "enrolment_id"),
        CheckConstraint("(settled_at IS NULL) = (words IS NOT NULL)", name="kept_until_read"),
        CheckConstraint("settled_at IS NOT NULL OR settled_by_id IS NULL", name="settled_whole"),
        Index(None, "enrolment_id", "settled_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    notify_id: Mapped[str] = mapped_column(String(64))
    """Given by the service that received it: the same text handed in again has the same one."""
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    words: Mapped[str | None] = mapped_column(EncryptedText)
    """Erased as soon as it is settled: it may say more about somebody than we need to keep."""
    received_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    """Nobody's, when the portal understood it by itself."""
    apology_id: Mapped[int | None] = mapped_column(ForeignKey("apology.id"))

    enrolment: Mapped[Enrolment] = relationship()
