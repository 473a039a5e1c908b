"""Writes a course as the folder that the loader reads: the same course comes back."""

import json
from pathlib import Path

from courses.syllabus import Course, Outcome, Session, Thresholds, Unit, Week

NOTHING = "nothing"
"""What stands after "Covers:" where a session covers no criterion."""


def write(course: Course, folder: Path) -> None:
    """Put the course into `folder`, which is made when it is missing; files of the same names are replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files(course).items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


def files(course: Course) -> dict[str, str]:
    """The text of each file of the folder, by its name. The course must be without faults (`courses.checks`)."""
    return {"course.toml": _head(course)} | {f"week_{week.number:02}.md": _week(week) for week in course.weeks}


def _head(course: Course) -> str:
    lines = [
        *(f"{name} = {_text(getattr(course, name))}" for name in ("code", "title", "version")),
        f"level = {course.level}",
        f"summary = {_text(course.summary)}",
        "",
        *_thresholds(course.thresholds),
    ]
    for unit in course.units:
        lines += ["", *_unit(unit)]
    return "\n".join(lines) + "\n"


def _thresholds(thresholds: Thresholds) -> list[str]:
    return [
        "[thresholds]",
        f"minimum_percent = {thresholds.minimum_percent}",
        f"mandatory_sessions = {list(thresholds.mandatory_sessions)}",
        f"max_unauthorised = {thresholds.max_unauthorised}",
        f"catch_up_days = {thresholds.catch_up_days}",
        f"late_limit_percent = {thresholds.late_limit_percent}",
    ]


def _unit(unit: Unit) -> list[str]:
    lines = [
        "[[units]]",
        f"code = {_text(unit.code)}",
        f"title = {_text(unit.title)}",
        *(f"{name} = {getattr(unit, name)}" for name in ("level", "credits", "glh", "tqt")),
    ]
    for outcome in unit.outcomes:
        lines += ["", *_outcome(outcome, unit.code)]
    return lines


def _outcome(outcome: Outcome, code: str) -> list[str]:
    return [
        "[[units.outcomes]]",
        f"number = {outcome.number}",
        f"title = {_text(outcome.title)}",
        "[units.outcomes.criteria]",
        *(f"{_text(each.key.removeprefix(code + '.'))} = {_text(each.text)}" for each in outcome.criteria),
    ]


def _week(week: Week) -> str:
    parts = [f"# Week {week.number}: {week.title}"]
    if week.introduction:
        parts.append(week.introduction)
    for session in week.sessions:
        parts += _session(session)
    return "\n\n".join(parts) + "\n"


def _session(session: Session) -> list[str]:
    facts = [
        f"- Minutes: {session.minutes}",
        f"- Unit: {session.unit}",
        f"- Covers: {', '.join(session.covers) or NOTHING}",
    ]
    if session.label:
        facts.append(f"- Label: {session.label}")
    plan = [
        "| Minutes | What happens |",
        "|---|---|",
        *(f"| {each.minutes} | {each.activity} |" for each in session.plan),
    ]
    parts = [f"## Session {session.number}: {session.title}", "\n".join(facts), _list("Aims", session.aims)]
    if session.materials:
        parts.append(_list("Materials", session.materials))
    parts.append("### Plan\n" + "\n".join(plan))
    if session.notes:
        parts.append(f"### Notes\n{session.notes}")
    parts.append(f"### Handout\n{session.handout}")
    return parts


def _list(name: str, items: tuple[str, ...]) -> str:
    return "\n".join([f"### {name}", *(f"- {item}" for item in items)])


def _text(words: str) -> str:
    """A string as TOML writes it: like JSON, but for the one control character that JSON lets through."""
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")
