"""Making up for a session that was missed."""

from __future__ import annotations

from datetime import date

from courses.marks import Code
from portal import clock
from portal.accounts.models import User
from portal.attendance import queries, rules
from portal.attendance.models import CatchUp
from portal.cohorts.models import CohortSession, Enrolment, EnrolmentState
from portal.courses.queries import course_of
from portal.database import session
from portal.refusals import Refused


def record_catch_up(
    cohort_session: CohortSession, enrolment: Enrolment, *, done_on: date, minutes: int, evidence: str, tutor: User,
    by: User,
) -> CatchUp:  # fmt: skip
    """Record that a missed session was made up. It counts once, and the mark in the register stays as it was."""
    Refused.unless_empty(_reasons_not_to_catch_up(cohort_session, enrolment, done_on, minutes, evidence))
    catch_up = CatchUp(
        session=cohort_session, enrolment=enrolment, done_on=done_on, minutes=minutes, evidence=evidence.strip(),
        tutor_id=tutor.id, recorded_at=clock.now(),
    )  # fmt: skip
    session.add(catch_up)
    session.flush()
    return catch_up


def _reasons_not_to_catch_up(
    cohort_session: CohortSession, enrolment: Enrolment, done_on: date, minutes: int, evidence: str
) -> list[str]:
    if nothing := reasons_nothing_to_make_up(cohort_session, enrolment):
        return nothing
    day, until = may_be_made_up(cohort_session, enrolment)
    reasons = []
    if not day <= done_on <= clock.today():
        reasons.append("The day of the catch-up must be from the day of the session until today")
    elif done_on > until:
        reasons.append(f"The time to catch up this session ended on {until.day} {until:%B %Y}")
    if not 1 <= minutes <= cohort_session.minutes:
        reasons.append(f"The minutes of the catch-up must be from 1 to {cohort_session.minutes}")
    if not evidence.strip():
        reasons.append("Say what was done")
    return reasons


def reasons_nothing_to_make_up(cohort_session: CohortSession, enrolment: Enrolment) -> list[str]:
    """Why there is nothing in this session for somebody to make up. An empty list means there is."""
    name = enrolment.volunteer.name
    if enrolment.cohort_id != cohort_session.cohort_id:
        return [f"{name} is not on this course"]
    if enrolment.state not in (EnrolmentState.ENROLLED, EnrolmentState.PAUSED):
        return [f"{name} is no longer on this course"]
    if cohort_session.cancelled_at is not None:
        return ["This session was cancelled, so there is nothing to catch up"]
    fact = next(each for each in queries.facts_of([enrolment.id])[enrolment.id] if each.number == cohort_session.number)
    if fact.caught_up_minutes:
        return [f"{name} has caught up this session already: it counts once"]
    if fact.code not in (Code.A, Code.U, Code.L, Code.E, Code.N):
        return [f"{name} is not marked as having missed any of this session"]
    return []


def may_be_made_up(cohort_session: CohortSession, enrolment: Enrolment) -> tuple[date, date]:
    """The first and the last day on which somebody can make up for this session."""
    day = clock.in_london(cohort_session.starts_at).date()
    days = course_of(enrolment.cohort.course_version).thresholds.catch_up_days
    return day, rules.last_day(day, enrolment.joined_on, days)
