"""What becomes of a booked catch-up, and of dates in calendars, when somebody leaves or a session is off."""

from __future__ import annotations

import pytest
import time_machine
import vobject

from portal.catchups import queries
from portal.catchups.rules import LEFT, NOT_HELD
from portal.cohorts import services as cohorts
from portal.timetable import services as timetable
from portal.volunteers import services as volunteers
from tests.attendance.groups import TODAY
from tests.catchups.test_booking import at, book, letters, who_missed


@pytest.fixture(autouse=True)
def _on_the_evening_of_session_eleven():
    with time_machine.travel(TODAY, tick=False):
        yield


def forgotten(letter):
    """The events a letter takes out of a calendar: by UID, their SEQUENCE."""
    calendar = vobject.readOne(letter.calendar)
    assert calendar.method.value == "PUBLISH"
    assert {each.status.value for each in calendar.vevent_list} == {"CANCELLED"}
    return {each.uid.value.partition("@")[0]: int(each.sequence.value) for each in calendar.vevent_list}


def test_a_session_called_off_takes_its_catch_ups_with_it_and_both_sides_are_told(session):
    here = who_missed(2)
    made = book(here)
    timetable.cancel_session(here.held(10), because="Nobody had the key", by=here.coordinator)
    session.commit()
    assert {each.cancelled_because for each in made} == {NOT_HELD}
    assert queries.booked([here.cohort_made.id], seen_by=here.trainer) == []
    own = letters(session, "catch_up_cancelled")
    assert {each.to_address for each in own} == {each.volunteer.email for each in here.people}
    assert all("nothing to make up" in each.body and "still catch up" not in each.body for each in own)
    assert all(vobject.readOne(each.calendar).method.value == "CANCEL" for each in own)
    (to_tutor,) = letters(session, "catch_up_fell_out")
    assert to_tutor.to_address == here.trainer.email
    assert all(each.volunteer.preferred_name in to_tutor.body for each in here.people)


def test_who_is_taken_off_has_one_letter_that_empties_their_calendar_and_the_tutor_is_told(session):
    here = who_missed(2)
    (booking, other) = book(here)
    cohorts.withdraw(here.people[0], because="A private reason", by=here.coordinator)
    session.commit()
    assert booking.cancelled_because == LEFT
    assert other.cancelled_at is None
    assert letters(session, "catch_up_cancelled") == []
    (own,) = letters(session, "taken_off")
    assert "no longer have a place" in own.body
    assert "private" not in own.body
    assert "it takes them out" in own.body
    gone = forgotten(own)
    assert gone.pop(f"catch-up-{booking.id}") == 1
    to_come = [each for each in here.cohort_made.sessions if each.ends_at > TODAY]
    assert gone == {f"session-{each.id}": each.sequence + 1 for each in to_come}
    assert len(letters(session, "catch_up_fell_out")) == 1


def test_who_leaves_by_themselves_has_one_letter_that_empties_their_calendar(session):
    here = who_missed()
    (booking,) = book(here)
    volunteers.withdraw(here.people[0].volunteer, because="", by=here.coordinator)
    session.commit()
    assert booking.cancelled_because == LEFT
    (own,) = letters(session, "withdrawn")
    assert f"catch-up-{booking.id}" in forgotten(own)
    assert letters(session, "taken_off") == letters(session, "catch_up_cancelled") == []
    assert len(letters(session, "catch_up_fell_out")) == 1


def test_a_course_called_off_is_taken_out_of_everybodys_calendar(session):
    here = who_missed(2)
    book(here)
    cohorts.cancel(here.cohort_made, because="Too few", by=here.coordinator)
    session.commit()
    own = letters(session, "course_cancelled")
    assert len(own) == 2
    assert all(len(forgotten(each)) > 2 for each in own)
    (to_tutor,) = letters(session, "catch_up_fell_out")[:1]
    assert to_tutor.to_address == here.trainer.email


def test_who_only_waited_is_told_and_has_nothing_to_forget(session):
    here = who_missed()
    here.cohort_made.capacity = 1
    (waiting,) = here.ready()
    enrolment = cohorts.enrol(here.cohort_made, waiting, by=here.coordinator)
    cohorts.withdraw(enrolment, because="Moved", by=here.coordinator)
    session.commit()
    (own,) = letters(session, "taken_off")
    assert "waiting list" in own.body
    assert own.calendar is None
    assert "file" not in own.body


def test_a_moved_date_leads_to_the_page_that_has_all_dates(session):
    here = who_missed()
    timetable.cancel_session(here.held(14), because="Snow", by=here.coordinator)
    session.commit()
    own = next(each for each in letters(session, "dates_changed") if each.volunteer_id)
    assert own.body.count("/my/course") == 1


def test_a_catch_up_whose_time_is_past_falls_out_without_a_letter(session):
    here = who_missed()
    (booking,) = book(here)
    with time_machine.travel(at(hour=19), tick=False):
        timetable.cancel_session(here.held(10), because="Nobody had the key", by=here.coordinator)
        session.commit()
    assert booking.cancelled_because == NOT_HELD
    assert letters(session, "catch_up_cancelled") == letters(session, "catch_up_fell_out") == []
