"""What the course asks of attendance, and whether it is reached."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from courses.attendance import SessionFact, counts_as_attended, figures, reasons_cannot_pass, times
from courses.sign_off import reasons_attendance_falls_short
from courses.syllabus import Course
from portal import clock
from portal.attendance.queries import facts_of
from portal.cohorts.models import Cohort, Enrolment, EnrolmentState
from portal.cohorts.queries import ON_THE_COURSE
from portal.courses.queries import course_of
from portal.database import session
from portal.volunteers.models import Volunteer
from portal.volunteers.rules import Gate, GateState

KEY, TITLE = "attendance", "Attendance"
TRAINER, COORDINATOR, NOBODY = "The trainer", "The coordinator", ""


def gates(volunteers: Sequence[Volunteer]) -> dict[int, list[Gate]]:
    """One gate for each volunteer, from the course they joined last; the same few statements for any number."""
    latest: dict[int, Enrolment] = {}
    for enrolment in session.scalars(
        select(Enrolment)
        .join(Enrolment.cohort)
        .where(Enrolment.volunteer_id.in_([each.id for each in volunteers]), Enrolment.state.in_(ON_THE_COURSE))
        .options(contains_eager(Enrolment.cohort).joinedload(Cohort.course_version))
        .order_by(Enrolment.enrolled_at, Enrolment.id)
    ):
        latest[enrolment.volunteer_id] = enrolment
    facts = facts_of([each.id for each in latest.values()])
    return {
        each.id: [_gate(each, latest[each.id], facts) if each.id in latest else _not_on_a_course(each)]
        for each in volunteers
    }


def _gate(volunteer: Volunteer, enrolment: Enrolment, facts: dict[int, list[SessionFact]]) -> Gate:
    course, own, link = course_of(enrolment.cohort.course_version), facts[enrolment.id], _link(volunteer)
    short = reasons_attendance_falls_short(tuple(own), course)
    if not short:
        return Gate(KEY, TITLE, GateState.MET, NOBODY, enrolment.ended_on, "what the course asks for is reached", link)
    lost = reasons_cannot_pass(own, course.thresholds, today=clock.today())
    state, owner = (GateState.REFUSED, COORDINATOR) if lost else (GateState.WAITING, TRAINER)
    if enrolment.state is EnrolmentState.PAUSED:
        owner = COORDINATOR
    return Gate(KEY, TITLE, state, owner, enrolment.joined_on, _why(own, course, is_lost=bool(lost)), link)


def _why(facts: Sequence[SessionFact], course: Course, *, is_lost: bool) -> str:
    """How far they are, in words for staff: courses.sign_off speaks to the learner."""
    limits = course.thresholds
    have = figures(facts, limits)
    counted = have.attended + have.missed + have.unmarked + have.to_come
    said = [f"{have.attended} of {counted} sessions attended, {-(-counted * limits.minimum_percent // 100)} needed"]
    if have.unmarked:
        said.append(f"{have.unmarked} not marked yet")
    if have.must_catch_up:
        said.append(f"{have.must_catch_up} more to catch up")
    said += [
        f"session {fact.number} must be {'caught up' if fact.is_marked else 'attended'}"
        for fact in facts
        if fact.mandatory and not counts_as_attended(fact, limits)
    ]
    if have.unauthorised > limits.max_unauthorised:
        said.append(f"away {times(have.unauthorised)} without telling us, {limits.max_unauthorised} allowed")
    return ("too late to reach it as it stands: " if is_lost else "") + "; ".join(said)


def _not_on_a_course(volunteer: Volunteer) -> Gate:
    return Gate(KEY, TITLE, GateState.NOT_STARTED, COORDINATOR, None, "not on a course yet", _link(volunteer))


def _link(volunteer: Volunteer) -> str:
    return f"/people/{volunteer.id}/training"
