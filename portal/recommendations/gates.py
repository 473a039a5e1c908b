"""The gate "recommendation": somebody who knows them says yes. "Not yet" waits until the day they named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select

from portal import clock
from portal.database import session
from portal.recommendations.models import Recommendation, RecommendationState
from portal.recommendations.queries import WAITING
from portal.volunteers.models import Volunteer
from portal.volunteers.rules import Gate, GateState

KEY, TITLE = "recommendation", "Recommendation"
STAFF, PRACTITIONER = "The coordinator", "The practitioner"


def gates(volunteers: Sequence[Volunteer]) -> dict[int, list[Gate]]:
    """One gate for each volunteer, in one query for any number of them."""
    if not volunteers:
        return {}
    named: dict[int, list[Recommendation]] = defaultdict(list)
    ids = [each.id for each in volunteers]
    query = select(Recommendation).where(Recommendation.volunteer_id.in_(ids)).order_by(Recommendation.id)
    for recommendation in session.scalars(query):
        named[recommendation.volunteer_id].append(recommendation)
    return {each.id: [_gate(each.id, named[each.id])] for each in volunteers}


def _gate(volunteer_id: int, named: list[Recommendation]) -> Gate:
    state, owner, since, why = _reading(named)
    day = clock.in_london(since).date() if isinstance(since, datetime) else since
    return Gate(KEY, TITLE, state, owner, day, why, f"/people/{volunteer_id}/recommendation")


def _reading(named: list[Recommendation]) -> tuple[GateState, str, date | None, str]:
    """One who recommends is enough; somebody who asked to be rung is rung first."""
    if not named:
        return GateState.NOT_STARTED, STAFF, None, "no practitioner has been named yet"
    for each in named:
        if each.wants_a_call:
            return GateState.WAITING, STAFF, each.answered_at, f"{each.name} would like to be rung before we go on"
    for each in named:
        if each.stops_after_call:
            return GateState.REFUSED, STAFF, each.answered_at, "something has to be talked over first"
    by_state = {each.state: each for each in named}
    if yes := by_state.get(RecommendationState.RECOMMENDED):
        return GateState.MET, STAFF, yes.answered_at, f"recommended by {yes.name}"
    waiting = [each for each in named if each.state in WAITING]
    if bounced := [each for each in waiting if each.bounced_at]:
        return GateState.WAITING, STAFF, bounced[0].bounced_at, "the letter came back: another address is wanted"
    if waiting:
        owner = PRACTITIONER if any(each.email for each in waiting) else STAFF
        why = "asked, not answered yet" if owner == PRACTITIONER else "to be asked by phone"
        return GateState.WAITING, owner, waiting[0].asked_at, why
    if later := [each.look_again_on for each in named if each.look_again_on]:
        day = min(later)
        return GateState.WAITING, PRACTITIONER, None, f"not yet: we ask again on {day.day} {day:%B %Y}"
    if RecommendationState.NAMED in by_state:
        return GateState.WAITING, STAFF, None, "named, not asked yet"
    if RecommendationState.EXPIRED in by_state:
        return GateState.WAITING, STAFF, by_state[RecommendationState.EXPIRED].asked_at, "asked, but never answered"
    return GateState.WAITING, STAFF, named[-1].answered_at, "could not say: somebody else must be asked"
