"""On which days somebody is reminded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

REFEREE_DAYS = (7, 14, 28)
"""Days after a link was sent on which its referee is reminded; one who can only be rung is rung on these."""
APPLICANT_DAYS = (9, 16, 30)
"""Days on which the applicant is asked to give them a nudge: two days after each."""
LAST_STEP = REFEREE_DAYS[-1]
TOO_CLOSE = 2  # days
LAPSED_AFTER = 60  # days


def step_due(asked_on: date, today: date, steps: Sequence[int]) -> int | None:
    """Which of the steps (days after asking) is due, or None. It says nothing of whether it was done already.

    Only the latest one is: after a week without a worker nobody gets two reminders, the earlier ones count as passed.
    One that is late waits for the next when that is two days off or fewer, and after sixty days nothing is due.
    """
    days = (today - asked_on).days
    passed = [step for step in steps if step <= days]
    if not passed or days > LAPSED_AFTER:
        return None
    to_come = [step for step in steps if step > days]
    if passed[-1] < days and to_come and to_come[0] - days <= TOO_CLOSE:
        return None
    return passed[-1]


def next_step(asked_on: date, today: date, steps: Sequence[int]) -> date | None:
    """The day of the next reminder after today; None when there is none to come."""
    days = [asked_on + timedelta(days=step) for step in steps]
    return next((day for day in days if day > today), None)


def ring_step(asked_on: date, today: date) -> int:
    """The day (counted from asking) for which somebody who can only be rung is to be rung now: the first is day 0."""
    days = (today - asked_on).days
    return max((step for step in REFEREE_DAYS if step <= days), default=0)
