"""Who owes a catch-up, which are booked, and what the people of a booking have in their diaries."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from courses.attendance import to_catch_up
from portal import clock
from portal.access import Can
from portal.accounts.models import User
from portal.attendance.models import CatchUp, CatchUpBooking, CatchUpRequest
from portal.attendance.queries import facts_of
from portal.catchups.rules import Busy, Owed, most_urgent_first
from portal.cohorts.models import Cohort, CohortSession, CohortState, Enrolment, EnrolmentState, cohort_trainer
from portal.cohorts.queries import TAKES_A_PLACE, may_see, trainers_of
from portal.courses.models import CourseVersion
from portal.courses.queries import course_of
from portal.database import session
from portal.volunteers.models import Volunteer

CAN = Can.MARK_REGISTER
MOST_GROUPS = 30
"""So many groups are reckoned for one page; somebody with more chooses one of them."""
RUNS = (CohortState.ENROLLING, CohortState.RUNNING)


def is_open() -> ColumnElement[bool]:
    """A WHERE condition on `CatchUpBooking`: neither cancelled nor recorded as done, of somebody on the course."""
    done = select(CatchUp.id).where(
        CatchUp.session_id == CatchUpBooking.session_id, CatchUp.enrolment_id == CatchUpBooking.enrolment_id
    )
    return and_(
        CatchUpBooking.cancelled_at.is_(None),
        ~done.exists(),
        CatchUpBooking.enrolment_id.in_(select(Enrolment.id).where(Enrolment.state.in_(TAKES_A_PLACE))),
        CatchUpBooking.session_id.in_(select(CohortSession.id).where(CohortSession.cancelled_at.is_(None))),
    )


def open_bookings(which: ColumnElement[bool]) -> Sequence[CatchUpBooking]:
    """Those that stand, held until the end, with what letters about them need."""
    query = (
        select(CatchUpBooking)
        .where(which, is_open())
        .options(
            joinedload(CatchUpBooking.session), joinedload(CatchUpBooking.tutor),
            joinedload(CatchUpBooking.enrolment).options(
                joinedload(Enrolment.cohort),
                joinedload(Enrolment.volunteer).options(joinedload(Volunteer.scheme), joinedload(Volunteer.contact)),
            ),
        )
        .order_by(CatchUpBooking.id)
        .with_for_update(of=CatchUpBooking)
    )  # fmt: skip
    return session.scalars(query).all()


def still_to_come(volunteer: Volunteer, now: datetime) -> tuple[Sequence[CohortSession], Sequence[CatchUpBooking]]:
    """The sessions and catch-ups in the calendar of somebody who is on a course."""
    sittings = session.scalars(
        select(CohortSession)
        .join(CohortSession.cohort)
        .join(Enrolment, Enrolment.cohort_id == Cohort.id)
        .where(
            Enrolment.volunteer_id == volunteer.id, Enrolment.state.in_(TAKES_A_PLACE),
            CohortSession.cancelled_at.is_(None), CohortSession.ends_at > now,
        )
        .options(contains_eager(CohortSession.cohort))
        .order_by(CohortSession.starts_at, CohortSession.id)
    ).all()  # fmt: skip
    of_theirs = select(Enrolment.id).where(Enrolment.volunteer_id == volunteer.id)
    bookings = open_bookings(and_(CatchUpBooking.enrolment_id.in_(of_theirs), CatchUpBooking.starts_at > now))
    return sittings, bookings


def groups(*, seen_by: User) -> Sequence[Any]:
    """The groups under way whose registers they may mark, the latest first: id and name."""
    return session.execute(
        select(Cohort.id, Cohort.name)
        .where(may_see(seen_by, CAN), Cohort.state.in_(RUNS), Cohort.starts_on <= clock.today())
        .order_by(Cohort.starts_on.desc(), Cohort.id.desc())
        .limit(200)
    ).all()


def owed(cohort_ids: Collection[int], *, seen_by: User) -> list[Owed]:
    """Every missed session of these groups that can still be made up, the most urgent first; few statements."""
    rows: Sequence[Any] = session.execute(
        select(
            Enrolment.id.label("enrolment_id"), Enrolment.volunteer_id, Enrolment.cohort_id, Volunteer.name,
            Cohort.name.label("cohort"), CourseVersion.id, CourseVersion.scheme_id, CourseVersion.code,
            CourseVersion.number, CourseVersion.title, CourseVersion.created_at,
        )
        .join(Enrolment.volunteer)
        .join(Enrolment.cohort)
        .join(CourseVersion, CourseVersion.id == Cohort.course_version_id)
        .where(Enrolment.cohort_id.in_(sorted(cohort_ids)), Enrolment.state.in_(TAKES_A_PLACE), may_see(seen_by, CAN))
    ).all()  # fmt: skip
    ids = [row.enrolment_id for row in rows]
    facts, today = facts_of(ids), clock.today()
    session_ids = _session_ids({row.cohort_id for row in rows})
    booked = _pairs(select(CatchUpBooking.enrolment_id, CatchUpBooking.session_id, CatchUpBooking.id).where(
        CatchUpBooking.enrolment_id.in_(ids), is_open()
    ))  # fmt: skip
    asked = _pairs(select(CatchUpRequest.enrolment_id, CatchUpRequest.session_id, CatchUpRequest.id).where(
        CatchUpRequest.enrolment_id.in_(ids)
    ))  # fmt: skip
    found = []
    for row in rows:
        limits = course_of(row).thresholds  # the row has all that it asks of a version
        own = facts[row.enrolment_id]
        titles = {fact.number: fact.title for fact in own}
        for offer in to_catch_up(own, limits, today=today):
            key = (row.enrolment_id, session_ids[row.cohort_id, offer.number])
            found.append(
                Owed(
                    row.enrolment_id, row.volunteer_id, row.name, row.cohort_id, row.cohort, key[1], offer.number,
                    titles[offer.number], offer.minutes, offer.by, offer.is_needed, key in asked, booked.get(key),
                )
            )  # fmt: skip
    return most_urgent_first(found)


def _session_ids(cohort_ids: Collection[int]) -> dict[tuple[int, int], int]:
    query = select(CohortSession.cohort_id, CohortSession.number, CohortSession.id)
    rows = session.execute(query.where(CohortSession.cohort_id.in_(sorted(cohort_ids))))
    return {(cohort_id, number): found for cohort_id, number, found in rows}


def _pairs(query: Any) -> dict[tuple[int, int], int]:
    return {(who, when): found for who, when, found in session.execute(query)}


@dataclass(frozen=True)
class Booked:
    """A catch-up that is booked, as lists show it."""

    id: int
    starts_at: datetime
    minutes: int
    place: str
    tutor: str
    enrolment_id: int
    volunteer_id: int
    name: str
    cohort: str
    session_id: int
    number: int
    title: str

    @property
    def is_over(self) -> bool:
        """Whether its time has passed, so that somebody should say whether it took place."""
        return self.starts_at + timedelta(minutes=self.minutes) <= clock.now()


def _booked(*conditions: Any) -> list[Booked]:
    rows = session.execute(
        select(
            CatchUpBooking.id, CatchUpBooking.starts_at, CatchUpBooking.minutes, CatchUpBooking.place, User.name,
            CatchUpBooking.enrolment_id, Enrolment.volunteer_id,
            func.coalesce(func.nullif(Volunteer.known_as, ""), Volunteer.name), Cohort.name,
            CatchUpBooking.session_id, CohortSession.number, CohortSession.title,
        )
        .join(CatchUpBooking.session)
        .join(CatchUpBooking.enrolment)
        .join(Enrolment.volunteer)
        .join(Enrolment.cohort)
        .join(CatchUpBooking.tutor)
        .where(is_open(), *conditions)
        .order_by(CatchUpBooking.starts_at, CatchUpBooking.id)
    )  # fmt: skip
    return [Booked(*row) for row in rows]


def booked(cohort_ids: Collection[int], *, seen_by: User) -> list[Booked]:
    """The catch-ups of these groups that are booked, the earliest first; in one statement."""
    return _booked(Enrolment.cohort_id.in_(sorted(cohort_ids)), may_see(seen_by, CAN))


def catch_ups_today(*, seen_by: User) -> list[Booked]:
    """Today's catch-ups of the groups whose registers they may mark; in one statement."""
    begins = datetime.combine(clock.today(), time(), tzinfo=clock.LONDON)
    until = begins + timedelta(days=1)
    return _booked(CatchUpBooking.starts_at >= begins, CatchUpBooking.starts_at < until, may_see(seen_by, CAN))


def booked_of(enrolment_id: int) -> list[Booked]:
    """The catch-ups booked for one learner, the earliest first."""
    return _booked(CatchUpBooking.enrolment_id == enrolment_id)


def booking(booking_id: int, *, seen_by: User) -> list[CatchUpBooking] | None:
    """A catch-up with those of everybody who comes at the same time, itself first; None when it is not theirs."""
    query = (
        select(CatchUpBooking)
        .join(CatchUpBooking.enrolment)
        .join(Enrolment.cohort)
        .where(may_see(seen_by, CAN), is_open())
        .options(
            contains_eager(CatchUpBooking.enrolment).options(
                contains_eager(Enrolment.cohort).options(
                    selectinload(Cohort.trainers), joinedload(Cohort.area), joinedload(Cohort.course_version)
                ),
                joinedload(Enrolment.volunteer).options(joinedload(Volunteer.scheme), joinedload(Volunteer.contact)),
            ),
            joinedload(CatchUpBooking.session),
            joinedload(CatchUpBooking.tutor),
        )
    )
    own = session.scalars(query.where(CatchUpBooking.id == booking_id)).one_or_none()
    if own is None:
        return None
    others = session.scalars(
        query.where(
            CatchUpBooking.id != own.id, CatchUpBooking.session_id == own.session_id,
            CatchUpBooking.tutor_id == own.tutor_id, CatchUpBooking.starts_at == own.starts_at,
        ).order_by(CatchUpBooking.id)
    )  # fmt: skip
    return [own, *others]


def cohort_session(session_id: int, *, seen_by: User) -> CohortSession | None:
    """A session with its cohort, course, area and trainers; None when it is not theirs to mark."""
    query = (
        select(CohortSession)
        .join(CohortSession.cohort)
        .where(CohortSession.id == session_id, may_see(seen_by, CAN))
        .options(
            contains_eager(CohortSession.cohort).options(
                selectinload(Cohort.trainers), joinedload(Cohort.area), joinedload(Cohort.course_version)
            )
        )
    )
    return session.scalars(query).one_or_none()


def who_owe(cohort_session: CohortSession) -> list[Enrolment]:
    """Who missed this session and can still make up for it, without a time yet, by name."""
    people = session.scalars(
        select(Enrolment)
        .join(Enrolment.volunteer)
        .where(Enrolment.cohort_id == cohort_session.cohort_id, Enrolment.state.in_(TAKES_A_PLACE))
        .options(
            contains_eager(Enrolment.volunteer).options(joinedload(Volunteer.scheme), joinedload(Volunteer.contact)),
            joinedload(Enrolment.cohort).joinedload(Cohort.course_version),
        )
        .order_by(Volunteer.sort_name, Enrolment.id)
    ).all()
    facts = facts_of([each.id for each in people])
    limits, today = course_of(cohort_session.cohort.course_version).thresholds, clock.today()
    has_time = set(
        session.scalars(
            select(CatchUpBooking.enrolment_id).where(CatchUpBooking.session_id == cohort_session.id, is_open())
        )
    )
    return [
        each
        for each in people
        if each.id not in has_time
        and any(offer.number == cohort_session.number for offer in to_catch_up(facts[each.id], limits, today=today))
    ]


def tutors(cohort: Cohort, *, asked_by: User) -> list[User]:
    """Who can hold a catch-up: the trainers of the group, those of its area, and whoever books it."""
    found = {user.id: user for user in (*cohort.trainers, *trainers_of([cohort.area]), asked_by)}
    return list(found.values())


def own_session(session_id: int, volunteer: Volunteer) -> tuple[CohortSession, Enrolment] | None:
    """A session of a course this volunteer is on, with their place on it; None for any other."""
    query = (
        select(Enrolment)
        .join(CohortSession, CohortSession.cohort_id == Enrolment.cohort_id)
        .where(
            CohortSession.id == session_id, Enrolment.volunteer_id == volunteer.id, Enrolment.state.in_(TAKES_A_PLACE)
        )
        .options(
            joinedload(Enrolment.volunteer),
            joinedload(Enrolment.cohort).options(joinedload(Cohort.course_version), selectinload(Cohort.trainers)),
        )
    )
    enrolment = session.scalars(query).one_or_none()
    return (session.get_one(CohortSession, session_id), enrolment) if enrolment else None


def has_asked(cohort_session: CohortSession, enrolment: Enrolment) -> bool:
    """Whether they asked for this catch-up before."""
    query = select(CatchUpRequest.id).where(
        CatchUpRequest.session_id == cohort_session.id, CatchUpRequest.enrolment_id == enrolment.id
    )
    return session.scalar(query) is not None


def has_time(cohort_session: CohortSession, enrolment: Enrolment) -> bool:
    """Whether a catch-up of this session is booked for them."""
    query = select(CatchUpBooking.id).where(
        CatchUpBooking.session_id == cohort_session.id, CatchUpBooking.enrolment_id == enrolment.id, is_open()
    )
    return session.scalar(query.limit(1)) is not None


def tutor_diary(user: User, day: date, *, but: Collection[int], together_with: tuple[int, datetime]) -> list[Busy]:
    """What a tutor has on around that day: catch-ups, and sessions that nobody else of their group could hold.

    `but` are bookings that are about to move. Who comes to the same session at the same instant comes together.
    """
    is_other = ~and_(CatchUpBooking.session_id == together_with[0], CatchUpBooking.starts_at == together_with[1])
    other = cohort_trainer.alias()
    alone = ~select(other.c.user_id).where(other.c.cohort_id == Cohort.id, other.c.user_id != user.id).exists()
    teaches = Cohort.id.in_(select(cohort_trainer.c.cohort_id).where(cohort_trainer.c.user_id == user.id))
    return _diary(day, and_(CatchUpBooking.tutor_id == user.id, is_other), and_(teaches, alone), but)


def learner_diary(enrolment: Enrolment, day: date, *, but: Collection[int]) -> list[Busy]:
    """What a learner has on around that day: sessions of their courses, and catch-ups."""
    own = select(Enrolment.id).where(Enrolment.volunteer_id == enrolment.volunteer_id)
    is_on = select(Enrolment.cohort_id).where(
        Enrolment.volunteer_id == enrolment.volunteer_id, Enrolment.state == EnrolmentState.ENROLLED
    )
    return _diary(day, CatchUpBooking.enrolment_id.in_(own), Cohort.id.in_(is_on), but)


def _diary(day: date, booked: ColumnElement[bool], held: ColumnElement[bool], but: Collection[int]) -> list[Busy]:
    begins = datetime.combine(day, time(), tzinfo=clock.LONDON)
    since, until = begins - timedelta(hours=12), begins + timedelta(hours=36)
    catch_ups = session.execute(
        select(CatchUpBooking.starts_at, CatchUpBooking.minutes, CohortSession.number)
        .join(CatchUpBooking.session)
        .where(booked, is_open(), CatchUpBooking.starts_at.between(since, until), CatchUpBooking.id.not_in(sorted(but)))
    )
    sessions = session.execute(
        select(CohortSession.starts_at, CohortSession.ends_at, CohortSession.number, Cohort.name)
        .join(CohortSession.cohort)
        .where(
            held, CohortSession.starts_at.between(since, until), CohortSession.cancelled_at.is_(None),
            Cohort.state.in_(RUNS),
        )
    )  # fmt: skip
    return [
        *(
            Busy(at, at + timedelta(minutes=minutes), f"a catch-up of session {number} is booked")
            for at, minutes, number in catch_ups
        ),
        *(Busy(starts, ends, f"session {number} of {name} is on") for starts, ends, number, name in sessions),
    ]
