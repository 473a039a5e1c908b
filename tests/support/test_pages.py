"""The plan as staff and the learner see it, and the pages about two people kept apart."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.access import GRANTS, Can, Role
from portal.audit.models import Action, AuditLine
from portal.support import queries
from portal.support.models import KeptApart, LearnerPlan
from portal.volunteers.journey import Stage
from tests.browser import Browser
from tests.factories import (
    AreaFactory,
    KeptApartFactory,
    LearnerPlanFactory,
    RoleHeldFactory,
    UserFactory,
    VolunteerFactory,
)

HELPS = "What helps in a session?"
SECRET = "A matter between their families."


@pytest.fixture
def area(session):
    return AreaFactory()


@pytest.fixture
def desk(app, area):
    return Browser(app).sign_in_as(UserFactory(role=Role.COORDINATOR, area=area, name="Carol Reed"))


@pytest.fixture
def lead(app, area):
    return Browser(app).sign_in_as(UserFactory(role=Role.SAFEGUARDING_LEAD, scheme=area.scheme, name="Lena Lead"))


def learner(area, **given):
    person = VolunteerFactory(area=area, stage=Stage.TRAINING, user=UserFactory(), **given)
    RoleHeldFactory(user=person.user, role=Role.VOLUNTEER, scheme=area.scheme, area=area)
    return person


def test_a_plan_begins_with_what_the_applicant_said_and_is_agreed(desk, area, session):
    person = learner(area, access_needs="Captions please", may_share_access_needs=True)
    desk.get(f"/people/{person.id}/support")
    assert desk.value(HELPS) == "Captions please"
    assert desk.sees("never why: no illness, no diagnosis", "There is no plan yet")
    today = clock.today()
    desk.fill(
        {
            "What must the room, the journey or the screen have?": "Captions",
            "When did you agree this with them?": today, "Who went through it with them?": "Carol Reed",
            "When will you look at it again?": today + timedelta(days=90),
        }
    )  # fmt: skip
    desk.submit("Save the plan")
    assert desk.sees("The plan is saved", "Agreed with them on")
    plan = session.scalar(select(LearnerPlan))
    assert (plan.support_needs, plan.access_arrangements, plan.may_trainers_see) == (
        "Captions please", "Captions", True,
    )  # fmt: skip


def test_a_plan_that_makes_no_sense_is_said_at_its_field_and_what_was_typed_stays(desk, area, session):
    desk.get(f"/people/{learner(area).id}/support")
    desk.fill({HELPS: "A seat", "Their trainers may see this": True}).submit("Save the plan", status=422)
    assert desk.errors == ["Only the learner can say this. Enter the day you agreed it with them"]
    assert desk.value(HELPS) == "A seat"
    assert session.scalar(select(LearnerPlan)) is None


def test_two_who_change_one_plan_are_both_told(app, area, desk, session):
    plan = LearnerPlanFactory(volunteer__area=area)
    second = Browser(app).sign_in_as(UserFactory(role=Role.COORDINATOR, area=area))
    for each in (desk, second):
        each.get(f"/people/{plan.volunteer_id}/support")
    desk.fill({HELPS: "A seat at the back"}).submit("Save the plan")
    second.fill({HELPS: "A seat at the front"}).submit("Save the plan", status=409)
    assert second.sees("Someone else changed this", "A seat at the back", "A seat at the front")
    second.submit("Save the plan")
    session.expire_all()
    assert session.scalar(select(LearnerPlan)).support_needs == "A seat at the front"


def test_two_who_begin_one_plan_are_both_told(app, area, desk):
    person = learner(area)
    second = Browser(app).sign_in_as(UserFactory(role=Role.COORDINATOR, area=area))
    for each in (desk, second):
        each.get(f"/people/{person.id}/support")
    desk.fill({HELPS: "A seat at the back"}).submit("Save the plan")
    second.fill({HELPS: "A seat at the front"}).submit("Save the plan", status=409)
    assert second.sees("A seat at the back", "A seat at the front")


def test_plans_to_look_at_are_listed_with_their_day(desk, area):
    assert desk.get("/support-plans").sees("No plan waits for you")
    plan = LearnerPlanFactory(volunteer__area=area, review_on=clock.today())
    assert desk.get("/support-plans").sees(plan.volunteer.name, "To look at again since")


def test_a_learner_reads_their_plan_and_asks_for_a_change(browser, area, desk):
    plan = LearnerPlanFactory(volunteer=learner(area))
    browser.sign_in_as(plan.volunteer.user).get("/my/support")
    assert browser.sees("A seat near the door.", "Your coordinator and the trainers of your group")
    browser.fill({"I would like the plan to change": True}).submit("Send", status=422)
    assert browser.errors == ["Say what you would like to be different"]
    browser.fill(
        {"What would you like to say about it?": "Bigger print", "I would like the plan to change": True}
    ).submit("Send")
    assert browser.sees("Your coordinator can read it", "You asked for a change")
    assert desk.get("/support-plans").sees("They asked for a change")
    assert desk.get(f"/people/{plan.volunteer_id}/support").sees("They ask for a change", "Bigger print")


def test_a_learner_takes_back_what_trainers_see_and_gives_it_again(browser, area):
    plan = LearnerPlanFactory(volunteer=learner(area))
    browser.sign_in_as(plan.volunteer.user).get("/my/support").submit("Stop showing it to my trainers")
    assert browser.sees("Your trainers cannot see it any more")
    assert queries.needs_of([plan.volunteer_id]) == {}
    browser.submit("Show it to my trainers")
    assert plan.volunteer_id in queries.needs_of([plan.volunteer_id])


def test_a_learner_without_a_plan_can_ask_for_one(browser, area, session):
    person = learner(area)
    browser.sign_in_as(person.user).get("/my/support")
    assert browser.sees("You have no plan yet. You do not need one")
    browser.fill({"What would you like to say about it?": "I read slowly"}).submit("Send")
    assert session.scalar(select(LearnerPlan)).comment == "I read slowly"


def test_somebody_is_found_and_kept_apart_and_may_meet_again(desk, area, session):
    one, other = VolunteerFactory(area=area, name="Asha Green"), VolunteerFactory(area=area, name="Ben Brown")
    other.sort_name, one.sort_name = "ben brown", "asha green"
    elsewhere = VolunteerFactory(name="Ben Stranger", sort_name="ben stranger")
    session.commit()
    desk.get(f"/people/{one.id}/kept-apart").fill({"Name or reference of the other person": "ben"}).submit("Search")
    assert not desk.sees(elsewhere.name)
    desk.click("Ben Brown").submit("They must not share a group", status=422)
    assert desk.errors == ["Say why they must not share a group"]
    desk.fill({"Why must they not share a group?": SECRET}).submit("They must not share a group")
    assert desk.sees("Ben Brown", "set by Carol Reed")
    assert SECRET not in desk.html
    assert "Read why" not in desk.text
    assert desk.get(f"/people/{one.id}/support").sees("Must not share a group with Ben Brown")
    desk.get(f"/people/{other.id}/kept-apart")
    assert desk.sees("Asha Green")
    desk.submit("They may share a group again Asha Green")
    assert desk.sees("Ended on", "by Carol Reed")
    session.expire_all()
    assert session.scalar(select(KeptApart)).ended_at is not None


def test_the_same_two_are_not_written_twice(desk, area):
    pair = KeptApartFactory(one__area=area)
    desk.get(f"/people/{pair.other_id}/kept-apart/{pair.one_id}")
    desk.fill({"Why must they not share a group?": "Again"}).submit("They must not share a group", status=422)
    assert desk.errors == ["These two are already down as not to share a group"]


def test_why_is_read_for_a_purpose_and_shown_once(lead, area, session):
    pair = KeptApartFactory(one__area=area)
    lead.get(f"/people/{pair.one_id}/kept-apart").click(f"Read why they are kept apart from {pair.other.name}")
    assert SECRET not in lead.html
    lead.submit("Read it", status=422)
    assert lead.errors == ["Say what you need to read it for"]
    lead.fill({"What do you need to read it for?": "To plan groups"}).submit("Read it")
    assert lead.sees(SECRET, "It is shown this once")
    lines = session.scalars(select(AuditLine).where(AuditLine.action == Action.SEEN)).all()
    assert {(line.actor_name, line.purpose) for line in lines} == {("Lena Lead", "To plan groups")}
    assert SECRET not in lead.get(lead.path).html


@pytest.mark.parametrize("role", [role for role in Role if Can.READ_KEPT_APART not in GRANTS[role]])
def test_nobody_else_reads_why(app, area, session, role):
    pair = KeptApartFactory(one__area=area)
    desk = Browser(app).sign_in_as(UserFactory(role=role, scheme=area.scheme))
    desk.get(f"/kept-apart/{pair.id}/reason", status=403)
    desk.post(f"/kept-apart/{pair.id}/reason", {"purpose": "To look"}, status=None)
    assert desk.status in {400, 403}
    assert SECRET not in desk.html
    assert session.scalar(select(AuditLine).where(AuditLine.action == Action.SEEN)) is None
