"""What a volunteer told us when they applied, and who can speak for them."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, EncryptedText, one_of
from portal.volunteers.models import Volunteer


class Application(Base):
    """What a volunteer told us when they applied. Locked once sent."""

    __tablename__ = "application"
    __table_args__ = (
        CheckConstraint("submitted_at IS NULL OR (is_adult AND agrees_to_checks)", name="submitted_whole"),
        CheckConstraint("(decided_at IS NULL) = (decision IS NULL)", name="decided_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteer.id"), unique=True)
    return_code_hash: Mapped[str] = mapped_column(String(64), unique=True, info={"sensitive": True})
    is_adult: Mapped[bool] = mapped_column(default=False)
    why: Mapped[str] = mapped_column(Text, default="", info={"sensitive": True})
    lived_experience: Mapped[str | None] = mapped_column(EncryptedText)
    skills: Mapped[str] = mapped_column(Text, default="", info={"sensitive": True})
    agrees_to_checks: Mapped[bool] = mapped_column(default=False)
    sections_done: Mapped[str] = mapped_column(String(400), default="")
    started_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None] = mapped_column(index=True)
    decision: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column()

    volunteer: Mapped[Volunteer] = relationship()
    referees: Mapped[list[Referee]] = relationship(back_populates="application", order_by="Referee.id")

    __mapper_args__ = {"version_id_col": version}


class Relation(Enum):
    """How a referee knows the applicant; nobody needs an employer."""

    KEY_WORKER = "key_worker"
    PROBATION = "probation"
    VOLUNTEERING = "volunteering"
    EMPLOYER = "employer"
    TUTOR = "tutor"
    COMMUNITY = "community"

    @property
    def words(self) -> str:
        """As a choice on a form."""
        return RELATION_WORDS[self]


RELATION_WORDS = {
    Relation.KEY_WORKER: "A support or key worker",
    Relation.PROBATION: "A probation practitioner",
    Relation.VOLUNTEERING: "Someone I volunteered with",
    Relation.EMPLOYER: "A manager, now or before",
    Relation.TUTOR: "A teacher or tutor",
    Relation.COMMUNITY: "A group leader, sponsor or faith leader",
}


class Referee(Base):
    """Somebody who can speak for the applicant: not family, not the same household, known a year or more."""

    __tablename__ = "referee"
    __table_args__ = (CheckConstraint("email <> '' OR phone <> ''", name="reachable"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    relation: Mapped[Relation] = mapped_column(one_of(Relation))
    organisation: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    years_known: Mapped[int]

    application: Mapped[Application] = relationship(back_populates="referees")
