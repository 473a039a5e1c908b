"""DBS eligibility, checks and their decision."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, EncryptedText, one_of
from portal.schemes.models import Scheme
from portal.volunteers.models import Volunteer


class Level(Enum):
    """Levels of DBS check."""

    BASIC = "basic"
    STANDARD = "standard"
    ENHANCED = "enhanced"
    ENHANCED_BARRED = "enhanced_barred"

    @property
    def words(self) -> str:
        """As a choice on a form."""
        return {
            "basic": "Basic", "standard": "Standard", "enhanced": "Enhanced",
            "enhanced_barred": "Enhanced with barred list",
        }[self.value]  # fmt: skip


class Workforce(Enum):
    """DBS workforces."""

    ADULT = "adult"
    CHILD = "child"
    CHILD_AND_ADULT = "child_and_adult"
    OTHER = "other"

    @property
    def words(self) -> str:
        """As a choice on a form."""
        return self.value.replace("_", " ").capitalize()


class Outcome(Enum):
    """What a certificate showed, without what it said."""

    NO_INFORMATION = "no_information"
    INFORMATION_DISCLOSED = "information_disclosed"
    BARRED = "barred"

    @property
    def words(self) -> str:
        """As a choice on a form."""
        return {
            "no_information": "Nothing on it", "information_disclosed": "Something on it, to be looked at",
            "barred": "On a barred list",
        }[self.value]  # fmt: skip


class Suitability(Enum):
    """What was decided, one person at a time, never by itself."""

    SUITABLE = "suitable"
    SUITABLE_WITH_CONDITIONS = "suitable_with_conditions"
    DEFERRED = "deferred"
    NOT_SUITABLE = "not_suitable"

    @property
    def words(self) -> str:
        """As a choice on a form."""
        return self.value.replace("_", " ").capitalize()


class Eligibility(Base):
    """Which check a role may have, and the wording that was relied on. A coordinator never picks a level freely."""

    __tablename__ = "eligibility"

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"), index=True)
    role_title: Mapped[str] = mapped_column(String(120))
    level: Mapped[Level] = mapped_column(one_of(Level))
    workforce: Mapped[Workforce] = mapped_column(one_of(Workforce))
    relied_on: Mapped[str] = mapped_column(Text)
    decided_on: Mapped[date]
    decided_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))

    scheme: Mapped[Scheme] = relationship()


class DbsCheck(Base):
    """One DBS check: applied for, certificate seen, decided. No offence, no scan, the number encrypted."""

    __tablename__ = "dbs_check"
    __table_args__ = (
        CheckConstraint(
            "(seen_on IS NULL) = (number IS NULL) AND (seen_on IS NULL) = (issued_on IS NULL)"
            " AND (seen_on IS NULL) = (outcome IS NULL) AND (seen_on IS NULL) = (seen_by_id IS NULL)",
            name="seen_whole",
        ),
        CheckConstraint(
            "(decided_at IS NULL) = (decision IS NULL) AND (decided_at IS NULL) = (decided_by_id IS NULL)",
            name="decided_whole",
        ),
        CheckConstraint("free_as_volunteer = (volunteer_declaration_by_id IS NOT NULL)", name="free_when_declared"),
        CheckConstraint("decided_at IS NULL OR seen_on IS NOT NULL", name="seen_before_decided"),
        CheckConstraint("outcome <> 'barred' OR decision IS NULL OR decision = 'not_suitable'", name="barred_stops"),
        Index(None, "volunteer_id", "applied_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteer.id"))
    eligibility_id: Mapped[int] = mapped_column(ForeignKey("eligibility.id"))
    level: Mapped[Level] = mapped_column(one_of(Level))
    workforce: Mapped[Workforce] = mapped_column(one_of(Workforce))
    applied_on: Mapped[date]
    application_reference: Mapped[str] = mapped_column(String(30), default="")
    free_as_volunteer: Mapped[bool] = mapped_column(default=False)
    volunteer_declaration_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    free_despite_training: Mapped[str] = mapped_column(Text, default="")
    number: Mapped[str | None] = mapped_column(EncryptedText)
    number_hash: Mapped[str | None] = mapped_column(String(64), index=True, info={"sensitive": True})
    number_last_four: Mapped[str] = mapped_column(String(4), default="", info={"sensitive": True})
    issued_on: Mapped[date | None]
    seen_on: Mapped[date | None]
    seen_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    outcome: Mapped[Outcome | None] = mapped_column(one_of(Outcome), info={"sensitive": True})
    decision: Mapped[Suitability | None] = mapped_column(one_of(Suitability), info={"sensitive": True})
    conditions: Mapped[str] = mapped_column(Text, default="", info={"sensitive": True})
    because: Mapped[str] = mapped_column(Text, default="", info={"sensitive": True})
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    recheck_due_on: Mapped[date | None]
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    volunteer: Mapped[Volunteer] = relationship()
    eligibility: Mapped[Eligibility] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_open(self) -> bool:
        """Not closed, and not decided for good: a deferred decision is still to come."""
        return self.closed_at is None and self.decision in {None, Suitability.DEFERRED}
