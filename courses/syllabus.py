"""What is taught and what must be shown: a course, its weeks and sessions, its units and their criteria."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from courses import shapes

T = TypeVar("T")


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a course, where somebody can look: `line` counts from 1, 0 is the whole file."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        place = f"{self.file}, line {self.line}" if self.line else self.file
        return f"{place}: {self.message}"


class CourseInvalid(ValueError):
    """A course that cannot be used, with every problem found in it, not only the first."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


@dataclass(frozen=True)
class Criterion:
    """One thing a learner must show. The key names its unit too: "U1.2.1"."""

    key: str
    text: str


@dataclass(frozen=True)
class Outcome:
    """A learning outcome: what the criteria under it add up to."""

    number: int
    title: str
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True)
class Unit:
    """A unit of the qualification. `glh` (guided learning) and `tqt` (total time) are in hours."""

    code: str
    title: str
    level: int
    credits: int
    glh: int
    tqt: int
    outcomes: tuple[Outcome, ...]

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """Every criterion of the unit, in order."""
        return tuple(criterion for outcome in self.outcomes for criterion in outcome.criteria)


@dataclass(frozen=True)
class PlanStep:
    """One line of a session plan: how many minutes, and what happens in them (Markdown)."""

    minutes: int
    activity: str


@dataclass(frozen=True)
class Session:
    """One meeting of the group. All of its minutes count as guided learning towards `unit`."""

    number: int
    week: int
    title: str
    minutes: int
    unit: str
    covers: tuple[str, ...]
    mandatory: bool
    aims: tuple[str, ...]
    materials: tuple[str, ...]
    plan: tuple[PlanStep, ...]
    notes: str
    """For the trainer: scripts, scenarios, what to watch for (Markdown)."""
    handout: str
    """For the learner to take home (Markdown)."""
    label: str = ""
    """A remark shown beside the title, such as that the session is an addition to the source course."""


@dataclass(frozen=True)
class Week:
    """A week, or any other step a course is divided into."""

    number: int
    title: str
    introduction: str
    sessions: tuple[Session, ...]


@dataclass(frozen=True)
class Thresholds:
    """What attendance is asked for. Schemes differ, so every figure is the course's own."""

    minimum_percent: int = 80
    mandatory_sessions: tuple[int, ...] = ()
    max_unauthorised: int = 2
    catch_up_days: int = 21
    """A missed session may be caught up until this many days after it."""
    late_limit_percent: int = 25
    """Missing more than this share of a session counts as missing its content: 30 of 120 minutes."""


@dataclass(frozen=True)
class Course:
    """A whole course, of any length, as it stood at one version."""

    code: str
    title: str
    version: str
    level: int
    summary: str
    units: tuple[Unit, ...]
    thresholds: Thresholds
    weeks: tuple[Week, ...]

    @cached_property
    def sessions(self) -> tuple[Session, ...]:
        """Every session, in the order it is taught."""
        return tuple(session for week in self.weeks for session in week.sessions)

    @cached_property
    def criteria(self) -> tuple[Criterion, ...]:
        """Every criterion of every unit, in order."""
        return tuple(criterion for unit in self.units for criterion in unit.criteria)

    @property
    def glh(self) -> int:
        """Guided learning hours of the whole course."""
        return sum(unit.glh for unit in self.units)

    @property
    def tqt(self) -> int:
        """Total qualification time in hours: guided learning and directed study together."""
        return sum(unit.tqt for unit in self.units)

    @property
    def credits(self) -> int:
        """Credits of the whole course."""
        return sum(unit.credits for unit in self.units)

    def unit(self, code: str) -> Unit:
        """The unit with this code; KeyError when there is none."""
        return _only((unit for unit in self.units if unit.code == code), code)

    def session(self, number: int) -> Session:
        """The session with this number; KeyError when there is none."""
        return _only((session for session in self.sessions if session.number == number), number)

    def criterion(self, key: str) -> Criterion:
        """The criterion with this key, such as "U1.2.1"; KeyError when there is none."""
        return _only((criterion for criterion in self.criteria if criterion.key == key), key)

    def sessions_covering(self, key: str) -> tuple[Session, ...]:
        """The sessions in which the criterion with this key is taught."""
        return tuple(session for session in self.sessions if key in session.covers)

    def to_json(self) -> dict[str, Any]:
        """Everything about the course as plain JSON values; `from_json` gives an equal course back."""
        body: dict[str, Any] = shapes.plain(self)
        return body

    @classmethod
    def from_json(cls, body: Mapping[str, Any] | str) -> "Course":
        """The course in `body` (a mapping, or JSON text). Raises CourseInvalid naming every fault."""
        from courses import checks

        if isinstance(body, str):
            try:
                body = json.loads(body)
            except json.JSONDecodeError as error:
                raise CourseInvalid([Problem("course", error.lineno, f"this is not JSON: {error.msg}")]) from error
            except RecursionError:
                raise CourseInvalid([Problem("course", 0, "has lists inside lists too deep to read")]) from None
        faults: list[shapes.Fault] = []
        course = shapes.build(cls, body, faults)
        if course is not None:
            faults = checks.faults(course)
        if course is None or faults:
            raise CourseInvalid([Problem("course", 0, f"{_path(at)}: {words}") for at, words in faults])
        return course


def _only(found: Iterable[T], asked: str | int) -> T:
    for item in found:
        return item
    raise KeyError(asked)


def _path(where: shapes.Where) -> str:
    parts = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in where)
    return parts.lstrip(".") or "the whole"
