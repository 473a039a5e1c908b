"""Who may speak for an applicant, what is missing, and return codes."""

from __future__ import annotations

import pytest

from portal.applications.rules import (
    CODE_LENGTH,
    CODE_LETTERS,
    OPTIONAL,
    Contact,
    Section,
    grouped,
    new_code,
    read_code,
    reasons_not_a_referee,
    reasons_not_to_send,
    sections_in,
    sections_text,
)

APPLICANT = Contact("Sam Example", "sam@example.org", "+447700900001")
KEY_WORKER = Contact("Kim Worker", "kim@service.example", "+447700900002")


def reasons(referee=KEY_WORKER, *, others=(), years_known=2, is_family=False, shares_home=False):
    return reasons_not_a_referee(
        referee,
        applicant=APPLICANT,
        others=others,
        years_known=years_known,
        is_family=is_family,
        shares_home=shares_home,
    )


def test_a_key_worker_who_has_known_them_for_a_year_can_speak_for_them():
    assert reasons(years_known=1) == []


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ({"is_family": True}, "not in your family"),
        ({"shares_home": True}, "does not live with you"),
        ({"years_known": 0}, "a year or more"),
        ({"referee": Contact("Kim")}, "email address or a phone number"),
        ({"referee": Contact("Kim", "SAM@example.org")}, "your own details"),
        ({"referee": Contact("Kim", "", "+447700900001")}, "your own details"),
        ({"referee": Contact("sam  EXAMPLE", "other@example.org")}, "your own details"),
        ({"others": [Contact("Kim", "kim@service.example")]}, "already given"),
    ],
)
def test_each_rule_refuses_by_itself_with_its_own_words(broken, why):
    (reason,) = reasons(**broken)
    assert why in reason


def test_every_broken_rule_is_said_at_once():
    assert len(reasons(Contact("Mum"), is_family=True, shares_home=True, years_known=0)) == 4


def test_nothing_but_what_the_next_step_needs_is_asked_for():
    needed = set(Section) - OPTIONAL - {Section.REFEREES}
    assert reasons_not_to_send(done=needed, is_adult=True, agrees=True, referees=2, referees_needed=2) == []
    assert len(reasons_not_to_send(done=(), is_adult=False, agrees=False, referees=0, referees_needed=2)) == 5


def test_a_scheme_that_needs_no_references_asks_for_nobody():
    needed = set(Section) - OPTIONAL - {Section.REFEREES}
    assert reasons_not_to_send(done=needed, is_adult=True, agrees=True, referees=0, referees_needed=0) == []


def test_it_says_how_many_people_are_missing():
    done = set(Section)
    (reason,) = reasons_not_to_send(done=done, is_adult=True, agrees=True, referees=1, referees_needed=2)
    assert reason == "Give 1 more person who can speak for you"


def test_nobody_under_age_and_nobody_who_did_not_agree_can_send():
    done = set(Section)
    found = reasons_not_to_send(done=done, is_adult=False, agrees=False, referees=2, referees_needed=2)
    assert found == ["You need to be 18 or over", "Finish “Checks and privacy”"]


def test_the_sections_done_survive_the_column_and_strangers_in_it():
    assert sections_in(sections_text({Section.WHY, Section.CHECKS})) == {Section.WHY, Section.CHECKS}
    assert sections_in("why,renamed-long-ago,") == {Section.WHY}
    assert len(sections_text(set(Section))) <= 400


def test_a_code_carries_at_least_128_bits_and_is_never_the_same():
    assert len(CODE_LETTERS) ** CODE_LENGTH >= 2**128
    assert len({new_code() for _ in range(100)}) == 100


def test_a_code_can_be_typed_in_small_letters_and_with_spaces():
    code = new_code()
    assert read_code(grouped(code)) == read_code(f" {grouped(code).lower().replace('-', ' – ')} ") == code


@pytest.mark.parametrize("typed", ["", "ABC", "O" * CODE_LENGTH, "A" * 10_000, "\0" * CODE_LENGTH, "ѕ" * CODE_LENGTH])
def test_what_is_no_code_is_no_code(typed):
    assert read_code(typed) is None
