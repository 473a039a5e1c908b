"""A session that has just begun, its trainer, and learners with accounts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from portal.access import Role
from portal.accounts.models import User
from portal.cohorts.models import Cohort, CohortSession, Enrolment
from portal.volunteers.journey import Stage
from tests.factories import (
    AreaFactory,
    CohortFactory,
    CohortSessionFactory,
    EnrolmentFactory,
    RoleHeldFactory,
    UserFactory,
    VolunteerFactory,
)

STARTS = datetime(2026, 11, 24, 18, tzinfo=UTC)
"""A Tuesday at six in the evening, in winter: London and UTC agree."""


@dataclass
class Hall:
    """Where people check in."""

    trainer: User
    cohort: Cohort
    sitting: CohortSession

    def learner(self, **given: Any) -> Enrolment:
        """Somebody on the course, who can sign in."""
        person = VolunteerFactory(area=self.cohort.area, stage=Stage.TRAINING, user=UserFactory(), **given)
        RoleHeldFactory(user=person.user, role=Role.VOLUNTEER, scheme=person.scheme, area=person.area)
        return EnrolmentFactory(
            cohort=self.cohort, volunteer=person, joined_on=self.sitting.starts_at.date() - timedelta(days=7)
        )


def hall(**given: Any) -> Hall:
    """A cohort with a session from six to eight."""
    area = given.pop("area", None) or AreaFactory()
    trainer = UserFactory(role=Role.TRAINER, area=area, name="Tom Trainer")
    cohort = CohortFactory(area=area, trainers=[trainer], starts_on=STARTS.date() - timedelta(days=7))
    return Hall(trainer, cohort, CohortSessionFactory(cohort=cohort, **{"starts_at": STARTS, **given}))
