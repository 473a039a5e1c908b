"""A course small enough to read, written to a folder, for tests that then spoil one line of it."""

from datetime import date, timedelta
from pathlib import Path

from courses.attendance import Code, SessionFact

HEAD = """\
code = "two_days"
title = "Two-day course"
version = "1"
level = 2
summary = "A short one"

[thresholds]
minimum_percent = 50
mandatory_sessions = [2]

[[units]]
code = "U1"
title = "Being a peer"
level = 2
credits = 1
glh = 3
tqt = 4

[[units.outcomes]]
number = 1
title = "Know the role"
[units.outcomes.criteria]
"1.1" = "say what a peer is"
"1.2" = "say where the role ends"
"""


def session(number: int, covers: str, minutes: int = 90) -> str:
    """One session in Markdown, whose plan adds up."""
    return f"""
## Session {number}: Day {number}

- Minutes: {minutes}
- Unit: U1
- Covers: {covers}

### Aims
- say it in your own words

### Materials
- pens

### Plan
| Minutes | What happens |
|---|---|
| 30 | Tea |
| {minutes - 30} | Talk |

### Notes
Keep it warm.

### Handout
#### What we did
We talked.
"""


WEEK = "# Week 1: Both days\n\nA quick start.\n" + session(1, "U1.1.1") + session(2, "U1.1.2")


def write(folder: Path, head: str = HEAD, **weeks: str) -> Path:
    """Put a course into `folder`; `week_01=` and so on replace the sample week."""
    (folder / "course.toml").write_text(head, encoding="utf-8")
    for name, text in (weeks or {"week_01": WEEK}).items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    return folder


def line_of(text: str, part: str) -> int:
    """The line of the only place where `part` stands, so that a test need not count by hand."""
    lines = [number for number, line in enumerate(text.splitlines(), start=1) if part in line]
    assert len(lines) == 1, f"{part!r} stands on lines {lines}"
    return lines[0]


def facts(codes: str, mandatory: tuple[int, ...] = (), first: date | None = None) -> list[SessionFact]:
    """Sessions of two hours, one for each letter: a mark, "?" held but unmarked, "." still to come.

    With `first` they are a week apart from that day.
    """
    return [
        SessionFact(
            number,
            120,
            mandatory=number in mandatory,
            held=letter != ".",
            code=None if letter in "?." else Code(letter),
            on=first + timedelta(weeks=number - 1) if first else None,
        )
        for number, letter in enumerate(codes, start=1)
    ]
