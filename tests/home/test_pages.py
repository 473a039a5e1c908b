"""The first page of each role, and the volunteer's own."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from portal import clock
from portal.access import Role
from portal.checks.models import Outcome
from portal.home import queries
from portal.home.rules import BUTTONS, OWN_STEPS
from portal.messages.models import MessageState
from portal.references.models import ReferenceState
from portal.volunteers.journey import Move, Stage
from tests.factories import (
    AgreementFactory,
    ApplicationFactory,
    AreaFactory,
    CohortFactory,
    CohortSessionFactory,
    DbsCheckFactory,
    DisclosureFactory,
    EnrolmentFactory,
    HelperFactory,
    InterviewFactory,
    IqaSampleFactory,
    MessageFactory,
    RefereeFactory,
    ReferenceFactory,
    RoleHeldFactory,
    SchemeFactory,
    UserFactory,
    VolunteerFactory,
)
from tests.pool import people
from tests.pool.people import ready


@pytest.fixture
def area(session):
    return people.area()


def start(browser, role, area, **facts):
    return browser.sign_in_as(UserFactory(role=role, area=area, **facts)).get("/start")


def own(browser, area, stage, **facts):
    user = UserFactory(role=Role.VOLUNTEER, area=area)
    return VolunteerFactory(area=area, stage=stage, user=user, name="Siân", **facts), browser.sign_in_as(user)


def test_a_visitor_reads_what_this_is_and_finds_a_scheme(browser, area):
    browser.get("/")
    assert browser.heading == "Become a peer mentor"
    assert browser.links()[area.scheme.name] == f"/schemes/{area.scheme.slug}"
    assert "Sign in" in browser.links()


def test_without_any_scheme_the_front_page_still_says_something(browser):
    assert browser.get("/").sees("No scheme takes part here yet")


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
def test_everybody_signed_in_comes_from_the_front_page_to_their_work(browser, area, role):
    user = UserFactory(role=role, area=area)
    if role is Role.VOLUNTEER:
        VolunteerFactory(user=user, area=area)
    browser.sign_in_as(user).get("/")
    assert browser.path == ("/my" if role is Role.VOLUNTEER else "/start")


def test_somebody_without_any_role_is_told_that_nothing_waits(browser):
    assert browser.sign_in_as(UserFactory()).get("/start").sees("Nothing waits for you")


def test_a_coordinator_sees_what_waits_the_oldest_first_with_counts(browser, area):
    for number in range(10):
        at = clock.now() - timedelta(days=number)
        ApplicationFactory(
            volunteer=VolunteerFactory(area=area, stage=Stage.APPLIED, stage_since=at, name=f"A{number}")
        )
    talked = VolunteerFactory(area=area, stage=Stage.INTERVIEWING, name="Tal")
    InterviewFactory(volunteer=talked, planned_at=clock.now() - timedelta(hours=1))
    referee = RefereeFactory(application=ApplicationFactory(volunteer=VolunteerFactory(area=area, name="Ref")))
    ReferenceFactory(referee=referee, state=ReferenceState.RECEIVED, received_at=clock.now(), answers={})
    VolunteerFactory(area=area, stage=Stage.OFFERED, name="Off")
    start(browser, Role.COORDINATOR, area)
    assert browser.sees("Applications to read (10)", "9 days ago", "See all 10")
    assert not browser.sees("A0")
    assert browser.sees("Interviews to record (1)", "Tal", "References to check (1)", "Ref")
    assert browser.sees("Offered, checks under way (1)", "Next: Interview, The coordinator")
    browser.click("A9")
    assert browser.path.endswith("/application")


def test_an_application_is_late_from_the_day_after_the_promised_one(browser, area):
    sent = datetime(2026, 11, 16, 12, tzinfo=UTC)  # five days on is a Saturday: Monday was promised
    VolunteerFactory(area=area, stage=Stage.APPLIED, stage_since=sent)
    with time_machine.travel(datetime(2026, 11, 23, 9, tzinfo=UTC)):
        assert not start(browser, Role.COORDINATOR, area).sees("Late")
    with time_machine.travel(datetime(2026, 11, 24, 9, tzinfo=UTC)):
        assert start(browser, Role.COORDINATOR, area).sees("Late")


def test_a_page_with_much_on_it_begins_with_ways_to_each_kind_of_work(browser, area):
    for stage in (Stage.APPLIED, Stage.OFFERED, Stage.READY):
        VolunteerFactory(area=area, stage=stage)
    start(browser, Role.COORDINATOR, area)
    jumps = re.findall(r'href="#(waiting-\d+)"', browser.html)
    assert len(jumps) > 3
    assert jumps == re.findall(r'<h2 [^>]*id="(waiting-\d+)"', browser.html)


def test_somebody_with_every_check_done_comes_first_and_leads_to_the_confirmation(browser, area):
    VolunteerFactory(area=area, stage=Stage.OFFERED, name="Off", stage_since=clock.now() - timedelta(days=50))
    volunteer = ready(area, stage=Stage.OFFERED, name="Dun")
    start(browser, Role.COORDINATOR, area)
    assert browser.sees("Everything is done: confirm the place")
    assert browser.links()["Dun"] == f"/people/{volunteer.id}/place"


def test_a_coordinator_sees_who_is_ready_for_a_certificate(browser, area):
    volunteer = ready(area, but=["certificate"], stage=Stage.TRAINING, name="Cer")
    ready(area, but=["certificate", "criteria"], stage=Stage.TRAINING, name="Nearly")
    start(browser, Role.COORDINATOR, area)
    assert browser.sees("Ready to certify (1)")
    assert browser.links()["Cer"] == f"/people/{volunteer.id}/certificates"


def test_a_trainer_sees_todays_session_with_one_link_to_its_register(browser, area):
    trainer = UserFactory(role=Role.TRAINER, area=area)
    cohort = CohortFactory(area=area, trainers=[trainer], name="Autumn")
    noon = clock.in_london(clock.now()).replace(hour=12, minute=0)
    session = CohortSessionFactory(cohort=cohort, starts_at=noon, title="Listening")
    before = CohortSessionFactory(cohort=cohort, starts_at=noon - timedelta(days=7), title="Boundaries")
    EnrolmentFactory(cohort=cohort, joined_on=clock.today() - timedelta(days=30))
    browser.sign_in_as(trainer).get("/start")
    assert browser.sees("Today", "Listening", "midday", "0 of 1 marked", "Registers to finish")
    words = f"Open the register of Autumn, session {session.number}"
    assert browser.links()[words] == f"/sessions/{session.id}/register"
    assert browser.links()[f"Autumn, session {before.number}: Boundaries"] == f"/sessions/{before.id}/register"


def test_an_approver_sees_who_waits_and_who_is_ready_first(browser, area):
    VolunteerFactory(area=area, stage=Stage.CERTIFIED, name="Not", stage_since=clock.now() - timedelta(days=9))
    volunteer = ready(area, name="Yes")
    start(browser, Role.APPROVER, area)
    assert browser.sees("Waiting for approval (2)")
    assert browser.text.index("Yes. Ready") < browser.text.index("Not. Next: Interview")
    assert browser.links()["Yes"] == f"/people/{volunteer.id}/approve"


def test_a_dbs_officer_sees_what_to_apply_for_and_what_to_see(browser, area):
    VolunteerFactory(area=area, stage=Stage.OFFERED, name="New")
    DbsCheckFactory(volunteer=VolunteerFactory(area=area, stage=Stage.OFFERED, name="Sent"))
    start(browser, Role.DBS_OFFICER, area)
    assert browser.sees("DBS checks to apply for (1)", "New", "DBS certificates to see (1)", "Sent")
    assert not browser.sees("DBS results to decide")


def test_a_safeguarding_lead_sees_disclosures_and_decisions(browser, area):
    told = VolunteerFactory(area=area, stage=Stage.OFFERED, name="Told")
    DisclosureFactory(volunteer=told, answered_at=clock.now(), statement="a thing told in confidence")
    today = clock.today()
    DbsCheckFactory(
        volunteer=VolunteerFactory(area=area, stage=Stage.OFFERED, name="Seen"), issued_on=today, seen_on=today,
        seen_by_id=UserFactory().id, number="001234567890", number_hash="x", number_last_four="7890",
        outcome=Outcome.INFORMATION_DISCLOSED,
    )  # fmt: skip
    start(browser, Role.SAFEGUARDING_LEAD, area)
    assert browser.sees("Disclosures to consider (1)", "Told", "DBS results to decide (1)", "Seen")
    assert not browser.sees("a thing told")


def test_assessor_and_iqa_see_the_learners_who_wait(browser, area, session):
    enrolment = EnrolmentFactory(cohort=CohortFactory(area=area))
    session.add(
        queries.CriterionDecision(
            enrolment=enrolment, criterion="U1.1.1", state=queries.CriterionState.SUBMITTED, evidence="A log"
        )
    )
    sample = IqaSampleFactory(enrolment=enrolment)
    start(browser, Role.ASSESSOR, area)
    assert browser.sees("Evidence to decide (1)", "1 to decide")
    assert browser.links()[enrolment.volunteer.name] == f"/learners/{enrolment.id}"
    start(browser, Role.IQA, area)
    assert browser.sees("Samples to look at (1)", "Unit U1")
    assert browser.links()[enrolment.volunteer.name] == f"/samples/{sample.id}"


def test_an_admin_sees_letters_that_could_not_be_sent_and_the_scheme(browser, area):
    MessageFactory(scheme_id=area.scheme_id, state=MessageState.DEAD)
    MessageFactory(scheme_id=SchemeFactory().id, state=MessageState.DEAD)
    start(browser, Role.SCHEME_ADMIN, area)
    assert browser.sees("Letters (1)", "Settings, texts and areas", "Staff and their roles")


def test_a_funder_is_led_to_the_figures(browser, area):
    start(browser, Role.FUNDER_READER, area)
    assert browser.links()["See the figures of the scheme"] == "/reports"


def test_what_waits_in_another_area_or_scheme_is_not_shown(browser, area):
    for elsewhere in (AreaFactory(scheme=area.scheme), AreaFactory()):
        for stage in Stage:
            VolunteerFactory(area=elsewhere, stage=stage, name="Elsewhere")
    user = UserFactory()
    for role in Role:
        if role is not Role.VOLUNTEER:
            RoleHeldFactory(user=user, role=role, scheme=area.scheme, area=area)
    assert not browser.sign_in_as(user).get("/start").sees("Elsewhere")


def test_the_start_page_costs_the_same_for_one_and_for_eighty(browser, area, count_queries):
    user = UserFactory()
    for role in Role:
        if role is not Role.VOLUNTEER:
            RoleHeldFactory(user=user, role=role, scheme=area.scheme, area=area)
    ready(area, stage=Stage.OFFERED)
    ready(area, stage=Stage.TRAINING)
    ready(area)
    browser.sign_in_as(user).get("/start")
    with count_queries() as for_one:
        browser.get("/start")
    for number in range(80):
        VolunteerFactory(area=area, stage=(Stage.APPLIED, Stage.OFFERED, Stage.TRAINING, Stage.CERTIFIED)[number % 4])
    with count_queries() as for_eighty:
        browser.get("/start")
    assert for_eighty.total == for_one.total


@pytest.mark.parametrize("stage", list(Stage))
def test_a_volunteer_reads_one_sentence_and_one_next_step_at_every_stage(browser, area, stage):
    _, browser = own(browser, area, stage)
    browser.get("/my")
    assert browser.heading == "Hello, Siân"
    assert browser.sees(stage.words.to_applicant, "Your next step:", area.scheme.name)
    assert ("I do not want to go on for now" in browser.links()) is Move.WITHDRAW.leaves(stage)


def test_somebody_offered_a_place_is_led_to_the_agreement_and_then_told_whom_we_wait_for(browser, area, session):
    AgreementFactory(scheme_id=area.scheme_id)
    volunteer, browser = own(browser, area, Stage.OFFERED)
    browser.get("/my")
    assert browser.sees("Your next step: Read and agree the volunteer agreement.")
    assert browser.links()["Read the volunteer agreement"] == "/my/agreement"
    for key in ("agreement", "disclosure"):
        people.MEET[key](volunteer, None)
    browser.get("/my")
    assert browser.sees("your DBS check (with the DBS officer)")
    assert browser.sees("What you told us in confidence: done", "Your DBS check: to come")


def test_a_talk_that_is_planned_and_the_next_session_are_named(browser, area):
    volunteer, browser = own(browser, area, Stage.INTERVIEWING)
    InterviewFactory(volunteer=volunteer, planned_at=clock.now() + timedelta(days=3))
    assert browser.get("/my").sees("by phone. There are no trick questions")
    learner, browser = own(browser, area, Stage.TRAINING)
    people.MEET["disclosure"](learner, None)
    enrolment = EnrolmentFactory(volunteer=learner, cohort=CohortFactory(area=area, venue="The Hub"))
    CohortSessionFactory(cohort=enrolment.cohort, starts_at=clock.now() + timedelta(days=2))
    assert browser.get("/my").sees("Come to your next session:", "The Hub")


def test_the_day_after_a_talk_the_page_no_longer_says_come(browser, area, session):
    volunteer, browser = own(browser, area, Stage.INTERVIEWING)
    interview = InterviewFactory(volunteer=volunteer, planned_at=clock.now() - timedelta(minutes=10))
    assert browser.get("/my").sees("Come and talk with us:")
    interview.planned_at = clock.now() - timedelta(days=1)
    session.commit()
    assert browser.get("/my").sees("The day of our talk has been.")
    assert not browser.sees("Come and talk with us")
    InterviewFactory(volunteer=volunteer, planned_at=clock.now() + timedelta(days=1))
    assert browser.get("/my").sees("Come and talk with us:")


@pytest.mark.parametrize(("stage", "button"), [(Stage.WITHDRAWN, "Start again"), (Stage.DECLINED, "Apply again")])
def test_somebody_who_stopped_is_led_to_start_again(browser, area, stage, button):
    volunteer, browser = own(browser, area, stage)
    ApplicationFactory(volunteer=volunteer, submitted_at=clock.now())
    browser.get("/my").click(button)
    assert browser.heading == "Would you like to start again?"


def test_what_was_told_in_confidence_can_be_found_again(browser, area):
    _, browser = own(browser, area, Stage.READY)
    browser.get("/my").click("What you tell us in confidence")
    assert browser.path == "/my/disclosure"


def test_an_account_without_a_journey_has_no_own_page(browser, area):
    browser.sign_in_as(UserFactory(role=Role.VOLUNTEER, area=area)).get("/my", status=404)


def test_accessibility_is_open_to_everybody(browser):
    assert browser.get("/accessibility").sees("without JavaScript")


def test_every_page_that_the_first_pages_lead_to_exists(app, session):
    named = {endpoint for _, endpoint, _ in OWN_STEPS.values()} | {endpoint for endpoint, _ in BUTTONS.values()}
    named |= {endpoint for stage in Stage for _, endpoint in queries.own_links(VolunteerFactory(stage=stage))}
    assert named - set(app.view_functions) == set()


def test_what_somebody_else_typed_waits_for_its_persons_yes_and_leads_there(browser, area):
    person = VolunteerFactory(area=area, stage=Stage.APPLYING, name="Tom Quiet")
    HelperFactory(application=ApplicationFactory(volunteer=person, submitted_at=None))
    elsewhere = VolunteerFactory(stage=Stage.APPLYING, name="Ann Elsewhere")
    HelperFactory(application=ApplicationFactory(volunteer=elsewhere, submitted_at=None))
    start(browser, Role.COORDINATOR, area)
    assert browser.sees("Waiting for their yes (1)", "Tom Quiet. To be finished and confirmed")
    assert not browser.sees("Ann Elsewhere")
    assert browser.click("Tom Quiet").path == f"/people/{person.id}/application/typed-by"
