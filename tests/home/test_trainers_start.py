"""A trainer's first page: today's catch-ups, and who of their groups may not pass."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from portal.access import Role
from portal.attendance.queries import at_risk
from tests.attendance.groups import TODAY, group
from tests.catchups.test_booking import at, book, who_missed
from tests.factories import UserFactory


@pytest.fixture(autouse=True)
def _on_the_evening_of_session_eleven():
    with time_machine.travel(TODAY, tick=False):
        yield


def test_a_trainer_sees_todays_catch_ups_and_says_how_they_went(session, browser):
    here = who_missed()
    book(here)
    browser.sign_in_as(here.trainer).get("/start")
    assert not browser.sees("Catch-ups today")
    with time_machine.travel(at(hour=9), tick=False):
        browser.sign_in_as(here.trainer).get("/start")
        assert browser.sees("Catch-ups today", "5:00pm, The small room", "session 10 of Cohort 7")
    with time_machine.travel(at(hour=19), tick=False):
        browser.sign_in_as(here.trainer).get("/start")
        browser.click(f"Say how it went for {here.people[0].volunteer.name}")
        assert browser.heading == "Record a catch-up"


def test_who_can_no_longer_pass_comes_before_who_must_catch_up_and_nobody_else_is_named(session, browser):
    here = group(3)
    for number in range(1, 12):
        here.save(number, "UPP")
    here.save(8, "UUP")
    lost, needs, fine = (each.volunteer for each in here.people)
    assert [each.volunteer_id for each in at_risk(taught_by=here.trainer)] == [lost.id, needs.id]
    browser.sign_in_as(here.trainer).get("/start")
    risk = browser.text.split("At risk of not passing (2)")[1]
    assert risk.index(lost.name) < risk.index(needs.name)
    assert "Can no longer pass without more time" in risk
    assert "Can still pass if 1 missed session is caught up" in risk
    assert fine.name not in risk


def test_nobody_is_named_to_a_trainer_who_does_not_teach_them(session):
    here = group(1)
    here.save(8, "U")
    assert at_risk(taught_by=UserFactory(role=Role.TRAINER, area=here.area)) == []
    assert at_risk(taught_by=here.coordinator) == []
    assert len(at_risk(taught_by=here.trainer)) == 1


def test_who_is_at_risk_costs_the_same_for_one_and_for_twenty(session, count_queries):
    totals = []
    for size in (1, 20):
        here = group(size)
        here.save(8, "U" * size)
        with count_queries() as counted, time_machine.travel(TODAY + timedelta(hours=1), tick=False):
            assert len(at_risk(taught_by=here.trainer)) == size
        totals.append(counted.total)
    assert totals[0] == totals[1]
