"""Which figures there are, what each counts, and which numbers are too small to be shown to a funder."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from portal.clock import months_after

LEAST_SHOWN = 5
HIDDEN = "Fewer than 5"
NOT_SUMMED = "Not shown"


class Figure(Enum):
    """What is counted in a period."""

    HELLOS = "hellos"
    IN_TIME = "in_time"
    APPLIED = "applied"
    STARTED = "started"
    COMPLETED = "completed"
    CERTIFIED = "certified"
    ACTIVE = "active"

    @property
    def words(self) -> str:
        """As the heading of a column."""
        return FIGURE_WORDS[self][0]

    @property
    def counts(self) -> str:
        """What exactly it counts; it goes with the figure wherever it is shown."""
        return FIGURE_WORDS[self][1]


FIGURE_WORDS = {
    Figure.HELLOS: ("Said hello", "first hellos in the period"),
    Figure.IN_TIME: ("Answered in time", "those of the hellos in the period that we answered by the day we promised"),
    Figure.APPLIED: ("Hello became an application", "those of the hellos in the period that led to an application"),
    Figure.STARTED: ("Started", "people whose place on a course began in the period"),
    Figure.COMPLETED: ("Completed", "people who completed a course in the period"),
    Figure.CERTIFIED: ("Certified", "people given their first certificate in the period, unless it was withdrawn"),
    Figure.ACTIVE: ("Became active", "people approved as a mentor in the period"),
}
STAGE_COUNTS = "People at each stage today, whatever the period"


def suppressed(count: int) -> str:
    """A number as a funder reads it: 1 to 4 people could be recognised, so only that there are few is said."""
    return HIDDEN if 0 < count < LEAST_SHOWN else str(count)


def shown(count: int, *, is_suppressed: bool) -> str:
    """A number as this reader is shown it."""
    return suppressed(count) if is_suppressed else str(count)


def total(counts: Iterable[int], *, is_suppressed: bool) -> str:
    """The sum as this reader is shown it; not at all when it would give away a part that is hidden."""
    counts = list(counts)
    if is_suppressed and any(0 < count < LEAST_SHOWN for count in counts):
        return NOT_SUMMED
    return str(sum(counts))


@dataclass(frozen=True)
class Quarter:
    """Three months, with both their days: January to March, April to June and so on, as funders' years have them."""

    begins_on: date
    ends_on: date

    @property
    def words(self) -> str:
        """As a link says it."""
        return f"{self.begins_on:%B} to {self.ends_on:%B %Y}"


def quarters(today: date, *, how_many: int) -> list[Quarter]:
    """The quarter of this day and those before it, the newest first."""
    begins = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    found = []
    for _ in range(how_many):
        found.append(Quarter(begins, months_after(begins, 3) - timedelta(days=1)))
        begins = months_after(begins, -3)
    return found


def reasons_not_a_period(begins_on: date | None, ends_on: date | None) -> list[str]:
    """Why these two days are no period. Both count; either may be left open."""
    if begins_on and ends_on and ends_on < begins_on:
        return ["The last day must not be before the first"]
    return []


@dataclass(frozen=True)
class Table:
    """A table of figures as it is shown: heads, and rows of words, the first of each its name."""

    head: list[str]
    rows: list[list[str]]

    @property
    def heads(self) -> list[str | tuple[str, str]]:
        """The heads as a page draws them: all but the first stand over numbers."""
        return [self.head[0], *((words, "numeric") for words in self.head[1:])]
