"""Every link of the record that ended is dead and calm; what was said there is read on the record that goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.access import Role
from portal.agreements import queries as agreements
from portal.assisted.queries import hashed as hashed_to_confirm
from portal.correspondence.queries import timeline
from portal.duplicates import services
from portal.interviews import services as interviews
from portal.messages.models import Message, MessageState
from portal.recommendations.queries import hashed as hashed_to_recommend
from portal.references.queries import hashed as hashed_to_refer
from portal.returning.queries import link_of
from portal.volunteers.journey import Stage
from portal.volunteers.queries import joined_with, where_token
from tests.factories import (
    AgreementFactory,
    ApplicationFactory,
    AreaFactory,
    HelperFactory,
    HistoryLineFactory,
    InterviewFactory,
    MessageFactory,
    RecommendationFactory,
    RefereeFactory,
    ReferenceFactory,
    UserFactory,
    VolunteerFactory,
)

TOKEN = "a-link-that-the-tests-know-and-nobody-else-does"


@pytest.fixture
def area(session):
    return AreaFactory(name="Quayside")


@pytest.fixture
def staff(area):
    return UserFactory(role=Role.COORDINATOR, scheme=area.scheme)


@pytest.fixture
def kept(area):
    return VolunteerFactory(area=area, stage=Stage.OFFERED)


def ending(area, stage):
    person = VolunteerFactory(area=area, stage=stage, email="jon@example.org")
    HistoryLineFactory(volunteer=person, to_stage=stage)
    return person


def talk(person):
    InterviewFactory(volunteer=person)
    return f"/talk/{interviews.link_for(person)}"


def reference(person):
    referee = RefereeFactory(application=ApplicationFactory(volunteer=person))
    ReferenceFactory(volunteer=person, referee=referee, token_hash=hashed_to_refer(TOKEN))
    return f"/references/{TOKEN}"


def recommendation(person):
    RecommendationFactory(volunteer=person, token_hash=hashed_to_recommend(TOKEN))
    return f"/recommend/{TOKEN}"


def where(person):
    return f"/where/{where_token(person)}"


def agreement(person):
    asked = AgreementFactory(scheme_id=person.scheme_id)
    return f"/acknowledge/{agreements.token_of(asked, person)}"


def to_confirm(person):
    application = ApplicationFactory(volunteer=person, submitted_at=None)
    HelperFactory(
        application=application, token_hash=hashed_to_confirm(TOKEN), sent_to=person.email,
        expires_at=clock.now() + timedelta(days=3),
    )  # fmt: skip
    return f"/is-this-yours/{TOKEN}"


def come_back(person):
    application = ApplicationFactory(volunteer=person, submitted_at=None)
    return f"/application/come-back/{link_of(application, clock.today() + timedelta(days=1))}"


@pytest.mark.parametrize(
    ("stage", "make", "before"),
    [
        (Stage.INTERVIEWING, talk, 200), (Stage.INTERVIEWING, reference, 200),
        (Stage.INTERVIEWING, recommendation, 200), (Stage.INTERVIEWING, where, 200),
        (Stage.INTERVIEWING, agreement, 410), (Stage.APPLYING, to_confirm, 200), (Stage.APPLYING, come_back, 200),
    ],
)  # fmt: skip
def test_a_link_that_worked_is_dead_and_calm(
    browser, session, area, kept, staff, stage, make, before, app, monkeypatch
):
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", False)  # the pages are gone, and their tokens with them
    other = ending(area, stage)
    area.scheme.settings = replace(area.scheme.settings, references_asked="on_sending")
    path = make(other)
    session.commit()
    browser.get(path, status=before)
    services.join(kept, other, because="Rang them", by=staff)
    session.commit()
    browser.get(path, status=410)
    assert kept.reference not in browser.html
    assert other.name not in browser.text
    if make in {where, talk, reference}:
        browser.post(f"{path}/{ {where: 'stop', talk: 'cannot-come', reference: 'send'}[make] }", status=410)


def test_whoever_had_a_talk_planned_hears_that_it_is_off_and_nothing_of_a_list(session, area, kept, staff):
    other = ending(area, Stage.INTERVIEWING)
    planned = InterviewFactory(volunteer=other)
    services.join(kept, other, because="Rang them", by=staff)
    session.flush()
    assert planned.cancelled_at is not None
    letter = session.scalars(select(Message).where(Message.volunteer_id == kept.id)).one()
    assert "will not take place" in letter.subject
    assert "Everything else goes on as before" in letter.body
    assert not {"twice", "duplicate", "/talk/"} & set(letter.body.lower().replace(",", " ").split())
    assert "/talk/" not in letter.body


def test_what_was_said_to_both_is_read_on_the_record_that_goes_on(session, area, kept, staff):
    first, second = ending(area, Stage.APPLYING), ending(area, Stage.APPLIED)
    for person in (first, second, kept):
        MessageFactory(
            volunteer_id=person.id, scheme_id=area.scheme_id, is_to_volunteer=True, subject=person.reference,
            state=MessageState.SENT, sent_at=clock.now(),
        )  # fmt: skip
    services.join(second, first, because="Rang them", by=staff)
    services.join(kept, second, because="Rang them", by=staff)
    session.flush()
    said = {line.what.rpartition(": ")[2] for line in timeline(kept)}
    assert said == {first.reference, second.reference, kept.reference}
    assert {each.id for each in joined_with(kept.id)} == {first.id, second.id}
    assert {line.what.rpartition(": ")[2] for line in timeline(second)} == {first.reference, second.reference}
