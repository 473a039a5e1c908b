"""Forty people marked on a phone in under five minutes; half-way the network goes, and every mark arrives once."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import pyotp
from playwright.sync_api import expect
from sqlalchemy import func, select

from portal.accounts import services as accounts
from portal.audit.models import Action, AuditLine
from portal.database import session, will_write
from tests.journeys.hall import A_KEY, A_TAP, Hall, Handset

FIVE_MINUTES = 300
PASSWORD = "seven trombones in the attic"
CODES = "PPPLPPUPPAPPPPLPPPPU" + "PPLPPPUPPPPPPVPPPPPU"
"""What a trainer finds on an evening: most are there, some late, one told us, one is online."""


def with_an_authenticator(hall: Hall) -> pyotp.TOTP:
    """The trainer has a password and an authenticator app."""
    will_write(True)
    with hall.house.hour():
        accounts.set_password(hall.trainer, PASSWORD, by=hall.trainer)
        secret = accounts.new_authenticator_secret()
        app = pyotp.TOTP(json.loads(secret)["key"])
        earlier = app.at(int(time.time()) - 30)  # each code works once, and the next one is for signing in
        accounts.keep_authenticator(hall.trainer, secret, earlier, by=hall.trainer)
        session.commit()
    will_write(False)
    return app


def signs_in(phone: Handset, hall: Hall, app: pyotp.TOTP) -> None:
    """From the front page to the register, as a person does."""
    page = phone.page
    page.goto(hall.address + "/sign-in")
    page.get_by_label(re.compile("mail")).fill(hall.trainer.email)
    page.get_by_role("button", name="Continue").tap()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("main").get_by_role("button", name="Sign in").tap()
    page.get_by_label(re.compile("code", re.IGNORECASE)).fill(app.now())
    page.locator("main").get_by_role("button", name="Sign in").tap()
    page.get_by_role("button", name=re.compile("Open the register")).tap()
    expect(page.locator("h1")).to_have_text("Attendance register")


def marks_by_thumb(phone: Handset, people: list[Any], codes: str) -> None:
    """One tap a person; those who are late have their minutes typed, those who told us their reason chosen."""
    for each, code in zip(people, codes, strict=True):
        if code == "V":
            phone.page.locator(f"#row-{each.id} summary").tap()
            phone.seconds += A_TAP
        phone.tap(each, code)
        if code == "L":
            phone.type(f"minutes-{each.id}", "15")
        if code == "A":
            phone.page.locator(f"#reason-{each.id}").select_option("work")
            phone.seconds += 2 * A_TAP


def test_a_trainer_marks_forty_people_loses_the_network_half_way_and_every_mark_arrives_once(
    hall_of: Any, handset_in: Any
) -> None:
    hall: Hall = hall_of(40)
    app = with_an_authenticator(hall)
    names = {each.id: each.volunteer.name for each in hall.people}
    session.rollback()
    phone: Handset = handset_in(hall)
    signs_in(phone, hall, app)
    phone.is_ready()
    phone.look("1-before")

    marks_by_thumb(phone, hall.people[:20], CODES[:20])
    phone.says("All saved")
    assert hall.codes() == CODES[:20] + "." * 20

    phone.signal(False)
    marks_by_thumb(phone, hall.people[20:30], CODES[20:30])
    phone.says("10 marks waiting for signal")
    phone.look("2-no-signal")
    phone.page.close()

    phone.tab()
    phone.go()
    expect(phone.page.locator("#signal")).to_contain_text("No signal")
    expect(phone.page.locator(".save-bar__count")).to_have_text("30 of 40 marked")
    phone.says("10 marks waiting for signal")
    assert set(names.values()) <= set(phone.page.locator(".register__name").all_inner_texts())
    phone.look("3-in-the-hall")
    marks_by_thumb(phone, hall.people[30:], CODES[30:])
    phone.says("20 marks waiting for signal")
    expect(phone.page.locator(".save-bar__count")).to_have_text("40 of 40 marked")
    assert hall.codes() == CODES[:20] + "." * 20
    assert phone.seconds < FIVE_MINUTES, f"a person would have needed {phone.seconds:.0f} seconds"

    phone.page.close()
    phone.signal(True)
    phone.tab()
    phone.go()
    phone.says("All saved")
    expect(phone.page.locator(".save-bar__count")).to_have_text("40 of 40 marked")
    phone.look("4-arrived")
    assert hall.codes() == CODES
    added = select(func.count(AuditLine.id)).where(AuditLine.table_name == "mark", AuditLine.action == Action.ADDED)
    assert session.scalar(added.where(AuditLine.actor_id == hall.trainer.id)) == 40, "a mark was written twice"
    session.rollback()
    assert phone.kept()["marks"] == phone.kept()["batches"] == 0


def test_forty_people_are_marked_by_keyboard_in_under_five_minutes(hall_of: Any, handset_in: Any) -> None:
    hall: Hall = hall_of(40)
    phone: Handset = handset_in(hall).sign_in_as(hall.trainer).go().is_ready()
    keys = 0

    def press(*names: str) -> None:
        nonlocal keys
        for name in names:
            phone.page.keyboard.press(name)
            keys += 1

    phone.page.locator(f"#P-{hall.people[0].id}").focus()
    for each, code in zip(hall.people, CODES.replace("V", "P").replace("A", "U"), strict=True):
        expect(phone.page.locator(f"#row-{each.id} .register__choices input:focus")).to_have_count(1)
        if code == "P":
            press("Space")
        else:
            press(*["ArrowRight"] * "PLAU".index(code))
        if code == "L":
            press("Tab", "1", "5")
        press("Tab", "Tab")  # past "More" to the next name
    phone.says("All saved")
    assert hall.codes() == CODES.replace("V", "P").replace("A", "U")
    seconds = keys * A_KEY + 40 * A_TAP
    assert seconds < FIVE_MINUTES, f"{keys} keys are {seconds:.0f} seconds"


def test_one_key_marks_a_person_and_goes_on_to_the_next(hall_of: Any, handset_in: Any) -> None:
    hall: Hall = hall_of(12)
    phone: Handset = handset_in(hall).sign_in_as(hall.trainer).go().is_ready()
    codes = "PPLPUPAPPPUP"
    phone.page.locator(f"#P-{hall.people[0].id}").focus()
    for each, code in zip(hall.people, codes, strict=True):
        expect(phone.page.locator(f"#row-{each.id} .register__choices input:focus")).to_have_count(1)
        phone.page.keyboard.press(code.lower())
        if code == "L":
            expect(phone.page.locator(f"#minutes-{each.id}")).to_be_focused()
            phone.page.keyboard.type("15")
            phone.page.keyboard.press("Enter")
        if code == "A":
            expect(phone.page.locator(f"#reason-{each.id}")).to_be_focused()
            phone.page.keyboard.type("Work")
            phone.page.keyboard.press("Enter")
    expect(phone.page.locator("button[value=save]")).to_be_focused()
    phone.says("All saved")
    assert hall.codes() == codes


A_LONG_NAME = "Wolfeschlegelsteinhausenbergerdorff" * 2
WITHOUT = """without => {
  for (const sheet of document.styleSheets)
    for (let i = sheet.cssRules.length - 1; i >= 0; i--)
      if ((sheet.cssRules[i].selectorText || "").includes(without)) sheet.deleteRule(i);
}"""
BESIDE = """() => [...document.querySelectorAll(".register__name bdi, .register button, .register summary")]
  .filter(each => each.getClientRects().length)
  .flatMap(each => [...each.getClientRects()].map(box => [each.textContent.trim(), box.left, box.right]))
  .filter(([, left, right]) => left < 0 || right > document.documentElement.clientWidth)"""


def test_the_save_button_stays_on_the_narrowest_phone_whatever_a_name_or_the_browser_does(
    hall_of: Any, handset_in: Any
) -> None:
    hall: Hall = hall_of(2)
    phone: Handset = handset_in(hall)
    phone.sign_in_as(hall.trainer)
    for width, without in ((390, ""), (390, ":has("), (390, "save-bar__state"), (320, ""), (320, ":has(")):
        phone.page.set_viewport_size({"width": width, "height": 844})
        phone.go()
        phone.says("All saved")
        phone.page.evaluate(
            "name => { document.querySelector('.register__name bdi').textContent = name; "
            "document.querySelector('details.register__more').open = true; }",
            A_LONG_NAME,
        )
        if without:  # an older browser, or a style sheet from before
            phone.page.evaluate(WITHOUT, without)
        wide = phone.page.evaluate("document.documentElement.scrollWidth")
        assert wide == width, f"the register is {wide} pixels wide on {width}, without {without!r}"
        assert phone.page.evaluate(BESIDE) == []
        note = phone.page.locator(".register__field label").first.bounding_box()
        assert note is not None
        assert note["height"] < 30, "a label was broken in two"
