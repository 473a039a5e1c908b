"""An interviewer's own pages: only what they are named for, and of the applicant only what they need."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal import clock
from portal.access import Role
from portal.certification.services import cv_evidence, save_cv_choice
from portal.interviews.rules import ScoreArea
from portal.volunteers.journey import Stage
from tests.factories import ApplicationFactory, AreaFactory, InterviewFactory, UserFactory, VolunteerFactory

GOOD = {each.words: "3: good" for each in ScoreArea}


@pytest.fixture
def area(session):
    return AreaFactory()


def named(area, *, second=True):
    ida = UserFactory(role=Role.INTERVIEWER, area=area, name="Ida")
    sam = UserFactory(role=Role.INTERVIEWER, area=area, name="Sam") if second else None
    interview = InterviewFactory(
        volunteer__area=area, interviewer=ida, second=sam, planned_at=clock.now() - timedelta(hours=1)
    )
    ApplicationFactory(volunteer=interview.volunteer, why="To give something back")
    return interview, ida, sam


def test_an_interviewer_scores_on_their_own_and_reads_the_other_only_afterwards(browser, area):
    interview, ida, sam = named(area)
    browser.sign_in_as(ida).get("/interviews/mine").click(interview.volunteer.reference)
    assert browser.sees("To give something back")
    for hidden in (interview.volunteer.email, interview.volunteer.phone):
        assert not hidden or hidden not in browser.html
    browser.fill({**GOOD, "Notes": "Only mine"}).submit("Save and lock my scores")
    assert browser.banners == ["Your scores are saved, and locked"]
    browser.sign_in_as(sam).get(f"/interviews/mine/{interview.id}")
    assert not browser.sees("Only mine")
    browser.fill(GOOD).submit("Save and lock my scores")
    assert browser.sees("Only mine", "What each scorer gave")


def test_an_interview_of_others_does_not_exist_for_an_interviewer(browser, area):
    interview, _ida, _sam = named(area)
    browser.sign_in_as(UserFactory(role=Role.INTERVIEWER, area=area)).get("/interviews/mine")
    assert browser.sees("not named for any interview")
    browser.get(f"/interviews/mine/{interview.id}", status=404)
    browser.get(f"/people/{interview.volunteer_id}", status=403)


def test_every_area_must_be_scored_and_what_was_typed_stays(browser, area):
    interview, ida, _sam = named(area)
    browser.sign_in_as(ida).get(f"/interviews/mine/{interview.id}").fill({"Notes": "Kept"})
    browser.submit("Save and lock my scores", status=422)
    assert len(browser.errors) == len(ScoreArea)
    assert browser.value("Notes") == "Kept"


def test_what_waits_to_be_scored_is_on_the_start_page_and_in_parts_of_the_list(browser, area):
    interview, ida, _sam = named(area)
    later = InterviewFactory(volunteer__area=area, interviewer=ida, planned_at=clock.now() + timedelta(days=3))
    browser.sign_in_as(ida).get("/start")
    assert browser.sees("Interviews to score (1)", interview.volunteer.reference)
    assert not browser.sees(later.volunteer.reference)
    browser.get("/interviews/mine")
    assert browser.sees("To score", "To come", later.volunteer.reference)
    browser.click(interview.volunteer.reference).fill(GOOD).submit("Save and lock my scores")
    assert not browser.get("/start").sees("Interviews to score (1)")
    assert browser.get("/interviews/mine").sees("You have scored")


def test_what_others_saw_is_read_and_allowed_by_the_volunteer_alone(browser, area, session):
    person = VolunteerFactory(area=area, stage=Stage.OFFERED, user=UserFactory(role=Role.VOLUNTEER, scheme=area.scheme))
    interview = InterviewFactory(
        volunteer=person, planned_at=clock.now() - timedelta(days=1), held_at=clock.now(),
        scores={each.value: 3 for each in ScoreArea}, strengths="She listens first",
    )  # fmt: skip
    session.commit()
    assert cv_evidence(person).strengths is None
    browser.sign_in_as(person.user).get("/my").click("What others saw in you")
    browser.get("/my/cv").click("Read what others saw in you")
    assert browser.sees("She listens first")
    browser.submit("Save", status=422)
    assert browser.errors == ["Choose yes or no"]
    browser.fill({"may_use": "yes"}).submit("Save")
    assert cv_evidence(person).strengths == "She listens first"
    save_cv_choice(person, shown=["hours"], own_words="", by=person.user)
    assert cv_evidence(person).strengths is None
    interview.volunteer.stage = Stage.INTERVIEWING
    session.commit()
    assert "What others saw in you" not in browser.get("/my").links()
    browser.get("/my/strengths", status=404)  # nothing is shown before it is decided


def test_a_scorer_reads_what_was_written_to_the_short_questions_and_nothing_of_who_they_are(browser, area):
    interview, ida, _sam = named(area)
    written = ApplicationFactory(
        volunteer=VolunteerFactory(area=area, stage=Stage.INTERVIEWING, email="secret@example.org"), why="",
        prompted={"why_now": "I was helped once", "good_with_people": "I listen", "practitioner_name": "Helen Hidden"},
    )  # fmt: skip
    other = InterviewFactory(volunteer=written.volunteer, interviewer=ida, planned_at=interview.planned_at)
    browser.sign_in_as(ida).get(f"/interviews/mine/{other.id}")
    assert browser.sees("I was helped once", "I listen")
    assert not browser.sees("Helen Hidden")
    assert not browser.sees("secret@example.org")


def test_the_page_about_an_interview_says_whose_scores_are_waited_for(browser, area):
    ida = UserFactory(role=Role.INTERVIEWER, area=area, name="Ida")
    cora = UserFactory(role=Role.COORDINATOR, area=area, name="Cora")
    begun = clock.now() - timedelta(hours=1)
    interview = InterviewFactory(volunteer__area=area, interviewer=ida, second=cora, planned_at=begun)
    browser.sign_in_as(cora).get(f"/people/{interview.volunteer_id}/interviews")
    assert browser.sees("To be recorded", "We wait for the scores of Ida and Cora")
    browser.click("Save your own scores").fill(GOOD).submit("Save and lock my scores")
    browser.get(f"/people/{interview.volunteer_id}/interviews")
    assert browser.sees("We wait for the scores of Ida.")
    assert "Save your own scores" not in browser.links()
    browser.sign_in_as(ida).get(f"/interviews/mine/{interview.id}").fill(GOOD).submit("Save and lock my scores")
    browser.sign_in_as(cora).get(f"/people/{interview.volunteer_id}/interviews")
    assert not browser.sees("We wait for")


def test_agreed_scores_are_asked_for_only_when_every_sheet_is_in(browser, area):
    interview, ida, sam = named(area)
    record = f"/people/{interview.volunteer_id}/interviews/{interview.id}/record"
    cora = UserFactory(role=Role.COORDINATOR, area=area)
    assert not browser.sign_in_as(cora).get(record).sees("Motivation")
    for each in (ida, sam):
        browser.sign_in_as(each).get(f"/interviews/mine/{interview.id}").fill(GOOD).submit("Save and lock my scores")
    browser.sign_in_as(cora).get(record).fill(GOOD).submit("Save the scores")
    assert browser.banners == ["The interview is recorded"]
    assert not browser.get(record).sees("Save the scores")


def test_the_second_scorer_stays_until_somebody_else_is_chosen(browser, area):
    interview, _ida, sam = named(area)
    browser.sign_in_as(UserFactory(role=Role.COORDINATOR, area=area, name="Cora"))
    browser.get(f"/people/{interview.volunteer_id}/interviews/{interview.id}/second").fill({"Why?": "Ill"})
    browser.submit("Save", status=422)
    assert browser.errors == ["Choose somebody else, or nobody"]
    assert interview.second_id == sam.id
    browser.fill({"Who is the second scorer?": "Cora"}).submit("Save")
    assert interview.second.name == "Cora"
