"""The figures of a cohort, a learner's own, the gate, and the work lists."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine

from courses.marks import Code
from portal.access import Role
from portal.attendance import gates, queries, services
from portal.attendance.rules import SYMBOLS, heat_columns, heat_paths
from portal.chasers import queries as chasers
from portal.cohorts.models import EnrolmentState
from portal.courses.queries import course_of
from portal.learning.queries import own_course
from portal.timetable import services as timetable
from portal.volunteers.journey import Stage
from portal.volunteers.rules import GateState
from tests.attendance.groups import TODAY, group
from tests.factories import UserFactory, VolunteerFactory


@pytest.fixture(autouse=True)
def _on_the_evening_of_session_eleven():
    with time_machine.travel(TODAY, tick=False):
        yield


def marked(here, rows):
    """Mark session after session with these letters, a word a person."""
    for number, codes in enumerate(zip(*rows, strict=True), start=1):
        here.save(number, "".join(codes))


def figures_of(here, person=0):
    """One learner of the group."""
    return queries.learners(here.cohort_made)[person]


def test_the_three_figures_and_the_hours_come_from_the_marks(session):
    here = group(1)
    marked(here, ["PPLAUPPPPPV"])
    own = figures_of(here).figures
    assert (own.percent_so_far, own.percent_of_whole, own.commitment) == (81, 37, 90)
    assert own.guided_minutes == 8 * 120 + 100
    assert (own.to_come, own.unmarked) == (13, 0)


def test_sessions_before_joining_and_after_leaving_are_left_out(session):
    here = group(2)
    here.people[0].joined_on = date(2026, 9, 8)
    here.people[1].state, here.people[1].ended_on = EnrolmentState.WITHDRAWN, date(2026, 9, 10)
    session.commit()
    letters = ["".join(each.letters) for each in queries.learners(here.cohort_made)]
    assert letters == ["NN?????????", "????NNNNNNNNNNNNNNNNNNNN"]


def test_a_flag_says_who_can_still_pass_and_who_cannot(session):
    here = group(3)
    marked(here, ["PPPPPPPUPPP", "UUUUUUUUUUU", "PPPPPPPPPPP"])
    flags = [learner.flag for learner in queries.learners(here.cohort_made)]
    assert flags[0] == "Can still pass if 1 missed session is caught up"
    assert flags[1] == "Can no longer pass without more time"
    assert flags[2].startswith("Can still pass, and may miss 4 more sessions")


def test_the_picture_has_a_cell_for_every_person_and_session():
    paths = heat_paths([["P", "A"], ["P", ""]], [0, 24])
    square = "h22v22h-22z"
    assert {letter: path.cells for letter, path in paths.items()} == {
        "": f"M24 24{square}", "A": f"M24 0{square}", "P": f"M0 0{square}M0 24{square}",
    }  # fmt: skip


def test_colour_is_never_the_only_sign():
    letters = [code.value for code in Code] + ["?"]
    paths = heat_paths([letters], list(range(0, 24 * len(letters), 24)))
    signs = [SYMBOLS.get(letter, "") for letter in letters]
    assert len(set(signs)) == len(signs)
    assert [letter for letter in letters if not paths[letter].signs] == ["P"]


def test_weeks_stand_apart_in_the_picture():
    columns = heat_columns([1, 1, 2, 4])
    assert columns.lefts == [0, 24, 54, 84]
    assert columns.weeks == [(1, 0, 48), (2, 54, 24), (4, 84, 24)]
    assert columns.width == 108
    assert heat_columns([]).width == 0


def test_the_page_of_figures_shows_picture_table_and_flags(session, browser):
    here = group(2)
    marked(here, ["PPPPPPPPPPP", "PPPPPPPAPPP"])
    browser.sign_in_as(here.trainer).get(f"/cohorts/{here.cohort_made.id}/attendance")
    assert browser.sees(
        "100%", "90%", "22.0", "Can still pass if 1 missed session is caught up", "Authorised absence (A)"
    )
    browser.click(here.people[1].volunteer.name)
    assert browser.heading == "Training"
    assert browser.sees("To catch up", "120 minutes, by 15 October 2026 (needed to pass).")


def test_a_cohort_without_people_has_an_empty_page_of_figures(session, browser):
    here = group(0)
    browser.sign_in_as(here.trainer).get(f"/cohorts/{here.cohort_made.id}/attendance")
    assert browser.sees("Nobody is enrolled yet")


def test_the_training_of_somebody_on_no_course_is_said_in_words(session, browser):
    here = group(0)
    volunteer = VolunteerFactory(area=here.area, stage=Stage.READY)
    browser.sign_in_as(here.coordinator).get(f"/people/{volunteer.id}/training")
    assert browser.sees("is not on a course yet")
    browser.sign_in_as(here.trainer).get(f"/people/{volunteer.id}/training", status=404)


def test_facts_cost_the_same_for_one_and_for_twenty_learners(session, count_queries):
    here = group(20)
    marked(here, ["PLA"] * 20)
    ids = [each.id for each in here.people]
    with count_queries() as one:
        assert len(queries.facts_of(ids[:1])) == 1
    with count_queries() as twenty:
        assert len(queries.facts_of(ids)) == 20
    assert one.total == twenty.total == 5
    assert queries.facts_of([]) == {}


def test_the_page_of_figures_costs_the_same_for_one_and_for_twenty(session, browser, count_queries):
    totals = []
    for size in (1, 20):
        here = group(size)
        browser.sign_in_as(here.trainer).get(f"/cohorts/{here.cohort_made.id}/attendance")
        with count_queries() as counted:
            browser.get(f"/cohorts/{here.cohort_made.id}/attendance")
        totals.append(counted.total)
    assert totals[0] == totals[1]


# The gate


def test_the_gate_is_met_when_the_course_has_all_it_asks_for(session):
    here = group(1)
    with time_machine.travel(here.cohort_made.sessions[-1].ends_at + timedelta(hours=1), tick=False):
        marked(here, ["P" * 24])
        (gate,) = gates.gates([here.people[0].volunteer])[here.people[0].volunteer_id]
    assert (gate.key, gate.state) == ("attendance", GateState.MET)


def test_the_gate_waits_while_it_can_be_reached_and_says_what_is_missing(session):
    here = group(1)
    marked(here, ["PPPPPPPPPPP"])
    (gate,) = gates.gates([here.people[0].volunteer])[here.people[0].volunteer_id]
    assert (gate.state, gate.owner) == (GateState.WAITING, "The trainer")
    assert gate.why.startswith("11 of 24 sessions attended, 20 needed; ")
    assert "session 20 must be attended" in gate.why


def test_a_missed_mandatory_session_holds_the_gate_until_it_is_caught_up(session):
    here = group(1)
    codes = "PPPPPPPPPPPPPPPPPPPAPPPP"
    with time_machine.travel(here.cohort_made.sessions[-1].ends_at + timedelta(hours=1), tick=False):
        marked(here, [codes])
        volunteer = here.people[0].volunteer
        (gate,) = gates.gates([volunteer])[volunteer.id]
        assert gate.state is GateState.WAITING
        assert "session 20 must be caught up" in gate.why
        services.record_catch_up(
            here.held(20), here.people[0], done_on=date(2026, 11, 19), minutes=120, evidence="One to one",
            tutor=here.trainer, by=here.trainer,
        )  # fmt: skip
        assert gates.gates([volunteer])[volunteer.id][0].state is GateState.MET


def test_the_gate_is_refused_when_it_can_no_longer_be_reached(session):
    here = group(1)
    marked(here, ["UUUUUUUUUUU"])
    with time_machine.travel(TODAY + timedelta(days=120), tick=False):
        (gate,) = gates.gates([here.people[0].volunteer])[here.people[0].volunteer_id]
    assert (gate.state, gate.owner) == (GateState.REFUSED, "The coordinator")
    assert "too late to reach it" in gate.why
    assert "You" not in gate.why


def test_who_is_on_no_course_has_a_gate_that_has_not_begun(session):
    volunteer = VolunteerFactory(stage=Stage.READY)
    (gate,) = gates.gates([volunteer])[volunteer.id]
    assert (gate.state, gate.why) == (GateState.NOT_STARTED, "not on a course yet")


def test_gates_cost_the_same_for_one_and_for_twenty(session, count_queries):
    here = group(20)
    people = [each.volunteer for each in here.people]
    gates.gates(people)
    with count_queries() as one:
        gates.gates(people[:1])
    with count_queries() as twenty:
        gates.gates(people)
    assert one.total == twenty.total


# Work lists


def test_todays_sessions_are_those_of_the_trainers_own_cohorts(session):
    here = group(2)
    here.save(11, "P")
    (row,) = chasers.sessions_today(seen_by=here.trainer)
    assert (row.number, row.cohort, row.marked, row.people) == (11, "Cohort 7", 1, 2)
    assert chasers.sessions_today(seen_by=UserFactory(role=Role.TRAINER, area=here.area)) == []
    with time_machine.travel(TODAY + timedelta(days=1), tick=False):
        assert chasers.sessions_today(seen_by=here.trainer) == []


def test_a_register_is_on_the_list_until_it_is_full_or_its_session_cancelled(session):
    here = group(2)
    marked(here, ["PPPPPPPPP", "PPPPPPPPP"])
    assert [row.number for row in chasers.unmarked_registers(seen_by=here.coordinator)] == [10, 11]
    here.save(10, "PU")
    timetable.cancel_session(here.held(11), because="Snow", by=here.trainer)
    session.commit()
    assert chasers.unmarked_registers(seen_by=here.coordinator) == []


def test_the_learner_is_told_where_they_stand_and_what_comes_next(session):
    here = group(1)
    marked(here, ["PPPPPPPPPAP"])
    own = own_course(here.people[0].volunteer)
    assert own.next_session.number == 12
    assert own.sentence.startswith("You have been at, or caught up, 10 of 11 sessions so far (90%), which is 20 hours")
    assert [each.offer.number for each in own.missed] == [10]
    assert own_course(VolunteerFactory()) is None


def test_a_course_is_read_once_and_each_version_keeps_its_own(session):
    first, second = group(0).cohort_made.course_version, group(0).cohort_made.course_version
    assert course_of(first) is course_of(first)
    assert course_of(first) is not course_of(second)
