"""A phone that loses the network: what it keeps, what it sends, and when it forgets."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from portal.attendance.models import Mark
from portal.audit.models import AuditLine
from portal.database import session


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
    phone.has_written("U")
    phone.close()
    assert hall.codes() == "....."
    phone.open().sign_in_as(hall.trainer).go()  # the browser forgot the session, not the marks
    phone.says("All saved")
    assert hall.codes() == "U...."
    assert phone.kept()["marks"] == phone.kept()["batches"] == 0


def test_two_marks_of_one_person_are_both_shown_and_asked_about(in_the_hall, handset_in):
    hall, phone = in_the_hall
    one, two, three, four, _ = hall.people
    other = handset_in(hall).sign_in_as(hall.coordinator).go().is_ready()
    phone.signal(False)
    for each, code in ((one, "P"), (two, "P"), (three, "P")):
        phone.tap(each, code)
    phone.says("3 marks waiting for signal")
    other.tap(one, "L")
    other.type(f"minutes-{one.id}", "10")
    other.tap(two, "U")
    other.tap(four, "U")
    other.says("All saved")
    assert hall.codes() == "LU.U."
    phone.signal(True)
    phone.says("2 to decide")
    assert hall.codes() == "LUPU."
    box = phone.page.get_by_role("group", name=f"Two marks for {one.volunteer.name}")
    expect(box).to_contain_text(f"{hall.coordinator.name} marked Late, 10 minutes missed. You marked Present.")
    expect(phone.page.locator(f"#row-{four.id}")).to_contain_text(f"{hall.coordinator.name} marked Did not tell us")
    phone.look("decide")
    phone.page.set_viewport_size({"width": 1280, "height": 900})
    phone.page.screenshot(path=phone.folder.parent / "decide-desk.png")
    phone.page.get_by_role("button", name=f"Keep theirs: Late, 10 minutes missed for {one.volunteer.name}").click()
    phone.says("1 to decide")
    phone.page.get_by_role("button", name=f"Keep mine: Present for {two.volunteer.name}").click()
    phone.says("All saved")
    assert hall.codes() == "LPPU."
    expect(phone.page.locator(f"#L-{one.id}")).to_be_checked()


@pytest.mark.parametrize("ahead", [timedelta(hours=5), timedelta(days=-400)], ids=["fast", "slow"])
def test_a_phone_whose_clock_is_wrong_works_and_the_hour_is_right(hall_of, handset_in, ahead):
    hall = hall_of(2)
    phone = handset_in(hall, clock_is_ahead=ahead).sign_in_as(hall.trainer).go().is_ready()
    phone.signal(False)
    phone.tap(hall.people[0], "P")
    phone.says("1 mark waiting for signal")
    phone.page.close()
    phone.tab()
    phone.go()
    phone.says("1 mark waiting for signal")
    phone.signal(True)
    phone.says("All saved")
    session.rollback()
    when = session.scalars(select(Mark.marked_at)).one()
    session.rollback()
    assert timedelta() <= hall.house.now - when < timedelta(minutes=2)


def test_why_somebody_was_away_is_never_on_the_phone_and_asked_for_later(in_the_hall):
    hall, phone = in_the_hall
    one = hall.people[0]
    phone.tap(hall.people[1], "A")
    phone.page.locator(f"#reason-{hall.people[1].id}").select_option("probation_or_court")
    phone.says("All saved")
    phone.signal(False)
    phone.tap(one, "A")
    phone.page.locator(f"#reason-{one.id}").select_option("medical_appt")
    phone.page.locator(f"#row-{one.id} summary").tap()
    phone.type(f"note-{one.id}", "hospital")
    phone.says("1 mark waiting for signal")
    written = phone.everything()
    assert one.volunteer.name in written
    for secret in ("medical", "hospital", "probation", "illness"):
        assert secret not in written
    phone.page.close()
    phone.tab()
    phone.go()
    phone.signal(True)
    phone.says("1 to finish")
    assert hall.codes() == ".A..."
    phone.go()
    expect(phone.page.locator(f"#A-{one.id}")).to_be_checked()
    expect(phone.page.locator(f"#row-{one.id}")).to_contain_text("was away")
    phone.look("reason")
    phone.page.locator(f"#reason-{one.id}").select_option("medical_appt")
    phone.says("All saved")
    assert hall.codes() == "AA..."


def test_signing_out_clears_the_phone_and_asks_first_when_marks_would_be_lost(in_the_hall):
    hall, phone = in_the_hall
    phone.signal(False)
    phone.tap(hall.people[0], "P")
    phone.says("1 mark waiting for signal")
    said = []
    phone.page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    phone.page.locator(".menu__toggle summary").tap()
    with phone.page.expect_event("dialog"):
        phone.page.get_by_role("button", name="Sign out").tap()
    expect(phone.page.locator("h1")).to_have_text("Attendance register")
    phone.says("1 mark waiting for signal")
    assert said == ["1 mark is on this phone only and will be lost. Sign out?"]
    phone.signal(True)
    phone.says("All saved")
    assert phone.kept()["registers"] == 1
    phone.page.get_by_role("button", name="Sign out").tap()
    expect(phone.page.locator(".govuk-notification-banner__content")).to_have_text("You have signed out")
    assert sum(phone.kept().values()) == 0
    assert phone.page.evaluate("localStorage.length") == 0
    assert hall.codes() == "P...."
    phone.signal(False)
    assert phone.page.evaluate("fetch('/registers/offline').then(() => 'there', () => 'gone')") == "gone"


def test_the_answer_to_signing_out_clears_a_phone_whose_scripts_do_not_run(in_the_hall):
    _hall, phone = in_the_hall
    assert phone.kept()["registers"] == 1
    phone.page.locator('form[action$="/sign-out"]').evaluate("form => form.submit()")  # past the script
    expect(phone.page.locator(".govuk-notification-banner__content")).to_have_text("You have signed out")
    assert sum(phone.kept().values()) == 0


def test_names_are_gone_after_a_day_and_a_mark_nobody_has_yet_is_still_sent(hall_of, handset_in):
    hall = hall_of(2)
    phone = handset_in(hall).sign_in_as(hall.trainer).go().is_ready()
    phone.signal(False)
    phone.tap(hall.people[0], "P")
    phone.says("1 mark waiting for signal")
    phone.close()
    phone.clock_is_ahead = timedelta(hours=24, minutes=1)
    phone.open(has_signal=False).go()
    expect(phone.page.locator("#kept-register")).to_contain_text("this register is not on this phone")
    expect(phone.page.locator("#kept-register")).to_contain_text("1 mark is kept here and will be sent")
    phone.look("after-a-day")
    assert (phone.kept()["registers"], phone.kept()["marks"]) == (0, 1)
    written = phone.everything()
    assert not [each for each in hall.people if each.volunteer.name in written]
    phone.close()
    phone.open().sign_in_as(hall.trainer).go()
    phone.says("All saved")
    assert hall.codes() == "P."
    phone.close()
    phone.clock_is_ahead = timedelta(days=9)
    phone.open(has_signal=False).go()
    assert (phone.kept()["registers"], phone.kept()["marks"], phone.kept()["batches"]) == (0, 0, 0)


def test_somebody_else_who_signs_in_is_told_what_waits_and_its_owner_sends_it_later(in_the_hall):
    hall, phone = in_the_hall
    phone.signal(False)
    phone.tap(hall.people[0], "P")
    phone.tap(hall.people[1], "L")
    phone.says("1 to finish")
    phone.says("1 mark waiting for signal")
    phone.close()
    phone.open().sign_in_as(hall.coordinator).go("/start")
    expect(phone.page.locator("#left-by-others")).to_contain_text("2 marks of somebody else wait on this phone")
    phone.look("left-by-others")
    phone.go().says("All saved")
    assert hall.codes() == "....."
    assert phone.kept()["marks"] == 0
    said = []
    phone.page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    phone.page.locator(".menu__toggle summary").tap()
    with phone.page.expect_event("dialog"):
        phone.page.get_by_role("button", name="Sign out").tap()
    expect(phone.page.locator("h1")).to_have_text("Attendance register")
    assert said == ["2 marks are on this phone only (2 of somebody else) and will be lost. Sign out?"]
    phone.close()
    phone.open().sign_in_as(hall.trainer).go("/start")
    expect(phone.page.locator("#left-by-others")).to_have_count(0)
    phone.go().says("1 to finish")
    phone.type(f"minutes-{hall.people[1].id}", "15")
    phone.says("All saved")
    assert hall.codes() == "PL..."


def test_somebody_else_who_signs_in_finds_nothing_and_sends_nothing(in_the_hall):
    hall, phone = in_the_hall
    phone.signal(False)
    phone.tap(hall.people[0], "P")
    phone.says("1 mark waiting for signal")
    old_page = phone.page
    phone.sign_in_as(hall.coordinator)  # before the signal is back: the old page would send its mark at once
    phone.tab()
    phone.signal(True)
    phone.go("/start")
    phone.go().says("All saved")
    assert phone.kept()["marks"] == 0
    assert hall.codes() == "....."
    old_page.bring_to_front()
    old_page.locator(f"#U-{hall.people[1].id}").tap()
    old_page.locator(".save-bar__state", has_text="Sign in again").wait_for(timeout=20_000)
    assert hall.codes() == "....."
    phone.go().says("All saved")
    assert hall.codes() == "....."  # and what the old page wrote down is not sent as somebody else's


def test_two_tabs_of_one_phone_send_each_mark_once(in_the_hall):
    hall, phone = in_the_hall
    first = phone.page
    second = phone.tab()
    phone.go().is_ready()
    phone.signal(False)
    for place, each in enumerate(hall.people):
        phone.page = (first, second)[place % 2]
        phone.page.bring_to_front()
        phone.tap(each, "P")
    phone.says("5 marks waiting for signal")
    phone.signal(True)
    phone.says("All saved")
    phone.page = second
    phone.says("All saved")
    expect(second.locator(".save-bar__count")).to_have_text("5 of 5 marked")
    expect(first.locator(".save-bar__count")).to_have_text("5 of 5 marked")
    assert hall.codes() == "PPPPP"
    session.rollback()
    assert session.scalar(select(func.count(AuditLine.id)).where(AuditLine.table_name == "mark")) == 5
    session.rollback()
