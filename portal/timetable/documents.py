"""A session of a course as an entry of a calendar."""

from __future__ import annotations

from portal.cohorts.models import CohortSession
from portal.documents.calendar_entries import Event, uid
from portal.timetable import rules


def session_event(sitting: CohortSession, *, name: str, public_url: str, is_hidden: bool = False) -> Event:
    """A session, its cohort loaded, for the calendar of somebody who knows it by this name."""
    is_over = sitting.cancelled_at is not None or sitting.cohort.cancelled_at is not None
    return Event(
        uid=uid("session", sitting.id, public_url=public_url), sequence=sitting.sequence, starts_at=sitting.starts_at,
        ends_at=sitting.ends_at, title=rules.title(name, sitting.number, is_hidden=is_hidden),
        where=rules.where(sitting.held_in), is_cancelled=is_over, changed_at=sitting.changed_at,
        url=f"{public_url}/sessions/{sitting.id}/join" if sitting.held_online_at else "",
    )  # fmt: skip
