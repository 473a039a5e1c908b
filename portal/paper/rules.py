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
    "You can ask to see it, to change it, or to have it deleted.",
    "You can stop at any time.",
)
SIGN = "By signing, I say that these are my own answers, that I am 18 or over, and that I agree to the points above."
HOW_TO_FILL = (
    "Use a dark pen and large letters. Short answers are fine. Spelling does not matter.",
    "You can leave out what you do not want to say. Somebody may write for you, if the words are yours.",
    "We need your name, one way to reach you, why you would like to do this, "
    "the people who can speak for you, and your signature.",
)


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
    is_short: bool = False
    """Half a line is enough: a number, an hour, yes or no."""


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
    ways.append(f"You can also do it all on a phone: {place.address}")
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
