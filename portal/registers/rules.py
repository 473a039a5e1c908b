"""Who is marked with what, until when, and what two people's marks of one person have to say to each other."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from courses.marks import AbsenceReason, Code, Needs
from portal.refusals import Refused

OPENS_BEFORE = timedelta(minutes=60)
LONGEST_NOTE = 300
LATE_CHANGE = "Changed a locked register: "
TAPS = ((Code.P, "Present"), (Code.L, "Late"), (Code.A, "Told us"), (Code.U, "Did not tell us"))
MORE = ((Code.V, "Present online"), (Code.E, "Left early"))
LABELS = {code.value: code.label for code in Code} | {code.value: words for code, words in (*TAPS, *MORE)}
MARKABLE = frozenset(code for code, _ in (*TAPS, *MORE))


@dataclass(frozen=True)
class NewMark:
    """A mark as somebody wants it; `code` None takes the mark away.

    `seen` is the fingerprint of the mark that was on their page ("" for none); None when nobody knows.
    `only_if_unmarked` gives way to any mark that is there: "mark the rest present" never overwrites.
    `marked_at` is when they said so, where that was earlier than now: on a phone without signal.
    """

    enrolment_id: int
    code: Code | None
    minutes: int | None = None
    reason: AbsenceReason | None = None
    note: str = ""
    seen: str | None = None
    only_if_unmarked: bool = False
    marked_at: datetime | None = None

    @property
    def fingerprint(self) -> str:
        """Equal for equal marks."""
        return fingerprint(self.code, self.minutes, self.reason, self.note)


@dataclass(frozen=True)
class Person:
    """One row of a register: somebody, and their mark as it is kept now."""

    enrolment_id: int
    volunteer_id: int
    name: str
    blocked: str = ""
    """Why they cannot be marked; empty when they can."""
    mark_id: int | None = None
    code: Code | None = None
    minutes: int | None = None
    reason: AbsenceReason | None = None
    note: str = ""
    marked_by: str = ""
    is_caught_up: bool = False
    by_themselves: bool = False
    """Whether they made the mark themselves, by checking in."""
    apology: str = ""
    """How they told us beforehand that they cannot come: "by link"; "" when they did not."""
    apology_reason: AbsenceReason | None = None
    has_needs: bool = False
    """Whether they agreed that their trainers may know what helps them."""

    @property
    def fingerprint(self) -> str:
        """Of the mark that is kept; "" when there is none."""
        return fingerprint(self.code, self.minutes, self.reason, self.note)


@dataclass(frozen=True)
class Problem:
    """What is wrong with one mark, at which of its fields: code, minutes, reason or note."""

    enrolment_id: int
    field: str
    words: str


@dataclass(frozen=True)
class Conflict:
    """Two people marked the same person differently."""

    theirs: Person
    mine: NewMark


class RegisterInvalid(Refused):
    """Some marks cannot be kept; `problems` says which and why. Nothing was written."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(*(problem.words for problem in problems))
        self.problems = tuple(problems)


class RegisterConflict(Refused):
    """Somebody else marked the same people meanwhile; `conflicts` has both marks. Nothing was written."""

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        super().__init__("Someone else has marked this register too")
        self.conflicts = tuple(conflicts)


@dataclass
class Changes:
    """What a save really changes: marks to write with what was there before, and marks to take away."""

    write: list[tuple[Person, NewMark]] = field(default_factory=list)
    remove: list[Person] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.write or self.remove)


def fingerprint(code: Code | None, minutes: int | None, reason: AbsenceReason | None, note: str) -> str:
    """Eight letters that are equal for equal marks, so that a form can say which mark it was drawn with."""
    if code is None:
        return ""
    body = f"{code.value}|{minutes}|{reason.value if reason else ''}|{note}"
    return hashlib.blake2s(body.encode("utf-8", "replace"), digest_size=4).hexdigest()


def opens_at(starts_at: datetime) -> datetime:
    """From when a register can be marked."""
    return starts_at - OPENS_BEFORE


def is_locked(day: date, lock_days: int, today: date) -> bool:
    """Whether a change to the register of that day needs a reason by now."""
    return (today - day).days > lock_days


def problems(marks: Sequence[NewMark], people: dict[int, Person], session_minutes: int) -> list[Problem]:
    """Everything wrong with these marks for a session of so many minutes. An empty list means they can be kept."""
    found = []
    for mark in marks:
        for place, words in _wrong(mark, people.get(mark.enrolment_id), session_minutes):
            found.append(Problem(mark.enrolment_id, place, words))
    return found


def _wrong(mark: NewMark, person: Person | None, session_minutes: int) -> Iterator[tuple[str, str]]:
    if person is None:
        yield "code", "Somebody you marked is not on this register"
        return
    if person.blocked:
        yield "code", f"{person.name} cannot be marked: {person.blocked[0].lower()}{person.blocked[1:]}"
        return
    if mark.code is None:
        return
    if mark.code not in MARKABLE:
        yield "code", f"“{mark.code.label}” cannot be marked for one person: choose another mark for {person.name}"
        return
    needs = mark.code.rule.needs
    if needs in (Needs.MINUTES_LATE, Needs.MINUTES_LEFT):
        most = session_minutes - 1
        if mark.minutes is None:
            yield "minutes", f"Enter how many minutes {person.name} missed"
        elif not 1 <= mark.minutes <= most:
            yield "minutes", f"The minutes {person.name} missed must be from 1 to {most}"
    if needs is Needs.REASON and mark.reason is None:
        yield "reason", f"Choose why {person.name} was away"
    if len(mark.note) > LONGEST_NOTE:
        yield "note", f"The note about {person.name} must be {LONGEST_NOTE} characters or fewer"


def fitted(mark: NewMark) -> NewMark:
    """The mark without what its code has no place for, such as minutes left over from an earlier tap."""
    keeps_minutes = mark.code in (Code.L, Code.E)
    return NewMark(
        mark.enrolment_id,
        mark.code,
        mark.minutes if keeps_minutes else None,
        mark.reason if mark.code is Code.A else None,
        mark.note if mark.code is not None else "",
        mark.seen,
        mark.only_if_unmarked,
        mark.marked_at,
    )


def changes(marks: Sequence[NewMark], people: dict[int, Person], *, is_same_version: bool) -> Changes:
    """What to write: marks of people whom only one side touched are merged, the others are in `conflicts`.

    Of a mark whose `seen` is not known, any difference is a conflict once the register has another version.
    """
    found = Changes()
    for mark in marks:
        there = people[mark.enrolment_id]
        if mark.fingerprint == there.fingerprint:
            continue
        if mark.only_if_unmarked and there.code is not None:
            continue
        they_changed = not is_same_version if mark.seen is None else mark.seen != there.fingerprint
        if they_changed and mark.seen is not None and mark.fingerprint == mark.seen:
            continue  # I left it as I saw it: theirs stays
        if they_changed and not mark.only_if_unmarked:
            found.conflicts.append(Conflict(there, mark))
        elif mark.code is None:
            found.remove.append(there)
        else:
            found.write.append((there, mark))
    return found


def in_words(shown: Mapping[str, Any] | None) -> str:
    """A mark as the record has it, with the words of the register."""
    code = (shown or {}).get("code")
    if shown is None or code is None:
        return "Not marked"
    minutes = shown.get("minutes")
    return LABELS.get(code, str(code)) + (f", {minutes} minutes missed" if minutes else "")
