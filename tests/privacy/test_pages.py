"""The privacy notice."""

from __future__ import annotations

from portal.privacy.rules import RETENTION


def test_anybody_may_read_what_is_held_why_and_for_how_long(browser):
    browser.get("/privacy")
    assert browser.heading == "How we look after what you tell us"
    for kept in RETENTION:
        assert browser.sees(kept.what, kept.how_long, kept.since, kept.then)


def test_no_kind_of_record_is_named_twice_or_kept_without_a_word():
    assert len({kept.what for kept in RETENTION}) == len(RETENTION)
    assert all((kept.what, kept.how_long, kept.since, kept.then) for kept in RETENTION)


def test_what_is_told_in_confidence_goes_within_six_months():
    (kept,) = [kept for kept in RETENTION if "in confidence" in kept.what]
    assert (kept.how_long, kept.then) == ("6 months", "deleted")
