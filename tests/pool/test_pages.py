"""The board, the approval and the pool, as those who work with them see them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal import clock
from portal.access import Role
from portal.pool.rules import HEADS
from portal.volunteers.journey import Stage
from tests.factories import (
    AgreementFactory,
    ApprovalFactory,
    AreaFactory,
    RoleHeldFactory,
    UserFactory,
    VolunteerFactory,
)
from tests.markup import elements, text_of
from tests.pool import people
from tests.pool.people import ready

RUBBISH = ["\0", "x" * 10_000, "\u202e\u0627", "👩🏽‍🦽", "<script>alert(1)</script>", "   "]


@pytest.fixture
def area(session):
    return people.area()


@pytest.fixture
def desk(browser, area):
    return browser.sign_in_as(UserFactory(role=Role.COORDINATOR, area=area))


@pytest.fixture
def approver(browser, area):
    return browser.sign_in_as(UserFactory(role=Role.APPROVER, area=area, name="Ade Approver"))


def test_the_board_says_in_words_what_is_met_and_who_is_next(desk, area):
    ready(area, name="Amira")
    ready(area, but=["dbs"], name="Bryn", stage_since=clock.now() - timedelta(days=12))
    desk.get("/readiness")
    assert desk.sees("Certified", "The DBS officer: DBS check", "12", "Ready")
    rows = {text_of(row[0]).split()[0]: [text_of(cell) for cell in row[2:-1]] for row in _rows(desk)}
    assert rows["Name"] == list(HEADS.values())[1:]  # nobody here came in by a way that asks to be recommended
    met = ["Met"] * 7 + ["Not needed", "Met"]
    assert rows["Amira"] == met
    assert rows["Bryn"] == [*met[:3], "–Not started", *met[4:]]
    desk.click("Bryn")
    assert desk.heading == "Readiness"
    assert desk.sees("no check has been applied for", "The DBS officer")


def _rows(desk):
    return [[cell for cell in row if cell.tag in {"th", "td"}] for row in elements(desk._page()) if row.tag == "tr"]


def test_what_a_scheme_does_not_ask_for_has_no_column(browser, session):
    place = people.area(gates_to_approve=("references", "dbs"))
    ready(place)
    browser.sign_in_as(UserFactory(role=Role.COORDINATOR, area=place)).get("/readiness")
    head, row = _rows(browser)
    assert [text_of(cell) for cell in head[2:-1]] == ["References", "DBS check"]
    assert [text_of(cell) for cell in row[2:-1]] == ["Met", "Met"]


def test_a_page_stands_under_one_link_of_the_menu(desk, area):
    person = ready(area)
    for path, words in {
        "/readiness": "Readiness", "/pool": "Pool", f"/people/{person.id}/readiness": "Readiness",
    }.items():  # fmt: skip
        desk.get(path)
        assert [text_of(each) for each in elements(desk._page()) if each.get("aria-current") == "true"] == [words]


def test_the_board_can_be_narrowed_and_says_when_nobody_is_left(desk, area):
    VolunteerFactory(area=area, stage=Stage.APPLIED, name="Amira")
    desk.get("/readiness").fill({"Stage": "Applied", "Area": area.name}).submit("Show")
    assert desk.sees("Amira")
    desk.fill({"Stage": "Certified"}).submit("Show")
    assert desk.sees("Nobody is here now")
    assert not desk.sees("Amira")


@pytest.mark.parametrize("path", ["/readiness", "/pool"])
def test_an_empty_list_says_how_people_come_onto_it(desk, path):
    desk.get(path)
    assert desk.sees("People come onto this board") or desk.sees("Mentors come here when they are approved")


@pytest.mark.parametrize("path", ["/readiness?stage=x&area=y", "/pool?area=-1&free=always", "/pool?area=\0&after=x"])
def test_a_filter_that_is_on_no_list_is_said_at_the_field(desk, path):
    desk.get(path, status=422)
    assert "Choose one of the answers on the list" in desk.errors


@pytest.mark.parametrize(("path", "name"), [("/readiness", "Show more people"), ("/pool", "Show more mentors")])
def test_the_next_page_keeps_the_filter(desk, area, path, name):
    for number in range(41):
        VolunteerFactory(area=area, stage=Stage.APPLIED, name=f"Ann {number:02}")
        VolunteerFactory(area=area, stage=Stage.ACTIVE, name=f"Bob {number:02}")
    desk.get(path, area=area.id)
    assert not desk.sees("Ann 40")
    assert not desk.sees("Bob 40")
    desk.click(name)
    assert desk.sees("Ann 40") or desk.sees("Bob 40")
    assert f"area={area.id}" in desk.path


@pytest.mark.parametrize("path", ["/readiness", "/pool"])
def test_a_page_costs_the_same_for_one_and_for_eighty(desk, area, count_queries, path):
    ready(area, stage=Stage.APPLIED, stage_since=clock.now() - timedelta(days=400))
    ApprovalFactory(volunteer=ready(area, stage=Stage.ACTIVE))
    desk.get(path)
    with count_queries() as for_one:
        desk.get(path)
    for number in range(80):
        VolunteerFactory(area=area, stage=Stage.ACTIVE if number % 2 else Stage.OFFERED)
    with count_queries() as for_eighty:
        desk.get(path)
    assert for_eighty.total == for_one.total


def test_an_approver_approves_and_the_decision_can_be_read_for_years(approver, area):
    volunteer = ready(area, name="Siân ap Łukasz")
    approver.get(f"/people/{volunteer.id}/readiness").click("Approve")
    approver.fill({"Why do you approve them?": "Met her twice", "Conditions": "In pairs at first"}).submit("Approve")
    assert approver.banners == ["Siân ap Łukasz is an active mentor"]
    assert approver.heading == "Why they were approved"
    assert approver.sees("By Ade Approver", "Met her twice", "In pairs at first", "Met: considered", "Met: held on")
    approver.get("/pool")
    assert approver.sees("Siân ap Łukasz", "In pairs at first", area.name)


def test_a_missing_reason_is_said_at_the_field_and_what_was_typed_is_kept(approver, area):
    volunteer = ready(area)
    approver.get(f"/people/{volunteer.id}/approve").fill({"Conditions": "In pairs"}).submit("Approve", status=422)
    assert approver.errors == ["Say why you approve them"]
    assert approver.value("Conditions") == "In pairs"


def test_what_is_not_met_is_listed_with_who_holds_it_and_there_is_nothing_to_press(approver, area):
    volunteer = ready(area, but=["references", "dbs"])
    approver.get(f"/people/{volunteer.id}/approve")
    assert approver.sees("They cannot be approved yet", "References: nobody has been asked yet (The coordinator)")
    assert approver.sees("DBS check: no check has been applied for (The DBS officer)")
    assert not [button for button in approver.root.iter("button") if button.text == "Approve"]


def test_a_gate_lost_while_the_page_was_open_refuses_the_click(approver, area, session):
    volunteer = ready(area)
    approver.get(f"/people/{volunteer.id}/approve").fill({"Why do you approve them?": "Met her"})
    AgreementFactory(scheme_id=area.scheme_id, number=9_000)
    approver.submit("Approve", status=422)
    assert approver.errors == ["Agreement: version 9000 is new and to be acknowledged (The volunteer)"]
    assert approver.value("Why do you approve them?") == "Met her"
    session.expire_all()
    assert volunteer.stage is Stage.CERTIFIED


def test_who_assessed_them_is_told_before_they_type(browser, area):
    both = UserFactory(role=Role.APPROVER, area=area)
    RoleHeldFactory(user=both, role=Role.ASSESSOR, scheme=area.scheme)
    volunteer = ready(area, assessor=both)
    browser.sign_in_as(both).get(f"/people/{volunteer.id}/approve")
    assert browser.sees("You assessed them, so somebody else must approve them (Another approver)")


def test_a_page_drawn_before_somebody_elses_change_is_answered_with_both(approver, area, session):
    volunteer = ready(area)
    approver.get(f"/people/{volunteer.id}/approve").fill({"Why do you approve them?": "Met her"})
    volunteer.known_as = "Cat"
    session.commit()
    approver.submit("Approve", status=409)
    assert approver.sees("Someone else changed this while you had the page open")
    assert approver.value("Why do you approve them?") == "Met her"
    approver.submit("Approve")
    assert approver.heading == "Why they were approved"


@pytest.mark.parametrize("page", ["approve", "rest", "welcome-back", "leave"])
def test_a_move_the_journey_does_not_have_is_a_page_that_says_so(browser, area, page):
    user = UserFactory(role=Role.COORDINATOR, area=area)
    RoleHeldFactory(user=user, role=Role.APPROVER, scheme=area.scheme)
    volunteer = VolunteerFactory(area=area, stage=Stage.APPLIED)
    browser.sign_in_as(user).get(f"/people/{volunteer.id}/{page}", status=409)
    assert browser.sees("a volunteer who is applied")


def test_somebody_not_yet_approved_has_a_page_that_says_so(desk, area):
    desk.get(f"/people/{VolunteerFactory(area=area).id}/approval")
    assert desk.sees("They have not been approved yet")


def test_a_break_is_listed_apart_and_ends_with_an_approver(desk, area, browser):
    volunteer = ready(area, stage=Stage.ACTIVE, name="Dai", email="")
    desk.get("/pool").click("Break for Dai").fill({"What did you agree?": "Until Easter"}).submit("Begin the break")
    assert "Dai is on a break" in desk.banners
    assert any("No email or text reaches them" in words for words in desk.banners)
    desk.get("/pool")
    assert desk.sees("On a break", "Nobody is active yet", "Dai")
    assert "Welcome back Dai" not in desk.links()
    approver = browser.sign_in_as(UserFactory(role=Role.APPROVER, area=area))
    approver.get("/pool").click("Welcome back Dai")
    approver.fill({"What did you agree about coming back?": "Fridays"}).submit("Welcome them back")
    assert "Dai is an active mentor again" in approver.banners
    assert approver.get("/pool").sees("Active mentors", volunteer.name)


def test_coming_back_is_refused_at_the_form_while_a_gate_is_not_met(approver, area):
    volunteer = ready(area, but=["dbs"], stage=Stage.RESTING)
    approver.get(f"/people/{volunteer.id}/welcome-back").fill({"What did you agree about coming back?": "Fridays"})
    approver.submit("Welcome them back", status=422)
    assert approver.errors == ["DBS check: no check has been applied for (The DBS officer)"]


def test_a_leaving_asks_about_a_referral(desk, area, session):
    volunteer = VolunteerFactory(area=area, stage=Stage.ACTIVE, name="Dai")
    desk.get("/pool").click("Leaving of Dai").submit("Record the leaving", status=422)
    assert desk.errors == [
        "Say why they are leaving",
        "Say whether you thought about a referral to the DBS",
        "Say why a referral to the DBS was or was not needed",
    ]
    desk.fill({"Why are they leaving?": "Paid job", "Did you think about a referral to the DBS?": "Yes"})
    desk.fill({"Why was it needed, or not?": "No harm to anybody"}).submit("Record the leaving")
    assert "Dai has left" in desk.banners
    session.expire_all()
    assert volunteer.stage is Stage.LEFT


@pytest.mark.parametrize("rubbish", RUBBISH)
def test_rubbish_in_any_field_is_answered_calmly(browser, area, rubbish):
    user = UserFactory(role=Role.COORDINATOR, area=area)
    RoleHeldFactory(user=user, role=Role.APPROVER, scheme=area.scheme)
    browser.sign_in_as(user)
    for page, stage in (("approve", Stage.CERTIFIED), ("rest", Stage.ACTIVE), ("welcome-back", Stage.RESTING),
                        ("leave", Stage.ACTIVE)):  # fmt: skip
        path = f"/people/{VolunteerFactory(area=area, stage=stage).id}/{page}"
        names = ("because", "conditions", "referral_considered", "referral_because", "version")
        browser.get(path).post(path, dict.fromkeys(names, rubbish))
        assert browser.status in {200, 409, 422}


@pytest.mark.parametrize("page", ["readiness", "approve", "approval", "rest", "welcome-back", "leave"])
def test_another_area_or_scheme_is_no_page(browser, area, page):
    user = UserFactory(role=Role.COORDINATOR, area=area)
    RoleHeldFactory(user=user, role=Role.APPROVER, scheme=area.scheme, area=area)
    browser.sign_in_as(user)
    for elsewhere in (AreaFactory(scheme=area.scheme), AreaFactory()):
        browser.get(f"/people/{VolunteerFactory(area=elsewhere, stage=Stage.ACTIVE).id}/{page}", status=404)
