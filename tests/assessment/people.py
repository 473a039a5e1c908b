"""A group of learners with those who assess it and check the assessment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from portal.access import Role
from portal.accounts.models import User
from portal.assessment import services
from portal.assessment.models import CriterionState, EvidenceType, IqaDecision, IqaSample
from portal.cohorts.models import Cohort, Enrolment
from portal.courses.queries import course_of
from portal.database import session
from portal.schemes.models import Area
from tests.factories import AreaFactory, CohortFactory, EnrolmentFactory, UserFactory

EVIDENCE = {"evidence_type": EvidenceType.WRITTEN, "evidence": "Portfolio page 12", "feedback": "Clear and kind."}


@dataclass
class People:
    """Where a test happens, and who works there."""

    area: Area
    cohort: Cohort
    assessor: User
    iqa: User
    coordinator: User
    learners: list[Enrolment] = field(default_factory=list)

    def decide(self, learner: Enrolment, *keys: str, by: User | None = None, **changes: Any) -> None:
        """Decide these criteria of a learner; all of the course without any."""
        course = course_of(self.cohort.course_version)
        for key in keys or [each.key for each in course.criteria]:
            services.decide(
                learner, key, by=by or self.assessor, **{"state": CriterionState.MET, **EVIDENCE, **changes}
            )
        session.commit()

    def decide_unit(self, learner: Enrolment, unit: str = "U1", **changes: Any) -> None:
        """Decide every criterion of one unit."""
        course = course_of(self.cohort.course_version)
        self.decide(learner, *[each.key for each in course.unit(unit).criteria], **changes)

    def sample(self, learner: Enrolment, unit: str = "U1", *, by: User | None = None, **changes: Any) -> IqaSample:
        """Plan a sample and decide it; agreed unless told otherwise."""
        sample = services.plan_sample(learner, unit, by=by or self.iqa)
        found = {"is_valid": True, "is_authentic": True, "is_current": True, "is_sufficient": True}
        given = {"decision": IqaDecision.AGREE, "feedback": "Sound.", **found, **changes}
        services.decide_sample(sample, by=by or self.iqa, **given)
        session.commit()
        return sample

    def join(self, **given: Any) -> Enrolment:
        """One more learner."""
        learner: Enrolment = EnrolmentFactory(cohort=self.cohort, **given)
        self.learners.append(learner)
        return learner


def people(count: int = 1, **given: Any) -> People:
    """A group of so many learners in an area of a new scheme."""
    area = given.pop("area", None) or AreaFactory()
    staff = {
        name: UserFactory(role=role, area=area, name=f"{name.title()} of {area.name}")
        for name, role in (("assessor", Role.ASSESSOR), ("iqa", Role.IQA), ("coordinator", Role.COORDINATOR))
    }
    here = People(area=area, cohort=CohortFactory(area=area, **given), **staff)
    for _ in range(count):
        here.join()
    return here
