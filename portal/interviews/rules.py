"""The scorecard, and why an interview cannot be planned or recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any, Protocol

from portal.clock import in_london

LEAST, MOST = 0, 4
REFER = "An answer about keeping people safe was scored 0: refer this to the safeguarding lead before anything else"


class ScoreArea(Enum):
    """The six areas of the scorecard; everybody is asked about the same six."""

    MOTIVATION = "motivation"
    LISTENING = "listening"
    BOUNDARIES = "boundaries"
    SAFEGUARDING = "safeguarding"
    READINESS = "readiness"
    RELIABILITY = "reliability"

    @property
    def words(self) -> str:
        """As a heading on the scorecard."""
        return AREA_WORDS[self][0]

    @property
    def asks(self) -> str:
        """What to listen for."""
        return AREA_WORDS[self][1]


AREA_WORDS = {
    ScoreArea.MOTIVATION: ("Motivation", "Why they want to do this, and what they hope others will get from it"),
    ScoreArea.LISTENING: (
        "Listening",
        "Honesty, empathy, autonomy and reflection (HEAR): do they hear before they advise?",
    ),
    ScoreArea.BOUNDARIES: (
        "Boundaries",
        "What is a mentor’s part and what is not; what they would keep to themselves",
    ),
    ScoreArea.SAFEGUARDING: (
        "Safeguarding scenario",
        "Somebody tells them about harm: do they see it, say it and pass it on?",
    ),
    ScoreArea.READINESS: (
        "Reflection and readiness",
        "What they have learned and what helps them; never a diagnosis or the details of their past",
    ),
    ScoreArea.RELIABILITY: ("Reliability", "Coming when they said, and telling people when they cannot"),
}
SCORE_WORDS = {
    0: "0: no evidence, or worrying",
    1: "1: a little",
    2: "2: some, with gaps",
    3: "3: good",
    4: "4: very good",
}


TWICE = "The second scorer must be somebody else than the interviewer"
PAST = "The interview must be in the future"
MISSED = "They did not come"
LEFT = "The application has ended"
"""Why a talk is off with somebody who stops or is not taken on."""
LEAST_MINUTES, MOST_MINUTES = 10, 240
LONGEST = timedelta(minutes=MOST_MINUTES)


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


class Reached(Protocol):
    """Somebody whom a letter or a text can reach."""

    email: str
    phone: str


def reached_at(person: Reached) -> str:
    """The address or number that a link was sent to: with another one, the link is dead."""
    return (person.email or person.phone).lower()


def reasons_not_missed(*, is_open: bool, planned_at: datetime, now: datetime) -> list[str]:
    """Why it cannot be said of a talk that nobody came."""
    if not is_open:
        return ["Only an interview that is still to be held can be missed"]
    return ["The interview has not begun yet"] if now < planned_at else []


def reasons_not_to_plan(
    *, planned_at: datetime, now: datetime, has_open_interview: bool, is_alone: bool = True, minutes: int = 45
) -> list[str]:
    """Why an interview cannot be planned for that instant. `is_alone`: nobody is named twice."""
    reasons = []
    if not is_alone:
        reasons.append(TWICE)
    if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        reasons.append(f"An interview takes from {LEAST_MINUTES} to {MOST_MINUTES} minutes")
    if planned_at <= now:
        reasons.append(PAST)
    if has_open_interview:
        reasons.append("There is an interview planned already: record it or cancel it first")
    return reasons


def reasons_at_busy(
    people: Mapping[str, tuple[int, str]], *, planned_at: datetime, minutes: int, talks: Sequence[tuple[int, Span]]
) -> dict[str, str]:
    """Who of those named has another talk then: by what they were named for (as account and name), why not."""
    wanted, reasons = Span(planned_at, minutes), {}
    for field, (user_id, name) in people.items():
        met = next((span for who, span in talks if who == user_id and span.meets(wanted)), None)
        if met is not None:
            begins, ends = in_london(met.starts_at), in_london(met.ends_at)
            reasons[field] = (
                f"{name} has another talk from {begins:%H:%M} to {ends:%H:%M}. Choose another time, or somebody else"
            )
    return reasons


def reasons_not_to_record(
    scores: Mapping[str, Any],
    *,
    held_at: datetime,
    now: datetime,
    is_held: bool,
    is_cancelled: bool,
    sheets: Sequence[Mapping[str, Any]] = (),
    waits_for_a_sheet: bool = False,
    agreed_because: str = "",
) -> list[str]:
    """Why an interview cannot be recorded with these scores. Scores are locked once they are in."""
    reasons = []
    if is_held:
        reasons.append("This interview has been recorded already, and its scores are locked")
    if is_cancelled:
        reasons.append("This interview was cancelled")
    if held_at > now:
        reasons.append("The interview cannot have been held in the future")
    if waits_for_a_sheet:
        reasons.append("Every scorer saves their own scores first: only then are the agreed ones recorded")
    elif any(must_refer(each) for each in sheets) and not must_refer(scores):
        reasons.append("A scorer gave 0 for keeping people safe: that stays 0, and goes to the safeguarding lead")
    if sheets and not agreed_because.strip() and differ_from_all(scores, sheets):
        reasons.append("Say how you agreed: a score is another one than anybody gave")
    for area in ScoreArea:
        score = scores.get(area.value)
        if isinstance(score, bool) or not isinstance(score, int) or not LEAST <= score <= MOST:
            reasons.append(f"Score {area.words.lower()} from {LEAST} to {MOST}")
    if extra := set(scores) - {area.value for area in ScoreArea}:
        reasons.append(f"There is no area called {sorted(extra)[0]} on the scorecard")
    return reasons


def differ_from_all(scores: Mapping[str, Any], sheets: Sequence[Mapping[str, Any]]) -> bool:
    """Whether an agreed score is one that no scorer gave."""
    return any(scores.get(area.value) not in {sheet.get(area.value) for sheet in sheets} for area in ScoreArea)


def must_refer(scores: Mapping[str, Any] | None) -> bool:
    """Whether the safeguarding scenario was scored 0, which nobody may pass over."""
    return bool(scores) and (scores or {}).get(ScoreArea.SAFEGUARDING.value) == LEAST


def total(scores: Mapping[str, int]) -> int:
    """The sum of the six scores, 0 to 24."""
    return sum(scores.values())
