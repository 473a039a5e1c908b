"""What anybody can read before they start."""

from __future__ import annotations

import pytest

from portal.schemes.models import Doors
from tests.factories import AreaFactory, SchemeFactory


@pytest.fixture
def scheme(session):
    return SchemeFactory(slug="bridgeway", name="Bridgeway Peer Mentors", phone="0191 498 0000")


def test_the_first_page_says_what_a_peer_mentor_is_and_where(browser, scheme):
    AreaFactory(scheme=scheme, name="Darlington")
    AreaFactory(scheme=scheme, name="Durham City", doors=Doors.WAITING_LIST)
    browser.get("/schemes")
    assert browser.heading == "Become a peer mentor"
    assert browser.sees("You do not need a CV", "Darlington: open", "Durham City: waiting list")


def test_without_any_scheme_the_first_page_still_says_something(browser):
    assert browser.get("/schemes").sees("No scheme is taking people on here yet")


def test_an_area_says_what_convictions_mean_and_that_we_are_independent(browser, scheme):
    AreaFactory(scheme=scheme, slug="darlington", name="Darlington")
    browser.get("/schemes/bridgeway").click("Darlington")
    assert browser.sees("A conviction does not stop you from applying", "We are not the police")
    assert browser.click("Start your application").heading == "Let us start"


def test_a_scheme_can_say_it_in_its_own_words(browser, scheme, session):
    scheme.about_convictions = "First line.\n\nSecond <b>line</b>."
    session.commit()
    AreaFactory(scheme=scheme, slug="darlington")
    browser.get("/schemes/bridgeway/darlington")
    assert browser.sees("First line.", "Second <b>line</b>.")
    assert not browser.sees("A conviction does not stop you")


def test_a_closed_area_says_so_and_offers_no_button(browser, scheme):
    AreaFactory(scheme=scheme, slug="shut", name="Shut", doors=Doors.CLOSED)
    browser.get("/schemes/bridgeway/shut")
    assert browser.sees("We are not taking new people in Shut at the moment", "0191 498 0000")
    assert "Start your application" not in browser.links()
    assert browser.get("/schemes/bridgeway/shut/start").heading == "Be a peer mentor in Shut"


def test_a_waiting_list_says_so_and_takes_applications(browser, scheme):
    AreaFactory(scheme=scheme, slug="later", name="Later", doors=Doors.WAITING_LIST)
    browser.get("/schemes/bridgeway/later")
    assert browser.sees("There is a waiting list here")
    assert "Start your application" in browser.links()


@pytest.mark.parametrize("path", ["/schemes/none", "/schemes/bridgeway/none", "/schemes/none/none/start"])
def test_what_is_not_there_is_not_there(browser, scheme, path):
    browser.get(path, status=404)


def test_the_list_of_schemes_costs_the_same_for_one_and_for_many(browser, count_queries):
    AreaFactory()
    with count_queries() as one:
        browser.get("/schemes")
    for _ in range(20):
        AreaFactory()
    with count_queries() as many:
        browser.get("/schemes")
    assert one.total == many.total


def test_an_areas_own_words_come_before_the_schemes(browser, scheme, session):
    scheme.about_role, scheme.about_time, scheme.about_convictions = "Role of all", "Time of all", "Past of all"
    AreaFactory(
        scheme=scheme, slug="own", about_role="Role here", about_time="Time here", about_convictions="Past here"
    )
    AreaFactory(scheme=scheme, slug="none")
    session.commit()
    browser.get("/schemes/bridgeway/own")
    assert browser.sees("Role here", "Time here", "Past here")
    assert not browser.sees("Role of all")
    assert browser.get("/schemes/bridgeway/none").sees("Role of all", "Time of all", "Past of all")


def test_an_area_says_what_one_needs_and_every_way_to_apply(browser, scheme):
    AreaFactory(scheme=scheme, slug="darlington")
    browser.get("/schemes/bridgeway/darlington")
    assert browser.sees("You do not need a CV", "an email address or a printer", "By phone: ring 0191 498 0000")
    assert browser.sees("What happens, step by step", "within 5 days")
    assert "Online, by yourself" in browser.links()


def test_the_policy_on_convictions_is_a_public_page(browser, scheme, session):
    scheme.about_convictions = "Our own words on the past."
    session.commit()
    AreaFactory(scheme=scheme, slug="darlington")
    browser.get("/schemes/bridgeway/darlington").click("How we treat people who have convictions")
    assert browser.path == "/schemes/bridgeway/about/convictions"
    assert browser.sees(
        "Our own words on the past.", "DBS Code of Practice", "only after we have offered you a place",
        "never take an offer back without talking with you first", "Two people look at it together",
    )  # fmt: skip


def test_a_public_page_sets_no_cookie(browser, scheme):
    AreaFactory(scheme=scheme, slug="darlington")
    for path in ("/schemes", "/schemes/bridgeway", "/schemes/bridgeway/darlington"):
        assert "Set-Cookie" not in browser._send(path, method="GET").headers
