"""Reading a register that was posted, row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from courses.marks import AbsenceReason, Code
from portal.registers.queries import Register
from portal.registers.rules import MARKABLE, NewMark, Person, Problem
from portal.web import text

STALE = "-"  # the fingerprint of no mark: whoever sends it is asked again
CODES = {str(code.value): code for code in Code}
NOT_CHECKED = {str(code.value): "" for code in sorted(MARKABLE, key=lambda code: str(code.value))}
PARTS = ("code", "minutes", "reason", "note")


@dataclass(frozen=True)
class Row:
    """A row of the register on the page: what is kept, or what was typed and could not be kept."""

    id: int
    name: str
    blocked: str
    code: str
    minutes: str
    reason: str
    note: str
    seen: str
    is_caught_up: bool
    error: str = ""
    error_at: str = ""

    @property
    def checked(self) -> dict[str, str]:
        """The attribute of each choice by its letter: " checked" for the one that is marked."""
        return {**NOT_CHECKED, self.code: " checked"} if self.code in NOT_CHECKED else NOT_CHECKED

    @property
    def is_more(self) -> bool:
        """Whether the part under "More" must be open to show everything."""
        return bool(self.note) or self.code in {"V", "E"} or self.error_at == "note"


@dataclass
class RegisterForm:
    """A register as it stands, then as it was posted: rows to show again, marks to save, and what is wrong."""

    rows: list[Row]
    marks: list[NewMark] = field(default_factory=list)
    version: int = -1
    because: str = ""
    errors: list[dict[str, str]] = field(default_factory=list)

    @property
    def markable(self) -> int:
        """How many people can be marked."""
        return sum(not row.blocked for row in self.rows)

    @property
    def marked(self) -> int:
        """How many of them are."""
        return sum(bool(row.code) for row in self.rows if not row.blocked)

    def refuse(self, problems: Sequence[Problem]) -> None:
        """Put each problem at its row; what belongs to no row is said above the register."""
        wrong = {problem.enrolment_id: problem for problem in reversed(problems)}
        known = {row.id for row in self.rows}
        self.rows = [_with_error(row, wrong.get(row.id)) for row in self.rows]
        self.errors += [
            {"text": each.words, "href": f"#{_place(each)}"} if each.enrolment_id in known else {"text": each.words}
            for each in problems
        ]


def shown(register: Register) -> RegisterForm:
    """The register as it is kept now."""
    return RegisterForm([_row(person) for person in register.people.values()], version=register.version)


def posted(register: Register, answers: Mapping[str, str]) -> RegisterForm:
    """What was posted. Only rows that are in it are marks; text that is no mark, number or reason is an error."""
    form = RegisterForm([], version=_whole(answers.get("version", "")) or 0)
    form.because = text.tidy(answers.get("because", ""))[:500]
    problems: list[Problem] = []
    marks_the_rest = answers.get("do") == "rest"
    for person in register.people.values():
        row = _typed(person, answers)
        if person.blocked and not answers.get(f"code-{person.enrolment_id}"):
            form.rows.append(_row(person))
            continue
        if marks_the_rest and not row.code and not person.blocked:
            rest = NewMark(person.enrolment_id, Code.P, note=row.note, seen=row.seen, only_if_unmarked=True)
            form.marks.append(rest)
            form.rows.append(replace(row, code="P"))
            continue
        form.rows.append(row)
        if f"code-{row.id}" in answers or person.code is not None:
            mark, found = _mark(row, person, answers)
            problems += found
            form.marks += [mark] if mark else []
    known = {str(person) for person in register.people}
    strangers = [name for name in answers if name.startswith("code-") and name.removeprefix("code-") not in known]
    problems += [Problem(0, "code", "Somebody you marked is not on this register")] * bool(strangers)
    if register.is_locked and not form.because:
        form.errors.append({"text": "Say why you are changing this register", "href": "#because"})
    if "because" in answers and text.cannot_be_kept(form.because, lines=True):
        form.errors.append({"text": "The reason has a character in it that we cannot keep", "href": "#because"})
    form.refuse(problems)
    return form


def _row(person: Person) -> Row:
    reason = person.reason
    if person.code is None and person.apology:  # so that one tap on "Told us" takes the apology over
        reason = person.apology_reason or AbsenceReason.OTHER
    return Row(
        person.enrolment_id, person.name, person.blocked, person.code.value if person.code else "",
        str(person.minutes or ""), reason.value if reason else "", person.note, person.fingerprint,
        person.is_caught_up,
    )  # fmt: skip


def _typed(person: Person, answers: Mapping[str, str]) -> Row:
    number = person.enrolment_id
    code, minutes, reason, note = (text.showable(answers.get(f"{part}-{number}", "")) for part in PARTS)
    seen = text.showable(answers.get(f"was-{number}", person.fingerprint))[:16]
    if f"ask-{number}" in answers:  # from the page that shows both marks: theirs, mine, or asked again
        choice = answers.get(f"choose-{number}")
        if choice == "theirs":
            return _row(person)
        seen = seen if choice == "mine" else STALE
    return Row(
        number, person.name, person.blocked, code.strip()[:40], minutes.strip()[:40], reason.strip()[:40],
        text.tidy(note), seen, person.is_caught_up,
    )  # fmt: skip


def _mark(row: Row, person: Person, answers: Mapping[str, str]) -> tuple[NewMark | None, list[Problem]]:
    if f"code-{row.id}" not in answers and f"was-{row.id}" not in answers:
        return None, []  # nothing of this person was posted: their mark stays
    problems = []
    code: Code | None = None
    if row.code:
        code = CODES.get(row.code)
        if code is None:
            problems.append(Problem(row.id, "code", f"Choose one of the marks for {row.name}"))
    minutes = None
    if row.minutes and code in (Code.L, Code.E):
        minutes = _whole(row.minutes)
        if minutes is None:
            problems.append(
                Problem(row.id, "minutes", f"The minutes {row.name} missed must be a whole number, like 15")
            )
    reason = None
    if row.reason and code is Code.A:
        try:
            reason = AbsenceReason(row.reason)
        except ValueError:
            problems.append(Problem(row.id, "reason", f"Choose why {row.name} was away"))
    if text.cannot_be_kept(text.tidy(answers.get(f"note-{row.id}", "")), lines=False):
        problems.append(Problem(row.id, "note", f"The note about {row.name} has a character in it that we cannot keep"))
    if problems:
        return None, problems
    return NewMark(row.id, code, minutes, reason, row.note, row.seen), []


def _with_error(row: Row, problem: Problem | None) -> Row:
    return replace(row, error=problem.words, error_at=problem.field) if problem else row


def _place(problem: Problem) -> str:
    return f"row-{problem.enrolment_id}" if problem.field == "code" else f"{problem.field}-{problem.enrolment_id}"


def _whole(typed: str) -> int | None:
    typed = typed.strip()
    return int(typed) if typed.isdecimal() and len(typed) <= 9 else None
