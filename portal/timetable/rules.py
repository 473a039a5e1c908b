"""What a calendar may say where others can read it."""

from __future__ import annotations

APPOINTMENT = "Appointment"
TELLS_TOO_MUCH = (
    "offend", "probation", "prison", "parole", "police", "crim", "hmp", "custod", "convict", "jail", "court",
    "disclosure", "dbs", "health", "recover", "addict", "drug", "alcohol", "rehab", "clinic", "hospital", "trauma",
)  # fmt: skip
"""Words that would tell whoever looks over a shoulder at a telephone about somebody's past or health."""


def is_discreet(words: str) -> bool:
    """Whether words may stand in a calendar, on a locked screen, or in a family's shared week."""
    return not any(each in words.lower() for each in TELLS_TOO_MUCH)


def title(name: str, number: int | None = None, *, is_hidden: bool = False) -> str:
    """What an event is called: the scheme's (or the group's) name and which session; never what it is about."""
    if is_hidden or not name or not is_discreet(name):
        return APPOINTMENT
    return f"{name}: session {number}" if number is not None else name


def where(venue: str) -> str:
    """The place, unless its name would tell too much: then whoever goes finds it in the portal."""
    return venue if is_discreet(venue) else ""
