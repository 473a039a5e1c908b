"""The pages about interviews, as a coordinator meets them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.access import Role
from portal.interviews.models import Interview
from portal.interviews.rules import PAST, TWICE, ScoreArea
from portal.volunteers.journey import Stage
from tests.factories import (
    ApplicationFactory,
    AreaFactory,
    InterviewFactory,
    RefereeFactory,
    UserFactory,
    VolunteerFactory,
)

RUBBISH = ["\0", "x" * 10_000, "\u202e\u0627", "👩🏽‍🦽", "<script>alert(1)</script>", "   "]
GOOD = {area.value: 3 for area in ScoreArea}


@pytest.fixture
def area(session):
    return AreaFactory()


@pytest.fixture
def coordinator(area):
    return UserFactory(role=Role.COORDINATOR, area=area, name="Cora Coordinator")


@pytest.fixture
def desk(browser, coordinator):
    return browser.sign_in_as(coordinator)


def tomorrow():
    return clock.today() + timedelta(days=1)


def filled(desk, **scores):
    words = {0: "0: no evidence, or worrying", 3: "3: good", 4: "4: very good"}
    return desk.fill({each.words: words[scores.get(each.value, 3)] for each in ScoreArea})


def held(volunteer, coordinator, scores=None):
    at = clock.now() - timedelta(hours=2)
    return InterviewFactory(
        volunteer=volunteer, interviewer=coordinator, planned_at=at, held_at=at, scores=scores or GOOD
    )


def test_from_the_application_to_the_offer(desk, area, coordinator, session):
    volunteer = VolunteerFactory(area=area, stage=Stage.APPLIED, name="Łukasz ‎محمد")
    RefereeFactory(application=ApplicationFactory(volunteer=volunteer))
    desk.get(f"/people/{volunteer.id}/interviews")
    assert desk.sees("No interview has been planned yet")
    desk.click("Plan an interview").fill(
        {"Which day?": tomorrow(), "What time?": "2pm", "How will you talk?": "In person"}
    ).fill({"Where, or which number or link?": "The Hub", "Who will talk with them?": "Cora Coordinator"})
    desk.submit("Plan the interview")
    assert desk.banners == ["The interview is planned"]
    assert desk.sees("In person", "2:00pm", "The Hub")
    session.scalar(select(Interview)).planned_at = clock.now() - timedelta(hours=1)
    session.commit()
    desk.click("Record this interview")
    filled(desk, listening=4).fill({"Notes": "Warm and honest", "Who else was there for us?": "Sam"})
    desk.submit("Save the scores")
    assert desk.banners == ["The interview is recorded"]
    assert desk.sees("Warm and honest", "and Sam")
    desk.click("Offer a place")
    assert desk.sees("a DBS check is done")
    desk.fill({"Why do you offer a place?": "Listens well"}).submit("Offer a place")
    assert desk.banners == ["A place is offered, and the referees are asked"]
    assert desk.sees("A place was offered on", "Before it can be confirmed")


def test_an_invitation_says_at_the_field_what_is_missing_and_keeps_what_was_typed(desk, area):
    volunteer = VolunteerFactory(area=area, stage=Stage.APPLIED)
    desk.get(f"/people/{volunteer.id}/interviews/new").fill({"Where, or which number or link?": "The Hub"})
    desk.submit("Plan the interview", status=422)
    assert desk.errors == ["Enter the day", "Enter the time", "Choose how you will talk"]
    assert desk.value("Where, or which number or link?") == "The Hub"
    desk.fill({"Which day?": tomorrow(), "What time?": "10am", "How will you talk?": "By video"})
    desk.fill({"Where, or which number or link?": ""}).submit("Plan the interview", status=422)
    assert desk.errors == ["Enter the link for the video call"]
    desk.fill({"Which day?": clock.today() - timedelta(days=1), "How will you talk?": "By phone"})
    desk.submit("Plan the interview", status=422)
    assert desk.errors == ["The interview must be in the future"]


def test_only_workers_of_the_area_may_be_chosen_to_interview(desk, area):
    UserFactory(role=Role.COORDINATOR, name="From elsewhere")
    UserFactory(role=Role.TRAINER, area=area, name="Tom Trainer")
    UserFactory(role=Role.COORDINATOR, area=AreaFactory(scheme=area.scheme), name="Next town")
    UserFactory(role=Role.COORDINATOR, scheme=area.scheme, name="Whole scheme")
    volunteer = VolunteerFactory(area=area, stage=Stage.APPLIED)
    desk.get(f"/people/{volunteer.id}/interviews/new")
    assert desk.sees("Whole scheme", "Cora Coordinator")
    for name in ("From elsewhere", "Tom Trainer", "Next town"):
        assert not desk.sees(name)
    desk.post(desk.path, {"interviewer": "999999999"}, status=422)
    assert "Choose one of the answers on the list" in desk.errors


@pytest.mark.parametrize("rubbish", RUBBISH)
def test_rubbish_in_any_field_is_answered_calmly(desk, area, coordinator, rubbish):
    volunteer = VolunteerFactory(area=area, stage=Stage.INTERVIEWING)
    interview = InterviewFactory(volunteer=volunteer, interviewer=coordinator)
    start = f"/people/{volunteer.id}"
    one = f"{start}/interviews/{interview.id}"
    for path in (f"{start}/interviews/new", f"{one}/record", f"{one}/cancel", f"{one}/offer", f"{start}/decline"):
        desk.get(path)
        names = [field.get("name") for field in desk._inputs() if field.get("name") not in {None, "csrf_token"}]
        desk.post(path, dict.fromkeys(names, rubbish))
        assert desk.status in {200, 409, 422}


def test_every_area_must_be_scored(desk, area, coordinator):
    volunteer = VolunteerFactory(area=area, stage=Stage.INTERVIEWING)
    interview = InterviewFactory(volunteer=volunteer, interviewer=coordinator)
    desk.get(f"/people/{volunteer.id}/interviews/{interview.id}/record")
    desk.fill({"Motivation": "3: good"}).submit("Save the scores", status=422)
    assert desk.errors == [f"Score {area.words.lower()}" for area in ScoreArea if area is not ScoreArea.MOTIVATION]


def test_a_0_on_safeguarding_says_refer_and_offers_no_place(desk, area, coordinator):
    volunteer = VolunteerFactory(area=area, stage=Stage.INTERVIEWING)
    interview = InterviewFactory(
        volunteer=volunteer, interviewer=coordinator, planned_at=clock.now() - timedelta(hours=1)
    )
    desk.get(f"/people/{volunteer.id}/interviews/{interview.id}/record")
    filled(desk, safeguarding=0).submit("Save the scores")
    assert desk.sees("Refer to the safeguarding lead")
    assert "Offer a place" not in desk.links()
    desk.get(f"/people/{volunteer.id}/interviews/{interview.id}/offer")
    desk.fill({"Why do you offer a place?": "Nice"}).submit("Offer a place", status=422)
    assert desk.errors[0].startswith("An answer about keeping people safe was scored 0")


def test_scores_that_somebody_else_saved_meanwhile_are_shown_beside_what_was_typed(desk, area, coordinator, session):
    volunteer = VolunteerFactory(area=area, stage=Stage.INTERVIEWING)
    at = clock.now() - timedelta(hours=1)
    interview = InterviewFactory(volunteer=volunteer, interviewer=coordinator, planned_at=at)
    desk.get(f"/people/{volunteer.id}/interviews/{interview.id}/record")
    interview.held_at, interview.scores = at, GOOD | {"motivation": 1}
    session.commit()
    filled(desk, motivation=4).fill({"Notes": "Mine"}).submit("Save the scores", status=409)
    assert desk.sees("Someone else changed this", "Motivation: 1")
    assert desk.value("Notes") == "Mine"


def test_an_interview_can_be_cancelled_and_planned_again(desk, area, coordinator):
    volunteer = VolunteerFactory(area=area, stage=Stage.INTERVIEWING)
    InterviewFactory(volunteer=volunteer, interviewer=coordinator)
    desk.get(f"/people/{volunteer.id}/interviews").click("Cancel this interview")
    desk.submit("Cancel the interview", status=422)
    assert desk.errors == ["Choose who called it off", "Say why it is cancelled"]
    desk.fill({"Why will it not take place?": "Flu", "Who called it off?": "We did"}).submit("Cancel the interview")
    assert desk.sees("Cancelled", "Flu", "Plan another interview")


@pytest.mark.parametrize("tail", ["interviews", "interviews/new", "decline"])
def test_people_of_another_scheme_or_area_do_not_exist(desk, area, tail):
    for other in (VolunteerFactory(), VolunteerFactory(area=AreaFactory(scheme=area.scheme))):
        desk.get(f"/people/{other.id}/{tail}", status=404)


def test_an_interview_is_found_only_under_its_own_person(desk, area, coordinator):
    one, other = (VolunteerFactory(area=area, stage=Stage.INTERVIEWING) for _ in range(2))
    interview = InterviewFactory(volunteer=one, interviewer=coordinator)
    for tail in ("record", "cancel", "offer"):
        desk.get(f"/people/{other.id}/interviews/{interview.id}/{tail}", status=404)


@pytest.mark.parametrize("role", [Role.TRAINER, Role.DBS_OFFICER, Role.APPROVER, Role.SAFEGUARDING_LEAD])
def test_whoever_does_not_decide_applications_sees_no_interview(browser, area, role):
    volunteer = VolunteerFactory(area=area)
    browser.sign_in_as(UserFactory(role=role, scheme=area.scheme)).get(f"/people/{volunteer.id}/interviews", status=403)


def test_the_page_costs_the_same_for_one_and_for_ten_interviews(desk, area, coordinator, count_queries):
    volunteer = VolunteerFactory(area=area, stage=Stage.INTERVIEWING)
    held(volunteer, coordinator)
    with count_queries() as one:
        desk.get(f"/people/{volunteer.id}/interviews")
    for _ in range(9):
        held(volunteer, UserFactory())
    with count_queries() as ten:
        desk.get(f"/people/{volunteer.id}/interviews")
    assert one.total == ten.total


def test_somebody_who_has_another_talk_then_is_named_at_the_question(desk, area, coordinator):
    second = UserFactory(role=Role.INTERVIEWER, area=area, name="Sam Second")
    at = (clock.now() + timedelta(days=2)).replace(hour=14, minute=0, second=0, microsecond=0)
    InterviewFactory(interviewer=UserFactory(), second=second, planned_at=at)
    busy = InterviewFactory(interviewer=coordinator, planned_at=at + timedelta(minutes=30), minutes=30)
    volunteer = VolunteerFactory(area=area, stage=Stage.APPLIED)
    shown = clock.in_london(at)
    desk.get(f"/people/{volunteer.id}/interviews/new").fill(
        {
            "day": shown.date(), "time": f"{shown:%H:%M}",
            "setting": "phone", "second": str(second.id), "interviewer": str(coordinator.id),
        }
    )  # fmt: skip
    desk.submit("Plan the interview", status=422)
    ends = clock.in_london(busy.planned_at + timedelta(minutes=30))
    assert desk.errors == [
        f"Cora Coordinator has another talk from {clock.in_london(busy.planned_at):%H:%M} to {ends:%H:%M}. "
        "Choose another time, or somebody else",
        f"Sam Second has another talk from {shown:%H:%M} to {clock.in_london(at + timedelta(minutes=45)):%H:%M}. "
        "Choose another time, or somebody else",
    ]
    for field in ("interviewer", "second"):
        assert f'href="#{field}"' in desk.html
        assert f'id="{field}-error"' in desk.html
    desk.fill({"second": "", "minutes": "30"}).submit("Plan the interview")
    assert desk.banners == ["The interview is planned"]


def test_a_talk_that_moves_is_not_in_its_own_way_but_others_are(desk, area, coordinator):
    at = (clock.now() + timedelta(days=2)).replace(second=0, microsecond=0)
    talk = InterviewFactory(volunteer__area=area, interviewer=coordinator, planned_at=at)
    InterviewFactory(interviewer=coordinator, planned_at=at + timedelta(hours=2))
    later = clock.in_london(at + timedelta(minutes=15))
    desk.get(f"/people/{talk.volunteer_id}/interviews/{talk.id}/change")
    desk.fill({"day": later.date(), "time": f"{later:%H:%M}", "minutes": "120"})
    desk.submit("Change the interview", status=422)
    assert [each.split(" from ")[0] for each in desk.errors] == ["Cora Coordinator has another talk"]
    desk.fill({"minutes": "105"}).submit("Change the interview")
    assert desk.banners == ["The interview is changed, and everybody is told"]


def test_a_past_time_and_one_person_twice_are_said_at_their_questions(desk, area, coordinator):
    volunteer = VolunteerFactory(area=area, stage=Stage.APPLIED)
    desk.get(f"/people/{volunteer.id}/interviews/new").fill(
        {
            "day": clock.today() - timedelta(days=9), "time": "10am", "setting": "phone", "second": str(coordinator.id),
        }
    )  # fmt: skip
    desk.submit("Plan the interview", status=422)
    assert desk.errors == [PAST, TWICE]
    assert 'id="day-error"' in desk.html
    assert 'id="second-error"' in desk.html
