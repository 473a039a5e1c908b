"""What becomes of a cohort's sessions when it follows another version of its course, and what forbids it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from courses.differences import paired_sessions
from courses.syllabus import Course, Session


class Fate(Enum):
    """What happens to one session of the cohort."""

    HELD = "held"
    SAME = "same"
    CHANGED = "changed"
    TAKEN_OUT = "taken out"
    RECORD = "record"
    """Cancelled, and no part of the course any more: kept behind the others."""


@dataclass(frozen=True)
class Sat:
    """A session of the cohort as it stands. `is_held`: it is over, or somebody has marked its register."""

    number: int
    title: str
    minutes: int
    is_mandatory: bool
    week: int
    is_held: bool = False
    is_cancelled: bool = False
    has_records: bool = False

    @property
    def name(self) -> str:
        """As a sentence calls it."""
        return f"Session {self.number} ({self.title})"


@dataclass(frozen=True)
class Outcome:
    """The fate of one session, and what the course says of it from now on; None when it has nothing to say."""

    sat: Sat
    fate: Fate
    becomes: Session | None = None

    @property
    def words(self) -> str:
        """What happens, for whoever decides."""
        if self.fate is Fate.HELD:
            return "Held: stays as it is"
        if self.fate is Fate.SAME:
            return "To come: stays as it is"
        if self.fate is Fate.TAKEN_OUT:
            return "To come: taken away"
        if self.fate is Fate.RECORD or self.becomes is None:
            return "Cancelled: stays as a record"
        return "To come: " + "; ".join(_changes(self.sat, self.becomes))


@dataclass(frozen=True)
class Plan:
    """What the move brings: a fate for each session, the sessions that are new, and why it cannot be done."""

    outcomes: tuple[Outcome, ...]
    added: tuple[Session, ...]
    reasons: tuple[str, ...]


def plan(old: Course, new: Course, sats: Sequence[Sat]) -> Plan:
    """Lay the cohort's sessions, by number, beside the newer course. `reasons` is empty when it can be done."""
    by_number = {each.number: each for each in new.sessions}
    outcomes = tuple(_outcome(sat, by_number.get(sat.number)) for sat in sorted(sats, key=lambda each: each.number))
    there = {each.sat.number for each in outcomes if each.fate is not Fate.RECORD}
    added = tuple(each for each in new.sessions if each.number not in there)
    return Plan(outcomes, added, tuple(_reasons(old, new, outcomes)))


def _outcome(sat: Sat, becomes: Session | None) -> Outcome:
    if sat.is_cancelled and becomes is None:
        return Outcome(sat, Fate.RECORD)
    if sat.is_held:
        return Outcome(sat, Fate.HELD, becomes)
    if becomes is None:
        return Outcome(sat, Fate.TAKEN_OUT)
    return Outcome(sat, Fate.CHANGED if _changes(sat, becomes) else Fate.SAME, becomes)


def _changes(sat: Sat, becomes: Session) -> list[str]:
    found = []
    if sat.title != becomes.title:
        found.append(f"is now “{becomes.title}”")
    if sat.minutes != becomes.minutes:
        found.append(f"lasts {becomes.minutes} minutes instead of {sat.minutes}")
    if sat.is_mandatory != becomes.mandatory:
        found.append("everybody must do it now" if becomes.mandatory else "it may be missed now")
    if sat.week != becomes.week:
        found.append(f"belongs to week {becomes.week}")
    return found


def _reasons(old: Course, new: Course, outcomes: Sequence[Outcome]) -> list[str]:
    if old == new:
        return ["Nothing differs between these versions"]
    became = {before.number: after for before, after in paired_sessions(old, new) if before}
    units = {each.number: each.unit for each in old.sessions}
    reasons = []
    for each in outcomes:
        sat, counts = each.sat, each.sat.is_held and not each.sat.is_cancelled
        if each.fate is Fate.TAKEN_OUT and sat.has_records:
            reasons.append(
                f"{sat.name} would be taken away, and something is recorded for it already: a mark, an apology or a "
                "catch-up. It would be lost"
            )
        elif counts and sat.number in became:
            reasons += _lost(sat, became[sat.number], units[sat.number])
    return reasons


def _lost(sat: Sat, after: Session | None, unit: str) -> list[str]:
    """Why what was held cannot be carried over: marks and hours are counted by the number of a session."""
    if after is None:
        return [f"{sat.name} has been held, and this version does not have it: its marks and hours would be lost"]
    if after.number != sat.number:
        return [
            f"{sat.name} has been held. In this version it is session {after.number}, so its marks would count for "
            "another session"
        ]
    if after.unit != unit:
        return [f"{sat.name} has been held for {unit}. In this version its hours would count for {after.unit}"]
    return []
