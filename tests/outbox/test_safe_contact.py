"""Safe contact: the outbox goes the way and at the hours that somebody asked for, and says no name it must not say."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from portal.carriers.rules import Carrier
from portal.clock import LONDON, in_london
from portal.messages.documents import calendar_without, post_room
from portal.messages.models import Message, MessageState
from portal.messages.rules import Letter, is_open, next_safe, without_name
from portal.messages.services import queue
from portal.outbox import queries, services
from portal.refusals import Refused
from portal.volunteers.messages import signed_by, withdrawn
from portal.volunteers.models import Channel
from portal.volunteers.services import Details, Reaching, change_details
from tests.factories import (
    ContactPreferenceFactory,
    MessageFactory,
    SchemeFactory,
    UserFactory,
    VolunteerFactory,
)

PHONE = "+447700900123"
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def texts(monkeypatch):
    """The portal sends texts."""
    monkeypatch.setattr(post_room, "sends_texts", True)


def somebody(channel=Channel.EMAIL, *, email="sian@example.org", phone=PHONE, **contact):
    """A volunteer who asked to be reached like this."""
    volunteer = VolunteerFactory(name="Siân", email=email, phone=phone, contact=None)
    ContactPreferenceFactory(volunteer=volunteer, channel=channel, **contact)
    return volunteer


def told(volunteer) -> Message:
    """A letter to them, queued."""
    message = queue(withdrawn(volunteer))
    services.session.commit()
    return message


@pytest.mark.parametrize(
    ("channel", "email", "phone", "carrier", "address"),
    [
        (Channel.EMAIL, "sian@example.org", PHONE, Carrier.EMAIL, "sian@example.org"),
        (Channel.EMAIL, "", PHONE, Carrier.HAND, PHONE),
        (Channel.TEXT, "sian@example.org", PHONE, Carrier.TEXT, PHONE),
        (Channel.TEXT, "sian@example.org", "", Carrier.HAND, ""),
        (Channel.PHONE, "sian@example.org", PHONE, Carrier.HAND, PHONE),
        (Channel.POST, "sian@example.org", PHONE, Carrier.HAND, ""),
        (Channel.POST, "", "", Carrier.HAND, ""),
    ],
)
def test_a_letter_goes_by_the_way_they_chose_and_no_other(session, texts, channel, email, phone, carrier, address):
    message = told(somebody(channel, email=email, phone=phone))
    assert (message.carrier, message.to_address) == (carrier, address)
    assert (message.state is MessageState.BY_HAND) == (carrier is Carrier.HAND)


def test_without_a_service_for_texts_they_have_an_email_and_without_an_address_a_call(session):
    assert told(somebody(Channel.TEXT)).carrier is Carrier.EMAIL
    assert told(somebody(Channel.TEXT, email="")).carrier is Carrier.HAND


def test_whoever_caused_it_is_told_how_they_hear(session, texts):
    assert told(somebody()).how_they_hear == "They are sent an email"
    assert told(somebody(Channel.TEXT)).how_they_hear == "They are sent a text message"
    assert told(somebody(Channel.PHONE)).how_they_hear == "Somebody has to tell them: ring them on 07700 900123"
    assert told(somebody(Channel.POST)).how_they_hear == "Somebody has to tell them: write or speak to them"
    hours = somebody(safe_from=time(18), safe_until=time(20))
    assert told(hours).how_they_hear == "They are sent an email, between 18:00 and 20:00"


def test_a_letter_by_post_is_whole_and_a_call_has_the_words_of_a_text(session):
    by_post, by_phone = told(somebody(Channel.POST)), told(somebody(Channel.PHONE))
    assert by_post.words == by_post.body
    assert by_phone.words == by_phone.short
    assert len(by_phone.short) <= 300


def test_somebody_else_without_an_address_still_gets_nothing(session):
    assert queue(Letter("staff_sign_in", "", "A")) is None


def test_what_is_not_worth_a_call_waits_for_nobody(session):
    volunteer = somebody(Channel.PHONE)
    facts = {"signed_by": "A", "phone": "", "path": "/x"}
    letter = Letter("link_to_tell", "", "A", facts, volunteer_id=volunteer.id, to_volunteer=True, is_worth_a_call=False)
    assert queue(letter) is None
    assert session.query(Message).count() == 0


# Hours


def test_a_letter_at_noon_waits_for_the_evening_and_no_worker_sends_it_before(session, worker, sink):
    volunteer = somebody(safe_from=time(18), safe_until=time(20))
    at_work = worker()
    with time_machine.travel(NOON, tick=False):
        message = told(volunteer)
        assert message.next_try_at == NOON.replace(hour=18)
        assert at_work.send_all() == 0
    with time_machine.travel(NOON.replace(hour=18, minute=1), tick=False):
        assert at_work.send_all() == 1
    assert len(sink.received) == 1


def test_a_mail_server_that_was_down_until_the_hours_were_over_sends_on_the_next_day(session, worker, sink):
    volunteer = somebody(safe_from=time(18), safe_until=time(20))
    at_work = worker()
    with time_machine.travel(NOON, tick=False):
        message = told(volunteer)
    sink.refuse = "451 later"
    with time_machine.travel(NOON.replace(hour=19, minute=59, second=30), tick=False):
        assert at_work.send_all() == 0
    sink.refuse = None
    session.refresh(message)
    assert message.next_try_at == NOON.replace(hour=18) + timedelta(days=1)
    message.next_try_at = NOON  # whatever the row says: the hours are asked at the time of sending
    session.commit()
    with time_machine.travel(NOON.replace(hour=20), tick=False):
        assert at_work.send_all() == 0
    with time_machine.travel(NOON.replace(hour=18) + timedelta(days=1), tick=False):
        assert at_work.send_all() == 1


@pytest.mark.parametrize(
    ("at", "goes"),
    [
        (datetime(2026, 11, 24, 21, 59, tzinfo=UTC), 0), (datetime(2026, 11, 24, 22, tzinfo=UTC), 1),
        (datetime(2026, 11, 25, 1, 59, tzinfo=UTC), 1), (datetime(2026, 11, 25, 2, tzinfo=UTC), 0),
        # in summer the same clocks on the wall are an hour earlier in UTC
        (datetime(2026, 7, 1, 20, 59, tzinfo=UTC), 0), (datetime(2026, 7, 1, 21, tzinfo=UTC), 1),
        # the night of 29 March 2026 has no hour from one to two; that of 25 October has it twice
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), 1), (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), 0),
        (datetime(2026, 10, 25, 1, 59, tzinfo=UTC), 1), (datetime(2026, 10, 25, 2, 0, tzinfo=UTC), 0),
    ],
)  # fmt: skip
def test_hours_over_midnight_by_londons_clocks(session, worker, sink, at, goes):
    with time_machine.travel(at, tick=False):
        MessageFactory(safe_from=time(22), safe_until=time(2), next_try_at=at - timedelta(days=1))
        assert worker().send_all() == goes


TIMES = st.times().map(lambda each: each.replace(second=0, microsecond=0, fold=0))


@given(
    at=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    safe_from=TIMES, safe_until=TIMES,
)  # fmt: skip
def test_the_next_safe_moment_is_safe_and_none_before_it_is(at, safe_from, safe_until):
    found = next_safe(at, safe_from, safe_until)
    assert found >= at
    has_gap = in_london(at).replace(tzinfo=None).date().month == 3  # its hour may be the one that is left out
    assert is_open(in_london(found).time(), safe_from, safe_until) or has_gap
    passed = at
    while passed < found - timedelta(hours=1):
        assert not is_open(in_london(passed).time(), safe_from, safe_until) or has_gap
        passed += timedelta(hours=1)
    assert found - at < timedelta(hours=26) or has_gap


def test_hours_that_a_day_in_spring_does_not_have_come_on_the_next(session):
    at = datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert next_safe(at, time(1, 15), time(1, 45)) == datetime(2026, 3, 30, 1, 15, tzinfo=LONDON)


def test_what_waits_for_its_hours_holds_up_no_code_that_was_asked_for(session, worker, sink):
    at_work = worker()
    with time_machine.travel(NOON, tick=False):
        held = told(somebody(safe_from=time(18), safe_until=time(20)))
        MessageFactory(to_address=held.to_address, subject="123456 is your code")
        assert at_work.send_all() == 1
    assert [each["Subject"] for each in sink.received] == ["123456 is your code"]


def test_two_that_wait_for_their_hours_keep_their_order(session, worker, sink):
    volunteer = somebody(safe_from=time(18), safe_until=time(20))
    with time_machine.travel(NOON, tick=False):
        first, second = told(volunteer), told(volunteer)
    with time_machine.travel(NOON.replace(hour=18), tick=False):
        assert worker().send_all() == 2
    assert [each["Message-ID"] for each in sink.received] == [first.message_id, second.message_id]


# When it changes


def change(volunteer, **changes):
    """They tell us another way to be reached."""
    reaching = Reaching(**{"channel": volunteer.contact.channel, **changes})
    change_details(volunteer, details=Details(), reaching=reaching, by=UserFactory())


def test_what_waits_follows_when_they_choose_another_way(session, texts):
    volunteer = somebody()
    message = told(volunteer)
    change(volunteer, channel=Channel.TEXT)
    assert (message.carrier, message.to_address, message.state) == (Carrier.TEXT, PHONE, MessageState.QUEUED)
    change(volunteer, channel=Channel.PHONE)
    assert (message.carrier, message.state) == (Carrier.HAND, MessageState.BY_HAND)
    change(volunteer, channel=Channel.EMAIL, safe_from=time(0), safe_until=time(0, 1))
    assert (message.carrier, message.to_address) == (Carrier.EMAIL, "sian@example.org")
    assert (message.safe_until, message.state) == (time(0, 1), MessageState.QUEUED)


def test_what_waits_follows_to_a_new_address_and_a_referees_letter_does_not(session):
    volunteer = somebody()
    message = told(volunteer)
    referees = MessageFactory(volunteer_id=volunteer.id, to_address="referee@example.org")
    change_details(volunteer, details=Details(email="New@example.org"), by=UserFactory())
    assert (message.to_address, referees.to_address) == ("new@example.org", "referee@example.org")


def test_a_name_they_ask_us_to_hide_leaves_what_waits(session):
    volunteer = somebody()
    message = told(volunteer)
    assert volunteer.scheme.name in message.body
    change(volunteer, hide_scheme_name=True)
    assert volunteer.scheme.name not in f"{message.subject}{message.body}{message.short}"


def test_one_on_its_way_when_they_ask_to_be_rung_ends_with_a_call(session, worker, sink):
    volunteer = somebody()
    message = told(volunteer)
    sink.refuse = "451 later"
    at_work = worker()
    claimed = at_work._claim()
    change(volunteer, channel=Channel.PHONE)
    session.commit()
    services.note_failed(claimed, "451 later")
    session.commit()
    assert (message.state, message.to_address) == (MessageState.BY_HAND, PHONE)


# Told by us


def test_what_was_told_is_settled_once_with_who_told_it(session):
    volunteer, by = somebody(Channel.PHONE), UserFactory()
    message = told(volunteer)
    services.pass_on(message, by=by)
    assert (message.state, message.passed_on_by_id, message.body, message.short) == (
        MessageState.SENT, by.id, None, None,
    )  # fmt: skip
    with pytest.raises(Refused, match="already"):
        services.pass_on(message, by=by)


def test_the_list_of_what_is_to_be_told_holds_the_people_one_may_see(session):
    mine, other = somebody(Channel.PHONE), somebody(Channel.PHONE)
    message, _theirs, _mail = told(mine), told(other), told(somebody())
    assert [each.id for each in queries.to_pass_on(among=[mine.id])] == [message.id]
    assert queries.how_many_to_pass_on(among=[mine.id]) == 1
    assert queries.one_to_pass_on(message.id, among=[other.id]) is None
    assert [each.id for each in queries.messages_of(mine.id)] == [message.id]


# The name that is not said


def test_the_senders_name_is_no_schemes_when_it_is_hidden(session, worker, sink, app, monkeypatch):
    settings = replace(app.config["SETTINGS"], mail_from="North Peers <post@example.org>")
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    told(somebody(hide_scheme_name=True))
    told(somebody(email="open@example.org"))
    worker().send_all()
    assert [str(each["From"]) for each in sink.received] == [
        "Alongside <post@example.org>", "North Peers <post@example.org>",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("From North Peers.", "From Alongside."),
        ("NORTH\nPEERS and north peers", "Alongside and Alongside"),
        ("Northpeers", "Northpeers"),
    ],
)
def test_a_name_is_taken_out_however_it_is_written(text, said):
    assert without_name(text, "North Peers") == said


def test_a_link_stays_whole_when_the_scheme_is_called_by_a_part_of_it():
    assert without_name("North: https://north.example/north", "North") == "Alongside: https://north.example/north"


def test_a_calendar_that_says_the_name_in_a_folded_line_says_it_no_more(session):
    line = "SUMMARY:" + "x" * 57 + " North Pe\r\n ers\\, Leeds: session 1"
    calendar = f"BEGIN:VCALENDAR\r\n{line}\r\nORGANIZER;CN=North Peers\\, Leeds:mailto:a@b.example\r\nEND:VCALENDAR\r\n"
    clean = calendar_without(calendar, "North Peers, Leeds").replace("\r\n ", "")
    assert "North" not in clean
    assert "CN=Alongside:mailto" in clean


def test_signed_by_says_alongside_instead(session):
    scheme = SchemeFactory(name="North Peers")
    volunteer = VolunteerFactory(area__scheme=scheme, contact=None)
    ContactPreferenceFactory(volunteer=volunteer, hide_scheme_name=True)
    assert signed_by(volunteer) == "Alongside"
