"""The letters that bring people to their sessions: their link once, and a reminder the day before each."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal import clock
from portal.access import Role
from portal.apologies import services
from portal.apologies.models import ApologyLink
from portal.carriers.rules import Carrier
from portal.cohorts.models import EnrolmentState, Pause
from portal.database import session as database
from portal.messages.documents import post_room
from portal.messages.models import Message
from portal.timetable import services as timetable
from portal.volunteers.journey import Stage
from portal.volunteers.models import Channel
from portal.worker import TASKS
from tests.apologies.test_telling import tell
from tests.attendance.groups import group
from tests.factories import UserFactory

WEDNESDAY = datetime(2026, 10, 7, 9, tzinfo=UTC)
"""Ten in London, on the day before session 12."""


@pytest.fixture(autouse=True)
def _the_day_before_session_twelve():
    with time_machine.travel(WEDNESDAY, tick=False):
        yield


def letters(template):
    return database.scalars(select(Message).where(Message.template == template).order_by(Message.id)).all()


def remind():
    services.remind(clock.now())
    database.commit()


def send_links():
    services.send_links(clock.now())
    database.commit()


def test_everybody_on_a_course_is_sent_their_own_link_once(session, browser):
    group(2)
    send_links()
    send_links()
    sent = letters("link_to_tell")
    assert len(sent) == 2
    paths = [re.search(r"/cannot-come/\S+", letter.body).group() for letter in sent]
    assert len(set(paths)) == 2
    browser.get(paths[0])
    assert browser.heading.startswith("Hello")


def test_a_new_address_is_sent_a_new_link(session):
    here = group(1)
    send_links()
    here.people[0].volunteer.email = "new@example.org"
    send_links()
    assert [letter.to_address for letter in letters("link_to_tell")][1:] == ["new@example.org"]


def _without_email(here):
    here.people[0].volunteer.email = ""


def _rather_rung(here):
    here.people[0].volunteer.contact.channel = Channel.PHONE


def _paused(here):
    here.people[0].state = EnrolmentState.PAUSED


def _on_a_break(here):
    trainer = here.trainer
    pause = Pause(enrolment_id=here.people[0].id, from_on=date(2026, 10, 1), until_on=None, paused_by_id=trainer.id)
    database.add(pause)


def _withdrawn(here):
    here.people[0].state, here.people[0].ended_on = EnrolmentState.WITHDRAWN, date(2026, 10, 2)


def _stopped(here):
    here.people[0].volunteer.stage = Stage.WITHDRAWN


@pytest.mark.parametrize("change", [_without_email, _rather_rung, _paused, _on_a_break, _withdrawn, _stopped])
def test_nothing_goes_to_who_is_not_there_or_cannot_be_written_to(session, change):
    here = group(1)
    change(here)
    database.commit()
    send_links()
    remind()
    assert letters("link_to_tell") == letters("session_reminder") == []
    assert session.scalars(select(ApologyLink)).all() == []


def test_the_reminder_says_when_where_and_what_to_do(session, browser):
    here = group(1)
    remind()
    (letter,) = letters("session_reminder")
    assert letter.subject == "Your next session: Thursday 8 October, 18:00 to 20:00"
    assert "omorrow" not in letter.subject + letter.body  # safe hours may hold it until the day itself
    for words in ("Thursday 8 October, 18:00 to 20:00", "Where: The Hub", "If you cannot come", "0191 498 0000"):
        assert words in letter.body
    assert "Join online" not in letter.body
    browser.get(re.search(r"/cannot-come/\S+", letter.body).group())
    assert browser.heading == f"Hello {here.people[0].volunteer.name.split()[0]}"


def test_an_online_session_is_joined_by_the_portals_door_or_without_an_account_by_its_own(session):
    here = group(2)
    here.cohort_made.meeting_link, here.cohort_made.venue = "https://meet.example/abc", ""
    here.people[0].volunteer.user = UserFactory(role=Role.VOLUNTEER, scheme=here.area.scheme)
    database.commit()
    remind()
    with_account, without = letters("session_reminder")
    assert f"/sessions/{here.held(12).id}/join" in with_account.body
    assert "meet.example" not in with_account.body
    assert "Join online: https://meet.example/abc" in without.body
    assert "Where:" not in without.body


def test_each_session_and_time_is_reminded_of_once(session):
    here = group(1)
    remind()
    remind()
    assert len(letters("session_reminder")) == 1
    here.held(12).starts_at += timedelta(hours=1)
    here.held(12).ends_at += timedelta(hours=1)
    remind()
    assert len(letters("session_reminder")) == 2


@pytest.mark.parametrize(("hour", "sent"), [(7, 0), (8, 1), (22, 1)])
def test_reminders_go_in_the_day_by_londons_clock(session, hour, sent):
    group(1)
    with time_machine.travel(WEDNESDAY.replace(hour=hour), tick=False):  # 08:00, 09:00 and 23:00 in London
        remind()
    assert len(letters("session_reminder")) == sent


def test_who_told_us_already_and_who_has_nothing_to_come_to_are_left_in_peace(session):
    here = group(2)
    tell(here)
    remind()
    (letter,) = letters("session_reminder")
    assert letter.volunteer_id == here.people[1].volunteer_id
    with time_machine.travel(WEDNESDAY + timedelta(days=5), tick=False):
        timetable.cancel_session(here.held(13), because="Snow", by=here.trainer)
        remind()
    assert len(letters("session_reminder")) == 1


# By text, for whoever chose texts

PHONE = "+447700900123"


@pytest.fixture
def by_text(monkeypatch, session):
    """One learner without e-mail who asked for texts, and a portal that sends them."""
    monkeypatch.setattr(post_room, "sends_texts", True)
    here = group(1)
    person = here.people[0].volunteer
    person.email, person.phone, person.contact.channel = "", PHONE, Channel.TEXT
    database.commit()
    return here


def test_who_chose_texts_gets_the_link_and_the_reminder_as_texts(by_text, browser):
    send_links()
    send_links()
    remind()
    for template in ("link_to_tell", "session_reminder"):
        (letter,) = letters(template)
        assert (letter.carrier, letter.to_address) == (Carrier.TEXT, PHONE)
        assert len(letter.words) <= 306, "two texts in one are enough"
        browser.get(re.search(r"/cannot-come/[\w-]+", letter.words).group())
        assert browser.heading.startswith("Hello")


def test_a_link_sent_by_text_dies_with_the_number_and_the_new_number_gets_its_own(by_text, browser):
    send_links()
    (first,) = letters("link_to_tell")
    by_text.people[0].volunteer.phone = "+447700900456"
    database.commit()
    browser.get(re.search(r"/cannot-come/[\w-]+", first.words).group(), status=410)
    send_links()
    assert [letter.to_address for letter in letters("link_to_tell")] == [PHONE, "+447700900456"]


def test_a_text_about_a_session_waits_for_the_hours_that_are_safe_and_never_names_a_hidden_scheme(by_text):
    contact = by_text.people[0].volunteer.contact
    contact.safe_from, contact.safe_until, contact.hide_scheme_name = time(18), time(20), True
    database.commit()
    remind()
    (letter,) = letters("session_reminder")
    assert letter.next_try_at == WEDNESDAY.replace(hour=17), "six in the evening in London"
    assert by_text.area.scheme.name not in letter.words


def test_without_a_service_for_texts_their_email_takes_its_place_and_without_one_nothing_is_made(by_text, monkeypatch):
    monkeypatch.setattr(post_room, "sends_texts", False)
    send_links()
    remind()
    assert database.scalars(select(ApologyLink)).all() == []
    by_text.people[0].volunteer.email = "new@example.org"
    database.commit()
    send_links()
    (letter,) = letters("link_to_tell")
    assert (letter.carrier, letter.to_address) == (Carrier.EMAIL, "new@example.org")


def test_the_worker_does_both():
    names = {task.name for task in TASKS}
    assert {"apologies.send_links", "apologies.remind"} <= names
