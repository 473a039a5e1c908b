"""The sections of an application, who may speak for an applicant, what is missing, and return codes."""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 28  # 28 letters of 30 are 137 random bits
RETURN_LASTS = timedelta(days=90)  # from the last time something was saved


class Section(Enum):
    """One thing asked at a time, in the order of the task list."""

    ABOUT_YOU = "about-you"
    REACHING_YOU = "reaching-you"
    WHY = "why"
    EXPERIENCE = "your-experience"
    SKILLS = "what-you-are-good-at"
    SUPPORT = "support"
    FREE_TIME = "when-you-are-free"
    REFEREES = "who-can-speak-for-you"
    CHECKS = "checks-and-privacy"

    @property
    def title(self) -> str:
        """As the task list says it."""
        return TITLES[self]

    @property
    def is_optional(self) -> bool:
        """Whether it can be left out: the next step does not need it."""
        return self in OPTIONAL


TITLES = {
    Section.ABOUT_YOU: "About you",
    Section.REACHING_YOU: "How to reach you",
    Section.WHY: "Why you want to do this",
    Section.EXPERIENCE: "Your own experience",
    Section.SKILLS: "What you are good at",
    Section.SUPPORT: "Support you may need",
    Section.FREE_TIME: "When you are free",
    Section.REFEREES: "People who can speak for you",
    Section.CHECKS: "Checks and privacy",
}
OPTIONAL = {Section.EXPERIENCE, Section.SKILLS, Section.SUPPORT, Section.FREE_TIME}


@dataclass(frozen=True)
class Contact:
    """How one person is named and reached: an applicant or a referee."""

    name: str
    email: str = ""
    phone: str = ""


def reasons_not_a_referee(
    referee: Contact, *, applicant: Contact, others: Iterable[Contact], years_known: int,
    is_family: bool, shares_home: bool,
) -> list[str]:  # fmt: skip
    """Why this person cannot speak for the applicant. `years_known` counts whole years; empty means they can.

    A key worker, probation practitioner, tutor or group leader counts as much as an employer: nobody needs a job.
    """
    reasons = []
    if is_family:
        reasons.append("Choose somebody who is not in your family")
    if shares_home:
        reasons.append("Choose somebody who does not live with you")
    if years_known < 1:
        reasons.append("Choose somebody who has known you for a year or more")
    if not (referee.email or referee.phone):
        reasons.append("Give an email address or a phone number for them")
    if _shares_contact(referee, applicant) or _same_name(referee, applicant):
        reasons.append("Choose somebody else: these are your own details")
    if any(_shares_contact(referee, other) for other in others):
        reasons.append("You have already given somebody with these details")
    return reasons


def _shares_contact(one: Contact, other: Contact) -> bool:
    email = bool(one.email) and one.email.casefold() == other.email.casefold()
    return email or (bool(one.phone) and one.phone == other.phone)


def _same_name(one: Contact, other: Contact) -> bool:
    return " ".join(one.name.casefold().split()) == " ".join(other.name.casefold().split())


def reasons_not_to_send(
    *, done: Collection[Section], is_adult: bool, agrees: bool, referees: int, referees_needed: int
) -> list[str]:
    """What is still missing, in the order of the task list. Empty means that it can be sent."""
    reasons = [
        f"Finish “{section.title}”"
        for section in Section
        if not section.is_optional and section is not Section.REFEREES and section not in done
    ]
    if not is_adult and Section.ABOUT_YOU in done:
        reasons.append("You need to be 18 or over")
    if not agrees and Section.CHECKS in done:
        reasons.append("Finish “Checks and privacy”")
    if referees < referees_needed:
        missing = referees_needed - referees
        reasons.append(f"Give {missing} more {'person' if missing == 1 else 'people'} who can speak for you")
    return reasons


def sections_in(text: str) -> set[Section]:
    """The sections that were done, from the column; names nobody knows any more are left out."""
    known = {section.value: section for section in Section}
    return {known[name] for name in text.split(",") if name in known}


def sections_text(done: Collection[Section]) -> str:
    """The sections that were done, for the column."""
    return ",".join(section.value for section in Section if section in done)


def new_code() -> str:
    """A code to come back with: 137 random bits, in letters that are not misread."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def grouped(code: str) -> str:
    """The code in fours, so that a person can copy it from one page to another."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def read_code(typed: str) -> str | None:
    """The code as it was made, whatever spaces and small letters it was typed with; None when it is none."""
    letters = re.sub(r"[\s\-–—]", "", typed).upper()
    return letters if len(letters) == CODE_LENGTH and set(letters) <= set(CODE_LETTERS) else None


def reply_by(sent_on: date, within_days: int) -> date:
    """The day by which the scheme promised to answer."""
    return sent_on + timedelta(days=within_days)


def referees_missing(referees: Sequence[object], needed: int) -> int:
    """How many more people are needed, never below nought."""
    return max(0, needed - len(referees))
