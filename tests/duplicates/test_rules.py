"""What two records share: symmetric, within one scheme, and found without comparing everybody with everybody."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.duplicates import rules
from portal.duplicates.rules import Known, likeness_of_names, pairs, shared
from portal.volunteers.journey import Move, Stage

NAMES = st.sampled_from(["ann jones", "anna jones", "jones ann", "amy jones", "jon smith", "john smith", "zofia zak"])
PEOPLE = st.builds(
    Known, id=st.integers(1, 60), scheme_id=st.integers(1, 3), names=st.lists(NAMES, max_size=3).map(tuple),
    phone=st.sampled_from(["", "+447700900982", "+447700900983"]), email=st.sampled_from(["", "a@x.org", "b@x.org"]),
    postcode_area=st.sampled_from(["", "DL1", "TS1"]), born_on=st.sampled_from([None, date(1990, 5, 1)]),
)  # fmt: skip


@given(PEOPLE, PEOPLE)
def test_what_two_people_share_is_the_same_both_ways_round(one, other):
    assert shared(one, other) == shared(other, one)
    assert likeness_of_names(one, other) == likeness_of_names(other, one)


@given(st.lists(PEOPLE, max_size=25, unique_by=lambda each: each.id))
def test_pairs_never_cross_schemes_and_come_once_and_never_again_once_judged(people):
    found = list(pairs(people))
    keys = [(one.id, other.id) for one, other, _ in found]
    assert len(set(keys)) == len(keys)
    assert all(one.id < other.id and one.scheme_id == other.scheme_id for one, other, _ in found)
    assert list(pairs(people, judged=[(b, a) for a, b in keys])) == []


@given(st.lists(PEOPLE, max_size=25, unique_by=lambda each: each.id))
def test_the_order_of_the_people_changes_nothing_and_a_shared_phone_is_always_found(people):
    found = {(one.id, other.id) for one, other, _ in pairs(people)}
    assert {(one.id, other.id) for one, other, _ in pairs(people[::-1])} == found
    for one in people:
        for other in people:
            if one.id < other.id and one.scheme_id == other.scheme_id and one.phone and one.phone == other.phone:
                assert (one.id, other.id) in found


@pytest.mark.parametrize(
    ("a", "b", "is_alike"),
    [
        ("jon smith", "john smith", True), ("smith john", "john smith", True), ("mohammed khan", "muhammad khan", True),
        ("ann jones", "amy jones", False), ("lee brown", "kim green", False),
    ],
)  # fmt: skip
def test_a_similar_name_counts_only_with_the_place_or_the_birth_date(a, b, is_alike):
    near = [Known(n, 1, (name,), postcode_area="DL1") for n, name in enumerate((a, b), 1)]
    assert bool(shared(*near)) is is_alike
    far = [Known(n, 1, (name,), postcode_area=code) for n, (name, code) in enumerate(((a, "DL1"), (b, "TS1")), 1)]
    assert shared(*far) == []
    born = [Known(n, 1, (name,), born_on=date(1990, 1, 2)) for n, name in enumerate((a, b), 1)]
    assert bool(list(pairs(born))) is is_alike


def test_500_people_of_one_town_are_compared_in_a_moment():
    first = ["ann", "bea", "cal", "dan", "eve", "fay", "gus", "hal", "ida", "jon"]
    last = ["abbot", "baker", "clark", "dixon", "evans", "frost", "grant", "hardy", "irwin", "jones"]
    people = [
        Known(
            n,
            1,
            (f"{first[n % 10]} {last[n // 10 % 10]}{chr(97 + n // 100)}",),
            f"+4477009{n:05}",
            f"p{n}@x.org",
            "DL1",
        )
        for n in range(500)
    ]
    began = time.perf_counter()
    found = list(pairs([*people, Known(900, 1, ("ann abbotv",), "+447700999999", "", "DL1")]))
    took = (time.perf_counter() - began) * 1000
    assert any(other.id == 900 for _, other, _ in found)
    assert took < 2000, f"{took:.0f} ms"  # about 60 ms on a quiet machine


def test_a_number_shared_by_a_whole_hostel_says_nothing():
    people = [Known(n, 1, (f"person {n}",), phone="+441632960001") for n in range(rules.CROWDED + 1)]
    assert list(pairs(people)) == []


def test_the_record_further_along_goes_on_and_only_early_ones_end():
    assert rules.reasons_not_to_join(Stage.ACTIVE, Stage.APPLIED) == []
    assert rules.reasons_not_to_join(Stage.APPLIED, Stage.APPLIED) == []
    assert "further along" in rules.reasons_not_to_join(Stage.APPLYING, Stage.INTERVIEWING)[0]
    assert "cannot end here" in rules.reasons_not_to_join(Stage.ACTIVE, Stage.TRAINING)[0]
    assert "itself joined" in rules.reasons_not_to_join(Stage.JOINED, Stage.APPLIED)[0]
    assert set(rules.ORDER) == set(Stage)
    assert all(rules.reasons_not_to_join(Stage.ACTIVE, stage) == [] for stage in Move.JOIN.step.leaves)
