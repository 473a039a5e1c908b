"""The pages about offers and declines, as a coordinator meets them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.access import Role
from portal.decisions.rules import DeclineKind
from portal.interviews.rules import ScoreArea
from portal.messages.models import Message
from portal.volunteers.journey import Stage
from tests.factories import AreaFactory, InterviewFactory, UserFactory, VolunteerFactory

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
    volunteer.stage = Stage.OFFERED
    session.commit()
    desk.fill({"Why do you offer a place?": "Nice"}).submit("Offer a place", status=409)
    assert desk.sees("Someone else changed this", "Offered a place since")


def test_closing_an_application_says_what_the_letter_will_say(desk, area, session):
    volunteer = VolunteerFactory(area=area, stage=Stage.APPLIED)
    desk.get(f"/people/{volunteer.id}/interviews").click("Close this application without a place")
    assert desk.sees(DeclineKind.FULL.to_applicant)
    desk.submit("Close and write to them", status=422)
    assert desk.errors == ["Choose why you cannot offer a place", "Say why, for the record"]
    desk.fill({"Why can you not offer a place?": "There is no place", "What is the reason, for the record?": "Full"})
    desk.submit("Close and write to them")
    assert desk.banners == ["The application is closed, and a letter is on its way"]
    assert session.scalar(select(Message).where(Message.volunteer_id == volunteer.id)).template == "place_declined"
    desk.get(f"/people/{volunteer.id}/decline", status=409)
    assert desk.sees("You cannot decline a volunteer who is not taken on")


def test_somebody_without_an_email_address_is_to_be_told_by_a_person(desk, area, session):
    volunteer = VolunteerFactory(area=area, stage=Stage.APPLIED, email="", phone="+441914980000")
    desk.get(f"/people/{volunteer.id}/decline")
    assert desk.sees("tell them yourself on 0191 498 0000")
    desk.fill({"Why can you not offer a place?": "There is no place", "What is the reason, for the record?": "Full"})
    desk.submit("Close and write to them")
    assert desk.sees("no letter was sent")
    assert session.scalars(select(Message).where(Message.volunteer_id == volunteer.id)).all() == []
