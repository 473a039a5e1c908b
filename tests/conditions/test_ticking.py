"""Conditions of an offer are ticked one by one or several at once, and the person is told what is newly met."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.access import Role
from portal.conditions import services
from portal.decisions.models import Condition
from portal.messages.models import Message
from portal.refusals import Refused
from portal.volunteers.journey import Stage
from portal.volunteers.rules import MoveRefused
from tests.conditions.test_places import everything_done
from tests.factories import AreaFactory, ConditionFactory, OfferFactory, UserFactory, VolunteerFactory


def met_letters(session, volunteer):
    found = select(Message).where(Message.template == "conditions_met", Message.volunteer_id == volunteer.id)
    return session.scalars(found.order_by(Message.id)).all()


def test_a_place_is_not_confirmed_before_every_own_condition_is_met(session):
    from portal.decisions.models import Offer

    volunteer, by = everything_done(), UserFactory()
    offer = session.scalar(select(Offer).where(Offer.volunteer_id == volunteer.id).order_by(Offer.id.desc()))
    one, two = ConditionFactory(offer=offer, words="Come to the open day"), ConditionFactory(offer=offer)
    with pytest.raises(MoveRefused, match="Come to the open day"):
        services.confirm_place(volunteer, by=by)
    assert services.tick([one, two], note="Saw them", by=by) == 2
    assert services.tick([one, two], note="Again", by=by) == 0
    assert one.note == "Saw them"
    with pytest.raises(Refused, match="Say why"):
        services.untick(two, because=" ", by=by)
    services.untick(two, because="Another person", by=by)
    with pytest.raises(MoveRefused):
        services.confirm_place(volunteer, by=by)
    services.tick([two], note="", by=by)
    services.confirm_place(volunteer, by=by)
    assert volunteer.stage is Stage.READY


def test_they_are_told_what_is_newly_met_at_most_once_a_day_and_never_why_not(session):
    volunteer = VolunteerFactory(stage=Stage.OFFERED)
    offer = OfferFactory(volunteer=volunteer, interview__volunteer=volunteer)
    first = ConditionFactory(offer=offer, words="Come to the open day")
    second = ConditionFactory(offer=offer, words="Bring your papers")
    now = clock.now()
    services.tell_what_is_met(now)
    assert met_letters(session, volunteer) == []
    services.tick([first], note="A private note", by=UserFactory())
    services.tell_what_is_met(now)
    services.tick([second], note="", by=UserFactory())
    services.tell_what_is_met(now)
    (letter,) = met_letters(session, volunteer)
    assert "- Come to the open day" in letter.body.split("This is left")[0]
    assert "A private note" not in letter.body
    for _ in range(2):
        services.tell_what_is_met(now + timedelta(days=1))
    assert len(met_letters(session, volunteer)) == 2


def test_several_are_ticked_at_once_on_the_page(browser, session):
    area = AreaFactory()
    volunteer = VolunteerFactory(area=area, stage=Stage.OFFERED)
    offer = OfferFactory(volunteer=volunteer, interview__volunteer=volunteer)
    ConditionFactory(offer=offer, words="Come to the open day")
    ConditionFactory(offer=offer, words="Bring your papers")
    session.commit()
    desk = browser.sign_in_as(UserFactory(role=Role.COORDINATOR, area=area)).get(f"/people/{volunteer.id}/place")
    desk.submit("Save what is done", status=422)
    assert desk.errors == ["Tick what is done"]
    assert desk.title.startswith("Error: ")
    desk.fill({"Which are done?": ["Come to the open day", "Bring your papers"]}).submit("Save what is done")
    assert all(each.met_at for each in session.scalars(select(Condition).execution_options(populate_existing=True)))
    desk.click("Not met after all: Bring your papers").submit("It is not met", status=422)
    assert desk.errors == ["Say why it is not met after all"]
