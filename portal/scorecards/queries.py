"""The interviews somebody is named for, and sheets as far as they may be read."""

from __future__ import annotations

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.access import Can, within
from portal.accounts.models import User
from portal.applications.models import Application
from portal.database import session
from portal.interviews.models import Interview, ScoreSheet
from portal.volunteers.models import Volunteer

MOST_LISTED = 60


def interviews_of_mine(user: User) -> list[Interview]:
    """Those they are named for and that nobody has recorded or called off, the soonest first."""
    query = _mine(user).where(Interview.held_at.is_(None), Interview.cancelled_at.is_(None))
    return list(session.scalars(query.order_by(Interview.planned_at, Interview.id).limit(MOST_LISTED)))


def interview_of_mine(interview_id: int, *, seen_by: User) -> Interview | None:
    """One interview they are named for; None for any other."""
    return session.scalar(_mine(seen_by).where(Interview.id == interview_id))


def _mine(user: User) -> Select[Interview]:
    return (
        select(Interview)
        .join(Interview.volunteer)
        .where(
            or_(Interview.interviewer_id == user.id, Interview.second_id == user.id),
            within(user, Can.INTERVIEW, Volunteer.scheme_id, Volunteer.area_id),
        )
        .options(
            joinedload(Interview.interviewer), joinedload(Interview.second),
            joinedload(Interview.volunteer).joinedload(Volunteer.scheme),
            selectinload(Interview.sheets).joinedload(ScoreSheet.scorer),
        )
    )  # fmt: skip


def answers_of(volunteer: Volunteer) -> Application | None:
    """What they wrote when they applied: for the page, which leaves out how to reach them."""
    return session.scalar(select(Application).where(Application.volunteer_id == volunteer.id))
