"""Approval, active duty, breaks and goodbyes."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from portal.access import Role
from portal.demo.opening.services import Stage
from portal.demo.recruiting.services import person
from portal.demo.rules import Character, Part
from portal.demo.training.services import Run
from portal.pool import services as pool


def go_active(stage: Stage, run: Run) -> None:
    """Plan what follows the certificates: most are approved, some take a break, some leave."""
    andrea = stage.staff[Role.APPROVER]
    last = max(each.ends_at for each in run.cohort.sessions)
    for who in run.people:
        if who.part not in (Part.ACTIVE, Part.RESTING, Part.LEFT):
            continue
        later = partial(stage.at_instant, by=andrea)
        later(last + timedelta(days=15, minutes=who.number), partial(approve, stage, who))
        if who.part is Part.RESTING:
            later(last + timedelta(days=50, minutes=who.number), partial(rest, stage, who))
        if who.part is Part.LEFT:
            later(last + timedelta(days=60, minutes=who.number), partial(leave, stage, who))


def approve(stage: Stage, who: Character) -> None:
    """Approved to active duty."""
    volunteer = person(stage, who)
    pool.approve(
        volunteer, because="Every gate is met. A steady presence on the course.",
        conditions="Works in pairs for the first three months." if who.number % 3 == 0 else "",
        by=stage.staff[Role.APPROVER],
    )  # fmt: skip


def rest(stage: Stage, who: Character) -> None:
    """A break."""
    pool.rest(person(stage, who), because="A new baby in the house.", by=stage.staff[Role.COORDINATOR])


def leave(stage: Stage, who: Character) -> None:
    """A goodbye."""
    pool.leave(
        person(stage, who),
        because="Started paid work as a support worker.",
        referral_considered=True,
        referral_because="Nothing happened that would call for one.",
        by=stage.staff[Role.COORDINATOR],
    )
