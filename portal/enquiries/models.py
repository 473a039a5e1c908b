"""A first hello."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import Enum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.accounts.models import User
from portal.database import Base, one_of
from portal.enquiries.rules import reference
from portal.schemes.models import Area, Scheme
from portal.volunteers.models import Channel, Volunteer


class Outcome(Enum):
    """What became of an enquiry."""

    APPLYING = "applying"
    WAITING = "waiting"
    NOT_NOW = "not_now"
    NO_ANSWER = "no_answer"
    ELSEWHERE = "elsewhere"

    @property
    def words(self) -> str:
        """As a choice on a form."""
        return {
            "applying": "They would like to apply", "waiting": "They wait until there is room",
            "not_now": "Not for now", "no_answer": "We could not reach them", "elsewhere": "We told them who can help",
        }[self.value]  # fmt: skip


class Enquiry(Base):
    """Somebody said hello: a name, one way to reach them, and the day by which we promised to answer."""

    __tablename__ = "enquiry"
    __table_args__ = (
        CheckConstraint("email <> '' OR phone <> ''", name="reachable"),
        CheckConstraint("(answered_at IS NULL) = (outcome IS NULL)", name="answered_whole"),
        CheckConstraint("(safe_from IS NULL) = (safe_until IS NULL)", name="safe_hours_whole"),
        Index(None, "scheme_id", "answered_at", "reply_by"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"))
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"), index=True)
    name: Mapped[str] = mapped_column(String(200), info={"sensitive": True})
    """ "" once it is forgotten: then only that somebody said hello is left, to be counted."""
    email: Mapped[str] = mapped_column(String(254), default="", info={"sensitive": True})
    phone: Mapped[str] = mapped_column(String(40), default="", info={"sensitive": True})
    channel: Mapped[Channel] = mapped_column(one_of(Channel))
    may_leave_voicemail: Mapped[bool] = mapped_column(default=False)
    hide_scheme_name: Mapped[bool] = mapped_column(default=False)
    safe_from: Mapped[time | None]
    safe_until: Mapped[time | None]
    words: Mapped[str] = mapped_column(Text, default="", info={"sensitive": True})
    tell_when_open: Mapped[bool] = mapped_column(default=False)
    """They came while the area was closed, and want to hear when it opens."""
    told_open_at: Mapped[datetime | None]
    made_at: Mapped[datetime]
    reply_by: Mapped[date]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    outcome: Mapped[Outcome | None] = mapped_column(one_of(Outcome))
    note: Mapped[str] = mapped_column(String(500), default="", info={"sensitive": True})
    volunteer_id: Mapped[int | None] = mapped_column(ForeignKey("volunteer.id"), index=True)
    """The application it led to."""
    version: Mapped[int] = mapped_column()

    scheme: Mapped[Scheme] = relationship()
    area: Mapped[Area] = relationship()
    answered_by: Mapped[User | None] = relationship()
    volunteer: Mapped[Volunteer | None] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def reference(self) -> str:
        """What it is called on the phone."""
        return reference(self.id)

    @property
    def is_overdue(self) -> bool:
        """Whether the day by which we promised to answer has gone by."""
        return self.answered_at is None and clock.today() > self.reply_by
