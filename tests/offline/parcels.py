"""What a phone sends, made for tests."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from portal import clock
from portal.offline.rules import Parcel, Tap


def milliseconds(instant: Any = None) -> int:
    """An instant, now unless given, as a phone with a right clock would say it."""
    return round((instant or clock.now()).timestamp() * 1000)


def tap(enrolment: Any, code: str, **given: Any) -> Tap:
    """One tap, with what its code needs, just now."""
    needs = {"L": {"minutes": 20}, "E": {"minutes": 40}, "A": {"reason": "medical_appt"}}.get(code, {})
    facts: dict[str, Any] = {"minutes": None, "reason": "", "note": None, "seen": "", "tapped_at": milliseconds()}
    number = enrolment if isinstance(enrolment, int) else enrolment.id
    return Tap(number, code, **{**facts, **needs, **given})


def parcel(meeting: Any, *taps: Tap, key: str | None = None, device_now: int | None = None) -> Parcel:
    """A parcel of these taps under a new key."""
    now = milliseconds() if device_now is None else device_now
    return Parcel(key or str(uuid4()), meeting.id, now, taps)


def body(meeting: Any, *marks: dict[str, Any], **given: Any) -> dict[str, Any]:
    """The same as JSON."""
    facts = {"key": str(UUID(int=0)), "session_id": meeting.id, "device_now": milliseconds(), "marks": list(marks)}
    return {**facts, **given}


def mark(enrolment: Any, code: str = "P", **given: Any) -> dict[str, Any]:
    """One mark of that JSON."""
    return {"enrolment_id": enrolment.id, "code": code, "seen": "", "marked_at": milliseconds(), **given}
