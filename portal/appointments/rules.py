"""Which times can be offered, the times of one run of them, and what comes next of a talk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Any

from portal.clock import LONDON
from portal.interviews.rules import LEAST_MINUTES, MOST_MINUTES, TWICE, Span, must_refer, total

MOST_AT_ONCE = 40
FURTHEST = timedelta(days=180)
GONE = "Somebody else has just taken this time. Please choose another one"


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
        reasons.append(TWICE)
    return reasons


def clashes(wanted: Iterable[Span], busy: Iterable[Span]) -> list[Span]:
    """Those of the wanted times at which somebody is busy already."""
    taken = list(busy)
    return [each for each in wanted if any(each.meets(other) for other in taken)]


class Part(Enum):
    """A part of the list of all interviews, in the order in which staff work through it."""

    TODAY = "today"
    TO_RECORD = "to-record"
    TO_DECIDE = "to-decide"
    NO_TIME = "no-time"
    TO_COME = "to-come"

    @property
    def words(self) -> str:
        """As a heading."""
        return PART_WORDS[self][0]

    @property
    def empty(self) -> str:
        """What stands there when nobody does."""
        return PART_WORDS[self][1]


PART_WORDS = {
    Part.TODAY: ("Today", "There is no talk to come today."),
    Part.TO_RECORD: ("Waiting to be recorded", "Every interview is recorded."),
    Part.TO_DECIDE: ("To decide", "Nobody waits for a decision."),
    Part.NO_TIME: ("No time yet", "Everybody who is invited has a time."),
    Part.TO_COME: ("To come", "No other interview is planned."),
}


BOTH = ("volunteer_id", "interview_id")


@dataclass(frozen=True)
class Step:
    """How somebody's talk stands, and the page on which the next thing is done, in the words of its link."""

    standing: str
    colour: str
    words: str
    endpoint: str = "interviews.show_interviews"
    needs: tuple[str, ...] = ("volunteer_id",)


def step_before(*, comes: bool, asks_for_another_time: bool) -> Step:
    """What comes next of a talk that has not begun."""
    if asks_for_another_time:
        return Step("Asks for another time", "yellow", "Find another time", "interviews.change_interview", BOTH)
    return Step("They come", "green", "See it") if comes else Step("Not answered yet", "blue", "See or change it")


def step_after(*, waits_for: Sequence[str], waits_for_me: bool) -> Step:
    """What comes next of a talk that has begun. `waits_for`: who has not scored, where two people score."""
    if waits_for_me:
        return Step("Your scores are missing", "yellow", "Score it", "scorecards.score_interview", ("interview_id",))
    if waits_for:
        return Step(f"Waits for the scores of {' and '.join(waits_for)}", "grey", "See it")
    return Step("Not recorded yet", "yellow", "Record it", "interviews.record_interview", BOTH)


def step_to_decide(scores: Mapping[str, Any] | None) -> Step:
    """What comes next of a talk that is recorded."""
    if must_refer(scores):
        return Step("Refer to the safeguarding lead", "red", "See it")
    return Step(f"Scored {total(scores or {})} of 24", "blue", "Decide")


def step_without_a_time(*, is_asked: bool) -> Step:
    """What comes next of somebody who is invited and has no talk planned."""
    if is_asked:
        return Step("Has a link to choose a time", "grey", "Find a time with them", "appointments.choose_for_them")
    return Step("Not asked to choose a time", "yellow", "Let them choose, or plan it")
