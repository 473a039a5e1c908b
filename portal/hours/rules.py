"""The rows of an export of hours: one for each person and session, and one for each person and unit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from courses.attendance import SessionFact, guided_minutes
from portal.clock import in_london

SESSIONS_HEAD = (
    "Name", "Session", "Title", "Unit", "Starts", "Ends", "Minutes", "Minutes attended", "Catch-up minutes",
    "Guided minutes", "Attendance", "Taught by",
)  # fmt: skip
UNITS_HEAD = ("Name", "Unit", "Title", "Guided minutes", "Guided hours", "Hours the unit asks for")


@dataclass(frozen=True)
class Sitting:
    """A session of the group: when it is, and who taught it."""

    id: int
    number: int
    title: str
    unit: str
    starts_at: datetime
    ends_at: datetime
    taught_by: str


@dataclass(frozen=True)
class UnitTotal:
    """What one unit gave somebody, of what it asks for; in minutes."""

    code: str
    title: str
    minutes: int
    asked_minutes: int

    @property
    def hours(self) -> float:
        """In hours, to one place, rounded down: 18 is shown only when 18 were reached."""
        return self.minutes * 10 // 60 / 10


@dataclass(frozen=True)
class PersonHours:
    """One person's sessions and units."""

    enrolment_id: int
    volunteer_id: int
    name: str
    facts: list[SessionFact]
    units: list[UnitTotal]

    @property
    def minutes(self) -> int:
        """Guided minutes of all units together."""
        return sum(unit.minutes for unit in self.units)


def words_of(fact: SessionFact) -> str:
    """How a session stands for somebody, as a mark is called; never why they were away."""
    if fact.cancelled:
        return "Session cancelled"
    if fact.code is None:
        return "Not marked yet" if fact.held else "To come"
    return fact.code.label + (", caught up" if fact.is_caught_up and fact.code.value != "C" else "")


def minutes_there(fact: SessionFact) -> int | None:
    """How long somebody was in the session; None when nobody knows, or it was not theirs."""
    if fact.code is None or fact.is_left_out:
        return None
    if fact.minutes_attended is not None:
        return fact.minutes_attended
    if fact.code.value in "PV":
        return fact.minutes
    return 0 if fact.code.value in "AUC" else None


def session_rows(person: PersonHours, sittings: dict[int, Sitting]) -> Iterator[tuple[object, ...]]:
    """Each session of one person, in the order of `SESSIONS_HEAD`; times as a London clock shows them."""
    for fact in person.facts:
        held = sittings[fact.number]
        yield (
            person.name, held.number, held.title, held.unit, _wall(held.starts_at), _wall(held.ends_at), fact.minutes,
            minutes_there(fact), fact.caught_up_minutes, guided_minutes(fact), words_of(fact), held.taught_by,
        )  # fmt: skip


def unit_rows(person: PersonHours) -> Iterator[tuple[object, ...]]:
    """Each unit of one person, in the order of `UNITS_HEAD`."""
    for unit in person.units:
        yield (person.name, unit.code, unit.title, unit.minutes, unit.hours, unit.asked_minutes / 60)


def _wall(instant: datetime) -> datetime:
    return in_london(instant).replace(tzinfo=None)
