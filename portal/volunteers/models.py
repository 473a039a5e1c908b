"""The person, how to reach them safely, and the history of their moves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from enum import Enum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal import clock
from portal.accounts.models import User
from portal.audit.models import add_only
from portal.audit.rules import Actor
from portal.database import Base, EncryptedText, one_of
from portal.schemes.models import Area, Scheme
from portal.schemes.rules import Route
from portal.volunteers.journey import BACK_TO, STARTS_AT, Move, Stage
from portal.volunteers.rules import MoveRefused


class Channel(Enum):
    """How somebody prefers to be reached."""

    EMAIL = "email"
    TEXT = "text"
    PHONE = "phone"
    POST = "post"

    @property
    def words(self) -> str:
        """As a choice on a form."""
        return {"email": "Email", "text": "Text message", "phone": "Phone call", "post": "Letter"}[self.value]


class Volunteer(Base):
    """Somebody on the journey, from the first page of an application to the day they leave."""

    __tablename__ = "volunteer"
    __table_args__ = (
        Index(None, "scheme_id", "area_id", "stage"),
        Index(None, "scheme_id", "sort_name", "id"),
        Index(None, "scheme_id", "stage", "stage_since"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("scheme.id"))
    area_id: Mapped[int] = mapped_column(ForeignKey("area.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), unique=True)
    reference: Mapped[str] = mapped_column(String(12), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    sort_name: Mapped[str] = mapped_column(String(200))
    known_as: Mapped[str] = mapped_column(String(200), default="")
    romanised: Mapped[str] = mapped_column(String(200), default="")
    born_on: Mapped[date | None]
    email: Mapped[str] = mapped_column(String(254), default="", index=True)
    phone: Mapped[str] = mapped_column(String(40), default="")
    postcode_area: Mapped[str] = mapped_column(String(8), default="")
    route: Mapped[Route] = mapped_column(one_of(Route), default=Route.OPEN_WEB)
    availability: Mapped[list[str]] = mapped_column(JSON, default=list)
    access_needs: Mapped[str | None] = mapped_column(EncryptedText)
    may_share_access_needs: Mapped[bool] = mapped_column(default=False)
    emergency_contact: Mapped[str | None] = mapped_column(EncryptedText)
    stage: Mapped[Stage] = mapped_column(one_of(Stage), default=STARTS_AT)
    stage_since: Mapped[datetime]
    created_at: Mapped[datetime]
    same_as_id: Mapped[int | None] = mapped_column(ForeignKey("volunteer.id"), index=True)
    """The record of the same person that goes on, when this one was joined with it."""
    links_number: Mapped[int] = mapped_column(default=1)
    """Part of every link that shows this person where they are: a new number, and the links sent before are dead."""
    version: Mapped[int] = mapped_column()

    scheme: Mapped[Scheme] = relationship()
    area: Mapped[Area] = relationship()
    user: Mapped[User | None] = relationship()
    contact: Mapped[ContactPreference] = relationship(back_populates="volunteer", cascade="all, delete-orphan")
    history: Mapped[list[HistoryLine]] = relationship(back_populates="volunteer", order_by="HistoryLine.id")

    __mapper_args__ = {"version_id_col": version}

    @property
    def preferred_name(self) -> str:
        """What they like to be called."""
        return self.known_as or self.name

    @property
    def is_blind(self) -> bool:
        """Whether who they are is hidden from those who decide: until an invitation or a no, where the scheme says so.

        The one place of this rule, with `queries.shown_name` for lists. The scheme is loaded by whoever asks.
        """
        return self.stage is Stage.APPLIED and self.scheme.settings.blind_shortlisting

    def refuse_while_blind(self) -> None:
        """For a page that cannot but say who they are: raises `MoveRefused` while that is hidden."""
        if self.is_blind:
            raise MoveRefused(f"Who {self.reference} is stays hidden until they are invited or told no")

    @property
    def shown_name(self) -> str:
        """Their name for staff: the reference while it is hidden."""
        return self.reference if self.is_blind else self.name

    def make(self, move: Move, *, by: Actor, at: datetime | None = None, because: str = "") -> None:
        """Make a move: the only writer of `stage`. Writes the history line that says so.

        `by` whoever acts, `at` an aware instant (now by default). Raises `MoveRefused`, writing nothing.
        """
        if not move.leaves(self.stage):
            raise MoveRefused(f"You cannot {move.step.verb} a volunteer who is {self.stage.words.to_staff}")
        at = at or clock.now()
        enters = self._where_to(move)
        self.history.append(
            HistoryLine(
                move=move.name.lower(), from_stage=self.stage, to_stage=enters,
                at=at, by_id=by.id, by_name=by.name, because=because,
            )
        )  # fmt: skip
        self.stage, self.stage_since = enters, at
        for act in _WHEN_MOVED.get(move, ()):
            act(self)

    def _where_to(self, move: Move) -> Stage:
        """The stage that a move enters; one that undoes another enters the stage that one left, by the history."""
        if move.step.enters is not None:
            return move.step.enters
        undone = move.step.undoes.lower()
        line = next((line for line in reversed(self.history) if line.to_stage is self.stage), None)
        if line is None or line.move != undone or line.from_stage is None:
            raise MoveRefused(f"You cannot {move.step.verb} a volunteer who is {self.stage.words.to_staff}")
        return BACK_TO.get(line.from_stage, line.from_stage)


_WHEN_MOVED: dict[Move, list[Callable[[Volunteer], None]]] = {}


def when_moved(*moves: Move) -> Callable[[Callable[[Volunteer], None]], Callable[[Volunteer], None]]:
    """A later stage, which this one must not know of, asks to act as soon as somebody has made one of these moves."""

    def ask(act: Callable[[Volunteer], None]) -> Callable[[Volunteer], None]:
        for move in moves:
            _WHEN_MOVED.setdefault(move, []).append(act)
        return act

    return ask


_DATES: list[Callable[[Volunteer], str]] = []


def keeps_dates(find: Callable[[Volunteer], str]) -> Callable[[Volunteer], str]:
    """A later stage, which this one must not know of, says how to take its dates out of somebody's calendar."""
    _DATES.append(find)
    return find


def calendar_without(volunteer: Volunteer) -> str:
    """What takes all their dates out of their calendar, for the letter that says why; "" when there are none."""
    return next((calendar for find in _DATES if (calendar := find(volunteer))), "") if volunteer.id else ""


class ContactPreference(Base):
    """How and when it is safe to contact somebody. The outbox obeys it."""

    __tablename__ = "contact_preference"
    __table_args__ = (CheckConstraint("(safe_from IS NULL) = (safe_until IS NULL)", name="safe_hours_whole"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteer.id"), unique=True)
    channel: Mapped[Channel] = mapped_column(one_of(Channel), default=Channel.EMAIL)
    may_leave_voicemail: Mapped[bool] = mapped_column(default=False)
    hide_scheme_name: Mapped[bool] = mapped_column(default=False)
    safe_from: Mapped[time | None]
    safe_until: Mapped[time | None]
    notes: Mapped[str] = mapped_column(String(500), default="", info={"sensitive": True})

    volunteer: Mapped[Volunteer] = relationship(back_populates="contact")


class HistoryLine(Base):
    """One move: from where to where, when, by whom and why. Lines are only ever added."""

    __tablename__ = "history_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    volunteer_id: Mapped[int] = mapped_column(ForeignKey("volunteer.id"), index=True)
    move: Mapped[str] = mapped_column(String(40))
    from_stage: Mapped[Stage | None] = mapped_column(one_of(Stage, "from_stage"))
    to_stage: Mapped[Stage] = mapped_column(one_of(Stage, "to_stage"))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(200))
    because: Mapped[str] = mapped_column(Text, default="", info={"sensitive": True})

    volunteer: Mapped[Volunteer] = relationship(back_populates="history")


add_only(HistoryLine.__table__)
