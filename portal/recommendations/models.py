"""A recommendation: asked for, answered, asked for again."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.database import Base, one_of
from portal.volunteers.models import Volunteer


class RecommendationState(Enum):
    """How far a recommendation is."""

    NAMED = "named"
    REQUESTED = "requested"
    OPENED = "opened"
    RECOMMENDED = "recommended"
    NOT_YET = "not_yet"
    CANNOT = "cannot"
    EXPIRED = "expired"

    @property
    def words(self) -> str:
        """As a tag shows it."""
        return {
            "named": "Not asked yet", "requested": "Asked for", "opened": "Opened", "recommended": "Recommended",
            "not_yet": "Not yet", "cannot": "Cannot say", "expired": "Link too old",
        }[self.value]  # fmt: skip

    @property
    def to_applicant(self) -> str:
        """As the applicant reads it."""
        return {
            "named": "We will ask them soon", "requested": "Asked, not answered yet",
            "opened": "Asked, not answered yet", "recommended": "They recommend you",
            "not_yet": "Not yet: they asked us to look again",
            "cannot": "They cannot answer: somebody else can be asked",
            "expired": "No answer yet: we will talk with you",
        }[self.value]  # fmt: skip


class Recommendation(Base):
    """What one practitioner was asked and said. "Not yet" carries the day on which they are asked again."""

    __tablename__ = "recommendation"
    __table_args__ = (
        CheckConstraint("email <> '' OR phone <> ''", name="reachable"),
        CheckConstraint(
            "(state IN ('recommended', 'not_yet', 'cannot')) = (answered_at IS NOT NULL)", name="answered_whole"
        ),
        CheckConstraint("state <> 'not_yet' OR look_again_on IS NOT NULL", name="not_yet_dated"),
        Index(None, "volunteer_id", "state"),
        Index(None, "state", "look_again_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteer.id"))
    name: Mapped[str] = mapped_column(String(200))
    job: Mapped[str] = mapped_column(String(200), default="")
    organisation: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    state: Mapped[RecommendationState] = mapped_column(
        one_of(RecommendationState), default=RecommendationState.REQUESTED
    )
    token_hash: Mapped[str] = mapped_column(String(64), unique=True, info={"sensitive": True})
    link_number: Mapped[int] = mapped_column(default=1)
    """Part of the link's secret: a new number, and the links sent before are dead."""
    times_asked: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    bounced_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    answers: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), info={"sensitive": True})
    earlier: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, info={"sensitive": True})
    """What was said each time before, with its day: "not yet" is part of the history."""
    look_again_on: Mapped[date | None]
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    """The worker who wrote it down on the phone; None when they wrote it themselves."""
    version: Mapped[int] = mapped_column()

    volunteer: Mapped[Volunteer] = relationship()

    __mapper_args__ = {"version_id_col": version}

    def is_open(self, at: datetime) -> bool:
        """Whether its link may be answered at this instant, as far as the recommendation itself knows."""
        asked = self.state in {RecommendationState.REQUESTED, RecommendationState.OPENED}
        return asked and self.bounced_at is None and self.expires_at is not None and at < self.expires_at

    @property
    def is_answered(self) -> bool:
        """Whether they have said something that still stands."""
        return self.answered_at is not None

    @property
    def is_asked_again(self) -> bool:
        """Whether they said "not yet", were asked again on the day they named, and have not answered since."""
        asked = self.state in {RecommendationState.REQUESTED, RecommendationState.OPENED}
        return asked and any(each.get("answer") == "not-yet" for each in self.earlier or ())

    @property
    def to_applicant(self) -> str:
        """How it came out, in words for the applicant: never why, and never on which day they are asked again."""
        if self.wants_a_call or self.stops_after_call:
            return "They have answered, and we talk with you soon"
        return self.state.to_applicant

    @property
    def wants_a_call(self) -> bool:
        """They asked us to speak with them before we go on, and nobody has yet."""
        return bool(self.answers and self.answers.get("speak_first") and not self.answers.get("rung"))

    @property
    def stops_after_call(self) -> bool:
        """Somebody spoke with them, and found that it cannot simply go on."""
        return bool(self.answers and self.answers.get("rung") and not self.answers["rung"]["goes_on"])
