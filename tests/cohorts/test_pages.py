"""The pages of a cohort, as those who work with it go through them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from portal.access import Role
from portal.cohorts.models import Cohort, CohortState, EnrolmentState
from portal.web.formats import day
from tests.cohorts.groups import place
from tests.factories import CohortFactory, CourseVersionFactory, UserFactory

ANSWERS = {
    "Name of the group": "Cohort 8", "Where it meets": "Town Hall", "Places": "12", "First day": date(2026, 12, 15),
    "Day of the week": "Tuesday", "Starts at": "6pm", "Second day of the week, if there is one": "Thursday",
    "Second day starts at": "18:30", "Days off": "24/12/2026\n31 Dec 2026", "Course": "0",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _in_the_autumn():
    with time_machine.travel(datetime(2026, 11, 21, 9, tzinfo=UTC), tick=False):
        yield


def test_a_coordinator_sees_every_date_before_the_cohort_is_made(session, browser):
    here = place()
    browser.sign_in_as(here.coordinator).get("/cohorts").click("Make a new cohort")
    browser.fill(ANSWERS | {"Area": here.area.name, "Trainers": [here.trainer.name]}).submit("See the dates")
    assert browser.heading == "Check the dates"
    assert browser.sees("24 sessions, from 15 December 2026", "Thu 24 Dec 2026: Day off", "Thu 31 Dec 2026: Day off")
    assert session.scalars(select(Cohort)).all() == []
    browser.submit("Make this cohort")
    assert browser.heading == "Cohort 8"
    cohort = session.scalars(select(Cohort)).one()
    assert len(cohort.sessions) == 24
    assert cohort.trainers == [here.trainer]


def test_the_latest_version_of_a_course_is_offered_first(session, browser):
    here = place()
    older, newer = (CourseVersionFactory(scheme=here.area.scheme, number=number, title="Ours") for number in (8, 9))
    browser.sign_in_as(here.coordinator).get("/cohorts/new")
    choices = next(each for each in browser.root.iter("select") if each.get("name") == "course")
    assert [option.get("value") for option in choices.iter("option")] == [str(newer.id), str(older.id), "0"]
    assert browser.sees("Ours, version 9 (latest)")


def test_going_back_from_the_dates_keeps_what_was_typed(session, browser):
    here = place()
    browser.sign_in_as(here.coordinator).get("/cohorts/new")
    browser.fill(ANSWERS | {"Area": here.area.name, "Trainers": [here.trainer.name]}).submit("See the dates")
    browser.submit("Change something")
    assert browser.value("Name of the group") == "Cohort 8"
    assert browser.value("Days off").splitlines() == ["24/12/2026", "31 Dec 2026"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"Places": "61"}, "Places must be between 1 and 60"),
        ({"Starts at": "25:00"}, "The start must be a time, like 6pm or 18:30"),
        ({"Starts at": "23:30"}, "Tuesday 23:30: the session must end before midnight."),
        ({"Ends at": "17:00"}, "The end must be after the start, 18:00"),
        ({"Ends at": "19:00"}, "Session 1 lasts 120 minutes, but Tuesday 18:00 has only 60 minutes."),
        ({"Places": "0"}, "Places must be between 1 and 60"),
        ({"Places": "10,000"}, "Places must be between 1 and 60"),
        (
            {"Link to the online meeting": "meet.example.org"},
            "The link must be a whole web address that starts with https://",
        ),
        ({"Days off": "Christmas"}, "“Christmas” is not a date. Write each day off on its own line, like 24/12/2026"),
        ({"Second day starts at": ""}, "Enter the time the second day starts"),
        ({"First day": date(2040, 1, 1)}, "The first day must be within two years of today"),
        ({"Name of the group": "x" * 10_000}, "Name of the group must be 120 characters or fewer"),
    ],
)
def test_a_wrong_answer_gets_a_message_and_keeps_what_was_typed(session, browser, wrong, words):
    here = place()
    browser.sign_in_as(here.coordinator).get("/cohorts/new")
    browser.fill(ANSWERS | {"Area": here.area.name, "Trainers": [here.trainer.name]} | wrong)
    browser.submit("See the dates", status=422)
    assert browser.errors == [words]
    assert browser.value("Where it meets") == "Town Hall"


def test_a_group_without_a_room_or_link_is_asked_for_one(session, browser):
    here = place()
    browser.sign_in_as(here.coordinator).get("/cohorts/new")
    answers = ANSWERS | {"Area": here.area.name, "Trainers": [here.trainer.name], "Where it meets": ""}
    browser.fill(answers).submit("See the dates", status=422)
    assert browser.errors == ["Enter where the group meets, or the link to the online meeting"]
    browser.fill({"Link to the online meeting": "https://meet.example.org/a"}).submit("See the dates")
    assert browser.sees("Online only")
    browser.submit("Make this cohort")
    cohort = session.scalars(select(Cohort)).one()
    assert (cohort.meeting_link, cohort.days_off) == ("https://meet.example.org/a", ["2026-12-24", "2026-12-31"])


def test_a_slot_that_never_falls_on_a_free_day_is_said_so(session, browser):
    here = place()
    browser.sign_in_as(here.coordinator).get("/cohorts/new")
    mondays = "\n".join(f"{date.fromordinal(date(2026, 12, 14).toordinal() + 7 * n):%d/%m/%Y}" for n in range(64))
    answers = {"Area": here.area.name, "Trainers": [here.trainer.name], "Days off": mondays}
    alone = {"Second day of the week, if there is one": "Choose a day", "Second day starts at": ""}
    browser.fill(ANSWERS | answers | alone | {"Day of the week": "Monday"}).submit("See the dates", status=422)
    assert browser.errors[0].startswith("No free Monday was found for more than a year from 15 December 2026")


def test_several_people_are_enrolled_at_once_and_the_rest_wait(session, browser):
    here = place()
    cohort = here.cohort(capacity=2)
    people = here.ready(3)
    browser.sign_in_as(here.coordinator).get(f"/cohorts/{cohort.id}").click("Enrol people")
    assert browser.sees(f"{here.area.name}, ready since {day(people[0].stage_since)}, {people[0].reference}")
    browser.fill({"Who is ready for a course": [each.name for each in people]}).submit("Enrol")
    assert browser.banners[0] == "2 enrolled on Cohort 7"
    assert f"On the waiting list: {people[2].name}" in browser.banners[1]


def test_a_person_is_taken_off_and_the_next_one_gets_the_place(session, browser):
    here = place()
    cohort = here.cohort(capacity=1)
    first, second = here.enrolled(cohort, 2)
    browser.sign_in_as(here.coordinator).get(f"/learners/{first.id}/take-off").submit("Take off the course", status=422)
    assert browser.errors == ["Enter the reason"]
    browser.fill({"Why?": "Moved away"}).submit("Take off the course")
    session.expire_all()
    assert (first.state, second.state) == (EnrolmentState.WITHDRAWN, EnrolmentState.ENROLLED)


def test_a_course_is_started_and_cancelled_from_its_page(session, browser):
    here = place()
    cohort = here.cohort()
    here.enrolled(cohort)
    browser.sign_in_as(here.coordinator).get(f"/cohorts/{cohort.id}").submit("Start the course")
    browser.post(f"/cohorts/{cohort.id}/start", status=409)
    browser.get(f"/cohorts/{cohort.id}").click("Cancel the course")
    browser.fill({"Why?": "No room to meet in"}).submit("Cancel the course")
    session.expire_all()
    assert cohort.state is CohortState.CANCELLED
    assert browser.sees("No room to meet in")


def test_a_trainer_sees_only_what_they_teach(session, browser):
    here = place()
    mine, other = here.cohort(), here.cohort(name="Not mine", trainers=[UserFactory(role=Role.TRAINER, area=here.area)])
    browser.sign_in_as(here.trainer).get("/cohorts")
    assert browser.sees("Cohort 7")
    assert not browser.sees("Not mine")
    browser.get(f"/cohorts/{mine.id}")
    assert not browser.sees("Enrol people")
    browser.get(f"/cohorts/{other.id}", status=404)


def test_a_coordinator_who_also_trains_sees_every_cohort_of_the_area(session, browser):
    here = place()
    cohort = here.cohort()
    browser.sign_in_as(here.coordinator).get(f"/cohorts/{cohort.id}")
    assert browser.sees("Enrol people", here.trainer.name)


def test_another_schemes_cohort_is_not_there(session, browser):
    here, there = place(), place()
    cohort = there.cohort()
    (enrolment,) = there.enrolled(cohort)
    browser.sign_in_as(here.coordinator)
    for path in (f"/cohorts/{cohort.id}", f"/cohorts/{cohort.id}/enrol", f"/cohorts/{cohort.id}/cancel"):
        browser.get(path, status=404)
    browser.get(f"/learners/{enrolment.id}/take-off", status=404)


@pytest.mark.parametrize("role", [Role.TRAINER, Role.ASSESSOR, Role.IQA, Role.VOLUNTEER, Role.FUNDER_READER])
def test_only_a_coordinator_makes_cohorts(session, browser, role):
    browser.sign_in_as(UserFactory(role=role)).get("/cohorts/new", status=403)


def test_the_list_pages_by_key_and_costs_the_same_for_one_and_for_eighty(session, browser, count_queries):
    here = place()
    version = CourseVersionFactory(scheme=here.area.scheme)
    CohortFactory(area=here.area, scheme_id=here.area.scheme_id, course_version=version)
    browser.sign_in_as(here.coordinator)
    with count_queries() as one:
        browser.get("/cohorts")
    CohortFactory.create_batch(79, area=here.area, scheme_id=here.area.scheme_id, course_version=version)
    with count_queries() as eighty:
        browser.get("/cohorts")
    assert one.total == eighty.total
    first = {words for words in browser.links() if words.startswith("Cohort ")}
    browser.click("Show more cohorts")
    second = {words for words in browser.links() if words.startswith("Cohort ")}
    assert (len(first), len(second), first & second) == (40, 40, set())


def test_the_page_of_a_cohort_costs_the_same_for_one_and_for_twenty_people(session, browser, count_queries):
    here = place()
    cohort = here.cohort()
    here.enrolled(cohort)
    browser.sign_in_as(here.coordinator)
    session.expunge_all()
    with count_queries() as one:
        browser.get(f"/cohorts/{cohort.id}")
    here.enrolled(session.get(Cohort, cohort.id), 19)
    with count_queries() as twenty:
        browser.get(f"/cohorts/{cohort.id}")
    assert one.total == twenty.total


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    rubbish=st.dictionaries(
        st.sampled_from(
            ["area", "course", "name", "capacity", "starts_on", "first_day", "first_time", "trainers", "days_off", "do"]
        ),
        st.one_of(st.text(max_size=40), st.sampled_from(["0", "-1", "99999999999999999999", "save", "9:00", "1/1/1"])),
    )
)
def test_rubbish_posted_at_the_form_is_answered_with_words(session, browser, rubbish):
    if "place" not in session.info:
        session.info["place"] = place()
    browser.sign_in_as(session.info["place"].coordinator).get("/cohorts/new")
    browser.post("/cohorts/new", rubbish)
    assert browser.status in {400, 422}
