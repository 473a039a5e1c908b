"""What coordinators read."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal import clock
from portal.access import Role
from portal.applications import services
from portal.audit.rules import Outsider
from portal.schemes.rules import Route
from portal.volunteers.journey import Stage
from tests.factories import ApplicationFactory, AreaFactory, RefereeFactory, UserFactory, VolunteerFactory


@pytest.fixture
def area(session):
    return AreaFactory(name="Darlington")


@pytest.fixture
def coordinator(area):
    return UserFactory(role=Role.COORDINATOR, area=area)


def applied(area, **given):
    return ApplicationFactory(volunteer=VolunteerFactory(area=area, **{"stage": Stage.APPLIED, **given}))


def test_whoever_waits_longest_comes_first_and_late_is_said(browser, area, coordinator):
    applied(area, name="New Person")
    applied(area, name="Old Person", stage_since=clock.now() - timedelta(days=9))
    applied(area, name="Talked To", stage=Stage.INTERVIEWING)
    browser.sign_in_as(coordinator).get("/applications")
    assert browser.text.index("Old Person") < browser.text.index("New Person")
    assert browser.text.count("Late") == 1
    assert browser.sees("Waiting to be read", "Waiting for a talk or its result", "9 days ago")


def test_an_empty_list_is_calm(browser, coordinator):
    assert browser.sign_in_as(coordinator).get("/applications").sees("Nobody at the moment.")


def test_a_long_list_goes_on_by_stage(browser, area, coordinator):
    at = clock.now()
    for number in range(41):
        applied(area, name=f"Person {number:02}", stage_since=at - timedelta(hours=100 - number))
    browser.sign_in_as(coordinator).get("/applications")
    assert not browser.sees("Person 40")
    browser.click("Show more waiting to be read")
    assert browser.sees("Person 40")
    assert not browser.sees("Person 39")


@pytest.mark.parametrize("asked", ["stage=applied&after=rubbish", "stage=nonsense", "stage=applied&after=WyIiLCAxXQ"])
def test_a_strange_address_of_the_list_is_answered_calmly(browser, coordinator, asked):
    browser.sign_in_as(coordinator).get(f"/applications?{asked}", status=200)


def test_the_list_costs_the_same_for_one_and_for_forty(browser, area, coordinator, count_queries):
    browser.sign_in_as(coordinator)
    applied(area)
    with count_queries() as one:
        browser.get("/applications")
    for _ in range(39):
        applied(area)
    with count_queries() as many:
        browser.get("/applications")
    assert one.total == many.total


def test_an_application_is_read_whole(browser, area, coordinator, session):
    application = applied(area, name="محمد خان")
    application.lived_experience, application.volunteer.access_needs = "Something\n\nhard", "Large print"
    session.commit()
    RefereeFactory(application=application, name="Kim Worker")
    browser.sign_in_as(coordinator).get("/applications").click("محمد خان")
    assert browser.sees(
        "I want to help others", "Something hard", "Large print", "Kim Worker", "A support or key worker"
    )
    assert browser.sees("invite them to a talk")
    assert not browser.sees("Change")


def test_an_application_costs_the_same_with_many_referees(browser, area, coordinator, count_queries):
    application = applied(area)
    browser.sign_in_as(coordinator)
    path = f"/people/{application.volunteer_id}/application"
    with count_queries() as one:
        browser.get(path)
    for _ in range(9):
        RefereeFactory(application=application)
    with count_queries() as many:
        browser.get(path)
    assert one.total == many.total


def test_an_application_of_another_area_is_not_there(browser, coordinator):
    elsewhere = ApplicationFactory()
    browser.sign_in_as(coordinator).get(f"/people/{elsewhere.volunteer_id}/application", status=404)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.COORDINATOR])
def test_only_coordinators_read_applications(browser, area, role):
    user = UserFactory(role=role, scheme=area.scheme)
    browser.sign_in_as(user).get("/applications", status=403)
    browser.get(f"/people/{applied(area).volunteer_id}/application", status=403)


def test_a_coordinator_makes_a_new_code_for_somebody_who_lost_theirs(browser, app, area, coordinator, session):
    application, old = services.start(
        area=area, name="Sam", email="", phone="+447700900123", route=Route.OPEN_WEB, by=Outsider("Sam")
    )
    session.commit()
    browser.sign_in_as(coordinator).get(f"/people/{application.volunteer_id}/application")
    browser.submit("Make a new return code")
    code = browser.banners[0].split(" is ")[1].split(".")[0]
    other = type(browser)(app, address="192.0.2.9")
    other.get(f"/application/return/{old}", status=410)
    assert other.get(f"/application/return/{code}").heading == "Your application"
