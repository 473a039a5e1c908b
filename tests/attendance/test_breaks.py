"""A break from a course: what lies within it counts for nobody's figures and cannot be marked."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine

from portal.attendance import queries
from portal.chasers import queries as chasers
from portal.cohorts.models import EnrolmentState, Pause
from portal.database import session as database
from portal.offline import queries as offline
from portal.registers import queries as registers
from portal.registers.rules import RegisterInvalid
from tests.attendance.groups import TODAY, group


@pytest.fixture(autouse=True)
def _on_the_evening_of_session_eleven():
    with time_machine.travel(TODAY, tick=False):
        yield


def on_a_break(here, person, first, last=None, state=EnrolmentState.ENROLLED):
    """Write a break down: sessions are on Tuesdays and Thursdays from 1 September."""
    enrolment = here.people[person]
    enrolment.state = state
    database.add(Pause(enrolment_id=enrolment.id, from_on=first, until_on=last, paused_by_id=here.coordinator.id))
    database.commit()


def letters(here, person=0):
    return "".join(queries.learners(here.cohort_made)[person].letters)


def marks_of(here, codes):
    for number, code in enumerate(codes, start=1):
        here.save(number, code)


def test_sessions_within_a_break_are_left_out_and_the_others_count(session):
    here = group(1)
    marks_of(here, "PPUUPPPPPPP")
    on_a_break(here, 0, date(2026, 9, 8), date(2026, 9, 10))
    assert letters(here) == "PPNNPPPPPPP"
    (learner,) = queries.learners(here.cohort_made)
    assert (learner.figures.percent_so_far, learner.figures.unauthorised) == (100, 0)


def test_the_first_and_the_last_day_of_a_break_belong_to_it(session):
    here = group(1)
    marks_of(here, "UUUU")
    on_a_break(here, 0, date(2026, 9, 3), date(2026, 9, 7))
    assert letters(here).startswith("UNUU")


def test_a_break_to_come_is_left_out_and_one_without_an_end_leaves_what_is_to_come_open(session):
    here = group(2)
    on_a_break(here, 0, date(2026, 10, 8), date(2026, 10, 15))
    on_a_break(here, 1, date(2026, 10, 1), state=EnrolmentState.PAUSED)
    first, second = (each.facts for each in queries.learners(here.cohort_made))
    assert [fact.number for fact in first if fact.is_left_out] == [12, 13, 14]
    assert [fact.number for fact in second if fact.is_left_out] == [10, 11]


def test_somebody_on_a_break_is_greyed_on_that_days_register_and_on_no_other(session):
    here = group(2)
    on_a_break(here, 0, date(2026, 9, 8), date(2026, 9, 10))
    blocked = {
        number: registers.register(here.held(number).id, seen_by=here.trainer).people[here.people[0].id].blocked
        for number in (2, 3, 4, 5)
    }
    assert blocked == {2: "", 3: "Taking a break", 4: "Taking a break", 5: ""}
    with pytest.raises(RegisterInvalid, match="taking a break"):
        here.save(3, "P")
    here.save(5, "P")


def test_sessions_before_a_break_can_be_marked_while_it_lasts(session):
    here = group(1)
    on_a_break(here, 0, date(2026, 9, 8), state=EnrolmentState.PAUSED)
    here.save(2, "P")
    assert letters(here).startswith("?PNN")


def test_somebody_paused_without_days_cannot_be_marked_at_all(session):
    here = group(1)
    here.people[0].state = EnrolmentState.PAUSED
    session.commit()
    with pytest.raises(RegisterInvalid, match="taking a break"):
        here.save(2, "P")


def test_nobody_waits_for_the_mark_of_somebody_on_a_break(session):
    here = group(2)
    on_a_break(here, 0, date(2026, 10, 6), date(2026, 10, 6))
    (row,) = chasers.sessions_today(seen_by=here.trainer)
    assert row.people == 1


def test_whoever_saves_a_register_first_taught_the_session(session):
    here = group(1)
    here.save(1, "P", by=here.coordinator)
    here.save(1, "U", by=here.trainer, because="A slip", seen_version=1)
    assert here.held(1).taught_by_id == here.coordinator.id


def test_a_phone_is_told_of_breaks_as_the_page_is(session):
    here = group(3)
    today = date(2026, 10, 6)
    on_a_break(here, 0, today, today)
    on_a_break(here, 1, date(2026, 9, 8), date(2026, 10, 5), state=EnrolmentState.PAUSED)  # over since yesterday
    (phone,) = offline.registers_today(seen_by=here.trainer)
    page = registers.register(phone.id, seen_by=here.trainer)
    assert [each.blocked for each in phone.people] == [each.blocked for each in page.people.values()]
    assert [each.blocked for each in phone.people] == ["Taking a break", "", ""]


def test_a_session_that_is_held_elsewhere_is_listed_with_its_own_place(session):
    here = group(1)
    here.held(11).venue = "The library, upstairs"
    session.commit()
    (row,) = chasers.sessions_today(seen_by=here.trainer)
    assert row.venue == "The library, upstairs"
