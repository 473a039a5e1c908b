"""Who counts for a session, and how somebody stands, in letters, pictures and words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from courses.attendance import Figures, SessionFact
from courses.marks import Code

LEFT_FOR_GOOD = ("withdrawn", "declined")


Break = tuple[date, date | None]
"""The first day of a break and its last; None when nobody knows yet when it ends."""


def is_on_a_break(state: str, breaks: Sequence[Break], day: date) -> bool:
    """Whether `day` lies in a break. Somebody who is paused without any days written down is on one every day."""
    if not breaks:
        return state == "paused"
    return any(first <= day and (last is None or day <= last) for first, last in breaks)


def is_left_out(breaks: Sequence[Break], day: date, *, is_held: bool) -> bool:
    """Whether a session on `day` is no part of somebody's reckoning because of a break.

    Of a break without an end only what was held counts as missed out: what is to come may still be theirs.
    """
    return any(first <= day and (is_held if last is None else day <= last) for first, last in breaks)


def why_not_markable(
    state: str, joined_on: date, ended_on: date | None, left_on: date | None, day: date,
    is_paused: bool | None = None,
) -> str:  # fmt: skip
    """Why somebody cannot be marked for a session on `day`, in a few words; "" when they can.

    `left_on` is the day they left the scheme, if they have; `is_paused` whether the day lies in a break of theirs,
    None when nobody looked: then their state decides.
    """
    if state == "paused" if is_paused is None else is_paused:
        return "Taking a break"
    if day < joined_on:
        return "Had not joined yet"
    last = min((each for each in (ended_on, left_on) if each is not None), default=None)
    return "Has left the course" if last is not None and day > last else ""


def last_day(day: date, joined_on: date, catch_up_days: int) -> date:
    """Until when a session on `day` can be made up; somebody who joined later has their days from then on."""
    return max(day, joined_on) + timedelta(days=catch_up_days)


def letter(fact: SessionFact) -> str:
    """A session of one person as one letter of the picture: "?" was held and is not marked, "" is to come."""
    if fact.cancelled:
        return str(Code.X.value)
    if fact.code is None:
        return "?" if fact.held else ""
    return str(Code.C.value if fact.is_caught_up else fact.code.value)


CELL, GAP = 24, 6
"""How wide and high a cell of the picture is, and the gap between two weeks, in its units and in pixels."""
SYMBOLS = {
    "V": "m7 11a4 4 0 1 0 8 0a4 4 0 1 0 -8 0",
    "L": "m3 3h5v16h-5z",
    "E": "m14 3h5v16h-5z",
    "A": "m4 18l14 -14",
    "U": "m4 4l14 14m0 -14l-14 14",
    "C": "m4 11l5 5l9 -10",
    "X": "m5 11h12",
    "N": "m10 11h2",
    "?": "m9 8a3 3 0 1 1 3 4v2m0 3v1",
}
"""What is drawn into a cell besides its colour, so that colour is not the only sign; nothing for "present"."""


@dataclass(frozen=True)
class HeatPath:
    """Every cell of one letter: its squares, and the signs in them."""

    cells: str
    signs: str


@dataclass(frozen=True)
class HeatColumns:
    """Where the columns of the picture stand: each session's left edge, and the weeks above them."""

    lefts: list[int]
    weeks: list[tuple[int, int, int]]
    """Each week with where it begins and how wide it is."""
    width: int


def heat_columns(weeks: Sequence[int]) -> HeatColumns:
    """The columns for sessions in these weeks, one after the other, with a gap between two weeks."""
    lefts: list[int] = []
    spans: list[tuple[int, int, int]] = []
    x = 0
    for n, week in enumerate(weeks):
        if n and week != weeks[n - 1]:
            x += GAP
        if not n or week != weeks[n - 1]:
            spans.append((week, x, 0))
        lefts.append(x)
        x += CELL
        spans[-1] = (week, spans[-1][1], x - spans[-1][1])
    return HeatColumns(lefts, spans, x)


def heat_paths(rows: Sequence[Sequence[str]], lefts: Sequence[int]) -> dict[str, HeatPath]:
    """The cells of the picture as one SVG path for each letter, a person a line, and one for its signs.

    A few paths are drawn and sent in a fraction of the time of 480 rectangles.
    """
    corners: dict[str, list[str]] = {}
    for y, letters in enumerate(rows):
        top = f" {y * CELL}"
        for x, each in zip(lefts, letters, strict=False):
            corners.setdefault(each, []).append(f"M{x}{top}")
    square = f"h{CELL - 2}v{CELL - 2}h-{CELL - 2}z"
    return {
        each: HeatPath(square.join([*found, ""]), SYMBOLS[each].join([*found, ""]) if each in SYMBOLS else "")
        for each, found in sorted(corners.items())
    }


def in_a_sentence(figures: Figures) -> str:
    """How a learner stands, said to the learner."""
    marked = figures.attended + figures.missed
    if not marked:
        return "Your attendance will be shown here after your first session."
    hours = f"{figures.guided_minutes / 60:.1f}".removesuffix(".0")
    sessions = "session" if marked == 1 else "sessions"
    return (
        f"You have been at, or caught up, {figures.attended} of {marked} {sessions} so far "
        f"({figures.percent_so_far}%), which is {hours} hours of learning."
    )
