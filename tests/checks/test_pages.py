"""The pages about checks and places, for officer, lead and coordinator."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.access import Role
from portal.checks import services
from portal.checks.models import DbsCheck, Outcome, Suitability
from portal.volunteers.journey import Stage
from tests.browser import Browser
from tests.conditions.test_places import everything_done
from tests.factories import (
    AreaFactory,
    DbsCheckFactory,
    EligibilityFactory,
    InterviewFactory,
    OfferFactory,
    UserFactory,
    VolunteerFactory,
)

RUBBISH = ["\0", "x" * 30_000, "\u202e\u0627", "👩🏽‍🦽", "<script>alert(1)</script>", "   "]
NUMBER = "001234567890"
STATEMENTS = "For a free check, confirm each of these"
TRAINEE = "For a free check: are they working towards a qualification that needs this post?"
ALL = ["unpaid", "for_others", "no_benefit", "no_placement"]


@pytest.fixture
def area(session):
    return AreaFactory()


@pytest.fixture
def volunteer(area):
    return VolunteerFactory(area=area, stage=Stage.OFFERED, name="Anwen Ŵyn")


def desk_of(app, role, area, **given):
    return Browser(app).sign_in_as(UserFactory(role=role, scheme=area.scheme, **given))


@pytest.fixture
def officer(app, area):
    return desk_of(app, Role.DBS_OFFICER, area, name="Olu Officer")


@pytest.fixture
def lead(app, area):
    return desk_of(app, Role.SAFEGUARDING_LEAD, area, name="Lena Lead")


@pytest.fixture
def coordinator(app, area):
    return desk_of(app, Role.COORDINATOR, area)


def seen(volunteer, **changes):
    facts = {"number": NUMBER, "number_hash": "0" * 64, "number_last_four": "7890", "issued_on": clock.today()}
    facts |= {"seen_on": clock.today(), "outcome": Outcome.NO_INFORMATION}
    if "seen_by_id" not in changes:
        changes["seen_by_id"] = UserFactory().id
    return DbsCheckFactory(volunteer=volunteer, **{**facts, **changes})


def test_from_eligibility_to_decision(officer, lead, volunteer, session):
    officer.get(f"/people/{volunteer.id}/checks").click("Record an application")
    assert officer.sees("Ask your safeguarding lead")
    lead.get("/checks").click("Which check each role may have")
    lead.fill({
        "Role": "Peer mentor", "Level of check": "Enhanced", "Workforce": "Adult",
        "Which wording of the rules makes it eligible?": "Weekly advice to adults in treatment",
    }).submit("Save the decision")  # fmt: skip
    assert lead.sees("The decision is saved", "Enhanced, adult workforce")
    officer.get(f"/people/{volunteer.id}/checks/new").fill({
        "Which role is it for?": "Peer mentor: enhanced, adult workforce",
        "Is it a free check, for a volunteer?": "Yes", STATEMENTS: ALL, TRAINEE: "No",
    }).submit("Save")  # fmt: skip
    assert officer.sees("The application is recorded", "Applied for", "Yes, the test was confirmed")
    officer.click("Record the certificate").fill({
        "Certificate number": "0012 3456 7890", "Date of issue": clock.today(),
        "What does it show?": "Something on it, to be looked at",
    }).submit("Save")  # fmt: skip
    assert officer.sees("keep no copy", "ends in 7890", "Waiting for a decision", "The safeguarding lead decides next")
    assert NUMBER not in officer.html
    lead.get("/checks")
    assert lead.sees("Decisions waiting", "Anwen Ŵyn")
    lead.click("Anwen Ŵyn").click("Decide")
    lead.fill({"What do you decide?": "Suitable with conditions", "Why?": "Long ago"}).submit(
        "Save the decision", status=422
    )
    assert lead.errors == ["Say what the conditions are"]
    lead.fill({"Conditions": "In pairs only"}).submit("Save the decision")
    assert lead.sees("Suitable with conditions", "In pairs only", "Decided by Lena Lead", "A new check is due on")
    assert session.scalar(select(DbsCheck)).number == NUMBER


def test_a_free_check_says_at_the_field_what_is_missing(officer, volunteer):
    EligibilityFactory(scheme=volunteer.scheme)
    officer.get(f"/people/{volunteer.id}/checks/new")
    officer.fill({"Is it a free check, for a volunteer?": "Yes", STATEMENTS: ALL[:3], TRAINEE: "Yes"})
    officer.submit("Save", status=422)
    assert officer.errors[0] == "Choose the role"
    assert officer.errors[1] == "Confirm every statement, or do not claim a free check"
    assert officer.errors[2].startswith("Somebody working towards a qualification")


def test_a_wrong_number_and_wrong_dates_are_said_and_kept(officer, volunteer):
    check = DbsCheckFactory(volunteer=volunteer)
    officer.get(f"/people/{volunteer.id}/checks/{check.id}/certificate")
    officer.submit("Save", status=422)
    assert officer.errors == ["Enter the certificate number", "Enter the date of issue", "Choose what it shows"]
    officer.fill({
        "Certificate number": "12345", "Date of issue": clock.today() + timedelta(days=1),
        "What does it show?": "Nothing on it",
    }).submit("Save", status=422)  # fmt: skip
    assert officer.errors == [
        "The certificate number must be 12 digits, like 001234567890",
        "The date of issue cannot be in the future",
        "The day you saw it cannot be before the date of issue",
    ]
    assert officer.value("Certificate number") == "12345"


def test_whoever_recorded_something_disclosed_is_told_that_somebody_else_must_decide(app, area, volunteer):
    user = UserFactory(role=Role.SAFEGUARDING_LEAD, scheme=area.scheme)
    check = seen(volunteer, outcome=Outcome.INFORMATION_DISCLOSED, seen_by_id=user.id)
    desk = Browser(app).sign_in_as(user).get(f"/people/{volunteer.id}/checks/{check.id}/decide")
    assert desk.sees("Somebody else must decide")
    desk.fill({"What do you decide?": "Suitable", "Why?": "Fine"}).submit("Save the decision", status=422)
    assert desk.errors[0].startswith("You recorded this certificate")


def test_a_barred_person_can_only_be_not_suitable(lead, volunteer):
    check = seen(volunteer, outcome=Outcome.BARRED)
    lead.get(f"/people/{volunteer.id}/checks/{check.id}/decide")
    assert lead.sees("On a barred list")
    lead.fill({"What do you decide?": "Suitable", "Why?": "Fine"}).submit("Save the decision", status=422)
    lead.fill({"What do you decide?": "Not suitable", "Why?": "Barred"}).submit("Save the decision")
    assert lead.sees("Not suitable")


def test_a_decision_that_somebody_else_made_meanwhile_is_shown(lead, volunteer, session):
    check = seen(volunteer)
    by = UserFactory().id
    lead.get(f"/people/{volunteer.id}/checks/{check.id}/decide")
    check.decided_at, check.decided_by_id, check.decision = clock.now(), by, Suitability.DEFERRED
    session.commit()
    lead.fill({"What do you decide?": "Suitable", "Why?": "Mine"}).submit("Save the decision", status=409)
    assert lead.sees("Someone else changed this", "Deferred")
    assert lead.value("Why?") == "Mine"


def test_a_check_can_be_closed_and_applied_for_again(officer, volunteer):
    DbsCheckFactory(volunteer=volunteer)
    officer.get(f"/people/{volunteer.id}/checks").click("Close this check without a certificate")
    officer.submit("Close this check", status=422)
    officer.fill({"Why is it closed?": "Sent back"}).submit("Close this check")
    assert officer.sees("Closed", "Sent back", "Record an application")


def test_the_work_list_has_everything_under_its_heading(officer, area):
    def somebody(name, stage=Stage.OFFERED):
        return VolunteerFactory(area=area, stage=stage, name=name)

    today = clock.today()
    officer.get("/checks")
    assert officer.sees(
        "Nothing is overdue", "No decision is waiting", "No certificate is to be seen", "No new check is"
    )
    DbsCheckFactory(volunteer=somebody("Late Larry"), applied_on=today - timedelta(days=31))
    DbsCheckFactory(volunteer=somebody("Fresh Fay"), applied_on=today - timedelta(days=30))
    seen(somebody("Waiting Wim"))
    for name, due in (("Due Dee", 60), ("Later Lou", 61)):
        services.decide(
            check := seen(somebody(name, Stage.ACTIVE)), decision=Suitability.SUITABLE, because="x", conditions="",
            by=UserFactory(),
        )  # fmt: skip
        check.recheck_due_on = today + timedelta(days=due)
    DbsCheckFactory(volunteer=somebody("Gone Gus", Stage.WITHDRAWN))
    VolunteerFactory()
    text = officer.get("/checks").text
    order = [
        "Overdue",
        "Late Larry",
        "Decisions waiting",
        "Waiting Wim",
        "Certificates to see",
        "Fresh Fay",
        "New checks due",
        "Due Dee",
    ]
    assert sorted(order, key=text.index) == order
    for name in ("Later Lou", "Gone Gus"):
        assert name not in text


def test_the_work_list_costs_the_same_for_one_and_for_forty(officer, area, count_queries):
    DbsCheckFactory(volunteer=VolunteerFactory(area=area, stage=Stage.OFFERED))
    with count_queries() as one:
        officer.get("/checks")
    for _ in range(41):
        DbsCheckFactory(volunteer=VolunteerFactory(area=area, stage=Stage.OFFERED))
    with count_queries() as many:
        officer.get("/checks")
    assert one.total == many.total
    assert officer.sees("These are the oldest")


@pytest.mark.parametrize("rubbish", RUBBISH)
def test_rubbish_in_any_field_is_answered_calmly(area, lead, coordinator, rubbish):
    volunteer = VolunteerFactory(area=area, stage=Stage.OFFERED)
    EligibilityFactory(scheme=area.scheme)
    check = DbsCheckFactory(volunteer=volunteer)
    start = f"/people/{volunteer.id}"
    one = f"{start}/checks/{check.id}"
    pages = [(lead, path) for path in ("/checks/eligibility", f"{start}/checks/new")]
    pages += [(lead, f"{one}/{tail}") for tail in ("certificate", "decide", "close")]
    pages += [(coordinator, f"{start}/place")]
    for who, path in pages:
        who.get(path)
        names = [field.get("name") for field in who._inputs() if field.get("name") not in {None, "csrf_token"}]
        who.post(path, dict.fromkeys(names, rubbish))
        assert who.status in {200, 409, 422}


def test_a_place_is_refused_naming_each_gate_and_who_holds_it(coordinator, volunteer):
    interview = InterviewFactory(volunteer=volunteer)
    OfferFactory(interview=interview, volunteer=volunteer)
    coordinator.get(f"/people/{volunteer.id}/decision").click("See what is done and confirm the place")
    assert coordinator.sees("4 things must be done before", "The DBS officer")
    assert "Confirm the place</button>" not in coordinator.html
    coordinator.post(f"/people/{volunteer.id}/place", status=422)  # from a page that was drawn before
    assert "References: nobody has been asked yet (The coordinator)" in coordinator.errors
    assert "Agreement: no agreement has been published yet (The scheme admin)" in coordinator.errors
    assert len(coordinator.errors) == 4
    links = coordinator.links()
    assert "References" in links
    assert "DBS check" not in links  # a coordinator sees how far it is, not the page behind


def test_a_place_is_confirmed_when_nothing_is_left(coordinator, area):
    volunteer = everything_done(area=area)
    coordinator.get(f"/people/{volunteer.id}/place")
    assert coordinator.sees("Everything is done")
    coordinator.submit("Confirm the place")
    assert coordinator.sees("The place is confirmed", "They can be put on a course")


@pytest.mark.parametrize("tail", ["/certificate", "/decide", "/close"])
def test_checks_of_another_scheme_or_person_do_not_exist(lead, coordinator, volunteer, area, tail):
    check = DbsCheckFactory(volunteer=volunteer)
    other = VolunteerFactory(area=area, stage=Stage.OFFERED)
    lead.get(f"/people/{other.id}/checks/{check.id}{tail}", status=404)
    theirs = DbsCheckFactory()
    lead.get(f"/people/{theirs.volunteer_id}/checks/{theirs.id}{tail}", status=404)
    lead.get(f"/people/{theirs.volunteer_id}/checks", status=404)
    coordinator.get(f"/people/{theirs.volunteer_id}/place", status=404)


@pytest.mark.parametrize("role", [Role.TRAINER, Role.COORDINATOR, Role.APPROVER, Role.VOLUNTEER])
def test_whoever_does_not_record_checks_sees_none(app, area, volunteer, role):
    desk = desk_of(app, role, area)
    for path in ("/checks", f"/people/{volunteer.id}/checks"):
        desk.get(path, status=403)


def test_an_officer_does_not_decide(officer, volunteer):
    check = seen(volunteer)
    officer.get(f"/people/{volunteer.id}/checks/{check.id}/decide", status=403)
    officer.get("/checks/eligibility", status=403)
