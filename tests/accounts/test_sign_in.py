"""Applicants and volunteers sign in with an e-mailed code, or a password if they set one."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from sqlalchemy import select

from portal import clock
from portal.access import Role
from portal.accounts.models import OneTimeSecret, User
from portal.audit.models import AuditLine
from tests.accounts.conftest import PASSWORD, code_in
from tests.browser import Browser
from tests.factories import UserFactory

HERE = "/password"  # a page for everybody who is signed in


def given_an_address(browser, email, **query):
    path = f"/sign-in?{urlencode(query)}" if query else "/sign-in"
    return browser.get(path).fill({"Email address": email}).submit("Continue")


def given_a_code(browser, letters, user):
    given_an_address(browser, user.email).submit("Email me a code")
    return code_in(letters(user.email)[-1])


def is_signed_in(browser):
    return "Sign out" in browser.get("/sign-in").text


def test_a_volunteer_signs_in_with_an_e_mailed_code(browser, session, letters):
    user = UserFactory(role=Role.VOLUNTEER)
    code = given_a_code(browser, letters, user)
    browser.fill(Code=f" {code[:3]} {code[3:]}").post("/sign-in/code", {"code": code}, status=302)
    assert is_signed_in(browser)
    lines = session.scalars(select(AuditLine).where(AuditLine.actor_id == user.id)).all()
    assert [line.purpose for line in lines if line.purpose] == ["signed in with an e-mailed code"]


def test_a_code_works_once(browser, session, letters, app):
    user = UserFactory(role=Role.VOLUNTEER)
    code = given_a_code(browser, letters, user)
    browser.post("/sign-in/code", {"code": code}, status=302)
    thief = Browser(app)
    given_an_address(thief, user.email).get("/sign-in/code").fill(Code=code).submit("Sign in", status=422)
    assert not is_signed_in(thief)


def test_a_code_works_for_ten_minutes(browser, session, letters):
    user = UserFactory(role=Role.VOLUNTEER)
    code = given_a_code(browser, letters, user)
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        browser.fill(Code=code).submit("Sign in", status=422)
    assert browser.errors == [
        "That is not right. Check it and try again. After several wrong tries you must wait 15 minutes, "
        "even with the right answer"
    ]


def test_only_the_newest_code_works(browser, session, letters):
    user = UserFactory(role=Role.VOLUNTEER)
    old = given_a_code(browser, letters, user)
    browser.submit("Send me a new code")
    new = code_in(letters(user.email)[-1])
    browser.fill(Code=old).submit("Sign in", status=422 if old != new else None)
    browser.post("/sign-in/code", {"code": new}, status=302)
    assert len(session.scalars(select(OneTimeSecret)).all()) == 0


def test_a_code_is_not_kept_as_it_is(browser, session, letters):
    user = UserFactory(role=Role.VOLUNTEER)
    code = given_a_code(browser, letters, user)
    assert code not in session.scalars(select(OneTimeSecret.secret_hash)).one()


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "x" * 10_000, "\u202e123456", "🙂"])
def test_a_code_that_is_none_is_refused_at_the_field(browser, session, letters, typed):
    user = UserFactory(role=Role.VOLUNTEER)
    given_a_code(browser, letters, user)
    browser.fill(Code=typed).submit("Sign in", status=422)
    assert browser.errors


def test_a_volunteer_signs_in_with_a_password(browser, session, with_password):
    user = with_password(UserFactory(role=Role.VOLUNTEER))
    given_an_address(browser, user.email.upper()).fill(Password=PASSWORD).post(
        "/sign-in/password", {"password": PASSWORD}, status=302
    )
    assert is_signed_in(browser)


def test_a_stranger_is_told_the_same_as_somebody_with_an_account(browser, session, app, letters, with_password):
    known = with_password(UserFactory(role=Role.VOLUNTEER))
    pages = {}
    for email in (known.email, "nobody@example.org"):
        visitor = Browser(app)
        seen = [given_an_address(visitor, email).text]
        seen.append(visitor.fill(Password="not the right one").submit("Sign in", status=422).text)
        seen.append(visitor.submit("Email me a code").text)
        seen.append(visitor.fill(Code="000000").submit("Sign in", status=422).text)
        visitor.get("/sign-in/forgot").fill({"Email address": email})
        seen.append(visitor.submit("Email me a link").text)
        pages[email] = [text.replace(email, "…") for text in seen]
    assert pages[known.email] == pages["nobody@example.org"]
    assert letters("nobody@example.org") == []


def test_ten_wrong_tries_close_the_account_for_fifteen_minutes(browser, session, with_password):
    user = with_password(UserFactory(role=Role.VOLUNTEER))
    given_an_address(browser, user.email)
    for _ in range(10):
        browser.fill(Password="not the right one").submit("Sign in", status=422)
    told = browser.errors
    browser.fill(Password=PASSWORD).submit("Sign in", status=422)
    assert browser.errors == told
    with time_machine.travel(clock.now() + timedelta(minutes=16)):
        browser.post("/sign-in/password", {"password": PASSWORD}, status=302)
        assert is_signed_in(browser)
    session.refresh(user)
    assert (user.failed_sign_ins, user.locked_until) == (0, None)


def test_wrong_codes_close_the_account_too(browser, session, letters):
    user = UserFactory(role=Role.VOLUNTEER)
    code = given_a_code(browser, letters, user)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(10):
        browser.fill(Code=wrong).submit("Sign in", status=422)
    browser.fill(Code=code).submit("Sign in", status=422)
    assert not is_signed_in(browser)


def test_one_address_that_tries_on_and_on_is_told_to_wait(browser, session, app):
    given_an_address(browser, "nobody@example.org")
    for _ in range(39):
        browser.post("/sign-in/password", {"password": "x"})
    browser.get("/sign-in/password").post("/sign-in/password", {"password": "x"}, status=429)
    assert browser.heading == "Too many tries"
    given_an_address(Browser(app, address="192.0.2.77"), "nobody@example.org").get("/sign-in/password")


def test_nobody_is_sent_letter_after_letter(browser, session, letters, app):
    user = UserFactory(role=Role.VOLUNTEER)
    for number in range(7):
        visitor = Browser(app, address=f"192.0.2.{number + 10}")
        given_an_address(visitor, user.email).submit("Email me a code", status=429 if number == 6 else 200)
    assert len(letters(user.email)) == 6


def test_a_field_that_the_page_does_not_read_buys_no_more_letters(browser, session, letters):
    user = UserFactory(role=Role.VOLUNTEER)
    given_an_address(browser, user.email)
    for number in range(7):
        browser.get("/sign-in/password")
        browser.post("/sign-in/send-code", {"email": f"other-{number}@example.org"}, status=429 if number == 6 else 302)
    assert len(letters(user.email)) == 6


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_never_leads_to_another_site(browser, session, with_password, target):
    user = with_password(UserFactory(role=Role.VOLUNTEER))
    given_an_address(browser, user.email, next=target)
    browser.post("/sign-in/password", {"password": PASSWORD}, status=302)
    assert browser.response.location == "/"


def test_signing_in_leads_back_to_where_somebody_was_going(browser, session, with_password):
    user = with_password(UserFactory(role=Role.VOLUNTEER))
    browser.get(HERE)
    assert browser.heading == "Sign in"
    browser.fill({"Email address": user.email}).submit("Continue").fill(Password=PASSWORD).submit("Sign in")
    assert browser.path == HERE


def test_a_post_without_its_token_does_nothing(browser, session):
    browser.post("/sign-in", {"email": "somebody@example.org"}, status=400)
    assert browser.heading == "We could not be sure it was you"


def test_signing_in_starts_a_session_that_shares_nothing_with_the_one_before(browser, session, with_password):
    user = with_password(UserFactory(role=Role.VOLUNTEER))
    given_an_address(browser, user.email)
    token = next(f.get("value") for f in browser._inputs() if f.get("name") == "csrf_token")
    browser.post("/sign-in/password", {"password": PASSWORD}, status=302)
    with browser._client.session_transaction() as cookies:
        assert "sign_in" not in cookies
    browser._client.post("/sign-out", data={"csrf_token": token})
    assert is_signed_in(browser)


def test_signing_out_is_a_post_and_ends_copied_sessions_too(browser, session, app):
    user = UserFactory(role=Role.VOLUNTEER)
    browser.sign_in_as(user)
    other = Browser(app).sign_in_as(user)
    assert is_signed_in(other)
    browser.get("/sign-out", status=405)
    browser.get(HERE).submit("Sign out")
    assert browser.banners == ["You have signed out"]
    assert not is_signed_in(browser)
    assert not is_signed_in(other)


@pytest.mark.parametrize("closed", [{"active": False}, {"ends_on": clock.today() - timedelta(days=1)}])
def test_a_closed_account_opens_nothing(browser, session, with_password, letters, closed):
    user = with_password(UserFactory(role=Role.VOLUNTEER))
    browser.sign_in_as(user)
    assert is_signed_in(browser)
    for name, value in closed.items():
        setattr(user, name, value)
    session.commit()
    assert not is_signed_in(browser)
    given_an_address(browser, user.email).fill(Password=PASSWORD).submit("Sign in", status=422)
    browser.submit("Email me a code")
    browser.get("/sign-in/forgot").fill({"Email address": user.email}).submit("Email me a link")
    assert letters(user.email) == []


def test_an_account_works_on_its_last_day(browser, session):
    user = UserFactory(role=Role.VOLUNTEER, ends_on=clock.today())
    assert is_signed_in(browser.sign_in_as(user))


def test_a_session_ends_after_twelve_hours(browser, session):
    browser.sign_in_as(UserFactory(role=Role.VOLUNTEER))
    with time_machine.travel(clock.now() + timedelta(hours=11, minutes=59)):
        assert is_signed_in(browser)
    with time_machine.travel(clock.now() + timedelta(hours=12, minutes=1)):
        assert not is_signed_in(browser)


def test_a_page_needs_at_most_two_queries_to_know_who_asks(browser, session, count_queries):
    browser.sign_in_as(UserFactory(role=Role.COORDINATOR))
    with count_queries() as counted:
        browser.get(HERE)
    assert counted.total <= 2


def test_the_steps_cannot_be_skipped(browser, session):
    for path in ("/sign-in/password", "/sign-in/code", "/sign-in/authenticator", "/sign-in/recovery-code"):
        browser.get(path)
        assert browser.heading == "Sign in"
    browser.get("/authenticator/picture.svg", status=404)


def test_an_address_that_is_none_is_refused_at_the_field(browser, session):
    for typed in ("", "nobody", "a@b", "x" * 10_000, "\u202egro.elpmaxe@x"):
        browser.get("/sign-in").fill({"Email address": typed}).submit("Continue", status=422)
        assert browser.errors


def test_the_password_of_a_user_is_hashed_with_argon2(session, with_password):
    user = with_password(UserFactory())
    assert user.password.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert session.get(User, user.id).password != PASSWORD
