"""A cohort in its sixth week, with people on it and a session that was held today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from courses.marks import AbsenceReason, Code
from portal.cohorts.models import Cohort, CohortSession, Enrolment
from portal.database import session
from portal.registers import services
from portal.registers.rules import NewMark
from tests.cohorts.groups import Place, number, place

FIRST_DAY = date(2026, 9, 1)
TODAY = datetime(2026, 10, 6, 19, 30, tzinfo=UTC)
"""A Tuesday evening; session 11 is just over."""


@dataclass
class Group(Place):
    """A place with a cohort that is under way."""

    cohort_made: Cohort
    people: list[Enrolment]

    def held(self, wanted: int) -> CohortSession:
        """The session with this number."""
        return number(self.cohort_made, wanted)

    def save(self, wanted: int, codes: str, **given: Any) -> None:
        """Mark the people in turn with these letters, "." for none."""
        meeting = self.held(wanted)
        facts: dict[str, Any] = {"seen_version": meeting.register_version, "by": self.trainer, "because": "Late"}
        marks = [mark(each, code) for each, code in zip(self.people, codes, strict=False) if code != "."]
        services.save_register(meeting, marks, **{**facts, **given})
        session.commit()


def mark(enrolment: Enrolment, code: str, **given: Any) -> NewMark:
    """A mark with what its code needs."""
    needs = {"L": {"minutes": 20}, "E": {"minutes": 40}, "A": {"reason": AbsenceReason.MEDICAL_APPT}}.get(code, {})
    return NewMark(enrolment.id, Code(code), **{**needs, **given})


def group(count: int = 3) -> Group:
    """So many people who joined on the first day."""
    here = place()
    cohort = here.cohort(starts_on=FIRST_DAY)
    people = here.enrolled(cohort, count)
    for each in people:
        each.joined_on = FIRST_DAY
    session.commit()
    return Group(here.area, here.coordinator, here.trainer, cohort, people)
