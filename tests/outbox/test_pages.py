"""The outbox as scheme admins see it, and the demonstration's inbox."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal import clock
from portal.access import Role
from portal.audit.models import Action, AuditLine
from portal.messages.models import MessageState
from tests.factories import MessageFactory, SchemeFactory, UserFactory


@pytest.fixture
def admin():
    return UserFactory(role=Role.SCHEME_ADMIN, scheme=SchemeFactory())


def dead(scheme, **more):
    """A message that was given up."""
    return MessageFactory(
        scheme_id=scheme.id, state=MessageState.DEAD, attempts=8, last_error="550 no such person", **more
    )


def scheme_of(user):
    return user.roles_held[0].scheme


def test_the_outbox_shows_what_was_sent_and_what_failed(browser, admin):
    dead(scheme_of(admin), subject="Your interview", to_name="سلمى خان")
    MessageFactory(
        scheme_id=scheme_of(admin).id, subject="A place", state=MessageState.SENT, body=None, sent_at=clock.now()
    )
    browser.sign_in_as(admin).get("/outbox")
    assert browser.sees("Your interview", "سلمى خان", "550 no such person", "Could not be sent", "A place", "Sent")
    browser.get("/outbox", state="dead")
    assert browser.sees("Your interview")
    assert not browser.sees("A place")


def test_what_a_message_says_is_not_in_the_outbox(browser, admin):
    MessageFactory(scheme_id=scheme_of(admin).id, body="Your secret code is 123456")
    assert "123456" not in browser.sign_in_as(admin).get("/outbox").html


def test_a_dead_message_is_tried_again_at_a_click_and_the_record_says_who_did_it(browser, admin, session):
    message = dead(scheme_of(admin))
    browser.sign_in_as(admin).get("/outbox").click(f"Try again message {message.id}")
    assert browser.banners
    session.refresh(message)
    assert (message.state, message.attempts) == (MessageState.QUEUED, 0)
    line = session.query(AuditLine).filter_by(action=Action.DID, table_name="message").one()
    assert (line.actor_id, line.row_id, line.scheme_id) == (admin.id, message.id, scheme_of(admin).id)


def test_a_message_that_is_not_dead_cannot_be_tried_again(browser, admin, session):
    message = dead(scheme_of(admin))
    browser.sign_in_as(admin).get("/outbox")
    message.state = MessageState.QUEUED
    session.commit()
    browser.click(f"Try again message {message.id}", status=409)
    assert browser.sees("Only a message that could not be sent can be tried again.")


def test_another_schemes_messages_are_not_there(browser, admin):
    theirs = dead(SchemeFactory(), subject="Of another scheme")
    dead(scheme_of(admin))
    browser.sign_in_as(admin).get("/outbox")
    assert not browser.sees("Of another scheme")
    browser.post(f"/outbox/{theirs.id}/try-again", status=404)


def test_the_outbox_costs_the_same_for_one_message_and_for_many(browser, admin, count_queries):
    browser.sign_in_as(admin)
    dead(scheme_of(admin))
    with count_queries() as one:
        browser.get("/outbox")
    for _ in range(45):
        dead(scheme_of(admin))
    with count_queries() as many:
        browser.get("/outbox")
    assert many.total == one.total
    assert browser.click("Show more messages").sees("Outbox")
    assert browser.html.count("Try again<") == 46 - 40


@pytest.mark.parametrize("rubbish", ["", "x", "0", "nothing", "\0", "9" * 400, "سلام"])
def test_rubbish_in_the_address_still_shows_the_outbox(browser, admin, rubbish):
    browser.sign_in_as(admin).get("/outbox", state=rubbish, after=rubbish)
    assert browser.sees("Nothing has been sent yet")


@pytest.fixture
def demo(app, monkeypatch):
    """The portal with the demonstration on."""
    monkeypatch.setitem(app.config, "SETTINGS", replace(app.config["SETTINGS"], demo=True))


def test_in_the_demonstration_anybody_reads_messages_and_follows_their_links(browser, demo):
    MessageFactory(
        to_address="Sian@example.org", subject="Croeso", body="Dear Siân,\n\n<b>Go</b> to http://localhost/healthz\n"
    )
    MessageFactory(subject="For another")
    browser.get("/outbox/read")
    assert browser.sees("Croeso", "Dear Siân,", "<b>Go</b>", "For another")
    browser.fill(to="sian@example.org").submit("Show")
    assert not browser.sees("For another")
    browser.click("http://localhost/healthz")
    assert browser.response.json == {"status": "ok"}


def test_without_the_demonstration_nobody_reads_messages(browser, admin):
    browser.sign_in_as(admin).get("/outbox/read", status=404)


@pytest.mark.parametrize("rubbish", ["\0", "x" * 5000, "سلام", "'; --"])
def test_rubbish_in_the_search_of_the_inbox_finds_nothing(browser, demo, rubbish):
    assert browser.get("/outbox/read", to=rubbish, after=rubbish).status == 200
