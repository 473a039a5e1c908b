"""Queuing a letter in the same transaction as the change it tells of."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection
from datetime import datetime

import structlog
from sqlalchemy import func, select, update

from portal import clock
from portal.carriers.rules import Carrier
from portal.database import session
from portal.messages import documents
from portal.messages.documents import post_room
from portal.messages.models import UNFINISHED, Message, MessageState, Wording
from portal.messages.rules import Letter, Reach, next_safe, way_to, without_name

log = structlog.get_logger()
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
    reach = reach_of(letter.volunteer_id) if letter.to_volunteer else letter.reach
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
        send_by(message, reach)
        is_for_us_to_tell = letter.to_volunteer and letter.is_worth_a_call
        if message.state is MessageState.BY_HAND and not is_for_us_to_tell:
            return None
    message.wording_id = own.get(Carrier.EMAIL if message.words == message.body else Carrier.TEXT)
    session.add(message)
    return message


def reach_of(volunteer_id: int | None) -> Reach | None:
    if volunteer_id is None:
        return None
    return next((reach for find in _REACHES if (reach := find(volunteer_id))), None)


def way_to_volunteer(volunteer_id: int) -> tuple[Carrier, str] | None:
    """What would carry a letter to a volunteer now, and where to; None when nobody knows how they may be reached."""
    reach = reach_of(volunteer_id)
    return way_to(reach, texts_are_sent=post_room.sends_texts) if reach else None


def must_be_told(volunteer_id: int) -> bool:
    """Whether somebody has to tell this volunteer, because no e-mail and no text reaches them in the way they chose."""
    way = way_to_volunteer(volunteer_id)
    return way is not None and way[0] is Carrier.HAND


def send_by(message: Message, reach: Reach) -> None:
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
    reach = reach_of(volunteer_id)
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
        send_by(message, reach)
    session.flush()


def forget_readers(
    scheme_id: int, templates: Collection[str], addresses: Collection[str], *, queued_before: datetime
) -> None:
    """Take the reader out of what was sent by these templates: that a message went, and when, stays."""
    session.execute(
        update(Message)
        .where(
            Message.scheme_id == scheme_id, Message.template.in_(templates), Message.to_address.in_(addresses),
            Message.queued_at < queued_before, Message.volunteer_id.is_(None), Message.state.not_in(UNFINISHED),
        )
        .values(to_address="", to_name="", subject="Forgotten", body=None, short=None, calendar=None, last_error="")
        .execution_options(synchronize_session="fetch")
    )  # fmt: skip


def _write(message: Message, letter: Letter) -> dict[Carrier, int]:
    """Put the words in: ours, or the scheme's own where it has some that can be used. Which of its own were used."""
    message.subject, message.body = documents.our_letter(letter)
    message.short = documents.our_short(letter) if letter.may_be_a_text else None
    used: dict[Carrier, int] = {}
    purpose = documents.purposes().get(letter.template)
    for carrier, own in _own_words(letter).items() if purpose else ():
        try:
            facts = purpose.plain(letter.to_name, letter.facts) if purpose else {}
            words = documents.in_paragraphs(documents.in_their_words(own.body, facts))
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
    *, scheme_id: int, template: str, subject: str, body: str, carrier: Carrier, to_address: str, to_name: str
) -> Message:
    """Queue words as they are, for whoever tries them out: to an e-mail address, or as a text to a number."""
    at = clock.now()
    message = Message(
        message_id=f"<{secrets.token_hex(16)}@alongside>", scheme_id=scheme_id, template=template,
        to_address=to_address, to_name=to_name, subject=documents.one_line(subject)[:200], body=body,
        short=body if carrier is Carrier.TEXT else None, carrier=carrier, next_try_at=at, queued_at=at,
    )  # fmt: skip
    session.add(message)
    return message
