"""The worker's sending: to a real mail server, in order, at least once, and never what a header could smuggle in."""

from __future__ import annotations

import socket
from datetime import timedelta
from email.utils import parsedate_to_datetime

import pytest
import time_machine

from portal import clock
from portal.carriers.rules import MailServer, NotCarried, as_email
from portal.carriers.services import Postman
from portal.messages.models import MessageState
from portal.messages.rules import MOST_TRIES, wait_after
from portal.outbox import services
from tests.factories import MessageFactory, SchemeFactory
from tests.mail import MailSink, certificate

AT = clock.now().replace(microsecond=0)


def fresh(session, message):
    """The message as it now stands in the database."""
    session.refresh(message)
    session.commit()
    return message


def nobody_listens() -> str:
    """The address of a mail server that is switched off."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"smtp://127.0.0.1:{taken.getsockname()[1]}"


def test_a_letter_arrives_as_it_was_written_and_its_body_is_erased(session, worker, sink):
    message = MessageFactory(to_name="Siân Llŷr", to_address="sian@example.org", subject="Croeso, Siân", body="Łódź\n")
    assert worker().send_all() == 1
    (email,) = sink.received
    assert email["To"] == "Siân Llŷr <sian@example.org>"
    assert (email["Subject"], email.get_content().strip()) == ("Croeso, Siân", "Łódź")
    assert (email["Message-ID"], email["Auto-Submitted"]) == (message.message_id, "auto-generated")
    assert parsedate_to_datetime(email["Date"]) == message.queued_at.replace(microsecond=0)
    fresh(session, message)
    assert (message.state, message.body, message.attempts) == (MessageState.SENT, None, 1)
    assert message.sent_at is not None


def test_a_message_is_sent_once_only(session, worker, sink):
    MessageFactory()
    at_work = worker()
    assert [at_work.send_all(), at_work.send_all()] == [1, 0]
    assert len(sink.received) == 1


def test_when_the_mail_server_is_away_a_message_waits_and_goes_later_with_the_same_id(session, worker, sink):
    message = MessageFactory()
    assert worker(nobody_listens()).send_all() == 0
    fresh(session, message)
    assert (message.state, message.attempts) == (MessageState.QUEUED, 1)
    assert "refused" in message.last_error
    at_work = worker()
    assert at_work.send_all() == 0, "it must wait a minute first"
    with time_machine.travel(clock.now() + timedelta(seconds=61)):
        assert at_work.send_all() == 1
    assert sink.received[0]["Message-ID"] == message.message_id
    assert fresh(session, message).last_error == ""


def test_while_the_mail_server_is_away_only_one_message_loses_a_try(session, worker):
    messages = [MessageFactory() for _ in range(5)]
    worker(nobody_listens()).send_all()
    assert sorted(fresh(session, message).attempts for message in messages) == [0, 0, 0, 0, 1]


def test_a_message_is_given_up_after_its_last_try_and_keeps_its_body(session, worker, sink):
    message = MessageFactory()
    sink.refuse = "554 we like nothing today"
    at_work = worker()
    at = clock.now()
    for tries in range(1, MOST_TRIES + 1):
        with time_machine.travel(at):
            at_work.send_all()
        fresh(session, message)
        assert message.attempts == tries
        at += (wait_after(tries) or timedelta()) + timedelta(seconds=1)
    assert (message.state, message.last_error) == (MessageState.DEAD, "554 we like nothing today")
    assert message.body
    with time_machine.travel(at + timedelta(days=30)):
        assert at_work.send_all() == 0


def test_the_waits_grow_from_a_minute_to_a_day():
    waits = [wait_after(tries) for tries in range(1, MOST_TRIES + 1)]
    assert waits[:5] == [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240)]
    assert waits[-1] is None
    assert waits[:-1] == sorted(waits[:-1])


def test_nobodys_second_message_overtakes_their_first(session, worker, sink):
    first = MessageFactory(to_address="a@example.org", subject="First")
    MessageFactory(to_address="a@example.org", subject="Second")
    MessageFactory(to_address="b@example.org", subject="For somebody else")
    sink.refuse = "451 come back later"
    at_work = worker()
    claimed = at_work._claim()
    assert claimed.id == first.id
    with Postman(MailServer.read(sink.url()), mail_from="A <a@b.example>") as postman, pytest.raises(NotCarried):
        at_work._send(postman, claimed)
    sink.refuse = None
    assert at_work.send_all() == 1
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        assert at_work.send_all() == 2
    assert [email["Subject"] for email in sink.received] == ["For somebody else", "First", "Second"]


def test_the_message_of_a_worker_that_died_is_taken_over_when_its_lease_has_ended(session, worker, sink):
    message = MessageFactory()
    claimed = worker()._claim()
    assert claimed.id == message.id
    other = worker()
    assert other.send_all() == 0, "it is still being sent"
    with time_machine.travel(clock.now() + services.LEASE + timedelta(seconds=1)):
        assert other.send_all() == 1
        services.note_failed(claimed, "too late: the lease is another's")
        session.commit()
    assert fresh(session, message).state is MessageState.SENT


def test_without_a_mail_server_the_worker_leaves_every_message(session, worker):
    message = MessageFactory()
    assert worker("").send_all() == 0
    assert (fresh(session, message).state, message.attempts) == (MessageState.QUEUED, 0)


@pytest.mark.parametrize(
    ("to_name", "to_address", "subject"),
    [
        ("A\r\nBcc: evil@example.org", "a@example.org", "Hello"),
        ("A", "a@example.org\r\nBcc: evil@example.org", "Hello"),
        ("A", "a@example.org", "Hello\nBcc: evil@example.org"),
        ("A\u2028Bcc: evil@example.org\x00\x0b", "a@example.org", "Hello\x85Bcc: evil@example.org"),
        ("A", "a@example.org, evil@example.org", "Hello"),
        ("A", "a@b@example.org", "Hello"),
        ("A", "nobody", "Hello"),
    ],
)
def test_no_header_can_be_smuggled_in(to_name, to_address, subject):
    try:
        email = as_email(
            message_id="<1@alongside>", mail_from="Alongside <a@b.example>", to_address=to_address, to_name=to_name,
            subject=subject, body="Hello", queued_at=AT,
        )  # fmt: skip
    except ValueError:
        return
    raw = email.as_bytes()
    headers = raw.split(b"\r\n\r\n")[0].split(b"\r\n")
    assert not [line for line in headers if line.lower().startswith(b"bcc")]
    assert str(email["To"].addresses[0]).endswith("a@example.org>")
    assert len(email["To"].addresses) == 1


def test_an_address_that_is_none_ends_as_a_dead_letter_not_as_a_dead_worker(session, worker, sink):
    message = MessageFactory(to_address="not an address", attempts=MOST_TRIES - 1)
    MessageFactory()
    at_work = worker()
    at_work.send_all()
    at_work.send_all()
    assert fresh(session, message).state is MessageState.DEAD
    assert len(sink.received) == 1


def test_one_refused_message_does_not_stop_the_others(session, worker, sink):
    refused = MessageFactory()
    sink.refuse = "554 we do not like this one"
    at_work = worker()
    with Postman(MailServer.read(sink.url()), mail_from="A <a@b.example>") as postman:
        with pytest.raises(NotCarried, match="554"):
            at_work._send(postman, at_work._claim())
        assert postman.is_connected
        sink.refuse = None
        other = MessageFactory()
        at_work._send(postman, at_work._claim())
    assert fresh(session, other).state is MessageState.SENT
    assert fresh(session, refused).last_error.startswith("554")


def test_the_password_goes_over_tls_when_the_server_offers_it(session, worker, tmp_path, monkeypatch):
    context, trusted = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with MailSink(tls_context=context, require_starttls=True, auth_required=True) as sink:
        sink._server["authenticator"] = sink.check
        MessageFactory()
        assert worker(sink.url(who="portal:p%40ss%20word@")).send_all() == 1
        assert sink.users == ["portal:p@ss word"]


def test_tls_from_the_first_byte(session, worker, tmp_path, monkeypatch):
    context, trusted = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    with MailSink(secure=context) as sink:
        MessageFactory()
        assert worker(sink.url("smtps")).send_all() == 1


def test_a_server_with_a_certificate_nobody_trusts_gets_nothing(session, worker, tmp_path, monkeypatch):
    context, _trusted = certificate(tmp_path)
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with MailSink(secure=context) as sink:
        message = MessageFactory()
        assert worker(sink.url("smtps")).send_all() == 0
        assert "certificate" in fresh(session, message).last_error.lower()
        assert sink.received == []


@pytest.mark.parametrize(
    "url", ["mail.example.org", "http://mail.example.org", "smtp://", "smtp://a:secret@host:99999"]
)
def test_a_wrong_smtp_url_is_refused_without_saying_the_password(url):
    with pytest.raises(ValueError, match="SMTP_URL") as refused:
        MailServer.read(url)
    assert "secret" not in str(refused.value)


def test_the_parts_of_an_smtp_url():
    assert MailServer.read("smtp://a%40b:c%2Fd@mail.example") == MailServer("mail.example", 587, "a@b", "c/d")
    assert MailServer.read("smtps://mail.example") == MailServer("mail.example", 465, is_tls=True)
    assert "c/d" not in repr(MailServer.read("smtp://a:c%2Fd@mail.example"))


def test_what_is_undone_is_never_sent(session, worker, sink):
    session.add(MessageFactory.build(scheme_id=SchemeFactory().id))
    session.flush()
    session.rollback()
    assert worker().send_all() == 0
