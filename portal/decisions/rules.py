"""Why a place is not offered, in kind words; why one cannot be offered; and what it is offered on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any

from portal.interviews.rules import REFER, must_refer


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
