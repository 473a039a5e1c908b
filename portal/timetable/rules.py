"""What a calendar may say where others can read it, when sessions go where, and what speaks against a day."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from courses import timetable
from courses.timetable import LONDON, WEEKDAYS, Slot

APPOINTMENT = "Appointment"
OPENS_BEFORE = timedelta(minutes=15)
CLOSES_AFTER = timedelta(minutes=30)  # sessions run over, and lines break off
TELLS_TOO_MUCH = (
    "offend", "probation", "prison", "parole", "police", "crim", "hmp", "custod", "convict", "jail", "court",
    "disclosure", "dbs", "health", "recover", "addict", "drug", "alcohol", "rehab", "clinic", "hospital", "trauma",
)  # fmt: skip
"""Words that would tell whoever looks over a shoulder at a telephone about somebody's past or health."""


def is_discreet(words: str) -> bool:
    """Whether words may stand in a calendar, on a locked screen, or in a family's shared week."""
    return not any(each in words.lower() for each in TELLS_TOO_MUCH)


def title(name: str, number: int | None = None, *, is_hidden: bool = False) -> str:
    """What an event is called: the scheme's (or the group's) name and which session; never what it is about."""
    if is_hidden or not name or not is_discreet(name):
        return APPOINTMENT
    return f"{name}: session {number}" if number is not None else name


def where(venue: str) -> str:
    """The place, unless its name would tell too much: then whoever goes finds it in the portal."""
    return venue if is_discreet(venue) else ""


@dataclass(frozen=True)
class Meeting:
    """A session as the timetable sees it: which one, and when. Times are aware."""

    number: int
    starts_at: datetime
    ends_at: datetime

    @property
    def minutes(self) -> int:
        """How long it lasts."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60

    def overlaps(self, other: Meeting) -> bool:
        """Whether nobody could be at both."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


def put_on(meeting: Meeting, day: date, starts_at: time) -> Meeting:
    """The meeting on another day or at another time of the clock, as long as before.

    Raises `TimetableError`, in words for the page: it would pass midnight, or the clock has no such time.
    """
    slot = Slot(day.weekday(), starts_at, meeting.minutes)
    (sitting,) = timetable.dates([meeting.minutes], day, [slot])
    return Meeting(meeting.number, sitting.starts_at.astimezone(UTC), sitting.ends_at.astimezone(UTC))


def moved_with(
    old: Meeting, new: Meeting, later: Sequence[Meeting], slots: Sequence[Slot], off: Container[date]
) -> list[Meeting]:
    """Where the later meetings go when `old` becomes `new`: as many free slots on (or back) as it passes itself.

    They keep their order and come after it. A day in `off` is no slot. Moving within the time between two slots
    moves nobody else. Raises `TimetableError` when the slots never fall on a free day.
    """
    if not later:
        return []
    first = min(old.starts_at, new.starts_at, *(each.starts_at for each in later))
    last = max(old.starts_at, new.starts_at, *(each.starts_at for each in later))
    free = free_slots(slots, first - timedelta(days=8), last, more=len(later) + 1, off=off)
    steps = _steps(free, old.starts_at, new.starts_at)
    if steps == 0:
        return list(later)
    moved, at_least = [], _after(free, new.starts_at)
    for each in sorted(later, key=lambda each: each.starts_at):
        index = max(bisect_right(free, each.starts_at) - 1 + steps, at_least)
        while index >= len(free):
            free = free_slots(slots, free[0], free[-1], more=index - len(free) + 2, off=off)
        moved.append(Meeting(each.number, free[index], free[index] + timedelta(minutes=each.minutes)))
        at_least = index + 1
    return moved


def free_slots(
    slots: Sequence[Slot], first: datetime, last: datetime, *, more: int, off: Container[date]
) -> list[datetime]:
    """When a group could meet from `first` until `last`, and so many times more, in UTC.

    Raises `TimetableError` when a slot never falls on a free day.
    """
    starts_on = first.astimezone(LONDON).date()
    weeks = (last - first).days // 7 + 2
    count = weeks * len(slots) + more
    sittings = timetable.dates([1] * count, starts_on, slots, skip=off)
    return [each.starts_at.astimezone(UTC) for each in sittings]


def _steps(free: Sequence[datetime], old: datetime, new: datetime) -> int:
    """How many slots lie between two instants; an instant between two slots counts as the one nearer to `old`."""
    if new >= old:
        return max(bisect_right(free, new) - bisect_right(free, old), 0)
    return min(bisect_left(free, new) - bisect_left(free, old), 0)


def _after(free: Sequence[datetime], instant: datetime) -> int:
    return bisect_right(free, instant)


def clashes(
    new: Meeting, others: Sequence[Meeting], *, holidays: Container[date], days_off: Container[date], now: datetime
) -> list[str]:
    """What speaks against holding it then, in words for whoever decides. An empty list means nothing."""
    found = []
    day = new.starts_at.astimezone(LONDON).date()
    words = f"{WEEKDAYS[day.weekday()]} {day.day} {day:%B %Y}"
    if day in holidays:
        found.append(f"{words} is a bank holiday")
    if day in days_off:
        found.append(f"{words} is a day off of this group")
    if new.starts_at <= now:
        found.append(f"{words} is in the past")
    for each in others:
        if new.overlaps(each):
            found.append(f"Session {each.number} of this group is at the same time")
        elif each.number < new.number and each.starts_at > new.starts_at:
            found.append(f"It would come before session {each.number}")
        elif each.number > new.number and each.starts_at < new.starts_at:
            found.append(f"It would come after session {each.number}")
    return found


def is_door_open(starts_at: datetime, ends_at: datetime, now: datetime) -> bool:
    """Whether whoever comes to an online session is let in now."""
    return starts_at - OPENS_BEFORE <= now < ends_at + CLOSES_AFTER
