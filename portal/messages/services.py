"""Queuing a letter in the same transaction as the change it tells of, and sending it afterwards."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import and_, case, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from portal import clock
from portal.audit import services as audit
from portal.audit.rules import Actor
from portal.carriers.rules import Carrier, Parcel
from portal.database import session
from portal.messages import documents
from portal.messages.documents import post_room
from portal.messages.models import Message, MessageState, Once, Watch, Wording
from portal.messages.rules import Letter, Reach, next_safe, wait_after, way_to, without_name
from portal.refusals import Refused

log = structlog.get_logger()

# Queuing

_REACHES: list[Callable[[int], Reach | None]] = []


def reached_by(find: Callable[[int], Reach | None]) -> Callable[[int], Reach | None]:
    """A later stage, which this one must not know of, says how the volunteer of a number may be reached."""
    _REACHES.append(find)
    return find


def queue(letter: Letter) -> Message | None:
    """Write a letter and queue it, for the way and the hours that are safe for whom it is for.

    A volunteer always hears: where nothing can carry it, it waits for somebody to tell them (`how_they_hear` says it
    in words), unless it is not worth a call. Anybody else whom no e-mail and no text can reach gets None.
    Raises `jinja2.UndefinedError` when the template asks for a fact that the letter does not carry.
    """
    reach = _reach(letter.volunteer_id) if letter.to_volunteer else letter.reach
    if reach is None and not letter.to_address:
        return None
    at = clock.now()
    message = Message(
        message_id=f"<{secrets.token_hex(16)}@alongside>", scheme_id=letter.scheme_id, volunteer_id=letter.volunteer_id,
        template=letter.template, to_address=letter.to_address, to_name=letter.to_name, carrier=Carrier.EMAIL,
        state=MessageState.QUEUED, is_to_volunteer=letter.to_volunteer, calendar=letter.calendar or None,
        next_try_at=at, queued_at=at,
    )  # fmt: skip
    own = _write(message, letter)
    if reach is not None:
        _send_by(message, reach)
        is_for_us_to_tell = letter.to_volunteer and letter.is_worth_a_call
        if message.state is MessageState.BY_HAND and not is_for_us_to_tell:
            return None
    message.wording_id = own.get(Carrier.EMAIL if message.words == message.body else Carrier.TEXT)
    session.add(message)
    return message


def _reach(volunteer_id: int | None) -> Reach | None:
    if volunteer_id is None:
        return None
    return next((reach for find in _REACHES if (reach := find(volunteer_id))), None)


def _send_by(message: Message, reach: Reach) -> None:
    """Let a message that has not gone take the way and the hours that are safe now."""
    message.carrier, message.to_address = way_to(reach, texts_are_sent=post_room.sends_texts)
    if message.carrier is Carrier.TEXT and message.short is None:
        message.carrier = Carrier.HAND
    message.safe_from, message.safe_until = reach.safe_from, reach.safe_until
    message.next_try_at = next_safe(max(message.next_try_at, clock.now()), reach.safe_from, reach.safe_until)
    if message.state is not MessageState.SENDING:  # on its way already: note_failed settles where it goes from there
        message.state = MessageState.BY_HAND if message.carrier is Carrier.HAND else MessageState.QUEUED
    if name := reach.hidden_name:
        message.subject = without_name(message.subject, name)
        message.body = without_name(message.body or "", name) or None
        message.short = without_name(message.short or "", name) or None
        message.calendar = documents.calendar_without(message.calendar, name) if message.calendar else None


def follow(volunteer_id: int) -> None:
    """How somebody may be reached has changed: what waits for them goes the new way, at the new hours."""
    session.flush()
    reach = _reach(volunteer_id)
    if reach is None:
        return
    waiting = session.scalars(
        select(Message)
        .where(
            Message.volunteer_id == volunteer_id, Message.is_to_volunteer,
            Message.state.in_((*UNFINISHED, MessageState.BY_HAND)),
        )
        .order_by(Message.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )  # fmt: skip
    for message in waiting:
        _send_by(message, reach)
    session.flush()


def _write(message: Message, letter: Letter) -> dict[Carrier, int]:
    """Put the words in: ours, or the scheme's own where it has some that can be used. Which of its own were used."""
    message.subject, message.body = documents.our_letter(letter)
    message.short = documents.our_short(letter) if letter.may_be_a_text else None
    used: dict[Carrier, int] = {}
    purpose = documents.purposes().get(letter.template)
    for carrier, own in _own_words(letter).items() if purpose else ():
        try:
            facts = purpose.plain(letter.to_name, letter.facts) if purpose else {}
            words = documents.in_their_words(own.body, facts).strip()
            subject = documents.one_line(documents.in_their_words(own.subject, facts))
        except (documents.WordsUnusable, LookupError):
            log.error("a scheme's own words cannot be used", wording=own.id, template=letter.template)
            continue
        if carrier is Carrier.TEXT and letter.may_be_a_text:
            message.short = documents.one_line(words)
        elif carrier is Carrier.EMAIL:
            message.subject, message.body = subject or message.subject, words + "\n"
        used[carrier] = own.id
    message.subject = message.subject[:200]
    return used


def _own_words(letter: Letter) -> dict[Carrier, Wording]:
    """The newest words of the scheme for this letter, asked for once in each transaction."""
    if letter.scheme_id is None:
        return {}
    begun, info = session().get_transaction(), session().info
    if begun is None or info.get("wordings_of") is not begun:
        info["wordings_of"], info["wordings"] = begun, {}
    kept: dict[int, dict[tuple[str, Carrier], Wording]] = info["wordings"]
    if letter.scheme_id not in kept:
        newest = (
            select(func.max(Wording.id))
            .where(Wording.scheme_id == letter.scheme_id)
            .group_by(Wording.template, Wording.carrier)
        )
        rows = session.scalars(select(Wording).where(Wording.id.in_(newest), Wording.body != "")).all()
        kept[letter.scheme_id] = {(each.template, each.carrier): each for each in rows}
    found = kept[letter.scheme_id]
    return {carrier: own for carrier in Carrier if (own := found.get((letter.template, carrier)))}


def queue_trial(
    *, scheme_id: int, template: str, subject: str, body: str, to_address: str, to_name: str
) -> Message:  # fmt: skip
    """Queue words as they are, for whoever tries them out."""
    at = clock.now()
    message = Message(
        message_id=f"<{secrets.token_hex(16)}@alongside>", scheme_id=scheme_id, template=template,
        to_address=to_address, to_name=to_name, subject=documents.one_line(subject)[:200], body=body,
        next_try_at=at, queued_at=at,
    )  # fmt: skip
    session.add(message)
    return message


# Sending

UNFINISHED = (MessageState.QUEUED, MessageState.SENDING)
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
    reach = _reach(row.volunteer_id) if row.is_to_volunteer else None
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
    if message.is_to_volunteer and (reach := _reach(message.volunteer_id)):
        _send_by(message, reach)  # it may have come back because the address was wrong, and has been put right
    audit.did("message", by=by, row_id=message.id, scheme_id=message.scheme_id, purpose="Tried again")


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


def once(key: str) -> bool:
    """Whether this is the first time, ever, that somebody asks about this key: then it is theirs to do, once.

    The answer is kept with what is done after it, in one transaction: a worker that dies in between did neither.
    `key` is at most 120 characters, such as "reference:41:1:referee:7".
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = insert(Once).values(key=key, at=clock.now()).on_conflict_do_nothing().returning(Once.key)
    return session.execute(row).scalar() is not None


def first_times(keys: Collection[str]) -> set[str]:
    """Those of many keys that `once` would say yes to, asked in one statement."""
    if not keys:
        return set()
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    at = clock.now()
    rows = insert(Once.__table__).on_conflict_do_nothing().returning(Once.__table__.c.key)  # type: ignore[arg-type]
    return set(session.execute(rows, [{"key": key, "at": at} for key in keys]).scalars())


def hold(office: str, *, holder: str, lease: timedelta) -> bool:
    """Take or keep an office that one worker at a time may hold; False while another one holds it."""
    at = clock.now()
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    values = {"holder": holder, "beat_at": at, "until_at": at + lease}
    taken = session.execute(
        insert(Watch)
        .values(office=office, **values)
        .on_conflict_do_update(
            index_elements=[Watch.office], set_=values, where=or_(Watch.holder == holder, Watch.until_at < at)
        )
        .returning(Watch.office)
    ).scalar()
    return taken is not None


def let_go(office: str, *, holder: str) -> None:
    """Give the office up, so that the next worker need not wait for the lease to end."""
    mine = and_(Watch.office == office, Watch.holder == holder)
    session.execute(update(Watch).where(mine).values(until_at=clock.now() - timedelta(seconds=1)))
