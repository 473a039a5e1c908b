"""Sessions whose registers wait to be marked, and who is to be written to about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import case, func, or_, select

from portal import clock
from portal.access import GRANTS, Can
from portal.accounts.models import RoleHeld, User
from portal.attendance.models import Mark
from portal.attendance.queries import blocked, breaks_of
from portal.attendance.rules import is_on_a_break
from portal.chasers.models import Chaser
from portal.cohorts.models import Cohort, CohortSession, CohortState, Enrolment, EnrolmentState
from portal.cohorts.queries import may_see
from portal.database import session
from portal.volunteers.models import Volunteer

LOOK_BACK = timedelta(days=120)
MARKS_REGISTERS = [role for role, grants in GRANTS.items() if Can.MARK_REGISTER in grants]


def staff_not_written_to(day: date) -> Sequence[User]:
    """Everybody with an open account who marks registers anywhere and has had no letter about them that day."""
    holds = select(RoleHeld.user_id).where(
        RoleHeld.role.in_(MARKS_REGISTERS), RoleHeld.ended_at.is_(None), RoleHeld.from_on <= day,
        or_(RoleHeld.until_on.is_(None), RoleHeld.until_on >= day),
    )  # fmt: skip
    told = select(Chaser.user_id).where(Chaser.on == day)
    is_open = User.active & or_(User.ends_on.is_(None), User.ends_on >= day)
    return session.scalars(
        select(User).where(User.id.in_(holds), User.id.not_in(told), is_open).order_by(User.id)
    ).all()


@dataclass(frozen=True)
class SessionRow:
    """A session in a work list: how many of its people are marked."""

    id: int
    cohort_id: int
    cohort: str
    number: int
    title: str
    venue: str
    starts_at: datetime
    ends_at: datetime
    people: int
    marked: int

    @property
    def is_marked(self) -> bool:
        """Whether everybody has a mark."""
        return self.marked >= self.people


def sessions_today(*, seen_by: User) -> list[SessionRow]:
    """Today's sessions that they may mark, the earliest first."""
    begins = datetime.combine(clock.today(), time(), tzinfo=clock.LONDON)
    return _session_rows(seen_by, begins, begins + timedelta(days=1))


def unmarked_registers(*, seen_by: User) -> list[SessionRow]:
    """Sessions of the last four months that are over and have somebody without a mark, the oldest first."""
    now = clock.now()
    return [
        row
        for row in _session_rows(seen_by, now - LOOK_BACK, now)
        if row.ends_at <= now and row.people and not row.is_marked
    ]


def _session_rows(seen_by: User, since: datetime, until: datetime) -> list[SessionRow]:
    # counted for each session: grouping all marks there ever were would cost more with every year
    marked = select(func.count()).where(Mark.session_id == CohortSession.id).correlate(CohortSession).scalar_subquery()
    is_elsewhere = or_(CohortSession.venue != "", CohortSession.meeting_link != "")
    rows = session.execute(
        select(
            CohortSession.id, CohortSession.cohort_id, Cohort.name, CohortSession.number, CohortSession.title,
            case((is_elsewhere, CohortSession.venue), else_=Cohort.venue).label("venue"), CohortSession.starts_at,
            CohortSession.ends_at, marked.label("marked"),
        )
        .join(CohortSession.cohort)
        .where(
            may_see(seen_by, Can.MARK_REGISTER), Cohort.state != CohortState.CANCELLED,
            CohortSession.cancelled_at.is_(None), CohortSession.starts_at >= since, CohortSession.starts_at < until,
        )
        .order_by(CohortSession.starts_at, CohortSession.id)
    ).all()  # fmt: skip
    groups: dict[int, list[Any]] = defaultdict(list)
    for each in session.execute(
        select(
            Enrolment.id, Enrolment.cohort_id, Enrolment.state, Enrolment.joined_on, Enrolment.ended_on,
            Volunteer.stage, Volunteer.stage_since,
        )
        .join(Enrolment.volunteer)
        .where(
            Enrolment.cohort_id.in_(sorted({row.cohort_id for row in rows})), Enrolment.state != EnrolmentState.WAITING
        )
    ):  # fmt: skip
        groups[each.cohort_id].append(each)
    breaks = breaks_of([each.id for group in groups.values() for each in group])
    found = []
    for row in rows:
        day = clock.in_london(row.starts_at).date()
        expected = sum(
            not blocked(each, day, is_on_a_break(each.state.value, breaks.get(each.id, ()), day))
            for each in groups[row.cohort_id]
        )
        found.append(
            SessionRow(
                row.id, row.cohort_id, row.name, row.number, row.title, row.venue, row.starts_at, row.ends_at,
                people=expected, marked=min(row.marked, expected),
            )
        )  # fmt: skip
    return found
