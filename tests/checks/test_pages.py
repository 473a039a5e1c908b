"""The pages about checks, the agreement and places, for officer, lead, coordinator, admin and volunteer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.access import Role
from portal.checks import services
from portal.checks.models import Acknowledgement, Agreement, DbsCheck, Outcome, Suitability
from portal.volunteers.journey import Stage
from tests.browser import Browser
from tests.checks.test_places import everything_done
from tests.factories import (
    AgreementFactory,
    AreaFactory,
    DbsCheckFactory,
    EligibilityFactory,
    InterviewFactory,
    OfferFactory,
    RoleHeldFactory,
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
def test_rubbish_in_any_field_is_answered_calmly(app, area, lead, coordinator, rubbish):
    volunteer = VolunteerFactory(area=area, stage=Stage.OFFERED)
    EligibilityFactory(scheme=area.scheme)
    AgreementFactory(scheme_id=area.scheme.id)
    check = DbsCheckFactory(volunteer=volunteer)
    start = f"/people/{volunteer.id}"
    one = f"{start}/checks/{check.id}"
    pages = [(lead, path) for path in ("/checks/eligibility", f"{start}/checks/new")]
    pages += [(lead, f"{one}/{tail}") for tail in ("certificate", "decide", "close")]
    pages += [(desk_of(app, Role.SCHEME_ADMIN, area), "/agreement"), (own(app, volunteer), "/my/agreement")]
    pages += [(coordinator, f"{start}/agreement"), (coordinator, f"{start}/place")]
    for who, path in pages:
        who.get(path)
        names = [field.get("name") for field in who._inputs() if field.get("name") not in {None, "csrf_token"}]
        who.post(path, dict.fromkeys(names, rubbish))
        assert who.status in {200, 409, 422}


def own(app, volunteer):
    user = UserFactory()
    volunteer.user = user
    RoleHeldFactory(user=user, role=Role.VOLUNTEER, scheme=volunteer.scheme, area=volunteer.area)
    return Browser(app).sign_in_as(user)


def test_an_admin_publishes_a_version_and_a_volunteer_puts_their_name_under_it(app, area, volunteer, session):
    admin, me = desk_of(app, Role.SCHEME_ADMIN, area), own(app, volunteer)
    assert me.get("/my/agreement").sees("There is nothing to read yet")
    admin.get("/agreement").submit("Publish", status=422)
    assert admin.errors == ["Enter the title", "Enter the text"]
    admin.fill({"Title": "How we work together", "What you expect of each other": "We support you.\n\nYou tell us."})
    admin.submit("Publish")
    assert admin.sees("The new version is published", "Version 1")
    assert admin.value("Title") == "How we work together"
    me.get("/my/agreement")
    assert me.heading == "How we work together"
    me.submit("Put my name under it", status=422)
    assert me.errors == ["Tick the box", "Type your name"]
    me.fill({"I have read it, and I would like to take part in this way": True, "Your name": "Anwen"})
    me.submit("Put my name under it")
    assert me.sees("Your name is under it", "there is nothing more to do here")
    admin.get("/agreement").fill({"Title": "Second"}).submit("Publish")
    assert session.scalars(select(Agreement.number).order_by(Agreement.number)).all() == [1, 2]
    me.get("/my/agreement")
    assert me.heading == "Second"


def test_before_an_offer_the_agreement_can_only_be_read(app, area):
    volunteer = VolunteerFactory(area=area, stage=Stage.APPLIED)
    AgreementFactory(scheme_id=area.scheme.id)
    assert own(app, volunteer).get("/my/agreement").sees("once we have offered you a place")


def test_a_second_tap_does_not_put_a_name_under_it_twice(app, volunteer, session):
    AgreementFactory(scheme_id=volunteer.scheme_id)
    me = own(app, volunteer)
    twin = me.get("/my/agreement").fill({"Your name": "Anwen", "agrees": True}).submit("Put my name under it")
    token = twin.get("/my/withdraw")._inputs()[0].get("value")
    twin.post("/my/agreement", {"csrf_token": token, "agrees": "y", "typed_name": "Again"})
    assert twin.sees("Anwen", "there is nothing more to do here")
    assert session.scalars(select(Acknowledgement.typed_name)).all() == ["Anwen"]


def test_an_agreement_on_paper_is_recorded_by_the_coordinator(coordinator, volunteer):
    coordinator.get(f"/people/{volunteer.id}/agreement")
    assert coordinator.sees("No agreement has been published yet")
    AgreementFactory(scheme_id=volunteer.scheme_id)
    coordinator.get(f"/people/{volunteer.id}/place").click("They acknowledged the agreement on paper")
    coordinator.fill({
        "I have the paper, with their name on this version": True, "Their name, as they wrote it": "A. Ŵyn",
    }).submit("Record it")  # fmt: skip
    assert coordinator.sees("It is recorded", "acknowledged")


def test_a_place_is_refused_naming_each_gate_and_who_holds_it(coordinator, volunteer):
    interview = InterviewFactory(volunteer=volunteer)
    OfferFactory(interview=interview, volunteer=volunteer)
    coordinator.get(f"/people/{volunteer.id}/interviews").click("See what is done and confirm the place")
    assert coordinator.sees("4 things must be done before", "The DBS officer")
    coordinator.submit("Confirm the place", status=422)
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
