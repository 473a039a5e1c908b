"""Saying who taught a session."""

from __future__ import annotations

from collections.abc import Mapping

from portal.accounts.models import User
from portal.cohorts.models import Cohort
from portal.database import session
from portal.hours import queries
from portal.refusals import Refused


def say_who_taught(cohort: Cohort, taught: Mapping[int, int | None], *, by: User) -> int:
    """Write down who taught these sessions (session → user, None for nobody); how many that changed."""
    held = {each.id: each for each in queries.held_sessions(cohort)}
    known = {user.id for user in queries.may_have_taught(cohort)}
    if any(number not in held for number in taught):
        raise Refused("A session that was not held has nobody who taught it")
    if any(user_id is not None and user_id not in known for user_id in taught.values()):
        raise Refused("Somebody you chose does not teach in this area")
    changed = {number: user_id for number, user_id in taught.items() if held[number].taught_by_id != user_id}
    for number, user_id in changed.items():
        held[number].taught_by_id = user_id
    session.flush()
    return len(changed)
