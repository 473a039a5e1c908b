"""What a blank form asks, the code at its foot, and what keeps a filled-in one from being kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

LETTERS = "ABCDEFGHJKLMNPQRSTVWXYZ"  # nothing that is misread from a copy of a copy
OLDEST = timedelta(days=730)
"""A form older than this says nothing about today: its person is asked again."""
CHECKS = (
    "We talk with you. We also ask the people who can speak for you.",
    "If we offer you a place, we do a DBS check. It is free for volunteers. "
    "A conviction does not have to stop you. Do not write about convictions on this form.",
    "We keep what you write for your application only. We do not sell it or pass it on.",
    "You can ask to see it, to change it, or to have it deleted. You can stop at any time.",
)
SIGN = "By signing I say: these are my own answers, I am 18 or over, and I agree to the points above."
HOW_TO_FILL = (
    "Use a dark pen and large letters. Short answers are fine. Spelling does not matter.",
    "You can leave out what you do not want to say. Somebody may write for you, in your words.",
    "We need your name, a way to reach you, your reasons, who can speak for you, and your signature.",
)

ABOUT_THEM = {
    "Your name": "Their name",
    "What do you like to be called?": "What do they like to be called?",
    "Your name in English letters": "Their name in English letters",
    "The first half of your postcode": "The first half of their postcode",
    "Are you 18 or over?": "Are they 18 or over?",
    "How would you like us to reach you?": "How would they like us to reach them?",
    "You may leave a voice message": "We may leave a voice message",
    "Ring me from": "Ring them from",
    "Ring me until": "Ring them until",
    "Anything else about reaching you?": "Anything else about reaching them?",
    "Your email address": "Their email address",
    "Your phone number": "Their phone number",
    "What made you think of it now?": "What made them think of it now?",
    "What would you like to give to somebody else?": "What would they like to give to somebody else?",
    "What would you like to get out of it yourself?": "What would they like to get out of it?",
    "What you wrote before": "What they wrote before",
    "Is there something you have been through that could help others?":
        "Is there something they have been through that could help others?",
    "What are you good at with people?": "What are they good at with people?",
    "What can you make, mend, cook or do?": "What can they make, mend, cook or do?",
    "What have you learned that could help others?": "What have they learned that could help others?",
    "Is there anything that would make it easier for you to take part?":
        "Is there anything that would make it easier for them to take part?",
    "You may tell the trainers about this, so that they can plan for it":
        "We may tell the trainers about this, so that they can plan for it",
    "Which days are you often free?": "Which days are they often free?",
    "How do they know you?": "How do they know the applicant?",
    "How many years have they known you?": "How many years have they known the applicant?",
    "Are they in your family?": "Are they in the applicant’s family?",
    "Do they live with you?": "Do they live with the applicant?",
    "They work for the service that recommends me": "They work for the service that recommends the applicant",
    "As you write it. One name is fine.": "As they write it. One name is fine.",
    "If it is different. You can leave this empty.": "If it is different.",
    "Like DL1. You can leave this empty if you have no fixed address.": "Like DL1.",
    "If somebody else may see your messages or answer your phone.":
        "If somebody else may see their messages or answer their phone.",
    "Like probation practitioner, or support worker. You can leave this empty.":
        "Like probation practitioner, or support worker.",
    "You can leave this empty.": "",
    "Enter your name": "Enter their name",
    "Write your name in English letters too, so that everybody can say it":
        "Write their name in English letters too, so that everybody can say it",
    "Tell us whether you are 18 or over": "Choose whether they are 18 or over",
    "You need to be 18 or over to be a peer mentor. Ring us: we may know of something else for you":
        "A peer mentor needs to be 18 or over. Set the form aside, and ring them: there may be something else for them",
    "Choose how you would like us to reach you": "Choose how they would like us to reach them",
    "Tell us whether they are in your family": "Choose whether they are in the applicant’s family",
    "Tell us whether they live with you": "Choose whether they live with the applicant",
}  # fmt: skip
"""What the application says to its applicant, as it is said to whoever types for them."""


def about_them(words: str) -> str:
    """A question, a hint or an error of the application for somebody who types in another's name."""
    return ABOUT_THEM.get(words, words)


class Answer(Enum):
    """How a question is answered with a pen."""

    LINE = "line"
    BOX = "box"
    ONE = "one"
    SOME = "some"
    TICK = "tick"


@dataclass(frozen=True)
class Question:
    """One question: its words, what helps to answer it, and what may be ticked."""

    words: str
    answer: Answer
    hint: str = ""
    choices: tuple[str, ...] = ()
    share: float = 1.0
    """How much of a line's width is enough: half for an address or a phone number, a third for yes or no."""


@dataclass(frozen=True)
class Part:
    """Questions under one heading. `intro` is read first; `prompts` are things to write about."""

    title: str
    questions: tuple[Question, ...]
    intro: tuple[str, ...] = ()
    prompts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Place:
    """Whose form it is, and where it goes back to."""

    scheme: str
    area: str
    phone: str
    email: str
    address: str
    """The web address of the same application."""


def how_to_send_back(place: Place) -> tuple[str, ...]:
    """What to do with the filled-in form, in the order of what is easiest."""
    ways = ["Give it to any of our staff, or to your key worker: they pass it on."]
    if place.email:
        ways.append(f"Or take a photo of each page and send the photos to {place.email}.")
    if place.phone:
        ways.append(f"Stuck, or rather talk? Ring us on {place.phone}. We can fill it in together.")
    ways.append(f"Or do it on a phone: {place.address.partition('://')[2]}")
    return tuple(ways)


def in_a_row(prompts: Iterable[str]) -> str:
    """Things to write about as one line, whether they are questions or not."""
    return " ".join(prompt if prompt.endswith(("?", ".", "!")) else f"{prompt}." for prompt in prompts)


def form_code(area_slug: str, area_id: int, parts: Iterable[Part]) -> str:
    """The letters at the foot of the form: which area, and which questions. "DAR12-KQZ".

    The second half changes whenever a question does, so that staff see a form that asks what is no longer asked.
    """
    return f"{area_code(area_slug, area_id)}-{questions_code(parts)}"


def area_code(area_slug: str, area_id: int) -> str:
    """The first half: three letters of the area's name and its number, so that no two areas share one."""
    letters = [c for c in area_slug.upper() if "A" <= c <= "Z"]
    return f"{''.join(letters[:3]) or 'X'}{area_id}"


def questions_code(parts: Iterable[Part]) -> str:
    """The second half: three letters, the same as long as every question is."""
    number = 0
    for words in _words(parts):
        for c in words:
            number = (number * 131 + ord(c)) % 2_147_483_629
    code = ""
    for _ in range(3):
        number, rest = divmod(number, len(LETTERS))
        code += LETTERS[rest]
    return code


def _words(parts: Iterable[Part]) -> Iterator[str]:
    for part in parts:
        yield part.title
        for question in part.questions:
            yield question.words
            yield from question.choices


def reasons_not_received_on(received_on: date, today: date) -> list[str]:
    """Why a form cannot have come on this day. Empty means that it can."""
    if received_on > today:
        return ["The day it came must be today or earlier"]
    if today - received_on > OLDEST:
        return ["A form that came more than two years ago is too old. Ask the person to fill in a new one"]
    return []
