"""What is different between two versions of a course, in words for whoever decides to move to the newer one."""

from collections.abc import Iterator
from dataclasses import dataclass

from courses.syllabus import Course, Criterion, Outcome, PlanStep, Session, Thresholds, Unit

NOTHING = "–"
"""Stands where one of the two versions has nothing."""
_LONG = "changed"
_LONGEST = 300
"""Letters. A longer text is shown as changed: nobody compares two paragraphs in a table."""

_THRESHOLDS = (
    ("minimum_percent", "Attendance asked for", "{}%"),
    ("max_unauthorised", "Absences without telling us, at most", "{}"),
    ("catch_up_days", "Time to catch up a session", "{} days"),
    ("late_limit_percent", "Missing more of a session than this is missing it", "{}%"),
)


@dataclass(frozen=True)
class Difference:
    """One thing that is not the same: where, what stood there, and what stands there now."""

    where: str
    before: str
    after: str


def differences(old: Course, new: Course) -> tuple[Difference, ...]:
    """Everything that differs from `old` to `new`, the course itself first, then units, weeks and sessions."""
    return tuple(each for each in _all(old, new) if each.before != each.after)


def paired_sessions(old: Course, new: Course) -> tuple[tuple[Session | None, Session | None], ...]:
    """Which session became which, in the order of `new`, then those that `new` no longer has.

    A session is known again by its title, or else by its number, when nothing else claims that one.
    """
    partner: dict[int, Session] = {}
    left = {each.number: each for each in old.sessions}
    # First the ones that kept both, so that of two sessions with one title each finds its own.
    for knows in (
        lambda a, b: a.number == b.number and _same(a, b),
        _same,
        lambda a, b: a.number == b.number,
    ):
        for session in new.sessions:
            found = next((each for each in left.values() if knows(each, session)), None)
            if session.number not in partner and found is not None:
                partner[session.number] = left.pop(found.number)
    return (
        *((partner.get(session.number), session) for session in new.sessions),
        *((session, None) for session in left.values()),
    )


def _same(old: Session, new: Session) -> bool:
    return old.title.casefold() == new.title.casefold()


def _all(old: Course, new: Course) -> Iterator[Difference]:
    for name, words in (("title", "Title"), ("version", "Version"), ("level", "Level"), ("summary", "Summary")):
        yield _changed(words, str(getattr(old, name)), str(getattr(new, name)))
    yield from _thresholds(old.thresholds, new.thresholds)
    yield from _units(old, new)
    yield from _weeks(old, new)
    for before, after in paired_sessions(old, new):
        if before and after:
            yield from _session(before, after)
        elif after:
            yield Difference(f"Session {after.number}", NOTHING, f"New: {_in_short(after)}")
        elif before:
            yield Difference(f"Session {before.number}", _in_short(before), "Taken out")


def _changed(where: str, before: str, after: str) -> Difference:
    """Both texts, or only the news when they are too long to lay side by side."""
    before, after = before.strip(), after.strip()
    if before != after and max(len(before), len(after)) > _LONGEST:
        return Difference(where, _how_long(before), _LONG if after else NOTHING)
    return Difference(where, before or NOTHING, after or NOTHING)


def _how_long(text: str) -> str:
    count = len(text.split())
    return f"{count} {'word' if count == 1 else 'words'}" if text else NOTHING


def _thresholds(old: Thresholds, new: Thresholds) -> Iterator[Difference]:
    for name, words, shape in _THRESHOLDS:
        yield Difference(words, shape.format(getattr(old, name)), shape.format(getattr(new, name)))


def _units(old: Course, new: Course) -> Iterator[Difference]:
    before, after = ({unit.code: unit for unit in course.units} for course in (old, new))
    for code, unit in after.items():
        if code in before:
            yield from _unit(before[code], unit)
        else:
            yield Difference(f"Unit {code}", NOTHING, f"New: {unit.title}, {_criteria_count(unit)}")
    for code, unit in before.items():
        if code not in after:
            yield Difference(f"Unit {code}", f"{unit.title}, {_criteria_count(unit)}", "Taken out")


def _unit(old: Unit, new: Unit) -> Iterator[Difference]:
    where = f"Unit {new.code}"
    yield _changed(f"{where}, title", old.title, new.title)
    for name, words, shape in (
        ("level", "level", "{}"),
        ("credits", "credits", "{}"),
        ("glh", "guided learning", "{} hours"),
        ("tqt", "total time", "{} hours"),
    ):
        yield Difference(f"{where}, {words}", shape.format(getattr(old, name)), shape.format(getattr(new, name)))
    yield from _outcomes(where, old, new)
    yield from _criteria(old, new)


def _outcomes(where: str, old: Unit, new: Unit) -> Iterator[Difference]:
    before, after = ({outcome.number: outcome for outcome in unit.outcomes} for unit in (old, new))
    for number in sorted({*before, *after}):
        yield _changed(f"{where}, outcome {number}", _outcome(before.get(number)), _outcome(after.get(number)))


def _outcome(outcome: Outcome | None) -> str:
    return outcome.title if outcome else ""


def _criteria(old: Unit, new: Unit) -> Iterator[Difference]:
    before, after = ({criterion.key: criterion for criterion in unit.criteria} for unit in (old, new))
    for key in (*after, *(key for key in before if key not in after)):
        yield _changed(f"Criterion {key}", _criterion(before.get(key)), _criterion(after.get(key)))


def _criterion(criterion: Criterion | None) -> str:
    return criterion.text if criterion else ""


def _criteria_count(unit: Unit) -> str:
    count = len(unit.criteria)
    return f"{count} {'criterion' if count == 1 else 'criteria'}"


def _weeks(old: Course, new: Course) -> Iterator[Difference]:
    before, after = ({week.number: week for week in course.weeks} for course in (old, new))
    for number in sorted({*before, *after}):
        a, b = before.get(number), after.get(number)
        yield _changed(f"Week {number}, title", a.title if a else "", b.title if b else "")
        if a and b:
            yield _text(f"Week {number}, introduction", a.introduction, b.introduction)


def _session(old: Session, new: Session) -> Iterator[Difference]:
    where = f"Session {new.number}"
    if old.number != new.number:
        yield Difference(f"{where}, place", f"Session {old.number}", f"Session {new.number}")
    yield _changed(f"{where}, title", old.title, new.title)
    yield Difference(f"{where}, week", f"Week {old.week}", f"Week {new.week}")
    yield Difference(f"{where}, length", f"{old.minutes} minutes", f"{new.minutes} minutes")
    yield Difference(f"{where}, unit", old.unit, new.unit)
    yield Difference(f"{where}, for everybody", _mandatory(old), _mandatory(new))
    yield _changed(f"{where}, criteria covered", ", ".join(old.covers), ", ".join(new.covers))
    yield _changed(f"{where}, label", old.label, new.label)
    yield _text(f"{where}, aims", "\n".join(old.aims), "\n".join(new.aims))
    yield _text(f"{where}, materials", "\n".join(old.materials), "\n".join(new.materials))
    yield _text(f"{where}, plan", _plan(old.plan), _plan(new.plan))
    yield _text(f"{where}, trainer's notes", old.notes, new.notes)
    yield _text(f"{where}, handout", old.handout, new.handout)


def _text(where: str, before: str, after: str) -> Difference:
    """A text of several lines is only ever said to have changed, with how long it was."""
    before, after = before.strip(), after.strip()
    if before == after:
        return Difference(where, "", "")
    return Difference(where, _how_long(before), f"{_LONG}, now {_how_long(after)}" if after else NOTHING)


def _plan(steps: tuple[PlanStep, ...]) -> str:
    return "\n".join(f"{step.minutes} {step.activity}" for step in steps)


def _mandatory(session: Session) -> str:
    return "Everybody must do it" if session.mandatory else "May be missed"


def _in_short(session: Session) -> str:
    return f"{session.title}, {session.minutes} minutes, {session.unit}"
