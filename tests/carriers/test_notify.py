"""Texts over GOV.UK Notify: handed over once, tried later when it is away, given up when the number cannot be."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from config import Settings, SettingsRefused
from portal import clock
from portal.carriers.rules import Carrier
from portal.messages.models import Message, MessageState
from portal.outbox import services
from portal.worker import Worker
from tests.factories import MessageFactory
from tests.notify import KEY, SECRET, SERVICE, TEMPLATE, NotifyStandIn

NUMBER = "+447700900123"


@pytest.fixture
def notify() -> Iterator[NotifyStandIn]:
    with NotifyStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def worker(app, session, notify, monkeypatch):
    """Call it for a worker that hands texts to the stand-in."""

    def make(**changes):
        given = {"notify_key": KEY, "notify_text_template": TEMPLATE, "notify_url": notify.url, **changes}
        monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], **given))
        return Worker(app, tasks=())

    return make


def text(**more):
    return MessageFactory(**{"carrier": Carrier.TEXT, "to_address": NUMBER, "short": "You have a place.", **more})


def fresh(session, message) -> Message:
    session.refresh(message)
    session.commit()
    return message


def test_a_text_is_handed_over_with_our_reference_and_then_erased(session, worker, notify):
    message = text()
    assert worker().send_all() == 1
    (taken,) = notify.taken
    assert (taken["phone_number"], taken["personalisation"]) == (NUMBER, {"message": "You have a place."})
    assert taken["reference"] == message.message_id.strip("<>")
    fresh(session, message)
    assert (message.state, message.carried_as, message.body, message.short) == (
        MessageState.SENT, taken["id"], None, None,
    )  # fmt: skip
    assert notify.asked == [], "a first try asks nothing"


def test_a_text_whose_answer_was_lost_is_not_sent_again(session, worker, notify):
    message = text()
    notify.loses_answers = True
    at_work = worker()
    assert at_work.send_all() == 0
    assert (fresh(session, message).state, len(notify.taken)) == (MessageState.QUEUED, 1)
    notify.loses_answers = False
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        assert at_work.send_all() == 1
    assert (len(notify.taken), fresh(session, message).carried_as) == (1, notify.taken[0]["id"])


def test_a_text_of_a_worker_that_died_is_asked_for_before_it_is_sent(session, worker, notify):
    message = text()
    at_work = worker()
    claimed = at_work._claim()
    at_work._carriers()[Carrier.TEXT].deliver(claimed.parcel)  # and then the worker dies
    with time_machine.travel(clock.now() + services.LEASE + timedelta(seconds=1)):
        assert at_work.send_all() == 1
    assert len(notify.taken) == 1
    assert fresh(session, message).state is MessageState.SENT


def test_a_number_that_cannot_be_is_given_up_at_once_and_said(session, worker, notify):
    message = text(to_address="+44770")
    assert worker().send_all() == 0
    fresh(session, message)
    assert (message.state, message.attempts) == (MessageState.DEAD, 1)
    assert "Not enough digits" in message.last_error
    assert message.bounced_at


@pytest.mark.parametrize(
    "answer", [(429, "RateLimitError", "Exceeded"), (500, "Exception", "Internal"), (503, "x", "y")]
)
def test_when_notify_is_busy_or_away_texts_wait_in_order(session, worker, notify, answer):
    first, second, other = text(), text(), text(to_address="+447700900124")
    notify.answer = answer
    at_work = worker()
    assert at_work.send_all() == 0
    assert [fresh(session, each).attempts for each in (first, second, other)] == [1, 0, 0]
    notify.answer = None
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        assert at_work.send_all() == 3
    assert [each["reference"] for each in notify.taken] == [
        each.message_id.strip("<>") for each in (first, second, other)
    ]


def test_a_wrong_key_or_template_loses_no_text(session, worker, notify):
    message = text()
    assert worker(notify_key=f"test-{SERVICE}-{SERVICE}").send_all() == 0
    assert fresh(session, message).last_error.startswith("403")
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        assert worker(notify_text_template=SECRET).send_all() == 0
    assert fresh(session, message).state is MessageState.QUEUED


def test_when_notify_is_away_letters_still_go_and_the_other_way_round(session, worker, notify):
    from tests.mail import MailSink

    notify.answer = (503, "x", "y")
    text()
    MessageFactory()
    with MailSink() as sink:
        assert worker(smtp_url=sink.url()).send_all() == 1
        assert len(sink.received) == 1
    notify.answer = None
    text(to_address="+447700900125")
    MessageFactory()
    assert worker(smtp_url=sink.url()).send_all() == 1, "the mail server is gone now"


def test_no_number_is_in_the_log(session, worker, notify, caplog):
    caplog.set_level(logging.DEBUG)
    text(to_address="+44770")
    text()
    worker().send_all()
    notify.answer = (429, "RateLimitError", f"too many for {NUMBER}")
    text()
    worker().send_all()
    said = "\n".join(record.getMessage() for record in caplog.records)
    assert "7700900123" not in said
    assert "+44770" not in said


@pytest.mark.parametrize(
    "given", [{"notify_key": KEY}, {"notify_text_template": TEMPLATE}, {"notify_key": "x", "notify_text_template": "y"}]
)
def test_settings_that_are_half_set_are_refused(given):
    with pytest.raises(SettingsRefused, match="NOTIFY"):
        Settings(**given).check()


def receive(browser, session, app, monkeypatch, message, status, *, token="let me in", shown="let me in"):
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], texts_token=token))
    answer = app.test_client().post(
        "/outbox/receipts", headers={"Authorization": f"Bearer {shown}"},
        json={"id": "n-1", "reference": message.message_id.strip("<>"), "status": status, "to": NUMBER},
    )  # fmt: skip
    session.expire_all()
    return answer.status_code


def test_a_receipt_says_that_it_arrived(browser, session, app, monkeypatch):
    message = text(state=MessageState.SENT, sent_at=clock.now(), body=None, short=None)
    assert receive(browser, session, app, monkeypatch, message, "delivered") == 200
    assert (message.carried_as, message.bounced_at) == ("n-1", None)
    assert message.delivered_at


def test_a_receipt_of_a_number_no_longer_used_counts_as_come_back_once(browser, session, app, monkeypatch):
    told = []
    monkeypatch.setattr(services, "_WHEN_BOUNCED", [lambda message: told.append(message.id)])
    message = text(state=MessageState.SENT, sent_at=clock.now(), body=None, short=None)
    for _ in range(2):
        assert receive(browser, session, app, monkeypatch, message, "permanent-failure") == 200
    assert message.bounced_at
    assert told == [message.id]


def test_a_receipt_of_one_whose_answer_was_lost_settles_it(browser, session, app, monkeypatch, worker, notify):
    message = text(attempts=1, last_error="503 Request failed")
    assert receive(browser, session, app, monkeypatch, message, "delivered") == 200
    assert (message.state, message.short) == (MessageState.SENT, None)
    assert worker().send_all() == 0


@pytest.mark.parametrize(("token", "shown", "status"), [("", "", 404), ("right", "wrong", 401)])
def test_a_receipt_needs_the_secret(browser, session, app, monkeypatch, token, shown, status):
    message = text()
    assert receive(browser, session, app, monkeypatch, message, "delivered", token=token, shown=shown) == status


def test_a_receipt_that_is_none_is_refused_in_words(app, session, monkeypatch):
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], texts_token="t"))
    for body in (b"", b"[]", b"{}", b'{"id": 1}', b'{"id": "a", "reference": "\\u0000", "status": "x"}', b"[" * 90000):
        answer = app.test_client().post("/outbox/receipts", data=body, headers={"Authorization": "Bearer t"})
        assert answer.status_code == 422, body[:20]
