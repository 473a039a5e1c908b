"""A letter with a calendar: it arrives as clients expect, and is erased once it has gone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import vobject

from portal import clock
from portal.documents.calendar_entries import Event, Party, for_letter
from portal.messages.models import MessageState
from portal.messages.rules import Letter
from portal.messages.services import queue

STARTS = datetime(2026, 11, 24, 18, tzinfo=UTC)
EVENT = Event("session-7@example.org", 2, STARTS, STARTS + timedelta(hours=2), "Llŷr: session 7", "The Hub")


def a_letter(event: Event) -> Letter:
    ics = for_letter(
        [event], organiser=Party("a@example.org"), attendee=Party("sian@example.org", "Siân"), at=clock.now()
    )
    return Letter(
        "withdrawn", "sian@example.org", "Siân", {"signed_by": "Peers", "phone": "", "reference": "A-1"}, calendar=ics
    )


def test_a_letter_arrives_with_its_calendar_to_add_and_to_open(session, worker, sink):
    message = queue(a_letter(EVENT))
    session.commit()
    assert worker().send_all() == 1
    (email,) = sink.received
    assert email.get_content_type() == "multipart/mixed"
    alternative, attachment = email.iter_parts()
    plain, calendar = alternative.iter_parts()
    assert "Hello Siân" in plain.get_content()
    assert (calendar.get_content_type(), calendar["Content-Type"].params["method"]) == ("text/calendar", "REQUEST")
    assert vobject.readOne(calendar.get_content()).vevent.summary.value == "Llŷr: session 7"
    assert attachment.get_filename() == "dates.ics"
    assert attachment.get_content().decode() == calendar.get_content().replace("\r\n", "\n").replace("\n", "\r\n")
    session.refresh(message)
    assert (message.state, message.body, message.calendar) == (MessageState.SENT, None, None)


def test_a_cancellation_says_so_on_the_envelope_and_in_the_name_of_the_file(session, worker, sink):
    queue(a_letter(Event(**{**EVENT.__dict__, "is_cancelled": True})))
    session.commit()
    worker().send_all()
    alternative, attachment = sink.received[0].iter_parts()
    assert list(alternative.iter_parts())[1]["Content-Type"].params["method"] == "CANCEL"
    assert attachment.get_filename() == "cancelled.ics"


def test_while_the_mail_server_refuses_the_calendar_is_kept_for_the_next_try(session, worker, sink):
    message = queue(a_letter(EVENT))
    session.commit()
    sink.refuse = "451 later"
    worker().send_all()
    session.refresh(message)
    assert message.calendar
    assert message.state is MessageState.QUEUED


def test_a_letter_without_a_calendar_stays_plain_text(session, worker, sink):
    queue(Letter("withdrawn", "a@example.org", "A", {"signed_by": "Peers", "phone": "", "reference": "A-1"}))
    session.commit()
    worker().send_all()
    assert sink.received[0].get_content_type() == "text/plain"
