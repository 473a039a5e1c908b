"""Reads a course folder, and says exactly which line of which file is wrong."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from courses import checks, shapes, toml_lines, week_file
from courses.syllabus import Course, CourseInvalid, Problem
from courses.week_file import WeekFile

__all__ = ["CourseInvalid", "Problem", "builtin", "load", "read"]

HEAD = "course.toml"
LARGEST = 400_000
"""Bytes in one file. A long week is about 30,000; beyond this something else was put there by mistake."""


def load(folder: Path) -> Course:
    """The course written in `folder`: course.toml and week_01.md, week_02.md and so on, for any length.

    Raises CourseInvalid with every problem found, each with its file and line.
    """
    if not folder.is_dir():
        raise CourseInvalid([Problem(str(folder), 0, "there is no such folder")])
    problems: list[Problem] = []
    files = {}
    for path in (folder / HEAD, *folder.glob("week_*.md")):
        try:
            with path.open("rb") as file:
                files[path.name] = file.read(LARGEST + 1)
        except FileNotFoundError:
            pass  # named below, like any file that is not there
        except OSError as error:
            files[path.name] = b""
            problems.append(Problem(path.name, 0, f"cannot be read: {error.strerror}"))
    return read(files, problems)


def read(files: Mapping[str, bytes], known: Iterable[Problem] = ()) -> Course:
    """The course in these files, by name, as they lie in a folder; `known` is what is wrong with them already.

    Raises CourseInvalid with every problem found, each with its file and line.
    """
    problems = list(known)
    text = _decoded(HEAD, files, problems)
    raw = _parse(text, problems)
    mandatory = _mandatory(raw)
    weeks = [
        week_file.read(name, _decoded(name, files, problems), is_mandatory=mandatory.__contains__)
        for name in _week_names(files, problems)
    ]
    for week in weeks:
        problems += week.problems
    course = None
    if raw is not None:
        faults: list[shapes.Fault] = []
        if "weeks" in raw:
            faults.append(shapes.Fault(("weeks",), "weeks are written in their own files, not here"))
        course = shapes.build(Course, {**_with_criteria(raw), "weeks": ()}, faults)
        if course is not None:
            course = replace(course, weeks=tuple(week.week for week in weeks))
            # What a week file could not say was named above; judging the gap again would only repeat it.
            faults += [] if problems else checks.faults(course)
        found = toml_lines.lines(text) if faults else {}
        problems += [_placed(fault, found, weeks) for fault in faults]
    if problems or course is None:
        raise CourseInvalid(sorted(problems, key=lambda problem: (problem.file, problem.line)))
    return course


@cache
def builtin(code: str = "peer_mentor_level_2") -> Course:
    """A course that comes with the portal. KeyError when there is none of that code."""
    here = Path(__file__).parent
    if code not in {path.parent.name for path in here.glob(f"*/{HEAD}")}:
        raise KeyError(code)
    return load(here / code)


def _decoded(name: str, files: Mapping[str, bytes], problems: list[Problem]) -> str:
    content = files.get(name)
    if content is None:
        problems.append(Problem(name, 0, "is missing"))
        return ""
    if len(content) > LARGEST:
        problems.append(Problem(name, 0, f"is larger than {LARGEST:,} bytes"))
        return ""
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problems.append(Problem(name, line, "is not written in UTF-8; save it again as UTF-8"))
        return ""


def _parse(text: str, problems: list[Problem]) -> dict[str, Any] | None:
    if not text:
        return None
    try:
        return tomllib.loads(text)
    except RecursionError:
        problems.append(Problem(HEAD, 0, "has lists inside lists too deep to read"))
        return None
    except ValueError as error:  # TOMLDecodeError is one; a number of 5,000 digits is a plain one
        words, _, place = str(error).rpartition(" (at ")
        numbers = [int(part) for part in place.replace(",", " ").split() if part.isdigit()]
        line = numbers[0] if numbers else max(len(text.splitlines()), 1)
        problems.append(Problem(HEAD, line, f"is not TOML: {words or error}"))
        return None


def _mandatory(raw: Mapping[str, Any] | None) -> frozenset[int]:
    """The numbers of the mandatory sessions; a list that is not one is named by the shape check, not here."""
    thresholds = (raw or {}).get("thresholds")
    listed = thresholds.get("mandatory_sessions") if isinstance(thresholds, dict) else None
    return frozenset(n for n in listed if isinstance(n, int)) if isinstance(listed, list) else frozenset()


def _week_names(files: Mapping[str, bytes], problems: list[Problem]) -> list[str]:
    names = sorted(name for name in files if name != HEAD)
    for n, name in enumerate(names, start=1):
        if name != f"week_{n:02}.md":
            problems.append(Problem(name, 0, f"week_{n:02}.md was expected here: weeks count from 01"))
            break
    if not names:
        problems.append(Problem("week_01.md", 0, "is missing: a course needs at least one week"))
    return names


def _with_criteria(raw: dict[str, Any]) -> dict[str, Any]:
    """Criteria are written `"1.1" = "words"` under their unit; a syllabus names them in full, "U1.1.1"."""
    units = raw.get("units")
    if not isinstance(units, list):
        return raw
    return {**raw, "units": [_unit(unit) for unit in units]}


def _unit(unit: Any) -> Any:
    outcomes = unit.get("outcomes") if isinstance(unit, dict) else None
    if not isinstance(outcomes, list):
        return unit
    return {**unit, "outcomes": [_outcome(outcome, unit.get("code")) for outcome in outcomes]}


def _outcome(outcome: Any, code: object) -> Any:
    criteria = outcome.get("criteria") if isinstance(outcome, dict) else None
    if not isinstance(criteria, dict):
        return outcome
    return {
        **outcome,
        "criteria": [{"key": f"{code}.{key}", "text": words} for key, words in criteria.items()],
    }


def _placed(fault: shapes.Fault, found: Mapping[shapes.Where, int], weeks: list[WeekFile]) -> Problem:
    where, message = fault
    if where[:1] == ("weeks",) and len(where) > 1 and isinstance(where[1], int):
        return _placed_in_week(where, message, weeks[where[1]])
    if where == ("weeks",) and where not in found:
        return Problem("week_01.md", 1, message)
    named = _toml_path(where, found)
    words = f'"{where[-1]}" {message}' if where and message.startswith("must ") else message
    return Problem(HEAD, toml_lines.line_of(named, dict(found)), words)


def _toml_path(where: shapes.Where, found: Mapping[shapes.Where, int]) -> shapes.Where:
    """The way to a criterion in the file: there it is a name, in a syllabus a place in a list."""
    if "criteria" not in where or where[-1] == "criteria":
        return where
    cut = where.index("criteria") + 1
    names = [path for path in found if path[:cut] == where[:cut] and len(path) == cut + 1]
    index = where[cut]
    return names[index] if isinstance(index, int) and index < len(names) else where[:cut]


def _placed_in_week(where: shapes.Where, message: str, week: WeekFile) -> Problem:
    if len(where) < 4 or not isinstance(where[3], int):
        return Problem(week.file, week.heading, message)
    place, rest = week.places[where[3]], where[4:]
    if not rest:
        return Problem(week.file, place.heading, message)
    index = rest[1] if len(rest) > 1 and isinstance(rest[1], int) else None
    return Problem(week.file, place.line(str(rest[0]), index), message)
