"""Who counts for a session, and how somebody stands, in letters, pictures and words."""

from __future__ import annotations

from collections.abc import Sequence
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


def heat_paths(rows: Sequence[Sequence[str]]) -> dict[str, str]:
    """The cells of the picture as one SVG path for each letter: 12 units a cell, a person a line.

    Seven paths are drawn and sent in a fraction of the time of 480 rectangles.
    """
    paths: dict[str, list[str]] = {}
    for y, letters in enumerate(rows):
        for x, each in enumerate(letters):
            paths.setdefault(each, []).append(f"M{x * 12} {y * 12}h11v11h-11z")
    return {each: "".join(cells) for each, cells in sorted(paths.items())}


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
