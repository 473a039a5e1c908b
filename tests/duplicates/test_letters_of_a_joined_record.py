"""What waits to be sent when two records are put together: nothing goes out with a dead link, and nothing is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from portal import clock
from portal.access import Role
from portal.applications.messages import application_started
from portal.correspondence.models import Reached
from portal.correspondence.queries import last_contact, silent, to_tell
from portal.duplicates import services
from portal.home.queries import blocks
from portal.messages.models import MessageState
from portal.messages.services import queue
from portal.outbox.services import HELD, claim
from portal.volunteers.journey import Stage
from portal.volunteers.messages import withdrawn
from portal.volunteers.models import Channel
from tests.factories import (
    ApplicationFactory,
    AreaFactory,
    ContactFactory,
    HistoryLineFactory,
    MessageFactory,
    UserFactory,
    VolunteerFactory,
)


@pytest.fixture
def area(session):
    return AreaFactory(name="Quayside")


@pytest.fixture
def staff(area):
    return UserFactory(role=Role.COORDINATOR, scheme=area.scheme)


@pytest.fixture
def kept(area):
    return VolunteerFactory(area=area, stage=Stage.APPLIED, email="kept@example.org", phone="+447700900111")


@pytest.fixture
def other(area):
    person = VolunteerFactory(area=area, stage=Stage.APPLYING, email="other@example.org")
    HistoryLineFactory(volunteer=person, to_stage=Stage.APPLYING)
    return person


def join(kept, other, staff):
    return services.join(kept, other, because="Rang them", by=staff)


def test_what_waits_goes_the_way_that_is_safe_for_the_record_that_goes_on(kept, other, staff, area):
    kept.contact.channel, kept.contact.hide_scheme_name = Channel.PHONE, True
    letter = queue(withdrawn(other))
    pair = join(kept, other, staff)
    assert (letter.volunteer_id, letter.state) == (kept.id, MessageState.BY_HAND)
    assert letter.to_address == kept.phone
    assert area.scheme.name not in letter.body
    assert [(row.message.id, row.volunteer.id) for row in to_tell(seen_by=staff)[0]] == [(letter.id, kept.id)]
    services.part(pair, by=staff)
    assert (letter.volunteer_id, letter.state, letter.to_address) == (other.id, MessageState.QUEUED, other.email)


def test_a_letter_that_is_there_for_its_link_is_held_back_until_they_are_parted(kept, other, staff, session):
    letter = queue(application_started(ApplicationFactory(volunteer=other, submitted_at=None), "2345-6789"))
    to_referee = MessageFactory(template="reference_requested", volunteer_id=other.id, scheme_id=other.scheme_id)
    thanks = MessageFactory(template="reference_received", volunteer_id=other.id, scheme_id=other.scheme_id)
    pair = join(kept, other, staff)
    session.flush()
    assert [each.state for each in (letter, to_referee)] == [MessageState.DEAD] * 2
    assert letter.last_error == HELD
    assert claim().id == thanks.id
    assert claim() is None
    services.part(pair, by=staff)
    assert [each.state for each in (letter, to_referee)] == [MessageState.QUEUED] * 2
    assert (letter.volunteer_id, letter.to_address, letter.last_error) == (other.id, other.email, "")


def test_what_was_held_back_for_days_does_not_come_out_of_season(kept, other, staff, session):
    letter = queue(application_started(ApplicationFactory(volunteer=other, submitted_at=None), "2345-6789"))
    pair = join(kept, other, staff)
    with time_machine.travel(clock.now() + timedelta(days=3), tick=False):
        services.part(pair, by=staff)
    assert (letter.state, letter.last_error) == (MessageState.DEAD, HELD)


def test_letters_that_are_held_back_are_nothing_to_put_right(kept, other, staff, area):
    admin = UserFactory(role=Role.SCHEME_ADMIN, scheme=area.scheme)
    queue(application_started(ApplicationFactory(volunteer=other, submitted_at=None), "2345-6789"))
    join(kept, other, staff)
    assert next(block for block in blocks(admin) if block.title == "Letters").count == 0


@pytest.mark.parametrize("kind", ["message", "call"])
def test_who_heard_from_us_under_another_record_is_not_silent(kept, other, staff, area, session, kind):
    now = clock.now()
    for each in (kept, other):
        each.stage_since = now - timedelta(days=60)
    last = VolunteerFactory(area=area, stage=Stage.APPLYING, email="last@example.org")
    HistoryLineFactory(volunteer=last, to_stage=Stage.APPLYING)
    heard = now - timedelta(days=1)
    if kind == "message":
        MessageFactory(volunteer_id=last.id, is_to_volunteer=True, state=MessageState.SENT, sent_at=heard)
    else:
        ContactFactory(volunteer=last, at=heard, reached=Reached.SPOKE, by=staff)
    session.flush()
    assert kept.id in {each.volunteer_id for each in silent(seen_by=staff)}
    join(other, last, staff)
    pair = join(kept, other, staff)
    assert last_contact(kept) == heard
    assert kept.id not in {each.volunteer_id for each in silent(seen_by=staff)}
    services.part(pair, by=staff)
    assert kept.id in {each.volunteer_id for each in silent(seen_by=staff)}
