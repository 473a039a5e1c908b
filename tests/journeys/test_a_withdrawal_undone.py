"""Somebody stops, sleeps on it, and goes on from where they were: by their own page, and by their link."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from portal.access import Role
from portal.database import session
from portal.messages.models import Message
from portal.volunteers.journey import Stage
from portal.volunteers.models import Volunteer
from tests.factories import AreaFactory, HistoryLineFactory, InterviewFactory, UserFactory, VolunteerFactory
from tests.journeys.chromium import Phone

PhoneOf = Callable[[Any], Phone]


def test_a_withdrawal_is_undone(phone_of: PhoneOf) -> None:
    area = AreaFactory()
    user = UserFactory(role=Role.VOLUNTEER, scheme=area.scheme)
    person = VolunteerFactory(area=area, user=user, stage=Stage.INTERVIEWING, name="Megan Hughes")
    HistoryLineFactory(volunteer=person, to_stage=Stage.INTERVIEWING)
    InterviewFactory(volunteer=person)
    session.commit()
    number, scheme = person.id, area.scheme.name
    session.expunge_all()

    own = phone_of(user).get("/my").click("I do not want to go on for now")
    own.fill({"Would you like to tell us why?": ["Now is not a good time for me"]}).submit("Yes, stop for now")
    assert own.heading == "You have withdrawn"
    assert own.sees("Did you change your mind?")

    session.rollback()
    letter = session.scalars(select(Message).where(Message.template == "withdrawn")).one()
    path = re.findall(r"/where/\S+", letter.body or "")[0]
    session.rollback()
    link = phone_of(None).get(path)
    assert not link.sees("Megan")
    assert not link.sees(scheme)
    link.submit("I want to go on after all")
    assert "Welcome back" in link.text, link.text
    assert link.sees("Your talk was called off when you stopped"), link.text

    session.rollback()
    assert session.get_one(Volunteer, number).stage is Stage.INTERVIEWING
    session.rollback()
    again = phone_of(user).get("/my")
    assert again.sees("We would like to talk with you")
