"""Why an agreement cannot be acknowledged, in words."""

from __future__ import annotations


def reasons_not_to_acknowledge(*, is_offered: bool, is_latest: bool, is_done: bool, typed_name: str) -> list[str]:
    """Why an agreement cannot be acknowledged."""
    reasons = []
    if not is_offered:
        reasons.append("The agreement is for people who have been offered a place")
    if not is_latest:
        reasons.append("There is a newer version of the agreement: read that one")
    if is_done:
        reasons.append("This version has been acknowledged already")
    if not typed_name.strip():
        reasons.append("Type your name")
    return reasons
