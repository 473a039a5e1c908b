"""The references gate: enough references given, checked, and none that needs a closer look."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from portal import clock
from portal.database import session
from portal.references.models import Reference, ReferenceState
from portal.schemes.models import Scheme
from portal.volunteers.models import Volunteer
from portal.volunteers.rules import Gate, GateState

KEY, TITLE = "references", "References"
STAFF = "The coordinator"


def gates(volunteers: Sequence[Volunteer]) -> dict[int, list[Gate]]:
    """One gate for each volunteer, in two queries for any number of them."""
    if not volunteers:
        return {}
    schemes = session.scalars(select(Scheme).where(Scheme.id.in_({each.scheme_id for each in volunteers})))
    needed = {scheme.id: scheme.settings.references_needed for scheme in schemes}
    given: dict[int, list[Reference]] = defaultdict(list)
    ids = [each.id for each in volunteers]
    for reference in session.scalars(select(Reference).where(Reference.volunteer_id.in_(ids)).order_by(Reference.id)):
        given[reference.volunteer_id].append(reference)
    return {each.id: [_gate(each.id, given[each.id], needed[each.scheme_id])] for each in volunteers}


def _gate(volunteer_id: int, references: list[Reference], needed: int) -> Gate:
    state, owner, why, since = _reading(references, needed)
    day = clock.in_london(since).date() if since else None
    return Gate(KEY, TITLE, state, owner, day, why, f"/people/{volunteer_id}/references")


def _reading(references: list[Reference], needed: int) -> tuple[GateState, str, str, datetime | None]:
    if not needed:
        return GateState.NOT_NEEDED, STAFF, "this scheme asks for none", None
    by_state: dict[ReferenceState, list[Reference]] = defaultdict(list)
    for reference in references:
        by_state[reference.state].append(reference)
    checked, doubted = by_state[ReferenceState.VERIFIED], by_state[ReferenceState.CONCERN]
    if doubted:
        since = min(each.received_at for each in doubted if each.received_at)
        return GateState.REFUSED, "The coordinator or safeguarding lead", "one needs a closer look", since
    if len(checked) >= needed:
        since = max(each.verified_at for each in checked if each.verified_at)
        return GateState.MET, STAFF, f"{len(checked)} of {needed} checked", since
    if not references:
        return GateState.NOT_STARTED, STAFF, "nobody has been asked yet", None
    so_far = f"{len(checked)} of {needed} checked"
    if received := by_state[ReferenceState.RECEIVED]:
        since = min(each.received_at for each in received if each.received_at)
        return GateState.WAITING, STAFF, f"{so_far}, {len(received)} given and to be checked", since
    still_out = by_state[ReferenceState.REQUESTED] + by_state[ReferenceState.OPENED]
    waiting = [each for each in still_out if each.bounced_at is None]
    since = min(each.requested_at for each in references)
    if len(checked) + len(waiting) >= needed:
        return GateState.WAITING, "The referees", f"{so_far}, waiting for {len(waiting)}", since
    wanted = "another address is wanted" if len(waiting) < len(still_out) else "somebody else must be asked"
    return GateState.WAITING, STAFF, f"{so_far}, {wanted}", since
