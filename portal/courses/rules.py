"""Finding words in a course."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from courses.syllabus import Course, Session

AROUND = 80
"""Letters shown on each side of what was found."""
SHORTEST, LONGEST = 2, 100
MOST = 200


@dataclass(frozen=True)
class Found:
    """One place in a course where the words stand; `number` is the session's, 0 outside sessions."""

    number: int
    place: str
    before: str
    words: str
    after: str


def found_in(course: Course, asked: str) -> list[Found]:
    """Every part of the course in which the words stand, the first time in each, whatever their capitals."""
    asked = " ".join(asked.split())[:LONGEST]
    if len(asked) < SHORTEST:
        return []
    found: list[Found] = []
    for number, place, written in _parts(course):
        text = " ".join(written.split())
        at = text.casefold().find(asked.casefold())
        if at < 0 or len(found) == MOST:
            continue
        # where capitals change a word's length, as in "Straße", the excerpt may begin a letter off; nothing is lost
        start, end = max(0, at - AROUND), at + len(asked)
        before = ("…" if start else "") + text[start:at]
        after = text[end : end + AROUND] + ("…" if end + AROUND < len(text) else "")
        found.append(Found(number, place, before, text[at:end], after))
    return found


def _parts(course: Course) -> Iterator[tuple[int, str, str]]:
    yield 0, "About the course", course.summary
    for criterion in course.criteria:
        yield 0, f"Criterion {criterion.key}", criterion.text
    for week in course.weeks:
        yield 0, f"Week {week.number}", f"{week.title}. {week.introduction}"
        for session in week.sessions:
            yield from _parts_of(session)


def _parts_of(session: Session) -> Iterator[tuple[int, str, str]]:
    yield session.number, "Title", f"{session.title} {session.label}"
    yield session.number, "Aims", " · ".join(session.aims)
    yield session.number, "Materials", " · ".join(session.materials)
    yield session.number, "Plan", " · ".join(step.activity for step in session.plan)
    yield session.number, "Notes for trainers", session.notes
    yield session.number, "Handout", session.handout
