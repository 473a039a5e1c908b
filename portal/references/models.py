"""A reference: asked for, answered, checked."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.applications.models import Referee
from portal.database import Base, one_of
from portal.files.models import StoredFile
from portal.references.rules import stages_asked, stages_open
from portal.schemes.rules import ReferencesAsked
from portal.volunteers.models import Volunteer


class ReferenceState(Enum):
    """How far a reference is."""

    REQUESTED = "requested"
    OPENED = "opened"
    RECEIVED = "received"
    VERIFIED = "verified"
    DECLINED = "declined"
    EXPIRED = "expired"
    CONCERN = "concern"

    @property
    def words(self) -> str:
        """As a tag shows it."""
        return STATE_WORDS[self]

    @property
    def is_given(self) -> bool:
        """Whether the referee has answered."""
        return self in {ReferenceState.RECEIVED, ReferenceState.VERIFIED, ReferenceState.CONCERN}


STATE_WORDS = {
    ReferenceState.REQUESTED: "Asked for",
    ReferenceState.OPENED: "Opened",
    ReferenceState.RECEIVED: "Given, to be checked",
    ReferenceState.VERIFIED: "Checked",
    ReferenceState.DECLINED: "Would rather not",
    ReferenceState.EXPIRED: "Link too old",
    ReferenceState.CONCERN: "Needs a closer look",
}


WAITING = (ReferenceState.REQUESTED, ReferenceState.OPENED, ReferenceState.EXPIRED)
"""Not answered yet; a link that grew too old can be sent again."""


class CameBy(Enum):
    """How a reference reached us."""

    LINK = "link"
    PHONE = "phone"
    LETTER = "letter"

    @property
    def words(self) -> str:
        """As the page of references says it."""
        return {"link": "by link", "phone": "by phone", "letter": "by letter"}[self.value]


class Reference(Base):
    """What one referee was asked and what they answered. The link's secret is kept hashed and works once."""

    __tablename__ = "reference"
    __table_args__ = (
        CheckConstraint("(received_at IS NULL) = (answers IS NULL)", name="received_whole"),
        CheckConstraint("(verified_at IS NULL) = (verified_by_id IS NULL)", name="verified_whole"),
        CheckConstraint("state NOT IN ('received', 'verified', 'concern') OR received_at IS NOT NULL", name="answered"),
        CheckConstraint("state <> 'verified' OR verified_at IS NOT NULL", name="verified_dated"),
        Index(None, "volunteer_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteer.id"))
    referee_id: Mapped[int] = mapped_column(ForeignKey("referee.id"), unique=True)
    state: Mapped[ReferenceState] = mapped_column(one_of(ReferenceState), default=ReferenceState.REQUESTED)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True, info={"sensitive": True})
    link_number: Mapped[int] = mapped_column(default=1)
    """Part of the link's secret: a new number, and the links sent before are dead."""
    requested_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    received_at: Mapped[datetime | None]
    came_by: Mapped[CameBy | None] = mapped_column(one_of(CameBy))
    spoke_to: Mapped[str] = mapped_column(String(200), default="")
    said_on: Mapped[date | None]
    """The day of the call or of the letter."""
    may_be_shown: Mapped[bool | None]
    """Whether the referee lets the applicant read it; None while nobody asked them."""
    bounced_at: Mapped[datetime | None]
    """The request came back: the link is dead, and another address is wanted."""
    quiet_since: Mapped[datetime | None]
    """Somebody said that nobody shall be reminded of it."""
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    answers: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), info={"sensitive": True})
    verified_at: Mapped[datetime | None]
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    verified_how: Mapped[str] = mapped_column(Text, default="", info={"sensitive": True})
    version: Mapped[int] = mapped_column()

    volunteer: Mapped[Volunteer] = relationship()
    referee: Mapped[Referee] = relationship()
    file: Mapped[StoredFile | None] = relationship()

    __mapper_args__ = {"version_id_col": version}

    def is_open(self, at: datetime) -> bool:
        """Whether its link may still be answered at this instant. A link rests while it is too early, or over."""
        return (
            self.state in {ReferenceState.REQUESTED, ReferenceState.OPENED}
            and self.bounced_at is None
            and at < self.expires_at
            and self.volunteer.stage in stages_open(self._asked_when)
        )

    @property
    def is_awaited(self) -> bool:
        """Whether we still wait for this referee, whose link may have grown too old meanwhile."""
        return (
            self.state in WAITING and self.bounced_at is None and self.volunteer.stage in stages_asked(self._asked_when)
        )

    @property
    def is_by_phone(self) -> bool:
        """Whether this referee can only be rung."""
        return not self.referee.email

    @property
    def _asked_when(self) -> ReferencesAsked:
        return ReferencesAsked(self.volunteer.scheme.settings.references_asked)
