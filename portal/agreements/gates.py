"""The gate "agreement": every kind that the scheme asks for has been acknowledged, in the version that stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from portal import clock
from portal.agreements.queries import Asked, asked_of
from portal.applications.services import StillValid, still_counts
from portal.volunteers.models import Volunteer
from portal.volunteers.rules import Gate, GateState


def gates(volunteers: Sequence[Volunteer]) -> dict[int, list[Gate]]:
    """One gate for each volunteer, in two queries for any number of them."""
    if not volunteers:
        return {}
    asked = asked_of(volunteers)
    return {each.id: [_gate(each, asked[each.id])] for each in volunteers}


def _gate(volunteer: Volunteer, asked: list[Asked]) -> Gate:
    def gate(state: GateState, owner: str, since: date | None, why: str) -> Gate:
        return Gate("agreement", "Agreement", state, owner, since, why, f"/people/{volunteer.id}/place")

    if not asked:
        return gate(GateState.NOT_STARTED, "The scheme admin", None, "no agreement has been published yet")
    missing = [each for each in asked if not each.is_done]
    if not missing:
        since = max((each.since for each in asked if each.since), default=None)
        return gate(GateState.MET, "The volunteer", since, _done(asked))
    published = max(clock.in_london(each.agreement.published_at).date() for each in missing)
    is_under_way = any(each.is_done or each.has_older for each in asked)
    state = GateState.WAITING if is_under_way else GateState.NOT_STARTED
    return gate(state, "The volunteer", published if is_under_way else None, _missing(missing, of=len(asked)))


def _done(asked: list[Asked]) -> str:
    numbers = [each.done.agreement.number for each in asked if each.done]
    return f"version {numbers[0]} acknowledged" if len(asked) == 1 else f"all {len(asked)} acknowledged"


def _missing(missing: list[Asked], *, of: int) -> str:
    said = []
    for each in missing:
        version = f"version {each.agreement.number}"
        named = version if of == 1 else f"{each.agreement.kind.words}, {version},"
        said.append(f"{named} is new and to be acknowledged" if each.has_older else f"{named} is to be acknowledged")
    return "; ".join(said)


@still_counts
def agreement_still_counts(volunteer: Volunteer) -> StillValid | None:
    """Whoever acknowledged the versions as they stand need not do it again when they apply again."""
    is_met = gates([volunteer])[volunteer.id][0].state is GateState.MET
    return StillValid("Volunteer agreement", "you agreed to it as it is today") if is_met else None
