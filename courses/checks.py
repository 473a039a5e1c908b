"""What must be true of any course, wherever it was read from."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from courses import shapes
from courses.shapes import Fault, Where
from courses.syllabus import Course, Session, Thresholds, Unit
from courses.wording import can_be_shown, cuts, many_lines, one_line

_CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")
_UNIT_CODE = re.compile(r"[A-Z][A-Z0-9]{0,9}")
LONGEST_SESSION = 600
"""Minutes. A course day is shorter than ten hours; a longer "session" is a slip of the keyboard."""

MOST_SESSIONS = 300
MOST_WEEKS = 99
"""Their files are numbered with two digits."""
LONGEST_PART = 300_000
"""Bytes of a week, or of the units: well below the largest file the loader takes."""


def faults(course: Course) -> list[Fault]:
    """Everything wrong with `course`, each with the way to it. An empty list means it can be taught."""
    return [
        *_heading(course),
        *_units(course),
        *_thresholds(course.thresholds, len(course.sessions)),
        *_weeks(course),
        *_hours(course),
        *_coverage(course),
        *_wording(course),
        *_sizes(course),
    ]


def _heading(course: Course) -> Iterator[Fault]:
    if not _CODE.fullmatch(course.code):
        yield Fault(("code",), "must be small letters, digits and _ only, starting with a letter")
    for name in ("title", "version"):
        if not getattr(course, name).strip():
            yield Fault((name,), "must not be empty")
    yield from _between(course.level, 1, 8, ("level",))


def _units(course: Course) -> Iterator[Fault]:
    if not course.units:
        yield Fault(("units",), "a course needs at least one unit")
    yield from _repeats((unit.code for unit in course.units), ("units",), "unit")
    yield from _repeats((criterion.key for criterion in course.criteria), ("units",), "criterion")
    for n, unit in enumerate(course.units):
        yield from _unit(unit, ("units", n))


def _unit(unit: Unit, at: Where) -> Iterator[Fault]:
    if not _UNIT_CODE.fullmatch(unit.code):
        yield Fault((*at, "code"), "must be capital letters and digits, such as U1")
    if not unit.title.strip():
        yield Fault((*at, "title"), "must not be empty")
    yield from _between(unit.level, 1, 8, (*at, "level"))
    yield from _between(unit.credits, 0, 60, (*at, "credits"))
    yield from _between(unit.glh, 1, 600, (*at, "glh"))
    if unit.tqt < unit.glh:
        yield Fault((*at, "tqt"), f"total time ({unit.tqt} hours) is less than guided learning ({unit.glh})")
    if not unit.criteria:
        yield Fault(at, f"unit {unit.code} has no criteria")
    yield from _repeats((o.number for o in unit.outcomes), (*at, "outcomes"), f"outcome of {unit.code}")
    for n, outcome in enumerate(unit.outcomes):
        for m, criterion in enumerate(outcome.criteria):
            here = (*at, "outcomes", n, "criteria", m)
            if not re.fullmatch(rf"{re.escape(unit.code)}\.{outcome.number}\.\d+", criterion.key):
                yield Fault(
                    (*here, "key"),
                    f'criterion "{criterion.key}" does not belong to outcome {outcome.number} of '
                    f"{unit.code}: its number must start {outcome.number}.",
                )
            if not criterion.text.strip():
                yield Fault((*here, "text"), f"criterion {criterion.key} has no words")


def _thresholds(thresholds: Thresholds, sessions: int) -> Iterator[Fault]:
    at: Where = ("thresholds",)
    yield from _between(thresholds.minimum_percent, 0, 100, (*at, "minimum_percent"))
    yield from _between(thresholds.max_unauthorised, 0, 1000, (*at, "max_unauthorised"))
    yield from _between(thresholds.catch_up_days, 0, 365, (*at, "catch_up_days"))
    yield from _between(thresholds.late_limit_percent, 0, 100, (*at, "late_limit_percent"))
    here = (*at, "mandatory_sessions")
    yield from _repeats(thresholds.mandatory_sessions, here, "mandatory session")
    for number in thresholds.mandatory_sessions:
        if not 1 <= number <= sessions:
            yield Fault(here, f"session {number} is mandatory, but the course has {sessions} sessions")


def _weeks(course: Course) -> Iterator[Fault]:
    if not course.sessions:
        yield Fault(("weeks",), "a course needs at least one session")
    expected = 1
    for w, week in enumerate(course.weeks):
        if week.number != w + 1:
            yield Fault(("weeks", w, "number"), f"this must be week {w + 1}, not {week.number}")
        if not week.title.strip():
            yield Fault(("weeks", w, "title"), "must not be empty")
        if not week.sessions:
            yield Fault(("weeks", w), f"week {week.number} has no session")
        for s, session in enumerate(week.sessions):
            at = ("weeks", w, "sessions", s)
            if session.number != expected:
                yield Fault((*at, "number"), f"this must be session {expected}, not {session.number}")
            expected += 1
            if session.week != week.number:
                yield Fault((*at, "week"), f"this session stands in week {week.number}")
            yield from _session(session, course, at)


def _session(session: Session, course: Course, at: Where) -> Iterator[Fault]:
    yield from _between(session.minutes, 5, LONGEST_SESSION, (*at, "minutes"))
    for name in ("title", "handout"):
        if not getattr(session, name).strip():
            yield Fault((*at, name), "must not be empty")
    if not session.aims:
        yield Fault((*at, "aims"), f"session {session.number} has no aims")
    if session.unit not in {unit.code for unit in course.units}:
        yield Fault((*at, "unit"), f'there is no unit "{session.unit}"')
    keys = {criterion.key for criterion in course.criteria}
    for key in session.covers:
        if key not in keys:
            yield Fault((*at, "covers"), f'there is no criterion "{key}"')
    yield from _repeats(session.covers, (*at, "covers"), "criterion")
    if session.mandatory != (session.number in course.thresholds.mandatory_sessions):
        yield Fault((*at, "mandatory"), "does not agree with the list of mandatory sessions")
    for n, step in enumerate(session.plan):
        yield from _between(step.minutes, 1, LONGEST_SESSION, (*at, "plan", n))
        if not step.activity.strip():
            yield Fault((*at, "plan", n), "says no activity")
    planned = sum(step.minutes for step in session.plan)
    if planned != session.minutes:
        yield Fault(
            (*at, "plan"),
            f"the plan of session {session.number} adds up to {planned} minutes, not {session.minutes}",
        )


def _hours(course: Course) -> Iterator[Fault]:
    taught: Counter[str] = Counter()
    for session in course.sessions:
        taught[session.unit] += session.minutes
    for n, unit in enumerate(course.units):
        if taught[unit.code] < unit.glh * 60:
            hours = f"{taught[unit.code] / 60:g}"
            yield Fault(
                ("units", n, "glh"),
                f"{unit.code} asks for {unit.glh} guided hours, its sessions give {hours}",
            )


def _coverage(course: Course) -> Iterator[Fault]:
    covered = {key for session in course.sessions for key in session.covers}
    for u, unit in enumerate(course.units):
        for o, outcome in enumerate(unit.outcomes):
            for c, criterion in enumerate(outcome.criteria):
                if criterion.key not in covered:
                    at = ("units", u, "outcomes", o, "criteria", c)
                    yield Fault(at, f"criterion {criterion.key} is not covered by any session")


def _wording(course: Course) -> Iterator[Fault]:
    """What the files of a course could not hold as it is."""
    yield from _shown(course.summary, ("summary",))
    for name in ("title", "version"):
        yield from _on_one_line(getattr(course, name), (name,))
    for u, unit in enumerate(course.units):
        yield from _on_one_line(unit.title, ("units", u, "title"))
        for o, outcome in enumerate(unit.outcomes):
            yield from _on_one_line(outcome.title, ("units", u, "outcomes", o, "title"))
            for c, criterion in enumerate(outcome.criteria):
                yield from _on_one_line(criterion.text, ("units", u, "outcomes", o, "criteria", c))
    for w, week in enumerate(course.weeks):
        yield from _on_one_line(week.title, ("weeks", w, "title"))
        yield from _in_lines(week.introduction, ("weeks", w, "introduction"))
        for s, session in enumerate(week.sessions):
            yield from _session_wording(session, ("weeks", w, "sessions", s))


def _session_wording(session: Session, at: Where) -> Iterator[Fault]:
    for name in ("title", "label"):
        yield from _on_one_line(getattr(session, name), (*at, name))
    for name in ("notes", "handout"):
        yield from _in_lines(getattr(session, name), (*at, name))
    for name in ("aims", "materials"):
        for item in getattr(session, name):
            if not item.strip():
                yield Fault((*at, name), "has a line that says nothing")
            yield from _on_one_line(item, (*at, name))
    for n, step in enumerate(session.plan):
        yield from _on_one_line(step.activity, (*at, "plan", n))


def _shown(text: str, at: Where) -> Iterator[Fault]:
    if not can_be_shown(text):
        yield Fault(at, "must have no character that a page cannot show")


def _on_one_line(text: str, at: Where) -> Iterator[Fault]:
    yield from _shown(text, at)
    if text != one_line(text):
        yield Fault(at, "must be on one line, without space around it")


def _in_lines(text: str, at: Where) -> Iterator[Fault]:
    yield from _shown(text, at)
    if text != many_lines(text):
        yield Fault(at, "must have no space at the end of a line, and no empty lines around it")
    if cuts(text):
        yield Fault(at, "must have no heading of ## or ###: inside these words a heading begins ####")


def _sizes(course: Course) -> Iterator[Fault]:
    if len(course.weeks) > MOST_WEEKS:
        yield Fault(("weeks",), f"a course has at most {MOST_WEEKS} weeks, not {len(course.weeks)}")
    if len(course.sessions) > MOST_SESSIONS:
        yield Fault(("weeks",), f"a course has at most {MOST_SESSIONS} sessions, not {len(course.sessions)}")
    if _size(course.units) + _size(course.summary) > LONGEST_PART:
        yield Fault(("units",), "the units have too many words to be kept in one file")
    for w, week in enumerate(course.weeks):
        if _size(week) > LONGEST_PART:
            yield Fault(("weeks", w), f"week {week.number} has too many words to be kept in one file")


def _size(value: object) -> int:
    return len(json.dumps(shapes.plain(value), ensure_ascii=False).encode(errors="replace"))


def _between(value: int, least: int, most: int, at: Where) -> Iterator[Fault]:
    if not least <= value <= most:
        yield Fault(at, f"must be from {least} to {most}, not {value}")


def _repeats(values: Iterable[str | int], at: Where, what: str) -> Iterator[Fault]:
    for value, times in Counter(values).items():
        if times > 1:
            yield Fault(at, f"{what} {value} is there {times} times")
