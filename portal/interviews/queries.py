"""Reading interviews, and who may interview."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal import clock
from portal.access import GRANTS, Can, Holder, within
from portal.accounts.models import RoleHeld, User
from portal.database import keyring, session
from portal.interviews.models import Interview, InterviewLink, ScoreSheet
from portal.interviews.rules import LONGEST, Span, reached_at
from portal.schemes.models import Area
from portal.volunteers.journey import Stage
from portal.volunteers.models import Volunteer

INTERVIEWERS = [role for role, grants in GRANTS.items() if Can.INTERVIEW in grants]


def interviews_of(volunteer: Volunteer, *, seen_by: Holder) -> list[Interview]:
    """All their interviews, the newest first."""
    return list(
        session.scalars(
            select(Interview)
            .join(Interview.volunteer)
            .where(Interview.volunteer_id == volunteer.id, _seen(seen_by))
            .options(
                joinedload(Interview.interviewer),
                joinedload(Interview.second),
                joinedload(Interview.volunteer),
                selectinload(Interview.sheets).load_only(ScoreSheet.scorer_id),
            )
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
            joinedload(Interview.second),
            joinedload(Interview.slot),
            selectinload(Interview.sheets).joinedload(ScoreSheet.scorer),
            joinedload(Interview.volunteer).joinedload(Volunteer.contact),
            joinedload(Interview.volunteer).joinedload(Volunteer.scheme),
            joinedload(Interview.volunteer).joinedload(Volunteer.area),
        )
    )


def token_of(link: InterviewLink) -> str:
    """The secret of a link, made again from what is kept: nobody without the portal's key can make one."""
    number = f"{link.volunteer_id or link.volunteer.id}:{link.made_at.astimezone(UTC).isoformat()}"
    return keyring.hash(f"talk link:{number}")[:48]


def hashed(token: str) -> str:
    """What is kept of a link's secret; the purpose is part of it, so that no other link opens a talk."""
    return keyring.hash(f"talk:{token}")


def open_links(volunteer: Volunteer) -> Select[InterviewLink]:
    """Their links that were not closed, the newest first."""
    mine = InterviewLink.volunteer_id == volunteer.id, InterviewLink.closed_at.is_(None)
    return select(InterviewLink).where(*mine).order_by(InterviewLink.id.desc())


def link_that_works(volunteer: Volunteer) -> str:
    """The secret of the link that they were sent last, as long as it opens; "" when none does."""
    if volunteer.stage is not Stage.INTERVIEWING:
        return ""
    link = session.scalar(open_links(volunteer).limit(1))
    works = link is not None and link.expires_at > clock.now() and link.to_address == reached_at(volunteer)
    return token_of(link) if link is not None and works else ""


def has_open_link(volunteer: Volunteer) -> bool:
    """Whether they were asked to choose a time, and may still."""
    return session.scalar(open_links(volunteer).limit(1)) is not None


def open_interview(volunteer: Volunteer) -> Interview | None:
    """The talk with them that is planned and not over; there is never more than one."""
    return session.scalar(
        select(Interview)
        .where(
            Interview.volunteer_id == volunteer.id, Interview.held_at.is_(None), Interview.cancelled_at.is_(None)
        )
        .options(joinedload(Interview.interviewer), joinedload(Interview.second), joinedload(Interview.slot))
        .order_by(Interview.id.desc())
        .limit(1)
    )  # fmt: skip


def latest_strengths(volunteer: Volunteer) -> Interview | None:
    """The newest talk at which somebody wrote down what they are good at; for them once it has been decided."""
    if volunteer.stage in {Stage.APPLIED, Stage.INTERVIEWING}:
        return None
    return session.scalar(
        select(Interview)
        .where(Interview.volunteer_id == volunteer.id, Interview.held_at.is_not(None), Interview.strengths != "")
        .order_by(Interview.held_at.desc(), Interview.id.desc())
        .limit(1)
    )


def is_all_in(interview: Interview) -> bool:
    """Whether every scorer who is named has locked their sheet: from then on the sheets may be read."""
    return interview.scorer_ids <= {each.scorer_id for each in interview.sheets}


def not_scored_by(interview: Interview) -> list[User]:
    """Who of two scorers has not saved a sheet; nobody where one person scores alone."""
    scored = {each.scorer_id for each in interview.sheets}
    people = [interview.interviewer, interview.second] if interview.second is not None else []
    return [each for each in people if each is not None and each.id not in scored]


def planned_between(begins: datetime, ends: datetime) -> Select[Interview]:
    """The talks that are planned in this time, whole, by number."""
    return (
        select(Interview)
        .where(
            Interview.planned_at >= begins, Interview.planned_at < ends, Interview.held_at.is_(None),
            Interview.cancelled_at.is_(None),
        )
        .options(
            joinedload(Interview.interviewer),
            joinedload(Interview.volunteer).options(joinedload(Volunteer.scheme), joinedload(Volunteer.contact)),
        )
        .order_by(Interview.id)
    )  # fmt: skip


def talks_of(
    user_ids: Collection[int], begins: datetime, ends: datetime, *, but: int | None = None
) -> list[tuple[int, Span]]:
    """Who of these people has a talk planned in this time, and when; without the talk of the number `but`."""
    rows = session.execute(
        select(Interview.id, Interview.interviewer_id, Interview.second_id, Interview.planned_at, Interview.minutes)
        .where(
            or_(Interview.interviewer_id.in_(user_ids), Interview.second_id.in_(user_ids)),
            Interview.held_at.is_(None), Interview.cancelled_at.is_(None),
            Interview.planned_at > begins - LONGEST, Interview.planned_at < ends,
        )
        .order_by(Interview.planned_at, Interview.id)
    )  # fmt: skip
    return [
        (user, Span(at, minutes))
        for number, one, two, at, minutes in rows
        for user in (one, two)
        if number != but and user is not None and user in user_ids
    ]


def interviewers(volunteer: Volunteer) -> list[User]:
    """The workers who may interview in this volunteer's area today, by name."""
    return interviewers_in([volunteer.area])


def interviewers_in(areas: Iterable[Area]) -> list[User]:
    """The workers who may interview in any of these areas today, by name."""
    today = clock.today()
    reaches = [
        and_(RoleHeld.scheme_id == each.scheme_id, or_(RoleHeld.area_id.is_(None), RoleHeld.area_id == each.id))
        for each in areas
    ]
    return list(
        session.scalars(
            select(User)
            .where(
                User.active,
                User.id.in_(
                    select(RoleHeld.user_id).where(
                        RoleHeld.role.in_(INTERVIEWERS), RoleHeld.ended_at.is_(None), or_(false(), *reaches),
                        RoleHeld.from_on <= today, or_(RoleHeld.until_on.is_(None), RoleHeld.until_on >= today),
                    )
                ),
            )
            .order_by(User.name, User.id)
        )
    )  # fmt: skip


def _seen(seen_by: Holder) -> ColumnElement[bool]:
    return within(seen_by, Can.DECIDE_APPLICATIONS, Volunteer.scheme_id, Volunteer.area_id)
