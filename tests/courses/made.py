"""Courses of every shape, made up by Hypothesis, all of them without faults."""

from __future__ import annotations

import itertools
from typing import Any

from hypothesis import strategies as st

from courses import checks
from courses.syllabus import Course, Criterion, Outcome, PlanStep, Session, Thresholds, Unit, Week
from courses.wording import HEADINGS, many_lines, one_line

LETTERS = st.characters(exclude_categories=("Cc", "Cs", "Cn"))
# What files are made of is likelier here than among all the letters there are.
MARKS = ["#", "## x", "### Plan", "#### x", "- ", "|", "| 10 |", "\\", '"', '"""', "'", "\n", "\n\n", " ", "é", "سلام"]
SOUP = st.lists(st.sampled_from([*MARKS, "\u200b", "\u2028", "# Week 1: x"]) | st.text(LETTERS, max_size=5), max_size=5)


class Words:
    """A few made-up texts, handed out in turn: many fields cost no more than these few."""

    def __init__(self, texts: list[str]) -> None:
        self.texts = itertools.cycle(texts)

    def line(self) -> str:
        """On one line; perhaps nothing."""
        return one_line(next(self.texts))

    def said(self) -> str:
        """On one line, and something."""
        return self.line() or "x"

    def text(self) -> str:
        """On several lines, none of which begins another part."""
        kept = [line for line in next(self.texts).splitlines() if not line.startswith(HEADINGS)]
        return many_lines("\n".join(kept))


@st.composite
def courses(draw: Any) -> Course:
    """A course that can be taught: `courses.checks` finds nothing wrong with it."""
    words = Words(draw(st.lists(SOUP.map("".join), min_size=7, max_size=7)))
    taught = tuple(_unit(code, words) for code in draw(st.sampled_from([("U1",), ("U1", "ABC"), ("X9", "U2", "U1")])))
    lengths = draw(st.lists(st.integers(1, 3), min_size=3, max_size=4))
    mandatory = draw(st.sets(st.integers(1, sum(lengths))))
    weeks, number = [], 0
    for week, length in enumerate(lengths, start=1):
        held = []
        for _ in range(length):
            number += 1
            unit = taught[number % len(taught)]
            held.append(_session(number, week, unit, number in mandatory, words))
        weeks.append(Week(week, words.said(), words.text(), tuple(held)))
    percent = st.integers(0, 100)
    thresholds = Thresholds(
        draw(percent), tuple(sorted(mandatory)), draw(st.integers(0, 1000)), draw(st.integers(0, 365)), draw(percent)
    )
    code = draw(st.sampled_from(["a", "two_days", "x9_"]))
    course = Course(
        code, words.said(), words.said(), draw(st.integers(1, 8)), words.line() + "\n", taught, thresholds, tuple(weeks)
    )
    assert checks.faults(course) == [], "what is made here is without faults"
    return course


def _unit(code: str, words: Words) -> Unit:
    outcomes = tuple(
        Outcome(number, words.said(), tuple(Criterion(f"{code}.{number}.{n}", words.said()) for n in (1, 2, 30)))
        for number in (1, 2, 9)
    )
    return Unit(code, words.said(), 2, 0, 1, 4, outcomes)


def _session(number: int, week: int, unit: Unit, mandatory: bool, words: Words) -> Session:
    plan = (PlanStep(60, words.said()), PlanStep(number, words.said()))
    covers = () if number > 3 and number % 2 else tuple(criterion.key for criterion in unit.criteria)
    return Session(
        number, week, words.said(), 60 + number, unit.code, covers, mandatory, (words.said(), words.said()),
        tuple(words.said() for _ in range(number % 3)), plan, words.text(), words.text() or "Said.", words.line(),
    )  # fmt: skip
