"""A kind no: read before it is sent, told by phone first, and the same words on the applicant's own page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from portal.access import Role
from portal.database import session
from portal.messages.models import Message
from portal.volunteers.journey import Stage
from tests.factories import AreaFactory, HistoryLineFactory, SignpostFactory, UserFactory, VolunteerFactory
from tests.journeys.chromium import Phone

PhoneOf = Callable[[Any], Phone]


def test_a_decline_with_a_signpost(phone_of: PhoneOf) -> None:
    area = AreaFactory()
    user = UserFactory(role=Role.VOLUNTEER, scheme=area.scheme)
    person = VolunteerFactory(area=area, user=user, stage=Stage.APPLIED, name="Megan Hughes")
    HistoryLineFactory(volunteer=person, to_stage=Stage.APPLIED)
    SignpostFactory(scheme=area.scheme, title="Wear Recovery", phone="+441914980001")
    coordinator = UserFactory(role=Role.COORDINATOR, area=area)
    session.commit()
    number = person.id
    session.expunge_all()

    desk = phone_of(coordinator).get(f"/people/{number}/decision").click("Close this application without a place")
    desk.fill({
        "Why can you not offer a place?": "The time is not right for them yet",
        "Would you like to add something to the letter?": "You listen well.",
        "Who else may help them?": ["Wear Recovery"],
        "How are they told?": "Ring them first; the letter goes when we have told them",
        "What is the reason, for the record?": "A private reason",
    }).submit("Read the letter")  # fmt: skip
    assert desk.sees("They will read this", "Wear Recovery", "You listen well.")
    desk.submit("Decide")
    assert desk.sees("Ring them", "A decision that they do not know of yet", "A private reason")

    own = phone_of(user).get("/my")
    assert own.sees("We have your application")  # no page says it before we do
    assert not own.sees("Wear Recovery")
    session.rollback()
    assert session.scalars(select(Message)).all() == []
    session.rollback()

    desk.submit("We have told them")
    assert desk.sees("Not taken on")
    own.get("/my")
    assert own.sees("now is the right time", "You listen well.", "Wear Recovery", "look at it again")
    assert not own.sees("A private reason")
    session.rollback()
    (letter,) = session.scalars(select(Message))
    assert "Wear Recovery" in (letter.body or "")
    assert "private" not in (letter.body or "")
    session.rollback()
