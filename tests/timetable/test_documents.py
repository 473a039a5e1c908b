"""The calendar files, read back by a parser that is not the one they were written with."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from portal.documents.calendar_entries import Event, Party, for_letter, published, uid
from portal.timetable import rules

AT = datetime(2026, 9, 1, 9, tzinfo=UTC)
WINTER = Event(
    "session-7@peers.example.org", 0, datetime(2026, 11, 24, 18, tzinfo=UTC), datetime(2026, 11, 24, 20, tzinfo=UTC),
    "Durham Peers: session 7", "The Hub, 1 High Street; ring “bell”", "https://peers.example.org/sessions/7/join",
)  # fmt: skip
SUMMER = replace(WINTER, uid="session-8@peers.example.org", starts_at=datetime(2027, 6, 1, 17, tzinfo=UTC),
                 ends_at=datetime(2027, 6, 1, 19, tzinfo=UTC))  # fmt: skip
POST = Party.read("Alongside <post@example.org>")
SIAN = Party("sian@example.org", 'Siân "Llŷr"; X')


def read(text: str):
    """The calendar as vobject sees it."""
    return vobject.readOne(text)


def letter(*events: Event) -> str:
    return for_letter(events, organiser=POST, attendee=SIAN, at=AT)


def test_one_event_is_a_request_with_who_asks_and_who_is_asked():
    calendar = read(letter(WINTER))
    event = calendar.vevent
    assert (calendar.method.value, event.status.value, event.sequence.value) == ("REQUEST", "CONFIRMED", "0")
    assert (event.organizer.value, event.organizer.params["CN"]) == ("mailto:post@example.org", ["Alongside"])
    assert (event.attendee.value, event.attendee.params["CN"]) == ("mailto:sian@example.org", ["Siân 'Llŷr'; X"])
    assert event.location.value == "The Hub, 1 High Street; ring “bell”"
    assert event.url.value == "https://peers.example.org/sessions/7/join"


def test_a_cancelled_event_keeps_its_uid_and_is_called_off():
    calendar = read(letter(replace(WINTER, sequence=3, is_cancelled=True)))
    assert calendar.method.value == "CANCEL"
    assert calendar.vevent.status.value == "CANCELLED"
    assert (calendar.vevent.uid.value, calendar.vevent.sequence.value) == (WINTER.uid, "3")


def test_several_events_are_published_and_ask_nobody():
    calendar = read(letter(WINTER, replace(SUMMER, is_cancelled=True)))
    assert calendar.method.value == "PUBLISH"
    assert [each.status.value for each in calendar.vevent_list] == ["CONFIRMED", "CANCELLED"]
    assert not any(hasattr(each, "attendee") for each in calendar.vevent_list)


def test_times_are_those_on_a_wall_in_london_in_winter_and_in_summer():
    text = published([WINTER, SUMMER], at=AT, name="My sessions")
    assert "DTSTART;TZID=Europe/London:20261124T180000" in text
    assert "DTSTART;TZID=Europe/London:20270601T180000" in text
    starts = [each.dtstart.value for each in read(text).vevent_list]
    # vobject reckons with the VTIMEZONE in the file, not with the machine's
    assert [each.utcoffset().total_seconds() for each in starts] == [0, 3600]
    assert [each.astimezone(UTC) for each in starts] == [WINTER.starts_at, SUMMER.starts_at]


def test_a_calendar_says_when_it_was_made_and_when_an_event_was_last_changed():
    event = read(published([replace(WINTER, changed_at=AT)], at=AT)).vevent
    assert (event.dtstamp.value, event.last_modified.value) == (AT, AT)


def test_a_uid_names_what_it_is_and_whose_portal_knows_it():
    assert uid("session", 7, public_url="https://peers.example.org:8443/x") == "session-7@peers.example.org"


def test_every_line_is_short_and_ends_as_the_standard_says():
    lines = letter(replace(WINTER, title="ł" * 300)).split("\r\n")
    assert max(len(line.encode()) for line in lines) <= 75
    assert not any("\n" in line for line in lines)


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), max_size=80))
def test_nothing_that_people_type_can_add_a_line(words):
    event = read(letter(replace(WINTER, title=words, where=words))).vevent
    assert event.summary.value == words
    assert {line.name for line in event.getChildren()} <= {
        "UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "LOCATION", "URL", "DESCRIPTION", "STATUS",
        "TRANSP", "ORGANIZER", "ATTENDEE",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "is_hidden", "title"),
    [
        ("Durham Peers", False, "Durham Peers: session 3"),
        ("Durham Peers", True, "Appointment"),
        ("North Probation Mentors", False, "Appointment"),
        ("Offenders' Support", False, "Appointment"),
        ("Mental Health Friends", False, "Appointment"),
        ("", False, "Appointment"),
    ],
)
def test_a_title_never_tells_what_nobody_else_should_know(name, is_hidden, title):
    assert rules.title(name, 3, is_hidden=is_hidden) == title


def test_a_place_that_tells_too_much_is_left_for_the_portal_to_say():
    assert rules.where("Town Hall") == "Town Hall"
    assert rules.where("Probation Office, Old Elvet") == ""
