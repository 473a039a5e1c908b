"""Around the course in its sixth week: what helps people, who cannot come, what is made up for, a date that moved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from functools import partial

from courses.marks import AbsenceReason
from portal import clock
from portal.access import Role
from portal.apologies import services as apologies
from portal.apologies.models import ApologyBy
from portal.audit.rules import Outsider
from portal.catchups import queries as owing
from portal.catchups import services as catchups
from portal.cohorts.models import CohortSession, Enrolment
from portal.database import session
from portal.demo.opening.services import Stage
from portal.demo.recruiting.services import person
from portal.demo.training.services import Run, on_course
from portal.refusals import Refused
from portal.support import services as support
from portal.support.services import Agreed
from portal.timetable import queries as dates
from portal.timetable import services as timetable
from portal.volunteers.models import Volunteer

HELPS = (
    ("Handouts the day before, to read them in peace.", "Answers aloud, with somebody to write.", ""),
    ("A seat near the door, and a break whenever it is needed.", "", "Step-free way in; the lift must work."),
    ("Written steps, one at a time.", "More time for written work.", "Captions when we meet online."),
)


def around(stage: Stage, run: Run) -> None:
    """Plan what goes on around the sessions; each beat looks for itself at whom there is."""
    carol = stage.staff[Role.COORDINATOR]
    second_week = run.starts_on + timedelta(days=8)
    yesterday = stage.today - timedelta(days=1)
    beats: tuple[tuple[date, int, Callable[[], None]], ...] = (
        (second_week, 11, partial(agree_plans, stage, run)),
        (second_week, 12, partial(keep_two_apart, stage, run)),
        (yesterday, 13, partial(move_one, stage, run)),
        (yesterday, 16, partial(cannot_come, stage, run)),
        (yesterday, 17, partial(book_what_is_owed, stage, run)),
    )
    for day, hour, play in beats:
        stage.at(day, hour, 0, play, by=carol)


def agree_plans(stage: Stage, run: Run) -> None:
    """The coordinator has sat down with three of them."""
    carol = stage.staff[Role.COORDINATOR]
    for who, (needs, adjustments, access) in zip(run.people[2::5], HELPS, strict=False):
        agreed = Agreed(
            needs, adjustments, access, may_trainers_see=True, agreed_on=clock.today(), agreed_with_id=carol.id,
            review_on=clock.today() + timedelta(weeks=8),
        )  # fmt: skip
        support.save_plan(person(stage, who), None, agreed, by=carol)


def keep_two_apart(stage: Stage, run: Run) -> None:
    """Two who would rather not sit in one room. Why is for the safeguarding lead only."""
    lead = stage.staff[Role.SAFEGUARDING_LEAD]
    known = [each for each in stage.things.values() if isinstance(each, Volunteer)]
    ready = next(each for each in known if each.area_id == run.cohort.area_id and not _is_on(run, each.id))
    because = "They know each other from before, and one of them asked for this."
    support.keep_apart(person(stage, run.people[0]), ready, because=because, by=lead)


def move_one(stage: Stage, run: Run) -> None:
    """The library needs its room for an evening: that session is a day later."""
    sitting = _to_come(run)[3]
    day = clock.in_london(sitting.starts_at).date() + timedelta(days=1)
    starts = clock.in_london(sitting.starts_at).time()
    timetable.move_session(
        sitting, on=day, at=starts, venue=run.venue, meeting_link="", with_later=False,
        seen=dates.fingerprint(run.cohort, dates.timetable_of(run.cohort.id)), by=stage.staff[Role.COORDINATOR],
    )  # fmt: skip


def cannot_come(stage: Stage, run: Run) -> None:
    """Two learners tell us a day ahead that they cannot come tomorrow."""
    sitting = _to_come(run)[0]
    group = [run.enrolments[who.number] for who in run.people if on_course(run, who)]
    told = ((group[1], ApologyBy.LINK, AbsenceReason.PROBATION_OR_COURT), (group[6], ApologyBy.PAGE, None))
    for enrolment, how, reason in told:
        by = enrolment.volunteer.user or Outsider(enrolment.volunteer.name)
        apologies.apologise(sitting, enrolment, how=how, reason=reason, by=by)


def book_what_is_owed(stage: Stage, run: Run) -> None:
    """The trainer books the first two sessions that somebody still owes."""
    trainer = stage.staff[Role.TRAINER]
    booked = 0
    for n, each in enumerate(owing.owed([run.cohort.id], seen_by=trainer)):
        day = clock.today() + timedelta(days=3 + n)
        starts_at = datetime.combine(day, time(16), clock.LONDON)
        try:
            catchups.book(
                session.get_one(CohortSession, each.session_id), [session.get_one(Enrolment, each.enrolment_id)],
                starts_at=starts_at, minutes=60, place="The small room, Darlington Library", tutor=trainer, by=trainer,
            )  # fmt: skip
        except Refused:
            continue  # too late by then, or made up for meanwhile
        booked += 1
        if booked == 2:
            break


def _to_come(run: Run) -> list[CohortSession]:
    now = clock.now()
    return [each for each in run.cohort.sessions if each.starts_at > now and each.cancelled_at is None]


def _is_on(run: Run, volunteer_id: int) -> bool:
    return any(each.volunteer_id == volunteer_id for each in run.enrolments.values())
