"""Changes a course that is being written. It may be incomplete; sessions and criteria are numbered by themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Any, TypeVar

from courses import shapes
from courses.syllabus import Course, CourseInvalid, Criterion, Outcome, Problem, Session, Thresholds, Unit, Week

T = TypeVar("T")
ALIKE = 0.5
"""How alike two wordings must be for the one to have become the other."""


def begun(code: str, title: str, level: int = 2) -> Course:
    """A course of which nothing is written yet."""
    return Course(code, title, "1.0", level, "", (), Thresholds(), ())


def from_draft(body: Mapping[str, Any]) -> Course:
    """The course in a draft: whole in its shape, though perhaps not ready to be taught."""
    faults: list[shapes.Fault] = []
    course = shapes.build(Course, body, faults)
    if course is None:
        raise CourseInvalid([Problem("draft", 0, message) for _, message in faults])
    return course


@dataclass(frozen=True)
class Piece:
    """A piece of a course that can be moved, copied or removed: `places` count from 1, as people do."""

    kind: str
    places: tuple[int, ...]

    @classmethod
    def read(cls, words: str) -> "Piece | None":
        """From "sessions/5", "weeks/2", "units/1" or "units/1/outcomes/2"; None when it is none of these."""
        parts = words.split("/")
        names, numbers = tuple(parts[::2]), parts[1::2]
        if names not in {("sessions",), ("weeks",), ("units",), ("units", "outcomes")} or len(numbers) != len(names):
            return None
        if not all(number.isascii() and number.isdigit() and len(number) < 5 for number in numbers):
            return None
        return cls(names[-1], tuple(int(number) for number in numbers))

    def title(self, course: Course) -> str | None:
        """What it is called on a page; None when the course has no such piece."""
        place = self.places[-1] - 1
        if self.kind == "sessions":
            return _called(f"session {place + 1}", [each.title for each in course.sessions], place)
        if self.kind == "weeks":
            return _called(f"week {place + 1}", [each.title for each in course.weeks], place)
        if self.kind == "units":
            return _called("unit", [f"{each.code} {each.title}" for each in course.units], place)
        outer = self.places[0] - 1
        if not 0 <= outer < len(course.units):
            return None
        return _called(f"outcome {place + 1}", [each.title for each in course.units[outer].outcomes], place)


def numbered(course: Course) -> Course:
    """Weeks and sessions counted from 1; the list of mandatory sessions follows from the sessions."""
    weeks, number = [], 0
    for week_number, week in enumerate(course.weeks, start=1):
        sessions = []
        for session in week.sessions:
            number += 1
            sessions.append(replace(session, number=number, week=week_number))
        weeks.append(replace(week, number=week_number, sessions=tuple(sessions)))
    mandatory = tuple(each.number for week in weeks for each in week.sessions if each.mandatory)
    return replace(course, weeks=tuple(weeks), thresholds=replace(course.thresholds, mandatory_sessions=mandatory))


def with_passing(course: Course, thresholds: Thresholds) -> Course:
    """Other thresholds; the sessions learn which of them are mandatory."""
    chosen = set(thresholds.mandatory_sessions)
    weeks = tuple(
        replace(week, sessions=tuple(replace(each, mandatory=each.number in chosen) for each in week.sessions))
        for week in course.weeks
    )
    return numbered(replace(course, thresholds=thresholds, weeks=weeks))


def with_week(course: Course, number: int, week: Week) -> Course:
    """The week in place of the one with this number, or after the last."""
    return numbered(replace(course, weeks=_put(course.weeks, number - 1, week)))


def with_session(course: Course, session: Session) -> Course:
    """The session in place of the one with its number."""
    weeks = tuple(
        replace(week, sessions=tuple(session if each.number == session.number else each for each in week.sessions))
        for week in course.weeks
    )
    return numbered(replace(course, weeks=weeks))


def with_new_session(course: Course, week_number: int, session: Session) -> Course:
    """The session at the end of a week."""
    week = course.weeks[week_number - 1]
    return with_week(course, week_number, replace(week, sessions=(*week.sessions, session)))


def with_unit(course: Course, place: int, unit: Unit) -> Course:
    """The unit at this place (from 1), or after the last. Its criteria and the sessions follow a new code."""
    before = course.units[place - 1] if place <= len(course.units) else unit
    keys = {each.key: each.key.replace(before.code, unit.code, 1) for each in before.criteria}
    outcomes = tuple(
        replace(outcome, criteria=tuple(replace(each, key=keys.get(each.key, each.key)) for each in outcome.criteria))
        for outcome in unit.outcomes
    )
    changed = replace(course, units=_put(course.units, place - 1, replace(unit, outcomes=outcomes)))
    return _taught(changed, keys, {before.code: unit.code})


def with_outcome(course: Course, unit_place: int, place: int, title: str, criteria: Sequence[str]) -> Course:
    """An outcome of a unit, or a new one after the last, with these criteria; sessions keep what they cover.

    A criterion is known again by its words, or by words that are like them.
    """
    unit = course.units[unit_place - 1]
    old = unit.outcomes[place - 1] if place <= len(unit.outcomes) else Outcome(0, title, ())
    kept = _paired([each.text for each in old.criteria], criteria)
    made = tuple(
        Criterion(old.criteria[kept[n]].key if n in kept else f"new {n}", words) for n, words in enumerate(criteria)
    )
    outcomes = _put(unit.outcomes, place - 1, replace(old, title=title, criteria=made))
    return _with_outcomes(course, unit_place, outcomes)


def moved(course: Course, piece: Piece, step: int) -> Course:
    """The piece one place up (-1) or down (1). A session goes over into the next week; the first stays first."""
    place = piece.places[-1] - 1
    if piece.kind == "sessions":
        return _session_moved(course, piece.places[0], step)
    if piece.kind == "weeks":
        return numbered(replace(course, weeks=_swapped(course.weeks, place, step)))
    if piece.kind == "units":
        return replace(course, units=_swapped(course.units, place, step))
    unit = course.units[piece.places[0] - 1]
    return _with_outcomes(course, piece.places[0], _swapped(unit.outcomes, place, step))


def removed(course: Course, piece: Piece) -> Course:
    """The course without the piece; what was covered by it, or of it, is forgotten."""
    place = piece.places[-1] - 1
    if piece.kind == "sessions":
        return _each_week(course, lambda each: () if each.number == piece.places[0] else (each,))
    if piece.kind == "weeks":
        return numbered(replace(course, weeks=_without(course.weeks, place)))
    if piece.kind == "units":
        gone = course.units[place]
        changed = replace(course, units=_without(course.units, place))
        return _taught(changed, {each.key: "" for each in gone.criteria}, {gone.code: ""})
    unit = course.units[piece.places[0] - 1]
    return _with_outcomes(course, piece.places[0], _without(unit.outcomes, place))


def copied(course: Course, number: int) -> Course:
    """The session once more, right after itself."""
    return _each_week(
        course,
        lambda each: (each, replace(each, title=f"{each.title} (copy)")) if each.number == number else (each,),
    )


def _each_week(course: Course, change: Any) -> Course:
    weeks = tuple(
        replace(week, sessions=tuple(made for each in week.sessions for made in change(each))) for week in course.weeks
    )
    return numbered(replace(course, weeks=weeks))


def _session_moved(course: Course, number: int, step: int) -> Course:
    weeks = [list(week.sessions) for week in course.weeks]
    w, s = next((w, s) for w, held in enumerate(weeks) for s, each in enumerate(held) if each.number == number)
    session = weeks[w].pop(s)
    if 0 <= s + step <= len(weeks[w]):
        weeks[w].insert(s + step, session)
    elif 0 <= w + step < len(weeks):
        weeks[w + step].insert(len(weeks[w + step]) if step < 0 else 0, session)
    else:
        weeks[w].insert(s, session)
    held = zip(course.weeks, weeks, strict=True)
    return numbered(replace(course, weeks=tuple(replace(week, sessions=tuple(each)) for week, each in held)))


def _with_outcomes(course: Course, unit_place: int, outcomes: tuple[Outcome, ...]) -> Course:
    """The unit with these outcomes, numbered anew; what sessions cover follows the new numbers."""
    unit = course.units[unit_place - 1]
    keys = {each.key: "" for each in unit.criteria}
    made = []
    for n, outcome in enumerate(outcomes, start=1):
        criteria = []
        for m, criterion in enumerate(outcome.criteria, start=1):
            keys[criterion.key] = f"{unit.code}.{n}.{m}"
            criteria.append(Criterion(keys[criterion.key], criterion.text))
        made.append(replace(outcome, number=n, criteria=tuple(criteria)))
    changed = replace(course, units=_put(course.units, unit_place - 1, replace(unit, outcomes=tuple(made))))
    return _taught(changed, keys, {})


def _taught(course: Course, keys: Mapping[str, str], units: Mapping[str, str]) -> Course:
    """The sessions with other names for what they cover and teach; an empty name is forgotten."""
    return _each_week(
        course,
        lambda each: (
            replace(
                each,
                unit=units.get(each.unit, each.unit),
                covers=tuple(new for key in each.covers if (new := keys.get(key, key))),
            ),
        ),
    )


def _paired(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """Which of the old wordings each of the new ones is: the same words, else the likest that is left."""
    pairs: dict[int, int] = {}
    for n, words in enumerate(new):
        for o, before in enumerate(old):
            if before == words and o not in pairs.values():
                pairs[n] = o
                break
    left = [(SequenceMatcher(None, old[o], new[n]).ratio(), -abs(o - n), n, o)
            for n in range(len(new)) if n not in pairs for o in range(len(old)) if o not in pairs.values()]  # fmt: skip
    for ratio, _, n, o in sorted(left, reverse=True):
        if ratio >= ALIKE and n not in pairs and o not in pairs.values():
            pairs[n] = o
    return pairs


def _put(items: tuple[T, ...], place: int, item: T) -> tuple[T, ...]:
    return (*items[:place], item, *items[place + 1 :])


def _without(items: tuple[T, ...], place: int) -> tuple[T, ...]:
    return (*items[:place], *items[place + 1 :])


def _swapped(items: tuple[T, ...], place: int, step: int) -> tuple[T, ...]:
    if not 0 <= place + step < len(items):
        return items
    changed = list(items)
    changed[place], changed[place + step] = changed[place + step], changed[place]
    return tuple(changed)


def _called(kind: str, titles: list[str], place: int) -> str | None:
    return f"{kind}: {titles[place]}" if 0 <= place < len(titles) else None
