"""What a practitioner is asked, when an answer is whole, and on which days we write again."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Any

SHORT, LONG = 300, 2000
LINK_DAYS = 42
"""A link outlives the last chaser by two weeks."""
CHASED_AFTER = (7, 14, 28)
TOLD_AFTER = (9, 16, 30)
"""Days after asking on which the practitioner, and two days later the applicant, has a word from us."""
LATEST = timedelta(days=366)
"""Nobody is asked to wait longer than a year: after that it is a new conversation."""


class Answer(Enum):
    """What a practitioner says of somebody they know."""

    RECOMMEND = "recommend"
    NOT_YET = "not-yet"
    CANNOT = "cannot"

    @property
    def words(self) -> str:
        """As a choice on a form."""
        return {
            "recommend": "Yes, I recommend them", "not-yet": "Not yet: please ask me again later",
            "cannot": "I cannot answer this",
        }[self.value]  # fmt: skip


class NotYet(Enum):
    """Why it is too early, in kind words."""

    SETTLING = "settling"
    HARD_TIME = "hard_time"
    OTHER_HELP = "other_help"
    BUSY = "busy"
    UNSURE = "unsure"
    OTHER = "other"

    @property
    def words(self) -> str:
        """As a choice on a form."""
        return {
            "settling": "Things at home or at work are still settling",
            "hard_time": "They are going through a hard time",
            "other_help": "They are getting other help first", "busy": "They have a lot on just now",
            "unsure": "They are not sure themselves", "other": "Something else",
        }[self.value]  # fmt: skip


class Cannot(Enum):
    """Why somebody cannot answer; nobody has to say."""

    DO_NOT_KNOW = "do_not_know"
    CONFLICT = "conflict"
    OTHER = "other"

    @property
    def words(self) -> str:
        """As a choice on a form."""
        return {
            "do_not_know": "I do not know them well enough",
            "conflict": "My job or my role means that I should not", "other": "Something else",
        }[self.value]  # fmt: skip


ANSWER = "Do you recommend them as a volunteer peer mentor?"
HOW_KNOWN = "How do you know them?"
HOW_LONG = "How long have you known them?"
SUPPORT = "What support would help them to do well?"
SPEAK_FIRST = "Should we speak with you before we go on?"
KINDS = "Why is it too early?"
YET_WORDS = "In your own words"
LOOK_AGAIN = "When should we ask you again?"
CANNOT_WHY = "Can you tell us why?"
NO_OFFENCES = "Give no details of offences, here or anywhere on this page. Ring us instead."


@dataclass(frozen=True)
class Answers:
    """What a practitioner said. `by_phone_to` names who wrote it down, empty when they wrote it themselves."""

    answer: Answer
    how_known: str = ""
    how_long: str = ""
    support: str = ""
    speak_first: bool = False
    kinds: tuple[NotYet, ...] = ()
    words: str = ""
    look_again_on: date | None = None
    cannot_why: Cannot | None = None
    by_phone_to: str = ""

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary for the database."""
        return asdict(self) | {
            "answer": self.answer.value, "kinds": [each.value for each in self.kinds],
            "look_again_on": self.look_again_on.isoformat() if self.look_again_on else None,
            "cannot_why": self.cannot_why.value if self.cannot_why else None,
        }  # fmt: skip

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> Answers:
        """From the database; what staff noted beside the answers is left aside."""
        given = {name: body[name] for name in cls.__dataclass_fields__ if name in body}
        given["answer"] = Answer(given["answer"])
        given["kinds"] = tuple(NotYet(each) for each in given.get("kinds", ()))
        day, why = given.get("look_again_on"), given.get("cannot_why")
        given["look_again_on"] = date.fromisoformat(day) if day else None
        given["cannot_why"] = Cannot(why) if why else None
        return cls(**given)

    def lines(self) -> list[tuple[str, str]]:
        """Questions and answers, in order, for a page; what was not asked is left out."""
        said: list[tuple[str, str]] = [(ANSWER, self.answer.words)]
        if self.answer is Answer.CANNOT:
            said += [(CANNOT_WHY, self.cannot_why.words)] if self.cannot_why else []
        else:
            said += [(HOW_KNOWN, self.how_known), (HOW_LONG, self.how_long)]
        if self.answer is Answer.NOT_YET:
            day = self.look_again_on
            said += [(KINDS, "; ".join(each.words for each in self.kinds))] if self.kinds else []
            said += [(YET_WORDS, self.words)] if self.words else []
            said += [(LOOK_AGAIN, f"{day.day} {day:%B %Y}")] if day else []
        if self.answer is not Answer.CANNOT:
            said += [(SUPPORT, self.support)] if self.support else []
        return [*said, (SPEAK_FIRST, "Yes" if self.speak_first else "No")]


def reasons_incomplete(answers: Answers, *, today: date) -> list[str]:
    """What is missing from a practitioner's answers; an empty list means they can be sent."""
    reasons = []
    if answers.answer is not Answer.CANNOT:
        if not answers.how_known.strip():
            reasons.append("Tell us how you know them")
        if not answers.how_long.strip():
            reasons.append("Tell us how long you have known them")
    if answers.answer is Answer.NOT_YET:
        if answers.look_again_on is None:
            reasons.append("Enter the day when we should ask you again")
        else:
            reasons += reasons_not_that_day(answers.look_again_on, today=today)
    return reasons


def reasons_not_that_day(day: date, *, today: date) -> list[str]:
    """Why we cannot ask again on this day."""
    if day <= today:
        return ["The day when we ask again must be in the future"]
    if day > today + LATEST:
        return ["The day when we ask again must be within a year"]
    return []


def reasons_not_a_practitioner(
    *, name: str, email: str, phone: str, own_name: str, own_email: str, own_phone: str
) -> list[str]:
    """Why this is not somebody who can be asked about the applicant."""
    reasons = []
    if not name.strip():
        reasons.append("Enter their name")
    if not email and not phone:
        reasons.append("Enter an email address or a phone number")
    is_same = name.strip().casefold() == own_name.strip().casefold()
    shares = (email and email.casefold() == own_email.casefold()) or (phone and phone == own_phone)
    if is_same or shares:
        reasons.append("Nobody recommends themselves: these are the applicant’s own details")
    return reasons


def month_of(day: date) -> str:
    """How the applicant is told about a day: March 2027. The very day is between us and the practitioner."""
    return f"{day:%B %Y}"
