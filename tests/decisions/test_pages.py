"""The pages about offers and declines, as a coordinator meets them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.access import Role
from portal.decisions import services
from portal.decisions.models import Decline, Withdrawal
from portal.decisions.rules import NO_REASON, DeclineKind
from portal.interviews.rules import ScoreArea
from portal.messages.models import Message, MessageState
from portal.volunteers.journey import Stage
from tests.factories import AreaFactory, InterviewFactory, SignpostFactory, UserFactory, VolunteerFactory

ANSWERS = {
    "Why can you not offer a place?": "There is no place", "How are they told?": "Write to them now",
    "What is the reason, for the record?": "Full",
}  # fmt: skip
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


def held(volunteer, coordinator, scores=None):
    at = clock.now() - timedelta(hours=2)
    return InterviewFactory(
        volunteer=volunteer, interviewer=coordinator, planned_at=at, held_at=at, scores=scores or GOOD
    )


def test_a_place_is_not_offered_twice_by_two_people_at_once(desk, area, coordinator, session):
    volunteer = VolunteerFactory(area=area, stage=Stage.INTERVIEWING)
    interview = held(volunteer, coordinator)
    desk.get(f"/people/{volunteer.id}/interviews/{interview.id}/offer")
    services.offer(volunteer, interview=interview, because="Kind", by=UserFactory(name="Olu Other"))
    session.commit()
    desk.fill({"Why do you offer a place?": "Nice"}).submit("Offer a place", status=409)
    assert desk.sees("Someone else changed this", "decided already: “Offered a place”, Olu Other")
    desk.submit("Offer a place", status=422)
    assert desk.errors[0].startswith("This has been decided already: “Offered a place”, Olu Other")


def test_whoever_would_decide_on_a_no_reads_that_somebody_has_just_offered_a_place(desk, area, coordinator, session):
    volunteer = VolunteerFactory(area=area, stage=Stage.INTERVIEWING)
    interview = held(volunteer, coordinator)
    desk.get(f"/people/{volunteer.id}/decline").fill(ANSWERS).submit("Read the letter")
    services.offer(volunteer, interview=interview, because="Kind", by=UserFactory(name="Olu Other"))
    session.commit()
    desk.submit("Decide", status=409)
    assert desk.sees("Someone else changed this", "decided already: “Offered a place”, Olu Other")
    assert desk.value("What is the reason, for the record?") == "Full"
    assert volunteer.stage is Stage.OFFERED


def test_whoever_comes_too_late_for_a_no_reads_who_said_it(desk, area, coordinator, session):
    volunteer = VolunteerFactory(area=area, stage=Stage.INTERVIEWING)
    desk.get(f"/people/{volunteer.id}/decline").fill(ANSWERS).submit("Read the letter")
    services.decline(volunteer, because="Full", by=UserFactory(name="Olu Other"))
    session.commit()
    desk.submit("Decide", status=409)
    assert desk.sees("decided already", "Olu Other")
    assert [each.declined_by.name for each in session.scalars(select(Decline))] == ["Olu Other"]


def test_no_place_is_offered_over_a_no_that_waits_or_another_talk_that_is_planned(desk, area, coordinator, session):
    volunteer = VolunteerFactory(area=area, stage=Stage.INTERVIEWING)
    interview = held(volunteer, coordinator)
    services.decline(volunteer, because="Full", told_by="phone", by=UserFactory(name="Olu Other"))
    InterviewFactory(volunteer=volunteer, interviewer=coordinator)
    session.commit()
    assert "Offer a place" not in desk.get(f"/people/{volunteer.id}/interviews").links()
    desk.get(f"/people/{volunteer.id}/interviews/{interview.id}/offer")
    desk.fill({"Why do you offer a place?": "Nice"}).submit("Offer a place", status=422)
    assert desk.errors == [
        "Olu Other has decided on a no that they do not know of yet: talk it over, and drop it first",
        "Another talk with them is planned: record it or cancel it first",
    ]
    assert volunteer.stage is Stage.INTERVIEWING


def test_closing_an_application_says_what_the_letter_will_say(desk, area, session):
    volunteer = VolunteerFactory(area=area, stage=Stage.APPLIED)
    desk.get(f"/people/{volunteer.id}/interviews").click("Close this application without a place")
    assert desk.sees(DeclineKind.FULL.to_applicant)
    desk.submit("Read the letter", status=422)
    assert desk.errors == ["Choose why you cannot offer a place", "Choose how they are told", "Say why, for the record"]
    desk.fill(ANSWERS).submit("Read the letter")
    assert desk.sees("They will read this", "Dear ", DeclineKind.FULL.to_applicant)
    assert volunteer.stage is Stage.APPLIED
    desk.submit("Decide")
    assert desk.banners == ["The application is closed, and a letter is on its way"]
    assert session.scalar(select(Message).where(Message.volunteer_id == volunteer.id)).template == "place_declined"
    desk.get(f"/people/{volunteer.id}/decline", status=409)
    assert desk.sees("You cannot decline a volunteer who is not taken on")


def test_somebody_without_an_email_address_is_to_be_told_by_a_person(desk, area, session):
    volunteer = VolunteerFactory(area=area, stage=Stage.APPLIED, email="", phone="+441914980000")
    desk.get(f"/people/{volunteer.id}/decline")
    assert desk.sees("tell them yourself on 0191 498 0000")
    desk.fill(ANSWERS).submit("Read the letter").submit("Decide")
    assert desk.sees("No email or text reaches them")
    (waits,) = session.scalars(select(Message).where(Message.volunteer_id == volunteer.id))
    assert waits.state is MessageState.BY_HAND


def test_two_people_decide_on_suitability_on_their_pages(desk, area, browser, session):
    volunteer = VolunteerFactory(area=area, stage=Stage.OFFERED)
    kind = {"Why can you not offer a place?": DeclineKind.SUITABILITY.words}
    desk.get(f"/people/{volunteer.id}/decline").fill(ANSWERS | kind).submit("Read the letter").submit("Decide")
    assert desk.sees("Somebody else must agree", "What it rests on")
    other = browser.sign_in_as(UserFactory(role=Role.COORDINATOR, area=area))
    other.get(f"/people/{volunteer.id}/decision").submit("I agree")
    session.refresh(volunteer)
    assert volunteer.stage is Stage.DECLINED


def test_a_withdrawal_is_written_down_and_undone_by_staff(desk, area, session):
    volunteer = VolunteerFactory(area=area, stage=Stage.APPLIED)
    desk.get(f"/people/{volunteer.id}/decision").click("They told us that they stop for now")
    desk.submit("Write it down", status=422)
    assert desk.errors == ["Choose who decided"]
    desk.fill({"Who decided?": "They decided", "What did they say?": ["It took too long"]}).submit("Write it down")
    assert desk.sees("It took too long", "Stopped for now")
    desk.submit("Undo: they go on after all")
    assert desk.sees("Welcome back")
    session.refresh(volunteer)
    assert volunteer.stage is Stage.APPLIED


def test_the_directory_is_kept_by_the_scheme_admin(browser, area):
    desk = browser.sign_in_as(UserFactory(role=Role.SCHEME_ADMIN, scheme=area.scheme)).get("/signposts")
    desk.click("Add somebody").fill({"Who may help?": "Wear Recovery", "Web address": "nowhere"})
    desk.submit(f"Save: looked at on {desk_day()}", status=422)
    assert desk.errors == ["Enter a web address that begins with https://"]
    desk.fill({"Web address": "https://wear.example"}).submit(f"Save: looked at on {desk_day()}")
    assert desk.sees("Wear Recovery", "https://wear.example")
    desk.submit("Retire Wear Recovery")
    assert desk.sees("Retired")
    desk.submit("Send people there again Wear Recovery")
    assert not desk.sees("Retired")


def test_two_who_change_one_entry_of_the_directory_are_shown_both(browser, area, session):
    entry = SignpostFactory(scheme=area.scheme, title="Wear Recovery", phone="0191 498 0001")
    desk = browser.sign_in_as(UserFactory(role=Role.SCHEME_ADMIN, scheme=area.scheme)).get(f"/signposts/{entry.id}")
    entry.about = "Groups every evening"
    session.commit()
    desk.fill({"What they do": "Groups", "Phone number": "0191 498 0002"})
    desk.submit(f"Save: looked at on {desk_day()}", status=409)
    assert desk.sees("Groups every evening", "What you typed")
    desk.fill({"Phone number": "", "Web address": ""}).submit(f"Save: looked at on {desk_day()}", status=422)
    assert desk.errors == ["Give a phone number or a web address, so that they can be reached"]
    desk.fill({"Web address": "https://wear.example"}).submit(f"Save: looked at on {desk_day()}")
    assert desk.sees("Saved, and looked at today", "Groups")


def desk_day():
    today = clock.today()
    return f"{today.day} {today:%B %Y}"


def test_why_we_decided_that_somebody_stops_is_asked_at_the_question(desk, area):
    volunteer = VolunteerFactory(area=area, stage=Stage.OFFERED)
    desk.get(f"/people/{volunteer.id}/withdrawal").fill({"decided_by": "both"})
    desk.submit("Write it down", status=422)
    assert desk.errors == [NO_REASON]
    assert 'id="our_words-error"' in desk.html
    desk.fill({"our_words": "Moved away"}).submit("Write it down")
    assert volunteer.stage is Stage.WITHDRAWN
    desk.get(f"/people/{volunteer.id}/withdrawal", status=409).click("See the decision")
    assert desk.heading == "Decision"


def test_an_offer_to_somebody_who_stopped_does_not_say_what_is_still_to_be_done(desk, area, coordinator, session):
    volunteer = VolunteerFactory(area=area, stage=Stage.INTERVIEWING)
    services.offer(volunteer, interview=held(volunteer, coordinator), because="Kind", by=coordinator)
    session.commit()
    assert desk.get(f"/people/{volunteer.id}/decision").sees("Before it can be confirmed")
    services.withdraw(volunteer, by=coordinator)
    session.commit()
    assert desk.get(f"/people/{volunteer.id}/decision").sees("A place was offered on", "No; until")
    assert not desk.sees("Before it can be confirmed")
    session.scalars(select(Withdrawal)).one().undo_until = clock.now() - timedelta(hours=1)
    session.commit()
    assert not desk.get(f"/people/{volunteer.id}/decision").sees("No; until")
