"""A cohort beside the versions of its course, and what the move to one of them would bring."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload, selectinload

from courses.differences import Difference, differences
from courses.syllabus import Session
from courses.timetable import Sitting, TimetableError
from portal import clock
from portal.access import Can
from portal.accounts.models import User
from portal.cohorts.models import Cohort, CohortSession
from portal.cohorts.queries import may_see
from portal.cohorts.rules import plan as dates_of
from portal.cohorts.rules import slot_of
from portal.courses.models import CourseVersion
from portal.courses.queries import course_of
from portal.database import Base, session
from portal.revisions import rules
from portal.revisions.rules import Plan, Sat
from portal.timetable.queries import fingerprint, timetable_of


@dataclass(frozen=True)
class Proposal:
    """What to decide on: the differences, what becomes of each session, and dates for the new ones.

    `seen` is the fingerprint of all this: another one by the time of the decision means that it was another page.
    """

    differences: tuple[Difference, ...]
    plan: Plan
    added: tuple[tuple[Session, Sitting], ...]
    reasons: tuple[str, ...]
    seen: str


def cohort(cohort_id: int, *, seen_by: User) -> Cohort | None:
    """A cohort with its course and trainers; None when its dates are not theirs to change."""
    query = (
        select(Cohort)
        .where(Cohort.id == cohort_id, may_see(seen_by, Can.MANAGE_COHORTS))
        .options(joinedload(Cohort.course_version), joinedload(Cohort.area), selectinload(Cohort.trainers))
    )
    return session.scalars(query).one_or_none()


def other_versions(cohort: Cohort) -> Sequence[CourseVersion]:
    """The other versions of this cohort's course, the newest first."""
    query = (
        select(CourseVersion)
        .where(*_of_its_course(cohort), CourseVersion.id != cohort.course_version_id)
        .order_by(CourseVersion.number.desc())
    )
    return session.scalars(query).all()


def other_version(cohort: Cohort, version_id: int) -> CourseVersion | None:
    """One of them; None for a version of another course, or the one that the cohort follows."""
    query = select(CourseVersion).where(
        *_of_its_course(cohort), CourseVersion.id == version_id, CourseVersion.id != cohort.course_version_id
    )
    return session.scalars(query).one_or_none()


def proposal(cohort: Cohort, version: CourseVersion) -> Proposal:
    """What following this version would bring. Writes nothing."""
    old, new = course_of(cohort.course_version), course_of(version)
    sittings = timetable_of(cohort.id)
    made = rules.plan(old, new, _sats(sittings))
    reasons = list(made.reasons)
    added: tuple[tuple[Session, Sitting], ...] = ()
    try:
        added = _dated(cohort, sittings, made)
    except TimetableError as error:
        reasons.append(str(error))
    seen = f"{fingerprint(cohort, sittings)}-{cohort.course_version_id}-{version.id}"
    return Proposal(differences(old, new), made, added, tuple(reasons), seen)


def with_records(session_ids: Collection[int]) -> set[int]:
    """Those of these sessions that anything is recorded for: whatever table of the portal points at them.

    Asked of the tables themselves, so that what later stages record is never taken away unseen.
    """
    found: set[int] = set()
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table is CohortSession.__table__ and key.parent.name == "session_id":
                asked = select(key.parent).where(key.parent.in_(session_ids)).distinct()
                found.update(session.scalars(asked))
    return found


def _of_its_course(cohort: Cohort) -> tuple[ColumnElement[bool], ...]:
    return CourseVersion.scheme_id == cohort.scheme_id, CourseVersion.code == cohort.course_version.code


def _sats(sittings: Sequence[CohortSession]) -> list[Sat]:
    now, recorded = clock.now(), with_records([each.id for each in sittings])
    return [
        Sat(
            each.number, each.title, each.minutes, each.is_mandatory, each.week,
            is_held=each.ends_at <= now or each.starts_at <= now or each.register_saved_at is not None,
            is_cancelled=each.cancelled_at is not None, has_records=each.id in recorded,
        )
        for each in sittings
    ]  # fmt: skip


def _dated(cohort: Cohort, sittings: Sequence[CohortSession], made: Plan) -> tuple[tuple[Session, Sitting], ...]:
    """Dates for the new sessions, on the group's own slots after its last session."""
    if not made.added:
        return ()
    gone = {each.sat.number for each in made.outcomes if each.fate is rules.Fate.TAKEN_OUT}
    last = max(
        [clock.now(), *(each.starts_at for each in sittings if each.number not in gone and each.cancelled_at is None)]
    )
    longest = max(each.minutes for each in made.added)
    slots = [replace(slot, minutes=max(slot.minutes, longest)) for slot in map(slot_of, cohort.slots)]
    days_off = [date.fromisoformat(each) for each in cohort.days_off]
    first = clock.in_london(last).date() + timedelta(days=1)
    dates = dates_of([each.minutes for each in made.added], first, slots, days_off)
    return tuple(zip(made.added, dates.sittings, strict=True))
