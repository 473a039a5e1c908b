"""Opening and closing check-in, and checking in: one person once, by a code of the moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from courses.marks import Code
from portal import clock
from portal.accounts.models import User
from portal.checkin import queries, rules
from portal.checkin.models import CheckIn, CheckInWindow
from portal.cohorts.models import Cohort, CohortSession, CohortState, Enrolment, EnrolmentState
from portal.database import session
from portal.refusals import Refused
from portal.registers.queries import people
from portal.registers.rules import NewMark, Person
from portal.registers.services import save_register
from portal.schemes.models import Scheme
from portal.volunteers.models import Volunteer

NOT_THE_CODE = "That code is not right, or it is too old. Use the one on the screen now"


class Identified(Protocol):
    """A session by its number: the row itself, or what a page knows of it."""

    @property
    def id(self) -> int:
        """The number of the session."""


@dataclass(frozen=True)
class Done:
    """What came of checking in: how many minutes late, and whether they had checked in before."""

    minutes_late: int | None
    is_again: bool = False


def open_window(sitting: Identified, *, by: User) -> CheckInWindow:
    """Let people check in until the session ends. Opened anew, it has a new secret: old codes are worth nothing."""
    held = _held(sitting.id)
    now = clock.now()
    Refused.unless_empty(
        rules.reasons_not_to_open(
            is_cancelled=held.cancelled_at is not None or held.cohort.state is CohortState.CANCELLED,
            now=now, starts_at=held.starts_at, ends_at=held.ends_at,
        )
    )  # fmt: skip
    window = queries.window_of(held.id)
    if window is not None and queries.is_open(window):
        return window
    window = window or CheckInWindow(session=held)
    window.secret, window.opened_at, window.opened_by_id = rules.new_secret(), now, by.id
    window.closes_at = held.ends_at
    session.add(window)
    session.flush()
    return window


def close_window(sitting: Identified, *, by: User) -> None:
    """Let nobody check in any more. Closing what is closed changes nothing."""
    held = _held(sitting.id)
    window = queries.window_of(held.id)
    if window is not None and queries.is_open(window):
        window.closes_at = max(clock.now(), window.opened_at + timedelta(microseconds=1))
        session.flush()


def session_of_code(volunteer: Volunteer, code: str) -> int:
    """The session whose code this is now, of the groups this volunteer is on. Raises `Refused`."""
    open_now = [window for window in queries.own_windows(volunteer) if queries.is_open(window)]
    if not open_now:
        raise Refused("No check-in is open for your group now. Ask your trainer")
    now = clock.now()
    right = [window.session_id for window in open_now if rules.is_right(window.secret, code, now)]
    if not right:
        raise Refused(NOT_THE_CODE)
    return right[0]


def check_in(volunteer: Volunteer, session_id: int, *, code: str, arrived_at: datetime, by: User) -> Done:
    """Mark somebody present, or late, who is there with the code of the moment at which they arrived.

    `arrived_at` is when the code reached us: at most five minutes ago. A mark that is there already stays.
    Raises `Refused` in words for the learner.
    """
    held = _held(session_id)
    window, enrolment = queries.window_of(session_id), _enrolment(held, volunteer)
    if enrolment is not None and (before := queries.check_in_of(session_id, enrolment.id)) is not None:
        return Done(_late(held, before.at), is_again=True)
    now = clock.now()
    if enrolment is None or enrolment.state is EnrolmentState.WAITING:
        raise Refused("You are not on this course. Ask your trainer")
    if window is None or not queries.is_open(window):
        raise Refused("Check-in is not open for this session. Ask your trainer to mark you")
    is_recent = timedelta() <= now - arrived_at <= rules.ARRIVAL_COUNTS
    if not is_recent or not rules.is_right(window.secret, code, arrived_at):
        raise Refused(NOT_THE_CODE)
    person = _person(held, enrolment)
    if person.blocked:
        raise Refused(
            f"You cannot check in: {person.blocked[0].lower()}{person.blocked[1:]}. If that is wrong, tell your trainer"
        )
    if person.code is not None:
        raise Refused(f"Your trainer has marked you already: {person.code.label}. If that is wrong, tell your trainer")
    late = _late(held, arrived_at)
    mark = NewMark(enrolment.id, Code.L if late else Code.P, late, only_if_unmarked=True)
    session.add(CheckIn(session_id=session_id, enrolment=enrolment, at=arrived_at))
    session.flush()
    save_register(held, [mark], seen_version=held.register_version, by=by)
    return Done(late)


def _held(session_id: int) -> CohortSession:
    """The session's row, locked until the end: two taps follow each other, and the register waits for both."""
    query = select(CohortSession).join(CohortSession.cohort).where(CohortSession.id == session_id)
    query = query.options(contains_eager(CohortSession.cohort))
    return session.scalars(query.with_for_update(of=CohortSession).execution_options(populate_existing=True)).one()


def _enrolment(held: CohortSession, volunteer: Volunteer) -> Enrolment | None:
    query = select(Enrolment).where(Enrolment.cohort_id == held.cohort_id, Enrolment.volunteer_id == volunteer.id)
    return session.scalar(query)


def _person(held: CohortSession, enrolment: Enrolment) -> Person:
    day = clock.in_london(held.starts_at).date()
    found = people(held.id, held.cohort_id, day).get(enrolment.id)
    if found is None:
        raise Refused("You are not on this course any more. Ask your trainer")
    return found


def _late(held: CohortSession, at: datetime) -> int | None:
    scheme = session.scalars(
        select(Scheme).join(Cohort, Cohort.scheme_id == Scheme.id).where(Cohort.id == held.cohort_id)
    )
    allowed = scheme.one().settings.late_after_minutes
    return rules.minutes_late(held.starts_at, at, allowed=allowed, session_minutes=held.minutes)
