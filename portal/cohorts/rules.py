"""When a cohort meets, which days it leaves out and why, and what stands in the way of a place on it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any
from urllib.parse import urlsplit

from courses import timetable
from courses.timetable import Sitting, Slot, TimetableError

LARGEST_GROUP = 60
MOST_SLOTS = 2


@dataclass(frozen=True)
class Skipped:
    """A day on which the group would have met, and why it does not."""

    on: date
    why: str


@dataclass(frozen=True)
class Plan:
    """Every sitting of a course, and every day left out between the first and the last of them."""

    sittings: tuple[Sitting, ...]
    skipped: tuple[Skipped, ...]


def plan(minutes: Sequence[int], starts_on: date, slots: Sequence[Slot], days_off: Collection[date] = ()) -> Plan:
    """The dates of a course whose sessions last these minutes; bank holidays are left out by themselves.

    Raises `TimetableError`, in words for the page, when there are no such dates.
    """
    if not 2000 <= starts_on.year <= 2090:
        raise TimetableError(f"{starts_on.year} is too far away for a course.")
    holidays = timetable.bank_holidays(starts_on.year, starts_on.year + 4)
    sittings = timetable.dates(minutes, starts_on, slots, skip=holidays | frozenset(days_off))
    last = sittings[-1].starts_at.date() if sittings else starts_on
    weekdays = {slot.weekday for slot in slots}
    days = (starts_on + timedelta(days=n) for n in range((last - starts_on).days))
    skipped = (
        Skipped(day, "Bank holiday" if day in holidays else "Day off")
        for day in days
        if day.weekday() in weekdays and (day in holidays or day in days_off)
    )
    return Plan(tuple(sittings), tuple(skipped))


def reasons_not_to_make(
    *, name: str, capacity: int, slots: Sequence[Slot], trainers: int, venue: str, meeting_link: str
) -> list[str]:
    """What is missing before a cohort can be made. An empty list means nothing."""
    reasons = []
    if not name.strip():
        reasons.append("Give the group a name")
    if not 1 <= capacity <= LARGEST_GROUP:
        reasons.append(f"A group has from 1 to {LARGEST_GROUP} places")
    if not 1 <= len(slots) <= MOST_SLOTS:
        reasons.append("A group meets once or twice a week")
    if not trainers:
        reasons.append("Choose at least one trainer")
    if not venue.strip() and not meeting_link.strip():
        reasons.append("Say where the group meets: a place, a link, or both")
    if meeting_link.strip() and not is_meeting_link(meeting_link.strip()):
        reasons.append("The link must be a whole web address that starts with https://")
    return reasons


def reasons_not_to_change(*, name: str, capacity: int, trainers: int, taken: int) -> list[str]:
    """What stands in the way of changing a cohort on which `taken` people have a place."""
    reasons = []
    if not name.strip():
        reasons.append("Give the group a name")
    if not 1 <= capacity <= LARGEST_GROUP:
        reasons.append(f"A group has from 1 to {LARGEST_GROUP} places")
    elif capacity < taken:
        reasons.append(f"{taken} people have a place already: there cannot be fewer places than that")
    if not trainers:
        reasons.append("Choose at least one trainer")
    return reasons


def reasons_not_to_pause(*, from_on: date, until_on: date | None, today: date) -> list[str]:
    """What is wrong with the days of a break. An empty list means nothing."""
    reasons = []
    if abs(from_on - today) > timedelta(days=366):
        reasons.append("A break must begin within a year of today")
    if until_on is not None and until_on < from_on:
        reasons.append("The last day of the break must not be before its first day")
    return reasons


def slot_body(slot: Slot) -> dict[str, Any]:
    """A slot as the database keeps it."""
    return {"weekday": slot.weekday, "starts_at": f"{slot.starts_at:%H:%M}", "minutes": slot.minutes}


def slot_of(body: dict[str, Any]) -> Slot:
    """A slot as the database kept it."""
    hour, minute = (int(part) for part in body["starts_at"].split(":"))
    return Slot(body["weekday"], time(hour, minute), body["minutes"])


def slot_words(body: dict[str, Any]) -> str:
    """A kept slot in words: "Tuesday 18:00"."""
    return str(slot_of(body))


def is_meeting_link(link: str) -> bool:
    """Whether this is an address that a browser may be sent to: encrypted, with a host, and without a password."""
    if any(character.isspace() or character in '\\<>"' or not character.isprintable() for character in link):
        return False
    try:
        parts = urlsplit(link)
        _port = parts.port  # a port that is no number shows itself only when it is asked for
    except ValueError:
        return False
    return parts.scheme == "https" and "." in (parts.hostname or "") and parts.username is None
