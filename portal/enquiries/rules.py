"""By when a first hello is answered, what it is called, and what to say when ringing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

SATURDAY = 5
CALL = (
    "Ask whether it is a good time. Say only your first name until you know that you speak to the right person.",
    "Thank them for saying hello. Ask what made them think of it.",
    "Say what a mentor does and how much time it takes. Ask what they would like to know.",
    "Say that a past is no bar. Do not ask about convictions, health or money: we do not need them now.",
    "Ask what would make it easier: somebody beside them, paper, another language, a place without stairs.",
    "Agree what happens next, and by when. Write it down here.",
)
"""The steps of the call, for whoever rings for the first time."""


def reply_by(asked_on: date, within_days: int, holidays: Collection[date]) -> date:
    """The day by which we promised to answer: so many days on, and when the office is shut then, the day it opens.

    `within_days` is the scheme's own promise, in days of the calendar, as applicants are told it.
    """
    day = asked_on + timedelta(days=within_days)
    while day.weekday() >= SATURDAY or day in holidays:
        day += timedelta(days=1)
    return day


def reference(number: int) -> str:
    """What an enquiry is called on the phone. It opens nothing."""
    return f"H-{number:04}"
