"""The hours of a group or of one person, read in a few statements whatever their number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from courses.attendance import guided_minutes_by_unit
from portal import clock
from portal.access import Can
from portal.accounts.models import User
from portal.attendance.queries import facts_of
from portal.cohorts.models import Cohort, CohortSession, Enrolment, EnrolmentState
from portal.cohorts.queries import may_see, trainers_of
from portal.courses.queries import course_of
from portal.database import session
from portal.hours.rules import PersonHours, Sitting, UnitTotal
from portal.volunteers.models import Volunteer


@dataclass(frozen=True)
class Hours:
    """A group's sessions by number, and its people by name."""

    cohort: Cohort
    sittings: dict[int, Sitting]
    people: list[PersonHours]


def hours_of_cohort(cohort_id: int, *, seen_by: User) -> Hours | None:
    """Everybody who has or had a place on this cohort; None when its attendance is not theirs to see."""
    return _hours(Cohort.id == cohort_id, [Enrolment.cohort_id == cohort_id], seen_by)


def hours_of_person(enrolment_id: int, *, seen_by: User) -> Hours | None:
    """One person on one course; None when it is not theirs to see."""
    on_it = Cohort.id == select(Enrolment.cohort_id).where(Enrolment.id == enrolment_id).scalar_subquery()
    found = _hours(on_it, [Enrolment.id == enrolment_id], seen_by)
    return found if found and found.people else None


def _hours(which: Any, who: list[Any], seen_by: User) -> Hours | None:
    query = select(Cohort).where(which, may_see(seen_by, Can.SEE_ATTENDANCE))
    cohort = session.scalars(
        query.options(joinedload(Cohort.area), joinedload(Cohort.course_version))
    ).one_or_none()  # fmt: skip
    if cohort is None:
        return None
    course = course_of(cohort.course_version)
    units = {each.number: each.unit for each in course.sessions}
    rows = session.execute(
        select(
            CohortSession.id, CohortSession.number, CohortSession.title, CohortSession.starts_at,
            CohortSession.ends_at, User.name,
        )
        .outerjoin(User, User.id == CohortSession.taught_by_id)
        .where(CohortSession.cohort_id == cohort.id)
        .order_by(CohortSession.number)
    ).all()  # fmt: skip
    sittings = {
        row.number: Sitting(
            row.id, row.number, row.title, units.get(row.number, ""), row.starts_at, row.ends_at, row.name or ""
        )
        for row in rows
    }
    people = session.execute(
        select(Enrolment.id, Enrolment.volunteer_id, Volunteer.name)
        .join(Enrolment.volunteer)
        .where(*who, Enrolment.state != EnrolmentState.WAITING)
        .order_by(Volunteer.sort_name, Enrolment.id)
    ).all()
    facts = facts_of([row.id for row in people])
    found = []
    for row in people:
        minutes = guided_minutes_by_unit(course, facts[row.id])
        totals = [UnitTotal(unit.code, unit.title, minutes[unit.code], unit.glh * 60) for unit in course.units]
        found.append(PersonHours(row.id, row.volunteer_id, row.name, facts[row.id], totals))
    return Hours(cohort, sittings, found)


def cohort_to_say_who_taught(cohort_id: int, *, seen_by: User) -> Cohort | None:
    """A cohort with its sessions and trainers, for those who mark its registers; None when it is not theirs."""
    query = (
        select(Cohort)
        .where(Cohort.id == cohort_id, may_see(seen_by, Can.MARK_REGISTER))
        .options(joinedload(Cohort.area), selectinload(Cohort.sessions), selectinload(Cohort.trainers))
    )
    return session.scalars(query).one_or_none()


def held_sessions(cohort: Cohort) -> list[CohortSession]:
    """Its sessions that have begun and were not cancelled."""
    now = clock.now()
    return [each for each in cohort.sessions if each.cancelled_at is None and each.starts_at <= now]


def may_have_taught(cohort: Cohort) -> Sequence[User]:
    """Its trainers, those of its area, and whoever is written down for one of its sessions already, by name."""
    named = {each.taught_by_id for each in cohort.sessions} - {None}
    found = {user.id: user for user in (*cohort.trainers, *trainers_of([cohort.area]))}
    for user in session.scalars(select(User).where(User.id.in_(sorted(named - set(found))))):
        found[user.id] = user
    return sorted(found.values(), key=lambda user: (user.name, user.id))
