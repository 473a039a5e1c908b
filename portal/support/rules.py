"""What trainers may know of somebody's support, and why a plan or a pair is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Needs:
    """What helps somebody take part, as they agreed that their trainers may know it. Never why they need it."""

    support_needs: str = ""
    adjustments: str = ""
    access_arrangements: str = ""

    def __bool__(self) -> bool:
        """Whether there is anything to know."""
        return bool(self.support_needs or self.adjustments or self.access_arrangements)


def shared(
    plan: Needs | None, *, may_trainers_see: bool, access_needs: str | None, may_share_access_needs: bool
) -> Needs:
    """What trainers may know: the plan where they agreed to that, with what they told us themselves.

    A plan that is not to be seen closes both: whoever takes the say back there takes all of it back.
    """
    if plan is not None and not may_trainers_see:
        return Needs()
    told = (access_needs or "").strip() if may_share_access_needs else ""
    plan = plan or Needs()
    if told and told not in plan.support_needs:
        told = f"{plan.support_needs}\n\n{told}".strip()
        return Needs(told, plan.adjustments, plan.access_arrangements)
    return plan


def reasons_not_to_save(
    *, agreed_on: date | None, has_agreed_with: bool, review_on: date | None, review_before: date | None,
    may_trainers_see: bool, might_before: bool, today: date,
) -> list[tuple[str, str]]:  # fmt: skip
    """Why a plan cannot be kept like this: (field, words) each. An empty list means that it can."""
    reasons = []
    if agreed_on and agreed_on > today:
        reasons.append(("agreed_on", "The day you agreed it must be today or in the past"))
    if agreed_on and not has_agreed_with:
        reasons.append(("agreed_with", "Choose who went through it with them"))
    if has_agreed_with and not agreed_on:
        reasons.append(("agreed_on", "Enter the day it was agreed"))
    if review_on and review_on < today and review_on != review_before:
        reasons.append(("review_on", "The next look at the plan must be today or later"))
    if may_trainers_see and not might_before and not agreed_on:
        reasons.append(("may_trainers_see", "Only the learner can say this. Enter the day you agreed it with them"))
    return reasons


def reasons_not_to_keep_apart(*, is_same_person: bool, is_same_scheme: bool, is_known: bool, because: str) -> list[str]:
    """Why two people cannot be put down as not to share a group. An empty list means that they can."""
    reasons = []
    if is_same_person:
        reasons.append("Choose somebody else: nobody is kept apart from themselves")
    if not is_same_scheme:
        reasons.append("They belong to another scheme")
    if is_known:
        reasons.append("These two are already down as not to share a group")
    if not because.strip():
        reasons.append("Say why they must not share a group")
    return reasons
