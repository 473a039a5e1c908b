"""The volunteer's journey: every stage, every move, and the words for each. Nothing else changes a stage."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from portal.access import GRANTS, Can, Role


class Stage(Enum):
    """Where a volunteer is. A stage finishes the sentence "she is …"."""

    APPLYING = "applying"
    APPLIED = "applied"
    INTERVIEWING = "interviewing"
    OFFERED = "offered"
    READY = "ready"
    TRAINING = "training"
    CERTIFIED = "certified"
    ACTIVE = "active"
    RESTING = "resting"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LEFT = "left"
    JOINED = "joined"

    @property
    def words(self) -> Words:
        """How this stage is said to the applicant, to staff and in a report."""
        return WORDS[self]


@dataclass(frozen=True)
class Words:
    """One stage in three voices; `next_step` is the one thing the applicant does or waits for."""

    to_applicant: str
    next_step: str
    to_staff: str
    in_report: str


WORDS = {
    Stage.APPLYING: Words(
        "You have started your application.", "Carry on with your application.", "applying", "Applications started"
    ),
    Stage.APPLIED: Words(
        "We have your application.", "We will read it and get in touch to arrange a talk.", "applied", "Applied"
    ),
    Stage.INTERVIEWING: Words(
        "We would like to talk with you.", "Come and talk with us. There are no trick questions.",
        "waiting for interview or its result", "At interview",
    ),
    Stage.OFFERED: Words(
        "We have offered you a place, once a few checks are done.", "See what is done and what is left.",
        "offered a place, checks under way", "Offered a place",
    ),
    Stage.READY: Words(
        "Your checks are done. You have a place on the course.", "We will tell you when your course starts.",
        "ready for a course", "Ready to train",
    ),
    Stage.TRAINING: Words(
        "You are on the course.", "Come to your next session.", "in training", "In training"
    ),
    Stage.CERTIFIED: Words(
        "You have finished the course and have your certificate.", "We will confirm when you can start as a mentor.",
        "certified, waiting for approval", "Certified",
    ),
    Stage.ACTIVE: Words(
        "You are an active peer mentor.", "Tell us when the days on which you are free change.", "active", "Active"
    ),
    Stage.RESTING: Words(
        "You are taking a break from mentoring.", "Tell us when you would like to come back.",
        "on a break", "On a break",
    ),
    Stage.DECLINED: Words(
        "We have not been able to offer you a place this time.", "Read our message, or ring us to talk it over.",
        "not taken on", "Not taken on",
    ),
    Stage.WITHDRAWN: Words(
        "You decided not to go on for now.", "You can start again whenever you like.", "withdrawn", "Withdrew"
    ),
    Stage.LEFT: Words(
        "You have left the scheme. Thank you.", "Ring us if you would like to stay in touch.", "left", "Left"
    ),
    Stage.JOINED: Words(
        "You are on our list twice, so we put both together.", "Carry on with the other one, or ring us.",
        "the same person as another record", "Joined with another record",
    ),
}  # fmt: skip

BEFORE_ACTIVE = (
    Stage.APPLIED,
    Stage.INTERVIEWING,
    Stage.OFFERED,
    Stage.READY,
    Stage.TRAINING,
    Stage.CERTIFIED,
)
STARTS_AT = Stage.APPLYING
ENDS_AT = Stage.LEFT


@dataclass(frozen=True)
class Step:
    """A move: its verb, the stages it leaves, the stage it enters, what it takes to make it.

    A move that undoes another enters the stage which that one left: `undoes` names the move, `enters` is None.
    """

    verb: str
    leaves: tuple[Stage, ...]
    enters: Stage | None
    needs: Can
    undoes: str = ""

    @property
    def made_by(self) -> str:
        """Who can make this move, in words for staff."""
        if self.needs is Can.VISIT:
            return "The applicant"
        roles = [role.words for role in Role if self.needs in GRANTS[role]]
        said = [words if words[1].isupper() else words[0].lower() + words[1:] for words in roles]
        if said == ["volunteer"]:
            return "The volunteer"
        return f"{'An' if said[0][0] in 'aeio' else 'A'} {' or '.join(said)}" if said else "Nobody"


class Move(Enum):
    """Every way from one stage to another. A pair that is not here does not exist."""

    SUBMIT = Step("submit", (Stage.APPLYING,), Stage.APPLIED, Can.VISIT)
    INVITE = Step("invite to interview", (Stage.APPLIED,), Stage.INTERVIEWING, Can.DECIDE_APPLICATIONS)
    OFFER = Step("offer a place to", (Stage.INTERVIEWING,), Stage.OFFERED, Can.DECIDE_APPLICATIONS)
    CONFIRM = Step("confirm", (Stage.OFFERED,), Stage.READY, Can.DECIDE_APPLICATIONS)
    ENROL = Step("enrol", (Stage.READY,), Stage.TRAINING, Can.MANAGE_COHORTS)
    UNENROL = Step("take off the course", (Stage.TRAINING,), Stage.READY, Can.MANAGE_COHORTS)
    CERTIFY = Step("certify", (Stage.TRAINING,), Stage.CERTIFIED, Can.CERTIFY)
    APPROVE = Step("approve", (Stage.CERTIFIED,), Stage.ACTIVE, Can.APPROVE)
    REST = Step("give a break to", (Stage.ACTIVE,), Stage.RESTING, Can.DECIDE_APPLICATIONS)
    RETURN = Step("welcome back", (Stage.RESTING,), Stage.ACTIVE, Can.APPROVE)
    DECLINE = Step("decline", BEFORE_ACTIVE, Stage.DECLINED, Can.DECIDE_APPLICATIONS)
    WITHDRAW = Step("withdraw", (Stage.APPLYING, *BEFORE_ACTIVE), Stage.WITHDRAWN, Can.OWN_JOURNEY)
    REAPPLY = Step("reopen", (Stage.DECLINED, Stage.WITHDRAWN), Stage.APPLYING, Can.OWN_JOURNEY)
    LEAVE = Step("record the leaving of", (Stage.ACTIVE, Stage.RESTING), Stage.LEFT, Can.DECIDE_APPLICATIONS)
    COME_BACK = Step("undo the withdrawal of", (Stage.WITHDRAWN,), None, Can.OWN_JOURNEY, undoes="WITHDRAW")
    JOIN = Step(
        "join with another record",
        (Stage.APPLYING, Stage.APPLIED, Stage.INTERVIEWING, Stage.DECLINED, Stage.WITHDRAWN),
        Stage.JOINED, Can.DECIDE_APPLICATIONS,
    )  # fmt: skip
    PART = Step("part again", (Stage.JOINED,), None, Can.DECIDE_APPLICATIONS, undoes="JOIN")

    @property
    def step(self) -> Step:
        """The row of the table."""
        return self.value

    def leaves(self, stage: Stage) -> bool:
        """Whether this move starts from that stage."""
        return stage in self.step.leaves

    @property
    def may_enter(self) -> tuple[Stage, ...]:
        """Every stage that this move can lead to: one, or those that the move it undoes can leave."""
        if self.step.enters is not None:
            return (self.step.enters,)
        return tuple(dict.fromkeys(BACK_TO.get(stage, stage) for stage in Move[self.step.undoes].step.leaves))


BACK_TO = {Stage.TRAINING: Stage.READY}
"""Whoever gave up a place on a course comes back to where one is given: the place may be somebody else's by now."""


def moves_from(stage: Stage) -> list[Move]:
    """Every move that leaves this stage, in the journey's order."""
    return [move for move in Move if move.leaves(stage)]


def diagram() -> str:
    """The journey as a Mermaid state diagram, for docs/journey.md."""
    lines = ["stateDiagram-v2", f"    [*] --> {STARTS_AT.value}: start"]
    for move in Move:
        for stage in move.step.leaves:
            lines += [f"    {stage.value} --> {enters.value}: {move.name.lower()}" for enters in move.may_enter]
    lines.append(f"    {ENDS_AT.value} --> [*]")
    return "\n".join(lines)


def document() -> str:
    """The whole of docs/journey.md: the diagram, every stage in its three voices, every move and who makes it."""
    stages = [
        f"| `{stage.value}` | {stage.words.to_applicant} | {stage.words.next_step} | {stage.words.in_report} |"
        for stage in Stage
    ]
    moves = [
        f"| {move.name.lower()} | {', '.join(f'`{stage.value}`' for stage in move.step.leaves)}"
        f" | {', '.join(f'`{stage.value}`' for stage in move.may_enter)} | {move.step.made_by} |"
        for move in Move
    ]
    return "\n".join(
        [
            "# The journey", "",
            "Written by `flask journey diagram > docs/journey.md` from `portal/volunteers/journey.py`; tests hold it.",
            "", "```mermaid", diagram(), "```", "", "## Stages", "",
            "| stage | what the volunteer reads | their one next step | in reports |", "|---|---|---|---|", *stages,
            "", "## Moves", "", "| move | from | to | who makes it |", "|---|---|---|---|", *moves, "",
        ]
    )  # fmt: skip
