"""How names, postcodes and hours are read."""

from __future__ import annotations

import pytest

from portal.volunteers.rules import (
    availability_in_words,
    has_only_latin_letters,
    likeness,
    outward_code,
    searchable,
    sort_name,
)


@pytest.mark.parametrize(
    ("written", "found_by"),
    [
        ("Łukasz  Żak", "lukasz zak"),
        ("Siân ŵyn", "sian wyn"),
        ("Æthel", "aethel"),
        ("محمد خان", "محمد خان"),
        ("O", "o"),
    ],
)
def test_a_name_is_found_without_its_accents(written, found_by):
    assert searchable(written) == found_by


def test_a_name_is_sorted_as_written_and_found_by_its_other_names_too():
    assert sort_name("Mary Ann Jones", "Molly", "") == "mary ann jones molly"
    assert len(sort_name("x" * 200, "y" * 200)) == 200


@pytest.mark.parametrize("name", ["👩🏽", "\u0301"])
def test_a_name_of_marks_alone_still_has_something_to_be_sorted_by(name):
    assert sort_name(name)


@pytest.mark.parametrize(
    ("name", "latin"), [("Zoë O’Brien-Łuk", True), ("محمد", False), ("Иван", False), ("王", False)]
)
def test_only_names_in_other_letters_are_asked_for_in_english_ones(name, latin):
    assert has_only_latin_letters(name) is latin


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("dl1", "DL1"), ("DL1 5QA", "DL1"), ("ec1a1bb", "EC1A"), ("", None), ("12345", None), ("D１", None)],
)
def test_only_the_first_half_of_a_postcode_is_kept(typed, kept):
    assert outward_code(typed) == kept


def test_a_likeness_changes_with_any_value_and_with_nothing_else():
    assert likeness(["a", None]) == likeness(("a", None))
    assert likeness(["a", None]) != likeness(["a", ""])
    assert likeness(["\ud800"]) >= 0


def test_free_time_is_said_in_words_in_the_order_of_the_week():
    assert availability_in_words(["evening", "tue", "mon"]) == "Mondays, Tuesdays; evenings"
    assert availability_in_words(["evening"]) == "Evenings"
    assert availability_in_words(["never heard of"]) == ""
