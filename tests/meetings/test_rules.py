"""What each tool's list says, what is wrong with a bad one, and the mark that follows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.marks import Code
from portal.meetings import rules
from portal.meetings.rules import Known, ListRefused, Stay
from tests.meetings import lists

DAY = date(2026, 11, 24)
STARTS, ENDS = datetime(2026, 11, 24, 18, tzinfo=UTC), datetime(2026, 11, 24, 20, tzinfo=UTC)
HEAD = "Name,Email,Join Time,Leave Time\n"


def at(hour, minute, second=0):
    return datetime(2026, 11, 24, hour, minute, second, tzinfo=UTC)


def read(text):
    return rules.stays(text.encode() if isinstance(text, str) else text, day=DAY)


def test_teams_tells_each_stay_in_its_last_table():
    assert read(lists.TEAMS) == [
        Stay("Asha Green", "asha@example.org", at(17, 58, 2), at(18, 40)),
        Stay("Asha Green", "asha@example.org", at(18, 43), at(20, 0, 59)),
        Stay("Ben Brown (Guest)", "", at(18, 25), at(20, 0, 59)),
    ]


def test_older_teams_tells_who_joined_and_who_left_and_who_stayed():
    assert sorted(read(lists.TEAMS_OLD), key=lambda each: each.joined) == [
        Stay("Asha Green", "", at(17, 58, 2), at(18, 40)),
        Stay("Ben Brown", "", at(18, 25), None),
        Stay("Asha Green", "", at(18, 43), at(20, 0, 59)),
    ]


def test_zoom_has_a_table_of_the_meeting_first_and_its_waiting_room_is_not_the_meeting():
    assert read(lists.ZOOM) == [
        Stay("Asha Green", "asha@example.org", at(17, 58, 2), at(20, 0, 59)),
        Stay("Brown, Ben (Ben Brown)", "", at(18, 25), at(20, 0, 59)),
    ]


def test_meet_tells_first_and_last_names_and_only_the_time_of_day():
    assert read(lists.MEET) == [
        Stay("Asha Green", "asha@example.org", at(17, 58), at(20, 0)),
        Stay("Ben Brown", "", at(18, 25), at(20, 0)),
    ]


def test_times_with_a_zone_are_taken_as_they_are():
    assert read(lists.ISO) == [
        Stay("Asha Green", "asha@example.org", at(17, 58, 2), at(19, 0, 59)),
        Stay("Ben Brown", "", at(18, 25), None),
    ]


@pytest.mark.parametrize(
    "typed", ["11/12/2026 18:05", "12/11/2026 18:05", "11.12.26 6.05 pm", "2026-12-11 18:05:00", "11 Dec 2026, 18:05",
              "Dec 11, 2026, 6:05:00 PM", "6:05 p.m."],
)  # fmt: skip
def test_of_day_and_month_that_can_change_places_the_sessions_day_is_meant(typed):
    content = f'Name,Join Time\nAnn,"{typed}"\n'.encode()
    (stay,) = rules.stays(content, day=date(2026, 12, 11))
    assert stay.joined == datetime(2026, 12, 11, 18, 5, tzinfo=UTC)


def test_a_time_without_a_zone_is_londons_in_summer_too():
    (stay,) = rules.stays(b"Name,Join Time\nAnn,18:05\n", day=date(2026, 7, 1))
    assert stay.joined == datetime(2026, 7, 1, 17, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{HEAD}Ann,,yesterday,\n", "Line 2: “yesterday” is not a time we can read"),
        (f"{HEAD}Ann,,24/11/2026 25:00,\n", "Line 2: “24/11/2026 25:00” is not a time we can read"),
        (f"{HEAD}Ann,,31/02/2026 18:00,\n", "Line 2: “31/02/2026 18:00” is not a time we can read"),
        (f"{HEAD}Ann,,23/09/2026 18:00,\n", "Line 2: “23/09/2026 18:00” is another day than the session’s"),
        (f"{HEAD}Ann,,18:00,17:00\n", "Line 2: they left before they joined"),
        (f"{HEAD}\nAnn,,18:00,\n,,18:00,\n", "Line 4: there is no name"),
        (f"{HEAD}Ann\n", "Line 2: there is no time"),
        ("Full Name\tUser Action\tTimestamp\nAnn\tWaved\t18:00\n", "Line 2: “Waved” is neither Joined nor Left"),
        ("Name,Age\nAnn,44\n", "No line has the headings we look for"),
        (HEAD, "Nobody is in this list"),
        ("", "empty or not a text"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "empty or not a text"),
        (b"PK\x03\x04", "This is a spreadsheet"),
        (b"x" * 1_000_001, "too large"),
        (HEAD + "Ann,,18:00,\n" * 2_001, "more than 2,000 lines"),
        (HEAD + "Ann,,nonsense,\n" * 12, "And 2 more lines"),
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_read_says_which_line_and_why(text, words):
    with pytest.raises(ListRefused) as refused:
        read(text)
    assert any(words in reason for reason in refused.value.reasons), refused.value.reasons


def rows_or_reasons(content):
    try:
        return read(content)
    except ListRefused as refused:
        return refused.reasons


@given(st.binary(max_size=300))
def test_no_file_is_a_crash(content):
    assert rows_or_reasons(content)


@given(st.lists(st.lists(st.text(max_size=12), max_size=5).map(",".join), max_size=6).map("\n".join))
def test_no_line_under_good_headings_is_a_crash(lines):
    assert rows_or_reasons(HEAD + lines)


MINUTES = st.integers(-60, 200)
TIMES = st.lists(st.tuples(MINUTES, MINUTES).map(sorted), min_size=1, max_size=6)


def stay(since, until):
    return Stay("Ann", "", STARTS + timedelta(minutes=since), STARTS + timedelta(minutes=until))


@given(TIMES)
def test_nobody_is_there_longer_than_the_session_and_no_minute_counts_twice(times):
    there = rules.attended([stay(*each) for each in times], starts_at=STARTS, ends_at=ENDS)
    truth = {minute for since, until in times for minute in range(max(since, 0), min(until, 120))}
    assert (there.minutes if there else 0) == len(truth)
    if there:
        assert there.late == min(truth)
        assert there.early == 119 - max(truth)
        code, missed = rules.proposed(there, session_minutes=120, allowed=10)
        assert (missed is None) == (code is Code.V)
        assert missed is None or 1 <= missed <= 119


@pytest.mark.parametrize(
    ("times", "mark"),
    [
        ([(-5, 120)], (Code.V, None)),
        ([(10, 120)], (Code.V, None)),
        ([(0, 40), (43, 120)], (Code.V, None)),
        ([(25, 120)], (Code.L, 25)),
        ([(0, 90)], (Code.E, 30)),
        ([(20, 90)], (Code.E, 50)),
        ([(0, 20), (60, 120)], (Code.L, 40)),
    ],
)
def test_the_mark_that_follows(times, mark):
    there = rules.attended([stay(*each) for each in times], starts_at=STARTS, ends_at=ENDS)
    assert rules.proposed(there, session_minutes=120, allowed=10) == mark


def test_somebody_there_only_before_or_after_was_not_there():
    assert rules.attended([stay(-30, -1), stay(121, 130)], starts_at=STARTS, ends_at=ENDS) is None


def test_somebody_still_there_when_the_list_was_made_stayed_to_the_end():
    there = rules.attended([Stay("Ann", "", at(18, 30), None)], starts_at=STARTS, ends_at=ENDS)
    assert (there.minutes, there.early) == (90, 0)


PEOPLE = [
    Known(1, "Asha", frozenset({"Asha Green", "Asha"}), frozenset({"asha@example.org"})),
    Known(2, "Łucja", frozenset({"Łucja Nowák"}), frozenset()),
    Known(3, "Sam", frozenset({"Sam Jones"}), frozenset()),
    Known(4, "Sam", frozenset({"Sam Jones"}), frozenset({"sam2@example.org"})),
]


@pytest.mark.parametrize(
    ("name", "email", "who"),
    [
        ("Somebody Else", "ASHA@example.org", (1, "email")),
        ("asha  GREEN (she/her)", "", (1, "name")),
        ("Asha", "other@example.org", (1, "name")),
        ("ŁUCJA nowak [Guest]", "", (2, "name")),
        ("Sam Jones", "", (None, "")),
        ("Sam Jones", "sam2@example.org", (4, "email")),
        ("Ash", "", (None, "")),
        ("", "stranger@example.org", (None, "")),
    ],
)
def test_an_address_counts_before_a_name_and_nobody_is_guessed(name, email, who):
    (guest,) = rules.guests([Stay(name, email, STARTS, ENDS)], PEOPLE)
    assert (guest.enrolment_id, guest.how) == who


def test_several_lines_of_one_person_are_one_guest():
    (guest,) = rules.guests([stay(0, 20), stay(30, 60)], PEOPLE)
    assert len(guest.times) == 2
