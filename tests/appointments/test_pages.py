"""An applicant's talk by link: come, ask for another time, call it off; links that do not work say what to do."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal import clock
from portal.access import Role
from portal.appointments.rules import GONE
from portal.interviews import services as interviews
from portal.interviews.models import InterviewLink
from portal.interviews.queries import open_interview
from portal.volunteers.journey import Stage
from tests.factories import AreaFactory, InterviewFactory, SlotFactory, UserFactory, VolunteerFactory


@pytest.fixture
def volunteer(session):
    return VolunteerFactory(area=AreaFactory(), stage=Stage.INTERVIEWING)


@pytest.fixture
def talk(volunteer, session):
    """The path of their link."""
    path = f"/talk/{interviews.link_for(volunteer)}"
    session.commit()
    return path


def test_a_time_is_chosen_by_link_and_somebody_comes_along(browser, volunteer, talk):
    slot = SlotFactory(area=volunteer.area)
    browser.get(talk)
    assert browser.heading == "Choose a time to talk"
    assert browser.sees(volunteer.scheme.settings.interview_questions[0])
    browser.post(f"{talk}/take", {"slot": slot.id})
    assert browser.banners == ["Thank you. This time is yours"]
    browser.fill({"supporter": "My sister"}).submit("Save who comes with you")
    interview = open_interview(volunteer)
    assert (interview.slot_id, interview.supporter) == (slot.id, "My sister")


def test_somebody_says_that_they_come(browser, volunteer, talk):
    interview = InterviewFactory(volunteer=volunteer, planned_at=clock.now() + timedelta(days=2))
    browser.get(talk).submit("I will come")
    assert browser.sees("You come")
    assert open_interview(volunteer).accepted_at
    assert interview.is_open


def test_somebody_asks_for_another_time_and_keeps_this_one(browser, volunteer, talk):
    interview = InterviewFactory(volunteer=volunteer, planned_at=clock.now() + timedelta(days=2))
    browser.get(talk).click("I cannot come then").submit("Tell us", status=422)
    assert browser.errors
    browser.fill({"what": "ask", "words": "Any Monday"}).submit("Tell us")
    assert browser.sees("You asked for another time")
    assert interview.change_wish == "Any Monday"
    assert interview.is_open


def test_somebody_calls_it_off_and_can_choose_again(browser, volunteer, talk):
    InterviewFactory(volunteer=volunteer, planned_at=clock.now() + timedelta(days=2))
    SlotFactory(area=volunteer.area)
    browser.get(f"{talk}/cannot-come").fill({"what": "cancel", "words": ""}).submit("Tell us")
    assert browser.heading == "Choose a time to talk"
    assert open_interview(volunteer) is None
    assert browser.get(f"{talk}/cannot-come").heading == "Choose a time to talk"  # pressed in an old tab


def test_a_time_that_is_gone_or_is_none_is_said_calmly(browser, volunteer, talk):
    slot = SlotFactory(area=volunteer.area)
    InterviewFactory(slot=slot)
    SlotFactory(area=volunteer.area)
    for given, words in (({"slot": slot.id}, GONE), ({"slot": "x"}, "Choose one"), ({}, "Choose one")):
        browser.get(talk).post(f"{talk}/take", given)
        assert words in browser.banners[0]
    assert open_interview(volunteer) is None


@pytest.mark.parametrize("what", ["closed", "old", "address", "withdrawn"])
def test_a_link_that_works_no_more_is_a_calm_page(browser, volunteer, talk, session, what):
    InterviewFactory(volunteer=volunteer, planned_at=clock.now() + timedelta(days=2))
    link = session.query(InterviewLink).one()
    if what == "closed":
        link.closed_at = clock.now()
    elif what == "old":
        link.expires_at = clock.now()
    elif what == "address":
        volunteer.email = "new@example.org"
    else:
        volunteer.stage = Stage.WITHDRAWN
    session.commit()
    for path in (talk, f"{talk}/cannot-come"):
        browser.get(path, status=410)
        assert browser.heading == "This link no longer works"
        assert not browser.sees(volunteer.name)


def test_a_guessed_link_hints_at_nothing(browser, volunteer, talk):
    browser.get("/talk/" + "0" * 48, status=404)
    assert browser.heading == "This link no longer works"


def test_staff_offer_times_choose_one_on_the_phone_and_withdraw_another(browser, volunteer, session):
    cora = UserFactory(role=Role.COORDINATOR, area=volunteer.area, name="Cora")
    free, other = SlotFactory(area=volunteer.area), SlotFactory(area=volunteer.area)
    browser.sign_in_as(cora).get(f"/people/{volunteer.id}/interviews/choose")
    browser.post(f"/people/{volunteer.id}/interviews/choose", {"slot": free.id})
    assert browser.banners == ["The talk is planned, and they are written to"]
    browser.get("/interviews/times").post(f"/interviews/times/{other.id}/withdraw")
    assert browser.banners == ["This time is offered no more"]
    session.refresh(other)
    assert other.withdrawn_at
