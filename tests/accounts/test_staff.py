"""Staff come in by invitation, sign in with two steps, and lose a role the minute it is ended."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
import time_machine
from flask import request
from sqlalchemy import select

from portal import clock, create_app
from portal.access import Can, Role, allows
from portal.accounts import services
from portal.accounts.models import Invitation, RoleHeld
from portal.accounts.queries import user_by_email
from portal.refusals import Refused
from tests.accounts.conftest import PASSWORD, path_in
from tests.accounts.test_sign_in import HERE, given_an_address, is_signed_in
from tests.browser import Browser
from tests.conftest import test_settings
from tests.factories import AreaFactory, InvitationFactory, RoleHeldFactory, SchemeFactory, UserFactory


@pytest.fixture
def admin(session):
    return UserFactory(role=Role.SCHEME_ADMIN, scheme=SchemeFactory(name="Bridgeway"))


@pytest.fixture
def trainer(session, with_password):
    """A trainer with a password and an authenticator app; `.phone` shows its codes."""
    user = with_password(UserFactory(role=Role.TRAINER))
    user.totp_secret = services.new_authenticator_secret()
    session.commit()
    user.phone = phone_of(user)
    return user


def phone_of(user):
    uri = services.locks.authenticator.get_totp_uri(user.email, user.totp_secret)
    return pyotp.TOTP(parse_qs(urlsplit(uri).query)["secret"][0])


def given_the_password(browser, user, **query):
    return given_an_address(browser, user.email, **query).fill(Password=PASSWORD).submit("Sign in")


def test_from_an_invitation_to_a_page_of_staff(browser, session, app, admin, letters):
    area = AreaFactory(scheme=admin.roles_held[0].scheme, name="Darlington")
    browser.sign_in_as(admin).get("/staff").click("Invite somebody")
    browser.fill({"Name": "Łucja Żak", "Email address": "Lucja@Example.org", "Role": "Trainer", "Where": "Darlington"})
    browser.submit("Send invitation")
    assert browser.sees("Łucja Żak has been invited", "Trainer", "Darlington")
    newcomer = Browser(app)
    newcomer.get(path_in(letters("lucja@example.org")[0]))
    assert newcomer.sees("Hello Łucja Żak", "Trainer", "Darlington")
    newcomer.fill({"New password": PASSWORD}).submit("Continue")
    assert newcomer.heading == "Set up your authenticator app"
    key = next(e.text for e in newcomer._page().iter("strong")).replace("-", "").replace(" ", "")
    newcomer.get("/authenticator/picture.svg")
    assert newcomer.response.mimetype == "image/svg+xml"
    assert b"<svg" in newcomer.body
    newcomer.get("/authenticator/set-up").fill(Code=pyotp.TOTP(key).now()).submit("Finish")
    assert newcomer.heading == "Keep your recovery codes"
    codes = [e.text for e in newcomer._page().iter("code")]
    assert len(set(codes)) == 8
    newcomer.post("/authenticator/recovery-codes", status=302)
    with newcomer._client.session_transaction() as cookies:
        assert "recovery_codes" not in cookies
    assert is_signed_in(newcomer)
    user = user_by_email("lucja@example.org")
    assert [(held.role, held.area_id) for held in user.roles_held] == [(Role.TRAINER, area.id)]
    assert all(code not in str(user.recovery_code_hashes) for code in codes)


def test_staff_are_not_in_before_the_second_step(browser, session, trainer):
    given_the_password(browser, trainer)
    assert browser.heading == "Enter the code from your app"
    assert not is_signed_in(browser)


def test_staff_sign_in_with_password_and_authenticator(browser, session, trainer):
    given_the_password(browser, trainer, next=HERE).fill(Code=trainer.phone.now()).submit("Sign in")
    assert browser.path == HERE
    assert is_signed_in(browser)


def test_an_authenticator_code_works_once(browser, session, trainer, app):
    code = trainer.phone.now()
    given_the_password(browser, trainer, next=HERE).fill(Code=code).submit("Sign in", status=302)
    thief = given_the_password(Browser(app), trainer)
    thief.fill(Code=code).submit("Sign in", status=422)
    assert not is_signed_in(thief)


def test_wrong_authenticator_codes_close_the_account(browser, session, trainer):
    given_the_password(browser, trainer)
    for _ in range(10):
        browser.fill(Code="abc").submit("Sign in", status=422)
    browser.fill(Code=trainer.phone.now()).submit("Sign in", status=422)
    session.refresh(trainer)
    assert trainer.is_shut_out
    given_an_address(browser, trainer.email).fill(Password=PASSWORD).submit("Sign in", status=422)


def test_the_second_step_waits_ten_minutes(browser, session, trainer):
    given_the_password(browser, trainer)
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        browser.fill(Code=trainer.phone.now()).submit("Sign in")
        assert browser.heading == "Sign in"


def test_an_app_that_is_set_up_cannot_be_replaced_with_the_password_alone(browser, session, trainer):
    given_the_password(browser, trainer)
    browser.get("/authenticator/set-up")
    assert browser.heading == "Sign in"


def test_staff_signed_in_minutes_ago_may_set_up_another_phone(browser, session, trainer):
    before = trainer.totp_secret
    browser.sign_in_as(trainer).get("/authenticator/set-up")
    key = next(e.text for e in browser._page().iter("strong")).replace("-", "").replace(" ", "")
    browser.fill(Code="000000").submit("Finish", status=422)
    browser.fill(Code=pyotp.TOTP(key).now()).submit("Finish")
    session.refresh(trainer)
    assert trainer.totp_secret != before
    with time_machine.travel(clock.now() + timedelta(minutes=20)):
        assert browser.get("/authenticator/set-up").heading == "Sign in"


def test_a_recovery_code_works_once(browser, session, trainer, app):
    secret = services.new_authenticator_secret()
    trainer.totp_secret = secret
    codes = services.keep_authenticator(trainer, secret, phone_of(trainer).now(), by=trainer)
    session.commit()
    for visitor, status in ((browser, 302), (Browser(app), 422)):
        given_the_password(visitor, trainer).click("I do not have my phone: use a recovery code")
        visitor.post("/sign-in/recovery-code", {"code": codes[0].upper()}, status=status)
        assert is_signed_in(visitor) is (status == 302)


def test_staff_cannot_sign_in_with_an_e_mailed_code(browser, session, trainer, letters):
    given_an_address(browser, trainer.email).submit("Email me a code")
    assert browser.heading == "Check your email"
    assert [letter.template for letter in letters(trainer.email)] == ["staff_sign_in"]


def test_a_session_of_staff_ends_after_half_an_hour_without_a_page(browser, session, trainer):
    browser.sign_in_as(trainer)
    start = clock.now()
    for minutes in (20, 40):
        with time_machine.travel(start + timedelta(minutes=minutes)):
            assert is_signed_in(browser)
    with time_machine.travel(start + timedelta(minutes=71)):
        assert not is_signed_in(browser)


def test_a_volunteer_who_becomes_staff_needs_the_second_step_at_once(browser, session, letters):
    user = UserFactory(role=Role.VOLUNTEER)
    browser.sign_in_as(user)
    with browser._client.session_transaction() as cookies:
        cookies["two_steps"] = False
    assert is_signed_in(browser)
    RoleHeldFactory(user=user, role=Role.ASSESSOR)
    assert not is_signed_in(browser)


def test_an_invitation_adds_a_role_only_with_the_password_of_the_account(browser, session, admin, with_password):
    user = with_password(UserFactory(role=Role.VOLUNTEER))
    scheme = admin.roles_held[0].scheme
    _, token = services.invite(email=user.email, name="X", role=Role.IQA, scheme=scheme, by=admin)
    session.commit()
    browser.get(f"/invitations/{token}").fill(Password="another long password").submit("Continue", status=422)
    session.refresh(user)
    assert user.failed_sign_ins == 1
    browser.fill(Password=PASSWORD).submit("Continue")
    assert browser.heading == "Set up your authenticator app"
    session.expire_all()
    assert {held.role for held in user.roles_held} == {Role.VOLUNTEER, Role.IQA}
    assert services.locks.opens(user, PASSWORD)


@pytest.mark.parametrize("change", ["revoked_at", "expires_at"])
def test_an_invitation_taken_back_or_too_old_does_not_work(browser, session, admin, change):
    scheme = admin.roles_held[0].scheme
    invitation, token = services.invite(email="x@example.org", name="X", role=Role.IQA, scheme=scheme, by=admin)
    setattr(invitation, change, clock.now())
    session.commit()
    browser.get(f"/invitations/{token}", status=410)
    with pytest.raises(Refused, match="no longer works"):
        services.accept_invitation(token, password=PASSWORD, by=admin)
    browser.get("/invitations/made-up", status=410)


def test_an_invitation_works_once(browser, session, admin):
    scheme = admin.roles_held[0].scheme
    _, token = services.invite(email="x@example.org", name="X", role=Role.IQA, scheme=scheme, by=admin)
    session.commit()
    browser.get(f"/invitations/{token}").fill({"New password": PASSWORD}).submit("Continue")
    browser.get(f"/invitations/{token}", status=410)


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("", "Enter a new password"),
        ("short", "Password must be 12 characters or more. Three words you can remember work well"),
        ("passwordpassword", "Password is too easy to guess. Use three words that do not belong together"),
        ("persephone92x@example.org", "Password is too easy to guess. Use three words that do not belong together"),
        ("lantern otter quarry " * 8, "New password must be 128 characters or fewer"),
    ],
)
def test_a_weak_password_is_refused_at_the_field(browser, session, admin, typed, error):
    scheme = admin.roles_held[0].scheme
    email = "persephone92x@example.org"
    _, token = services.invite(email=email, name="Persephone", role=Role.IQA, scheme=scheme, by=admin)
    session.commit()
    browser.get(f"/invitations/{token}").fill({"New password": typed}).submit("Continue", status=422)
    assert browser.errors == [error]


def test_a_long_password_in_any_script_works(browser, session, admin):
    scheme = admin.roles_held[0].scheme
    _, token = services.invite(email="x@example.org", name="X", role=Role.IQA, scheme=scheme, by=admin)
    session.commit()
    password = "żółw ﬁlozof " + "قطار کتاب 🙂 " * 6
    browser.get(f"/invitations/{token}").fill({"New password": password}).submit("Continue")
    user = user_by_email("x@example.org")
    assert services.locks.opens(user, password.replace("ﬁ", "fi"))


def test_an_admin_sees_and_ends_roles_of_their_own_scheme_only(browser, session, admin, app):
    scheme = admin.roles_held[0].scheme
    mine, theirs = UserFactory(role=Role.TRAINER, scheme=scheme), UserFactory(role=Role.TRAINER)
    worker = Browser(app).sign_in_as(mine)
    assert is_signed_in(worker)
    browser.sign_in_as(admin).get("/staff")
    assert browser.sees(mine.name)
    assert not browser.sees(theirs.email)
    browser.get(f"/staff/roles/{theirs.roles_held[0].id}/end", status=404)
    stranger = InvitationFactory()
    browser.get("/staff").post(f"/staff/invitations/{stranger.id}/revoke", status=404)
    browser.get(f"/staff/roles/{mine.roles_held[0].id}/end").submit("End this role")
    assert browser.banners == [f"{mine.name} is no longer Trainer"]
    assert not browser.sees(mine.email)
    assert not is_signed_in(worker)
    session.expire_all()
    assert not mine.is_staff


def test_the_last_admin_of_a_scheme_stays(browser, session, admin):
    held = admin.roles_held[0]
    browser.sign_in_as(admin).get(f"/staff/roles/{held.id}/end").submit("End this role", status=409)
    assert browser.sees("This is the scheme's only scheme admin")
    UserFactory(role=Role.SCHEME_ADMIN, scheme=held.scheme)
    services.end_role(held, by=admin)
    assert not held.is_now


def test_only_those_who_manage_staff_see_staff(browser, session):
    browser.sign_in_as(UserFactory(role=Role.COORDINATOR))
    for path in ("/staff", "/staff/invite", "/staff/roles/1/end"):
        browser.get(path, status=403)


def test_an_invitation_form_keeps_what_was_typed(browser, session, admin):
    browser.sign_in_as(admin).get("/staff/invite")
    browser.fill({"Name": "Zoë", "Email address": "not an address"}).submit("Send invitation", status=422)
    assert browser.value("Name") == "Zoë"
    assert browser.value("Email address") == "not an address"
    assert "Choose a role" in browser.errors
    browser.post(
        "/staff/invite", {"name": "X", "email": "x@example.org", "role": "volunteer", "place": "1"}, status=422
    )
    place = str(SchemeFactory().id)
    browser.post("/staff/invite", {"name": "X", "email": "x@example.org", "role": "iqa", "place": place}, status=422)
    assert session.scalars(select(Invitation)).all() == []


def test_an_admin_is_admin_of_the_whole_scheme(session, admin):
    area = AreaFactory(scheme=admin.roles_held[0].scheme)
    with pytest.raises(Refused, match="whole scheme"):
        services.invite(
            email="x@example.org", name="X", role=Role.SCHEME_ADMIN, scheme=area.scheme, area=area, by=admin
        )
    with pytest.raises(Refused, match="another scheme"):
        services.give_role(admin, Role.TRAINER, scheme=SchemeFactory(), area=area, by=admin)


def test_a_role_is_not_given_twice(session, admin):
    with pytest.raises(Refused, match="already Scheme admin there"):
        services.give_role(admin, Role.SCHEME_ADMIN, scheme=admin.roles_held[0].scheme, by=admin)


def test_an_invitation_is_taken_back(browser, session, admin):
    scheme = admin.roles_held[0].scheme
    _, token = services.invite(email="x@example.org", name="Ana", role=Role.IQA, scheme=scheme, by=admin)
    session.commit()
    browser.sign_in_as(admin).get("/staff").submit("Take back Ana’s invitation")
    assert browser.sees("No invitation waits")
    browser.get(f"/invitations/{token}", status=410)


def test_the_list_of_staff_costs_the_same_for_one_and_for_many(browser, session, admin, count_queries):
    scheme = admin.roles_held[0].scheme
    browser.sign_in_as(admin)
    with count_queries() as few:
        browser.get("/staff")
    for _ in range(45):
        UserFactory(role=Role.TRAINER, area=AreaFactory(scheme=scheme))
        InvitationFactory(scheme=scheme, area=AreaFactory(scheme=scheme))
    with count_queries() as many:
        browser.get("/staff")
    assert few.total == many.total
    names = browser.text
    browser.click("Show more staff")
    assert session.query(RoleHeld).count() == 46
    shown = [u.name for u in (held.user for held in session.scalars(select(RoleHeld))) if f"{u.email}" in names]
    assert len(shown) == 40


def test_an_admin_takes_a_lost_phone_off_an_account(browser, app, admin, with_password, letters):
    user = UserFactory(role=Role.TRAINER, scheme=admin.roles_held[0].scheme)
    user.totp_secret = services.new_authenticator_secret()
    with_password(user)
    worker = Browser(app).sign_in_as(user)
    browser.sign_in_as(admin).get("/staff").click(f"Lost phone of {user.name}").submit("Take the phone off")
    assert browser.sees("sets up a new app", "Not set up yet")
    assert not is_signed_in(worker)
    assert [letter.template for letter in letters(user.email)] == ["authenticator_removed"]
    given_the_password(worker, user)
    assert worker.heading == "Set up your authenticator app"
    browser.get(f"/staff/roles/{user.roles_held[0].id}/lost-phone").submit("Take the phone off", status=409)


def test_the_address_a_proxy_saw_is_believed_only_behind_our_own(database_url, tmp_path):
    headers = {"X-Forwarded-For": "198.51.100.7"}
    seen = {}
    for count in (0, 1):
        portal = create_app(test_settings(database_url, tmp_path, trusted_proxies=count))
        portal.add_url_rule("/who", "who", allows(Can.VISIT)(lambda: request.remote_addr))
        with portal.test_client() as client:
            seen[count] = client.get("/who", headers=headers).text
    assert seen == {0: "127.0.0.1", 1: "198.51.100.7"}


def test_whose_role_has_ended_is_out_of_an_admins_hands(browser, session, admin, trainer):
    held = RoleHeldFactory(user=trainer, role=Role.ASSESSOR, scheme=admin.roles_held[0].scheme)
    browser.sign_in_as(admin).get(f"/staff/roles/{held.id}/lost-phone")
    services.end_role(held, by=admin)
    session.commit()
    for what in ("end", "lost-phone"):
        browser.get(f"/staff/roles/{held.id}/{what}", status=404)
        browser.post(f"/staff/roles/{held.id}/{what}", status=404)
    assert trainer.totp_secret
