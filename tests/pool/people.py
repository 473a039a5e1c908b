"""People for whom any gate can be met, one at a time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from courses.marks import Code
from portal import clock
from portal.agreements.models import Agreement
from portal.assessment.models import CriterionDecision, CriterionState
from portal.attendance.models import Mark
from portal.checks.models import Outcome, Suitability
from portal.cohorts.models import CohortSession, Enrolment
from portal.courses.queries import course_of
from portal.database import session
from portal.interviews.rules import ScoreArea
from portal.pool.rules import KEYS
from portal.references.models import ReferenceState
from portal.schemes.rules import SchemeSettings
from portal.volunteers.journey import Stage
from portal.volunteers.models import Volunteer
from tests.factories import (
    AcknowledgementFactory,
    AgreementFactory,
    ApplicationFactory,
    AreaFactory,
    CertificateFactory,
    CohortFactory,
    DbsCheckFactory,
    DisclosureFactory,
    EnrolmentFactory,
    InterviewFactory,
    RefereeFactory,
    ReferenceFactory,
    SchemeFactory,
    UserFactory,
    VolunteerFactory,
)


def area(**settings: Any) -> Any:
    """An area whose scheme asks for no IQA sample, so that criteria alone decide, unless told otherwise."""
    return AreaFactory(scheme=SchemeFactory(settings=SchemeSettings(**{"iqa_sample_percent": 0, **settings})))


def ready(area: Any, *, but: Iterable[str] = (), assessor: Any = None, **facts: Any) -> Volunteer:
    """Somebody certified for whom every gate is met, but those named."""
    volunteer: Volunteer = VolunteerFactory(area=area, **{"stage": Stage.CERTIFIED, **facts})
    for key in KEYS:
        if key not in but and key in MEET:
            MEET[key](volunteer, assessor)
    session.commit()
    return volunteer


def _interview(volunteer: Any, _assessor: Any) -> None:
    at = clock.now() - timedelta(days=90)
    InterviewFactory(volunteer=volunteer, planned_at=at, held_at=at, scores={each.value: 3 for each in ScoreArea})


def _references(volunteer: Any, _assessor: Any) -> None:
    application = ApplicationFactory(volunteer=volunteer)
    for _ in range(volunteer.scheme.settings.references_needed):
        at = clock.now() - timedelta(days=80)
        ReferenceFactory(
            referee=RefereeFactory(application=application), state=ReferenceState.VERIFIED, received_at=at, answers={},
            verified_at=at, verified_by_id=UserFactory().id, verified_how="Rang the office",
        )  # fmt: skip


def _disclosure(volunteer: Any, _assessor: Any) -> None:
    at = clock.now() - timedelta(days=70)
    DisclosureFactory(
        volunteer=volunteer, answered_at=at, statement="in confidence", considered_at=at,
        considered_by_id=UserFactory().id,
    )  # fmt: skip


def _dbs(volunteer: Any, _assessor: Any) -> None:
    on = clock.today() - timedelta(days=60)
    DbsCheckFactory(
        volunteer=volunteer, applied_on=on, issued_on=on, seen_on=on, seen_by_id=UserFactory().id,
        number="001234567890", number_hash="x", number_last_four="7890", outcome=Outcome.NO_INFORMATION,
        decision=Suitability.SUITABLE, because="Nothing on it", decided_at=clock.now(), decided_by_id=UserFactory().id,
        recheck_due_on=clock.today() + timedelta(days=900),
    )  # fmt: skip


def _agreement(volunteer: Any, _assessor: Any) -> None:
    latest = session.query(Agreement).filter_by(scheme_id=volunteer.scheme_id).order_by(Agreement.number.desc()).first()
    agreement = latest or AgreementFactory(scheme_id=volunteer.scheme_id)
    AcknowledgementFactory(volunteer=volunteer, agreement=agreement)


def enrolment_of(volunteer: Any) -> Enrolment:
    """The volunteer's place on a course, made when there is none."""
    found = session.query(Enrolment).filter_by(volunteer_id=volunteer.id).one_or_none()
    return found or EnrolmentFactory(
        volunteer=volunteer, cohort=CohortFactory(area=volunteer.area), joined_on=clock.today() - timedelta(days=100)
    )


def _attendance(volunteer: Any, assessor: Any) -> None:
    enrolment = enrolment_of(volunteer)
    by = assessor or UserFactory()
    for each in course_of(enrolment.cohort.course_version).sessions:
        at = clock.now() - timedelta(days=99 - each.number)
        held = CohortSession(
            cohort=enrolment.cohort, number=each.number, week=1, title=each.title, starts_at=at, minutes=each.minutes,
            ends_at=at + timedelta(minutes=each.minutes), is_mandatory=each.mandatory,
        )  # fmt: skip
        session.add(Mark(session=held, enrolment=enrolment, code=Code.P, marked_at=at, marked_by_id=by.id))


def _criteria(volunteer: Any, assessor: Any) -> None:
    enrolment, by = enrolment_of(volunteer), assessor or UserFactory()
    for criterion in course_of(enrolment.cohort.course_version).criteria:
        session.add(
            CriterionDecision(
                enrolment=enrolment, criterion=criterion.key, state=CriterionState.MET, decided_at=clock.now(),
                decided_by=by,
            )
        )  # fmt: skip


def _certificate(volunteer: Any, _assessor: Any) -> None:
    CertificateFactory(enrolment=enrolment_of(volunteer), volunteer=volunteer)


MEET = {
    "interview": _interview, "references": _references, "disclosure": _disclosure, "dbs": _dbs,
    "agreement": _agreement, "attendance": _attendance, "criteria": _criteria, "certificate": _certificate,
}  # fmt: skip
