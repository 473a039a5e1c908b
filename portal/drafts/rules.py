"""What is wrong with a draft and where it is mended; whether what somebody saw is still what is saved."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any
from zlib import crc32

from courses import checks
from courses.shapes import Where
from courses.syllabus import Course

PARTS = {
    "facts": "Title, length and unit",
    "covers": "Criteria covered",
    "aims": "Aims",
    "materials": "Materials",
    "plan": "Plan",
    "notes": "Notes for trainers",
    "handout": "Handout",
}
"""The pages of a session that is being written, by their place in the path."""
_HEADING = {"title": "Title", "version": "Name of the version", "level": "Level", "summary": "Summary", "code": "Code"}


@dataclass(frozen=True)
class Mend:
    """One thing to mend: where it is in words, what is wrong, and the page (endpoint and its numbers) that mends it."""

    where: str
    message: str
    page: str
    places: dict[str, Any] = field(default_factory=dict)


def mends(course: Course) -> list[Mend]:
    """Everything that keeps a draft from being published, in the order of its pages."""
    return [_mend(course, where, message) for where, message in checks.faults(course)]


def _mend(course: Course, where: Where, message: str) -> Mend:
    match where:
        case ("weeks", int(w), "sessions", int(s), str(name), *_):
            session = course.weeks[w].sessions[s]
            part = name if name in PARTS else "facts"
            words = f"Session {session.number}, {PARTS[part] if part != 'facts' else name}"
            return Mend(words, message, "edit_session", {"number": session.number, "part": part})
        case ("weeks", int(w), *_):
            return Mend(f"Week {w + 1}", message, "edit_week", {"number": w + 1})
        case ("units", int(u), "outcomes", int(o), *_):
            words = f"Unit {course.units[u].code}, outcome {o + 1}"
            return Mend(words, message, "edit_outcome", {"number": u + 1, "outcome_number": o + 1})
        case ("units", int(u), *_):
            return Mend(f"Unit {course.units[u].code}", message, "edit_unit", {"number": u + 1})
        case ("thresholds", *_):
            return Mend("How it is passed", message, "edit_passing")
        case (str(name),) if name in _HEADING:
            return Mend(_HEADING[name], message, "edit_heading")
    return Mend("Weeks" if where[:1] == ("weeks",) else "Units", message, "show_draft")


def mark_of(shown: dict[str, Any]) -> int:
    """A number that stands for what a page showed of a draft: another one when somebody saved a change to it.

    Two people who write different pages are thus never in each other's way.
    """
    return crc32(json.dumps(shown, sort_keys=True, default=str).encode()) & 0x7FFFFFFF


def code_from(title: str) -> str:
    """A code for a course of this title: "two_day_start" from "Two-day start!"."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:50]
    return words if words[:1].isalpha() else f"course_{words}".rstrip("_")
