"""Which times can be offered, and the times of one run of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from portal.clock import LONDON
from portal.interviews.rules import LEAST_MINUTES, MOST_MINUTES

MOST_AT_ONCE = 40
FURTHEST = timedelta(days=180)
GONE = "Somebody else has just taken this time. Please choose another one"


@dataclass(frozen=True)
class Span:
    """A time that somebody has something to do."""

    starts_at: datetime
    minutes: int

    @property
    def ends_at(self) -> datetime:
        """When it is over."""
        return self.starts_at + timedelta(minutes=self.minutes)

    def meets(self, other: Span) -> bool:
        """Whether the two have a minute in common."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


def run_of(day: date, *, begins: time, until: time | None, minutes: int, every: int) -> list[datetime]:
    """The beginnings of talks on one day by London's clock: one, or all that are over by `until`."""
    first = datetime.combine(day, begins, tzinfo=LONDON)
    if until is None:
        return [first]
    last = datetime.combine(day, until, tzinfo=LONDON)
    return list(_beginnings(first, last, minutes, every))


def _beginnings(first: datetime, last: datetime, minutes: int, every: int) -> Iterator[datetime]:
    at = first
    while every > 0 and at + timedelta(minutes=minutes) <= last:
        yield at
        at += timedelta(minutes=every)


def reasons_not_to_publish(
    starts: list[datetime], *, minutes: int, every: int, now: datetime, is_same_person: bool
) -> list[str]:
    """Why these times cannot be offered. An empty list means that they can, if nobody is busy."""
    reasons = []
    if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        reasons.append(f"A talk takes from {LEAST_MINUTES} to {MOST_MINUTES} minutes")
    if not starts:
        reasons.append("There is no time for a talk between these two times")
    if len(starts) > 1 and every < minutes:
        reasons.append("The next talk cannot begin before the one before it is over")
    if len(starts) > MOST_AT_ONCE:
        reasons.append(f"Offer at most {MOST_AT_ONCE} times at once")
    if any(each <= now for each in starts):
        reasons.append("The times must be in the future")
    if any(each > now + FURTHEST for each in starts):
        reasons.append("Offer times in the next six months")
    if is_same_person:
        reasons.append("The second scorer must be somebody else than the interviewer")
    return reasons


def clashes(wanted: Iterable[Span], busy: Iterable[Span]) -> list[Span]:
    """Those of the wanted times at which somebody is busy already."""
    taken = list(busy)
    return [each for each in wanted if any(each.meets(other) for other in taken)]
