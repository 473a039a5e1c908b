"""The gate "agreement": the version as it stands has been acknowledged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from portal import clock
from portal.agreements.models import Acknowledgement, Agreement
from portal.applications.services import StillValid, still_counts
from portal.database import session
from portal.volunteers.models import Volunteer
from portal.volunteers.rules import Gate, GateState


def gates(volunteers: Sequence[Volunteer]) -> dict[int, list[Gate]]:
    """One gate for each volunteer, in two queries for any number of them."""
    if not volunteers:
        return {}
    latest: dict[int, Agreement] = {}
    schemes = {each.scheme_id for each in volunteers}
    for agreement in session.scalars(
        select(Agreement).where(Agreement.scheme_id.in_(schemes)).order_by(Agreement.number)
    ):
        latest[agreement.scheme_id] = agreement
    done: dict[int, dict[int, date]] = defaultdict(dict)
    ids = [each.id for each in volunteers]
    for line in session.scalars(select(Acknowledgement).where(Acknowledgement.volunteer_id.in_(ids))):
        done[line.volunteer_id][line.agreement_id] = clock.in_london(line.at).date()
    return {each.id: [_gate(each, latest.get(each.scheme_id), done[each.id])] for each in volunteers}


def _gate(volunteer: Volunteer, latest: Agreement | None, done: dict[int, date]) -> Gate:
    def gate(state: GateState, owner: str, since: date | None, why: str) -> Gate:
        return Gate("agreement", "Agreement", state, owner, since, why, f"/people/{volunteer.id}/place")

    if latest is None:
        return gate(GateState.NOT_STARTED, "The scheme admin", None, "no agreement has been published yet")
    if latest.id in done:
        return gate(GateState.MET, "The volunteer", done[latest.id], f"version {latest.number} acknowledged")
    published = clock.in_london(latest.published_at).date()
    if done:
        why = f"version {latest.number} is new and to be acknowledged"
        return gate(GateState.WAITING, "The volunteer", published, why)
    return gate(GateState.NOT_STARTED, "The volunteer", None, f"version {latest.number} is to be acknowledged")


@still_counts
def agreement_still_counts(volunteer: Volunteer) -> StillValid | None:
    """Whoever acknowledged the version as it stands need not do it again when they apply again."""
    is_met = gates([volunteer])[volunteer.id][0].state is GateState.MET
    return StillValid("Volunteer agreement", "you agreed to it as it is today") if is_met else None
