"""Reading a batch as a phone sends it: JSON of a known shape, or words about what is wrong with it."""

from __future__ import annotations

import json
import re
from typing import Any

from portal.offline.rules import MOST_MARKS, Parcel, Tap
from portal.web import text

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
SEEN = re.compile(r"[0-9a-f]{0,16}|-")
LARGEST_ROW = 2**31 - 1
FAR_AWAY = 10**14  # milliseconds: some three thousand years


class BatchUnreadable(ValueError):
    """What was sent is no batch of marks; its words say why."""


def read(body: bytes) -> Parcel:
    """The batch in this body. Raises `BatchUnreadable`; whether its marks are right is for the register to say."""
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BatchUnreadable("This is not JSON") from error
    if not isinstance(sent, dict):
        raise BatchUnreadable("A batch of marks is an object with a key, a session and marks")
    key = _text(sent, "key", 36)
    if not UUID.fullmatch(key):
        raise BatchUnreadable("The key of a batch is a UUID in small letters")
    marks = sent.get("marks")
    if not isinstance(marks, list) or not marks:
        raise BatchUnreadable("A batch has a list of marks")
    if len(marks) > MOST_MARKS:
        raise BatchUnreadable(f"A batch has {MOST_MARKS} marks at most: send them in parts")
    taps = tuple(_tap(each) for each in marks)
    if len({tap.enrolment_id for tap in taps}) < len(taps):
        raise BatchUnreadable("A batch has one mark for a person")
    return Parcel(key, _whole(sent, "session_id", 1, LARGEST_ROW), _when(sent, "device_now"), taps)


def _tap(sent: Any) -> Tap:
    if not isinstance(sent, dict):
        raise BatchUnreadable("Each mark of a batch is an object")
    seen = _text(sent, "seen", 16)
    if not SEEN.fullmatch(seen):
        raise BatchUnreadable("“seen” is the mark's fingerprint, or empty where there was none")
    note = sent.get("note")
    if note is not None:
        note = text.tidy(_text(sent, "note", 2000))
        if text.cannot_be_kept(note, lines=False):
            raise BatchUnreadable("A note has a character in it that we cannot keep")
    return Tap(
        enrolment_id=_whole(sent, "enrolment_id", 1, LARGEST_ROW),
        code=_text(sent, "code", 10) if sent.get("code") is not None else "",
        minutes=_whole(sent, "minutes", -LARGEST_ROW, LARGEST_ROW) if sent.get("minutes") is not None else None,
        reason=_text(sent, "reason", 40) if sent.get("reason") is not None else "",
        note=note,
        seen=seen,
        tapped_at=_when(sent, "marked_at"),
        is_rest=sent.get("rest") is True,
    )


def _when(sent: dict[str, Any], name: str) -> int:
    return _whole(sent, name, -FAR_AWAY, FAR_AWAY)


def _whole(sent: dict[str, Any], name: str, least: int, most: int) -> int:
    value = sent.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise BatchUnreadable(f"“{name}” is a whole number from {least} to {most}")
    return value


def _text(sent: dict[str, Any], name: str, longest: int) -> str:
    value = sent.get(name)
    if not isinstance(value, str) or len(value) > longest:
        raise BatchUnreadable(f"“{name}” is a text of {longest} characters or fewer")
    return value
