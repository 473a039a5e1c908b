"""Agreeing a plan with a learner, the learner's own say on it, and keeping two people out of one group."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from portal import clock
from portal.accounts.models import User
from portal.audit import services as audit
from portal.database import session
from portal.refusals import Refused
from portal.support import queries, rules
from portal.support.models import KeptApart, LearnerPlan
from portal.volunteers.models import Volunteer


@dataclass(frozen=True)
class Agreed:
    """What a plan says once it is saved."""

    support_needs: str
    adjustments: str
    access_arrangements: str
    may_trainers_see: bool
    agreed_on: date | None
    agreed_with_id: int | None
    review_on: date | None


class PlanRefused(Refused):
    """A plan cannot be kept like this; `at` says at which field: (field, words) each."""

    def __init__(self, at: list[tuple[str, str]]) -> None:
        super().__init__(*(words for _, words in at))
        self.at = at


def save_plan(volunteer: Volunteer, plan: LearnerPlan | None, agreed: Agreed, *, by: User) -> LearnerPlan:
    """Keep what was agreed. It answers a change that the learner asked for. Raises `PlanRefused`.

    Whether somebody else saved meanwhile is asked before; the row's version refuses what slips in between.
    """
    reasons = rules.reasons_not_to_save(
        agreed_on=agreed.agreed_on, has_agreed_with=agreed.agreed_with_id is not None, review_on=agreed.review_on,
        review_before=plan.review_on if plan else None, may_trainers_see=agreed.may_trainers_see,
        might_before=plan.may_trainers_see if plan else volunteer.may_share_access_needs, today=clock.today(),
    )  # fmt: skip
    known = {plan.agreed_with_id if plan else None, None}  # whoever agreed it before may have left since
    if agreed.agreed_with_id not in known | {user.id for user in queries.staff_of(volunteer)}:
        reasons.append(("agreed_with", "Choose somebody who works with this person"))
    if reasons:
        raise PlanRefused(reasons)
    plan = plan or LearnerPlan(volunteer=volunteer, comment="")
    for name, value in vars(agreed).items():
        setattr(plan, name, value)
    plan.change_asked_at = None
    plan.changed_at, plan.changed_by_id = clock.now(), by.id
    session.add(plan)
    session.flush()
    session.refresh(plan, ["agreed_with", "changed_by"])
    return plan


def say_who_may_see(volunteer: Volunteer, *, may_trainers_see: bool, by: User) -> None:
    """The learner lets their trainers know what helps them, or takes that back: it is so from this moment on."""
    plan = queries.own_plan(volunteer)
    if plan is not None:
        plan.may_trainers_see = may_trainers_see
        plan.changed_at, plan.changed_by_id = clock.now(), by.id
    volunteer.may_share_access_needs = may_trainers_see and bool(volunteer.access_needs)
    session.flush()


def comment(volunteer: Volunteer, *, words: str, asks_for_change: bool, by: User) -> LearnerPlan:
    """What the learner says about their plan; `asks_for_change` puts it on the coordinator's list.

    Somebody without a plan asks for one with it: what they told us when they applied is where it starts.
    """
    if asks_for_change and not words.strip():
        raise Refused("Say what you would like to be different")
    at = clock.now()
    plan = queries.own_plan(volunteer) or LearnerPlan(
        volunteer=volunteer, support_needs=volunteer.access_needs or "", adjustments="", access_arrangements="",
        may_trainers_see=volunteer.may_share_access_needs,
    )  # fmt: skip
    plan.comment = words.strip()
    plan.change_asked_at = at if asks_for_change else None
    plan.changed_at, plan.changed_by_id = at, by.id
    session.add(plan)
    session.flush()
    return plan


def keep_apart(one: Volunteer, other: Volunteer, *, because: str, by: User) -> KeptApart:
    """Say that two people must not share a group. Which of them is named first makes no difference."""
    first, second = sorted((one, other), key=lambda each: each.id)
    # Both rows are held until the end, so that two people who say it at once do not write it twice.
    session.execute(
        select(Volunteer.id).where(Volunteer.id.in_((first.id, second.id))).order_by(Volunteer.id).with_for_update()
    )
    Refused.unless_empty(
        rules.reasons_not_to_keep_apart(
            is_same_person=first.id == second.id, is_same_scheme=first.scheme_id == second.scheme_id,
            is_known=queries.is_kept_apart(first.id, second.id), because=because,
        )
    )  # fmt: skip
    pair = KeptApart(one=first, other=second, because=because.strip(), set_at=clock.now(), set_by=by)
    session.add(pair)
    session.flush()
    return pair


def end(pair: KeptApart, *, by: User) -> None:
    """They may share a group again. The line stays, with who ended it and when."""
    if pair.ended_at is not None:
        raise Refused("This has ended already")
    pair.ended_at, pair.ended_by = clock.now(), by
    session.flush()


def open_reason(pair: KeptApart, *, purpose: str, by: User) -> str:
    """Why two people must not share a group, for somebody who says what for. The record says who read it."""
    if not purpose.strip():
        raise Refused("Say what you need to read it for")
    for person in (pair.one, pair.other):
        audit.seen(
            "kept_apart", pair.id, by=by, purpose=purpose[:500], volunteer_id=person.id, scheme_id=person.scheme_id
        )
    return pair.because
