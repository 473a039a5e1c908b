"""A reference: asked for, answered, checked."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.applications.models import Referee
from portal.database import Base, one_of
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
        return self.value.capitalize()


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
    requested_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    received_at: Mapped[datetime | None]
    answers: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), info={"sensitive": True})
    verified_at: Mapped[datetime | None]
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    verified_how: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column()

    volunteer: Mapped[Volunteer] = relationship()
    referee: Mapped[Referee] = relationship()

    __mapper_args__ = {"version_id_col": version}
