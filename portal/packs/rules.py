"""What must be true of a file before it goes into a session's pack."""

from __future__ import annotations

from collections.abc import Iterable

LONGEST_TITLE = 120


def reasons_not_to_add(title: str, *, is_in_course: bool) -> list[str]:
    """Why a file cannot go into the pack. An empty list means that it can."""
    reasons = []
    if not title.strip():
        reasons.append("Give the file a title")
    if len(title.strip()) > LONGEST_TITLE:
        reasons.append(f"The title must be {LONGEST_TITLE} characters or fewer")
    if not is_in_course:
        reasons.append("The course has no such session")
    return reasons


def title_as_kept(title: str, known: Iterable[str]) -> str:
    """The title under which there are versions already, whatever its capitals; else this one."""
    title = " ".join(title.split())
    return next((each for each in known if each.casefold() == title.casefold()), title)
