"""Dates come out as a person with a calendar would write them."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses import loader
from courses.timetable import (
    LONDON,
    Slot,
    TimetableError,
    bank_holidays,
    dates,
    standing_holidays,
)

TUESDAY, THURSDAY = Slot(1, time(18), 120), Slot(3, time(18), 120)


class Everything:
    """A calendar in which every day is off."""

    def __contains__(self, day: object) -> bool:
        return True


def days(sittings):
    return [sitting.starts_at.date() for sitting in sittings]


def test_twelve_weeks_of_tuesdays_and_thursdays_end_twelve_weeks_later():
    sittings = dates(loader.builtin(), date(2026, 9, 1), [THURSDAY, TUESDAY])
    assert [sitting.number for sitting in sittings] == list(range(1, 25))
    assert days(sittings)[:3] == [date(2026, 9, 1), date(2026, 9, 3), date(2026, 9, 8)]
    assert days(sittings)[-1] == date(2026, 11, 19)


def test_a_course_begun_between_its_two_days_takes_the_next_one():
    assert days(dates([120, 120], date(2026, 9, 2), [TUESDAY, THURSDAY])) == [date(2026, 9, 3), date(2026, 9, 8)]


def test_bank_holidays_at_christmas_are_left_out():
    mondays_and_fridays = [Slot(0, time(18)), Slot(4, time(18))]
    found = days(dates([120] * 6, date(2026, 12, 18), mondays_and_fridays, bank_holidays(2026, 2027)))
    # Christmas Day is Friday the 25th, the 28th stands in for Boxing Day, New Year's Day is the next Friday.
    assert found == [
        date(2026, 12, 18),
        date(2026, 12, 21),
        date(2027, 1, 4),
        date(2027, 1, 8),
        date(2027, 1, 11),
        date(2027, 1, 15),
    ]


def test_bank_holidays_at_easter_are_left_out():
    fridays_and_mondays = [Slot(4, time(10)), Slot(0, time(10))]
    found = days(dates([120] * 4, date(2027, 3, 19), fridays_and_mondays, bank_holidays(2027)))
    assert found == [date(2027, 3, 19), date(2027, 3, 22), date(2027, 4, 2), date(2027, 4, 5)]


def test_a_scheme_can_leave_out_its_own_days_as_well():
    off = bank_holidays(2026) | {date(2026, 9, 3)}
    assert days(dates([120, 120], date(2026, 9, 1), [TUESDAY, THURSDAY], off)) == [
        date(2026, 9, 1),
        date(2026, 9, 8),
    ]


def test_six_in_the_evening_stays_six_in_the_evening_when_the_clocks_change():
    summer, winter = dates([120, 120], date(2026, 10, 20), [TUESDAY])
    assert (summer.starts_at.hour, winter.starts_at.hour) == (18, 18)
    assert summer.starts_at.astimezone(UTC).hour == 17
    assert winter.starts_at.astimezone(UTC).hour == 18
    assert winter.starts_at.tzinfo is LONDON


def test_a_session_over_the_change_of_the_clocks_keeps_its_length():
    (back,) = dates([120], date(2026, 10, 25), [Slot(6, time(0, 30))])
    assert back.ends_at.astimezone(UTC) - back.starts_at.astimezone(UTC) == timedelta(hours=2)
    assert back.ends_at.time() == time(1, 30)


def test_a_time_that_does_not_exist_is_refused():
    with pytest.raises(TimetableError, match="01:30 does not exist on 29 March 2026"):
        dates([60], date(2026, 3, 29), [Slot(6, time(1, 30), 60)])


def test_a_session_ends_after_its_own_minutes_even_in_a_longer_slot():
    (sitting,) = dates([90], date(2026, 9, 1), [TUESDAY])
    assert sitting.ends_at == datetime(2026, 9, 1, 19, 30, tzinfo=LONDON)


def test_two_sessions_can_be_held_on_one_day():
    found = dates([150, 150, 150], date(2026, 9, 7), [Slot(0, time(13), 150), Slot(0, time(9, 30), 150)])
    assert [(s.starts_at.day, s.starts_at.hour) for s in found] == [(7, 9), (7, 13), (14, 9)]


def test_no_sessions_need_no_dates():
    assert dates([], date(2026, 9, 1), [TUESDAY]) == []


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda: dates([120], date(2026, 9, 1), []), "at least one day"),
        (lambda: Slot.between(1, time(18), time(17)), "Tuesday 18:00: the end must be after the start"),
        (lambda: Slot.between(1, time(18), time(18)), "the end must be after the start"),
        (lambda: Slot(7, time(18)), "Choose a day of the week"),
        (lambda: Slot(1, time(23), 120), "must end before midnight"),
        (lambda: Slot(1, time(18, tzinfo=UTC)), "without a time zone"),
        (lambda: dates([150], date(2026, 9, 1), [TUESDAY]), "Session 1 lasts 150 minutes, but Tuesday 18:00 has"),
        (lambda: dates([0], date(2026, 9, 1), [TUESDAY]), "Session 1 has no length"),
        (lambda: dates([120], date(2026, 9, 1), [TUESDAY], Everything()), "No free Tuesday was found"),
        (
            lambda: dates([120], date(2026, 9, 1), [TUESDAY, Slot(1, time(19))]),
            "Tuesday 19:00 begins before Tuesday 18:00 has ended",
        ),
        (lambda: dates([120] * 99, date(9999, 12, 1), [TUESDAY]), "too far away"),
        (lambda: bank_holidays(2027, 2026), "must not be before"),
        (lambda: bank_holidays(2026, division="wessex"), '"wessex"'),
        (lambda: bank_holidays(2050, division="scotland"), "2050 are not known"),
    ],
)
def test_what_cannot_be_done_is_said_in_words(ask, words):
    with pytest.raises(TimetableError, match=words):
        ask()


def test_a_slot_whose_day_is_always_off_is_named_even_when_the_other_is_free():
    mondays = {date(2026, 9, 7) + timedelta(weeks=n) for n in range(200)}
    with pytest.raises(TimetableError, match="No free Monday was found"):
        dates([60] * 99, date(2026, 9, 1), [Slot(0, time(9), 60), Slot(1, time(9), 60)], mondays)


def test_christmas_day_is_a_holiday_everywhere():
    for division in ("england-and-wales", "scotland", "northern-ireland"):
        assert date(2026, 12, 25) in bank_holidays(2026, division=division)
    assert date(2027, 1, 4) in bank_holidays(2027, division="scotland")
    assert date(2027, 1, 4) not in bank_holidays(2027)


ONE_OFF = {
    2012: ({date(2012, 6, 4), date(2012, 6, 5)}, {date(2012, 5, 28)}),
    2020: ({date(2020, 5, 8)}, {date(2020, 5, 4)}),
    2022: ({date(2022, 6, 2), date(2022, 6, 3), date(2022, 9, 19)}, {date(2022, 5, 30)}),
    2023: ({date(2023, 5, 8)}, set()),
}


@pytest.mark.parametrize("year", range(2012, 2029))
def test_the_standing_rules_agree_with_every_published_year_but_for_one_off_days(year):
    added, moved = ONE_OFF.get(year, (set(), set()))
    assert bank_holidays(year) == (standing_holidays(year) - moved) | added


def test_years_beyond_the_published_list_follow_the_standing_rules():
    assert {date(2035, 3, 23), date(2035, 3, 26), date(2035, 12, 25)} <= bank_holidays(2034, 2035)


@given(
    starts_on=st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    weekdays=st.lists(st.integers(0, 6), min_size=1, max_size=4, unique=True),
    lengths=st.lists(st.integers(5, 120), max_size=30),
    off=st.sets(st.integers(0, 60)),
)
def test_sittings_are_in_order_on_the_asked_days_and_never_on_a_day_off(starts_on, weekdays, lengths, off):
    skip = {starts_on + timedelta(days=n) for n in off}
    found = dates(lengths, starts_on, [Slot(weekday, time(18)) for weekday in weekdays], skip)
    assert [sitting.number for sitting in found] == list(range(1, len(lengths) + 1))
    assert days(found) == sorted(set(days(found)))
    for sitting, minutes in zip(found, lengths, strict=True):
        assert sitting.ends_at.astimezone(UTC) - sitting.starts_at.astimezone(UTC) == timedelta(minutes=minutes)
        assert sitting.starts_at.weekday() in weekdays
        assert sitting.starts_at.date() >= starts_on
        assert sitting.starts_at.date() not in skip
