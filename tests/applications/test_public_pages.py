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
