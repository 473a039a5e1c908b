"""What a volunteer told us when they applied, and who can speak for them."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.database import Base, EncryptedText, one_of
from portal.files.models import StoredFile
from portal.volunteers.journey import Stage
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
    prompted: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, info={"sensitive": True})
    """Short answers to the prompts that stand for one big box, by the prompt's key."""
    lived_experience: Mapped[str | None] = mapped_column(EncryptedText)
    skills: Mapped[str] = mapped_column(Text, default="", info={"sensitive": True})
    agrees_to_checks: Mapped[bool] = mapped_column(default=False)
    sections_done: Mapped[str] = mapped_column(String(400), default="")
    started_at: Mapped[datetime]
    saved_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None] = mapped_column(index=True)
    times_sent: Mapped[int] = mapped_column(default=0)
    """How often it was sent: more than once for somebody who applied again."""
    decision: Mapped[str | None] = mapped_column(Text)
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column()

    volunteer: Mapped[Volunteer] = relationship()
    referees: Mapped[list[Referee]] = relationship(back_populates="application", order_by="Referee.id")
    helper: Mapped[Helper | None] = relationship(back_populates="application")

    __mapper_args__ = {"version_id_col": version}

    @property
    def typed_by(self) -> Helper | None:
        """Who types it for its person: whoever helped before they started again does so no more."""
        return self.helper if self.helper is not None and self.helper.began_at >= self.started_at else None

    @property
    def is_open(self) -> bool:
        """Whether it can still be changed."""
        return self.submitted_at is None and self.volunteer.stage is Stage.APPLYING


class Relation(Enum):
    """How a referee knows the applicant; nobody needs an employer."""

    KEY_WORKER = "key_worker"
    PROBATION = "probation"
    VOLUNTEERING = "volunteering"
    EMPLOYER = "employer"
    TUTOR = "tutor"
    COMMUNITY = "community"
    HOUSING = "housing"
    PRISON = "prison"
    NEIGHBOUR = "neighbour"

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
    Relation.HOUSING: "A landlord, or a worker at a hostel",
    Relation.PRISON: "Prison staff or a chaplain",
    Relation.NEIGHBOUR: "A neighbour others trust, like a shopkeeper",
}


LADDER = (
    Relation.EMPLOYER, Relation.VOLUNTEERING, Relation.TUTOR, Relation.KEY_WORKER, Relation.PROBATION, Relation.HOUSING,
    Relation.COMMUNITY, Relation.PRISON, Relation.NEIGHBOUR,
)  # fmt: skip
"""Who can speak for somebody, in the order in which to think of them: whoever has had no job goes down a rung."""


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
    is_of_recommender: Mapped[bool] = mapped_column(default=False)
    """Works for the service that recommends the applicant: at least one referee must not."""

    application: Mapped[Application] = relationship(back_populates="referees")


class ConfirmedBy(Enum):
    """How somebody for whom another person typed said that it is theirs."""

    LINK = "link"
    TEXT = "text"
    PRINT = "print"

    @property
    def words(self) -> str:
        """As the record shows it."""
        return {"link": "by link", "text": "by text message", "print": "on a signed print"}[self.value]


class Helper(Base):
    """Who typed an application for somebody, and how that person confirmed that it is theirs.

    `user_id` is empty for a key worker without an account. A confirmation counts for the answers it was given for:
    `likeness` is theirs, and a change afterwards asks again.
    """

    __tablename__ = "helper"
    __table_args__ = (
        CheckConstraint("(confirmed_at IS NULL) = (confirmed_by IS NULL)", name="confirmed_whole"),
        CheckConstraint("confirmed_by <> 'print' OR recorded_by_id IS NOT NULL", name="print_recorded"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    organisation: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    began_at: Mapped[datetime]
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True, info={"sensitive": True})
    sent_to: Mapped[str] = mapped_column(String(254), default="", info={"sensitive": True})
    """Where the link or text went; it stops working when the applicant's is another one."""
    expires_at: Mapped[datetime | None]
    likeness: Mapped[int | None] = mapped_column(info={"sensitive": True})
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[ConfirmedBy | None] = mapped_column(one_of(ConfirmedBy))
    confirmed_name: Mapped[str] = mapped_column(String(200), default="")
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    version: Mapped[int] = mapped_column()

    application: Mapped[Application] = relationship(back_populates="helper")
    user: Mapped[User | None] = relationship(foreign_keys=[user_id])
    recorded_by: Mapped[User | None] = relationship(foreign_keys=[recorded_by_id])
    file: Mapped[StoredFile | None] = relationship()

    __mapper_args__ = {"version_id_col": version}


class SentApplication(Base):
    """The answers as they were when an application was sent: what a decision rested on, whatever is changed later."""

    __tablename__ = "sent_application"
    __table_args__ = (UniqueConstraint("application_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    number: Mapped[int]
    facts: Mapped[str | None] = mapped_column(EncryptedText)
    sent_at: Mapped[datetime]
    sent_by_name: Mapped[str] = mapped_column(String(200))

    application: Mapped[Application] = relationship()
