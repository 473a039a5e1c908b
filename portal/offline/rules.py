"""What a phone sent after it had no signal: which marks can be kept, which must be asked about, and when it was."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from courses.marks import AbsenceReason, Code
from portal.registers import rules as registers
from portal.registers.rules import Changes, Conflict, NewMark, Person, Problem

MOST_MARKS = 500
"""In one batch: five times the largest group; a phone sends its batches one after another."""
KEPT_FOR = timedelta(days=7)
"""How long a batch can be sent again and gets its old answer; a phone forgets its marks no later than that."""
MOST_SECONDS = 2**31 - 1


@dataclass(frozen=True)
class Tap:
    """One mark as it was tapped. A reason or note that is None was not touched: the one that is kept stays."""

    enrolment_id: int
    code: str
    minutes: int | None
    reason: str
    note: str | None
    seen: str
    tapped_at: int
    """Milliseconds since 1970 by the phone's clock."""
    is_rest: bool = False


@dataclass(frozen=True)
class Parcel:
    """The taps that a phone sent together, under a key of its own making."""

    key: str
    session_id: int
    device_now: int
    """Milliseconds since 1970 by the phone's clock as it sent them."""
    taps: tuple[Tap, ...]


@dataclass
class Sorted:
    """The taps of a parcel: to be saved, to be asked about, wrong."""

    good: list[NewMark] = field(default_factory=list)
    same: set[int] = field(default_factory=set)
    """Of those, the ones that stand already just so."""
    changes: Changes = field(default_factory=Changes)
    conflicts: list[Conflict] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def milliseconds_fast(device_now: int, now: datetime) -> int:
    """How far the phone's clock is ahead of ours; less than 0 when it is behind."""
    return device_now - round(now.timestamp() * 1000)


def tapped_at(tap: Tap, fast: int, *, opens_at: datetime, now: datetime) -> datetime:
    """When it was tapped by our clock. Nobody marks before the register opens, or later than now."""
    at = (tap.tapped_at - fast) / 1000
    at = min(max(at, opens_at.timestamp()), now.timestamp())
    return datetime.fromtimestamp(at, UTC)


def sort(
    parcel: Parcel, people: dict[int, Person], *, session_minutes: int, opens_at: datetime, now: datetime
) -> Sorted:
    """Which taps can be saved on this register as it stands. One that cannot holds none of the others back."""
    found = Sorted()
    fast = milliseconds_fast(parcel.device_now, now)
    for tap in parcel.taps:
        person = people.get(tap.enrolment_id)
        mark, wrong = _mark(tap, person, tapped_at(tap, fast, opens_at=opens_at, now=now))
        wrong = wrong or registers.problems([mark], people, session_minutes)
        if wrong or person is None:
            found.problems += wrong
            continue
        change = registers.changes([mark], people, is_same_version=False)
        found.conflicts += change.conflicts
        if not change.conflicts:
            found.good.append(mark)
            found.same |= {tap.enrolment_id} if mark.fingerprint == person.fingerprint else set()
            found.changes.write += change.write
            found.changes.remove += change.remove
    return found


def _mark(tap: Tap, person: Person | None, at: datetime) -> tuple[NewMark, list[Problem]]:
    """The whole mark: what the phone does not keep, a reason or a note, stays as it is."""
    code = next((each for each in Code if each.value == tap.code), None)
    reason = next((each for each in AbsenceReason if each.value == tap.reason), None)
    name = person.name if person else "somebody"
    wrong = []
    if tap.code and code is None:
        wrong.append(Problem(tap.enrolment_id, "code", f"Choose one of the marks for {name}"))
    if tap.reason and reason is None:
        wrong.append(Problem(tap.enrolment_id, "reason", f"Choose why {name} was away"))
    if not tap.reason and person and person.code is Code.A:
        reason = person.reason
    note = tap.note if tap.note is not None else person.note if person else ""
    mark = NewMark(
        tap.enrolment_id, code, tap.minutes, reason, note, tap.seen, only_if_unmarked=tap.is_rest, marked_at=at
    )
    return registers.fitted(mark), wrong


def answer(found: Sorted) -> dict[str, Any]:
    """What became of each mark, by enrolment, as it is kept for the same batch sent again: numbers and codes.

    `kept` has the fingerprint each mark has now, which the phone's next mark of that person builds on. What gave way
    to somebody else's mark, "mark the rest present" for example, has none.
    """
    removed = {person.enrolment_id for person in found.changes.remove}
    written = {mark.enrolment_id for _, mark in found.changes.write} | removed
    stand = {mark.enrolment_id: mark.fingerprint for mark in found.good if mark.enrolment_id in written | found.same}
    return {
        "kept": {str(number): stands for number, stands in stand.items()},
        "gave_way": [mark.enrolment_id for mark in found.good if mark.enrolment_id not in stand],
        "conflicts": [_asked(each) for each in found.conflicts],
        "problems": [{"id": each.enrolment_id, "field": each.field} for each in found.problems],
    }


def _asked(conflict: Conflict) -> dict[str, Any]:
    theirs = conflict.theirs
    return {"id": theirs.enrolment_id, "seen": theirs.fingerprint, "theirs": shown(theirs)}


def shown(mark: Person | NewMark) -> list[Any]:
    """A mark as a phone may keep it: its code and minutes, never a reason or a note."""
    return [mark.code.value if mark.code else "", mark.minutes]
