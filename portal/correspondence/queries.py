"""Everything that was said to one person; what is for us to pass on; and whom nobody has been in touch with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, literal, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.access import Can, Holder, within
from portal.carriers.rules import Carrier
from portal.correspondence.models import Contact, Reached
from portal.correspondence.rules import PROMISED, hours_now, is_silent
from portal.database import session
from portal.interviews.models import Interview
from portal.messages.models import Message, MessageState
from portal.outbox import queries as outbox
from portal.paging import Page
from portal.schemes.models import Scheme
from portal.volunteers.models import Volunteer
from portal.volunteers.queries import ids_of_one, shown_name
from portal.volunteers.rules import without_names

MOST = 200
COUNT = [each for each in Reached if each.counts]


@dataclass(frozen=True)
class Line:
    """One thing that was said: when, what, how it went, by whom."""

    at: datetime
    what: str
    state: str
    colour: str
    words: str
    who: str
    message_id: int | None = None


@dataclass(frozen=True)
class ToTell:
    """A message for somebody of the scheme to pass on, and whether it can be now."""

    message: Message
    volunteer: Volunteer
    not_now: str
    subject: str


@dataclass(frozen=True)
class Silent:
    """Somebody who has not heard from us for as long as the scheme promises, or longer."""

    volunteer_id: int
    name: str
    stage: str
    last: datetime
    days: int


def timeline(volunteer: Volunteer) -> list[Line]:
    """Messages, calls and letters of one person, the newest first. The caller has looked who may see them.

    What was said while they stood here under another record, which was joined with this one, is among it.
    """
    theirs = select(ids_of_one(volunteer.id).c.id)
    if volunteer.is_blind:  # the other record may spell the name in another way, which would not be left out
        theirs = select(literal(volunteer.id))
    lines = [_of_message(each, readable(volunteer, each.subject)) for each in session.scalars(
        select(Message)
        .where(Message.volunteer_id.in_(theirs), Message.is_to_volunteer)
        .order_by(Message.id.desc())
        .limit(MOST)
    )]  # fmt: skip
    contacts = session.scalars(
        select(Contact)
        .where(Contact.volunteer_id.in_(theirs))
        .options(joinedload(Contact.by))
        .order_by(Contact.at.desc(), Contact.id.desc())
        .limit(MOST)
    )
    for each in contacts:
        until = f" Not before {each.quiet_until.day} {each.quiet_until:%B %Y}." if each.quiet_until else ""
        lines.append(
            Line(each.at, each.way.words, each.reached.words, "green" if each.reached.counts else "grey",
                 readable(volunteer, each.words) + until, each.by.name)
        )  # fmt: skip
    return sorted(lines, key=lambda line: line.at, reverse=True)


def _of_message(message: Message, subject: str) -> Line:
    state, colour = (
        message.state.words,
        {"sent": "green", "dead": "red", "by_hand": "yellow"}.get(message.state.value, "blue"),
    )
    if message.bounced_at:
        state, colour = "Came back", "red"
    elif message.state is MessageState.QUEUED and message.safe_from and message.next_try_at > clock.now():
        state = f"Waits for their hours, until {clock.in_london(message.next_try_at):%H:%M}"
    way = {Carrier.EMAIL: "Email", Carrier.TEXT: "Text message", Carrier.HAND: "For us to tell"}[message.carrier]
    by_hand = message.id if message.state is MessageState.BY_HAND else None
    return Line(message.sent_at or message.queued_at, f"{way}: {subject}", state, colour, "", "", by_hand)


def among(seen_by: Holder) -> Any:
    """A SELECT of the numbers of those volunteers whose messages they may see."""
    return select(Volunteer.id).where(within(seen_by, Can.SEE_CORRESPONDENCE, Volunteer.scheme_id, Volunteer.area_id))


def to_tell(*, seen_by: Holder, after: str | None = None) -> tuple[list[ToTell], Page[Message]]:
    """What is for us to pass on: those that can be told now first, then the oldest. Two queries."""
    found = outbox.to_pass_on(among=among(seen_by), after=after)
    ids = {each.volunteer_id for each in found}
    people = {
        each.id: each
        for each in session.scalars(
            select(Volunteer)
            .where(Volunteer.id.in_(ids))
            .options(joinedload(Volunteer.contact), joinedload(Volunteer.scheme))
        )
    }
    rows = [
        ToTell(each, person, not_now(person), readable(person, each.subject))
        for each in found
        if each.volunteer_id and (person := people[each.volunteer_id])
    ]
    return sorted(rows, key=lambda row: (bool(row.not_now), row.message.id)), found


def readable(volunteer: Volunteer, text: str) -> str:
    """What was written to or about them, as staff may read it: without their name while the scheme hides it."""
    if not volunteer.is_blind:
        return text
    return without_names(text, [volunteer.name, volunteer.known_as, volunteer.romanised])


def not_now(volunteer: Volunteer) -> str:
    """ "" when they can be rung now, else from when."""
    contact = volunteer.contact
    return hours_now(clock.in_london(clock.now()).time(), contact.safe_from, contact.safe_until)


def one_to_tell(message_id: int, *, seen_by: Holder) -> tuple[Message, Volunteer] | None:
    """One message to pass on, with its reader; None when it is none of theirs, or has been told."""
    message = outbox.one_to_pass_on(message_id, among=among(seen_by))
    if message is None or message.volunteer_id is None:
        return None
    volunteer = session.scalar(
        select(Volunteer)
        .where(Volunteer.id == message.volunteer_id)
        .options(joinedload(Volunteer.contact), joinedload(Volunteer.scheme))
    )
    return (message, volunteer) if volunteer else None


def silent(*, seen_by: Holder) -> list[Silent]:
    """Whom nobody has been in touch with, the longest silence first. One query for any number of people.

    What counts: a message that was sent to them, a call or letter that reached them, a talk that was held, and the
    day on which they themselves moved on (they sent their application, say). What happened under another record of
    the same person, which was joined with this one, counts as well.
    """
    theirs = and_(
        within(seen_by, Can.SEE_CORRESPONDENCE, Volunteer.scheme_id, Volunteer.area_id), Volunteer.stage.in_(PROMISED)
    )
    own = select(Volunteer.id.label("who"), Volunteer.id.label("record")).where(theirs).cte("own", recursive=True)
    records = own.union_all(select(own.c.who, Volunteer.id).join(own, Volunteer.same_as_id == own.c.record))
    sent = _newest(
        records, Message.volunteer_id, Message.sent_at, and_(Message.is_to_volunteer, Message.sent_at.is_not(None))
    )
    spoken = _newest(records, Contact.volunteer_id, Contact.at, Contact.reached.in_(COUNT))
    held = _newest(records, Interview.volunteer_id, Interview.held_at, Interview.held_at.is_not(None))
    quiet = _newest(records, Contact.volunteer_id, Contact.quiet_until, Contact.quiet_until.is_not(None))
    rows = session.execute(
        select(
            Volunteer.id, shown_name(), Volunteer.stage, Volunteer.stage_since, Scheme.settings, sent.c.newest,
            spoken.c.newest, held.c.newest, quiet.c.newest,
        )
        .join(Scheme, Scheme.id == Volunteer.scheme_id)
        .outerjoin(sent, sent.c.who == Volunteer.id)
        .outerjoin(spoken, spoken.c.who == Volunteer.id)
        .outerjoin(held, held.c.who == Volunteer.id)
        .outerjoin(quiet, quiet.c.who == Volunteer.id)
        .where(theirs)
    )  # fmt: skip
    now, today, found = clock.now(), clock.today(), []
    for who, name, stage, since, settings, *times, until in rows:
        last = max(_aware(at) for at in (since, *times) if at is not None)
        if is_silent(last, days=settings.promise_days, now=now, quiet_until=_day(until), today=today):
            found.append(Silent(who, name, stage.words.in_report, last, (now - last) // timedelta(days=1)))
    return sorted(found, key=lambda row: (row.last, row.volunteer_id))


def last_contact(volunteer: Volunteer) -> datetime:
    """When they last heard from us, or moved on themselves; under a record that was joined with this one, too."""
    ids = select(ids_of_one(volunteer.id).c.id)
    times = [
        session.scalar(
            select(func.max(Message.sent_at)).where(Message.volunteer_id.in_(ids), Message.is_to_volunteer)
        ),
        session.scalar(
            select(func.max(Contact.at)).where(Contact.volunteer_id.in_(ids), Contact.reached.in_(COUNT))
        ),
        session.scalar(select(func.max(Interview.held_at)).where(Interview.volunteer_id.in_(ids))),
    ]  # fmt: skip
    return max(_aware(at) for at in (volunteer.stage_since, *times) if at is not None)


def _newest(records: Any, who: Any, at: Any, condition: Any) -> Any:
    """The newest of these for each person, whichever of their records it is of."""
    newest = select(records.c.who, func.max(at).label("newest")).join(records, records.c.record == who)
    return newest.where(condition).group_by(records.c.who).subquery()


def _aware(at: datetime) -> datetime:
    return at if at.tzinfo else at.replace(tzinfo=clock.now().tzinfo)


def _day(day: date | str | None) -> date | None:
    return date.fromisoformat(day) if isinstance(day, str) else day
