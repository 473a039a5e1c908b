"""A hello is taken in once, answered once, and nobody who waits for doors to open is forgotten or told twice."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from sqlalchemy import func, select

from portal import clock
from portal.audit.rules import Outsider
from portal.carriers.rules import Carrier
from portal.enquiries import services
from portal.enquiries.models import Enquiry, Outcome
from portal.enquiries.services import Hello
from portal.messages.documents import post_room
from portal.messages.models import Message
from portal.refusals import Refused
from portal.schemes.models import Doors
from portal.volunteers.models import Channel
from tests.factories import AreaFactory, EnquiryFactory, SchemeFactory, UserFactory

BY = Outsider("Sam (said hello)")
BY_EMAIL = Hello("Sam", email="sam@example.org")
BY_PHONE = Hello("Sam", phone="+447700900123", channel=Channel.PHONE)


@pytest.fixture
def area(session):
    return AreaFactory(name="Seaham", slug="seaham", scheme=SchemeFactory(name="Bridgeway", slug="bridgeway"))


@pytest.fixture
def coordinator(area):
    from portal.access import Role

    return UserFactory(role=Role.COORDINATOR, scheme=area.scheme)


def letters(session, template):
    return session.scalars(select(Message).where(Message.template == template).order_by(Message.id)).all()


def how_many(session):
    return session.scalar(select(func.count()).select_from(Enquiry))


def test_a_hello_by_email_is_thanked_by_letter_with_the_day_and_the_reference(session, area):
    enquiry = services.say_hello(area, BY_EMAIL, by=BY)
    [letter] = letters(session, "enquiry_received")
    assert letter.to_address == "sam@example.org"
    assert enquiry.reference in letter.body
    assert f"{enquiry.reply_by.day} {enquiry.reply_by:%B}" in letter.body
    assert "Bridgeway" in letter.body


def test_a_hello_by_phone_gets_no_letter_and_waits_for_a_call(session, area):
    enquiry = services.say_hello(area, BY_PHONE, by=BY)
    assert letters(session, "enquiry_received") == []
    assert enquiry.answered_at is None
    assert enquiry.channel is Channel.PHONE


def test_without_any_way_to_reach_them_it_is_refused(session, area):
    with pytest.raises(Refused, match="email address or a phone number"):
        services.say_hello(area, Hello("Sam"), by=BY)


def test_who_hides_the_scheme_is_written_to_without_its_name_in_their_hours(session, area):
    hello = Hello("Sam", email="s@example.org", hide_scheme_name=True, safe_from=time(9), safe_until=time(12))
    services.say_hello(area, hello, by=BY)
    [letter] = letters(session, "enquiry_received")
    assert "Bridgeway" not in letter.body + letter.subject
    assert "mentor" not in letter.body + letter.subject
    assert (letter.safe_from, letter.safe_until) == (time(9), time(12))


def test_said_twice_it_is_one_and_new_words_are_put_to_the_old(session, area):
    first = services.say_hello(area, Hello("Sam", email="Sam@example.org", words="Hello"), by=BY)
    again = services.say_hello(area, Hello("sam", email="sam@example.org", words="Is there a lift?"), by=BY)
    assert again is first
    assert first.words == "Hello\n\nIs there a lift?"
    assert len(letters(session, "enquiry_received")) == 1


def test_another_person_on_the_same_phone_is_another_enquiry(session, area):
    services.say_hello(area, BY_PHONE, by=BY)
    services.say_hello(area, Hello("Alex", phone=BY_PHONE.phone, channel=Channel.PHONE), by=BY)
    assert how_many(session) == 2


def test_said_again_after_an_answer_it_is_a_new_one(session, area, coordinator):
    first = services.say_hello(area, BY_EMAIL, by=BY)
    services.answer(first, outcome=Outcome.NOT_NOW, note="", by=coordinator)
    assert services.say_hello(area, BY_EMAIL, by=BY) is not first
    assert services.say_hello(area, BY_EMAIL, by=BY) is not first
    assert how_many(session) == 2


def test_an_answer_is_written_down_once_and_can_be_undone(session, area, coordinator):
    enquiry = EnquiryFactory(area=area)
    promised = enquiry.reply_by
    services.answer(enquiry, outcome=Outcome.NO_ANSWER, note="Rang twice", by=coordinator)
    assert (enquiry.outcome, enquiry.answered_by_id, enquiry.note) == (Outcome.NO_ANSWER, coordinator.id, "Rang twice")
    with pytest.raises(Refused, match="answered already"):
        services.answer(enquiry, outcome=Outcome.NOT_NOW, note="", by=coordinator)
    services.undo_answer(enquiry, by=coordinator)
    assert (enquiry.answered_at, enquiry.outcome, enquiry.reply_by) == (None, None, promised)
    with pytest.raises(Refused, match="not answered yet"):
        services.undo_answer(enquiry, by=coordinator)


def test_an_application_takes_name_and_safe_contact_with_it(session, area, coordinator):
    enquiry = EnquiryFactory(
        area=area, name="Łucja", email="lucja@example.org", hide_scheme_name=True, safe_from=time(18),
        safe_until=time(20), may_leave_voicemail=True,
    )  # fmt: skip
    application, code = services.begin_application(enquiry, by=coordinator)
    person = application.volunteer
    assert (person.name, person.email, person.area) == ("Łucja", "lucja@example.org", area)
    assert (person.contact.hide_scheme_name, person.contact.safe_from) == (True, time(18))
    assert (enquiry.outcome, enquiry.volunteer) == (Outcome.APPLYING, person)
    [letter] = letters(session, "application_started")
    assert "Bridgeway" not in letter.body
    assert code
    with pytest.raises(Refused, match="already"):
        services.begin_application(enquiry, by=coordinator)
    with pytest.raises(Refused, match="An application has begun"):
        services.undo_answer(enquiry, by=coordinator)


def test_no_application_begins_in_a_closed_area(session, coordinator, area):
    area.doors = Doors.CLOSED
    enquiry = EnquiryFactory(area=area)
    with pytest.raises(Refused, match="closed for now"):
        services.begin_application(enquiry, by=coordinator)
    assert enquiry.answered_at is None


def test_who_would_like_a_text_is_thanked_and_told_by_text_where_texts_are_sent(session, area, monkeypatch):
    monkeypatch.setattr(post_room, "sends_texts", True)
    area.doors = Doors.CLOSED
    hello = Hello(
        "Sam", phone="+447700900123", channel=Channel.TEXT, tell_when_open=True, hide_scheme_name=True,
        safe_from=time(18), safe_until=time(20),
    )  # fmt: skip
    enquiry = services.say_hello(area, hello, by=BY)
    area.doors = Doors.OPEN
    session.flush()
    services.tell_of_open_doors(clock.now())
    for template in ("enquiry_received", "enquiry_area_open"):
        [text] = letters(session, template)
        assert (text.carrier, text.to_address) == (Carrier.TEXT, "+447700900123")
        assert (text.safe_from, text.safe_until) == (time(18), time(20))
        assert enquiry.reference in text.short
        assert len(text.short) <= 300
        assert "Bridgeway" not in text.short


def test_who_asked_to_hear_is_told_once_when_doors_open(session, area, coordinator):
    area.doors = Doors.CLOSED
    waits = services.say_hello(area, Hello("Sam", email="sam@example.org", tell_when_open=True), by=BY)
    services.say_hello(area, Hello("Kim", email="kim@example.org"), by=BY)
    services.answer(waits, outcome=Outcome.WAITING, note="", by=coordinator)
    assert services.tell_of_open_doors(clock.now()) == 0
    area.doors = Doors.WAITING_LIST
    session.flush()
    assert services.tell_of_open_doors(clock.now()) == 0
    area.doors = Doors.OPEN
    session.flush()
    assert services.tell_of_open_doors(clock.now()) == 1
    assert [letter.to_address for letter in letters(session, "enquiry_area_open")] == ["sam@example.org"]
    assert waits.answered_at is not None
    area.doors = Doors.CLOSED
    session.flush()
    area.doors = Doors.OPEN
    session.flush()
    waits.told_open_at = None  # as if the worker had died on the way
    assert services.tell_of_open_doors(clock.now()) == 0
    assert len(letters(session, "enquiry_area_open")) == 1


def test_who_can_only_be_rung_waits_for_a_call_when_doors_open(session, area, coordinator):
    area.doors = Doors.CLOSED
    hello = Hello("Sam", phone="+447700900123", channel=Channel.TEXT, tell_when_open=True)
    waits = services.say_hello(area, hello, by=BY)
    services.answer(waits, outcome=Outcome.WAITING, note="Likes Tuesdays", by=coordinator)
    area.doors = Doors.OPEN
    session.flush()
    with clock.moved_to(clock.now() + timedelta(days=40)):
        assert services.tell_of_open_doors(clock.now()) == 1
        assert waits.reply_by > clock.today()
    assert waits.answered_at is None
    assert waits.note == f"{services.OPENED} Likes Tuesdays"


def test_who_has_applied_meanwhile_is_not_told(session, area, coordinator):
    waits = EnquiryFactory(area=area, tell_when_open=True)
    services.begin_application(waits, by=coordinator)
    assert services.tell_of_open_doors(clock.now()) == 0
