"""Reads one week of a course from Markdown that a trainer can write by hand.

A week file is one `# Week N: title`, an introduction, then for each session a `## Session N: title`, a few
`- Name: value` lines, and the parts `### Aims`, `### Materials`, `### Plan`, `### Notes` and `### Handout`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from courses.syllabus import PlanStep, Problem, Session, Week

PARTS = ("Aims", "Materials", "Plan", "Notes", "Handout")
FACTS = ("Minutes", "Unit", "Covers", "Label")
_WEEK = re.compile(r"# Week (\d{1,3}): (.+)")
_SESSION = re.compile(r"## Session (\d{1,3}): (.+)")
_FACT = re.compile(r"- ([A-Z][a-z]+): *(.*)")
_ROW = re.compile(r"\| *([^|]*?) *\| *(.*?) *\|")

Lines = list[tuple[int, str]]
"""Lines of text, each with its number in the file."""


@dataclass
class Place:
    """Where the pieces of one session stand, so that a later check can point at them."""

    file: str
    heading: int
    lines: dict[str, int] = field(default_factory=dict)
    plan: list[int] = field(default_factory=list)

    def line(self, name: str, index: int | None = None) -> int:
        """The line of the named piece, or of the session's heading when the piece is not there."""
        if name == "plan" and index is not None and index < len(self.plan):
            return self.plan[index]
        return self.lines.get(name, self.heading)


@dataclass
class WeekFile:
    """A week as read, with the places of its sessions and what could not be understood."""

    file: str
    week: Week
    heading: int
    places: list[Place]
    problems: list[Problem]


def read(file: str, text: str, *, is_mandatory: Callable[[int], bool]) -> WeekFile:
    """Read a whole week. Never raises: what cannot be understood is in `problems`, each with its line."""
    reader = _Reader(file, is_mandatory)
    return reader.week(list(enumerate(text.splitlines(), start=1)))


class _Reader:
    def __init__(self, file: str, is_mandatory: Callable[[int], bool]) -> None:
        self.file, self.is_mandatory = file, is_mandatory
        self.problems: list[Problem] = []

    def wrong(self, line: int, message: str) -> None:
        self.problems.append(Problem(self.file, line, message))

    def week(self, lines: Lines) -> WeekFile:
        preface, blocks = _cut(lines, "## ")
        number, title, heading = 0, "", 1
        for at, line in preface:
            if line.startswith("# "):
                heading, match = at, _WEEK.fullmatch(line.strip())
                if match:
                    number, title = int(match[1]), match[2].strip()
                else:
                    self.wrong(at, 'a week begins "# Week 1: its title"')
                break
        else:
            self.wrong(1, 'there is no line "# Week 1: its title"')
        introduction = _text([(at, line) for at, line in preface if at > heading])
        read = [self.session(block, number) for block in blocks]
        sessions = tuple(session for session, _ in read if session)
        week = Week(number=number, title=title, introduction=introduction, sessions=sessions)
        places = [place for session, place in read if session]
        return WeekFile(self.file, week, heading, places, self.problems)

    def session(self, block: Lines, week: int) -> tuple[Session | None, Place]:
        (at, heading), rest = block[0], block[1:]
        place = Place(self.file, at)
        match = _SESSION.fullmatch(heading.strip())
        if not match:
            self.wrong(at, 'a session begins "## Session 1: its title"')
            return None, place
        head, blocks = _cut(rest, "### ")
        facts = self.facts(head, place)
        parts = self.parts(blocks, place)
        number = int(match[1])
        return Session(
            number=number,
            week=week,
            title=match[2].strip(),
            minutes=self.minutes(facts.get("Minutes", ""), place),
            unit=facts.get("Unit", ""),
            covers=_keys(facts.get("Covers", "")),
            mandatory=self.is_mandatory(number),
            aims=self.items(parts.get("Aims", []), "Aims"),
            materials=self.items(parts.get("Materials", []), "Materials"),
            plan=self.plan(parts.get("Plan", []), place),
            notes=_text(parts.get("Notes", [])),
            handout=_text(parts.get("Handout", [])),
            label=facts.get("Label", ""),
        ), place

    def facts(self, head: Lines, place: Place) -> dict[str, str]:
        facts: dict[str, str] = {}
        for at, line in head:
            if not line.strip():
                continue
            match = _FACT.fullmatch(line.strip())
            if not match:
                self.wrong(at, f'between the session and its first part only "- {FACTS[0]}: 120" may stand')
            elif match[1] not in FACTS:
                self.wrong(at, f'"{match[1]}" is not one of {", ".join(FACTS)}')
            elif match[1] in facts:
                self.wrong(at, f'"{match[1]}" is said twice')
            else:
                facts[match[1]], place.lines[match[1].lower()] = match[2].strip(), at
        for name in FACTS[:3]:
            if not facts.get(name):
                self.wrong(place.line(name.lower()), f'this session has no "- {name}: ..." line')
        return facts

    def parts(self, blocks: list[Lines], place: Place) -> dict[str, Lines]:
        parts: dict[str, Lines] = {}
        for (at, heading), *rest in blocks:
            name = heading.removeprefix("### ").strip()
            if name not in PARTS:
                self.wrong(at, f'"{name}" is not one of {", ".join(PARTS)} (inside a handout use ####)')
            elif name in parts:
                self.wrong(at, f'"{name}" is there twice')
            else:
                parts[name], place.lines[name.lower()] = rest, at
        for name in ("Aims", "Plan", "Handout"):
            if name not in parts:
                self.wrong(place.heading, f'this session has no "### {name}"')
        return parts

    def minutes(self, words: str, place: Place) -> int:
        if re.fullmatch(r"[0-9]{1,4}", words):
            return int(words)
        if words:
            self.wrong(place.line("minutes"), f'"{words}" is not a number of minutes')
        return 0

    def items(self, lines: Lines, name: str) -> tuple[str, ...]:
        items: list[str] = []
        for at, line in lines:
            if line.startswith("- "):
                items.append(line[2:].strip())
            elif line.startswith("  ") and line.strip() and items:
                items[-1] += " " + line.strip()
            elif line.strip():
                self.wrong(at, f'each line of "{name}" begins with "- "')
        return tuple(items)

    def plan(self, lines: Lines, place: Place) -> tuple[PlanStep, ...]:
        steps: list[PlanStep] = []
        rows = [(at, line.strip()) for at, line in lines if line.strip()]
        for at, line in rows:
            match = _ROW.fullmatch(line)
            if not match:
                self.wrong(at, 'a line of the plan looks like "| 10 | what happens |"')
            elif re.fullmatch(r"[0-9]{1,3}", match[1]):
                steps.append(PlanStep(int(match[1]), match[2].strip()))
                place.plan.append(at)
            elif (at, line) not in rows[:2]:  # the first two rows are the table's own heading
                self.wrong(at, f'"{match[1]}" is not a number of minutes')
        return tuple(steps)


def _keys(words: str) -> tuple[str, ...]:
    """The criteria a session covers. "nothing" is said on purpose, so that a forgotten line is still named."""
    return () if words.lower() == "nothing" else tuple(key for key in re.split(r"[,\s]+", words) if key)


def _cut(lines: Lines, mark: str) -> tuple[Lines, list[Lines]]:
    """The lines before the first heading `mark`, then one block for each such heading."""
    blocks: list[Lines] = [[]]
    for at, line in lines:
        if line.startswith(mark):
            blocks.append([])
        blocks[-1].append((at, line))
    return blocks[0], blocks[1:]


def _text(lines: Lines) -> str:
    return "\n".join(line.rstrip() for _, line in lines).strip()
