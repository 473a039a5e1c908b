"""Carrying what is queued, by one worker at a time, and noting what became of it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import and_, case, or_, select, update
from sqlalchemy.orm import aliased

from portal import clock
from portal.audit import services as audit
from portal.audit.rules import Actor
from portal.carriers.rules import Carrier, Parcel
from portal.database import session
from portal.messages.documents import purposes
from portal.messages.models import UNFINISHED, Message, MessageState
from portal.messages.rules import next_safe, wait_after
from portal.messages.services import follow, reach_of, send_by
from portal.refusals import Refused

log = structlog.get_logger()

LEASE = timedelta(minutes=5)  # longer than one hand-over can take
KEPT_AFTER_DYING = timedelta(days=30)
CARRIED = frozenset({Carrier.EMAIL, Carrier.TEXT})
GONE: dict[str, Any] = {"body": None, "short": None, "calendar": None}


@dataclass(frozen=True)
class Claimed:
    """A message that this worker may send until the lease ends."""

    parcel: Parcel
    carrier: Carrier
    attempts: int
    """This one included."""
    leased_until: datetime

    @property
    def id(self) -> int:
        """The number of the message."""
        return self.parcel.id


def due(at: datetime, carriers: Collection[Carrier] = CARRIED) -> Any:
    """A WHERE condition: messages that may go now by these carriers.

    Nobody's second message overtakes their first, unless the first is held back for its hours. The hours are asked
    here, at the time of sending: a message that could not go when it should have waits for the next day.
    """
    earlier = aliased(Message)
    overtakes = select(earlier.id).where(
        earlier.to_address == Message.to_address, earlier.id < Message.id, earlier.state.in_(UNFINISHED),
        _is_safe(earlier, at),
    )  # fmt: skip
    return and_(
        Message.carrier.in_(carriers),
        _is_safe(Message, at),
        or_(
            and_(Message.state == MessageState.QUEUED, Message.next_try_at <= at),
            and_(Message.state == MessageState.SENDING, Message.leased_until < at),  # its worker died
        ),
        ~overtakes.exists(),
    )


def _is_safe(message: Any, at: datetime) -> Any:
    """Whether it may go at this time of London's day: between its hours, which may pass midnight, or at any."""
    time = clock.in_london(at).time()
    begins, ends = message.safe_from <= time, message.safe_until > time
    passes_midnight = message.safe_from >= message.safe_until
    return or_(
        message.safe_from.is_(None),
        and_(~passes_midnight, begins, ends),
        and_(passes_midnight, or_(begins, ends)),
    )


def is_anything_due(carriers: Collection[Carrier] = CARRIED) -> bool:
    """Whether there is something to send; only reads, so that waiting costs nobody a lock."""
    return session.scalar(select(Message.id).where(due(clock.now(), carriers)).limit(1)) is not None


def claim(*, lease: timedelta = LEASE, carriers: Collection[Carrier] = CARRIED) -> Claimed | None:
    """Take the oldest message that is due, so that no other worker sends it; commit before sending it."""
    at = clock.now()
    # a WITH that locks is read once: PostgreSQL could read a plain subquery again and take more than one
    oldest = (
        select(Message.id)
        .where(due(at, carriers))
        .order_by(Message.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .cte("oldest")
    )
    row = session.execute(
        update(Message)
        .where(Message.id.in_(select(oldest.c.id)))
        .values(state=MessageState.SENDING, leased_until=at + lease, attempts=Message.attempts + 1)
        .returning(*Message.__table__.columns)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if row is None:
        return None
    reach = reach_of(row.volunteer_id) if row.is_to_volunteer else None
    is_text = row.carrier is Carrier.TEXT
    parcel = Parcel(
        id=row.id, message_id=row.message_id, to_address=row.to_address, to_name=row.to_name, subject=row.subject,
        body=(row.short if is_text else row.body) or "", calendar=None if is_text else row.calendar,
        queued_at=row.queued_at, is_discreet=bool(reach and reach.hidden_name),
        is_again=row.attempts > 1 or bool(row.last_error),
    )  # fmt: skip
    return Claimed(parcel, row.carrier, row.attempts, row.leased_until)


def note_sent(claimed: Claimed, carried_as: str = "") -> None:
    """It has gone: keep who, when and what about, and erase what it said."""
    _settle(
        claimed, state=MessageState.SENT, sent_at=clock.now(), last_error="", carried_as=carried_as[:64], **GONE,
    )  # fmt: skip


def note_failed(claimed: Claimed, error: str, *, is_final: bool = False, is_address_wrong: bool = False) -> None:
    """It could not go: wait longer after each try, and after the last one leave it for somebody to look at.

    One that no further try can help is left at once; when its address is wrong, whoever asked to be told is told.
    """
    wait = None if is_final or is_address_wrong else wait_after(claimed.attempts)
    # meanwhile they may have asked to be rung
    waits = case((Message.carrier == Carrier.HAND, MessageState.BY_HAND.value), else_=MessageState.QUEUED.value)
    mine = _settle(
        claimed, state=waits if wait else MessageState.DEAD, next_try_at=clock.now() + (wait or timedelta()),
        last_error=error[:300], bounced_at=clock.now() if is_address_wrong else None,
    )  # fmt: skip
    message = session.get(Message, claimed.id, populate_existing=True)
    if mine and message is not None:
        message.next_try_at = next_safe(message.next_try_at, message.safe_from, message.safe_until)
        if is_address_wrong:
            _tell_of(message)
        session.flush()


def _settle(claimed: Claimed, **values: Any) -> bool:
    # a lease that ran out may be another worker's by now: then what became of it is theirs to say
    mine = and_(Message.id == claimed.id, Message.leased_until == claimed.leased_until)
    return (
        session.execute(
            update(Message)
            .where(mine, Message.state == MessageState.SENDING)
            .values(leased_until=None, **values)
            .returning(Message.id)
            .execution_options(synchronize_session=False)
        ).scalar()
        is not None
    )


# What comes back

_WHEN_BOUNCED: list[Callable[[Message], None]] = []


def when_bounced(act: Callable[[Message], None]) -> Callable[[Message], None]:
    """A later stage, which this one must not know of, asks to act when nobody can be reached at an address."""
    _WHEN_BOUNCED.append(act)
    return act


def note_bounced(message_id: str, words: str) -> bool:
    """It had been sent, and came back: nobody is there. False when it is none of ours; said twice, it counts once."""
    message = session.scalar(select(Message).where(Message.message_id == message_id).with_for_update())
    if message is None:
        return False
    if message.bounced_at is None:
        message.bounced_at, message.last_error = clock.now(), words[:300]
        session.flush()
        _tell_of(message)
    return True


def note_receipt(reference: str, *, carried_as: str, status: str) -> bool:
    """What Notify says became of a text. False when it is none of ours; the same receipt twice changes nothing."""
    message_id = f"<{reference}>"
    message = session.scalar(select(Message).where(Message.message_id == message_id).with_for_update())
    if message is None or message.carrier is not Carrier.TEXT:
        return False
    if message.state in (*UNFINISHED, MessageState.DEAD):  # it went after all: the answer to us was lost
        message.state, message.sent_at, message.leased_until = MessageState.SENT, clock.now(), None
        message.body = message.short = message.calendar = None
    message.carried_as = carried_as[:64]
    if status == "delivered":
        message.delivered_at = message.delivered_at or clock.now()
    elif status == "permanent-failure":
        return note_bounced(message_id, "The number does not take this text, or is no longer used")
    elif status.endswith("-failure"):
        message.last_error = "The text could not be delivered: the phone may be off or out of reach"
    session.flush()
    return True


def forget_words(at: datetime) -> None:
    """Erase what messages said that nobody sent again within 30 days of giving up. For the worker."""
    session.execute(
        update(Message)
        .where(
            Message.state == MessageState.DEAD, Message.body.is_not(None), Message.next_try_at < at - KEPT_AFTER_DYING
        )
        .values(**GONE)
        .execution_options(synchronize_session=False)
    )


def _tell_of(message: Message) -> None:
    for act in _WHEN_BOUNCED:
        try:
            with session.begin_nested():
                act(message)
        except Exception:
            log.exception("what follows a bounce failed", message=message.id)


def try_again(message: Message, *, by: Actor) -> None:
    """Put a message that was given up back into the queue, with all its tries before it."""
    if message.state is not MessageState.DEAD:
        raise Refused("Only a message that could not be sent can be tried again.")
    if message.body is None:
        raise Refused("What this message said has been erased by now. Do again what it told of, or write yourself.")
    message.state, message.attempts, message.next_try_at = MessageState.QUEUED, 0, clock.now()
    message.bounced_at = None
    if message.is_to_volunteer and (reach := reach_of(message.volunteer_id)):
        send_by(message, reach)  # it may have come back because the address was wrong, and has been put right
    audit.did("message", by=by, row_id=message.id, scheme_id=message.scheme_id, purpose="Tried again")


WAITING = (MessageState.QUEUED, MessageState.BY_HAND)
HELD = "Held back: this record was joined with another one, and the link in it no longer works"
FRESH = timedelta(days=2)
"""What was held back for longer would come out of season."""


def hand_over(from_id: int, to_id: int) -> tuple[list[int], list[int]]:
    """A record ends in another one of the same person: the numbers of what is handed over, and of what is held back.

    What waits for the person goes the way that is safe for the record that goes on. A letter that is there for its
    link is held back, whoever it is for: links of a record that ended are dead.
    """
    about_links = [each.template for each in purposes().values() if each.is_about_a_link]
    theirs = and_(Message.volunteer_id == from_id, Message.state.in_(WAITING))
    held = _put(
        theirs & Message.template.in_(about_links), state=MessageState.DEAD, last_error=HELD, next_try_at=clock.now()
    )
    handed = _put(theirs & Message.is_to_volunteer, volunteer_id=to_id)
    follow(to_id)
    return handed, held


def hand_back(handed: Collection[int], held: Collection[int], *, from_id: int, to_id: int) -> None:
    """They were two people after all: what was handed over is the other's again, and what was held back goes."""
    _put(Message.id.in_(handed) & (Message.volunteer_id == from_id), volunteer_id=to_id)
    again = session.scalars(
        select(Message).where(
            Message.id.in_(held), Message.state == MessageState.DEAD, Message.body.is_not(None),
            Message.next_try_at > clock.now() - FRESH,
        )
    )  # fmt: skip
    for message in again:
        message.state, message.last_error, message.attempts = MessageState.QUEUED, "", 0
    follow(to_id)


def _put(condition: Any, **values: Any) -> list[int]:
    changed = update(Message).where(condition).values(**values).returning(Message.id)
    return sorted(session.scalars(changed.execution_options(synchronize_session="fetch")))


def pass_on(message: Message, *, by: Actor) -> None:
    """Somebody of the scheme has told them: what it said is erased. Raises `Refused` when that was done before."""
    told = session.execute(
        update(Message)
        .where(Message.id == message.id, Message.state == MessageState.BY_HAND)
        .values(state=MessageState.SENT, sent_at=clock.now(), passed_on_by_id=by.id, **GONE)
        .returning(Message.id)
        .execution_options(synchronize_session=False)
    ).scalar()
    session.refresh(message)
    if told is None:
        raise Refused("Somebody has told them already")
    audit.did("message", by=by, row_id=message.id, scheme_id=message.scheme_id, purpose="Passed on")
