"""When a sheet can be saved, and what two sheets say beside each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.interviews.rules import LEAST, MOST, ScoreArea


@dataclass(frozen=True)
class Compared:
    """One area as every scorer gave it."""

    area: ScoreArea
    given: tuple[int, ...]

    @property
    def differs(self) -> bool:
        """Whether they did not give the same: worth talking over."""
        return len(set(self.given)) > 1


def compared(sheets: Sequence[Mapping[str, Any]]) -> list[Compared]:
    """Every area of the scorecard with what each gave, in the order of the sheets."""
    return [Compared(area, tuple(int(sheet[area.value]) for sheet in sheets)) for area in ScoreArea]


def refers(sheets: Sequence[Mapping[str, Any]]) -> bool:
    """Whether either scored keeping people safe with 0, which nobody may pass over."""
    return any(sheet.get(ScoreArea.SAFEGUARDING.value) == LEAST for sheet in sheets)


def reasons_not_to_score(
    scores: Mapping[str, int], *, is_named: bool, is_cancelled: bool, is_held: bool, is_locked: bool,
    planned_at: datetime, now: datetime,
) -> list[str]:  # fmt: skip
    """Why this sheet cannot be saved. An empty list means that it can, once and for all."""
    reasons = []
    if not is_named:
        reasons.append("Only those who are named for this interview score it")
    if is_locked:
        reasons.append("Your scores are saved, and locked")
    if is_cancelled:
        reasons.append("This interview was cancelled")
    if is_held and not is_locked:
        reasons.append("The agreed scores are recorded already")
    if now < planned_at:
        reasons.append("The interview has not begun yet")
    reasons += [
        f"Score {area.words.lower()} from {LEAST} to {MOST}"
        for area in ScoreArea
        if isinstance(scores.get(area.value), bool) or scores.get(area.value) not in range(LEAST, MOST + 1)
    ]
    return reasons
