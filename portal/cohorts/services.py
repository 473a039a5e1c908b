"""The verbs of a cohort: freeze a course, make a cohort of it, enrol, take off, start, finish, cancel."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.exc import StaleDataError

from courses.timetable import Slot, TimetableError
from portal import clock
from portal.accounts.models import User
from portal.audit import services as audit
from portal.audit.rules import WORKER, Actor
from portal.cohorts import messages, queries, rules
from portal.cohorts.models import Cohort, CohortSession, CohortState, Enrolment, EnrolmentState, Pause, place_ends
from portal.courses.models import CourseVersion
from portal.courses.queries import course_of
from portal.database import session
from portal.messages.services import queue
from portal.refusals import Refused
from portal.schemes.models import Area
from portal.support.queries import Pair
from portal.volunteers.journey import Move, Stage
from portal.volunteers.models import Volunteer, calendar_without, when_moved
from portal.volunteers.rules import MoveRefused

OPEN = (CohortState.ENROLLING, CohortState.RUNNING)


class MustNotShare(Refused):
    """Two people who are kept apart would meet in one group; `pairs` names them and never says why."""

    def __init__(self, pairs: Sequence[Pair]) -> None:
        super().__init__(*(f"{pair.words} must not share a group" for pair in pairs))
        self.pairs = tuple(pairs)


def make_cohort(
    *, area: Area, course_version: CourseVersion, name: str, venue: str, capacity: int, starts_on: date,
    slots: Sequence[Slot], trainers: Sequence[User], skip: Collection[date] = (), meeting_link: str = "", by: User,
) -> Cohort:  # fmt: skip
    """Make a cohort with a date for each session. Bank holidays and the days in `skip` are left out, now and later."""
    reasons = rules.reasons_not_to_make(
        name=name, capacity=capacity, slots=slots, trainers=len(trainers), venue=venue, meeting_link=meeting_link
    )
    if course_version.scheme_id != area.scheme_id:
        reasons.append("The course belongs to another scheme")
    teaching = {user.id for user in queries.trainers_of([area])}
    reasons += [f"{user.name} is not a trainer in {area.name}" for user in trainers if user.id not in teaching]
    Refused.unless_empty(reasons)
    course = course_of(course_version)
    try:
        plan = rules.plan([each.minutes for each in course.sessions], starts_on, slots, skip)
    except TimetableError as error:
        raise Refused(str(error)) from error
    cohort = Cohort(
        scheme_id=area.scheme_id, area=area, course_version=course_version, name=name.strip(), venue=venue.strip(),
        capacity=capacity, starts_on=plan.sittings[0].starts_at.date(), slots=[rules.slot_body(slot) for slot in slots],
        trainers=list(trainers), created_at=clock.now(), enrolments=[], meeting_link=meeting_link.strip(),
        days_off=[day.isoformat() for day in sorted(set(skip))],
    )  # fmt: skip
    cohort.sessions = [
        CohortSession(
            number=each.number, week=each.week, title=each.title, minutes=each.minutes, is_mandatory=each.mandatory,
            starts_at=sitting.starts_at, ends_at=sitting.ends_at,
        )
        for each, sitting in zip(course.sessions, plan.sittings, strict=True)
    ]  # fmt: skip
    session.add(cohort)
    session.flush()
    return cohort


def enrol(cohort: Cohort, volunteer: Volunteer, *, by: User, although: str = "") -> Enrolment:
    """Give somebody a place, or a place on the waiting list when the group is full; then they stay ready.

    Raises `MustNotShare` when they would meet somebody they are kept apart from, unless `although` says why they
    may; that is written in the record.
    """
    before = _standing(cohort, volunteer)
    Refused.unless_empty(_reasons_not_to_enrol(cohort, volunteer, before))
    at = clock.now()
    has_room = places_left(cohort) > 0
    if before is not None and before.state is EnrolmentState.WAITING and not has_room:
        return before
    if has_room and (pairs := queries.would_meet(cohort, volunteer.id)):
        _let_meet(cohort, pairs, by=by, although=although)
    enrolment = before or Enrolment(cohort=cohort, volunteer=volunteer)
    enrolment.state = EnrolmentState.ENROLLED if has_room else EnrolmentState.WAITING
    enrolment.joined_on, enrolment.ended_on = clock.today(), None
    enrolment.enrolled_at, enrolment.enrolled_by_id = at, by.id
    session.add(enrolment)
    if has_room:
        _take_the_place(enrolment, by=by)
    session.flush()
    if not has_room:
        queue(messages.put_on_waiting_list(enrolment, _count(cohort, EnrolmentState.WAITING)))
    return enrolment


def _let_meet(cohort: Cohort, pairs: Sequence[Pair], *, by: User, although: str) -> None:
    if not although.strip():
        raise MustNotShare(pairs)
    for pair in pairs:
        audit.did(
            "kept_apart", by=by, row_id=pair.id, scheme_id=cohort.scheme_id,
            purpose=f"Let two people share {cohort.name} all the same: {although.strip()}"[:500],
        )  # fmt: skip


def withdraw(enrolment: Enrolment, *, because: str, by: User) -> None:
    """Take somebody off the course, or off its waiting list. A place that falls free goes to the next in line."""
    if not because.strip():
        raise Refused("Say why they are taken off the course")
    if enrolment.state not in (*queries.TAKES_A_PLACE, EnrolmentState.WAITING):
        raise Refused(f"{enrolment.volunteer.name} is no longer on this course")
    was_waiting, calendar = enrolment.state is EnrolmentState.WAITING, calendar_without(enrolment.volunteer)
    _end(enrolment, because=because, by=by)
    queue(messages.taken_off(enrolment, calendar="" if was_waiting else calendar, was_waiting=was_waiting))
    session.flush()
    _fill_places(enrolment.cohort, by=by)


def change(cohort: Cohort, *, name: str, capacity: int, trainers: Sequence[User], seen_version: int, by: User) -> None:
    """Change the name, the places or the trainers. With more places, those who wait longest get one and are told.

    Raises `StaleDataError` when somebody else has changed the cohort since `seen_version`.
    """
    if cohort.version != seen_version:
        raise StaleDataError(f"cohort {cohort.id} is at version {cohort.version}")
    reasons = rules.reasons_not_to_change(
        name=name, capacity=capacity, trainers=len(trainers), taken=_count(cohort, *queries.TAKES_A_PLACE)
    )
    if cohort.state not in OPEN:
        reasons.append(f"This course is {cohort.state.value}: it stays as it is")
    teaching = {user.id for user in (*queries.trainers_of([cohort.area]), *cohort.trainers)}
    reasons += [f"{user.name} is not a trainer in {cohort.area.name}" for user in trainers if user.id not in teaching]
    Refused.unless_empty(reasons)
    cohort.name, cohort.capacity = name.strip(), capacity
    if {user.id for user in cohort.trainers} != {user.id for user in trainers}:
        cohort.trainers = list(trainers)
    session.flush()
    _fill_places(cohort, by=by)


def pause(enrolment: Enrolment, *, from_on: date, until_on: date | None, because: str = "", by: User) -> Pause:
    """Let somebody take a break: they keep their place, and no session from the first day to the last counts."""
    reasons = rules.reasons_not_to_pause(from_on=from_on, until_on=until_on, today=clock.today())
    if enrolment.state is not EnrolmentState.ENROLLED:
        reasons.append(f"{enrolment.volunteer.name} is {enrolment.state.value} on this course, so cannot take a break")
    elif queries.open_pause(enrolment, clock.today()) is not None:
        reasons.append(f"A break of {enrolment.volunteer.name} is planned already")
    Refused.unless_empty(reasons)
    made = Pause(
        enrolment_id=enrolment.id, from_on=from_on, until_on=until_on, because=because.strip(), paused_by_id=by.id
    )
    session.add(made)
    if from_on <= clock.today() and (until_on is None or until_on >= clock.today()):
        enrolment.state = EnrolmentState.PAUSED
    session.flush()
    queue(messages.paused(enrolment, made))
    return made


def resume(enrolment: Enrolment, *, by: Actor) -> None:
    """They are back from today; a break that had not begun is taken away. They are sent the dates still to come."""
    today = clock.today()
    break_ = queries.open_pause(enrolment, today)
    if break_ is None and enrolment.state is not EnrolmentState.PAUSED:
        raise Refused(f"{enrolment.volunteer.name} is not taking a break")
    if break_ is not None and break_.from_on >= today:
        session.delete(break_)  # it never was one
    elif break_ is not None:
        break_.until_on = today - timedelta(days=1)
    enrolment.state = EnrolmentState.ENROLLED
    session.flush()
    queue(messages.resumed(enrolment, _sessions(enrolment.cohort)))


def mind_breaks(_at: datetime) -> None:
    """By itself, every hour: begin the breaks that begin today, and end those whose last day is over."""
    today = clock.today()
    for enrolment in queries.breaks_that_begin(today):
        enrolment.state = EnrolmentState.PAUSED
    session.flush()
    for enrolment in queries.breaks_that_are_over(today):
        resume(enrolment, by=WORKER)


def start(cohort: Cohort, *, by: User) -> None:
    """Say that the course has begun."""
    if cohort.state is not CohortState.ENROLLING:
        raise Refused(f"This course cannot start: it is {cohort.state.value}")
    if not _count(cohort, EnrolmentState.ENROLLED):
        raise Refused("Nobody is enrolled yet")
    cohort.state = CohortState.RUNNING
    session.flush()


def finish(cohort: Cohort, *, by: User) -> None:
    """Say that the course is over. Who was still waiting for a place is free for another course."""
    if cohort.state is not CohortState.RUNNING:
        raise Refused(f"This course cannot finish: it is {cohort.state.value}")
    now = clock.now()
    to_come = [each for each in _sessions(cohort) if each.cancelled_at is None and each.ends_at > now]
    if to_come:
        raise Refused(f"{len(to_come)} of its sessions are still to come")
    for enrolment in _people(cohort, EnrolmentState.WAITING):
        enrolment.state, enrolment.ended_on = EnrolmentState.WITHDRAWN, clock.today()
        queue(messages.taken_off(enrolment, calendar="", was_waiting=True))
    cohort.state = CohortState.FINISHED
    session.flush()


def cancel(cohort: Cohort, *, because: str, by: User) -> None:
    """Cancel the whole course: everybody is told, and is ready for another one."""
    if not because.strip():
        raise Refused("Say why the course is cancelled")
    if cohort.state not in OPEN:
        raise Refused(f"This course cannot be cancelled: it is {cohort.state.value}")
    for enrolment in _people(cohort, *queries.TAKES_A_PLACE, EnrolmentState.WAITING):
        calendar = calendar_without(enrolment.volunteer) if enrolment.state in queries.TAKES_A_PLACE else ""
        _end(enrolment, because=because, by=by)
        queue(messages.course_cancelled(enrolment, calendar=calendar))
    cohort.state, cohort.cancelled_at, cohort.cancelled_because = CohortState.CANCELLED, clock.now(), because.strip()
    session.flush()


@when_moved(Move.WITHDRAW, Move.DECLINE)
def give_up_places(volunteer: Volunteer) -> None:
    """Whoever leaves for now is on no course and no waiting list any more; their place goes to the next in line."""
    if volunteer.id is None:
        return  # somebody who is not kept yet holds no place
    query = (
        select(Enrolment)
        .where(
            Enrolment.volunteer_id == volunteer.id,
            Enrolment.state.in_((*queries.TAKES_A_PLACE, EnrolmentState.WAITING)),
        )
        .options(joinedload(Enrolment.cohort))
    )
    for enrolment in session.scalars(query).all():
        place_ends(enrolment)
        enrolment.state, enrolment.ended_on = EnrolmentState.WITHDRAWN, clock.today()
        session.flush()
        _fill_places(enrolment.cohort, by=WORKER)  # nobody's history names the person who left


def places_left(cohort: Cohort) -> int:
    """How many more people the group can take."""
    return max(cohort.capacity - _count(cohort, *queries.TAKES_A_PLACE), 0)


def _reasons_not_to_enrol(cohort: Cohort, volunteer: Volunteer, before: Enrolment | None) -> list[str]:
    reasons = []
    if cohort.state not in OPEN:
        reasons.append(f"{cohort.name} is {cohort.state.value}: nobody can join it")
    if volunteer.scheme_id != cohort.scheme_id:
        reasons.append(f"{volunteer.name} belongs to another scheme")
    if before is not None and before.state in queries.ON_THE_COURSE:
        reasons.append(f"{volunteer.name} is already on this course")
    elif volunteer.stage is not Stage.READY:
        raise MoveRefused(*reasons, f"You cannot enrol a volunteer who is {volunteer.stage.words.to_staff}")
    return reasons


def _take_the_place(enrolment: Enrolment, *, by: Actor) -> None:
    volunteer = enrolment.volunteer
    volunteer.make(Move.ENROL, by=by, because=f"A place on {enrolment.cohort.name}")
    waiting_elsewhere = select(Enrolment).where(
        Enrolment.volunteer_id == volunteer.id,
        Enrolment.state == EnrolmentState.WAITING,
        Enrolment.cohort_id != enrolment.cohort.id,
    )
    for other in session.scalars(waiting_elsewhere):
        other.state, other.ended_on = EnrolmentState.WITHDRAWN, clock.today()
    queue(messages.enrolled(enrolment, _sessions(enrolment.cohort)))


def _end(enrolment: Enrolment, *, because: str, by: User) -> None:
    had_a_place = enrolment.state in queries.TAKES_A_PLACE
    place_ends(enrolment)
    enrolment.state, enrolment.ended_on = EnrolmentState.WITHDRAWN, clock.today()
    if had_a_place and enrolment.volunteer.stage is Stage.TRAINING:
        enrolment.volunteer.make(Move.UNENROL, by=by, because=because)


def _fill_places(cohort: Cohort, *, by: Actor) -> None:
    if cohort.state not in OPEN:
        return
    for enrolment in _people(cohort, EnrolmentState.WAITING):
        if places_left(cohort) == 0:
            break
        if enrolment.volunteer.stage is Stage.READY and not queries.would_meet(cohort, enrolment.volunteer_id):
            enrolment.state, enrolment.joined_on = EnrolmentState.ENROLLED, clock.today()
            _take_the_place(enrolment, by=by)
            session.flush()


def _standing(cohort: Cohort, volunteer: Volunteer) -> Enrolment | None:
    query = select(Enrolment).where(Enrolment.cohort_id == cohort.id, Enrolment.volunteer_id == volunteer.id)
    return session.scalars(query).one_or_none()


def _count(cohort: Cohort, *states: EnrolmentState) -> int:
    # The cohort's row is held until the end, so that two people cannot both give away the last place.
    session.execute(select(Cohort.id).where(Cohort.id == cohort.id).with_for_update())
    query = select(func.count()).where(Enrolment.cohort_id == cohort.id, Enrolment.state.in_(states))
    return session.scalar(query) or 0


def _people(cohort: Cohort, *states: EnrolmentState) -> Sequence[Enrolment]:
    query = (
        select(Enrolment)
        .where(Enrolment.cohort_id == cohort.id, Enrolment.state.in_(states))
        .options(joinedload(Enrolment.volunteer).joinedload(Volunteer.scheme))
        .order_by(Enrolment.enrolled_at, Enrolment.id)
    )
    return session.scalars(query).all()


def _sessions(cohort: Cohort) -> Sequence[CohortSession]:
    query = select(CohortSession).where(CohortSession.cohort_id == cohort.id).order_by(CohortSession.number)
    return session.scalars(query).all()
