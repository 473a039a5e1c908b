"""Every stage and every move, as the one table says it."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.audit.rules import Outsider
from portal.volunteers.journey import BACK_TO, ENDS_AT, STARTS_AT, Move, Stage, document, moves_from
from portal.volunteers.models import Volunteer
from portal.volunteers.rules import MoveRefused

PAIRS = [(stage, move) for stage in Stage for move in Move]
SOMEBODY = Outsider("Somebody")


@pytest.mark.parametrize(("stage", "move"), PAIRS, ids=[f"{move.name}-from-{stage.value}" for stage, move in PAIRS])
def test_a_move_is_made_from_its_own_stages_and_refused_from_all_others(stage, move):
    volunteer = Volunteer(stage=stage)
    if stage in move.step.leaves and move.step.enters is None:
        undone_by(move, stage)
    elif stage in move.step.leaves:
        volunteer.make(move, by=SOMEBODY, because="a reason")
        (line,) = volunteer.history
        assert volunteer.stage is line.to_stage is move.step.enters
        assert (line.from_stage, line.by_name, line.because) == (stage, "Somebody", "a reason")
        assert volunteer.stage_since == line.at
    else:
        with pytest.raises(MoveRefused, match=f"You cannot {move.step.verb} a volunteer who is "):
            volunteer.make(move, by=SOMEBODY)
        assert (volunteer.stage, volunteer.history) == (stage, [])


def undone_by(move: Move, stage: Stage) -> None:
    """Whoever made a move that this one undoes is back where they came from, or where a place is given."""
    undone = Move[move.step.undoes]
    for before in undone.step.leaves:
        volunteer = Volunteer(stage=before)
        volunteer.make(undone, by=SOMEBODY)
        assert volunteer.stage is stage
        volunteer.make(move, by=SOMEBODY, because="a reason")
        assert volunteer.stage is BACK_TO.get(before, before)
        assert volunteer.stage in move.may_enter
        assert volunteer.history[-1].to_stage is volunteer.stage


@pytest.mark.parametrize("move", [move for move in Move if move.step.undoes])
def test_what_was_never_done_cannot_be_undone(move):
    (stage,) = move.step.leaves
    volunteer = Volunteer(stage=stage)
    with pytest.raises(MoveRefused):
        volunteer.make(move, by=SOMEBODY)
    assert (volunteer.stage, volunteer.history) == (stage, [])


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not ENDS_AT])
def test_no_stage_but_the_last_is_a_dead_end(stage):
    reached, waiting = {stage}, [stage]
    while waiting:
        for move in moves_from(waiting.pop()):
            new = set(move.may_enter) - reached
            reached |= new
            waiting.extend(new)
    assert ENDS_AT in reached, f"nobody who is {stage.value} ever gets to the end"


def test_nothing_leaves_the_last_stage():
    assert moves_from(ENDS_AT) == []


def test_every_stage_can_be_reached_from_the_first():
    entered = {stage for move in Move for stage in move.may_enter} | {STARTS_AT}
    assert entered == set(Stage)


def test_every_move_says_who_makes_it():
    for move in Move:
        assert move.step.made_by.startswith(("A ", "An ", "The ")), move
    assert Move.APPROVE.step.made_by == "An approver"


def test_the_document_is_what_the_table_says():
    written = Path("docs/journey.md").read_text(encoding="utf-8")
    assert written == document(), "run: flask --app wsgi journey diagram > docs/journey.md"


def test_the_command_writes_the_document(app):
    result = app.test_cli_runner().invoke(args=["journey", "diagram"])
    assert (result.exit_code, result.output) == (0, document())
