"""Who is ready: whatever states the gates are in."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from portal.pool.rules import (
    KEYS,
    FrozenGate,
    frozen,
    in_order,
    leaving_in_words,
    reasons_not_to_approve,
    reasons_not_to_leave,
    standing,
)
from portal.schemes.rules import GATES_TO_APPROVE
from portal.volunteers.rules import Gate, GateState

PASSES = {GateState.MET, GateState.NOT_NEEDED}


def gate(key, state=GateState.MET, owner="The holder"):
    return Gate(key, key.capitalize(), state, owner, date(2026, 11, 1), f"why {key}")


some_gates = st.dictionaries(st.sampled_from(KEYS), st.sampled_from(GateState)).map(
    lambda states: [gate(key, state, f"Owner of {key}") for key, state in states.items()]
)
required = st.lists(st.sampled_from(KEYS), unique=True).map(tuple)


@given(some_gates, required)
def test_ready_means_that_every_required_gate_is_known_and_passes(gates, keys):
    states = {each.key: each.state for each in gates}
    found = standing(gates, keys)
    assert found.is_ready == all(states.get(key) in PASSES for key in keys)
    assert len(found.reasons) == sum(states.get(key) not in PASSES for key in keys)


@given(some_gates, required)
def test_the_next_gate_is_the_first_of_the_journey_that_is_required_and_not_met(gates, keys):
    states = {each.key: each.state for each in gates}
    waiting = [key for key in KEYS if key in keys and key in states and states[key] not in PASSES]
    found = standing(gates, keys).next_gate
    assert (found.key if found else None) == (waiting[0] if waiting else None)


@given(some_gates, required)
def test_every_refusal_names_the_gate_and_who_holds_it(gates, keys):
    reasons = standing(gates, keys).reasons
    for each in gates:
        said = any(each.title in reason and each.owner in reason for reason in reasons)
        assert said == (each.key in keys and each.state not in PASSES)


@given(some_gates)
def test_one_more_gate_met_never_makes_anybody_less_ready(gates):
    before = len(standing(gates, GATES_TO_APPROVE).reasons)
    for key in KEYS:
        better = [each for each in gates if each.key != key] + [gate(key)]
        assert len(standing(better, GATES_TO_APPROVE).reasons) <= before


@given(st.permutations(KEYS))
def test_gates_are_shown_in_the_order_of_the_journey_however_they_come(keys):
    assert [each.key for each in in_order([gate(key) for key in (*keys, "a gate of tomorrow")])] == [
        *KEYS,
        "a gate of tomorrow",
    ]


def test_the_default_gates_of_a_scheme_are_all_known_here():
    assert set(GATES_TO_APPROVE) <= set(KEYS)


def refused(gates=(), **changes):
    given = {"required": (), "because": "Warm and reliable", "approver_id": 1, "own_id": None, "assessor_ids": {2}}
    return reasons_not_to_approve(list(gates), **{**given, "four_eyes": True, **changes})


def test_an_approver_who_did_not_assess_may_approve_when_all_is_met():
    assert refused([gate("dbs")], required=("dbs",)) == []


def test_who_assessed_may_not_approve_unless_the_scheme_allows_it():
    assert refused(assessor_ids={1, 2}) == ["You assessed them, so somebody else must approve them (Another approver)"]
    assert refused(assessor_ids={1, 2}, four_eyes=False) == []


def test_nobody_approves_themselves_not_even_where_four_eyes_are_not_asked_for():
    assert refused(own_id=1, four_eyes=False) == ["Nobody approves themselves (Another approver)"]


def test_an_approval_needs_a_reason():
    assert refused(because="  \n ") == ["Say why you approve them"]


def test_a_gate_nobody_knows_stops_an_approval():
    assert refused(required=("iqa",)) == ["iqa: nothing is known about it yet"]


def test_a_leaving_says_why_and_about_a_referral():
    assert reasons_not_to_leave(because=" ", referral_because="") == [
        "Say why they are leaving",
        "Say why a referral to the DBS was or was not needed",
    ]
    words = leaving_in_words("Moved to Leeds ", referral_considered=False, referral_because="nothing happened")
    assert words == "Moved to Leeds\n\nReferral to the DBS not considered: nothing happened"


@given(some_gates, required)
def test_what_is_frozen_is_read_back_as_it_stood(gates, keys):
    read = [FrozenGate.from_json(body) for body in frozen(gates, keys)]
    assert [(each.title, each.said, each.owner, each.since, each.why, each.required) for each in read] == [
        (each.title, each.state.words, each.owner, each.since, each.why, each.key in keys) for each in in_order(gates)
    ]
