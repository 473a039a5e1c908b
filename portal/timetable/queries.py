"""Sessions and their dates, what a move would bring with it, and who must hear of it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from courses.timetable import TimetableError, bank_holidays
from portal import clock
from portal.access import Can
from portal.accounts.models import User
from portal.audit.models import AuditLine
from portal.cohorts.models import Cohort, CohortSession, CohortState, Enrolment, EnrolmentState, cohort_trainer
from portal.cohorts.queries import may_see
from portal.cohorts.rules import slot_of
from portal.database import session
from portal.refusals import Refused
from portal.timetable import rules
from portal.timetable.rules import Meeting
from portal.volunteers.models import Volunteer

GOES_THERE = (EnrolmentState.ENROLLED, EnrolmentState.PAUSED)
"""Whoever takes a break hears of changes too: their calendar must be right when they come back."""


def cohort_session(session_id: int, *, seen_by: User, can: Can = Can.SEE_COHORTS) -> CohortSession | None:
    """A session with its cohort and trainers; None when it is not theirs."""
    query = _with_cohort().where(CohortSession.id == session_id, may_see(seen_by, can))
    return session.scalars(query).one_or_none()


def session_to_join(session_id: int, *, seen_by: User) -> CohortSession | None:
    """A session somebody goes to: as a learner on the course, or as one of those who may see the cohort."""
    learns = (
        select(Enrolment.cohort_id)
        .join(Enrolment.volunteer)
        .where(Volunteer.user_id == seen_by.id, Enrolment.state.in_(GOES_THERE))
    )
    theirs: ColumnElement[bool] = or_(Cohort.id.in_(learns), may_see(seen_by, Can.SEE_COHORTS))
    return session.scalars(_with_cohort().where(CohortSession.id == session_id, theirs)).one_or_none()


def _with_cohort() -> Select[CohortSession]:
    return (
        select(CohortSession)
        .join(CohortSession.cohort)
        .options(contains_eager(CohortSession.cohort).options(selectinload(Cohort.trainers), joinedload(Cohort.area)))
    )


def timetable_of(cohort_id: int) -> Sequence[CohortSession]:
    """Every session of a cohort, in the order of their dates."""
    query = (
        select(CohortSession)
        .where(CohortSession.cohort_id == cohort_id)
        .order_by(CohortSession.starts_at, CohortSession.id)
    )
    return session.scalars(query).all()


def fingerprint(cohort: Cohort, sittings: Sequence[CohortSession]) -> str:
    """What a page was drawn from: another one means that somebody has changed a date or place since."""
    facts = [
        (each.id, each.sequence, each.starts_at.timestamp(), each.cancelled_at is None)
        for each in sorted(sittings, key=lambda each: each.id)
    ]
    kept = f"{cohort.venue}|{cohort.meeting_link}|{cohort.state.value}|{facts}"
    return hashlib.sha256(kept.encode()).hexdigest()[:16]


def last_changed_by(sitting: CohortSession) -> str:
    """Who changed this session last, by the record; "" when nobody has."""
    query = (
        select(AuditLine.actor_name)
        .where(AuditLine.table_name == "cohort_session", AuditLine.row_id == sitting.id)
        .order_by(AuditLine.id.desc())
        .limit(1)
    )
    return session.scalar(query) or ""


@dataclass(frozen=True)
class Step:
    """A session before and after a move."""

    session: CohortSession
    new: Meeting

    @property
    def old(self) -> Meeting:
        """When it is now."""
        return meeting(self.session)


@dataclass(frozen=True)
class Proposal:
    """What moving one session would mean: what speaks against it, and where the later ones would go."""

    step: Step
    later: tuple[Step, ...]
    clashes: tuple[str, ...]
    clashes_with_later: tuple[str, ...]
    why_not_later: str
    is_held: bool
    seen: str


def meeting(sitting: CohortSession) -> Meeting:
    """When a session is, as the rules take it."""
    return Meeting(sitting.number, sitting.starts_at, sitting.ends_at)


def proposal(sitting: CohortSession, sittings: Sequence[CohortSession], *, on: date, at: time) -> Proposal:
    """What it would mean to hold this session then; `sittings` is the cohort's whole timetable.

    Raises `Refused` when there is no such time.
    """
    cohort, now = sitting.cohort, clock.now()
    try:
        step = Step(sitting, rules.put_on(meeting(sitting), on, at))
    except TimetableError as error:
        raise Refused(str(error)) from error
    others = [each for each in sittings if each.id != sitting.id and each.cancelled_at is None]
    to_come = [
        each for each in others
        if each.starts_at > max(sitting.starts_at, now) and each.register_saved_at is None
    ]  # fmt: skip
    days_off = {date.fromisoformat(each) for each in cohort.days_off}
    years = [step.new.starts_at.year, *(each.starts_at.year for each in sittings)]
    holidays = bank_holidays(min(years) - 1, max(years) + 5)
    later, why_not = [], ""
    try:
        slots = [slot_of(body) for body in cohort.slots]
        found = rules.moved_with(step.old, step.new, [meeting(each) for each in to_come], slots, holidays | days_off)
        by_number = {each.number: each for each in to_come}
        later = [Step(by_number[new.number], new) for new in found if new != meeting(by_number[new.number])]
    except TimetableError as error:
        why_not = str(error)
    moved = {each.session.id: each.new for each in later}

    def against(is_later_too: bool) -> tuple[str, ...]:
        steps = [step, *(later if is_later_too else ())]
        them = [moved.get(each.id, meeting(each)) if is_later_too else meeting(each) for each in others]
        words = rules.clashes(step.new, them, holidays=holidays, days_off=days_off, now=now)
        return (*words, *_taught_elsewhere(cohort, steps))

    return Proposal(
        step, tuple(later), against(is_later_too=False), against(is_later_too=True) if later else (), why_not,
        is_held=sitting.register_saved_at is not None or sitting.ends_at <= now,
        seen=fingerprint(cohort, sittings),
    )  # fmt: skip


def _taught_elsewhere(cohort: Cohort, steps: Sequence[Step]) -> list[str]:
    """Whose trainer is with another group at one of these times; one statement for any number of steps."""
    trainers = {user.id: user.name for user in cohort.trainers}
    if not trainers:
        return []
    query = (
        select(
            cohort_trainer.c.user_id, CohortSession.starts_at, CohortSession.ends_at, CohortSession.number, Cohort.name
        )
        .join(CohortSession.cohort)
        .join(cohort_trainer, cohort_trainer.c.cohort_id == Cohort.id)
        .where(
            cohort_trainer.c.user_id.in_(trainers), Cohort.id != cohort.id, CohortSession.cancelled_at.is_(None),
            Cohort.state != CohortState.CANCELLED,
            CohortSession.starts_at < max(each.new.ends_at for each in steps),
            CohortSession.ends_at > min(each.new.starts_at for each in steps),
        )
        .order_by(CohortSession.starts_at)
    )  # fmt: skip
    found = []
    for user_id, starts_at, ends_at, number, name in session.execute(query):
        other = Meeting(number, starts_at, ends_at)
        for each in steps:
            if each.new.overlaps(other):
                starts = clock.in_london(starts_at)
                when = f"{starts:%A} {starts.day} {starts:%B}, {starts:%H:%M}"
                found.append(f"{trainers[user_id]} teaches {name} then ({when})")
    return found


def learners_to_tell(cohort: Cohort) -> Sequence[Enrolment]:
    """Everybody on the course, with what a letter to them needs, by name."""
    query = (
        select(Enrolment)
        .join(Enrolment.volunteer)
        .where(Enrolment.cohort_id == cohort.id, Enrolment.state.in_(GOES_THERE))
        .options(
            contains_eager(Enrolment.volunteer).options(joinedload(Volunteer.scheme), joinedload(Volunteer.contact))
        )
        .order_by(Volunteer.sort_name, Enrolment.id)
    )
    return session.scalars(query).all()


def cohort_to_tell(cohort_id: int, *, seen_by: User) -> Cohort | None:
    """A cohort whose people they may ring; None when it is not theirs."""
    query = (
        select(Cohort)
        .where(Cohort.id == cohort_id, may_see(seen_by, Can.MARK_REGISTER))
        .options(joinedload(Cohort.area), selectinload(Cohort.trainers))
    )
    return session.scalars(query).one_or_none()


def recently_changed(cohort_id: int, *, since: datetime | None = None) -> list[CohortSession]:
    """The sessions changed in the last two weeks (or since then), in the order of their dates, cohort loaded."""
    query = (
        select(CohortSession)
        .join(CohortSession.cohort)
        .where(
            CohortSession.cohort_id == cohort_id,
            CohortSession.changed_at >= (since or clock.now() - timedelta(days=14)),
        )
        .options(contains_eager(CohortSession.cohort))
        .order_by(CohortSession.starts_at)
    )
    return list(session.scalars(query))


def replacement_slot(cohort: Cohort, sittings: Sequence[CohortSession]) -> datetime:
    """The first free time of the group's own after its last session; raises `Refused` when there is none."""
    last = max(each.starts_at for each in sittings if each.cancelled_at is None) if sittings else clock.now()
    last = max(last, clock.now())
    days_off = {date.fromisoformat(each) for each in cohort.days_off}
    off = bank_holidays(last.year - 1, last.year + 5) | days_off
    try:
        free = rules.free_slots([slot_of(body) for body in cohort.slots], last, last, more=2, off=off)
    except TimetableError as error:
        raise Refused(str(error)) from error
    return next(each for each in free if each > last)
