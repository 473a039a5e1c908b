"""By when a scheme answers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.schemes.rules import reply_by


@pytest.mark.parametrize(
    ("asked_on", "days", "by"),
    [
        (date(2026, 11, 16), 3, date(2026, 11, 19)),  # Monday to Thursday
        (date(2026, 11, 18), 3, date(2026, 11, 23)),  # three days on is a Saturday: the Monday
        (date(2026, 12, 20), 5, date(2026, 12, 29)),  # Christmas, a weekend, and Boxing Day kept on the Monday
        (date(2026, 11, 16), 7, date(2026, 11, 23)),
    ],
)
def test_days_are_the_calendars_and_end_on_a_day_the_office_is_open(asked_on, days, by):
    assert reply_by(asked_on, days) == by


@given(st.dates(date(2026, 1, 1), date(2027, 11, 1)), st.integers(1, 30))
def test_it_is_never_sooner_than_promised_and_never_at_a_weekend(asked_on, days):
    by = reply_by(asked_on, days)
    assert asked_on + timedelta(days=days) <= by <= asked_on + timedelta(days=days + 5)
    assert by.weekday() < 5
