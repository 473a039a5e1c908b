"""Who is ready and who holds what is left; why nobody may be approved, rested, welcomed back or let go yet."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.volunteers.journey import BEFORE_ACTIVE, Stage
from portal.volunteers.rules import Gate, reasons_not_ready

ON_THE_BOARD: tuple[Stage, ...] = BEFORE_ACTIVE
HEADS = {  # every gate in the journey's order, as the head of its column
    "recommendation": "Recommendation", "interview": "Interview", "references": "References",
    "disclosure": "Disclosure", "dbs": "DBS check", "agreement": "Agreement", "attendance": "Attendance",
    "criteria": "Criteria", "iqa": "Quality check", "certificate": "Certificate",
}  # fmt: skip
KEYS = tuple(HEADS)


@dataclass(frozen=True)
class Standing:
    """How somebody stands with the gates their scheme requires.

    `is_ready` only when every required gate is known and passes; `next_gate` is the first, in the journey's order,
    that does not; `reasons` names every one that does not, with who holds it.
    """

    is_ready: bool
    next_gate: Gate | None
    reasons: list[str]


def standing(gates: Sequence[Gate], required: tuple[str, ...]) -> Standing:
    """Read somebody's gates against what is required. A required gate that nobody knows is not met."""
    reasons = reasons_not_ready(list(gates), required)
    first = next((gate for gate in in_order(gates) if gate.key in required and not gate.passes), None)
    return Standing(not reasons, first, reasons)


def in_order(gates: Sequence[Gate]) -> list[Gate]:
    """Gates in the order of the journey; any it does not know come last, by name."""
    return sorted(gates, key=lambda gate: (KEYS.index(gate.key) if gate.key in KEYS else len(KEYS), gate.key))


def reasons_not_to_approve(
    gates: Sequence[Gate], *, required: tuple[str, ...], because: str, approver_id: int | None, own_id: int | None,
    assessor_ids: Collection[int], four_eyes: bool,
) -> list[str]:  # fmt: skip
    """Why this person may not approve this volunteer now. Gates first, each with who holds it.

    `assessor_ids` are the users who decided any of the volunteer's criteria; `own_id` is the volunteer's own account.
    """
    reasons = standing(gates, required).reasons
    if approver_id is None or approver_id == own_id:
        reasons.append("Nobody approves themselves (Another approver)")
    if four_eyes and approver_id in assessor_ids:
        reasons.append("You assessed them, so somebody else must approve them (Another approver)")
    if not because.strip():
        reasons.append("Say why you approve them")
    return reasons


def reasons_not_to_leave(*, because: str, referral_because: str) -> list[str]:
    """Why a leaving cannot be recorded like this."""
    reasons = []
    if not because.strip():
        reasons.append("Say why they are leaving")
    if not referral_because.strip():
        reasons.append("Say why a referral to the DBS was or was not needed")
    return reasons


def leaving_in_words(because: str, *, referral_considered: bool, referral_because: str) -> str:
    """What the history keeps of a leaving.

    Whoever takes somebody away from work with adults at risk because of harm or risk of harm must refer them to the
    DBS (Safeguarding Vulnerable Groups Act 2006, section 35), so each leaving says whether it was thought of.
    """
    considered = "considered" if referral_considered else "not considered"
    return f"{because.strip()}\n\nReferral to the DBS {considered}: {referral_because.strip()}"


@dataclass(frozen=True)
class FrozenGate:
    """A gate as it stood when somebody was approved."""

    title: str
    said: str
    owner: str
    since: date | None
    why: str
    required: bool

    @classmethod
    def from_json(cls, body: dict[str, Any]) -> FrozenGate:
        """As the approval kept it."""
        since = date.fromisoformat(body["since"]) if body.get("since") else None
        return cls(body["title"], body["said"], body["owner"], since, body["why"], body["required"])


def frozen(gates: Sequence[Gate], required: tuple[str, ...]) -> list[dict[str, Any]]:
    """The gates as an approval keeps them: plain values, never read from the gates again."""
    return [
        {
            "key": gate.key,
            "title": gate.title,
            "state": gate.state.value,
            "said": gate.state.words,
            "owner": gate.owner,
            "since": gate.since.isoformat() if gate.since else None,
            "why": gate.why,
            "required": gate.key in required,
        }
        for gate in in_order(gates)
    ]
