"""A message on its way."""

from __future__ import annotations

from datetime import datetime, time
from enum import Enum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.carriers.rules import Carrier
from portal.database import Base, one_of
from portal.web.text import phone


class MessageState(Enum):
    """How far a message is."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"
    BY_HAND = "by_hand"

    @property
    def words(self) -> str:
        """As a tag shows it."""
        return {
            "queued": "Waiting", "sending": "Sending", "sent": "Sent", "dead": "Could not be sent",
            "by_hand": "To be told by us",
        }[self.value]  # fmt: skip


UNFINISHED = (MessageState.QUEUED, MessageState.SENDING)


class Message(Base):
    """One message by e-mail, by text, or for somebody of the scheme to pass on.

    Its body is erased once it has gone; who, when and what about stay.

    This table is its own record: a second copy of every address in the audit trail could never be erased.
    """

    unaudited = True

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_dated"),
        CheckConstraint("(state = 'sending') = (leased_until IS NOT NULL)", name="sending_leased"),
        CheckConstraint("state <> 'by_hand' OR carrier = 'hand'", name="by_hand_by_hand"),
        CheckConstraint("(safe_from IS NULL) = (safe_until IS NULL)", name="safe_hours_whole"),
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
    wording_id: Mapped[int | None] = mapped_column(ForeignKey("wording.id"))
    """The scheme's own words it was made from; None for those that come with the portal."""
    carrier: Mapped[Carrier] = mapped_column(one_of(Carrier), default=Carrier.EMAIL)
    to_address: Mapped[str] = mapped_column(String(254))
    """An e-mail address, or a number for a text or a call; "" when there is neither, as for a letter by post."""
    to_name: Mapped[str] = mapped_column(String(200), default="")
    is_to_volunteer: Mapped[bool] = mapped_column(default=False)
    """It is for the volunteer themselves: it goes the way that is safe for them, also when that changes."""
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str | None] = mapped_column(Text, info={"sensitive": True})
    short: Mapped[str | None] = mapped_column(Text, info={"sensitive": True})
    """The same as a text message, or to be said in a call; erased with the body."""
    calendar: Mapped[str | None] = mapped_column(Text, info={"sensitive": True})
    """An iCalendar object that goes with it (RFC 5545), erased with the body."""
    safe_from: Mapped[time | None]
    safe_until: Mapped[time | None]
    """It goes only between these hours, in London; overnight when the first is the later one."""
    state: Mapped[MessageState] = mapped_column(one_of(MessageState), default=MessageState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(String(300), default="")
    queued_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    carried_as: Mapped[str] = mapped_column(String(64), default="", index=True)
    """What the service that carried it calls it."""
    delivered_at: Mapped[datetime | None]
    bounced_at: Mapped[datetime | None]
    """It was sent, and came back."""
    passed_on_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    """Who told them, when it was for us to tell."""

    @property
    def words(self) -> str | None:
        """What it says by the way it goes: the whole letter by e-mail or post, else the short one. None once erased."""
        is_letter = self.carrier is Carrier.EMAIL or (self.carrier is Carrier.HAND and not self.to_address)
        return self.body if is_letter or self.short is None else self.short

    @property
    def how_they_hear(self) -> str:
        """A sentence for staff who have just caused it: how the person hears of it."""
        if self.carrier is Carrier.HAND:
            way = f"ring them on {phone(self.to_address)}" if self.to_address else "write or speak to them"
            return f"Somebody has to tell them: {way}"
        when = f", between {self.safe_from:%H:%M} and {self.safe_until:%H:%M}" if self.safe_from else ""
        return f"They are sent {'a text message' if self.carrier is Carrier.TEXT else 'an email'}{when}"


class Wording(Base):
    """A scheme's own words for one message. Never changed: new words are a new row, and the newest one counts."""

    __tablename__ = "wording"
    __table_args__ = (UniqueConstraint("scheme_id", "template", "carrier", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"))
    template: Mapped[str] = mapped_column(String(80))
    carrier: Mapped[Carrier] = mapped_column(one_of(Carrier))
    number: Mapped[int]
    subject: Mapped[str] = mapped_column(String(200), default="")
    body: Mapped[str] = mapped_column(Text)
    """Empty: back to the words that come with the portal."""
    written_at: Mapped[datetime]
    written_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
