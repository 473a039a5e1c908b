"""What waits for somebody, as lines of work; and a volunteer's one next step, in words a nine-year-old reads."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from portal.pool.rules import in_order
from portal.volunteers.journey import Stage
from portal.volunteers.rules import Gate, GateState


@dataclass(frozen=True)
class Facts:
    """What the one next step may mention; empty when there is none."""

    reply_within_days: int = 5
    interview: str = ""
    next_session: str = ""
    was_interviewed: bool = False
    reply_by: date | None = None
    is_late: bool = False
    """We have let the day go by on which we promised to answer."""


@dataclass(frozen=True)
class NextStep:
    """One sentence, one next step, and the page and button for it when there is something to do."""

    sentence: str
    words: str
    endpoint: str = ""
    button: str = ""


OWN_STEPS = {
    "agreement": (
        "Read and agree the volunteer agreement.",
        "agreements.acknowledge_agreement",
        "Read the volunteer agreement",
    ),
    "disclosure": (
        "Tell us, in confidence, what you would like us to know before your check.",
        "disclosure.answer_disclosure",
        "Tell us in confidence",
    ),
}
PLAIN = {
    "recommendation": "your practitioner’s recommendation",
    "interview": "your talk with us",
    "references": "your references",
    "disclosure": "what you told us in confidence",
    "dbs": "your DBS check",
    "agreement": "the volunteer agreement",
    "attendance": "your time on the course",
    "criteria": "your course work",
    "iqa": "the quality check of your course work",
    "certificate": "your certificate",
}
STAGES_WITH_CHECKS = (Stage.OFFERED, Stage.READY, Stage.TRAINING, Stage.CERTIFIED)
WAY = (
    ("Send your application", (Stage.APPLYING,)),
    ("Talk with us", (Stage.APPLIED, Stage.INTERVIEWING)),
    ("Do the checks", (Stage.OFFERED,)),
    ("Do the course, and get your certificate", (Stage.READY, Stage.TRAINING)),
    ("Start as a mentor", (Stage.CERTIFIED,)),
)
TALKED = (
    "The day of our talk has been.",
    "We will tell you how it goes on. If we missed each other, ring us, and we find another day.",
)
BUTTONS = {
    Stage.APPLYING: ("applications.show_my_application", "Carry on with your application"),
    Stage.TRAINING: ("learning.show_my_course", "See your course"),
    Stage.ACTIVE: ("volunteers.edit_my_details", "Change when you are free"),
    Stage.DECLINED: ("applications.show_my_application", "Apply again"),
    Stage.WITHDRAWN: ("applications.show_my_application", "Start again"),
}


def next_step(
    stage: Stage, gates: Sequence[Gate], *, to_train: tuple[str, ...], to_approve: tuple[str, ...], facts: Facts
) -> NextStep:
    """The one sentence and the one next step of somebody at this stage.

    What they can do themselves comes first; then what we wait for, and who holds it; then what comes next.
    """
    own = _own_step(stage, gates, {*to_train, *to_approve})
    if own:
        return own
    sentence, words = stage.words.to_applicant, stage.words.next_step
    endpoint, button = BUTTONS.get(stage, ("", ""))
    if stage is Stage.APPLIED and facts.is_late:
        words = "We should have answered by now. We are sorry. Ring us, and we tell you how it stands."
    elif stage is Stage.APPLIED:
        days = facts.reply_within_days
        words = f"We will read it and get in touch within {days} day{'' if days == 1 else 's'}."
    elif stage is Stage.INTERVIEWING and facts.interview:
        words = f"Come and talk with us: {facts.interview}. There are no trick questions."
    elif stage is Stage.INTERVIEWING and facts.was_interviewed:
        sentence, words = TALKED
    elif stage is Stage.INTERVIEWING:
        words = "We will get in touch about our talk. There is nothing you need to do."
    elif stage is Stage.TRAINING and facts.next_session:
        words = f"Come to your next session: {facts.next_session}."
    elif stage is Stage.TRAINING:
        words = "No session is planned just now. See what is left to do on your course."
    elif stage is Stage.OFFERED:
        words = _waiting(gates, to_train) or "Everything is done. Your coordinator will confirm your place."
    elif stage is Stage.CERTIFIED:
        words = _waiting(gates, to_approve) or "Everything is done. We look at it once more, and then we write to you."
    return NextStep(sentence, words, endpoint, button)


def _own_step(stage: Stage, gates: Sequence[Gate], required: set[str]) -> NextStep | None:
    if stage in {Stage.ACTIVE, Stage.RESTING}:  # a mentor hears of one thing only: a version that is new
        required, gates = {"agreement"}, [gate for gate in gates if gate.key == "agreement"]
    elif stage not in STAGES_WITH_CHECKS:
        return None
    for gate in sorted(in_order(gates), key=lambda gate: gate.key != "agreement"):
        if gate.key in OWN_STEPS and gate.key in required and gate.owner == "The volunteer" and not gate.passes:
            return NextStep(stage.words.to_applicant, *OWN_STEPS[gate.key])
    return None


def _waiting(gates: Sequence[Gate], required: tuple[str, ...]) -> str:
    left = [gate for gate in in_order(gates) if gate.key in required and not gate.passes]
    if not left:
        return ""
    if any(gate.state is GateState.REFUSED for gate in left):
        return "There is something we would like to talk over with you. Ring us, or wait for our call."
    said = [f"{PLAIN.get(gate.key, gate.title)} ({_holder(gate)})" for gate in left]
    return f"We are waiting for {' and '.join(filter(None, (', '.join(said[:-1]), said[-1])))}."


def _holder(gate: Gate) -> str:
    owner = gate.owner or "The coordinator"
    return f"with {owner[0].lower()}{owner[1:]}" if owner != "The referees" else "with the people you named"


def way_here(stage: Stage) -> list[tuple[str, str]]:
    """The steps of the whole way, each with how it stands; empty for somebody who has stopped."""
    if stage in {Stage.ACTIVE, Stage.RESTING}:
        return [(words, "Done") for words, _ in WAY]
    at = next((number for number, (_, stages) in enumerate(WAY) if stage in stages), None)
    if at is None:
        return []
    return [
        (words, "Done" if number < at else "Now" if number == at else "To come")
        for number, (words, _) in enumerate(WAY)
    ]


def checks_in_words(stage: Stage, gates: Sequence[Gate], required: Collection[str]) -> list[tuple[str, str]]:
    """The checks of somebody with an offer, for their own eyes: never why one is not met."""
    if stage not in STAGES_WITH_CHECKS:
        return []
    words = {
        GateState.MET: "Done",
        GateState.NOT_NEEDED: "Not needed",
        GateState.WAITING: "Under way",
        GateState.NOT_STARTED: "To come",
        GateState.REFUSED: "We will talk with you",
    }
    return [
        (PLAIN.get(gate.key, gate.title), "For you to do" if _is_own(gate) else words[gate.state])
        for gate in in_order(gates)
        if gate.key in required
    ]


def _is_own(gate: Gate) -> bool:
    return gate.key in OWN_STEPS and gate.owner == "The volunteer" and not gate.passes
