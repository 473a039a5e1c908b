"""One sentence and one next step, at every stage."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.home.rules import OWN_STEPS, PLAIN, Facts, checks_in_words, next_step, way_here
from portal.pool.rules import KEYS
from portal.schemes.rules import GATES_TO_APPROVE, GATES_TO_TRAIN
from portal.volunteers.journey import Stage
from portal.volunteers.rules import Gate, GateState

HOLDERS = {"agreement": "The volunteer", "disclosure": "The volunteer", "references": "The referees",
           "dbs": "The DBS officer", "attendance": ""}  # fmt: skip
FACTS = Facts(5, "Monday 7 December at 2pm, by phone", "Tuesday 1 December at 6pm, The Hub")


def gates(**states):
    return [
        Gate(key, key, states.get(key, GateState.MET), HOLDERS.get(key, "The coordinator"), None, f"secret of {key}")
        for key in KEYS
    ]


def step(stage, facts=FACTS, **states):
    return next_step(stage, gates(**states), to_train=GATES_TO_TRAIN, to_approve=GATES_TO_APPROVE, facts=facts)


@pytest.mark.parametrize(
    ("stage", "words", "endpoint"),
    [
        (Stage.APPLYING, "Carry on with your application.", "applications.show_my_application"),
        (Stage.APPLIED, "We will read it and get in touch within 5 days.", ""),
        (
            Stage.INTERVIEWING,
            "Come and talk with us: Monday 7 December at 2pm, by phone. There are no trick questions.",
            "",
        ),
        (Stage.OFFERED, "Everything is done. Your coordinator will confirm your place.", ""),
        (Stage.READY, "We will tell you when your course starts.", ""),
        (
            Stage.TRAINING,
            "Come to your next session: Tuesday 1 December at 6pm, The Hub.",
            "learning.show_my_course",
        ),
        (Stage.CERTIFIED, "Everything is done. We look at it once more, and then we write to you.", ""),
        (Stage.ACTIVE, "Tell us when the days on which you are free change.", "volunteers.edit_my_details"),
        (Stage.RESTING, "Tell us when you would like to come back.", ""),
        (Stage.DECLINED, "Read our message, or ring us to talk it over.", "applications.show_my_application"),
        (Stage.WITHDRAWN, "You can start again whenever you like.", "applications.show_my_application"),
        (Stage.LEFT, "Ring us if you would like to stay in touch.", ""),
    ],
)
def test_every_stage_has_its_one_next_step(stage, words, endpoint):
    found = step(stage)
    assert (found.sentence, found.words, found.endpoint) == (stage.words.to_applicant, words, endpoint)
    assert bool(found.button) == bool(endpoint)


def test_without_dates_the_next_step_promises_none():
    assert "get in touch about our talk" in step(Stage.INTERVIEWING, Facts()).words
    assert step(Stage.TRAINING, Facts()).words.startswith("No session is planned just now.")


def test_after_the_day_of_the_talk_nobody_is_told_to_come_to_it():
    found = step(Stage.INTERVIEWING, Facts(was_interviewed=True))
    assert found.sentence == "The day of our talk has been."
    assert "ring us" in found.words


def test_the_promised_days_are_counted_as_the_letter_counts_them():
    assert step(Stage.APPLIED, Facts(reply_within_days=1)).words.endswith("within 1 day.")


def test_a_promise_that_was_not_kept_is_not_made_again():
    words = step(Stage.APPLIED, Facts(is_late=True)).words
    assert "We are sorry" in words
    assert "within" not in words


@pytest.mark.parametrize("stage", [Stage.OFFERED, Stage.READY, Stage.TRAINING, Stage.CERTIFIED])
@pytest.mark.parametrize("key", list(OWN_STEPS))
def test_what_they_can_do_themselves_comes_first(stage, key):
    found = step(stage, **{key: GateState.NOT_STARTED, "dbs": GateState.WAITING})
    assert (found.words, found.endpoint, found.button) == OWN_STEPS[key]


def test_the_agreement_comes_before_what_is_told_in_confidence():
    found = step(Stage.OFFERED, agreement=GateState.NOT_STARTED, disclosure=GateState.NOT_STARTED)
    assert found.endpoint == "agreements.acknowledge_agreement"


def test_what_we_wait_for_is_said_with_who_has_it():
    found = step(Stage.OFFERED, references=GateState.WAITING, dbs=GateState.NOT_STARTED)
    assert found.words == (
        "We are waiting for your references (with the people you named) and your DBS check (with the DBS officer)."
    )
    assert "your time on the course" in step(Stage.CERTIFIED, attendance=GateState.WAITING).words


def test_what_is_not_met_is_talked_over_and_never_written_on_the_page():
    found = step(Stage.OFFERED, dbs=GateState.REFUSED)
    assert found.words == "There is something we would like to talk over with you. Ring us, or wait for our call."


@given(st.sampled_from(Stage), st.dictionaries(st.sampled_from(KEYS), st.sampled_from(GateState)))
def test_whatever_the_gates_there_is_a_next_step_and_no_reason_is_shown(stage, states):
    found = step(stage, **states)
    assert found.sentence
    assert found.words
    said = [found.words, *(words for row in checks_in_words(stage, gates(**states), GATES_TO_APPROVE) for words in row)]
    assert not any("secret" in words for words in said)


@pytest.mark.parametrize("stage", list(Stage))
def test_the_way_says_what_is_done_and_what_is_now(stage):
    states = [state for _, state in way_here(stage)]
    if stage in {Stage.DECLINED, Stage.WITHDRAWN, Stage.LEFT, Stage.JOINED}:
        assert states == []
    elif stage in {Stage.ACTIVE, Stage.RESTING}:
        assert states == ["Done"] * 5
    else:
        assert states == sorted(states, key=["Done", "Now", "To come"].index)
        assert states.count("Now") == 1


def test_somebody_offered_a_place_has_talked_with_us_and_now_does_the_checks():
    way = dict(way_here(Stage.OFFERED))
    assert (way["Talk with us"], way["Do the checks"], way["Start as a mentor"]) == ("Done", "Now", "To come")


def test_every_gate_has_plain_words():
    assert set(PLAIN) == set(KEYS)
