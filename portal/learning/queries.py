"""A learner's own course: its dates, what was missed and how to make it up, and how far they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from courses.attendance import CatchUp as CatchUpOffer
from courses.attendance import SessionFact, guided_minutes_by_unit
from portal import clock
from portal.attendance import queries as attendance
from portal.attendance.models import CatchUpRequest
from portal.attendance.rules import in_a_sentence
from portal.cohorts.models import CohortSession, Enrolment, EnrolmentState
from portal.courses.queries import course_of
from portal.database import session
from portal.volunteers.models import Volunteer

HAS_A_PLACE = (EnrolmentState.ENROLLED, EnrolmentState.PAUSED, EnrolmentState.COMPLETED)


@dataclass(frozen=True)
class OwnSession:
    """One session of the course as the learner sees it."""

    id: int
    number: int
    title: str
    starts_at: datetime
    ends_at: datetime
    venue: str
    is_online: bool
    is_cancelled: bool
    is_moved: bool
    state: str
    """How it went, or goes, for them, in a few words; "" when it is to come."""

    @property
    def weekday(self) -> str:
        """The name of its day."""
        return f"{clock.in_london(self.starts_at):%A}"

    @property
    def place(self) -> str:
        """Where it is, in a few words."""
        return self.venue or ("online" if self.is_online else "")


@dataclass(frozen=True)
class Missed:
    """A session to make up for: the time that is booked, or whether they asked for one."""

    session_id: int
    title: str
    offer: CatchUpOffer
    booked: attendance.Booked | None
    has_asked: bool


@dataclass(frozen=True)
class UnitHours:
    """Minutes of learning in one unit, of those it asks for."""

    code: str
    title: str
    minutes: int
    asked_minutes: int


@dataclass(frozen=True)
class OwnCourse:
    """What a learner is told about their course."""

    enrolment_id: int
    cohort: str
    state: EnrolmentState
    trainers: list[str]
    sessions: list[OwnSession]
    sentence: str
    missed: list[Missed]
    cannot_pass: list[str]
    hours: list[UnitHours]

    @property
    def next_session(self) -> OwnSession | None:
        """The first session still to come, or going on now."""
        now = clock.now()
        return next((each for each in self.sessions if not each.is_cancelled and each.ends_at > now), None)


def own_course(volunteer: Volunteer) -> OwnCourse | None:
    """The course the learner joined last; None for somebody who has a place on none."""
    found = attendance.enrolments_with_all(Enrolment.volunteer_id == volunteer.id, Enrolment.state.in_(HAS_A_PLACE))
    if not found:
        return None
    enrolment, (learner,) = found[0], attendance.learners_of(found[:1])
    cohort, course = enrolment.cohort, course_of(enrolment.cohort.course_version)
    facts = {fact.number: fact for fact in learner.facts}
    ids = {each.number: each.id for each in cohort.sessions}
    booked = attendance.bookings_of([enrolment.id])
    asked = set(session.scalars(select(CatchUpRequest.session_id).where(CatchUpRequest.enrolment_id == enrolment.id)))
    missed = [
        Missed(
            ids[offer.number],
            facts[offer.number].title,
            offer,
            booked.get((enrolment.id, ids[offer.number])),
            ids[offer.number] in asked,
        )
        for offer in learner.catch_ups
    ]
    minutes = guided_minutes_by_unit(course, learner.facts)
    return OwnCourse(
        enrolment.id, cohort.name, enrolment.state, [each.name for each in cohort.trainers],
        [_session(each, cohort.venue, cohort.meeting_link, facts.get(each.number)) for each in cohort.sessions],
        in_a_sentence(learner.figures), missed, learner.cannot_pass,
        [UnitHours(unit.code, unit.title, minutes[unit.code], unit.glh * 60) for unit in course.units],
    )  # fmt: skip


def is_waiting(volunteer: Volunteer) -> str:
    """The course on whose waiting list they are; "" when they are on none."""
    query = (
        select(Enrolment)
        .where(Enrolment.volunteer_id == volunteer.id, Enrolment.state == EnrolmentState.WAITING)
        .order_by(Enrolment.enrolled_at.desc())
        .limit(1)
    )
    waiting = session.scalars(query).one_or_none()
    return waiting.cohort.name if waiting else ""


def _session(each: CohortSession, venue: str, link: str, fact: SessionFact | None) -> OwnSession:
    return OwnSession(
        each.id, each.number, each.title, each.starts_at, each.ends_at, each.venue or venue,
        bool(each.meeting_link or link), each.cancelled_at is not None, each.sequence > 0, _state(fact),
    )  # fmt: skip


def _state(fact: SessionFact | None) -> str:
    if fact is None or fact.cancelled:
        return ""
    if fact.code is None:
        return "Not marked yet" if fact.held else ""
    if fact.is_caught_up:
        return "Caught up"
    if fact.is_left_out:
        return "Not for you"
    return fact.code.label if fact.code.rule.counts else "Missed"
