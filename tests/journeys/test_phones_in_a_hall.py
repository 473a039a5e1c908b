"""A phone that loses the network: what it keeps, what it sends, and when it forgets."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect


@pytest.fixture
def in_the_hall(hall_of, handset_in):
    """A hall with five people, and the trainer's phone with all it needs, on the register."""
    hall = hall_of(5)
    return hall, handset_in(hall).sign_in_as(hall.trainer).go().is_ready()


def test_taps_are_saved_by_themselves_while_there_is_signal(in_the_hall):
    hall, phone = in_the_hall
    one, two, three, *_ = hall.people
    phone.tap(one, "P")
    phone.tap(two, "L")
    phone.says("1 to finish")
    phone.look("to-finish")
    phone.type(f"minutes-{two.id}", "15")
    phone.tap(three, "A")
    phone.page.locator(f"#reason-{three.id}").select_option("illness")
    phone.says("All saved")
    phone.look("saved")
    assert hall.codes() == "PLA.."
    phone.page.get_by_role("button", name="Save register").tap()
    expect(phone.page.locator(".govuk-notification-banner__content")).to_have_text("Register saved. 3 of 5 marked")
    assert hall.codes() == "PLA.."


def test_what_is_tapped_without_signal_survives_a_closed_tab_and_arrives_once(in_the_hall):
    hall, phone = in_the_hall
    phone.signal(False)
    phone.tap(hall.people[0], "P")
    phone.tap(hall.people[1], "U")
    phone.says("2 marks waiting for signal")
    phone.look("waiting")
    phone.page.get_by_role("button", name="Save register").tap()
    phone.says("2 marks waiting for signal")
    phone.page.close()
    phone.tab()
    phone.go()
    expect(phone.page.locator("#signal")).to_contain_text("No signal")
    phone.says("2 marks waiting for signal")
    phone.look("shell")
    phone.tap(hall.people[2], "P")
    phone.says("3 marks waiting for signal")
    assert hall.codes() == "....."
    phone.signal(True)
    phone.says("All saved")
    assert hall.codes() == "PUP.."
    phone.look("shell-back")
    phone.page.get_by_role("link", name="Open the whole register").tap()
    expect(phone.page.locator(".save-bar__count")).to_have_text("3 of 5 marked")


def test_a_phone_that_was_switched_off_still_has_them(in_the_hall):
    hall, phone = in_the_hall
    phone.signal(False)
    phone.tap(hall.people[0], "P")
    phone.says("1 mark waiting for signal")
    phone.close()
    phone.open(has_signal=False).go()
    phone.says("1 mark waiting for signal")
    phone.tap(hall.people[0], "U")
    phone.close()
    assert hall.codes() == "....."
    phone.open().sign_in_as(hall.trainer).go()  # the browser forgot the session, not the marks
    phone.says("All saved")
    assert hall.codes() == "U...."
    assert phone.kept()["marks"] == phone.kept()["batches"] == 0
