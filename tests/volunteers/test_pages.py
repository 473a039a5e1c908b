"""The pages about people, as coordinators and volunteers meet them."""

from __future__ import annotations

import pytest

from portal.access import Role
from portal.volunteers.journey import Stage
from tests.factories import (
    ApplicationFactory,
    AreaFactory,
    HistoryLineFactory,
    RoleHeldFactory,
    UserFactory,
    VolunteerFactory,
)

RUBBISH = ["\0", "x" * 10_000, "\u202e\u0627", "👩🏽‍🦽", "<script>alert(1)</script>", "   "]


@pytest.fixture
def area(session):
    return AreaFactory(name="Darlington")


@pytest.fixture
def coordinator(area):
    return UserFactory(role=Role.COORDINATOR, area=area, name="Cora Coordinator")


def volunteer_with_account(**given):
    user = UserFactory()
    person = VolunteerFactory(user=user, **given)
    RoleHeldFactory(user=user, role=Role.VOLUNTEER, scheme=person.scheme, area=person.area)
    return person


def test_the_list_says_who_is_where_and_since_when(browser, area, coordinator):
    VolunteerFactory(area=area, name="محمد خان", known_as="Mo", stage=Stage.TRAINING)
    browser.sign_in_as(coordinator).get("/people")
    assert browser.sees("محمد خان", "(Mo)", "In training", "Darlington")


def test_an_empty_list_says_how_people_come_onto_it(browser, coordinator):
    assert browser.sign_in_as(coordinator).get("/people").sees("There is nobody here yet")


def test_a_search_that_finds_nobody_offers_everybody(browser, area, coordinator):
    VolunteerFactory(area=area, name="Jo")
    browser.sign_in_as(coordinator).get("/people").fill({"Name or reference": "Zz"}).submit("Show")
    assert browser.sees("Nobody was found")
    assert browser.click("show everybody").sees("Jo")


def test_the_list_is_narrowed_by_stage_and_area(browser, area, coordinator):
    VolunteerFactory(area=area, name="Tara", stage=Stage.TRAINING)
    VolunteerFactory(area=area, name="Abe", stage=Stage.APPLIED)
    browser.sign_in_as(coordinator).get("/people").fill(Stage="In training", Area="Darlington").submit("Show")
    assert browser.sees("Tara")
    assert not browser.sees("Abe")


def test_a_long_list_goes_on(browser, area, coordinator):
    for number in range(41):
        VolunteerFactory(area=area, name=f"Person {number:02}")
    browser.sign_in_as(coordinator).get("/people?search=person")
    assert not browser.sees("Person 40")
    assert browser.click("Show more people").sees("Person 40")


@pytest.mark.parametrize(
    "asked", ["search=%00", "stage=nonsense", "area=999999", "after=rubbish", "search=" + "x" * 3000]
)
def test_a_strange_address_of_the_list_is_answered_calmly(browser, coordinator, asked):
    browser.sign_in_as(coordinator)._open("GET", f"/people?{asked}", status=None)
    assert browser.status in {200, 422}


def test_the_list_costs_the_same_for_one_and_for_forty(browser, area, coordinator, count_queries):
    browser.sign_in_as(coordinator)
    VolunteerFactory(area=area)
    with count_queries() as one:
        browser.get("/people")
    for _ in range(39):
        VolunteerFactory(area=area)
    with count_queries() as many:
        browser.get("/people")
    assert one.total == many.total


def test_a_page_about_somebody_says_why_they_are_there_and_what_would_move_them_on(browser, area, coordinator):
    person = VolunteerFactory(area=area, name="Sam Example", stage=Stage.INTERVIEWING, phone="+447700900123")
    HistoryLineFactory(
        volunteer=person, move="invite", from_stage=Stage.APPLIED, to_stage=Stage.INTERVIEWING,
        by_name="Cora Coordinator", because="A warm application",
    )  # fmt: skip
    browser.sign_in_as(coordinator).get(f"/people/{person.id}")
    assert browser.heading == "Sam Example"
    assert browser.sees("At interview since", "Applied → At interview", "By Cora Coordinator", "A warm application")
    assert browser.sees("Offered a place, by a coordinator", "07700 900123", "Do not leave one")


def test_the_page_of_somebody_with_a_long_history_costs_no_more(browser, area, coordinator, count_queries):
    person = VolunteerFactory(area=area)
    browser.sign_in_as(coordinator)
    HistoryLineFactory(volunteer=person)
    with count_queries() as one:
        browser.get(f"/people/{person.id}")
    for _ in range(30):
        HistoryLineFactory(volunteer=person)
    with count_queries() as many:
        browser.get(f"/people/{person.id}")
    assert one.total == many.total


@pytest.mark.parametrize("path", ["/people/{}", "/people/{}/details"])
def test_somebody_of_another_area_is_not_there(browser, coordinator, path):
    browser.sign_in_as(coordinator).get(path.format(VolunteerFactory().id), status=404)


@pytest.mark.parametrize("path", ["/people", "/people/1", "/people/1/details"])
def test_a_volunteer_may_not_see_other_people(browser, path):
    browser.sign_in_as(volunteer_with_account().user).get(path, status=403)


def test_staff_change_details_and_see_them_changed(browser, area, coordinator):
    person = VolunteerFactory(area=area, name="Sam")
    browser.sign_in_as(coordinator).get(f"/people/{person.id}").click("Change details")
    browser.fill({"Likes to be called": "Sammy", "Phone number": "07700 900 123", "Days often free": ["Mondays"]})
    browser.submit("Save changes")
    assert browser.banners == ["The details have been changed"]
    assert browser.sees("Sammy", "07700 900123", "Mondays")
    assert browser.get("/people?search=sammy").sees("Sam")


@pytest.mark.parametrize("typed", RUBBISH)
def test_rubbish_in_a_name_is_refused_or_kept_never_a_fault(browser, area, coordinator, typed):
    person = VolunteerFactory(area=area, name="Sam")
    browser.sign_in_as(coordinator).get(f"/people/{person.id}/details").fill(Name=typed, known_as=typed)
    browser.submit("Save changes")
    assert browser.status in {200, 422}


def test_a_bad_phone_number_is_said_at_the_field_and_kept_as_typed(browser, area, coordinator):
    person = VolunteerFactory(area=area)
    browser.sign_in_as(coordinator).get(f"/people/{person.id}/details")
    browser.fill({"Phone number": "12"}).submit("Save changes", status=422)
    assert browser.value("Phone number") == "12"
    assert browser.errors[0].startswith("Enter a phone number")


def test_ways_of_reaching_that_cannot_work_are_said_at_their_fields(browser, area, coordinator):
    person = VolunteerFactory(area=area, email="", phone="+447700900123")
    browser.sign_in_as(coordinator).get(f"/people/{person.id}/details")
    browser.fill({"Likes to be reached by": "Email", "Ring from": "9am"}).submit("Save changes", status=422)
    assert browser.errors == [
        "Give an email address, or choose another way to be reached",
        "Give both times, or leave both empty",
    ]


def test_two_people_who_change_the_same_details_are_shown_both(browser, app, area, coordinator):
    person = VolunteerFactory(area=area, name="Sam")
    first, second = browser, type(browser)(app, address="192.0.2.2")
    path = f"/people/{person.id}/details"
    first.sign_in_as(coordinator).get(path)
    second.sign_in_as(coordinator).get(path)
    second.fill({"Likes to be called": "Theirs"}).submit("Save changes")
    first.fill({"Likes to be called": "Mine"}).submit("Save changes", status=409)
    assert first.sees("Someone else changed this", "Theirs", "Mine")
    first.submit("Save changes")
    assert first.sees("Mine")


def test_a_volunteer_changes_their_own_details(browser):
    person = volunteer_with_account(name="Sam", phone="")
    browser.sign_in_as(person.user).get("/my/details")
    browser.fill({"Your phone number": "07700 900 123", "Who should we ring in an emergency?": "Mum"})
    browser.fill({"Which times of day?": ["Evenings"], "How would you like us to reach you?": "Text message"})
    browser.submit("Save changes")
    assert browser.banners == ["Your details have been changed"]
    assert browser.value("Who should we ring in an emergency?") == "Mum"


def test_a_name_in_other_letters_is_asked_for_in_english_letters_once_it_is_written(browser):
    person = volunteer_with_account(name="Sam")
    browser.sign_in_as(person.user).get("/my/details")
    assert not browser.sees("Your name in English letters")
    browser.fill({"Your name": "محمد خان"}).submit("Save changes", status=422)
    browser.fill({"Your name in English letters": "Mohammed Khan"}).submit("Save changes")
    assert browser.value("Your name") == "محمد خان"


def test_a_volunteer_stops_for_now_and_a_second_tap_changes_nothing(browser, session):
    person = volunteer_with_account(stage=Stage.APPLIED)
    browser.sign_in_as(person.user).get("/my/details").click("I do not want to go on for now")
    browser.submit("Yes, stop for now")
    assert browser.heading == "You have withdrawn"
    browser.get("/my/details").post("/my/withdraw", status=200)
    session.refresh(person)
    assert (person.stage, len(person.history)) == (Stage.WITHDRAWN, 1)


def test_an_active_mentor_is_told_whom_to_ring(browser):
    person = volunteer_with_account(stage=Stage.ACTIVE)
    browser.sign_in_as(person.user).get("/my/withdraw")
    assert browser.sees("This cannot be done here now", "0191 498 0000")
    browser.get("/my/details").post("/my/withdraw", status=409)


@pytest.mark.parametrize("path", ["/my/details", "/my/withdraw"])
def test_ones_own_pages_need_a_volunteer(browser, coordinator, path):
    browser.sign_in_as(coordinator).get(path, status=403)
    holder = UserFactory(role=Role.VOLUNTEER)
    browser.sign_in_as(holder).get(path, status=404)


def test_somebody_who_stopped_is_shown_the_way_back(browser):
    person = volunteer_with_account(stage=Stage.WITHDRAWN)
    ApplicationFactory(volunteer=person)
    browser.sign_in_as(person.user).get("/my/withdraw").click("Start again").submit("Start again")
    assert browser.heading == "Your application"
