"""What was said to somebody, or by them, that the portal did not carry itself."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.database import Base, one_of
from portal.volunteers.models import Volunteer


class Way(Enum):
    """How a contact took place."""

    CALL = "call"
    TEXT = "text"
    EMAIL = "email"
    LETTER = "letter"
    IN_PERSON = "in_person"

    @property
    def words(self) -> str:
        """As a choice on a form."""
        return {
            "call": "Phone call", "text": "Text message", "email": "Email", "letter": "Letter",
            "in_person": "In person",
        }[self.value]  # fmt: skip


class Reached(Enum):
    """What came of it."""

    SPOKE = "spoke"
    VOICEMAIL = "voicemail"
    NO_ANSWER = "no_answer"
    SENT = "sent"
    THEY_CAME = "they_came"
    LATER = "later"

    @property
    def words(self) -> str:
        """As a choice on a form."""
        return {
            "spoke": "We spoke", "voicemail": "Left a voicemail", "no_answer": "No answer", "sent": "Sent",
            "they_came": "They got in touch with us", "later": "Not now, and why",
        }[self.value]  # fmt: skip

    @property
    def counts(self) -> bool:
        """Whether they have heard from us, so that the promise clock starts anew."""
        return self not in {Reached.NO_ANSWER, Reached.LATER}


class Contact(Base):
    """One call, letter or talk, written down by somebody of the scheme."""

    __tablename__ = "contact"
    __table_args__ = (Index(None, "volunteer_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteer.id"))
    at: Mapped[datetime]
    way: Mapped[Way] = mapped_column(one_of(Way))
    reached: Mapped[Reached] = mapped_column(one_of(Reached))
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id"), index=True)
    """The message that was passed on."""
    words: Mapped[str] = mapped_column(Text, default="", info={"sensitive": True})
    quiet_until: Mapped[date | None]
    """Nobody needs to be in touch before this day, for the reason in `words`."""
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))

    volunteer: Mapped[Volunteer] = relationship()
    by: Mapped[User] = relationship()
