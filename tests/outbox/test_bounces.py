"""What comes back: given up at once, told to whoever asked, erased in time; and a mail server away for an hour."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from portal import clock
from portal.carriers.rules import NoBounce, is_about_the_address, read_bounce
from portal.messages.models import MessageState
from portal.outbox import services
from tests.factories import MessageFactory

ID = f"<{'ab' * 16}@alongside>"


def report(status="5.1.1", action="failed", message_id=ID, diagnostic="smtp; 550 5.1.1 No such user"):
    """A delivery status notification as RFC 3464 has it."""
    return (
        "From: MAILER-DAEMON@mx.example\r\nTo: post@example.org\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; a@example.org\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: {diagnostic}\r\n\r\n"
        "--b\r\nContent-Type: message/rfc822\r\n\r\n"
        f"From: post@example.org\r\nMessage-ID: {message_id}\r\nSubject: Hello\r\n\r\nBody\r\n--b--\r\n"
    ).encode()


@pytest.fixture
def told(monkeypatch):
    """The numbers of messages that somebody was told of."""
    found: list[int] = []
    monkeypatch.setattr(services, "_WHEN_BOUNCED", [lambda message: found.append(message.id)])
    return found


@pytest.mark.parametrize(
    ("code", "reason", "is_wrong"),
    [
        (550, b"no such person", True), (550, b"5.1.1 unknown", True), (550, b"5.7.1 relaying denied", False),
        (552, b"5.2.2 mailbox full", False), (554, b"no", False), (553, b"no mailbox", True), (450, b"4.1.1", False),
        (550, b"5.2.1 mailbox disabled", True), (554, b"5.6.0 bad content", False),
    ],
)  # fmt: skip
def test_which_refusals_are_about_the_address(code, reason, is_wrong):
    assert is_about_the_address(code, reason) is is_wrong


def test_an_address_where_nobody_is_is_given_up_at_once_and_told(session, worker, sink, told):
    message = MessageFactory()
    sink.refuse = "550 5.1.1 no such person"
    worker().send_all()
    session.refresh(message)
    assert (message.state, message.attempts, told) == (MessageState.DEAD, 1, [message.id])
    assert message.bounced_at
    assert "no such person" in message.last_error


def test_one_who_acts_on_a_bounce_and_fails_stops_nobody(session, worker, sink, told, monkeypatch):
    def fail(message):
        raise RuntimeError("no")

    monkeypatch.setattr(services, "_WHEN_BOUNCED", [fail, *services._WHEN_BOUNCED])
    message = MessageFactory()
    sink.refuse = "550 5.1.1 no such person"
    worker().send_all()
    session.refresh(message)
    assert (message.state, told) == (MessageState.DEAD, [message.id])


def test_a_report_names_our_message_and_says_why(session):
    bounce = read_bounce(report())
    assert (bounce.message_id, bounce.is_address_wrong) == (ID, True)
    assert "No such user" in bounce.words


@pytest.mark.parametrize(
    "raw", [b"", b"Subject: Hello\r\n\r\nHi", report(message_id="<other@example.org>"), b"\xff" * 100, report()[:350]]
)
def test_what_is_no_report_of_ours_is_said_to_be_none(raw):
    with pytest.raises(NoBounce):
        read_bounce(raw)


def bounced(app, raw):
    """`flask messages bounced` with this on its standard input."""
    return app.test_cli_runner().invoke(args=["messages", "bounced"], input=raw)


def test_the_command_notes_what_came_back_once(session, app, told):
    message = MessageFactory(message_id=ID, state=MessageState.SENT, sent_at=clock.now(), body=None)
    for _ in range(2):
        result = bounced(app, report())
        assert (result.exit_code, result.output) == (0, "Noted.\n")
    session.refresh(message)
    assert message.bounced_at
    assert told == [message.id]


@pytest.mark.parametrize("raw", [b"nothing", report("4.4.1", "delayed"), report("5.2.2", diagnostic=""), report()])
def test_the_command_changes_nothing_else(session, app, told, raw):
    MessageFactory(message_id=f"<{'cd' * 16}@alongside>")
    result = bounced(app, raw)
    assert result.exit_code == 0
    assert "Nothing was changed" in result.output
    assert told == []


def test_what_dead_messages_said_is_erased_after_thirty_days(session):
    message = MessageFactory(state=MessageState.DEAD, short="S", attempts=8)
    services.forget_words(clock.now() + timedelta(days=29))
    session.refresh(message)
    assert message.body
    services.forget_words(clock.now() + timedelta(days=31))
    session.refresh(message)
    assert (message.body, message.short, message.state) == (None, None, MessageState.DEAD)


def test_a_mail_server_away_for_an_hour_loses_doubles_and_mixes_nothing(session, worker, sink):
    at_work, down = worker(), worker("smtp://127.0.0.1:9")
    at = clock.now()
    sent = []
    for minute in range(60):
        with time_machine.travel(at + timedelta(minutes=minute), tick=False):
            if minute % 4 == 0:
                sent.append(MessageFactory(to_address=f"reader-{minute % 3}@example.org", subject=f"{minute}"))
            assert down.send_all() == 0
    for minute in range(60, 200, 5):
        with time_machine.travel(at + timedelta(minutes=minute), tick=False):
            at_work.send_all()
    came = [(str(each["To"]), int(each["Subject"])) for each in sink.received]
    assert sorted(subject for _to, subject in came) == sorted(int(each.subject) for each in sent)
    for reader in {to for to, _subject in came}:
        mine = [subject for to, subject in came if to == reader]
        assert mine == sorted(mine)
