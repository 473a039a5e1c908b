"""Trainers read what helps the people of their groups, and the record says so."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.access import Role
from portal.audit.models import Action, AuditLine
from portal.cohorts.models import CohortState, EnrolmentState
from tests.factories import AreaFactory, CohortFactory, EnrolmentFactory, LearnerPlanFactory, UserFactory


@pytest.fixture
def area(session):
    return AreaFactory()


@pytest.fixture
def trainer(area):
    return UserFactory(role=Role.TRAINER, area=area, name="Tom Trainer")


def seen(session):
    session.expire_all()
    return session.scalars(select(AuditLine).where(AuditLine.action == Action.SEEN)).all()


def group_of(area, trainer, *people, **given):
    cohort = CohortFactory(area=area, trainers=[trainer], **given)
    for person in people:
        EnrolmentFactory(cohort=cohort, volunteer=person)
    return cohort


def test_a_trainer_reads_it_by_a_button_and_only_of_those_who_agreed(session, browser, area, trainer):
    seen_one = LearnerPlanFactory(volunteer__area=area).volunteer
    hidden = LearnerPlanFactory(volunteer__area=area, may_trainers_see=False, support_needs="Quiet").volunteer
    cohort = group_of(area, trainer, seen_one, hidden)
    browser.sign_in_as(trainer).get(f"/cohorts/{cohort.id}").click("What helps them to learn")
    assert browser.sees("1 person of this group agreed")
    assert "A seat near the door" not in browser.html
    assert seen(session) == []
    browser.submit("Show what helps them")
    assert browser.sees(seen_one.name, "A seat near the door.", "Large print.")
    assert not browser.sees("Quiet")
    (line,) = seen(session)
    assert (line.actor_name, line.volunteer_id) == ("Tom Trainer", seen_one.id)
    assert line.purpose == f"To plan the sessions of {cohort.name}"


def test_another_trainer_of_the_same_area_finds_no_such_group(browser, area, trainer):
    cohort = group_of(area, trainer, LearnerPlanFactory(volunteer__area=area).volunteer)
    browser.sign_in_as(UserFactory(role=Role.TRAINER, area=area)).get(f"/cohorts/{cohort.id}/support", status=404)


@pytest.mark.parametrize("state", [CohortState.FINISHED])
def test_nothing_is_read_of_a_course_that_is_over_or_of_somebody_who_left(session, browser, area, trainer, state):
    over = group_of(area, trainer, LearnerPlanFactory(volunteer__area=area).volunteer, state=state)
    waits = CohortFactory(area=area, trainers=[trainer])
    EnrolmentFactory(
        cohort=waits, volunteer=LearnerPlanFactory(volunteer__area=area).volunteer, state=EnrolmentState.WAITING
    )
    browser.sign_in_as(trainer)
    for cohort in (over, waits):
        assert browser.get(f"/cohorts/{cohort.id}/support").sees("Nobody of this group")
    assert seen(session) == []
