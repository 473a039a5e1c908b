"""A letter to a practitioner comes back: through the real outbox and a real mail server."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from portal import clock
from portal.access import Role
from portal.messages.models import Message
from portal.recommendations import gates, queries, services
from portal.volunteers.journey import Stage
from portal.worker import Worker
from tests.browser import Browser
from tests.factories import UserFactory, VolunteerFactory
from tests.mail import MailSink


@pytest.fixture
def sink():
    with MailSink() as sink:
        yield sink


def test_an_address_where_nobody_is_kills_the_link_and_waits_for_a_coordinator(app, session, sink, monkeypatch):
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], smtp_url=sink.url()))
    volunteer = VolunteerFactory(stage=Stage.APPLIED, name="Anwen Hill")
    desk = UserFactory(role=Role.COORDINATOR, area=volunteer.area)
    made = services.name_practitioner(
        volunteer, name="Priya", job="", organisation="", email="gone@example.org", phone="", by=desk
    )
    link = f"/recommend/{queries.token_of(made)}"
    session.commit()
    sink.refuse = "550 5.1.1 no such person"
    Worker(app, tasks=()).send_all()
    session.refresh(made)
    assert made.bounced_at
    assert not made.is_open(clock.now())
    assert gates.gates([volunteer])[volunteer.id][0].why == "the letter came back: another address is wanted"
    Browser(app).get(link, status=410)
    coordinator = Browser(app).sign_in_as(desk).get("/start")
    assert coordinator.sees("Recommendations to look at", "Our letter came back")
    sink.refuse = None
    services.send_again(made, email="here@example.org", phone="", by=desk)
    session.commit()
    Worker(app, tasks=()).send_all()
    session.refresh(made)
    assert made.bounced_at is None
    assert "here@example.org" in session.scalars(select(Message.to_address).where(Message.sent_at.is_not(None))).all()
    assert not coordinator.get("/start").sees("Our letter came back")
