"""A scheme with an area, a coordinator and a trainer, and cohorts made in it through the services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import Any

from courses.loader import builtin
from courses.timetable import Slot
from portal.access import Role
from portal.accounts.models import User
from portal.cohorts import services
from portal.cohorts.models import Cohort, CohortSession
from portal.courses import services as courses
from portal.database import session
from portal.schemes.models import Area
from portal.volunteers.journey import Stage
from tests.factories import AreaFactory, UserFactory, VolunteerFactory

TUESDAY = Slot(1, time(18))
THURSDAY = Slot(3, time(18))


@dataclass
class Place:
    """Where a test happens, and who works there."""

    area: Area
    coordinator: User
    trainer: User

    def cohort(self, **given: Any) -> Cohort:
        """A cohort of the built-in course, from Tuesday 1 September 2026, twice a week."""
        version = courses.freeze(builtin(), scheme=self.area.scheme, by=self.coordinator)
        facts: dict[str, Any] = {
            "area": self.area, "course_version": version, "name": "Cohort 7", "venue": "The Hub", "capacity": 20,
            "starts_on": date(2026, 9, 1), "slots": (TUESDAY, THURSDAY), "trainers": [self.trainer],
            "by": self.coordinator,
        }  # fmt: skip
        cohort = services.make_cohort(**{**facts, **given})
        session.commit()
        return cohort

    def ready(self, count: int = 1, **given: Any) -> list[Any]:
        """People who are ready for a course."""
        return VolunteerFactory.create_batch(count, area=self.area, stage=Stage.READY, **given)

    def enrolled(self, cohort: Cohort, count: int = 1, **given: Any) -> list[Any]:
        """People enrolled on the cohort."""
        made = [services.enrol(cohort, each, by=self.coordinator) for each in self.ready(count, **given)]
        session.commit()
        return made


def place() -> Place:
    """An area of a new scheme, with a coordinator and a trainer."""
    area = AreaFactory()
    return Place(area, UserFactory(role=Role.COORDINATOR, area=area), UserFactory(role=Role.TRAINER, area=area))


def number(cohort: Cohort, wanted: int) -> CohortSession:
    """The session of a cohort with this number."""
    return next(each for each in cohort.sessions if each.number == wanted)
