"""The interview gate: somebody has talked with them, and keeping people safe was not scored 0."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from portal import clock
from portal.database import session
from portal.interviews.models import Interview
from portal.interviews.rules import must_refer
from portal.volunteers.models import Volunteer
from portal.volunteers.rules import Gate, GateState

KEY, TITLE = "interview", "Interview"
STAFF = "The coordinator"


def gates(volunteers: Sequence[Volunteer]) -> dict[int, list[Gate]]:
    """One gate for each volunteer, in one query for any number of them. The latest interview held counts."""
    if not volunteers:
        return {}
    latest: dict[int, Interview] = {}
    ids = [each.id for each in volunteers]
    for interview in session.scalars(
        select(Interview)
        .where(Interview.volunteer_id.in_(ids), Interview.cancelled_at.is_(None))
        .order_by(Interview.planned_at, Interview.id)
    ):
        before = latest.get(interview.volunteer_id)
        if before is None or before.held_at is None or interview.held_at is not None:
            latest[interview.volunteer_id] = interview
    return {each.id: [_gate(each.id, latest.get(each.id))] for each in volunteers}


def _gate(volunteer_id: int, interview: Interview | None) -> Gate:
    link = f"/people/{volunteer_id}/interviews"
    if interview is None:
        return Gate(KEY, TITLE, GateState.NOT_STARTED, STAFF, None, "no interview is planned", link)
    if interview.held_at is None:
        day = clock.in_london(interview.planned_at).date()
        return Gate(KEY, TITLE, GateState.WAITING, STAFF, day, f"planned for {day.day} {day:%B %Y}", link)
    day = clock.in_london(interview.held_at).date()
    if must_refer(interview.scores):
        why = "refer to the safeguarding lead"
        return Gate(KEY, TITLE, GateState.REFUSED, "The safeguarding lead", day, why, link)
    return Gate(KEY, TITLE, GateState.MET, STAFF, day, f"held on {day.day} {day:%B %Y}", link)
