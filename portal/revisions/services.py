"""The verb: let a cohort follow another version of its course."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from portal import clock
from portal.accounts.models import User
from portal.audit import services as audit
from portal.cohorts.models import Cohort, CohortSession
from portal.cohorts.services import OPEN
from portal.courses.models import CourseVersion
from portal.database import session
from portal.refusals import Refused
from portal.revisions import queries
from portal.revisions.rules import Fate, Plan
from portal.timetable.messages import Change, What
from portal.timetable.services import Overtaken, tell


def move(cohort: Cohort, version: CourseVersion, *, because: str, seen: str, by: User) -> list[Change]:
    """Let the cohort follow this version from now on. Everybody is told once, if a date changes.

    Sessions held stay as they are; those to come take title, length and duty from the version; new ones come after
    the last, on the cohort's slots; those it no longer has are taken away. `seen` is the fingerprint of what was
    decided on: `Overtaken` when it is another by now.
    """
    sittings = {each.number: each for each in _held(cohort)}
    proposal = queries.proposal(cohort, version)
    if seen != proposal.seen:
        raise Overtaken("Somebody else has changed this course or its dates while you had the page open")
    reasons = list(proposal.reasons)
    if cohort.state not in OPEN:
        reasons.append(f"This course is {cohort.state.value}: it stays on its version")
    if not because.strip():
        reasons.append("Say why the group moves to another version")
    Refused.unless_empty(reasons)
    audit.did(
        "cohort", by=by, row_id=cohort.id, scheme_id=cohort.scheme_id,
        purpose=f"Moved from version {cohort.course_version.number} to {version.number}: {because.strip()}"[:500],
    )  # fmt: skip
    changes, gone = _follow(sittings, proposal.plan)
    _make_way(sittings, proposal.plan)
    for taught, sitting in proposal.added:
        added = CohortSession(
            cohort=cohort, number=taught.number, week=taught.week, title=taught.title, minutes=taught.minutes,
            is_mandatory=taught.mandatory, starts_at=sitting.starts_at, ends_at=sitting.ends_at,
        )  # fmt: skip
        session.add(added)
        changes.append(Change(added, What.NEW))
    cohort.course_version = version
    session.flush()
    if changes:
        tell(cohort, changes)
    for each in gone:
        session.delete(each)
    session.flush()
    session.expire(cohort, ["sessions"])
    return changes


def _follow(sittings: dict[int, CohortSession], plan: Plan) -> tuple[list[Change], list[CohortSession]]:
    """Change what is to come. Gives what people must hear of, and the sessions to take away after they have."""
    changes, gone = [], []
    for each in plan.outcomes:
        sitting, becomes = sittings[each.sat.number], each.becomes
        if each.fate is Fate.TAKEN_OUT:
            sitting.cancelled_at, sitting.cancelled_because = clock.now(), "No longer part of the course"
            changes.append(Change(sitting, What.CANCELLED))
            gone.append(sitting)
        elif each.fate is Fate.CHANGED and becomes is not None:
            ends_at = sitting.starts_at + timedelta(minutes=becomes.minutes)
            if clock.in_london(ends_at).date() != clock.in_london(sitting.starts_at).date():
                raise Refused(f"{each.sat.name} would end after midnight: move it to an earlier time first")
            if becomes.minutes != sitting.minutes and sitting.cancelled_at is None:
                changes.append(Change(sitting, What.LONGER if becomes.minutes > sitting.minutes else What.SHORTER))
            sitting.title, sitting.minutes, sitting.week = becomes.title, becomes.minutes, becomes.week
            sitting.is_mandatory, sitting.ends_at = becomes.mandatory, ends_at
    return changes, gone


def _make_way(sittings: dict[int, CohortSession], plan: Plan) -> None:
    """Cancelled sessions kept as a record stand behind all others: new ones may need their numbers."""
    records = [sittings[each.sat.number] for each in plan.outcomes if each.fate is Fate.RECORD]
    if not records or not plan.added:
        return
    behind = max(*sittings, *(each.number for each in plan.added))
    for number, each in enumerate(records, start=behind + 1):
        each.number = number
    session.flush()


def _held(cohort: Cohort) -> list[CohortSession]:
    """The cohort's sessions, locked with it: nobody marks a register or moves a date meanwhile."""
    fresh = {"populate_existing": True}
    lock = select(Cohort).where(Cohort.id == cohort.id).with_for_update(of=Cohort)
    session.scalars(lock.execution_options(**fresh)).one()
    rows = select(CohortSession).where(CohortSession.cohort_id == cohort.id).order_by(CohortSession.id)
    return list(session.scalars(rows.with_for_update(of=CohortSession).execution_options(**fresh)))
