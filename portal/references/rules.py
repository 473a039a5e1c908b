"""What a referee is asked, and when an answer may be given, checked or doubted."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any

from portal.schemes.rules import ReferencesAsked
from portal.volunteers.journey import Stage

SHORT, LONG = 300, 2000
_OFFERED = frozenset({Stage.OFFERED, Stage.READY, Stage.TRAINING, Stage.CERTIFIED})
_ASKED = {
    ReferencesAsked.ON_SENDING: _OFFERED | {Stage.APPLIED, Stage.INTERVIEWING},
    ReferencesAsked.AFTER_INTERVIEW: _OFFERED | {Stage.INTERVIEWING},
    ReferencesAsked.AFTER_OFFER: _OFFERED,
}
EVER_ASKED = _ASKED[ReferencesAsked.ON_SENDING]


def stages_asked(when: ReferencesAsked) -> frozenset[Stage]:
    """The stages at which a scheme with this setting asks, and reminds, the people whom somebody named."""
    return _ASKED[when]


def stages_open(when: ReferencesAsked) -> frozenset[Stage]:
    """The stages at which a link may be answered: the same, and those of a mentor whose reference came late."""
    return _ASKED[when] | {Stage.ACTIVE, Stage.RESTING}


class Grade(Enum):
    """How far something is true of somebody, in a referee's eyes."""

    VERY = "very"
    MOSTLY = "mostly"
    NOT_ALWAYS = "not_always"
    CANNOT_SAY = "cannot_say"

    @property
    def words(self) -> str:
        """As a choice on a form."""
        return {
            "very": "Yes, very much", "mostly": "Mostly", "not_always": "Not always", "cannot_say": "I cannot say",
        }[self.value]  # fmt: skip


class Recommends(Enum):
    """Whether the referee would have this person as a peer mentor."""

    YES = "yes"
    WITH_SUPPORT = "with_support"
    NO = "no"

    @property
    def words(self) -> str:
        """As a choice on a form."""
        return {"yes": "Yes", "with_support": "Yes, with good support", "no": "No"}[self.value]


@dataclass(frozen=True)
class Answers:
    """What a referee said. `by_phone_to` names the worker who wrote it down, empty when they wrote it themselves."""

    how_known: str
    how_long: str
    reliable: Grade
    honest: Grade
    boundaries: Grade
    has_concern: bool
    concern: str
    recommends: Recommends
    more: str = ""
    by_phone_to: str = ""

    @property
    def needs_a_closer_look(self) -> bool:
        """Whether somebody must look into it before it counts."""
        return self.has_concern or self.recommends is Recommends.NO

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary for the database."""
        return {name: value.value if isinstance(value, Enum) else value for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> Answers:
        """From the database; what staff noted beside the answers is left aside."""
        given = {name: body[name] for name in cls.__dataclass_fields__ if name in body}
        for name in ("reliable", "honest", "boundaries"):
            given[name] = Grade(given[name])
        return cls(**{**given, "recommends": Recommends(given["recommends"])})

    def lines(self) -> list[tuple[str, str]]:
        """Questions and answers, in order, for a page."""
        return [
            (HOW_KNOWN, self.how_known),
            (HOW_LONG, self.how_long),
            (RELIABLE, self.reliable.words),
            (HONEST, self.honest.words),
            (BOUNDARIES, self.boundaries.words),
            (CONCERN, "Yes" if self.has_concern else "No"),
            *([(CONCERN_WORDS, self.concern)] if self.has_concern else []),
            (RECOMMENDS, self.recommends.words),
            *([(MORE, self.more)] if self.more else []),
        ]


HOW_KNOWN = "How do you know them?"
HOW_LONG = "How long have you known them?"
RELIABLE = "Do they do what they say they will do?"
HONEST = "Are they honest?"
BOUNDARIES = "Do they respect other people’s boundaries?"
CONCERN = "Do you have any concern about them being in contact with vulnerable adults?"
CONCERN_WORDS = "What is your concern?"
RECOMMENDS = "Would you recommend them as a peer mentor?"
MORE = "Is there anything else you would like to say?"


def reasons_incomplete(answers: Answers) -> list[str]:
    """What is missing from a referee's answers; an empty list means they can be sent."""
    reasons = []
    if not answers.how_known.strip():
        reasons.append("Tell us how you know them")
    if not answers.how_long.strip():
        reasons.append("Tell us how long you have known them")
    if answers.has_concern and not answers.concern.strip():
        reasons.append("Tell us what your concern is")
    return reasons


def reasons_not_to_verify(*, state: str, how: str) -> list[str]:
    """Why a reference cannot be counted as checked. `state` is a ReferenceState's value."""
    reasons = []
    if state not in {"received", "concern"}:
        reasons.append("Only a reference that has been given, and not checked yet, can be checked")
    if not how.strip():
        reasons.append("Say why it can count all the same" if state == "concern" else "Say how you checked who gave it")
    return reasons


def reasons_not_to_doubt(*, state: str, how: str) -> list[str]:
    """Why a concern cannot be noted on a reference. `state` is a ReferenceState's value."""
    reasons = []
    if state not in {"received", "verified"}:
        reasons.append("A concern can be noted only on a reference that has been given")
    if not how.strip():
        reasons.append("Say what the concern is")
    return reasons


def reasons_not_to_send_again(*, state: str) -> list[str]:
    """Why a new link cannot be sent. `state` is a ReferenceState's value."""
    if state in {"received", "verified", "concern"}:
        return ["This referee has already answered"]
    return []
