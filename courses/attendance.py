"""The three attendance figures, guided learning hours, catch-up, and whether a learner can still pass."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from courses.marks import AbsenceReason, Code, Guided, MarkRule, Needs
from courses.syllabus import Course, Thresholds

__all__ = [
    "AbsenceReason",
    "CatchUp",
    "Code",
    "Figures",
    "Guided",
    "MarkRule",
    "Needs",
    "SessionFact",
    "counts_as_attended",
    "figures",
    "guided_minutes",
    "guided_minutes_by_unit",
    "is_content_missed",
    "reasons_cannot_pass",
    "to_catch_up",
]

_FULL = Guided.FULL  # a member looked up through its class is slow in Python 3.11
_CAUGHT_UP = Code.C
ASK = "Ask your coordinator about more time or joining a later course."


@dataclass(frozen=True)
class SessionFact:
    """One session as it stands for one learner. `minutes` is its length.

    `minutes_attended` belongs to L and E (None means that nobody wrote it down, and gives no guided minutes);
    `caught_up_minutes` to a catch-up, which is either the mark C or recorded beside an L, E, A or U.
    """

    number: int
    minutes: int
    mandatory: bool = False
    held: bool = True
    cancelled: bool = False
    code: Code | None = None
    minutes_attended: int | None = None
    caught_up_minutes: int | None = None
    title: str = ""
    on: date | None = None

    @property
    def name(self) -> str:
        """The session as it is called in a sentence."""
        return f"session {self.number} ({self.title})" if self.title else f"session {self.number}"

    @property
    def is_left_out(self) -> bool:
        """Whether the session is no part of this learner's reckoning: cancelled, or not theirs."""
        return self.cancelled or (self.code is not None and self.code.rule.counts is None)

    @property
    def is_marked(self) -> bool:
        """Whether the session counts for this learner and has a mark."""
        return self.code is not None and not self.is_left_out

    @property
    def is_caught_up(self) -> bool:
        """Whether what was missed has been made up."""
        if self.code is None or self.is_left_out:
            return False
        return self.code is _CAUGHT_UP or (self.code.rule.may_catch_up and (self.caught_up_minutes or 0) > 0)


@dataclass(frozen=True)
class Figures:
    """How a learner stands. Percentages are whole numbers rounded down; None when nothing counts yet."""

    percent_so_far: int | None
    """Of the sessions marked so far, how many were attended or caught up."""
    percent_of_whole: int | None
    """Of all the sessions of the course, how many have been attended or caught up."""
    commitment: int | None
    """Of the sessions marked so far, for how many the learner came, caught up or told us."""
    attended: int
    missed: int
    """Marked and neither attended nor caught up."""
    unmarked: int
    """Held, not cancelled, and without a mark."""
    to_come: int
    unauthorised: int
    guided_minutes: int
    may_still_miss: int
    """How many more sessions could be missed for good with the minimum still reached."""
    must_catch_up: int
    """How many missed sessions must be made up to reach the minimum, even if none is missed from now."""


@dataclass(frozen=True)
class CatchUp:
    """A session to make up: at most `minutes` of it, until `by` (None when its date is not known)."""

    number: int
    name: str
    minutes: int
    by: date | None
    is_needed: bool
    """The learner cannot pass without it: it is mandatory, or its share of attendance is needed."""


def is_content_missed(fact: SessionFact, thresholds: Thresholds) -> bool:
    """Whether what was taught counts as missed: absent, or away for more than the limit (30 of 120 minutes).

    The limit holds for leaving early as it does for arriving late: the minutes missed are what matters. A
    mark L or E without minutes is taken at its word, as within the limit. A catch-up makes it good.
    """
    if fact.code is None or fact.cancelled:
        return False
    rule = fact.code.rule
    if rule.counts is None or not rule.may_catch_up or fact.is_caught_up:
        return False
    if rule.counts == 0:
        return True
    if fact.minutes_attended is None:
        return False
    away = fact.minutes - _within(fact.minutes_attended, fact.minutes)
    return away * 100 > fact.minutes * thresholds.late_limit_percent


def counts_as_attended(fact: SessionFact, thresholds: Thresholds) -> bool:
    """Whether the session counts towards the minimum: marked, with its content not missed, or caught up."""
    return fact.is_marked and not is_content_missed(fact, thresholds)


def guided_minutes(fact: SessionFact) -> int:
    """Minutes of guided learning this session gave the learner, never more than the session lasted.

    A catch-up adds to the minutes attended before it: somebody 40 minutes late who makes up 40 has the whole.
    """
    if fact.code is None or fact.is_left_out:
        return 0
    rule = fact.code.rule
    if rule.guided is _FULL:
        return fact.minutes
    attended = 0 if rule.counts == 0 else fact.minutes_attended or 0
    made_up = (fact.caught_up_minutes or 0) if fact.is_caught_up else 0
    return _within(_within(attended, fact.minutes) + _within(made_up, fact.minutes), fact.minutes)


def guided_minutes_by_unit(course: Course, facts: Iterable[SessionFact]) -> dict[str, int]:
    """Guided minutes for each unit code of the course, 0 for a unit not begun.

    A session the course does not have counts nowhere; a second fact about one session replaces the first.
    """
    units = {session.number: session.unit for session in course.sessions}
    totals = {unit.code: 0 for unit in course.units}
    for number, fact in {fact.number: fact for fact in facts}.items():
        if number in units:
            totals[units[number]] += guided_minutes(fact)
    return totals


def figures(facts: Sequence[SessionFact], thresholds: Thresholds) -> Figures:
    """How the learner stands after these sessions, which must be all sessions of the course, held or to come.

    A percentage is rounded down, so 80 is shown only when 80 in 100 is really reached; none is ever over 100,
    and none falls when a mark improves. Cancelled sessions, and those before joining or after leaving, are
    left out. An unmarked session is in the whole course, but not in what has been marked so far.
    """
    # One pass, and no look-up twice: a report asks this for every learner of every cohort.
    attended = told_us = marked = held = to_come = unauthorised = minutes = 0
    for fact in facts:
        if fact.is_left_out:
            continue
        if fact.code is None:
            held += fact.held
            to_come += not fact.held
            continue
        made_up = fact.is_caught_up
        marked += 1
        attended += made_up or not is_content_missed(fact, thresholds)
        told_us += made_up or fact.code.rule.told_us
        unauthorised += not (made_up or fact.code.rule.told_us)
        minutes += guided_minutes(fact)
    counted = marked + held + to_come
    spare = counted - _at_least(counted, thresholds) - (marked - attended)
    return Figures(
        percent_so_far=_percent(attended, marked),
        percent_of_whole=_percent(attended, counted),
        commitment=_percent(told_us, marked),
        attended=attended,
        missed=marked - attended,
        unmarked=held,
        to_come=to_come,
        unauthorised=unauthorised,
        guided_minutes=minutes,
        may_still_miss=min(max(spare, 0), counted - marked),
        must_catch_up=max(-spare, 0),
    )


def to_catch_up(
    facts: Sequence[SessionFact], thresholds: Thresholds, *, today: date | None = None, stands: Figures | None = None
) -> list[CatchUp]:
    """The missed sessions that can still be made up, the soonest to close first.

    `stands` are the figures of these facts, where somebody has reckoned them already.

    Given `today`, a session more than `catch_up_days` past is no longer offered. Without it, or without the
    session's date, every missed session is.
    """
    short = (stands or figures(facts, thresholds)).must_catch_up > 0
    offers = [
        CatchUp(
            number=fact.number,
            name=fact.name,
            minutes=fact.minutes - guided_minutes(fact),
            by=_closes(fact, thresholds),
            is_needed=fact.mandatory or short,
        )
        for fact in facts
        if is_content_missed(fact, thresholds) and _is_open(fact, thresholds, today)
    ]
    return sorted(offers, key=lambda offer: (offer.by or date.max, offer.number))


def reasons_cannot_pass(
    facts: Sequence[SessionFact], thresholds: Thresholds, *, today: date | None = None
) -> list[str]:
    """Why the attendance asked for can no longer be reached, in words. An empty list means it still can.

    Everything still to come, unmarked, or open to catch-up is taken in the learner's favour.
    """
    reasons: list[str] = []
    counted = [fact for fact in facts if not fact.is_left_out]
    lost = [fact for fact in counted if is_content_missed(fact, thresholds) and not _is_open(fact, thresholds, today)]
    best = len(counted) - len(lost)
    if best < _at_least(len(counted), thresholds):
        reasons.append(
            f"The most you can now reach is {_percent(best, len(counted))}% of the sessions, and the course "
            f"asks for {thresholds.minimum_percent}%. {ASK}"
        )
    reasons += [
        f"The time to catch up {fact.name}, which everybody must do, ended on "
        f"{_words(_closes(fact, thresholds))}. {ASK}"
        for fact in lost
        if fact.mandatory
    ]
    unauthorised = sum(fact.code is Code.U for fact in lost)
    if unauthorised > thresholds.max_unauthorised:
        reasons.append(
            f"You were away {times(unauthorised)} without telling us and it is too late to catch up; "
            f"the most allowed is {thresholds.max_unauthorised}. Talk to your coordinator about it."
        )
    return reasons


def times(count: int) -> str:
    """A count of occasions in words: "once", "twice", "3 times"."""
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _at_least(counted: int, thresholds: Thresholds) -> int:
    """How many of these sessions must be attended: rounded up, so that the minimum is really reached."""
    return -(-counted * thresholds.minimum_percent // 100)


def _percent(part: int, whole: int) -> int | None:
    return part * 100 // whole if whole else None


def _within(minutes: int, most: int) -> int:
    return max(0, min(minutes, most))


def _closes(fact: SessionFact, thresholds: Thresholds) -> date | None:
    return fact.on + timedelta(days=thresholds.catch_up_days) if fact.on else None


def _is_open(fact: SessionFact, thresholds: Thresholds, today: date | None) -> bool:
    closes = _closes(fact, thresholds)
    return today is None or closes is None or today <= closes


def _words(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else "an unknown date"
