"""Why a place is not offered, in kind words; what an offer hangs on; why somebody stops, and how that is undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any

from portal.interviews.rules import REFER, must_refer, total


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
    OFFER_ENDS = "offer_ends"

    @property
    def words(self) -> str:
        """As a choice on a form, for staff."""
        return DECLINE_WORDS[self][0]

    @property
    def to_applicant(self) -> str:
        """The sentence of the letter."""
        return DECLINE_WORDS[self][1]

    @property
    def needs_two(self) -> bool:
        """Whether a second person must agree before they are told."""
        return self is DeclineKind.SUITABILITY


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
    DeclineKind.OFFER_ENDS: (
        "The offer of a place is taken back",
        "We offered you a place, and we are sorry: we cannot keep it for you.",
    ),
}

CONDITIONS = {
    "references": "the people who know you tell us about you",
    "recommendation": "the worker who knows you recommends you",
    "disclosure": "you tell us, in confidence, what we should know about your past",
    "dbs": "a DBS check is done; it is free for volunteers, and a record need not stop you",
    "agreement": "you read what we expect of each other",
}
NO_REASON = "Say why, for the record"
TOLD_BY = {"letter": "Write to them now", "phone": "Ring them first; the letter goes when we have told them"}


class WithdrawReason(Enum):
    """Why somebody stops, as they would say it; nothing asks for more than they wish to tell."""

    TIME = "time"
    WORK = "work"
    HOME = "home"
    TRAVEL = "travel"
    ELSEWHERE = "elsewhere"
    NOT_FOR_ME = "not_for_me"
    WAITED = "waited"
    NOT_NOW = "not_now"
    UNSAID = "unsaid"

    @property
    def words(self) -> str:
        """As a choice on a form."""
        return WITHDRAW_WORDS[self]


WITHDRAW_WORDS = {
    WithdrawReason.TIME: "I do not have the time",
    WithdrawReason.WORK: "I have found work or another course",
    WithdrawReason.HOME: "Things have changed at home",
    WithdrawReason.TRAVEL: "It is hard to get there",
    WithdrawReason.ELSEWHERE: "I help somewhere else",
    WithdrawReason.NOT_FOR_ME: "It is not what I thought",
    WithdrawReason.WAITED: "It took too long",
    WithdrawReason.NOT_NOW: "Now is not a good time for me",
    WithdrawReason.UNSAID: "I would rather not say",
}


def conditions(gates: Iterable[str]) -> list[str]:
    """What must happen before a place is confirmed, in words for the applicant; `gates` are the setting's keys."""
    return [CONDITIONS[key] for key in gates if key in CONDITIONS]


def below_the_mark(scores: Mapping[str, Any] | None, mark: int) -> bool:
    """Whether an interview was scored below what the scheme asks for."""
    return bool(scores) and total({key: int(value) for key, value in (scores or {}).items()}) < mark


def reasons_not_to_offer(
    scores: Mapping[str, Any] | None, *, is_cancelled: bool, is_same_person: bool, because: str, no_by: str = "",
    has_another_talk: bool = False,
) -> list[str]:  # fmt: skip
    """Why a place cannot be offered after this interview. An empty list means it may.

    `no_by`: who has decided on a no that waits to be agreed or told.
    """
    reasons = []
    if scores is None or is_cancelled:
        reasons.append("The interview has not been held, or has not been recorded yet")
    elif must_refer(scores):
        reasons.append(REFER)
    if not is_same_person:
        reasons.append("That interview was with somebody else")
    if no_by:
        reasons.append(f"{no_by} has decided on a no that they do not know of yet: talk it over, and drop it first")
    if has_another_talk:
        reasons.append("Another talk with them is planned: record it or cancel it first")
    if not because.strip():
        reasons.append("Say why a place is offered")
    return reasons


def reasons_not_to_decline(
    *, because: str, told_by: str, apply_again_on: date | None, remind: bool, today: date
) -> list[str]:
    """Why this no cannot be said like that. An empty list means it can."""
    reasons = []
    if not because.strip():
        reasons.append(NO_REASON)
    if told_by not in TOLD_BY:
        reasons.append("Choose how they are told")
    if apply_again_on is not None and not today < apply_again_on <= today + timedelta(days=3 * 366):
        reasons.append("The day from which they may apply again must be in the next three years")
    if remind and apply_again_on is None:
        reasons.append("Enter the day on which to tell them that they may apply again")
    return reasons


def reasons_not_to_undo(
    *, is_withdrawn: bool, is_undone: bool, has_any: bool, until: datetime, now: datetime
) -> list[str]:
    """Why a withdrawal cannot be undone any more, in words for whoever tries."""
    if is_undone and not is_withdrawn:
        return ["This was undone already. There is nothing more to do"]
    if not has_any or not is_withdrawn:
        return ["There is nothing to undo: you have started again, or you never stopped"]
    if now > until:
        return ["It is too late to undo this. Nothing is lost: you can start again, and we keep what you told us"]
    return []


def said(reasons: Iterable[str]) -> str:
    """The ticked reasons of a withdrawal in words; "" when nothing was ticked."""
    return "; ".join(each.words for each in WithdrawReason if each.value in set(reasons))
