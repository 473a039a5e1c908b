"""Numbers and codes of certificates, when one may be changed, and what CV evidence may show."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from courses.syllabus import Course

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none is taken for another: no 0 and O, no 1, I and L, no U and V
CODE_LENGTH = 27  # 27 of 30 letters are 132 bits: nobody finds a certificate by trying
ALWAYS = ("attendance", "criteria", "iqa")
WHEN_ASKED = ("references", "dbs", "agreement")


def new_number(year: int) -> str:
    """A certificate's number as it is printed and read out: AL-2026-7F3K-2Q."""
    return f"AL-{year}-{_letters(4)}-{_letters(2)}"


def new_check_code() -> str:
    """The secret in a certificate's QR code: who has it has seen the certificate."""
    return _letters(CODE_LENGTH)


def tidy_code(typed: str) -> str:
    """A check code as it is kept, from what somebody typed: small letters, spaces and hyphens are forgiven."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())[:100]


def in_groups(code: str) -> str:
    """A check code as a person reads it: groups of four letters."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def _letters(count: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(count))


def gates_needed(asked_by_scheme: Collection[str]) -> tuple[str, ...]:
    """The gates that stand before a certificate: the training always, the checks that the scheme asks for."""
    return (*ALWAYS, *(key for key in WHEN_ASKED if key in asked_by_scheme))


def reasons_not_to_print(*, can_show: bool, romanised: str) -> list[str]:
    """Why this name cannot be printed on a certificate."""
    if can_show or romanised.strip():
        return []
    return ["We cannot print this name yet. Ask how it is written in English letters, and add it to their details"]


def reasons_not_to_end(*, is_valid: bool, because: str) -> list[str]:
    """Why a certificate cannot be replaced or withdrawn."""
    reasons = [] if is_valid else ["This certificate no longer holds, so it cannot be changed"]
    if not because.strip():
        reasons.append("Say why")
    return reasons


class Part(Enum):
    """What a mentor may show as CV evidence. What is not here cannot be shown: no checks, no disclosure, no clients."""

    CONTACT = "contact"
    HOURS = "hours"
    ATTENDANCE = "attendance"
    UNITS = "units"
    SKILLS = "skills"
    ROLES = "roles"
    CERTIFICATE = "certificate"
    STRENGTHS = "strengths"
    OWN_WORDS = "own_words"

    @property
    def words(self) -> str:
        """As a choice on a form."""
        return PART_WORDS[self]


PART_WORDS = {
    Part.CONTACT: "My email and phone number",
    Part.HOURS: "How many hours I trained",
    Part.ATTENDANCE: "How much of the course I came to",
    Part.UNITS: "The units I studied",
    Part.SKILLS: "My skills, with what shows them",
    Part.ROLES: "My roles and their dates",
    Part.CERTIFICATE: "My certificate, and where to check it",
    Part.STRENGTHS: "What others saw in me, once I said yes to it",
    Part.OWN_WORDS: "My own words",
}


def reasons_not_to_show(shown: Collection[str], own_words: str) -> list[str]:
    """Why these parts cannot be shown. Anything that is no `Part` is refused, whatever it is called."""
    known = {part.value for part in Part}
    reasons = ["That cannot be shown as CV evidence"] if set(shown) - known else []
    if len(own_words) > 1000:
        reasons.append("Your own words must be 1,000 characters or fewer")
    return reasons


@dataclass(frozen=True)
class SkillRule:
    """A skill, the criteria that together show it, and the sentence a mentor would say."""

    name: str
    criteria: tuple[str, ...]
    sentence: str


PEER_MENTOR_SKILLS = (
    SkillRule(
        "Leading a mentoring conversation", ("U2.1.1",),
        "I have led a whole mentoring conversation, from a wish to a next step, and was assessed on it.",
    ),
    SkillRule(
        "Keeping boundaries", ("U1.2.1", "U1.2.2", "U2.1.3"),
        "I can say where a peer mentor’s role ends and why. I have shown that I stay within it and ask for help.",
    ),
    SkillRule(
        "Knowing when to refer on", ("U1.2.3", "U4.1.1"),
        "I know when a matter is for somebody else, and which services I can point people to.",
    ),
    SkillRule(
        "Respect and listening", ("U1.3.1", "U1.3.2"),
        "I can describe how honesty, empathy and respect help people to talk, and why what they say stays private.",
    ),
    SkillRule(
        "Safeguarding adults", ("U3.1.1", "U3.1.2", "U3.2.1"),
        "I know the signs of abuse and neglect, and how to respond to a concern, report it and write it down.",
    ),
    SkillRule(
        "Looking after personal information", ("U3.3.1",),
        "I can explain what may be recorded and shared about a person, and what may not.",
    ),
    SkillRule(
        "Planning for safety", ("U3.4.1",),
        "I have planned a safe meeting: where, with whom, who knows about it, and when to stop.",
    ),
    SkillRule(
        "Working to the rules", ("U2.1.2",),
        "I have shown that I work to the rules on equality, health and safety, and confidentiality.",
    ),
    SkillRule(
        "Understanding mental health", ("U4.1.1", "U4.1.2"),
        "I know how common mental health difficulties can show, and how to respond when somebody is in distress.",
    ),
    SkillRule(
        "Understanding recovery", ("U4.2.1", "U4.2.2"),
        "I can describe what supports recovery, and how people help each other along the way.",
    ),
    SkillRule(
        "Learning from what I do", ("U2.2.1", "U2.2.3", "U2.2.4"),
        "I look back on my own work, use feedback, and have a plan for what I learn next.",
    ),
)  # fmt: skip
SKILLS: Mapping[str, Sequence[SkillRule]] = {"peer_mentor_level_2": PEER_MENTOR_SKILLS}


def skills(course: Course, met: Collection[str]) -> list[tuple[str, str]]:
    """Skills and the sentence that shows each: only those whose every criterion is met.

    A course that names no skills of its own shows its units: each one whose criteria are all met.
    """
    known = {each.key for each in course.criteria}
    rules = SKILLS.get(course.code) or [
        SkillRule(
            unit.title, tuple(each.key for each in unit.criteria),
            f"I was assessed on every part of this unit and met all {len(unit.criteria)}.",
        )
        for unit in course.units
    ]  # fmt: skip
    return [
        (rule.name, rule.sentence)
        for rule in rules
        if set(rule.criteria) <= known and set(rule.criteria) <= set(met)
    ]  # fmt: skip
