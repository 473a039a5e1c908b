"""The scorecard, and why an interview cannot be planned or recorded, or a place not offered or declined."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import Enum
from typing import Any

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


class DeclineKind(Enum):
    """Why a place is not offered: one of a few, so that reports can count them and letters stay kind."""

    NOT_YET = "not_yet"
    TOO_BUSY = "too_busy"
    ROLE_DIFFERS = "role_differs"
    FULL = "full"
    REFERENCES = "references"
    REQUIREMENTS = "requirements"
    SUITABILITY = "suitability"
    NO_CONTACT = "no_contact"

    @property
    def words(self) -> str:
        """As a choice on a form, for staff."""
        return DECLINE_WORDS[self][0]

    @property
    def to_applicant(self) -> str:
        """The sentence of the letter."""
        return DECLINE_WORDS[self][1]


NOT_THIS_TIME = "We have thought about it with care, and we cannot offer you a place this time."
DECLINE_WORDS = {
    DeclineKind.NOT_YET: (
        "The time is not right for them yet",
        "We do not think that now is the right time for you. You are welcome to apply again later.",
    ),
    DeclineKind.TOO_BUSY: (
        "They cannot give the time that the course needs",
        "The course needs more time than you can give at the moment.",
    ),
    DeclineKind.ROLE_DIFFERS: (
        "They are looking for something else",
        "What you are looking for is different from what our mentors do.",
    ),
    DeclineKind.FULL: ("There is no place", "We have no places left in your area at the moment."),
    DeclineKind.REFERENCES: (
        "We could not get the references that we need",
        "We could not get the references that we need for every mentor.",
    ),
    DeclineKind.REQUIREMENTS: (
        "Something that everybody needs is missing",
        "Something that we need from every mentor is missing.",
    ),
    # the letter never says more: what was found is told in person
    DeclineKind.SUITABILITY: ("Suitability, decided by two people", NOT_THIS_TIME),
    DeclineKind.NO_CONTACT: ("We could not reach them", "We tried to reach you and could not."),
}

CONDITIONS = {
    "references": "the people who know you tell us about you",
    "disclosure": "you tell us, in confidence, what we should know about your past",
    "dbs": "a DBS check is done; it is free for volunteers, and a record need not stop you",
    "agreement": "you read what we expect of each other",
}


def conditions(gates: Iterable[str]) -> list[str]:
    """What must happen before a place is confirmed, in words for the applicant; `gates` are the setting's keys."""
    return [CONDITIONS[key] for key in gates if key in CONDITIONS]


def reasons_not_to_plan(*, planned_at: datetime, now: datetime, has_open_interview: bool) -> list[str]:
    """Why an interview cannot be planned for that instant."""
    reasons = []
    if planned_at <= now:
        reasons.append("The interview must be in the future")
    if has_open_interview:
        reasons.append("There is an interview planned already: record it or cancel it first")
    return reasons


def reasons_not_to_record(
    scores: Mapping[str, Any], *, held_at: datetime, now: datetime, is_held: bool, is_cancelled: bool
) -> list[str]:
    """Why an interview cannot be recorded with these scores. Scores are locked once they are in."""
    reasons = []
    if is_held:
        reasons.append("This interview has been recorded already, and its scores are locked")
    if is_cancelled:
        reasons.append("This interview was cancelled")
    if held_at > now:
        reasons.append("The interview cannot have been held in the future")
    for area in ScoreArea:
        score = scores.get(area.value)
        if isinstance(score, bool) or not isinstance(score, int) or not LEAST <= score <= MOST:
            reasons.append(f"Score {area.words.lower()} from {LEAST} to {MOST}")
    if extra := set(scores) - {area.value for area in ScoreArea}:
        reasons.append(f"There is no area called {sorted(extra)[0]} on the scorecard")
    return reasons


def must_refer(scores: Mapping[str, Any] | None) -> bool:
    """Whether the safeguarding scenario was scored 0, which nobody may pass over."""
    return bool(scores) and (scores or {}).get(ScoreArea.SAFEGUARDING.value) == LEAST


def total(scores: Mapping[str, int]) -> int:
    """The sum of the six scores, 0 to 24."""
    return sum(scores.values())


def reasons_not_to_offer(
    scores: Mapping[str, Any] | None, *, is_cancelled: bool, is_same_person: bool, because: str
) -> list[str]:
    """Why a place cannot be offered after this interview. An empty list means it may."""
    reasons = []
    if scores is None or is_cancelled:
        reasons.append("The interview has not been held, or has not been recorded yet")
    elif must_refer(scores):
        reasons.append(REFER)
    if not is_same_person:
        reasons.append("That interview was with somebody else")
    if not because.strip():
        reasons.append("Say why a place is offered")
    return reasons
