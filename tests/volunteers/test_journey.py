"""Every stage and every move, as the one table says it."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal.audit.rules import Outsider
from portal.volunteers.journey import ENDS_AT, STARTS_AT, Move, Stage, document, moves_from
from portal.volunteers.models import Volunteer
from portal.volunteers.rules import MoveRefused

PAIRS = [(stage, move) for stage in Stage for move in Move]
SOMEBODY = Outsider("Somebody")


@pytest.mark.parametrize(("stage", "move"), PAIRS, ids=[f"{move.name}-from-{stage.value}" for stage, move in PAIRS])
def test_a_move_is_made_from_its_own_stages_and_refused_from_all_others(stage, move):
    volunteer = Volunteer(stage=stage)
    if stage in move.step.leaves:
        volunteer.make(move, by=SOMEBODY, because="a reason")
        (line,) = volunteer.history
        assert volunteer.stage is line.to_stage is move.step.enters
        assert (line.from_stage, line.by_name, line.because) == (stage, "Somebody", "a reason")
        assert volunteer.stage_since == line.at
    else:
        with pytest.raises(MoveRefused, match=f"You cannot {move.step.verb} a volunteer who is "):
            volunteer.make(move, by=SOMEBODY)
        assert (volunteer.stage, volunteer.history) == (stage, [])


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not ENDS_AT])
def test_no_stage_but_the_last_is_a_dead_end(stage):
    reached, waiting = {stage}, [stage]
    while waiting:
        for move in moves_from(waiting.pop()):
            if move.step.enters not in reached:
                reached.add(move.step.enters)
                waiting.append(move.step.enters)
    assert ENDS_AT in reached, f"nobody who is {stage.value} ever gets to the end"


def test_nothing_leaves_the_last_stage():
    assert moves_from(ENDS_AT) == []


def test_every_stage_can_be_reached_from_the_first():
    entered = {move.step.enters for move in Move} | {STARTS_AT}
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
