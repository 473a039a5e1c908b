"""When somebody may tell us about their past, and why an answer is refused. Asked only after an offer."""

from __future__ import annotations

NOTHING = "I have nothing to tell you."


def reasons_not_to_answer(*, is_offered: bool, statement: str) -> list[str]:
    """Why this cannot be taken."""
    reasons = []
    if not is_offered:
        reasons.append("We ask about the past only after a place has been offered")
    if not statement.strip():
        reasons.append("Write what you would like us to know, or choose that you have nothing to tell us")
    return reasons


def reasons_not_to_consider(*, is_answered: bool, is_considered: bool, is_own: bool) -> list[str]:
    """Why it cannot be marked as considered."""
    reasons = []
    if not is_answered:
        reasons.append("They have not answered yet (The volunteer)")
    if is_considered:
        reasons.append("It has been considered already")
    if is_own:
        reasons.append("Nobody considers what they told us themselves")
    return reasons
