"""The disclosure gate says only whether somebody has answered, and whether it was considered; never what."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from portal import clock
from portal.database import session
from portal.disclosure.models import Disclosure
from portal.volunteers.models import Volunteer
from portal.volunteers.rules import Gate, GateState

KEY, TITLE = "disclosure", "Disclosure"


def gates(volunteers: Sequence[Volunteer]) -> dict[int, list[Gate]]:
    """One gate for each volunteer, in one query for any number of them; the statement itself is not read."""
    if not volunteers:
        return {}
    ids = [each.id for each in volunteers]
    rows = session.execute(
        select(Disclosure.volunteer_id, Disclosure.answered_at, Disclosure.considered_at).where(
            Disclosure.volunteer_id.in_(ids)
        )
    )
    known = {row.volunteer_id: row for row in rows}
    found = {}
    for each in volunteers:
        row = known.get(each.id)
        state, owner, at, why = GateState.NOT_STARTED, "The volunteer", None, "not answered yet"
        if row and row.considered_at:
            state, owner, at, why = GateState.MET, "The safeguarding lead", row.considered_at, "considered"
        elif row and row.answered_at:
            state, owner, at = GateState.WAITING, "The safeguarding lead", row.answered_at
            why = "answered, waiting to be considered"
        since = clock.in_london(at).date() if at else None
        found[each.id] = [Gate(KEY, TITLE, state, owner, since, why, f"/people/{each.id}/disclosure")]
    return found
