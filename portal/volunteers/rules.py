"""What a gate is, and the words for refusing a move."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

from portal.refusals import Refused


class MoveRefused(Refused):
    """A move that the journey does not have from this stage, or whose gates are not met."""


class GateState(Enum):
    """How far a requirement is."""

    MET = "met"
    WAITING = "waiting"
    NOT_STARTED = "not_started"
    REFUSED = "refused"
    NOT_NEEDED = "not_needed"

    @property
    def words(self) -> str:
        """As a tag shows it."""
        return GATE_WORDS[self]

    @property
    def passes(self) -> bool:
        """Whether it lets somebody through."""
        return self in {GateState.MET, GateState.NOT_NEEDED}


GATE_WORDS = {
    GateState.MET: "Met",
    GateState.WAITING: "Waiting",
    GateState.NOT_STARTED: "Not started",
    GateState.REFUSED: "Not met",
    GateState.NOT_NEEDED: "Not needed",
}


@dataclass(frozen=True)
class Gate:
    """One requirement of one volunteer: whether it is met, who holds it, since when and why.

    `key` is the scheme setting's name for it; `owner` is who must act next ("The DBS officer"); `link` is a path.
    """

    key: str
    title: str
    state: GateState
    owner: str
    since: date | None
    why: str
    link: str | None = None

    @property
    def passes(self) -> bool:
        """Whether it lets the volunteer through."""
        return self.state.passes


def reasons_not_ready(gates: list[Gate], required: tuple[str, ...]) -> list[str]:
    """Every required gate that does not pass, in words: what, why, who holds it. Empty means ready."""
    by_key = {gate.key: gate for gate in gates}
    reasons = []
    for key in required:
        gate = by_key.get(key)
        if gate is None:
            reasons.append(f"{key}: nothing is known about it yet")
        elif not gate.passes:
            reasons.append(f"{gate.title}: {gate.why} ({gate.owner})")
    return reasons
