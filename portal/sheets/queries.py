"""Roll-calls that were taken, and the registers to print."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import contains_eager, joinedload

from portal import clock
from portal.access import Can
from portal.accounts.models import User
from portal.attendance.queries import blocked, breaks_of
from portal.attendance.rules import is_on_a_break
from portal.cohorts.models import Cohort, CohortSession, CohortState, Enrolment, EnrolmentState
from portal.cohorts.queries import may_see
from portal.database import session
from portal.schemes.models import Scheme
from portal.sheets.models import RollCall
from portal.volunteers.models import Volunteer

MOST_SHEETS = 60


@dataclass(frozen=True)
class Paper:
    """One session's register as it is printed: who is expected, and no word about anybody."""

    session_id: int
    cohort: str
    scheme: str
    number: int
    title: str
    starts_at: datetime
    ends_at: datetime
    venue: str
    trainers: tuple[str, ...]
    names: tuple[str, ...]


def last_roll_call(session_id: int) -> RollCall | None:
    """The roll-call of this session that was saved last, with who saved it."""
    query = select(RollCall).where(RollCall.session_id == session_id).options(joinedload(RollCall.by))
    return session.scalars(query.order_by(RollCall.id.desc()).limit(1)).one_or_none()


def paper_of_session(session_id: int, *, seen_by: User) -> Paper | None:
    """The register of one session to print; None when it is not theirs to mark."""
    return next(iter(_papers(CohortSession.id == session_id, seen_by=seen_by)), None)


def papers_to_come(cohort_id: int, *, seen_by: User) -> list[Paper]:
    """The registers of every session a cohort still has, to print before a week without internet."""
    is_to_come = CohortSession.ends_at > clock.now()
    return _papers(CohortSession.cohort_id == cohort_id, is_to_come, seen_by=seen_by)


def cohort_name(cohort_id: int, *, seen_by: User) -> str | None:
    """What the cohort is called; None when its registers are not theirs to mark."""
    return session.scalar(select(Cohort.name).where(Cohort.id == cohort_id, may_see(seen_by, Can.MARK_REGISTER)))


def _papers(*conditions: ColumnElement[bool], seen_by: User) -> list[Paper]:
    """Four statements for any number of sessions."""
    found = session.scalars(
        select(CohortSession)
        .join(CohortSession.cohort)
        .where(
            *conditions, may_see(seen_by, Can.MARK_REGISTER), CohortSession.cancelled_at.is_(None),
            Cohort.state != CohortState.CANCELLED,
        )
        .options(contains_eager(CohortSession.cohort).selectinload(Cohort.trainers))
        .order_by(CohortSession.starts_at, CohortSession.id)
        .limit(MOST_SHEETS)
    ).all()  # fmt: skip
    if not found:
        return []
    its_schemes = select(Scheme.id, Scheme.name).where(Scheme.id.in_({each.cohort.scheme_id for each in found}))
    schemes = {each.id: each.name for each in session.execute(its_schemes)}
    groups = defaultdict(list)
    rows = session.execute(
        select(
            Enrolment.id, Enrolment.cohort_id, Enrolment.state, Enrolment.joined_on, Enrolment.ended_on,
            Volunteer.name, Volunteer.known_as, Volunteer.stage, Volunteer.stage_since,
        )
        .join(Enrolment.volunteer)
        .where(
            Enrolment.cohort_id.in_({each.cohort_id for each in found}), Enrolment.state != EnrolmentState.WAITING
        )
        .order_by(Volunteer.sort_name, Enrolment.id)
    ).all()  # fmt: skip
    breaks = breaks_of([row.id for row in rows])
    for row in rows:
        groups[row.cohort_id].append(row)
    papers = []
    for each in found:
        day = clock.in_london(each.starts_at).date()
        names = tuple(
            row.known_as or row.name
            for row in groups[each.cohort_id]
            if not blocked(row, day, is_on_a_break(row.state.value, breaks.get(row.id, ()), day))
        )
        papers.append(
            Paper(
                each.id, each.cohort.name, schemes[each.cohort.scheme_id], each.number, each.title, each.starts_at,
                each.ends_at, each.held_in, tuple(user.name for user in each.cohort.trainers), names,
            )
        )  # fmt: skip
    return papers
