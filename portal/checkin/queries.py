"""The window of a session as its trainer sees it, and the open ones of a learner's own groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from portal import clock
from portal.checkin import rules
from portal.checkin.models import CheckIn, CheckInWindow
from portal.cohorts.models import Cohort, CohortSession, Enrolment
from portal.cohorts.queries import TAKES_A_PLACE
from portal.database import session
from portal.volunteers.models import Volunteer


def window_of(session_id: int) -> CheckInWindow | None:
    """The window of a session whose trainer is looking, open or not; None when it was never opened."""
    query = select(CheckInWindow).where(CheckInWindow.session_id == session_id)
    return session.scalar(query.options(joinedload(CheckInWindow.session)))


def is_open(window: CheckInWindow | None) -> bool:
    """Whether people may check in now. It closes by itself when the session ends or is called off."""
    if window is None or window.session.cancelled_at is not None:
        return False
    now, sitting = clock.now(), window.session
    return sitting.starts_at - rules.OPENS_BEFORE <= now < min(window.closes_at, sitting.ends_at)


@dataclass(frozen=True)
class Arrived:
    """Somebody who checked in, as the trainer's screen shows them: never how late, as the whole room reads it."""

    name: str
    at: datetime


def arrived(session_id: int) -> list[Arrived]:
    """Who has checked in to a session whose trainer is looking, the latest first: one statement."""
    rows = session.execute(
        select(Volunteer.known_as, Volunteer.name, CheckIn.at)
        .join(CheckIn.enrolment)
        .join(Enrolment.volunteer)
        .where(CheckIn.session_id == session_id)
        .order_by(CheckIn.at.desc(), CheckIn.id.desc())
    )
    return [Arrived(row.known_as or row.name, row.at) for row in rows]


def own_windows(volunteer: Volunteer) -> Sequence[CheckInWindow]:
    """The windows that were opened for the groups on which this volunteer has a place."""
    own = select(Enrolment.cohort_id).where(Enrolment.volunteer_id == volunteer.id, Enrolment.state.in_(TAKES_A_PLACE))
    query = (
        select(CheckInWindow)
        .join(CheckInWindow.session)
        .where(CohortSession.cohort_id.in_(own), CohortSession.ends_at > clock.now())
        .options(contains_eager(CheckInWindow.session))
        .order_by(CohortSession.starts_at, CohortSession.id)
    )
    return session.scalars(query).all()


def own_sitting(session_id: int, volunteer: Volunteer) -> tuple[CohortSession, Enrolment] | None:
    """A session of a group this volunteer is or was on, with their place; None for any other and for none."""
    row = session.execute(
        select(CohortSession, Enrolment)
        .join(Enrolment, Enrolment.cohort_id == CohortSession.cohort_id)
        .where(CohortSession.id == session_id, Enrolment.volunteer_id == volunteer.id)
        .options(joinedload(CohortSession.cohort).joinedload(Cohort.area))
    ).one_or_none()
    return (row[0], row[1]) if row else None


def check_in_of(session_id: int, enrolment_id: int) -> CheckIn | None:
    """Whether and when somebody checked in to this session."""
    return session.scalar(select(CheckIn).where(CheckIn.session_id == session_id, CheckIn.enrolment_id == enrolment_id))


def people_in(cohort_id: int) -> int:
    """How many have a place in the group now: whom the trainer expects."""
    query = select(Enrolment.id).where(Enrolment.cohort_id == cohort_id, Enrolment.state.in_(TAKES_A_PLACE))
    return len(session.scalars(query).all())
