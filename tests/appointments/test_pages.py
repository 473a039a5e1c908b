"""An applicant's talk by link: come, ask for another time, call it off; links that do not work say what to do."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine

from portal import clock
from portal.access import Role
from portal.appointments import queries
from portal.appointments.rules import GONE, Part
from portal.appointments.services import WISH
from portal.interviews import services as interviews
from portal.interviews.models import InterviewLink
from portal.interviews.queries import open_interview
from portal.interviews.rules import TWICE, ScoreArea
from portal.volunteers.journey import Stage
from tests.factories import AreaFactory, InterviewFactory, SlotFactory, UserFactory, VolunteerFactory


@pytest.fixture
def volunteer(session):
    return VolunteerFactory(area=AreaFactory(), stage=Stage.INTERVIEWING)


@pytest.fixture
def talk(volunteer, session):
    """The path of their link."""
    path = f"/talk/{interviews.link_for(volunteer)}"
    session.commit()
    return path


def test_a_time_is_chosen_by_link_and_somebody_comes_along(browser, volunteer, talk):
    slot = SlotFactory(area=volunteer.area)
    browser.get(talk)
    assert browser.heading == "Choose a time to talk"
    assert browser.sees(volunteer.scheme.settings.interview_questions[0])
    browser.post(f"{talk}/take", {"slot": slot.id})
    assert browser.banners == ["Thank you. This time is yours"]
    browser.fill({"supporter": "My sister"}).submit("Save who comes with you")
    interview = open_interview(volunteer)
    assert (interview.slot_id, interview.supporter) == (slot.id, "My sister")


def test_somebody_says_that_they_come(browser, volunteer, talk):
    interview = InterviewFactory(volunteer=volunteer, planned_at=clock.now() + timedelta(days=2))
    browser.get(talk).submit("I will come")
    assert browser.sees("You come")
    assert open_interview(volunteer).accepted_at
    assert interview.is_open


def test_somebody_asks_for_another_time_and_keeps_this_one(browser, volunteer, talk):
    interview = InterviewFactory(volunteer=volunteer, planned_at=clock.now() + timedelta(days=2))
    browser.get(talk).click("I cannot come then").submit("Tell us", status=422)
    assert browser.errors
    browser.fill({"what": "ask", "words": "Any Monday"}).submit("Tell us")
    assert browser.sees("You asked for another time")
    assert interview.change_wish == "Any Monday"
    assert interview.is_open


def test_somebody_calls_it_off_and_can_choose_again(browser, volunteer, talk):
    InterviewFactory(volunteer=volunteer, planned_at=clock.now() + timedelta(days=2))
    SlotFactory(area=volunteer.area)
    browser.get(f"{talk}/cannot-come").fill({"what": "cancel", "words": ""}).submit("Tell us")
    assert browser.heading == "Choose a time to talk"
    assert open_interview(volunteer) is None
    assert browser.get(f"{talk}/cannot-come").heading == "Choose a time to talk"  # pressed in an old tab


def test_a_time_that_is_gone_or_is_none_is_said_calmly(browser, volunteer, talk):
    slot = SlotFactory(area=volunteer.area)
    InterviewFactory(slot=slot)
    SlotFactory(area=volunteer.area)
    for given, words in (({"slot": slot.id}, GONE), ({"slot": "x"}, "Choose one"), ({}, "Choose one")):
        browser.get(talk).post(f"{talk}/take", given)
        assert words in browser.banners[0]
    assert open_interview(volunteer) is None


@pytest.mark.parametrize("what", ["closed", "old", "address", "withdrawn"])
def test_a_link_that_works_no_more_is_a_calm_page(browser, volunteer, talk, session, what):
    InterviewFactory(volunteer=volunteer, planned_at=clock.now() + timedelta(days=2))
    link = session.query(InterviewLink).one()
    if what == "closed":
        link.closed_at = clock.now()
    elif what == "old":
        link.expires_at = clock.now()
    elif what == "address":
        volunteer.email = "new@example.org"
    else:
        volunteer.stage = Stage.WITHDRAWN
    session.commit()
    for path in (talk, f"{talk}/cannot-come"):
        browser.get(path, status=410)
        assert browser.heading == "This link no longer works"
        assert not browser.sees(volunteer.name)


def test_a_guessed_link_hints_at_nothing(browser, volunteer, talk):
    browser.get("/talk/" + "0" * 48, status=404)
    assert browser.heading == "This link no longer works"


def test_staff_offer_times_choose_one_on_the_phone_and_withdraw_another(browser, volunteer, session):
    cora = UserFactory(role=Role.COORDINATOR, area=volunteer.area, name="Cora")
    free, other = SlotFactory(area=volunteer.area), SlotFactory(area=volunteer.area)
    browser.sign_in_as(cora).get(f"/people/{volunteer.id}/interviews/choose")
    browser.post(f"/people/{volunteer.id}/interviews/choose", {"slot": free.id})
    assert browser.banners == ["The talk is planned, and they are written to"]
    browser.get("/interviews/times").post(f"/interviews/times/{other.id}/withdraw")
    assert browser.banners == ["This time is offered no more"]
    session.refresh(other)
    assert other.withdrawn_at


# The list of all interviews, for whoever decides


def everything(area, ida):
    """One person in each part of the list."""
    now = clock.now()
    sam = UserFactory(role=Role.INTERVIEWER, area=area, name="Sam Second")
    talks = {
        "To come": InterviewFactory(volunteer__area=area, interviewer=ida, planned_at=now + timedelta(days=3)),
        "Waiting to be recorded": InterviewFactory(
            volunteer__area=area, interviewer=ida, planned_at=now - timedelta(hours=20)
        ),
        "Half scored": InterviewFactory(
            volunteer__area=area, interviewer=ida, second=sam, planned_at=now - timedelta(hours=30)
        ),
        "To decide": InterviewFactory(
            volunteer__area=area, interviewer=ida, planned_at=now - timedelta(days=3), held_at=now - timedelta(days=3),
            scores={each.value: 3 for each in ScoreArea},
        ),
    }  # fmt: skip
    people = {part: talk.volunteer for part, talk in talks.items()}
    people["No time yet"] = VolunteerFactory(area=area, stage=Stage.INTERVIEWING)
    return talks, people


@time_machine.travel("2026-11-24 09:00", tick=False)
def test_whoever_decides_finds_every_interview_with_the_next_thing_to_do(browser, session):
    area = AreaFactory()
    ida = UserFactory(role=Role.COORDINATOR, area=area, name="Ida First")
    talks, people = everything(area, ida)
    today = InterviewFactory(volunteer__area=area, interviewer=ida, planned_at=clock.now() + timedelta(hours=2))
    browser.sign_in_as(ida).get("/interviews")
    assert browser.heading == "Interviews"
    assert re.findall(r"<h2[^>]*>([^<]+)</h2>", browser.html) == [
        "Today",
        "Waiting to be recorded",
        "To decide",
        "No time yet",
        "To come",
    ]
    assert browser.sees(today.volunteer.name, *(each.name for each in people.values()), "Ida First and Sam Second")
    assert browser.sees("Your scores are missing", "Scored 18 of 24", "Not asked to choose a time")
    next_things = {words: path for words, path in browser.links().items() if ": " in words}
    record, decide = people["Waiting to be recorded"], people["To decide"]
    assert next_things[f"Record it: {record.name}"].endswith(f"/interviews/{talks['Waiting to be recorded'].id}/record")
    assert next_things[f"Score it: {people['Half scored'].name}"].endswith(f"/mine/{talks['Half scored'].id}")
    assert next_things[f"Decide: {decide.name}"].endswith(f"/people/{decide.id}/interviews")
    for path in next_things.values():
        browser.get(path)


def test_the_list_knows_who_asks_for_another_time_and_whose_scores_are_waited_for(browser, session):
    area = AreaFactory()
    talks, people = everything(area, UserFactory(role=Role.INTERVIEWER, area=area, name="Ida First"))
    talks["To come"].change_asked_at, talks["To come"].change_wish = clock.now(), "Mondays"
    session.flush()
    browser.sign_in_as(UserFactory(role=Role.COORDINATOR, area=area)).get("/interviews")
    assert browser.sees("Waits for the scores of Ida First and Sam Second", "Asks for another time")
    browser.click(f"Find another time: {people['To come'].name}")
    assert browser.heading == "Change the interview"


def test_interviews_of_other_areas_and_of_people_who_left_are_not_listed(browser, session):
    area = AreaFactory()
    coordinator = UserFactory(role=Role.COORDINATOR, area=area)
    elsewhere = InterviewFactory(planned_at=clock.now() - timedelta(hours=1))
    gone = InterviewFactory(
        volunteer__area=area, volunteer__stage=Stage.WITHDRAWN, planned_at=clock.now() - timedelta(hours=1)
    )
    browser.sign_in_as(coordinator).get("/interviews")
    assert browser.sees("Every interview is recorded", "Nobody waits for a decision", "No other interview is planned")
    assert not browser.sees(elsewhere.volunteer.name)
    assert not browser.sees(gone.volunteer.name)
    browser.sign_in_as(UserFactory(role=Role.INTERVIEWER, area=area)).get("/interviews", status=403)


@pytest.mark.parametrize("part", list(Part))
def test_a_part_of_the_list_costs_the_same_for_one_line_and_for_eighty_and_goes_on(session, count_queries, part):
    area = AreaFactory()
    ida = UserFactory(role=Role.COORDINATOR, area=area)
    now = clock.now()
    facts = {
        Part.TODAY: {"planned_at": now + timedelta(minutes=1)},
        Part.TO_COME: {"planned_at": now + timedelta(days=3)},
        Part.TO_RECORD: {"planned_at": now - timedelta(days=3)},
        Part.TO_DECIDE: {"planned_at": now - timedelta(days=3), "held_at": now - timedelta(days=3), "scores": {}},
    }
    totals, named = [], []
    for many in (1, 79):
        for _ in range(many):
            if part is Part.NO_TIME:
                VolunteerFactory(area=area, stage=Stage.INTERVIEWING)
            else:
                InterviewFactory(volunteer__area=area, interviewer=ida, **facts[part])
        session.flush()
        session.expire_all()
        assert ida.roles_held
        with count_queries() as counted:
            assert queries.talks(part, seen_by=ida).items[0].name
        totals.append(counted.total)
    assert totals[0] == totals[1]
    after = None
    while True:
        found = queries.talks(part, seen_by=ida, after=after)
        named += [each.volunteer_id for each in found]
        if not (after := found.next_key):
            break
    assert len(named) == len(set(named)) == 80


def test_made_up_ends_of_a_page_are_the_first_page(browser, session):
    area = AreaFactory()
    InterviewFactory(volunteer__area=area)
    browser.sign_in_as(UserFactory(role=Role.COORDINATOR, area=area))
    first = browser.get("/interviews?part=to-come").text
    for made_up in ("x", "WyJ4IiwxXQ", "W251bGxd"):
        assert browser.get(f"/interviews?part=to-come&after={made_up}").text == first
    assert browser.get("/interviews?part=nonsense").heading == "Interviews"


def test_the_menu_leads_each_to_the_interviews_that_are_theirs(browser, session):
    area = AreaFactory()
    for role, path in ((Role.COORDINATOR, "/interviews"), (Role.INTERVIEWER, "/interviews/mine")):
        browser.sign_in_as(UserFactory(role=role, area=area)).get("/start")
        assert browser.links()["Interviews"] == path


def test_times_that_cannot_be_offered_are_said_at_their_questions(browser, session):
    area = AreaFactory()
    ida = UserFactory(role=Role.COORDINATOR, area=area)
    browser.sign_in_as(ida).get("/interviews").click("Times for interviews").click("Offer times")
    good = {"begins": "10am", "setting": "phone"}
    browser.fill({**good, "day": clock.today() - timedelta(days=1), "second": str(ida.id)})
    browser.submit("Offer these times", status=422)
    assert browser.errors == ["The day must be today or later", TWICE]
    browser.fill({"day": clock.today() + timedelta(days=200), "second": ""}).submit("Offer these times", status=422)
    assert browser.errors == ["Offer times in the next six months"]
    browser.fill({"day": clock.today() + timedelta(days=3)}).submit("Offer these times")
    assert browser.banners == ["The times are offered"]
    browser.click("Offer times").fill({**good, "day": clock.today() + timedelta(days=3), "begins": "10:30"})
    browser.submit("Offer these times", status=422)
    assert browser.errors == [f"{ida.name} is busy at 10:30 already"]
    assert 'id="begins-error"' in browser.html


def test_whoever_asks_for_another_time_is_asked_which_at_the_question_and_reads_with_whom_they_talk(
    browser, volunteer, talk
):
    InterviewFactory(
        volunteer=volunteer, planned_at=clock.now() + timedelta(days=2), interviewer=UserFactory(name="Ida First"),
        second=UserFactory(name="Sam Second"),
    )  # fmt: skip
    browser.get(talk)
    assert browser.sees("Ida First and Sam Second")
    browser.click("I cannot come then").fill({"what": "ask"}).submit("Tell us", status=422)
    assert browser.errors == [WISH]
    assert 'id="words-error"' in browser.html
    browser.fill({"what": "cancel"}).submit("Tell us")
    assert browser.sees("You can choose another time")
