"""How long each step really takes, and what somebody's own answers mean for them: pure decisions, nothing is kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from statistics import median

FEWEST = 5
"""Under this many people a middle is not honest, and somebody could be recognised in it."""

STARTS, STEPS = "submit", ("invite", "offer", "confirm", "enrol")
AWAY = frozenset({"withdraw", "decline", "come_back", "reapply", "unenrol", "rest", "join", "part"})
"""Moves that stop somebody's clock or set it back: whoever made one on the way is left out of that step."""

WORDS = {
    "invite": "We ask you to come and talk with us",
    "offer": "We offer you a place",
    "confirm": "Your checks are done and your place is confirmed",
    "enrol": "You get your place on a course",
}


@dataclass(frozen=True)
class Moved:
    """One line of somebody's history, as far as timelines need it. `day` is the day in London."""

    volunteer_id: int
    area_id: int
    move: str
    day: date


@dataclass(frozen=True)
class Took:
    """How long one step took: days from sending the application, and on how many people that rests.

    `days` is None when there were too few. `is_whole` says that the whole scheme was counted: the area had too few.
    """

    words: str
    days: int | None
    people: int
    is_whole: bool = False

    @property
    def in_words(self) -> str:
        """The days as somebody says them."""
        return "" if self.days is None else how_long(self.days)


def how_long(days: int) -> str:
    """A number of days as somebody says it: days up to two weeks, whole weeks up to a quarter, then months."""
    if days < 1:
        return "the same day"
    if days <= 14:
        return f"{days} day{'' if days == 1 else 's'}"
    if days < 91:
        return f"{round(days / 7)} weeks"
    return f"{round(days / 30.4)} months"


def two_quarters_before(today: date) -> tuple[date, date]:
    """The first and the last day of the last two whole quarters of the year (January, April, July, October)."""
    begins = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    ends_on = begins - timedelta(days=1)
    month = begins.month - 6
    return date(begins.year if month > 0 else begins.year - 1, month if month > 0 else month + 12, 1), ends_on


def days_taken(history: Iterable[Moved], *, begins_on: date, ends_on: date) -> dict[str, list[tuple[int, int]]]:
    """For each step, (area, days from sending) of everybody who came to it in these days, both of them counted.

    `history` is in the order of time within each person. A step is counted the first time it is made after an
    application was sent, and not at all for somebody who stopped, was away or was sent back in between.
    """
    found: dict[str, list[tuple[int, int]]] = {step: [] for step in STEPS}
    sent: dict[int, date] = {}
    made: dict[int, set[str]] = {}
    for line in history:
        person = line.volunteer_id
        if line.move == STARTS:
            sent[person], made[person] = line.day, set()
        elif line.move in AWAY:
            sent.pop(person, None)
        elif line.move in STEPS and person in sent and line.move not in made[person]:
            made[person].add(line.move)
            if begins_on <= line.day <= ends_on:
                found[line.move].append((line.area_id, (line.day - sent[person]).days))
    return found


def timeline(taken: dict[str, list[tuple[int, int]]], *, area_id: int | None = None) -> list[Took]:
    """The middle of each step, in order: of the area where it has people enough, else of the whole scheme."""
    steps = []
    for step in STEPS:
        whole = [days for _, days in taken[step]]
        here = whole if area_id is None else [days for area, days in taken[step] if area == area_id]
        is_whole = area_id is not None and len(here) < FEWEST
        counted = whole if is_whole else here
        if len(counted) < FEWEST:
            steps.append(Took(WORDS[step], None, len(counted)))
        else:
            steps.append(Took(WORDS[step], round(median(counted)), len(counted), is_whole))
    return steps


class Answer(Enum):
    """What somebody answers to the questions that ask for yes or no."""

    YES = "yes"
    NOT_SURE = "not_sure"
    NO = "no"


@dataclass(frozen=True)
class Answers:
    """What somebody answered, as long as the page is being drawn and no longer. None is a question left out."""

    is_adult: bool
    time: Answer | None = None
    settled: Answer | None = None
    checks: Answer | None = None
    kinds: Sequence[str] = ()


@dataclass(frozen=True)
class Advice:
    """One thing to say back: a heading and a few sentences."""

    heading: str
    words: str


KINDS = {
    "one_to_one": "Sit down with one person, over a cup of tea",
    "out": "Go somewhere with them, like a first visit to a group",
    "groups": "Help to run a group",
    "phone": "Ring people to see how they are",
    "not_sure": "I am not sure yet",
}
FITS = {
    "one_to_one": "Time with one person is the heart of what mentors do.",
    "out": "A first visit is easier with somebody beside you. Mentors do this a lot.",
    "groups": "Groups are always glad of one more calm face.",
    "phone": "A call can make somebody’s week. We give you a phone for it, so nobody has your number.",
    "not_sure": "You can try out more than one thing, and then choose.",
}
ADVICE = {
    ("time", Answer.YES): Advice(
        "Your time", "Good. We plan with you, so that the course and the rest of your life both fit."
    ),
    ("time", Answer.NOT_SURE): Advice(
        "Your time",
        "That is fine. Ask us when the next courses are. Missed evenings can be made up, and some are in the daytime.",
    ),
    ("time", Answer.NO): Advice(
        "Your time",
        "Then now may not be the best time for the course. You can still say hello, and we tell you when one comes "
        "that fits you better.",
    ),
    ("settled", Answer.YES): Advice(
        "How things are for you", "Well done for getting here. What you have learned on the way is what others need."
    ),
    ("settled", Answer.NOT_SURE): Advice(
        "How things are for you",
        "Talk it over with us, or with somebody you trust. There is no test. We look together at what you need, and "
        "whether it is better now or a bit later.",
    ),
    ("settled", Answer.NO): Advice(
        "How things are for you",
        "Look after yourself first. This will still be here. You can say hello now, and start when the time is right. "
        "If things are hard today, Samaritans are there day and night on 116 123.",
    ),
    ("checks", Answer.YES): Advice(
        "The checks", "Good. We do them with you, they cost you nothing, and you see what is sent before it goes."
    ),
    ("checks", Answer.NOT_SURE): Advice(
        "The checks",
        "Many people worry about this. A past does not rule you out. Ask us first: you need not give your name.",
    ),
    ("checks", Answer.NO): Advice(
        "The checks",
        "We have to do them to keep people safe, so you would need them to be a mentor. Ring us before you rule it "
        "out: we can tell you just what they are, and what they are not.",
    ),
}  # fmt: skip


def advice(answers: Answers) -> list[Advice]:
    """What to say to an adult for each question they answered: help, never a verdict."""
    said = [
        ADVICE[name, given]
        for name, given in (("time", answers.time), ("settled", answers.settled), ("checks", answers.checks))
        if given is not None
    ]
    if fits := [FITS[kind] for kind in KINDS if kind in answers.kinds]:
        said.append(Advice("What you would like to do", " ".join(fits)))
    return said


def opening(answers: Answers) -> str:
    """The sentence above the rest: as warm as what they said allows, and true."""
    given = {answers.time, answers.settled, answers.checks}
    if Answer.NO in given:
        return "This could still be for you. Some of it may need a talk, or a bit of time."
    if given == {Answer.YES}:
        return "Yes, this could be for you."
    return "This could well be for you. There are a few things to talk over."
