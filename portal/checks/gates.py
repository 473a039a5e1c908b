"""The gate "dbs"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from portal import clock
from portal.applications.services import StillValid, still_counts
from portal.checks.models import DbsCheck, Suitability
from portal.database import session
from portal.volunteers.models import Volunteer
from portal.volunteers.rules import Gate, GateState

OFFICER, LEAD = "The DBS officer", "The safeguarding lead"


def gates(volunteers: Sequence[Volunteer]) -> dict[int, list[Gate]]:
    """The gate "dbs" of each volunteer, in one query for any number of them."""
    if not volunteers:
        return {}
    ids = [each.id for each in volunteers]
    checks: dict[int, list[DbsCheck]] = defaultdict(list)
    for check in session.scalars(
        select(DbsCheck)
        .where(DbsCheck.volunteer_id.in_(ids), DbsCheck.closed_at.is_(None))
        .order_by(DbsCheck.applied_on, DbsCheck.id)
    ):
        checks[check.volunteer_id].append(check)
    return {each.id: [_dbs_gate(each.id, checks[each.id])] for each in volunteers}


def _dbs_gate(volunteer_id: int, checks: list[DbsCheck]) -> Gate:
    state, owner, since, why = _reading(checks)
    return Gate("dbs", "DBS check", state, owner, since, why, f"/people/{volunteer_id}/checks")


def _reading(checks: list[DbsCheck]) -> tuple[GateState, str, date | None, str]:
    """The last decision counts; while its re-check is overdue, or it was put off, whatever is under way does."""
    if not checks:
        return GateState.NOT_STARTED, OFFICER, None, "no check has been applied for"
    decided = [check for check in checks if check.decided_at and check.decision is not Suitability.DEFERRED]
    if decided:
        last = max(decided, key=lambda check: (check.decided_at, check.id))
        assert last.decided_at is not None
        day = clock.in_london(last.decided_at).date()
        if last.decision is Suitability.NOT_SUITABLE:
            return GateState.REFUSED, LEAD, day, "decided: not suitable"
        if last.recheck_due_on is None or last.recheck_due_on > clock.today():
            words = "suitable" if last.decision is Suitability.SUITABLE else "suitable, with conditions"
            return GateState.MET, LEAD, day, f"decided: {words}"
    current = checks[-1]
    if current.decision is Suitability.DEFERRED:
        return GateState.WAITING, LEAD, current.seen_on, "the decision was put off"
    if current.decided_at is None:
        if current.seen_on is None:
            return GateState.WAITING, OFFICER, current.applied_on, "applied for, the certificate is still to be seen"
        return GateState.WAITING, LEAD, current.seen_on, "the certificate was seen, to be decided"
    return GateState.REFUSED, OFFICER, current.recheck_due_on, "a new check is due"


@still_counts
def dbs_still_counts(volunteer: Volunteer) -> StillValid | None:
    """A decision whose check is not due again need not be asked for anew by somebody who applies again."""
    is_met = gates([volunteer])[volunteer.id][0].state is GateState.MET
    return StillValid("DBS check", "it is decided and not due again yet") if is_met else None
