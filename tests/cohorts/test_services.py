"""The verbs of a cohort, and what each refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
import time_machine
from sqlalchemy import select

from courses.loader import builtin
from portal import clock
from portal.access import Role
from portal.accounts import services as accounts
from portal.cohorts import rules, services
from portal.cohorts.models import CohortState, EnrolmentState
from portal.courses import services as courses
from portal.messages.models import Message
from portal.refusals import Refused
from portal.volunteers.journey import Move, Stage
from portal.volunteers.rules import MoveRefused
from tests.cohorts.groups import THURSDAY, TUESDAY, place
from tests.factories import CourseVersionFactory, UserFactory, VolunteerFactory

SUMMER = datetime(2026, 8, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_the_summer():
    with time_machine.travel(SUMMER, tick=False):
        yield


def test_freezing_the_same_course_twice_keeps_one_version(session):
    here = place()
    first = courses.freeze(builtin(), scheme=here.area.scheme, by=here.coordinator)
    assert courses.freeze(builtin(), scheme=here.area.scheme, by=here.coordinator) is first


def test_a_changed_course_is_a_new_version_and_the_old_one_stays_as_it_was(session):
    here = place()
    first = courses.freeze(builtin(), scheme=here.area.scheme, by=here.coordinator)
    second = courses.freeze(replace(builtin(), title="New"), scheme=here.area.scheme, by=here.coordinator)
    assert (first.number, second.number) == (1, 2)
    assert (first.body["title"], second.body["title"]) == (builtin().title, "New")


def test_a_cohort_has_a_date_for_each_session_of_its_course(session):
    cohort = place().cohort()
    assert [each.title for each in cohort.sessions] == [each.title for each in builtin().sessions]
    assert [each.number for each in cohort.sessions if each.is_mandatory] == [3, 6, 7, 8, 20]
    assert clock.in_london(cohort.sessions[0].starts_at).isoformat() == "2026-09-01T18:00:00+01:00"
    assert clock.in_london(cohort.sessions[23].ends_at).isoformat() == "2026-11-19T20:00:00+00:00"


def test_bank_holidays_and_chosen_days_are_left_out_and_said_why():
    plan = rules.plan([120] * 4, date(2026, 12, 22), (TUESDAY, THURSDAY), [date(2026, 12, 24)])
    assert [each.starts_at.date().day for each in plan.sittings] == [22, 29, 31, 5]
    assert plan.skipped == (rules.Skipped(date(2026, 12, 24), "Day off"),)
    friday = replace(TUESDAY, weekday=4)
    plan = rules.plan([120] * 4, date(2026, 12, 11), (friday,))
    assert [(each.on.isoformat(), each.why) for each in plan.skipped] == [
        ("2026-12-25", "Bank holiday"), ("2027-01-01", "Bank holiday"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"name": "  "}, "name"),
        ({"capacity": 0}, "from 1 to 60"),
        ({"capacity": 61}, "from 1 to 60"),
        ({"slots": ()}, "once or twice"),
        ({"slots": (TUESDAY, THURSDAY, replace(TUESDAY, weekday=0))}, "once or twice"),
        ({"slots": (replace(TUESDAY, minutes=60),)}, "only 60 minutes"),
        ({"trainers": []}, "at least one trainer"),
        ({"starts_on": date(9999, 12, 30)}, "too far"),
    ],
)
def test_a_cohort_that_cannot_be_is_refused_in_words(session, given, words):
    with pytest.raises(Refused, match=words):
        place().cohort(**given)


def test_a_trainer_of_another_place_cannot_be_put_on_a_cohort(session):
    here, there = place(), place()
    with pytest.raises(Refused, match="is not a trainer in"):
        here.cohort(trainers=[there.trainer])


def test_a_course_of_another_scheme_is_refused(session):
    with pytest.raises(Refused, match="another scheme"):
        place().cohort(course_version=CourseVersionFactory())


def test_enrolling_moves_the_volunteer_on_and_sends_the_dates(session):
    here = place()
    cohort = here.cohort()
    (enrolment,) = here.enrolled(cohort)
    assert enrolment.volunteer.stage is Stage.TRAINING
    letter = session.scalars(select(Message).where(Message.volunteer_id == enrolment.volunteer_id)).one()
    assert "You have a place" in letter.subject
    assert letter.body.count("\n- ") == 24
    assert "Tuesday 1 September 2026, 18:00 to 20:00" in letter.body


def test_a_full_group_has_a_waiting_list_and_who_waits_stays_ready(session):
    here = place()
    cohort = here.cohort(capacity=1)
    first, second = here.enrolled(cohort, 2)
    assert (first.state, second.state) == (EnrolmentState.ENROLLED, EnrolmentState.WAITING)
    assert second.volunteer.stage is Stage.READY
    assert services.enrol(cohort, second.volunteer, by=here.coordinator) is second


def test_a_place_that_falls_free_goes_to_who_waited_longest(session):
    here = place()
    cohort = here.cohort(capacity=1)
    first, second, third = here.enrolled(cohort, 3)
    services.withdraw(first, because="Moved away", by=here.coordinator)
    assert (first.state, second.state, third.state) == (
        EnrolmentState.WITHDRAWN, EnrolmentState.ENROLLED, EnrolmentState.WAITING,
    )  # fmt: skip
    assert (first.volunteer.stage, second.volunteer.stage) == (Stage.READY, Stage.TRAINING)
    assert first.volunteer.history[-1].because == "Moved away"


@pytest.mark.parametrize("move", [Move.WITHDRAW, Move.DECLINE])
def test_who_leaves_for_now_gives_up_the_place_to_who_waits_and_is_not_named_there(session, move):
    here = place()
    first, second, third = here.enrolled(here.cohort(capacity=1), 3)
    third.volunteer.make(move, by=here.coordinator, because="Not now")
    first.volunteer.make(move, by=here.coordinator, because="Not now")
    session.flush()
    assert (first.state, second.state, third.state) == (
        EnrolmentState.WITHDRAWN, EnrolmentState.ENROLLED, EnrolmentState.WITHDRAWN,
    )  # fmt: skip
    assert first.ended_on == third.ended_on == clock.today()
    assert first.volunteer.stage is move.step.enters
    assert second.volunteer.history[-1].by_name == "Alongside (by itself)"


def test_a_place_on_one_course_ends_the_wait_for_another(session):
    here = place()
    full, other = here.cohort(capacity=1), here.cohort(name="Cohort 8")
    _, waiting = here.enrolled(full, 2)
    services.enrol(other, waiting.volunteer, by=here.coordinator)
    assert waiting.state is EnrolmentState.WITHDRAWN
    assert waiting.volunteer.stage is Stage.TRAINING


def test_who_was_taken_off_can_be_enrolled_again(session):
    here = place()
    cohort = here.cohort()
    (enrolment,) = here.enrolled(cohort)
    services.withdraw(enrolment, because="Ill for a month", by=here.coordinator)
    assert services.enrol(cohort, enrolment.volunteer, by=here.coordinator) is enrolment
    assert (enrolment.state, enrolment.ended_on) == (EnrolmentState.ENROLLED, None)


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.READY])
def test_only_who_is_ready_can_be_enrolled(session, stage):
    here = place()
    cohort = here.cohort()
    volunteer = VolunteerFactory(area=here.area, stage=stage)
    with pytest.raises(MoveRefused, match="cannot enrol"):
        services.enrol(cohort, volunteer, by=here.coordinator)
    assert volunteer.stage is stage
    assert cohort.enrolments == []


def test_nobody_is_enrolled_twice_nor_from_another_scheme(session):
    here = place()
    cohort = here.cohort()
    (enrolment,) = here.enrolled(cohort)
    with pytest.raises(Refused, match="already on this course"):
        services.enrol(cohort, enrolment.volunteer, by=here.coordinator)
    with pytest.raises(Refused, match="another scheme"):
        services.enrol(cohort, VolunteerFactory(stage=Stage.READY), by=here.coordinator)


def test_a_course_starts_with_people_and_finishes_after_its_last_session(session):
    here = place()
    cohort = here.cohort(capacity=1)
    with pytest.raises(Refused, match="Nobody is enrolled"):
        services.start(cohort, by=here.coordinator)
    _, waiting = here.enrolled(cohort, 2)
    services.start(cohort, by=here.coordinator)
    with pytest.raises(Refused, match="24 of its sessions are still to come"):
        services.finish(cohort, by=here.coordinator)
    with time_machine.travel(datetime(2026, 11, 20, tzinfo=UTC), tick=False):
        services.finish(cohort, by=here.coordinator)
    assert cohort.state is CohortState.FINISHED
    assert waiting.state is EnrolmentState.WITHDRAWN
    with pytest.raises(Refused, match="finished"):
        services.start(cohort, by=here.coordinator)


def test_cancelling_tells_everybody_and_gives_them_back_their_stage_without_the_reason(session):
    here = place()
    cohort = here.cohort(capacity=1)
    enrolments = here.enrolled(cohort, 2)
    services.cancel(cohort, because="The trainer is ill", by=here.coordinator)
    session.commit()
    assert {each.state for each in enrolments} == {EnrolmentState.WITHDRAWN}
    assert {each.volunteer.stage for each in enrolments} == {Stage.READY}
    letters = session.scalars(select(Message).where(Message.template == "course_cancelled")).all()
    assert {letter.volunteer_id for letter in letters} == {each.volunteer_id for each in enrolments}
    assert not any("trainer is ill" in letter.body for letter in letters)
    with pytest.raises(Refused, match="nobody can join"):
        services.enrol(cohort, enrolments[0].volunteer, by=here.coordinator)
    with pytest.raises(Refused, match="cannot be cancelled"):
        services.cancel(cohort, because="Again", by=here.coordinator)


def test_letters_about_a_course_do_not_name_the_scheme_to_somebody_who_asked_for_that(session):
    here = place()
    (volunteer,) = here.ready()
    volunteer.contact.hide_scheme_name = True
    cohort = here.cohort()
    services.enrol(cohort, volunteer, by=here.coordinator)
    services.cancel(cohort, because="The trainer is ill", by=here.coordinator)
    letters = session.scalars(select(Message).where(Message.volunteer_id == volunteer.id)).all()
    assert {letter.template for letter in letters} == {"enrolled", "course_cancelled"}
    assert not any(here.area.scheme.name in letter.subject + letter.body for letter in letters)


def test_a_role_that_has_ended_teaches_nobody(session):
    here = place()
    gone = UserFactory(role=Role.TRAINER, area=here.area)
    gone.roles_held[0].until_on = date(2026, 7, 1)
    session.commit()
    with pytest.raises(Refused, match="is not a trainer"):
        here.cohort(trainers=[gone])


def test_a_trainer_whose_role_ended_today_is_given_no_group(session):
    here = place()
    accounts.end_role(here.trainer.roles_held[0], by=here.coordinator)
    with pytest.raises(Refused, match="is not a trainer"):
        here.cohort()
