"""Reading interviews, and who may interview."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from portal import clock
from portal.access import GRANTS, Can, Holder, within
from portal.accounts.models import RoleHeld, User
from portal.database import session
from portal.interviews.models import Interview
from portal.volunteers.models import Volunteer

INTERVIEWERS = [role for role, grants in GRANTS.items() if Can.DECIDE_APPLICATIONS in grants]


def interviews_of(volunteer: Volunteer, *, seen_by: Holder) -> list[Interview]:
    """All their interviews, the newest first."""
    return list(
        session.scalars(
            select(Interview)
            .join(Interview.volunteer)
            .where(Interview.volunteer_id == volunteer.id, _seen(seen_by))
            .options(joinedload(Interview.interviewer))
            .order_by(Interview.planned_at.desc(), Interview.id.desc())
        )
    )


def interview(interview_id: int, *, volunteer_id: int, seen_by: Holder) -> Interview | None:
    """One interview with its volunteer, scheme and area; None when it is not theirs to see."""
    return session.scalar(
        select(Interview)
        .join(Interview.volunteer)
        .where(Interview.id == interview_id, Interview.volunteer_id == volunteer_id, _seen(seen_by))
        .options(
            joinedload(Interview.interviewer),
            joinedload(Interview.volunteer).joinedload(Volunteer.scheme),
            joinedload(Interview.volunteer).joinedload(Volunteer.area),
        )
    )


def interviewers(volunteer: Volunteer) -> list[User]:
    """The workers who may interview in this volunteer's area today, by name."""
    today = clock.today()
    return list(
        session.scalars(
            select(User)
            .where(
                User.active,
                User.id.in_(
                    select(RoleHeld.user_id).where(
                        RoleHeld.role.in_(INTERVIEWERS),
                        RoleHeld.ended_at.is_(None),
                        RoleHeld.scheme_id == volunteer.scheme_id,
                        or_(RoleHeld.area_id.is_(None), RoleHeld.area_id == volunteer.area_id),
                        RoleHeld.from_on <= today,
                        or_(RoleHeld.until_on.is_(None), RoleHeld.until_on >= today),
                    )
                ),
            )
            .order_by(User.name, User.id)
        )
    )


def _seen(seen_by: Holder) -> ColumnElement[bool]:
    return within(seen_by, Can.DECIDE_APPLICATIONS, Volunteer.scheme_id, Volunteer.area_id)
