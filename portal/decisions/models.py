"""An offer, a no, a withdrawal, a condition of an offer, and who else may help."""

from __future__ import annotations

from datetime import date, datetime
from enum import Enum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models import User
from portal.database import Base, one_of
from portal.interviews.models import Interview
from portal.schemes.models import Scheme
from portal.volunteers.journey import Stage
from portal.volunteers.models import Volunteer


class Offer(Base):
    """A provisional offer of a place, made after an interview; the gates of the scheme are its conditions."""

    __tablename__ = "offer"
    __table_args__ = (CheckConstraint("(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name="confirmed_whole"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteer.id"), index=True)
    interview_id: Mapped[int] = mapped_column(ForeignKey("interview.id"))
    because: Mapped[str] = mapped_column(Text, info={"sensitive": True})
    offered_at: Mapped[datetime]
    offered_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    volunteer: Mapped[Volunteer] = relationship()
    interview: Mapped[Interview] = relationship()


class Signpost(Base):
    """Somebody else who may help: where a kind no points to. Retired ones are kept, and not offered."""

    __tablename__ = "signpost"

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    about: Mapped[str] = mapped_column(String(500), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    web: Mapped[str] = mapped_column(String(300), default="")
    reviewed_on: Mapped[date]
    retired_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    scheme: Mapped[Scheme] = relationship()

    __mapper_args__ = {"version_id_col": version}


class Decline(Base):
    """Why somebody was not taken on: `kind` is a DeclineKind, counted; what was written stays with those who decide."""

    __tablename__ = "decline"

    id: Mapped[int] = mapped_column(primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteer.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    because: Mapped[str] = mapped_column(Text, info={"sensitive": True})
    words: Mapped[str] = mapped_column(Text, default="", info={"sensitive": True})
    """What was added to the letter."""
    signposts: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
    """As the letter gave them: title, about, phone, web."""
    apply_again_on: Mapped[date | None]
    """From when they are welcome to apply again; None when no day was named."""
    told_by: Mapped[str] = mapped_column(String(20), default="letter")
    declined_at: Mapped[datetime]
    declined_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    second_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    """The second of the two people, where two decide."""
    remind_them: Mapped[bool] = mapped_column(default=False)
    """They are told once, on that day, that they may apply again."""
    rests_on: Mapped[list[list[str]]] = mapped_column(JSON, default=list, info={"sensitive": True})
    """What was known on that day, as (title, words): never drawn up anew."""
    told_at: Mapped[datetime | None]
    """When they were told. Until then the decision is only ours: they stay where they were, and can see nothing."""
    dropped_at: Mapped[datetime | None]
    """The second person did not agree, or things changed before they were told."""

    volunteer: Mapped[Volunteer] = relationship()
    declined_by: Mapped[User] = relationship(foreign_keys=declined_by_id)
    second_by: Mapped[User | None] = relationship(foreign_keys=second_by_id)

    @property
    def is_open(self) -> bool:
        """Decided by one of us, and not yet told: it waits for a second person or for a call."""
        return self.told_at is None and self.dropped_at is None


class WhoDecided(Enum):
    """Whose decision a withdrawal was."""

    THEM = "them"
    SCHEME = "scheme"
    BOTH = "both"

    @property
    def words(self) -> str:
        """As a choice on a form."""
        return {"them": "They decided", "scheme": "We decided", "both": "We decided together"}[self.value]


class MightReturn(Enum):
    """Whether somebody who withdrew might come back."""

    YES = "yes"
    PERHAPS = "perhaps"
    NO = "no"
    UNKNOWN = "unknown"

    @property
    def words(self) -> str:
        """As a choice on a form."""
        return {"yes": "Yes", "perhaps": "Perhaps", "no": "No", "unknown": "Not known"}[self.value]


class Withdrawal(Base):
    """Somebody stopped for now: who decided, why in the words of each, and until when it can be undone."""

    __tablename__ = "withdrawal"
    __table_args__ = (
        CheckConstraint("(undone_at IS NULL) = (undone_by_name = '')", name="undone_whole"),
        Index(None, "volunteer_id", "withdrawn_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteer.id"))
    decided_by: Mapped[WhoDecided] = mapped_column(one_of(WhoDecided))
    reasons: Mapped[list[str]] = mapped_column(JSON, default=list, info={"sensitive": True})
    """Keys of the list of reasons, to be counted."""
    their_words: Mapped[str] = mapped_column(Text, default="", info={"sensitive": True})
    our_words: Mapped[str] = mapped_column(Text, default="", info={"sensitive": True})
    might_return: Mapped[MightReturn] = mapped_column(one_of(MightReturn))
    from_stage: Mapped[Stage] = mapped_column(one_of(Stage, "from_stage"))
    withdrawn_at: Mapped[datetime]
    undo_until: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(200))
    undone_at: Mapped[datetime | None]
    undone_by_name: Mapped[str] = mapped_column(String(200), default="")

    volunteer: Mapped[Volunteer] = relationship()


class Condition(Base):
    """One condition of a provisional offer. One with a gate's key is met by the gate; any other is ticked here."""

    __tablename__ = "condition"
    __table_args__ = (
        UniqueConstraint("offer_id", "key"),
        CheckConstraint("(met_at IS NULL) = (met_by_id IS NULL)", name="met_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("offer.id"))
    key: Mapped[str] = mapped_column(String(40))
    words: Mapped[str] = mapped_column(String(300))
    met_at: Mapped[datetime | None]
    met_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    note: Mapped[str] = mapped_column(String(500), default="", info={"sensitive": True})
    version: Mapped[int] = mapped_column()

    offer: Mapped[Offer] = relationship()

    __mapper_args__ = {"version_id_col": version}
