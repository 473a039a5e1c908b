"""A scheme's admin changes how it works, what it says, and where people can apply."""

from __future__ import annotations

import pytest

from portal.access import Role
from portal.schemes.models import Doors
from tests.browser import Browser
from tests.factories import AreaFactory, SchemeFactory, UserFactory


@pytest.fixture
def scheme(session):
    return AreaFactory(name="Darlington", scheme=SchemeFactory(name="Bridgeway")).scheme


@pytest.fixture
def admin(scheme):
    return UserFactory(role=Role.SCHEME_ADMIN, scheme=scheme)


def test_an_admin_changes_how_the_scheme_works(browser, session, scheme, admin):
    browser.sign_in_as(admin).get("/scheme").click("Change how it works: Bridgeway")
    browser.fill(
        {
            "How many references do you ask for?": "1",
            "What must be in place before somebody starts the course?": ["DBS check decided as suitable"],
            "Whoever approves somebody must not have assessed them": False,
        }
    ).submit("Save")
    assert browser.banners == ["The settings are saved"]
    session.refresh(scheme)
    assert scheme.settings.references_needed == 1
    assert scheme.settings.gates_to_train == ("dbs",)
    assert scheme.settings.four_eyes is False
    assert scheme.settings.reply_within_days == 5


def test_the_page_of_the_scheme_leads_to_its_agreement_and_back(browser, scheme, admin):
    browser.sign_in_as(admin).get("/scheme").click("Read or publish the agreement of Bridgeway")
    assert browser.heading == "The agreement"
    assert browser.click("Your scheme").path == "/scheme"


@pytest.mark.parametrize("typed", ["", "many", "-3", "6", "9" * 50, "\u202e1x", "🙂"])
def test_a_figure_that_is_none_is_refused_at_the_field_and_kept(browser, session, scheme, admin, typed):
    browser.sign_in_as(admin).get(f"/schemes/{scheme.id}/settings")
    browser.fill({"How many references do you ask for?": typed}).submit("Save", status=422)
    assert len(browser.errors) == 1
    assert browser.value("How many references do you ask for?") == typed
    session.refresh(scheme)
    assert scheme.settings.references_needed == 2


def test_a_gate_that_is_none_is_refused(browser, session, scheme, admin):
    browser.sign_in_as(admin).get(f"/schemes/{scheme.id}/settings")
    browser.post(f"/schemes/{scheme.id}/settings", {"gates_to_train": "rubbish"}, status=422)


def test_two_admins_at_once_are_shown_both_versions(browser, session, scheme, admin, app):
    other = Browser(app).sign_in_as(UserFactory(role=Role.SCHEME_ADMIN, scheme=scheme))
    question = "How soon do you reply to an application?"
    browser.sign_in_as(admin).get(f"/schemes/{scheme.id}/settings")
    other.get(f"/schemes/{scheme.id}/settings").fill({question: "10"}).submit("Save")
    browser.fill({question: "7"}).submit("Save", status=409)
    assert browser.sees("Someone else changed this", f"{question} 10 7")
    assert browser.value(question) == "7"
    session.refresh(scheme)
    assert scheme.settings.reply_within_days == 10
    browser.submit("Save")
    session.refresh(scheme)
    assert scheme.settings.reply_within_days == 7


def test_an_admin_changes_the_words_of_the_public_page(browser, session, scheme, admin):
    browser.sign_in_as(admin).get("/scheme").click("Change the words of Bridgeway")
    browser.fill({"One line under the name": "Zażółć 🙂", "Phone": "nonsense"}).submit("Save", status=422)
    assert browser.value("One line under the name") == "Zażółć 🙂"
    browser.fill({"Phone": "01632 960001"}).submit("Save")
    assert browser.sees("Zażółć 🙂", "01632 960001")


def test_two_admins_who_change_the_words_are_shown_both(browser, session, scheme, admin):
    browser.sign_in_as(admin).get(f"/schemes/{scheme.id}/texts")
    scheme.strapline = "Theirs"
    session.commit()
    browser.fill({"One line under the name": "Mine"}).submit("Save", status=409)
    assert browser.sees("One line under the name Theirs Mine")


def test_an_area_is_added_and_closed(browser, session, scheme, admin):
    browser.sign_in_as(admin).get("/scheme").click("Add an area")
    browser.fill({"Name of the area": "Bishop Auckland", "Its part of the web address": "Bishop Auckland"})
    browser.submit("Add the area", status=422)
    assert browser.value("Name of the area") == "Bishop Auckland"
    browser.fill({"Its part of the web address": "bishop-auckland"}).submit("Add the area")
    browser.click("Bishop Auckland").fill({"Can people apply?": "Closed for now"}).submit("Save")
    assert browser.sees("Bishop Auckland Closed for now", "Darlington Open")
    session.expire_all()
    assert {area.slug: area.doors for area in scheme.areas}["bishop-auckland"] is Doors.CLOSED


def test_what_is_different_in_an_area_is_said_on_its_public_page(browser, session, scheme, admin):
    scheme.about_time = "Two evenings a week, everywhere."
    area = scheme.areas[0]
    session.commit()
    browser.sign_in_as(admin).get(f"/areas/{area.id}/edit")
    browser.fill({"What a peer mentor does here": "Here you meet people at the market."}).submit("Save")
    browser.get(f"/schemes/{scheme.slug}/{area.slug}")
    assert browser.sees("Here you meet people at the market.", "Two evenings a week, everywhere.")


def test_an_address_that_is_taken_is_refused_on_the_page(browser, session, scheme, admin):
    browser.sign_in_as(admin).get(f"/schemes/{scheme.id}/areas/add")
    taken = scheme.areas[0].slug
    browser.fill({"Name of the area": "X", "Its part of the web address": taken}).submit("Add the area", status=422)
    assert browser.errors == ["Another area of this scheme has this web address already"]


def test_another_schemes_pages_do_not_exist(browser, session, admin):
    area = AreaFactory()
    browser.sign_in_as(admin)
    for path in (
        f"/schemes/{area.scheme_id}/settings", f"/schemes/{area.scheme_id}/texts",
        f"/schemes/{area.scheme_id}/areas/add", f"/areas/{area.id}/edit",
    ):  # fmt: skip
        browser.get(path, status=404)


def test_only_an_admin_opens_these_pages(browser, session, scheme):
    browser.sign_in_as(UserFactory(role=Role.COORDINATOR, scheme=scheme))
    for path in ("/scheme", f"/schemes/{scheme.id}/settings", f"/areas/{scheme.areas[0].id}/edit"):
        browser.get(path, status=403)


def test_the_page_costs_the_same_for_one_area_and_for_many(browser, session, scheme, admin, count_queries):
    browser.sign_in_as(admin)
    with count_queries() as few:
        browser.get("/scheme")
    for _ in range(30):
        AreaFactory(scheme=scheme)
    with count_queries() as many:
        browser.get("/scheme")
    assert few.total == many.total


def test_the_questions_of_the_interview_are_the_schemes_own(browser, scheme, admin, session):
    browser.sign_in_as(admin).get("/scheme").click("Change the questions of the interview: Bridgeway")
    browser.fill({"questions": "\n".join(["Why?"] * 13)}).submit("Save", status=422)
    assert "12 questions or fewer" in browser.errors[0]
    browser.fill({"questions": " Why   now? \n\nWhat helps you?"}).submit("Save")
    assert browser.banners == ["The questions are saved"]
    session.refresh(scheme)
    assert scheme.settings.interview_questions == ("Why now?", "What helps you?")
