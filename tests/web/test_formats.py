"""Dates, times, amounts and names as a person in London reads them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from portal.web import formats


def test_a_day_is_written_in_full_or_short() -> None:
    assert formats.day(date(2026, 11, 4)) == "4 November 2026"
    assert formats.short_day(date(2026, 11, 24)) == "Tue 24 Nov 2026"
    assert formats.day(None) == formats.short_day(None) == formats.at(None) == formats.ago(None) == ""


def test_a_number_to_ring_is_a_link_that_says_it_as_people_do() -> None:
    assert formats.ring("+441914980000") == ('<a class="govuk-link number" href="tel:+441914980000">0191 498 0000</a>')
    assert formats.ring('1"2') == '<a class="govuk-link number" href="tel:12">1&#34;2</a>'
    assert formats.ring(None) == ""


def test_an_instant_is_shown_in_london_summer_and_winter() -> None:
    assert formats.at(datetime(2026, 11, 24, 18, 0, tzinfo=UTC)) == "24 November 2026, 6:00pm"
    assert formats.at(datetime(2026, 7, 31, 23, 30, tzinfo=UTC)) == "1 August 2026, 12:30am"


@pytest.mark.parametrize(
    ("hour", "minute", "words"),
    [
        (0, 0, "midnight"),
        (12, 0, "midday"),
        (12, 5, "12:05pm"),
        (0, 5, "12:05am"),
        (9, 30, "9:30am"),
        (23, 59, "11:59pm"),
    ],
)
def test_noon_and_midnight_are_not_left_to_guessing(hour: int, minute: int, words: str) -> None:
    assert formats.time_of_day(datetime(2026, 1, 5, hour, minute, tzinfo=UTC)) == words


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 minutes"),
        (1, "1 minute"),
        (60, "1 hour"),
        (120, "2 hours"),
        (150, "2 hours 30 minutes"),
        (-90, "minus 1 hour 30 minutes"),
    ],
)
def test_a_duration_is_hours_and_minutes(minutes: int, words: str) -> None:
    assert formats.duration(minutes) == words


@pytest.mark.parametrize(
    ("amount", "words"), [(0, "£0"), (1250, "£12.50"), (5, "£0.05"), (123_456_700, "£1,234,567"), (-250, "−£2.50")]
)
def test_pence_become_pounds(amount: int, words: str) -> None:
    assert formats.pence(amount) == words


def test_a_share_is_never_rounded_up_to_all_of_it() -> None:
    assert formats.percent(0.999) == "99%"
    assert formats.percent(8, of=12) == "66%"
    assert formats.percent(0.29) == "29%"
    assert formats.percent(1) == "100%"
    assert formats.percent(None) == formats.percent(1, of=0) == ""


def test_a_name_is_kept_apart_and_cannot_be_markup() -> None:
    assert formats.name("محمد علی") == "<bdi>محمد علی</bdi>"
    assert formats.name("<script>") == "<bdi>&lt;script&gt;</bdi>"
    assert formats.name("") == ""


def test_what_was_typed_keeps_its_paragraphs_and_cannot_be_markup() -> None:
    drawn = formats.paragraphs("One\nline <b>\r\n\r\nTwo")
    assert drawn.count("<p ") == 2
    assert "One<br>line &lt;b&gt;" in drawn


def test_a_british_number_is_written_as_at_home() -> None:
    assert formats.phone("+447700900982") == "07700 900982"
    assert formats.phone("+14155552671") == "+1 415-555-2671"
    assert formats.phone("none") == "none"


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        (timedelta(seconds=-20), "just now"),
        (timedelta(minutes=-5), "5 minutes ago"),
        (timedelta(hours=2), "in 2 hours"),
        (timedelta(hours=-25), "yesterday"),
        (timedelta(days=1), "tomorrow"),
        (timedelta(days=-3), "3 days ago"),
        (timedelta(days=10), "in 10 days"),
    ],
)
def test_how_long_ago_follows_the_portals_clock(gap: timedelta, words: str) -> None:
    now = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    with time_machine.travel(now, tick=False):
        assert formats.ago(now + gap) == words


def test_days_are_counted_in_london() -> None:
    with time_machine.travel(datetime(2026, 7, 31, 23, 30, tzinfo=UTC), tick=False):
        assert formats.ago(date(2026, 8, 1)) == "today"
        assert formats.ago(date(2026, 7, 31)) == "yesterday"
