"""The verbs of a catch-up: book, move, cancel, say that nobody came, ask for one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import select

from portal import clock
from portal.accounts.models import User
from portal.attendance.models import CatchUpBooking, CatchUpRequest
from portal.attendance.services import may_be_made_up, reasons_nothing_to_make_up
from portal.catchups import messages, queries, rules
from portal.cohorts.models import CohortSession, Enrolment, when_called_off, when_place_ends
from portal.database import session
from portal.messages.services import queue
from portal.refusals import Refused


def book(
    cohort_session: CohortSession, enrolments: Sequence[Enrolment], *, starts_at: datetime, minutes: int, place: str,
    tutor: User, by: User,
) -> list[CatchUpBooking]:  # fmt: skip
    """Book a time at which these people make up for a session, alone or together. Each has a letter and a calendar."""
    if not enrolments:
        raise Refused("Choose who it is for")
    _hold(tutor, enrolments)
    reasons = _reasons_not_then(cohort_session, enrolments, starts_at, minutes, place, tutor)
    for each in enrolments:
        if nothing := reasons_nothing_to_make_up(cohort_session, each):
            reasons += nothing
        elif queries.has_time(cohort_session, each):
            reasons.append(f"A catch-up of this session is booked for {each.volunteer.name} already: move that one")
    Refused.unless_empty(reasons)
    made = [
        CatchUpBooking(
            session=cohort_session, enrolment=each, starts_at=starts_at, minutes=minutes, place=place.strip(),
            tutor=tutor, booked_at=clock.now(), booked_by_id=by.id,
        )
        for each in enrolments
    ]  # fmt: skip
    session.add_all(made)
    session.flush()
    for booking in made:
        queue(messages.catch_up_booked(booking))
    return made


def move(
    bookings: Sequence[CatchUpBooking], *, starts_at: datetime, minutes: int, place: str, tutor: User, by: User
) -> None:
    """Change the time, the place or the tutor of a catch-up for these people: calendars move the same event."""
    if not bookings:
        raise Refused("Choose whose catch-up moves")
    enrolments = [each.enrolment for each in bookings]
    _hold(tutor, enrolments)
    _still_open(bookings)
    but = [each.id for each in bookings]
    Refused.unless_empty(_reasons_not_then(bookings[0].session, enrolments, starts_at, minutes, place, tutor, but))
    for each in bookings:
        if (each.starts_at, each.minutes, each.place, each.tutor_id) == (starts_at, minutes, place.strip(), tutor.id):
            continue  # nothing changed, so nobody is told
        each.starts_at, each.minutes, each.place, each.tutor = starts_at, minutes, place.strip(), tutor
        each.sequence += 1
        session.flush()
        queue(messages.catch_up_booked(each))


def cancel(bookings: Sequence[CatchUpBooking], *, because: str, by: User) -> None:
    """Call a catch-up off for these people: they still owe it. The reason stays inside."""
    if not because.strip():
        raise Refused("Say why it is cancelled")
    if not bookings:
        raise Refused("Choose whose catch-up is cancelled")
    _hold(bookings[0].tutor, [each.enrolment for each in bookings])
    _still_open(bookings)
    for each in bookings:
        each.cancelled_at, each.cancelled_because = clock.now(), because.strip()
        each.sequence += 1
        session.flush()
        queue(messages.catch_up_cancelled(each))


@when_place_ends
def forget_those_of_a_leaver(enrolment: Enrolment) -> None:
    """Whoever leaves makes nothing up any more. The tutor is told; they themselves are by the letter of their leaving,
    whose calendar forgets the catch-up too.
    """
    _fall_out(queries.open_bookings(CatchUpBooking.enrolment_id == enrolment.id), rules.LEFT)


@when_called_off
def forget_those_of_a_session(held: CohortSession) -> None:
    """What does not count for anybody needs no making up: those who had a time for it, and their tutor, are told."""
    bookings = queries.open_bookings(CatchUpBooking.session_id == held.id)
    for each in _fall_out(bookings, rules.NOT_HELD):
        queue(messages.catch_up_cancelled(each, is_owed=False))


def _fall_out(bookings: Sequence[CatchUpBooking], because: str) -> list[CatchUpBooking]:
    """Call these off by themselves; gives those that were still to come. Tutors have one letter for each such time."""
    at_once: dict[tuple[int, datetime, int], list[CatchUpBooking]] = {}
    for each in bookings:
        each.cancelled_at, each.cancelled_because = clock.now(), because
        each.sequence += 1
        if each.starts_at > clock.now():
            at_once.setdefault((each.tutor_id, each.starts_at, each.session_id), []).append(each)
    session.flush()
    for together in at_once.values():
        if together[0].tutor.active:
            queue(messages.catch_up_fell_out(together))
    return [each for together in at_once.values() for each in together]


def did_not_come(booking: CatchUpBooking, *, by: User) -> None:
    """Say that they did not come to it: they still owe it, and another time can be booked."""
    if clock.now() < booking.starts_at:
        raise Refused("This catch-up has not begun yet")
    _hold(booking.tutor, [booking.enrolment])
    _still_open([booking])
    booking.cancelled_at, booking.cancelled_because = clock.now(), rules.DID_NOT_COME
    session.flush()


def ask(cohort_session: CohortSession, enrolment: Enrolment, *, by: User) -> bool:
    """Ask the trainers for a catch-up. They are told once: False when they were told before."""
    _hold(None, [enrolment])
    if reasons_nothing_to_make_up(cohort_session, enrolment):
        raise Refused("There is nothing for you to make up in this session")
    if clock.today() > may_be_made_up(cohort_session, enrolment)[1]:
        raise Refused("The time to make up this session is over. Talk with your trainer or your coordinator")
    if queries.has_time(cohort_session, enrolment):
        raise Refused("You have a time for this already: it is on this page")
    if queries.has_asked(cohort_session, enrolment):
        return False
    session.add(CatchUpRequest(session=cohort_session, enrolment=enrolment, asked_at=clock.now()))
    session.flush()
    for trainer in enrolment.cohort.trainers:
        if trainer.active:
            queue(messages.catch_up_asked_for(trainer, cohort_session, enrolment))
    return True


def _hold(tutor: User | None, enrolments: Sequence[Enrolment]) -> None:
    """Hold the diaries of everybody it is about until the end: nobody is booked twice at the same moment."""
    if tutor is not None:
        session.execute(select(User.id).where(User.id == tutor.id).with_for_update(key_share=True))
    ids = sorted(each.id for each in enrolments)
    session.execute(
        select(Enrolment.id).where(Enrolment.id.in_(ids)).order_by(Enrolment.id).with_for_update(key_share=True)
    )


def _still_open(bookings: Sequence[CatchUpBooking]) -> None:
    ids = {each.id for each in bookings}
    found = session.scalars(select(CatchUpBooking.id).where(CatchUpBooking.id.in_(ids), queries.is_open()))
    if set(found) != ids:
        raise Refused("Somebody else has cancelled or recorded this catch-up meanwhile")


def _reasons_not_then(
    cohort_session: CohortSession, enrolments: Sequence[Enrolment], starts_at: datetime, minutes: int, place: str,
    tutor: User, but: Collection[int] = (),
) -> list[str]:  # fmt: skip
    reasons = rules.reasons_not_then(
        starts_at=starts_at, minutes=minutes, session_ends_at=cohort_session.ends_at,
        session_minutes=cohort_session.minutes, now=clock.now(),
    )  # fmt: skip
    if not place.strip():
        reasons.append("Say where you meet, or how")
    day = clock.in_london(starts_at).date()
    diary = queries.tutor_diary(tutor, day, but=but, together_with=(cohort_session.id, starts_at))
    reasons += rules.clashes(tutor.name, diary, starts_at, minutes)
    for each in enrolments:
        name = each.volunteer.name
        reasons += rules.reason_too_late(name, day, may_be_made_up(cohort_session, each)[1])
        reasons += rules.clashes(name, queries.learner_diary(each, day, but=but), starts_at, minutes)
    return reasons
