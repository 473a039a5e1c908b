"""The interviews somebody is named for, and sheets as far as they may be read."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal import clock
from portal.access import Can, within
from portal.accounts.models import User
from portal.applications.models import Application
from portal.applications.queries import WHOLE, Told, told
from portal.applications.rules import Section
from portal.database import session
from portal.interviews.models import Interview, ScoreSheet
from portal.volunteers.models import Volunteer

MOST_LISTED = 60
FOR_SCORERS = (Section.WHY, Section.EXPERIENCE, Section.SKILLS)


def interviews_of_mine(user: User) -> list[Interview]:
    """Those they are named for and that nobody has recorded or called off, the soonest first."""
    query = _mine(user).where(Interview.held_at.is_(None), Interview.cancelled_at.is_(None))
    return list(session.scalars(query.order_by(Interview.planned_at, Interview.id).limit(MOST_LISTED)))


def to_score(user: User, *, most: int) -> tuple[list[Interview], int]:
    """The interviews that have begun and that they have not scored, the oldest first, and how many there are."""
    mine = select(ScoreSheet.interview_id).where(ScoreSheet.scorer_id == user.id)
    every = func.count().over().label("every")
    query = (
        select(Interview, every)
        .join(Interview.volunteer)
        .where(
            _is_mine(user), Interview.held_at.is_(None), Interview.cancelled_at.is_(None),
            Interview.planned_at <= clock.now(), Interview.id.not_in(mine),
        )
        .options(contains_eager(Interview.volunteer))
        .order_by(Interview.planned_at, Interview.id)
        .limit(most)
    )  # fmt: skip
    rows = session.execute(query).all()
    return [each for each, _ in rows], rows[0].every if rows else 0


def interview_of_mine(interview_id: int, *, seen_by: User) -> Interview | None:
    """One interview they are named for; None for any other."""
    return session.scalar(_mine(seen_by).where(Interview.id == interview_id))


def _mine(user: User) -> Select[Interview]:
    return (
        select(Interview)
        .join(Interview.volunteer)
        .where(_is_mine(user))
        .options(
            joinedload(Interview.interviewer), joinedload(Interview.second),
            joinedload(Interview.volunteer).joinedload(Volunteer.scheme),
            selectinload(Interview.sheets).joinedload(ScoreSheet.scorer),
        )
    )  # fmt: skip


def _is_mine(user: User) -> ColumnElement[bool]:
    return and_(
        or_(Interview.interviewer_id == user.id, Interview.second_id == user.id),
        within(user, Can.INTERVIEW, Volunteer.scheme_id, Volunteer.area_id),
    )


def answers_of(volunteer: Volunteer) -> list[Told]:
    """What they wrote of themselves when they applied: never how to reach them, nor who speaks for them."""
    application = session.scalar(select(Application).where(Application.volunteer_id == volunteer.id).options(*WHOLE))
    return [each for each in told(application) if each.section in FOR_SCORERS] if application is not None else []
