"""Keeping a roll-call."""

from __future__ import annotations

from collections.abc import Collection

from portal import clock
from portal.accounts.models import User
from portal.database import session
from portal.refusals import Refused
from portal.registers.queries import Register
from portal.sheets import rules
from portal.sheets.models import RollCall


def keep_roll_call(register: Register, counted: Collection[int], *, by: User) -> RollCall:
    """Keep who was counted outside, by enrolment, and so who was missing. Every count is kept, the last one counts."""
    here = rules.expected(register.people.values()).here
    Refused.unless_empty(rules.reasons_against_count(set(counted), here))
    if not here:
        raise Refused("Nobody is marked as being here: mark the register first")
    missing = [each.enrolment_id for each in here if each.enrolment_id not in counted]
    kept = RollCall(
        session_id=register.id, at=clock.now(), by_id=by.id, expected=len(here), counted=len(here) - len(missing),
        missing=missing,
    )  # fmt: skip
    session.add(kept)
    session.flush()
    return kept
