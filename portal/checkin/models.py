"""The code on a trainer's screen, and who checked in with it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.cohorts.models import CohortSession, Enrolment
from portal.database import Base, EncryptedText


class CheckInWindow(Base):
    """The time in which people may check in to a session. The code of each half minute comes of its secret."""

    __tablename__ = "check_in_window"
    __table_args__ = (CheckConstraint("closes_at > opened_at", name="times_in_order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("cohort_session.id"), unique=True)
    secret: Mapped[str] = mapped_column(EncryptedText)
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    closes_at: Mapped[datetime]

    session: Mapped[CohortSession] = relationship()


class CheckIn(Base):
    """One person checked in to one session, once. The mark it made is in the register and can be corrected there."""

    __tablename__ = "check_in"
    __table_args__ = (UniqueConstraint("session_id", "enrolment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("cohort_session.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    at: Mapped[datetime]

    enrolment: Mapped[Enrolment] = relationship()
