"""The verbs of somebody who cannot come: to say so, to take it back, to be reminded; and those of received texts."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload

from courses.marks import AbsenceReason
from portal import clock
from portal.accounts.models import User
from portal.apologies import messages, queries, rules
from portal.apologies.models import Apology, ApologyBy, ApologyLink, ReceivedText, Reminder
from portal.attendance.queries import breaks_of
from portal.attendance.rules import is_on_a_break
from portal.audit import services as audit
from portal.audit.rules import Actor, Outsider
from portal.cohorts.models import Cohort, CohortSession, CohortState, Enrolment, EnrolmentState
from portal.database import session
from portal.messages.services import queue, way_to_volunteer
from portal.refusals import Refused
from portal.volunteers.journey import Stage
from portal.volunteers.models import Volunteer

TOKEN_BYTES = 24  # 192 bits: nobody guesses one
MOST_LINKS = 200  # in one go: a scheme that begins with hundreds of people has its letters over a few rounds
REMIND_FROM = 9  # o'clock in London on the day before
HAVE_STOPPED = (Stage.WITHDRAWN, Stage.DECLINED, Stage.LEFT)
LAST_DAYS = timedelta(days=1)
BY_TEXT = Outsider("Learner by text")
log = structlog.get_logger()


def apologise(
    cohort_session: CohortSession, enrolment: Enrolment, *, how: ApologyBy, by: Actor,
    reason: AbsenceReason | None = None, note: str = "", told_at: datetime | None = None,
) -> Apology:  # fmt: skip
    """Say that somebody cannot come to a session that has not begun. Said twice, the later words count.

    It marks nobody: whoever marks the register sees it there. `told_at` is when they said so, where that was
    earlier than now: a text that waited to be read. Raises `Refused` when it is too late.
    """
    _hold(enrolment)
    told_at = min(told_at or clock.now(), clock.now())
    Refused.unless_empty(reasons_not_to(cohort_session, enrolment, told_at))
    note = " ".join(note.split())
    if len(note) > rules.LONGEST_NOTE:
        raise Refused(f"The note must be {rules.LONGEST_NOTE} characters or fewer")
    found = queries.apology_of(cohort_session, enrolment)
    if found is None:
        found = Apology(session=cohort_session, enrolment=enrolment)
        session.add(found)
    found.reason, found.note, found.by = reason, note, how
    found.told_at, found.taken_back_at = told_at, None
    session.flush()
    return found


def take_back(cohort_session: CohortSession, enrolment: Enrolment, *, by: Actor) -> None:
    """They can come after all. Nothing happens when they had not said that they cannot."""
    _hold(enrolment)
    Refused.unless_empty(reasons_not_to(cohort_session, enrolment, clock.now()))
    found = queries.apology_of(cohort_session, enrolment)
    if found is not None and found.taken_back_at is None:
        found.taken_back_at = clock.now()
        session.flush()


def _hold(enrolment: Enrolment) -> None:
    """Hold this place on the course until the end: a page and a text at the same moment make one apology."""
    session.execute(select(Enrolment.id).where(Enrolment.id == enrolment.id).with_for_update(key_share=True))


def reasons_not_to(cohort_session: CohortSession, enrolment: Enrolment, at: datetime) -> list[str]:
    """Why this learner can say nothing about this session at this instant."""
    if cohort_session.cohort_id != enrolment.cohort_id:
        raise ValueError("the session is of another course")
    is_called_off = cohort_session.cancelled_at is not None or enrolment.cohort.state is CohortState.CANCELLED
    return rules.reasons_not_to_apologise(
        is_on_the_course=enrolment.state is EnrolmentState.ENROLLED, is_called_off=is_called_off,
        starts_at=cohort_session.starts_at, now=at,
    )  # fmt: skip


# Letters that the worker sends


def send_links(at: datetime) -> None:
    """Send everybody on a course their own link to tell us, once for each address or number. For the worker."""
    has_one = select(ApologyLink.id).where(
        ApologyLink.enrolment_id == Enrolment.id, func.lower(ApologyLink.to_address) == func.lower(queries.goes_to())
    )
    to_come = select(CohortSession.id).where(
        CohortSession.cohort_id == Enrolment.cohort_id, CohortSession.cancelled_at.is_(None),
        CohortSession.starts_at > at,
    )  # fmt: skip
    query = _reachable().where(to_come.exists(), ~has_one.exists()).order_by(Enrolment.id).limit(MOST_LINKS)
    people = session.scalars(query).all()
    breaks = breaks_of([each.id for each in people])
    for enrolment in people:
        if not is_on_a_break(enrolment.state.value, breaks.get(enrolment.id, ()), clock.in_london(at).date()):
            queue(messages.link_to_tell(enrolment, make_link(enrolment)))


def remind(at: datetime) -> None:
    """The day before each session, remind its people once of when and where, with a link. For the worker."""
    now = clock.in_london(at)
    if now.hour < REMIND_FROM:
        return
    begins = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    reminded = select(Reminder.session_id).where(
        Reminder.session_id == CohortSession.id, Reminder.starts_at == CohortSession.starts_at
    )
    tomorrow = session.scalars(
        select(CohortSession)
        .join(CohortSession.cohort)
        .where(
            CohortSession.starts_at >= begins, CohortSession.starts_at < begins + timedelta(days=1),
            CohortSession.cancelled_at.is_(None), Cohort.state.in_(queries.RUNS), ~reminded.exists(),
        )
        .order_by(CohortSession.id)
        .options(joinedload(CohortSession.cohort))
    ).all()  # fmt: skip
    for each in tomorrow:
        session.add(Reminder(session_id=each.id, starts_at=each.starts_at, reminded_at=at))
        for enrolment in _expected(each):
            queue(messages.reminder(each, enrolment, make_link(enrolment)))


def _expected(cohort_session: CohortSession) -> list[Enrolment]:
    """Who can be reached, is not on a break that day, and has not said that they cannot come."""
    day = clock.in_london(cohort_session.starts_at).date()
    told = queries.of_session(cohort_session.id)
    query = _reachable().where(Enrolment.cohort_id == cohort_session.cohort_id).order_by(Enrolment.id)
    people = session.scalars(query).all()
    breaks = breaks_of([each.id for each in people])
    return [
        each
        for each in people
        if each.id not in told and not is_on_a_break(each.state.value, breaks.get(each.id, ()), day)
        and each.joined_on <= day
    ]  # fmt: skip


def _reachable() -> Select[Enrolment]:
    """Whoever is on a course and can be written to, in the way they chose: by e-mail or by text."""
    return (
        select(Enrolment)
        .join(Enrolment.volunteer)
        .join(Enrolment.cohort)
        .outerjoin(Volunteer.contact)
        .where(
            Enrolment.state == EnrolmentState.ENROLLED, Cohort.state.in_(queries.RUNS), queries.goes_to() != "",
            Volunteer.stage.not_in(HAVE_STOPPED),
        )
        .options(
            contains_eager(Enrolment.cohort),
            contains_eager(Enrolment.volunteer).options(
                joinedload(Volunteer.scheme), contains_eager(Volunteer.contact)
            ),
        )
    )  # fmt: skip


def make_link(enrolment: Enrolment) -> str:
    """A link for this learner, and the address or number of now, until their course ends. Returns its secret."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    ends_at = session.scalar(
        select(func.max(CohortSession.ends_at)).where(
            CohortSession.cohort_id == enrolment.cohort_id, CohortSession.cancelled_at.is_(None)
        )
    )
    own = enrolment.volunteer
    _carrier, address = way_to_volunteer(own.id) or (None, own.email)
    link = ApologyLink(
        enrolment=enrolment, token_hash=queries.hashed(token), to_address=address,
        made_at=clock.now(), expires_at=(ends_at or clock.now()) + LAST_DAYS,
    )  # fmt: skip
    session.add(link)
    session.flush()
    return token


# Texts


def take_in(*, notify_id: str, number: str, words: str, received_at: datetime) -> int:
    """Take in a text that a learner sent: understood, or kept to be read. How many learners it may be from.

    The same text handed in again changes nothing. A number nobody has is dropped: that it came is in the record,
    the number is nowhere.
    """
    wanted = rules.same_form(number)
    ids = [place for place, phone in queries.phones() if wanted and rules.same_form(phone) == wanted]
    people = {each.volunteer_id: each for each in queries.places(ids)}  # the latest course of each
    if not people:
        audit.did("received_text", by=BY_TEXT, purpose="A text from a number nobody has was dropped")
        log.info("a text from an unknown number was dropped")
        return 0
    for enrolment in people.values():
        _hold(enrolment)
        if not queries.is_known(notify_id, enrolment):
            _take_in(notify_id, enrolment, words, received_at, is_only=len(people) == 1)
    return len(people)


def _take_in(notify_id: str, enrolment: Enrolment, words: str, received_at: datetime, *, is_only: bool) -> None:
    at = clock.now()
    text = ReceivedText(notify_id=notify_id, enrolment=enrolment, words=words, received_at=min(received_at, at))
    session.add(text)
    session.flush()
    if is_only and enrolment.state is EnrolmentState.ENROLLED:
        _understand(text)


def _understand(text: ReceivedText) -> None:
    """Turn simple words about the next session into an apology; leave all others to be read."""
    enrolment, at = text.enrolment, text.received_at
    following = next(iter(queries.open_to_text(text)), None)
    is_near = following is not None and following.starts_at - at <= rules.SOON
    if following is None or not is_near or queries.is_in_session(enrolment, at, just_over=rules.JUST_OVER):
        return
    today, day = clock.in_london(at).date(), clock.in_london(following.starts_at).date()
    said = rules.understood(text.words or "", today=today, session_on=day)
    if said is None:
        return
    cohort_session = session.get_one(CohortSession, following.id)
    apology = apologise(
        cohort_session, enrolment, how=ApologyBy.TEXT, reason=said.reason, told_at=at, by=BY_TEXT
    )  # fmt: skip
    _settle(text, by=None, apology=apology)


def answer_text(
    text: ReceivedText, cohort_session: CohortSession, *, reason: AbsenceReason | None = None, by: User
) -> None:
    """Somebody has read it: its learner cannot come to this session. What it said is erased."""
    _still_unread(text)
    apology = apologise(
        cohort_session, text.enrolment, how=ApologyBy.TEXT, reason=reason, told_at=text.received_at, by=by
    )
    _settle(text, by=by, apology=apology)


def set_aside(text: ReceivedText, *, by: User) -> None:
    """Somebody has read it, and it is about something else. What it said is erased."""
    _still_unread(text)
    _settle(text, by=by, apology=None)


def _still_unread(text: ReceivedText) -> None:
    held = select(ReceivedText.settled_at).where(ReceivedText.id == text.id).with_for_update()
    if session.scalar(held) is not None:
        raise Refused("Somebody else has read this text meanwhile")


def _settle(text: ReceivedText, *, by: User | None, apology: Apology | None) -> None:
    text.settled_at, text.settled_by_id = clock.now(), by.id if by else None
    text.words, text.apology_id = None, apology.id if apology else None
    session.flush()
