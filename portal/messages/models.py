"""A message on its way."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base, one_of

CLOCK = "clock"  # the office of the one worker that starts what is due


class MessageState(Enum):
    """How far a message is."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"

    @property
    def words(self) -> str:
        """As a tag shows it."""
        return {"queued": "Waiting", "sending": "Sending", "sent": "Sent", "dead": "Could not be sent"}[self.value]


class Message(Base):
    """One e-mail. Its body is erased once it has gone; who, when and what about stay.

    This table is its own record: a second copy of every address in the audit trail could never be erased.
    """

    unaudited = True

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_dated"),
        CheckConstraint("(state = 'sending') = (leased_until IS NOT NULL)", name="sending_leased"),
        Index(None, "state", "next_try_at"),
        Index(None, "to_address", "state"),
        Index(None, "scheme_id", "id"),
        Index(None, "volunteer_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    scheme_id: Mapped[int | None]
    volunteer_id: Mapped[int | None]
    template: Mapped[str] = mapped_column(String(80))
    to_address: Mapped[str] = mapped_column(String(254))
    to_name: Mapped[str] = mapped_column(String(200), default="")
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str | None] = mapped_column(Text, info={"sensitive": True})
    calendar: Mapped[str | None] = mapped_column(Text, info={"sensitive": True})
    """An iCalendar object that goes with it (RFC 5545), erased with the body."""
    state: Mapped[MessageState] = mapped_column(one_of(MessageState), default=MessageState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(String(300), default="")
    queued_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class Watch(Base):
    """Which worker process holds an office that only one may hold, such as the clock, and when it last said so."""

    __tablename__ = "watch"

    unaudited = True

    office: Mapped[str] = mapped_column(String(40), primary_key=True)
    holder: Mapped[str] = mapped_column(String(80))
    beat_at: Mapped[datetime]
    until_at: Mapped[datetime]
