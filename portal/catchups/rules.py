"""Times at which missed sessions are made up: what is wrong with one, and which are the most urgent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

DID_NOT_COME = "Did not come"
LEFT = "nobody who was to come is on the course any more"
NOT_HELD = "the session does not count any more, so nobody has to make it up"


@dataclass(frozen=True)
class Busy:
    """Something a person has in their diary already."""

    starts_at: datetime
    ends_at: datetime
    what: str


@dataclass(frozen=True)
class Owed:
    """A missed session that can still be made up."""

    enrolment_id: int
    volunteer_id: int
    name: str
    cohort_id: int
    cohort: str
    session_id: int
    number: int
    title: str
    minutes: int
    by: date | None
    is_needed: bool
    """They cannot pass without it."""
    is_asked_for: bool
    booking_id: int | None
    """The time that is booked for it, when there is one."""


def most_urgent_first(owed: Iterable[Owed]) -> list[Owed]:
    """What has no time yet before what has, then by its last day, then what somebody needs to pass."""
    return sorted(
        owed,
        key=lambda each: (
            each.booking_id is not None,
            each.by or date.max,
            not each.is_needed,
            each.name,
            each.number,
        ),
    )


def reasons_not_then(
    *, starts_at: datetime, minutes: int, session_ends_at: datetime, session_minutes: int, now: datetime,
) -> list[str]:  # fmt: skip
    """Why nothing can be booked at this time, whoever it is for."""
    reasons = []
    if starts_at < session_ends_at:
        reasons.append("A catch-up can only be after the session itself")
    elif starts_at <= now:
        reasons.append("That time has passed. If the catch-up has taken place, record it instead")
    if not 1 <= minutes <= session_minutes:
        reasons.append(f"The minutes must be from 1 to {session_minutes}, as long as the session was")
    return reasons


def reason_too_late(name: str, day: date, until: date) -> list[str]:
    """Why this day is too late for somebody."""
    if day <= until:
        return []
    return [f"{name} must catch up this session by {until.day} {until:%B %Y}"]


def clashes(name: str, busy: Sequence[Busy], starts_at: datetime, minutes: int) -> list[str]:
    """What somebody has in their diary at that time, in words."""
    ends_at = starts_at + timedelta(minutes=minutes)
    return [
        f"{name} is not free then: {each.what}"
        for each in busy
        if each.starts_at < ends_at and starts_at < each.ends_at
    ]
