"""Who has not heard from us for too long, and when somebody may be rung."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from portal.messages.rules import is_open
from portal.volunteers.journey import Stage

PROMISED = (Stage.APPLYING, Stage.APPLIED, Stage.INTERVIEWING, Stage.OFFERED, Stage.READY)
"""Whoever is on the way to a course is promised to hear from us; on the course they meet us every week."""


def is_silent(last: datetime, *, days: int, now: datetime, quiet_until: date | None, today: date) -> bool:
    """Whether nobody has been in touch for the days that the scheme promises."""
    return now - last >= timedelta(days=days) and (quiet_until is None or quiet_until <= today)


def hours_now(at: time, safe_from: time | None, safe_until: time | None) -> str:
    """ "" when they can be rung now, else from when, in words."""
    if is_open(at, safe_from, safe_until):
        return ""
    return f"Can be rung from {safe_from:%H:%M} to {safe_until:%H:%M}"


def reasons_not_to_write_down(
    *, reached: str, may_leave_voicemail: bool, words: str, at: datetime, now: datetime, quiet_until: date | None,
    today: date,
) -> list[str]:  # fmt: skip
    """Why a contact cannot be written down like that. A voicemail that should not have been left is said, in words."""
    reasons = []
    if at > now:
        reasons.append("It cannot have been in the future")
    if reached == "voicemail" and not may_leave_voicemail and not words.strip():
        reasons.append("They asked us to leave no voicemail. Say what was said on it, so that somebody can act")
    if reached == "later":
        if not words.strip():
            reasons.append("Say why nobody needs to be in touch before that day")
        if quiet_until is None or not today < quiet_until <= today + timedelta(days=92):
            reasons.append("Enter a day in the next three months")
    return reasons
