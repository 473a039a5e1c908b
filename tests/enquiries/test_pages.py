"""Saying hello on a page, and staff answering."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal import clock
from portal.access import Role
from portal.enquiries.models import Enquiry
from portal.schemes.models import Doors
from portal.volunteers.models import Channel, Volunteer
from tests.browser import Browser
from tests.factories import AreaFactory, EnquiryFactory, RoleHeldFactory, SchemeFactory, UserFactory

HELLO = "/schemes/bridgeway/seaham/hello"
CONTACT = "Your email address or phone number"


@pytest.fixture
def area(session):
    return AreaFactory(name="Seaham", slug="seaham", scheme=SchemeFactory(name="Bridgeway", slug="bridgeway"))


@pytest.fixture
def coordinator(area):
    return UserFactory(role=Role.COORDINATOR, scheme=area.scheme)


def the_one(session):
    return session.scalars(select(Enquiry)).one()


def test_a_name_and_one_way_to_reach_somebody_is_enough(browser, session, area):
    browser.get("/schemes/bridgeway/seaham").click("say hello first")
    browser.fill({"What is your name?": "Sam", CONTACT: "sam@example.org"}).submit("Send")
    assert browser.heading == "Thank you for saying hello"
    enquiry = the_one(session)
    assert browser.sees(enquiry.reference, "writes to you by", f"{enquiry.reply_by.day} {enquiry.reply_by:%B}")
    assert enquiry.email == "sam@example.org"


@pytest.mark.parametrize("typed", ["07700 900123", "07700-900-123", "+44 (0)7700 900123", "0044 7700 900123"])
def test_a_phone_number_is_taken_as_people_write_it(browser, session, area, typed):
    browser.get(HELLO).fill({"What is your name?": "Sam", CONTACT: typed}).submit("Send")
    assert browser.sees("rings you by", "we leave no message")
    assert (the_one(session).phone, the_one(session).channel) == ("+447700900123", Channel.PHONE)


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("", "Enter an email address or a phone number"),
        ("sam@", "Enter an email address in the correct format, like name@example.com"),
        ("ring me", "Enter an email address, like name@example.com, or a phone number, like 07700 900 982"),
        ("12", "Enter an email address, like name@example.com, or a phone number, like 07700 900 982"),
    ],
)
def test_what_is_neither_is_said_at_the_box_and_kept(browser, session, area, typed, error):
    browser.get(HELLO).fill({"What is your name?": "Sam", CONTACT: typed}).submit("Send", status=422)
    assert browser.errors == [error]
    assert browser.value(CONTACT) == typed
    assert browser.value("What is your name?") == "Sam"


def test_how_to_be_reached_safely_is_kept(browser, session, area):
    browser.get(HELLO).fill({
        "What is your name?": "Sam", CONTACT: "07700 900123", "If it is a phone number, what do you like better?":
        "Text me", "Do not name the scheme": True, "Reach me from": "6pm", "Reach me until": "20:00",
    }).submit("Send")  # fmt: skip
    enquiry = the_one(session)
    assert (enquiry.channel, enquiry.hide_scheme_name, enquiry.safe_from.hour) == (Channel.TEXT, True, 18)


def test_one_time_without_the_other_is_asked_for_and_the_box_is_open(browser, area):
    browser.get(HELLO)
    browser.fill({"What is your name?": "S", CONTACT: "s@example.org", "Reach me from": "6pm"})
    browser.submit("Send", status=422)
    assert browser.errors == ["Give both times, or leave both empty"]
    assert '<details class="govuk-details" open>' in browser.html


def test_pressing_twice_or_going_back_makes_one(browser, session, area):
    for _ in range(3):
        browser.get(HELLO).fill({"What is your name?": "Sam", CONTACT: "sam@example.org"}).submit("Send")
        assert browser.heading == "Thank you for saying hello"
    assert session.scalar(select(func.count()).select_from(Enquiry)) == 1


def test_a_program_that_fills_in_everything_is_told_nothing(browser, session, area):
    browser.get(HELLO).fill({"What is your name?": "Bot", CONTACT: "b@example.org"}, leave_empty="http://x")
    assert browser.submit("Send").path == "/schemes/bridgeway/seaham"
    assert session.scalar(select(func.count()).select_from(Enquiry)) == 0


def test_somebody_else_does_not_see_the_thanks(app, browser, area):
    EnquiryFactory(area=area)
    assert Browser(app).get(f"{HELLO}/thank-you").path == HELLO


@pytest.mark.parametrize(
    ("doors", "link"),
    [
        (Doors.CLOSED, "Tell me when it opens"),
        (Doors.WAITING_LIST, "leave your name, and hear when there is room"),
    ],
)
def test_a_closed_area_and_one_with_a_waiting_list_take_a_hello_too(browser, session, area, doors, link):
    area.doors = doors
    session.commit()
    browser.get("/schemes/bridgeway/seaham").click(link)
    browser.fill({"What is your name?": "Sam", CONTACT: "s@example.org", "Tell me when you take new people here": True})
    browser.submit("Send")
    assert browser.sees("We also tell you as soon as we take new people in Seaham")
    assert the_one(session).tell_when_open


def test_an_open_area_does_not_ask_whether_to_tell_them(browser, area):
    assert not browser.get(HELLO).sees("Tell me when you take new people here")


# For staff


def test_people_to_answer_stand_by_the_day_they_were_promised(browser, session, area, coordinator):
    EnquiryFactory(area=area, name="Later", reply_by=clock.today() + timedelta(days=3))
    EnquiryFactory(area=area, name="Late One", reply_by=clock.today() - timedelta(days=1))
    browser.sign_in_as(coordinator).get("/enquiries")
    assert browser.text.index("Late One") < browser.text.index("Later")
    assert browser.text.count("Late ") >= 1
    assert '<strong class="govuk-tag govuk-tag--red">Late</strong>' in browser.html
    browser.get("/start")
    assert browser.sees("People to answer (2)", "Late One")


def test_a_coordinator_of_another_area_sees_none_of_them(browser, session, area):
    other = UserFactory()
    RoleHeldFactory(user=other, role=Role.COORDINATOR, scheme=area.scheme, area=AreaFactory(scheme=area.scheme))
    enquiry = EnquiryFactory(area=area)
    browser.sign_in_as(other).get("/enquiries")
    assert browser.sees("Everybody who said hello has an answer")
    browser.get(f"/enquiries/{enquiry.id}", status=404)


def test_an_answer_is_written_down_found_again_and_undone(browser, session, area, coordinator):
    enquiry = EnquiryFactory(area=area, name="Sam Jones", phone="+447700900123", email="", channel=Channel.PHONE)
    browser.sign_in_as(coordinator).get("/enquiries").click("Sam Jones")
    assert browser.sees("07700 900123", "When you ring", "Leave none")
    browser.submit("Save", status=422)
    assert browser.errors == ["Choose what became of it"]
    browser.fill({"What became of it?": "We could not reach them", "What to remember": "Rang twice"}).submit("Save")
    assert browser.sees("Everybody who said hello has an answer")
    for search in ("jones", "900123", enquiry.reference):
        assert browser.get("/enquiries", show="answered", search=search).sees("Sam Jones")
    assert browser.get("/enquiries", show="answered", search="100%").sees("Nobody here fits")
    browser.get(f"/enquiries/{enquiry.id}").click("That was wrong: let it wait again")
    assert browser.sees("It waits for an answer again", "Rang twice")


def test_two_people_at_once_are_both_told(app, browser, session, area, coordinator):
    enquiry = EnquiryFactory(area=area)
    other = Browser(app).sign_in_as(UserFactory(role=Role.COORDINATOR, scheme=area.scheme))
    other.get(f"/enquiries/{enquiry.id}")
    browser.sign_in_as(coordinator).get(f"/enquiries/{enquiry.id}").fill(outcome="Not for now").submit("Save")
    assert browser.banners == ["It is written down"]
    other.fill({"What became of it?": "They wait until there is room", "What to remember": "Ring in May"})
    other.submit("Save", status=409)
    assert other.sees("Someone else changed this", "Not for now", "Ring in May")


def test_an_application_begins_from_it_with_a_code_to_read_out(browser, session, area, coordinator):
    enquiry = EnquiryFactory(area=area, name="Sam", phone="+447700900123", email="", channel=Channel.PHONE)
    browser.sign_in_as(coordinator).get(f"/enquiries/{enquiry.id}").submit("Start their application")
    assert "The return code to read out is" in browser.banners[0]
    assert session.scalars(select(Volunteer.name)).all() == ["Sam"]
    assert browser.get(f"/enquiries/{enquiry.id}").sees("They would like to apply", "Their application")
    assert "That was wrong" not in browser.text


def test_an_application_begins_once_from_two_desks(app, browser, session, area, coordinator):
    enquiry = EnquiryFactory(area=area)
    other = Browser(app).sign_in_as(coordinator).get(f"/enquiries/{enquiry.id}")
    browser.sign_in_as(coordinator).get(f"/enquiries/{enquiry.id}").submit("Start their application")
    other.submit("Start their application", status=409)
    assert session.scalar(select(func.count()).select_from(Volunteer)) == 1


def test_in_a_closed_area_no_button_begins_an_application(browser, session, area, coordinator):
    area.doors = Doors.CLOSED
    session.commit()
    enquiry = EnquiryFactory(area=area)
    assert browser.sign_in_as(coordinator).get(f"/enquiries/{enquiry.id}").sees("no application can begin here")
    assert "Start their application" not in browser.html


def test_the_lists_cost_the_same_for_one_and_for_many(browser, session, area, coordinator, count_queries):
    EnquiryFactory(area=area)
    browser.sign_in_as(coordinator).get("/enquiries")
    with count_queries() as one:
        browser.get("/enquiries")
    for _ in range(50):
        EnquiryFactory(area=area)
    with count_queries() as many:
        browser.get("/enquiries")
    assert one.total == many.total
    first = browser.text.count("Seaham")
    browser.click("Show more people")
    assert first + browser.text.count("Seaham") >= 51
