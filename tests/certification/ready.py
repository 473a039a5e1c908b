"""Learners who have done everything that a certificate asks for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from courses.marks import Code
from portal import clock
from portal.agreements.models import Agreement
from portal.attendance.models import Mark
from portal.checks.models import Outcome, Suitability
from portal.cohorts.models import CohortSession, Enrolment
from portal.courses.queries import course_of
from portal.database import session
from tests.assessment.people import People, people
from tests.factories import AcknowledgementFactory, AgreementFactory, DbsCheckFactory


def group(count: int = 1) -> People:
    """A group whose course is over, in a scheme that asks for no references; nobody has done anything yet."""
    here = people(count)
    scheme = here.area.scheme
    scheme.settings = type(scheme.settings)(references_needed=0)
    first = clock.now() - timedelta(days=90)
    for each in course_of(here.cohort.course_version).sessions:
        starts_at = first + timedelta(days=3 * each.number)
        session.add(
            CohortSession(
                cohort_id=here.cohort.id, number=each.number, week=each.week, title=each.title, minutes=each.minutes,
                starts_at=starts_at, ends_at=starts_at + timedelta(minutes=each.minutes), is_mandatory=each.mandatory,
            )
        )  # fmt: skip
    for learner in here.learners:
        learner.joined_on = first.date()
    session.commit()
    AgreementFactory(scheme_id=scheme.id)
    return here


def attend(here: People, learner: Enrolment, code: Code = Code.P) -> None:
    """Come to every session."""
    for each in session.query(CohortSession).filter_by(cohort_id=here.cohort.id):
        session.add(
            Mark(
                session_id=each.id, enrolment_id=learner.id, code=code, marked_at=clock.now(),
                marked_by_id=here.coordinator.id,
            )
        )  # fmt: skip
    session.commit()


def pass_checks(here: People, learner: Enrolment, **changes: Any) -> None:
    """DBS decided, agreement acknowledged."""
    today, now, who = clock.today(), clock.now(), here.coordinator.id
    given = {
        "number": "001234567890", "number_hash": f"hash-{learner.id}", "issued_on": today, "seen_on": today,
        "seen_by_id": who, "outcome": Outcome.NO_INFORMATION, "decision": Suitability.SUITABLE, "decided_at": now,
        "decided_by_id": who,
    }  # fmt: skip
    DbsCheckFactory(volunteer=learner.volunteer, **{**given, **changes})
    agreement = session.query(Agreement).filter_by(scheme_id=here.area.scheme.id).one()
    AcknowledgementFactory(volunteer=learner.volunteer, agreement=agreement)


def finish(here: People, *learners: Enrolment) -> None:
    """Everything that a certificate asks for, for these learners; one of them is sampled."""
    for learner in learners:
        attend(here, learner)
        pass_checks(here, learner)
        here.decide(learner)
    here.sample(learners[0])


def finished(count: int = 1) -> People:
    """A group in which everybody is ready for a certificate."""
    here = group(count)
    finish(here, *here.learners)
    return here
