"""Cohorts as those who look may see them: trainers the ones they teach, others those of their areas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import BindParameter, ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal import clock
from portal.access import GRANTS, Can, Role, within
from portal.accounts.models import RoleHeld, User
from portal.cohorts.models import (
    Cohort,
    CohortSession,
    CohortState,
    Enrolment,
    EnrolmentState,
    Pause,
    cohort_trainer,
)
from portal.database import session
from portal.paging import Page, page_of, read
from portal.schemes.models import Area
from portal.support.queries import Pair, pairs_among
from portal.volunteers.journey import Stage
from portal.volunteers.models import Volunteer

PAGE_SIZE = 40
ON_THE_COURSE = (EnrolmentState.ENROLLED, EnrolmentState.PAUSED, EnrolmentState.COMPLETED)
TAKES_A_PLACE = (EnrolmentState.ENROLLED, EnrolmentState.PAUSED)


@dataclass(frozen=True)
class _Reach:
    """Some of somebody's roles, as `access.within` asks for them."""

    places: list[tuple[int, int | None]]
    is_authenticated: bool = True

    def reach(self, _can: Can) -> list[tuple[int, int | None]]:
        """The places of these roles."""
        return self.places


def may_see(seen_by: User, can: Can = Can.SEE_COHORTS) -> ColumnElement[bool]:
    """A WHERE condition on `Cohort`: as a trainer only what they teach, by any other role all of its area."""
    roles = [held for held in seen_by.roles_held if held.is_now and can in GRANTS[held.role]]
    others = _Reach([(held.scheme_id, held.area_id) for held in roles if held.role is not Role.TRAINER])
    teaching = _Reach([(held.scheme_id, held.area_id) for held in roles if held.role is Role.TRAINER])
    taught = select(cohort_trainer.c.cohort_id).where(cohort_trainer.c.user_id == seen_by.id)
    return or_(
        within(others, can, Cohort.scheme_id, Cohort.area_id),
        and_(within(teaching, can, Cohort.scheme_id, Cohort.area_id), Cohort.id.in_(taught)),
    )


def teaches(user_id: BindParameter[int]) -> ColumnElement[bool]:
    """A column on `Cohort`: whether this user is one of its trainers."""
    is_theirs = (cohort_trainer.c.cohort_id == Cohort.id) & (cohort_trainer.c.user_id == user_id)
    return exists().where(is_theirs).correlate(Cohort)


def reaches(user: User, can: Can, scheme_id: int, area_id: int, is_taught_by_them: bool) -> bool:
    """What `may_see` asks, of one cohort whose facts are known already."""
    for held in user.roles_held:
        is_here = held.scheme_id == scheme_id and held.area_id in (None, area_id)
        is_whole = held.role is not Role.TRAINER or is_taught_by_them
        if is_here and is_whole and held.is_now and can in GRANTS[held.role]:
            return True
    return False


def cohort_is_theirs(cohort: Cohort, user: User, can: Can) -> bool:
    """Whether `may_see` would let them at this cohort, whose trainers are loaded; for buttons."""
    is_trainer = any(each.id == user.id for each in cohort.trainers)
    return reaches(user, can, cohort.scheme_id, cohort.area_id, is_trainer)


@dataclass(frozen=True)
class CohortRow:
    """A cohort in the list."""

    id: int
    name: str
    area: str
    state: CohortState
    starts_on: date
    capacity: int
    enrolled: int
    waiting: int
    held: int
    sessions: int


def cohorts(*, seen_by: User, key: str | None = None) -> Page[CohortRow]:
    """Cohorts, the latest to start first."""
    people = (
        select(
            Enrolment.cohort_id,
            func.sum(case((Enrolment.state.in_(ON_THE_COURSE), 1), else_=0)).label("enrolled"),
            func.sum(case((Enrolment.state == EnrolmentState.WAITING, 1), else_=0)).label("waiting"),
        )
        .group_by(Enrolment.cohort_id)
        .subquery()
    )
    meetings = (
        select(
            CohortSession.cohort_id,
            func.sum(case((CohortSession.ends_at <= clock.now(), 1), else_=0)).label("held"),
            func.count().label("sessions"),
        )
        .where(CohortSession.cancelled_at.is_(None))
        .group_by(CohortSession.cohort_id)
        .subquery()
    )
    query = (
        select(
            Cohort.id, Cohort.name, Area.name, Cohort.state, Cohort.starts_on, Cohort.capacity,
            func.coalesce(people.c.enrolled, 0), func.coalesce(people.c.waiting, 0),
            func.coalesce(meetings.c.held, 0), func.coalesce(meetings.c.sessions, 0),
        )
        .join(Cohort.area)
        .outerjoin(people, people.c.cohort_id == Cohort.id)
        .outerjoin(meetings, meetings.c.cohort_id == Cohort.id)
        .where(may_see(seen_by))
        .order_by(Cohort.starts_on.desc(), Cohort.id.desc())
        .limit(PAGE_SIZE + 1)
    )  # fmt: skip
    if before := _after(key):
        day, cohort_id = before
        query = query.where(or_(Cohort.starts_on < day, and_(Cohort.starts_on == day, Cohort.id < cohort_id)))
    rows = [CohortRow(*row) for row in session.execute(query)]
    return page_of(rows, PAGE_SIZE, key=lambda row: (row.starts_on.toordinal(), row.id))


def _after(key: str | None) -> tuple[date, int] | None:
    found = read(key, like=(0, 0))
    if found is None:
        return None
    ordinal, cohort_id = (int(part) for part in found)
    return (date.fromordinal(ordinal), cohort_id) if 1 <= ordinal <= date.max.toordinal() else None


def cohort(cohort_id: int, *, seen_by: User, can: Can = Can.SEE_COHORTS) -> Cohort | None:
    """One cohort with its area, course, trainers, sessions and people; None when it is not theirs to see."""
    query = (
        select(Cohort)
        .where(Cohort.id == cohort_id, may_see(seen_by, can))
        .options(
            joinedload(Cohort.area).joinedload(Area.scheme),
            joinedload(Cohort.course_version),
            selectinload(Cohort.trainers),
            selectinload(Cohort.sessions),
            selectinload(Cohort.enrolments).joinedload(Enrolment.volunteer),
        )
    )
    return session.scalars(query).unique().one_or_none()


def enrolment(enrolment_id: int, *, seen_by: User, can: Can = Can.SEE_COHORTS) -> Enrolment | None:
    """One person's place on a cohort, with both; None when it is not theirs to see."""
    query = (
        select(Enrolment)
        .join(Enrolment.cohort)
        .where(Enrolment.id == enrolment_id, may_see(seen_by, can))
        .options(
            contains_eager(Enrolment.cohort).joinedload(Cohort.area),
            contains_eager(Enrolment.cohort).joinedload(Cohort.course_version),
            joinedload(Enrolment.volunteer),
        )
    )
    return session.scalars(query).one_or_none()


def ready_to_enrol(cohort: Cohort, *, seen_by: User) -> Sequence[Volunteer]:
    """Who is ready for a course and not yet on this cohort or its waiting list, the longest waiting first."""
    here = select(Enrolment.volunteer_id).where(
        Enrolment.cohort_id == cohort.id, Enrolment.state != EnrolmentState.WITHDRAWN
    )
    query = (
        select(Volunteer)
        .where(
            Volunteer.scheme_id == cohort.scheme_id,
            within(seen_by, Can.MANAGE_COHORTS, Volunteer.scheme_id, Volunteer.area_id),
            Volunteer.stage == Stage.READY,
            Volunteer.id.not_in(here),
        )
        .options(joinedload(Volunteer.area), joinedload(Volunteer.scheme), selectinload(Volunteer.contact))
        .order_by(Volunteer.stage_since, Volunteer.id)
        .limit(200)
    )
    return session.scalars(query).all()


def would_meet(cohort: Cohort, *volunteer_ids: int) -> list[Pair]:
    """Pairs that must not share a group and would, if these people had a place beside those who have one."""
    taken = select(Enrolment.volunteer_id).where(
        Enrolment.cohort_id == cohort.id,
        Enrolment.state.in_(TAKES_A_PLACE),
        Enrolment.volunteer_id.not_in(volunteer_ids),
    )
    pairs = pairs_among([*volunteer_ids, *session.scalars(taken)])
    return [pair for pair in pairs if {pair.one_id, pair.other_id} & set(volunteer_ids)]


def kept_apart_here(cohort: Cohort) -> list[tuple[Pair, bool]]:
    """Pairs of this cohort, whose people are loaded, that must not share a group: (pair, whether one of them waits)."""
    states = {each.volunteer_id: each.state for each in cohort.enrolments}
    waiting = {who for who, state in states.items() if state is EnrolmentState.WAITING}
    here = {who for who, state in states.items() if state in TAKES_A_PLACE} | waiting
    return [(pair, bool({pair.one_id, pair.other_id} & waiting)) for pair in pairs_among(here)]


def areas_to_teach_in(seen_by: User) -> Sequence[Area]:
    """The areas in which they may make a cohort."""
    query = (
        select(Area)
        .where(within(seen_by, Can.MANAGE_COHORTS, Area.scheme_id, Area.id))
        .options(joinedload(Area.scheme))
        .order_by(Area.name, Area.id)
    )
    return session.scalars(query).all()


def trainers_of(areas: Sequence[Area]) -> Sequence[User]:
    """Who holds the role of trainer today in any of these areas, or in the whole of their schemes."""
    today = clock.today()
    holds = select(RoleHeld.user_id).where(
        RoleHeld.role == Role.TRAINER,
        RoleHeld.ended_at.is_(None),
        RoleHeld.from_on <= today,
        or_(RoleHeld.until_on.is_(None), RoleHeld.until_on >= today),
        or_(
            RoleHeld.area_id.in_([area.id for area in areas]),
            and_(RoleHeld.area_id.is_(None), RoleHeld.scheme_id.in_({area.scheme_id for area in areas})),
        ),
    )
    query = select(User).where(User.id.in_(holds), User.active).order_by(User.name, User.id)
    return session.scalars(query).all()


def open_pause(enrolment: Enrolment, day: date) -> Pause | None:
    """The break of this person that is not over on that day, or that is still to come; the first of them."""
    query = (
        select(Pause)
        .where(Pause.enrolment_id == enrolment.id, or_(Pause.until_on.is_(None), Pause.until_on >= day))
        .order_by(Pause.from_on, Pause.id)
        .limit(1)
    )
    return session.scalars(query).one_or_none()


def breaks_to_come(cohort: Cohort, day: date) -> dict[int, Pause]:
    """The break of each person on this cohort that is not over on that day, by enrolment."""
    query = (
        select(Pause)
        .join(Enrolment, Enrolment.id == Pause.enrolment_id)
        .where(
            Enrolment.cohort_id == cohort.id, or_(Pause.until_on.is_(None), Pause.until_on >= day),
            Enrolment.state.in_(TAKES_A_PLACE),
        )
        .order_by(Pause.from_on.desc(), Pause.id.desc())
    )  # fmt: skip
    return {each.enrolment_id: each for each in session.scalars(query)}


def breaks_that_begin(today: date) -> Sequence[Enrolment]:
    """Who is on a course and has a break by now."""
    now = select(Pause.enrolment_id).where(
        Pause.from_on <= today, or_(Pause.until_on.is_(None), Pause.until_on >= today)
    )
    return session.scalars(
        select(Enrolment).where(Enrolment.state == EnrolmentState.ENROLLED, Enrolment.id.in_(now))
    ).all()


def breaks_that_are_over(today: date) -> Sequence[Enrolment]:
    """Whose break had a last day, and it is past; with what a letter to them needs."""
    goes_on = select(Pause.enrolment_id).where(or_(Pause.until_on.is_(None), Pause.until_on >= today))
    was_one = select(Pause.enrolment_id)
    query = (
        select(Enrolment)
        .where(Enrolment.state == EnrolmentState.PAUSED, Enrolment.id.in_(was_one), Enrolment.id.not_in(goes_on))
        .options(joinedload(Enrolment.cohort), joinedload(Enrolment.volunteer).joinedload(Volunteer.scheme))
    )
    return session.scalars(query).all()
