"""A certificate, its facts frozen at issue, and what a mentor chose to show as CV evidence."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.cohorts.models import Enrolment
from portal.database import Base, one_of
from portal.volunteers.models import Volunteer


class CertificateState(Enum):
    """Whether a certificate holds."""

    VALID = "valid"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"

    @property
    def words(self) -> str:
        """As the public page says it."""
        return self.value.capitalize()


class Certificate(Base):
    """What was awarded, frozen: `facts` are the fields of `documents.Certificate`, never derived again."""

    __tablename__ = "certificate"
    __table_args__ = (
        CheckConstraint("(state = 'valid') = (ended_at IS NULL)", name="ended_dated"),
        CheckConstraint("(ended_at IS NULL) = (ended_because IS NULL)", name="ended_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteer.id"), index=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    check_code: Mapped[str] = mapped_column(String(40), unique=True)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[CertificateState] = mapped_column(one_of(CertificateState), default=CertificateState.VALID)
    issued_on: Mapped[date]
    issued_at: Mapped[datetime]
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[str | None] = mapped_column(String(500))
    version: Mapped[int] = mapped_column()

    volunteer: Mapped[Volunteer] = relationship()
    enrolment: Mapped[Enrolment] = relationship()

    __mapper_args__ = {"version_id_col": version}


class CvChoice(Base):
    """Which parts of their CV evidence a mentor shows, and the words they added."""

    __tablename__ = "cv_choice"

    id: Mapped[int] = mapped_column(primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteer.id"), unique=True)
    shown: Mapped[list[str]] = mapped_column(JSON, default=list)
    own_words: Mapped[str] = mapped_column(String(1000), default="")
    saved_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}
