"""The code of each half minute, judged by another library, and how late somebody is."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.checkin import rules

AT = datetime(2026, 11, 24, 18, 0, 10, tzinfo=UTC)
INSTANTS = st.integers(0, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@given(INSTANTS)
def test_the_code_is_that_of_any_authenticator(at):
    secret = rules.new_secret()
    key = base64.b32encode(bytes.fromhex(secret)).decode()
    assert rules.code_at(secret, at) == pyotp.TOTP(key, digest=hashlib.sha256).at(int(at.timestamp()))


@pytest.mark.parametrize(("age", "counts"), [(0, True), (19, True), (20, True), (49, True), (50, False), (3600, False)])
def test_a_code_counts_for_its_half_minute_and_the_next(age, counts):
    secret = rules.new_secret()
    code = rules.code_at(secret, AT)
    assert rules.is_right(secret, code, AT + timedelta(seconds=age)) is counts


def test_a_code_of_the_future_does_not_count_yet():
    secret = rules.new_secret()
    assert not rules.is_right(secret, rules.code_at(secret, AT + timedelta(seconds=30)), AT)


@given(st.text(max_size=12))
def test_rubbish_is_no_code_and_no_crash(typed):
    assert not rules.is_right(rules.new_secret(), f"x{typed}", AT)


@pytest.mark.parametrize("typed", ["١٢٣٤٥٦", "12345", "1234567", "", "12 456", "²²²²²²"])
def test_only_six_plain_digits_are_looked_at(typed):
    assert not rules.is_right(rules.new_secret(), typed, AT)


@pytest.mark.parametrize(
    ("minutes", "late"),
    [(-20, None), (0, None), (10, None), (10.9, None), (11, 11), (35.5, 35), (119, 119), (125, 119)],
)
def test_somebody_is_late_after_more_minutes_than_allowed(minutes, late):
    at = AT + timedelta(minutes=minutes)
    assert rules.minutes_late(AT, at, allowed=10, session_minutes=120) == late


def test_the_code_says_how_long_it_is_shown():
    assert rules.seconds_left(AT) == 20
    assert rules.seconds_left(AT + timedelta(seconds=20)) == 30


@pytest.mark.parametrize(
    ("now", "words"),
    [(-61, "an hour before"), (-60, ""), (0, ""), (119, ""), (120, "is over")],
)
def test_check_in_is_open_from_an_hour_before_until_the_end(now, words):
    reasons = rules.reasons_not_to_open(
        is_cancelled=False, now=AT + timedelta(minutes=now), starts_at=AT, ends_at=AT + timedelta(minutes=120)
    )
    assert words in "".join(reasons)
    assert bool(reasons) == bool(words)
