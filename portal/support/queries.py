"""Plans, what trainers may know of them, and who must not share a group with whom."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import aliased, defer, joinedload

from portal import clock
from portal.access import GRANTS, Can, Holder, within
from portal.accounts.models import RoleHeld, User
from portal.database import session
from portal.support.models import KeptApart, LearnerPlan
from portal.support.rules import Needs, shared
from portal.volunteers.models import Volunteer

GOES_THROUGH_PLANS = [role for role, grants in GRANTS.items() if grants & {Can.PLAN_SUPPORT, Can.MARK_REGISTER}]
MOST_STAFF = 200
_PLACE = Volunteer.scheme_id, Volunteer.area_id


def needs_of(volunteer_ids: Collection[int]) -> dict[int, Needs]:
    """What helps each of these people, of those who agreed that their trainers may know it: one statement.

    Ask only for people whose trainer is looking. Whoever has nothing to be known is left out.
    """
    if not volunteer_ids:
        return {}
    rows = session.execute(
        select(
            Volunteer.id, Volunteer.access_needs, Volunteer.may_share_access_needs, LearnerPlan.id.label("plan_id"),
            LearnerPlan.support_needs, LearnerPlan.adjustments, LearnerPlan.access_arrangements,
            LearnerPlan.may_trainers_see,
        )
        .outerjoin(LearnerPlan, LearnerPlan.volunteer_id == Volunteer.id)
        .where(
            Volunteer.id.in_(sorted(set(volunteer_ids))),
            or_(LearnerPlan.may_trainers_see, Volunteer.may_share_access_needs),
        )
    )  # fmt: skip
    found = {}
    for row in rows:
        has_plan = row.plan_id is not None
        needs = shared(
            Needs(row.support_needs, row.adjustments, row.access_arrangements) if has_plan else None,
            may_trainers_see=bool(row.may_trainers_see), access_needs=row.access_needs,
            may_share_access_needs=row.may_share_access_needs,
        )  # fmt: skip
        if needs:
            found[row.id] = needs
    return found


def plan_of(volunteer: Volunteer, *, seen_by: Holder) -> LearnerPlan | None:
    """Somebody's plan, for those who agree plans; None when there is none yet or it is not theirs to see."""
    return session.scalar(
        select(LearnerPlan)
        .join(LearnerPlan.volunteer)
        .where(LearnerPlan.volunteer_id == volunteer.id, within(seen_by, Can.PLAN_SUPPORT, *_PLACE))
        .options(joinedload(LearnerPlan.agreed_with), joinedload(LearnerPlan.changed_by))
    )


def own_plan(volunteer: Volunteer) -> LearnerPlan | None:
    """The plan of the volunteer who is looking."""
    return session.scalar(
        select(LearnerPlan)
        .where(LearnerPlan.volunteer_id == volunteer.id)
        .options(joinedload(LearnerPlan.agreed_with), joinedload(LearnerPlan.changed_by))
    )


def staff_of(volunteer: Volunteer) -> Sequence[User]:
    """Who may have gone through a plan with them: staff of their place who agree plans or teach."""
    today = clock.today()
    holds = select(RoleHeld.user_id).where(
        RoleHeld.role.in_(GOES_THROUGH_PLANS),
        RoleHeld.scheme_id == volunteer.scheme_id,
        or_(RoleHeld.area_id.is_(None), RoleHeld.area_id == volunteer.area_id),
        RoleHeld.ended_at.is_(None),
        RoleHeld.from_on <= today,
        or_(RoleHeld.until_on.is_(None), RoleHeld.until_on >= today),
    )
    query = select(User).where(User.id.in_(holds), User.active).order_by(User.name, User.id).limit(MOST_STAFF)
    return session.scalars(query).all()


@dataclass(frozen=True)
class PlanRow:
    """A plan that waits for somebody to look at it again."""

    volunteer_id: int
    name: str
    review_on: date | None
    change_asked_at: datetime | None


def plans_to_review(*, seen_by: Holder) -> list[PlanRow]:
    """Plans whose day has come, and those the learner wants changed: the learners' wishes first, then the oldest."""
    rows = session.execute(
        select(LearnerPlan.volunteer_id, Volunteer.name, LearnerPlan.review_on, LearnerPlan.change_asked_at)
        .join(LearnerPlan.volunteer)
        .where(
            within(seen_by, Can.PLAN_SUPPORT, *_PLACE),
            or_(LearnerPlan.review_on <= clock.today(), LearnerPlan.change_asked_at.is_not(None)),
        )
        .order_by(
            LearnerPlan.change_asked_at.is_(None), LearnerPlan.change_asked_at, LearnerPlan.review_on, LearnerPlan.id
        )
        .limit(MOST_STAFF)
    )
    return [PlanRow(*row) for row in rows]


@dataclass(frozen=True)
class Pair:
    """Two people who must not share a group, by name. Why is not here."""

    id: int
    one_id: int
    one: str
    other_id: int
    other: str

    @property
    def words(self) -> str:
        """Both names, in one order for everybody who reads them."""
        return " and ".join(sorted((self.one, self.other)))


def pairs_among(volunteer_ids: Collection[int]) -> list[Pair]:
    """Every two of these people who must not share a group: one statement. For those who put groups together."""
    ids = sorted(set(volunteer_ids))
    if not ids:
        return []
    one, other = aliased(Volunteer), aliased(Volunteer)
    rows = session.execute(
        select(KeptApart.id, KeptApart.one_id, one.name, KeptApart.other_id, other.name)
        .join(one, one.id == KeptApart.one_id)
        .join(other, other.id == KeptApart.other_id)
        .where(KeptApart.one_id.in_(ids), KeptApart.other_id.in_(ids), KeptApart.ended_at.is_(None))
        .order_by(KeptApart.id)
    )
    return [Pair(*row) for row in rows]


def kept_apart_from(volunteer: Volunteer, *, seen_by: Holder) -> Sequence[KeptApart]:
    """With whom they must not share a group, and with whom that has ended; why is left closed."""
    query = (
        _pairs(seen_by)
        .where(or_(KeptApart.one_id == volunteer.id, KeptApart.other_id == volunteer.id))
        .order_by(KeptApart.ended_at.is_not(None), KeptApart.id)
    )
    return session.scalars(query).all()


def pair(pair_id: int, *, seen_by: Holder, can: Can = Can.KEEP_APART) -> KeptApart | None:
    """Two people kept apart, one of whom is in their place; why is left closed. None when it is not theirs."""
    return session.scalar(_pairs(seen_by, can).where(KeptApart.id == pair_id))


def is_kept_apart(one_id: int, other_id: int) -> bool:
    """Whether these two are down already, in the order in which they are kept."""
    query = select(KeptApart.id).where(
        KeptApart.one_id == one_id, KeptApart.other_id == other_id, KeptApart.ended_at.is_(None)
    )
    return session.scalar(query) is not None


def _pairs(seen_by: Holder, can: Can = Can.KEEP_APART) -> Select[KeptApart]:
    one, other = aliased(Volunteer), aliased(Volunteer)
    return (
        select(KeptApart)
        .join(KeptApart.one.of_type(one))
        .join(KeptApart.other.of_type(other))
        .where(or_(*(within(seen_by, can, each.scheme_id, each.area_id) for each in (one, other))))
        .options(
            defer(KeptApart.because),
            joinedload(KeptApart.one),
            joinedload(KeptApart.other),
            joinedload(KeptApart.set_by),
            joinedload(KeptApart.ended_by),
        )
    )
