"""Passwords are set, changed and forgotten without anybody else getting in."""

from __future__ import annotations

from datetime import timedelta

import time_machine

from portal import clock
from portal.access import Role
from portal.accounts import services
from tests.accounts.conftest import PASSWORD, path_in
from tests.accounts.test_sign_in import given_an_address, is_signed_in
from tests.browser import Browser
from tests.factories import UserFactory

ANOTHER = "velvet harbour trumpet"


def test_a_volunteer_sets_a_password(browser, session, app, letters):
    user = UserFactory(role=Role.VOLUNTEER)
    elsewhere = Browser(app).sign_in_as(user)
    browser.sign_in_as(user).get("/password").fill({"New password": PASSWORD})
    browser.post("/password", {"new_password": PASSWORD}, status=302)
    assert is_signed_in(browser)
    assert not is_signed_in(elsewhere)
    assert [letter.template for letter in letters(user.email)] == ["password_changed"]
    session.refresh(user)
    assert services.locks.opens(user, PASSWORD)


def test_a_password_is_changed_by_who_knows_the_old_one(browser, session, with_password):
    user = with_password(UserFactory(role=Role.VOLUNTEER))
    browser.sign_in_as(user).get("/password")
    browser.fill({"Your password now": "something else", "New password": ANOTHER}).submit("Save password", status=422)
    assert browser.errors == ["This is not your password. Check it and try again"]
    session.refresh(user)
    assert user.failed_sign_ins == 1
    browser.post("/password", {"password": PASSWORD, "new_password": ANOTHER}, status=302)
    session.refresh(user)
    assert services.locks.opens(user, ANOTHER)


def test_a_first_password_needs_a_fresh_sign_in(browser, session):
    browser.sign_in_as(UserFactory(role=Role.VOLUNTEER))
    with time_machine.travel(clock.now() + timedelta(minutes=20)):
        assert browser.get("/password").heading == "Sign in"


def test_a_forgotten_password_is_replaced_by_a_link_that_works_once(browser, session, with_password, letters):
    user = with_password(UserFactory(role=Role.VOLUNTEER))
    given_an_address(browser, user.email).click("I forgot my password")
    assert browser.value("Email address") == user.email
    browser.submit("Email me a link")
    path = path_in(letters(user.email)[0])
    browser.get(path).fill({"New password": ANOTHER}).submit("Save password")
    assert browser.banners == ["Your password is set. Sign in with it now"]
    browser.get(path, status=410)
    session.refresh(user)
    assert services.locks.opens(user, ANOTHER)
    assert not services.locks.opens(user, PASSWORD)


def test_a_link_to_a_new_password_works_for_an_hour(browser, session, letters):
    user = UserFactory(role=Role.VOLUNTEER)
    browser.get("/sign-in/forgot").fill({"Email address": user.email}).submit("Email me a link")
    path = path_in(letters(user.email)[0])
    with time_machine.travel(clock.now() + timedelta(minutes=61)):
        browser.get(path, status=410)
    browser.get("/new-password/made-up", status=410)


def test_a_new_password_of_staff_does_not_spare_the_second_step(browser, session, with_password, letters):
    user = with_password(UserFactory(role=Role.TRAINER))
    user.totp_secret = services.new_authenticator_secret()
    session.commit()
    browser.get("/sign-in/forgot").fill({"Email address": user.email}).submit("Email me a link")
    browser.get(path_in(letters(user.email)[0])).fill({"New password": ANOTHER}).submit("Save password")
    assert not is_signed_in(browser)
    given_an_address(browser, user.email).fill(Password=ANOTHER).submit("Sign in")
    assert browser.heading == "Enter the code from your app"
