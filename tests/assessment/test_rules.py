"""What may be decided, what is sampled, and when work is released."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.assessment.rules import (
    Attempt,
    Decided,
    Sample,
    reasons_not_to_decide,
    reasons_not_to_find,
    reasons_not_to_sample,
    release,
    sample_size,
    suggested,
    tally,
)

UNITS = ("U1", "U2", "U3", "U4")
FINE = {"is_known": True, "is_learning": True, "is_own_work": False, "was_agreed": False}


def met(**changes):
    given = {"state": "met", "evidence_type": "written", "evidence": "Page 3", "feedback": "Clear."}
    return Attempt(**{**given, **changes})


def sampled(who, unit="U1", *, agreed=True, decided=True, closed=False):
    return Sample(who, unit, decided, agreed and decided, closed)


def test_met_with_evidence_and_feedback_may_be_decided():
    assert reasons_not_to_decide(met(), **FINE) == []


def test_not_yet_met_needs_feedback_and_no_evidence():
    attempt = met(state="not_yet_met", evidence_type="", evidence="")
    assert reasons_not_to_decide(attempt, **FINE) == []
    assert reasons_not_to_decide(met(state="not_yet_met", feedback=" "), **FINE) == ["Write feedback for the learner"]


@pytest.mark.parametrize(
    ("attempt", "facts", "words"),
    [
        (met(), {"is_known": False}, "no such criterion"),
        (met(), {"is_learning": False}, "no longer on the course"),
        (met(), {"is_own_work": True}, "their own work"),
        (met(state="submitted"), {}, "Choose “met” or “not yet met”"),
        (met(evidence=" "), {}, "which evidence"),
        (met(evidence_type=""), {}, "which evidence"),
        (met(), {"was_agreed": True}, "why you are opening it again"),
    ],
)
def test_a_decision_is_refused_in_words(attempt, facts, words):
    reasons = reasons_not_to_decide(attempt, **{**FINE, **facts})
    assert len(reasons) == 1
    assert words in reasons[0]


def test_an_iqa_never_samples_their_own_decisions_nor_half_a_unit():
    fine = {"is_known": True, "decided": 7, "criteria": 7, "assessors": {1, 2}, "iqa_id": 3, "is_own_work": False}
    assert reasons_not_to_sample(**fine) == []
    assert "another IQA" in reasons_not_to_sample(**{**fine, "iqa_id": 2})[0]
    assert "Only 6 of 7" in reasons_not_to_sample(**{**fine, "decided": 6})[0]
    assert "own work" in reasons_not_to_sample(**{**fine, "is_own_work": True})[0]


def test_agreeing_means_all_four_and_action_says_what_to_do():
    assert reasons_not_to_find(agrees=True, judgements=(True,) * 4, feedback="Sound.") == []
    assert "current" in reasons_not_to_find(agrees=True, judgements=(True, True, False, True), feedback="x")[0]
    assert reasons_not_to_find(agrees=False, judgements=(False,) * 4, feedback=" ") == ["Say what the assessor must do"]


@given(learners=st.integers(0, 60), percent=st.integers(0, 100))
def test_a_sample_is_never_smaller_than_the_percentage_asked_for(learners, percent):
    size = sample_size(learners, percent)
    assert size * 100 >= learners * percent
    assert (size - 1) * 100 < learners * percent or size == 0


groups = st.lists(
    st.tuples(st.integers(1, 30), st.sampled_from(UNITS), st.frozensets(st.integers(1, 4), min_size=1, max_size=2)),
    unique_by=lambda each: each[:2],
    max_size=40,
)


@given(groups, st.integers(0, 100), st.integers(1, 5))
def test_the_suggestion_is_the_same_every_time_and_never_ones_own_work(rows, percent, iqa_id):
    ready = [Decided(*row) for row in rows]
    first = suggested(ready, percent=percent, sampled=set(), iqa_id=iqa_id)
    assert first == suggested(list(reversed(ready)), percent=percent, sampled=set(), iqa_id=iqa_id)
    assert len(set(first)) == len(first)
    own = {(each.enrolment_id, each.unit) for each in ready if iqa_id in each.assessors}
    assert not own & set(first)


@given(groups, st.integers(1, 100))
def test_every_assessor_is_sampled_to_the_percentage_and_nothing_is_suggested_twice(rows, percent):
    ready = [Decided(*row) for row in rows]
    chosen = suggested(ready, percent=percent, sampled=set(), iqa_id=99)
    for assessor in {who for each in ready for who in each.assessors}:
        learners = {each.enrolment_id for each in ready if assessor in each.assessors}
        covered = {
            each.enrolment_id
            for each in ready
            if assessor in each.assessors and (each.enrolment_id, each.unit) in chosen
        }
        assert len(covered) >= sample_size(len(learners), percent)
    assert suggested(ready, percent=percent, sampled=set(chosen), iqa_id=99) == []


def test_work_is_released_when_enough_of_the_group_is_sampled():
    facts = {"learners": 10, "percent": 20, "units": UNITS}
    assert not release(1, samples=[sampled(2)], **facts).is_released
    done = release(1, samples=[sampled(2), sampled(3)], **facts)
    assert done.is_released
    assert done.why == "2 learners of the group sampled, 2 needed"


def test_two_units_of_one_learner_are_one_learner_sampled():
    two_units = [sampled(2, "U1"), sampled(2, "U2")]
    assert not release(1, samples=two_units, learners=10, percent=20, units=UNITS).is_released


def test_somebody_whose_every_unit_was_agreed_does_not_wait_for_the_others():
    own = [sampled(1, unit) for unit in UNITS]
    assert release(1, samples=own, learners=40, percent=50, units=UNITS).is_released


def test_an_open_action_stops_only_the_learner_it_is_about():
    samples = [sampled(1), sampled(2), sampled(3, agreed=False)]
    facts = {"samples": samples, "learners": 10, "percent": 20, "units": UNITS}
    assert release(1, **facts).is_released
    stopped = release(3, **facts)
    assert (stopped.is_released, stopped.has_action, stopped.why) == (False, True, "action asked for in U1")


def test_a_closed_action_counts_as_settled_and_a_planned_sample_does_not():
    facts = {"learners": 5, "percent": 20, "units": UNITS}
    assert release(1, samples=[sampled(1, agreed=False, closed=True)], **facts).is_released
    waiting = release(1, samples=[sampled(1, decided=False), sampled(2)], **facts)
    assert not waiting.is_released
    assert "not looked at yet" in waiting.why


def test_a_scheme_that_asks_for_no_sample_releases_at_once():
    assert release(1, samples=[], learners=10, percent=0, units=UNITS).is_released


def test_a_tally_counts_every_criterion_once():
    assert tally({"a": "met", "b": "not_yet_met", "z": "met"}, ["a", "b", "c"]) == {
        "met": 1, "not_yet_met": 1, "to_decide": 1, "all": 3,
    }  # fmt: skip
