"""In a demonstration anybody is anybody with one click; elsewhere there is no such door."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.access import Role
from portal.accounts.rules import DEMO_EMAILS
from tests.accounts.test_sign_in import is_signed_in
from tests.factories import UserFactory


@pytest.fixture
def demo(app, monkeypatch):
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], demo=True))


@pytest.fixture
def coordinator(session):
    return UserFactory(role=Role.COORDINATOR, email=DEMO_EMAILS[Role.COORDINATOR])


@pytest.mark.usefixtures("demo")
def test_one_click_for_each_role_that_somebody_has(browser, coordinator):
    browser.get("/sign-in")
    assert browser.sees("Look around as: Coordinator")
    assert not browser.sees("Look around as: Approver")
    browser.post("/sign-in/demo", {"role": "coordinator"}, status=302)
    assert is_signed_in(browser)


@pytest.mark.usefixtures("demo")
def test_signing_out_leaves_the_others_who_look_around_signed_in(browser, coordinator, app):
    from tests.browser import Browser

    other = Browser(app).sign_in_as(coordinator)
    browser.sign_in_as(coordinator).get("/password").submit("Sign out")
    assert is_signed_in(other)


@pytest.mark.usefixtures("demo")
def test_only_the_invented_people_are_offered(browser, session):
    UserFactory(role=Role.COORDINATOR)
    browser.get("/sign-in").post("/sign-in/demo", {"role": "coordinator"}, status=404)
    browser.get("/sign-in").post("/sign-in/demo", {"role": "rubbish"}, status=404)


def test_there_is_no_such_door_outside_a_demonstration(browser, coordinator):
    browser.get("/sign-in")
    assert not browser.sees("Look around")
    browser.post("/sign-in/demo", {"role": "coordinator"}, status=404)
    assert not is_signed_in(browser)
