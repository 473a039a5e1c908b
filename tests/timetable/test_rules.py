"""Where sessions go when one is moved: in order, on the group's own slots, never on a day it does not meet."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from courses.timetable import LONDON, Slot, TimetableError, bank_holidays
from portal.timetable.rules import Meeting, clashes, is_door_open, moved_with, put_on

TUESDAY, THURSDAY = Slot(1, time(18)), Slot(3, time(18, 30))
HOLIDAYS = bank_holidays(2026, 2032)
FIRST = date(2026, 12, 1)


def free_by_hand(slots, off, days=900):
    """Every time the group could meet, found by looking at each day of a calendar."""
    found = []
    for n in range(days):
        day = FIRST + timedelta(days=n)
        for slot in sorted(slots, key=lambda slot: slot.starts_at):
            if day.weekday() == slot.weekday and day not in off:
                found.append(datetime.combine(day, slot.starts_at, tzinfo=LONDON).astimezone(UTC))
    return found


def meetings(starts):
    return [Meeting(n, each, each + timedelta(hours=2)) for n, each in enumerate(starts, start=1)]


weekly = st.lists(
    st.builds(Slot, st.integers(0, 6), st.sampled_from([time(9), time(18), time(18, 30)])),
    min_size=1, max_size=2, unique_by=lambda slot: slot.weekday,
)  # fmt: skip
days_off = st.frozensets(st.integers(0, 200).map(lambda n: FIRST + timedelta(days=n)), max_size=30)


@given(weekly, days_off, st.integers(2, 24), st.integers(0, 23), st.integers(-10, 40))
def test_later_ones_shift_by_as_many_slots_as_the_moved_one(slots, off, count, which, steps):
    off = off | HOLIDAYS
    free = free_by_hand(slots, off)
    before = meetings(free[30 : 30 + count])  # room to move back
    which = min(which, count - 1)
    old = before[which]
    new = Meeting(old.number, free[30 + which + steps], free[30 + which + steps] + timedelta(hours=2))
    after = moved_with(old, new, before[which + 1 :], slots, off)
    assert [each.starts_at for each in after] == free[30 + which + 1 + steps : 30 + count + steps]
    assert [each.minutes for each in after] == [120] * len(after)


@given(weekly, days_off, st.integers(2, 24), st.integers(0, 23), st.integers(-60, 200), st.integers(0, 23 * 60))
def test_wherever_one_goes_the_later_ones_come_after_it_in_order_on_free_days(slots, off, count, which, days, minute):
    off = off | HOLIDAYS
    free = free_by_hand(slots, off)
    before = meetings(free[30 : 30 + count])
    which = min(which, count - 1)
    old = before[which]
    moment = datetime.combine(old.starts_at.date() + timedelta(days=days), time(minute // 60, minute % 60), tzinfo=UTC)
    assume(moment.date() > FIRST)
    after = moved_with(old, Meeting(old.number, moment, moment + timedelta(hours=2)), before[which + 1 :], slots, off)
    assert [each.number for each in after] == [each.number for each in before[which + 1 :]]
    starts = [moment, *(each.starts_at for each in after)]
    assert starts == sorted(set(starts))
    assert all(each in free for each in starts[1:])


def test_a_day_between_two_slots_moves_nobody_else():
    before = meetings(free_by_hand([TUESDAY, THURSDAY], HOLIDAYS)[:6])
    wednesday = put_on(before[0], date(2026, 12, 2), time(18))
    assert moved_with(before[0], wednesday, before[1:], [TUESDAY, THURSDAY], HOLIDAYS) == before[1:]


def test_a_session_moved_to_its_next_day_pushes_the_others_on_over_christmas():
    days = [date(2026, 12, 15), date(2026, 12, 17), date(2026, 12, 22), date(2026, 12, 29)]
    before = meetings([datetime.combine(day, time(18), tzinfo=UTC) for day in days])
    slots, off = [TUESDAY, Slot(3, time(18))], HOLIDAYS | {date(2026, 12, 24), date(2026, 12, 31)}
    after = moved_with(before[0], put_on(before[0], date(2026, 12, 17), time(18)), before[1:], slots, off)
    assert [each.starts_at.date() for each in after] == [date(2026, 12, 22), date(2026, 12, 29), date(2027, 1, 5)]


def test_when_every_day_of_a_slot_is_off_the_words_say_so():
    off = {FIRST + timedelta(days=n) for n in range(3000)}
    before = meetings([datetime(2026, 12, 1, 18, tzinfo=UTC), datetime(2026, 12, 8, 18, tzinfo=UTC)])
    with pytest.raises(TimetableError, match="every one is a day off"):
        moved_with(before[0], before[1], before[1:], [TUESDAY], off)


def test_a_session_keeps_its_length_and_its_hour_on_the_wall_in_summer():
    winter = Meeting(3, datetime(2027, 3, 23, 18, tzinfo=UTC), datetime(2027, 3, 23, 20, tzinfo=UTC))
    summer = put_on(winter, date(2027, 3, 30), time(18))
    assert (summer.starts_at.hour, summer.minutes) == (17, 120)
    with pytest.raises(TimetableError, match="before midnight"):
        put_on(winter, date(2027, 3, 30), time(23))
    with pytest.raises(TimetableError, match="the clocks go forward"):
        put_on(winter, date(2027, 3, 28), time(1, 30))


def test_what_speaks_against_a_day_is_said():
    at = datetime(2026, 12, 25, 18, tzinfo=UTC)
    new = Meeting(2, at, at + timedelta(hours=2))
    others = [
        Meeting(1, at + timedelta(days=1), at + timedelta(days=1, hours=2)),
        Meeting(3, at - timedelta(days=1), at - timedelta(days=1) + timedelta(hours=2)),
        Meeting(4, at + timedelta(hours=1), at + timedelta(hours=3)),
    ]
    words = clashes(new, others, holidays=HOLIDAYS, days_off={at.date()}, now=at + timedelta(days=9))
    assert words == [
        "Friday 25 December 2026 is a bank holiday",
        "Friday 25 December 2026 is a day off of this group",
        "Friday 25 December 2026 is in the past",
        "It would come before session 1",
        "It would come after session 3",
        "Session 4 of this group is at the same time",
    ]
    assert clashes(new, [], holidays=(), days_off=(), now=at - timedelta(days=1)) == []


@pytest.mark.parametrize(
    ("minutes", "is_open"), [(-16, False), (-15, True), (0, True), (119, True), (149, True), (150, False)]
)
def test_the_door_opens_a_quarter_of_an_hour_before_and_closes_after_the_end(minutes, is_open):
    starts = datetime(2026, 12, 1, 18, tzinfo=UTC)
    assert is_door_open(starts, starts + timedelta(hours=2), starts + timedelta(minutes=minutes)) is is_open
