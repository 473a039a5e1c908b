"""A learner's own page of their course, at every point of the way."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from portal.access import Role
from portal.cohorts.models import EnrolmentState
from portal.database import session as database
from portal.timetable import services as timetable
from portal.volunteers.journey import Stage
from tests.attendance.groups import TODAY, group
from tests.catchups.test_booking import book
from tests.factories import EnrolmentFactory, UserFactory, VolunteerFactory


@pytest.fixture(autouse=True)
def _on_the_evening_of_session_eleven():
    with time_machine.travel(TODAY, tick=False):
        yield


def opened(here, browser, volunteer=None):
    """The page as one of the group sees it."""
    volunteer = volunteer or here.people[0].volunteer
    volunteer.user = UserFactory(role=Role.VOLUNTEER, scheme=here.area.scheme)
    database.commit()
    return browser.sign_in_as(volunteer.user).get("/my/course")


def test_the_next_session_has_its_date_place_and_a_map(session, browser):
    opened(group(1), browser)
    assert browser.heading == "Your course"
    assert browser.sees("Your next session", "Thursday 8 October 2026, 6:00pm", "to 8:00pm", "Session 12:", "The Hub")
    link = browser.links()["Find it on a map (opens in a new tab)"]
    assert link == "https://www.openstreetmap.org/search?query=The+Hub"


def test_a_session_elsewhere_shows_its_own_place(session, browser):
    here = group(1)
    here.held(12).venue = "Library & Café, Seaham"
    opened(here, browser)
    assert browser.sees("Where: Library & Café, Seaham")
    assert "query=Library+%26+Caf%C3%A9%2C+Seaham" in browser.links()["Find it on a map (opens in a new tab)"]


def test_an_online_session_has_no_map(session, browser):
    here = group(1)
    here.cohort_made.venue, here.cohort_made.meeting_link = "", "https://meet.example/abc"
    opened(here, browser)
    assert not browser.sees("Find it on a map")
    assert browser.sees("online")
    assert "meet.example" not in browser.html  # the link itself opens shortly before, on a page of its own


def test_what_was_missed_is_there_with_whom_to_ask_or_with_its_time(session, browser):
    here = group(1)
    here.save(10, "A")
    opened(here, browser)
    assert browser.sees(
        "What you can make up", "Session 10", "Make it up by 22 October 2026", f"Ask {here.trainer.name}"
    )
    book(here)
    browser.get("/my/course")
    assert browser.sees("Your time: Fri 9 Oct 2026, 5:00pm", "The small room")
    assert not browser.sees("I would like to make up session 10")


def test_every_date_is_there_and_says_what_was_cancelled_or_changed(session, browser):
    here = group(1)
    here.save(1, "P")
    here.save(2, "U")
    timetable.cancel_session(here.held(13), because="Snow", by=here.trainer)
    here.held(14).sequence = 1
    opened(here, browser)
    dates = browser.text.split("All dates")[1]
    assert dates.count("Cancelled") == 1
    assert dates.count("Changed") == 1
    assert "Present" in dates
    assert "Missed" in dates
    assert "Snow" not in browser.text


def test_hours_are_shown_by_part_of_the_course(session, browser):
    here = group(1)
    here.save(1, "P")
    opened(here, browser)
    assert browser.sees("Your hours of learning", "2.0", "18.0")


def test_somebody_on_no_course_or_on_a_waiting_list_is_told_so(session, browser):
    here = group(1)
    opened(here, browser, VolunteerFactory(area=here.area, stage=Stage.READY))
    assert browser.sees("You are not on a course yet")
    waiting = VolunteerFactory(area=here.area, stage=Stage.READY)
    EnrolmentFactory(cohort=here.cohort_made, volunteer=waiting, state=EnrolmentState.WAITING)
    opened(here, browser, waiting)
    assert browser.sees("You are on the waiting list for Cohort 7")


def test_a_break_and_the_end_of_the_course_have_their_own_words(session, browser):
    here = group(2)
    here.people[0].state = EnrolmentState.PAUSED
    here.people[1].state, here.people[1].ended_on = EnrolmentState.COMPLETED, date(2026, 10, 1)
    opened(here, browser)
    assert browser.sees("You are taking a break")
    opened(here, browser, here.people[1].volunteer)
    assert browser.sees("You have finished this course. Well done!")
    assert not browser.sees("Your next session")


def test_after_the_last_session_nothing_is_promised(session, browser):
    here = group(1)
    with time_machine.travel(datetime(2026, 12, 1, 12, tzinfo=UTC), tick=False):
        opened(here, browser)
        assert browser.sees("All sessions have been held")


def test_the_journey_page_leads_here(session, browser):
    here = group(1)
    opened(here, browser).get("/my").click("Your course")
    assert browser.heading == "Your course"
    browser.click("Your course work")
    assert browser.heading == "Your course work"


def test_too_late_to_pass_is_said_kindly_and_once(session, browser):
    here = group(1)
    for number in range(1, 12):
        here.save(number, "U")
    with time_machine.travel(TODAY + timedelta(days=60), tick=False):
        opened(here, browser)
        assert browser.sees("Ask your coordinator about more time or joining a later course.")
