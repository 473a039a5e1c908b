"""Dates for a course from weekly slots, with bank holidays and the scheme's own days off left out."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from govuk_bank_holidays.bank_holidays import BankHolidays

from courses.syllabus import Course

LONDON = ZoneInfo("Europe/London")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
PATIENCE = 60
"""Weeks in a row that one slot may be off before we say that it never is free."""
DAY = 24 * 60


class TimetableError(ValueError):
    """A timetable that cannot be made; the words say why, to the person who asked for it."""


@dataclass(frozen=True)
class Slot:
    """A regular meeting time. `weekday` is 0 for Monday; `starts_at` is wall-clock time in London."""

    weekday: int
    starts_at: time
    minutes: int = 120

    def __post_init__(self) -> None:
        if self.weekday not in range(7):
            raise TimetableError("Choose a day of the week, Monday to Sunday.")
        if self.starts_at.tzinfo is not None:
            raise TimetableError("Give the start as the time on the clock, without a time zone.")
        if self.minutes <= 0:
            raise TimetableError(f"{self}: the end must be after the start.")
        if self.starts_minute + self.minutes > DAY:
            raise TimetableError(f"{self}: the session must end before midnight.")

    @classmethod
    def between(cls, weekday: int, starts_at: time, ends_at: time) -> "Slot":
        """A slot from its two times. Raises TimetableError when the end is not after the start."""
        return cls(weekday, starts_at, _minute(ends_at) - _minute(starts_at))

    @property
    def starts_minute(self) -> int:
        """Minutes from midnight to the start."""
        return _minute(self.starts_at)

    def __str__(self) -> str:
        return f"{WEEKDAYS[self.weekday]} {self.starts_at:%H:%M}"


class Sitting(NamedTuple):
    """One session at its date. Both times are aware, in Europe/London."""

    number: int
    starts_at: datetime
    ends_at: datetime


def dates(
    course: Course | Sequence[int],
    starts_on: date,
    slots: Sequence[Slot],
    skip: Container[date] = frozenset(),
) -> list[Sitting]:
    """One sitting for each session, in order, each in the next slot from `starts_on` that is not skipped.

    `course` may be a course or just the minutes of each session. A sitting lasts as long as its session, even
    when the slot is longer. Raises TimetableError, in words for the page, when the dates cannot be found.
    """
    lengths = [session.minutes for session in course.sessions] if isinstance(course, Course) else list(course)
    week = _in_order(slots)
    sittings: list[Sitting] = []
    off = [0] * len(week)
    monday = _monday(starts_on)
    while len(sittings) < len(lengths):
        for n, slot in enumerate(week):
            if len(sittings) == len(lengths):
                break
            day = _later(monday, slot.weekday, starts_on)
            if day < starts_on:
                continue
            if day in skip:
                off[n] += 1
                if off[n] > PATIENCE:
                    raise TimetableError(
                        f"No free {WEEKDAYS[slot.weekday]} was found for more than a year from "
                        f"{_words(starts_on)}: every one is a day off."
                    )
                continue
            off[n] = 0
            sittings.append(_sitting(len(sittings) + 1, day, slot, lengths[len(sittings)]))
        monday = _later(monday, 7, starts_on)
    return sittings


@cache
def bank_holidays(
    first_year: int, last_year: int | None = None, division: str = "england-and-wales"
) -> frozenset[date]:
    """Bank holidays from the first to the last year, both included, from the list GOV.UK publishes.

    Nothing is fetched: the list comes with the portal. For England and Wales, years after its end follow the
    standing rules (which cannot know a one-off holiday); for the other divisions they raise TimetableError.
    """
    last_year = first_year if last_year is None else last_year
    if last_year < first_year:
        raise TimetableError("The last year must not be before the first.")
    published = BankHolidays(use_cached_holidays=True)
    if division not in BankHolidays.ALL_DIVISIONS:
        known = ", ".join(BankHolidays.ALL_DIVISIONS)
        raise TimetableError(f'There is no list of bank holidays for "{division}". There are: {known}.')
    listed: set[date] = {holiday["date"] for holiday in published.get_holidays(division=division)}
    years = {day.year for day in listed}
    days = {day for day in listed if first_year <= day.year <= last_year}
    for year in range(first_year, last_year + 1):
        if year not in years:
            if division != BankHolidays.ENGLAND_AND_WALES or year < min(years):
                raise TimetableError(
                    f"Bank holidays of {year} are not known: the list runs from {min(years)} to {max(years)}."
                )
            days |= standing_holidays(year)
    return frozenset(days)


def standing_holidays(year: int) -> frozenset[date]:
    """The bank holidays of England and Wales as the standing rules give them, substitute days included.

    Source: Banking and Financial Dealings Act 1971, schedule 1, and the yearly proclamations for New Year's
    Day and the first Monday of May.
    """
    easter = _easter(year)
    christmas, boxing = date(year, 12, 25), date(year, 12, 26)
    return frozenset(
        {
            _next_weekday(date(year, 1, 1)),
            easter - timedelta(days=2),
            easter + timedelta(days=1),
            _monday(date(year, 5, 7)),
            _monday(date(year, 5, 31)),
            _monday(date(year, 8, 31)),
            # A Saturday or Sunday moves to the next working day that its neighbour does not take.
            christmas if christmas.weekday() < 5 else date(year, 12, 27),
            boxing if boxing.weekday() < 5 else date(year, 12, 28),
        }
    )


def _in_order(slots: Sequence[Slot]) -> list[Slot]:
    if not slots:
        raise TimetableError("Choose at least one day and time for the sessions.")
    week = sorted(slots, key=lambda slot: (slot.weekday, slot.starts_at))
    for before, after in pairwise(week):
        if before.weekday == after.weekday and before.starts_minute + before.minutes > after.starts_minute:
            raise TimetableError(f"{after} begins before {before} has ended.")
    return week


def _sitting(number: int, day: date, slot: Slot, minutes: int) -> Sitting:
    if minutes <= 0:
        raise TimetableError(f"Session {number} has no length.")
    if minutes > slot.minutes:
        raise TimetableError(f"Session {number} lasts {minutes} minutes, but {slot} has only {slot.minutes} minutes.")
    starts_at = datetime.combine(day, slot.starts_at, tzinfo=LONDON)
    # In the night the clocks go forward an hour is missing; a time in it would come back changed.
    if starts_at.astimezone(UTC).astimezone(LONDON).time() != slot.starts_at:
        raise TimetableError(f"{slot.starts_at:%H:%M} does not exist on {_words(day)}: the clocks go forward.")
    # Elapsed minutes, not minutes on the clock, so a session across a change of the clocks keeps its length.
    ends_at = (starts_at.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(LONDON)
    return Sitting(number, starts_at, ends_at)


def _later(day: date, days: int, starts_on: date) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        raise TimetableError(f"{_words(starts_on)} is too far away for a course.") from None


def _monday(day: date) -> date:
    """The Monday on or before this day."""
    return date.fromordinal(max(day.toordinal() - day.weekday(), 1))


def _next_weekday(day: date) -> date:
    """This day, or the Monday after when it is a Saturday or Sunday."""
    return day + timedelta(days=7 - day.weekday()) if day.weekday() >= 5 else day


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the anonymous computus)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def _words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
