"""A lost code, a link back, and reminders of what lies unfinished."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.applications import services as application_services
from portal.messages.models import Message
from portal.returning import queries, services
from portal.returning.rules import LINK_LASTS, address, days_due, to_say_now
from portal.volunteers.journey import Move
from tests.applications.test_services import BY, complete, started


def letters(session, template="application_unfinished"):
    return session.scalars(select(Message).where(Message.template == template)).all()


def link(application):
    return queries.link_of(application, clock.today() + LINK_LASTS)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Sam@Example.org ", "sam@example.org"), ("07700 900 001", "+447700900001"), ("nonsense", ""), ("", ""),
        ("+44 (0)7700 900001", "+447700900001"),
    ],
)  # fmt: skip
def test_an_address_is_read_as_people_write_it(typed, kept):
    assert address(typed) == kept


@pytest.mark.parametrize("typed", ["SAM@example.org", "07700 900 001", "+44 (0)7700 900001"])
def test_whoever_lost_their_code_gets_a_link_that_opens_it(session, typed):
    application, _ = started()
    services.send_link(typed)
    (letter,) = letters(session, "come_back")
    token = letter.body.split("/application/come-back/")[1].split()[0]
    assert queries.application_by_link(token) is application


def test_nobody_can_fill_an_inbox_and_strangers_get_nothing(session):
    started()
    for _ in range(9):
        services.send_link("sam@example.org")
        services.send_link("nobody@example.org")
    assert len(letters(session, "come_back")) == services.LINKS_A_DAY


def test_a_link_dies_with_the_address_the_code_and_its_days(session):
    application, _ = started()
    one = link(application)
    assert queries.application_by_link(one) is application
    application.volunteer.phone = "+447700900009"
    session.flush()
    assert queries.application_by_link(one) is None
    two = link(application)
    application_services.renew_code(application, by=BY)
    assert queries.application_by_link(two) is None
    assert queries.application_by_link(queries.link_of(application, clock.today() - timedelta(days=1))) is None
    assert queries.application_by_link(queries.link_of(application, clock.today() + timedelta(days=99))) is None


@pytest.mark.parametrize("token", ["", "-", "1-2-3", "x" * 900, "9" * 70 + "-1-2", "1-²-x", "1-739000-é"])
def test_a_guess_opens_nothing(session, token):
    started()
    assert queries.application_by_link(token) is None


def test_each_reminder_goes_once_on_its_day_and_none_twice(session):
    application, _ = started()
    begun = application.saved_at
    for hours in range(0, 24 * 40, 6):
        services.remind(begun + timedelta(hours=hours))
        expected = sum(hours >= 24 * day for day in (3, 10, 24))
        assert len(letters(session)) == expected


def test_days_that_were_missed_are_not_made_up_for():
    assert days_due(timedelta(days=12)) == (3, 10)
    assert to_say_now((3, 10), []) == 10
    assert to_say_now((3, 10), [10]) is None
    assert days_due(timedelta(days=61)) == ()


def test_a_save_puts_the_next_reminder_off(session):
    application, _ = started()
    begun = application.saved_at
    application.saved_at = begun + timedelta(days=2)
    session.flush()
    services.remind(begun + timedelta(days=4))
    assert letters(session) == []


def test_nobody_is_reminded_of_what_was_sent_withdrawn_or_asked_to_be_left(session):
    sent, _ = started()
    complete(sent)
    application_services.submit(sent, by=BY)
    gone, _ = started(email="gone@example.org")
    gone.volunteer.make(Move.WITHDRAW, by=BY)
    quiet, _ = started(email="quiet@example.org")
    services.stop_reminders(quiet)
    services.stop_reminders(quiet)
    services.remind(clock.now() + timedelta(days=11))
    assert letters(session) == []


def test_the_pages_answer_the_same_for_everybody_and_lead_back(browser, app, session):
    application, _ = started()
    session.commit()
    pages = []
    for typed in ("sam@example.org", "nobody@example.org", "nonsense"):
        browser.get("/application/lost-code").fill({"Your email address or phone number": typed}).submit(
            "Send me a link"
        )
        pages.append(browser.text)
    assert len(set(pages)) == 1
    assert browser.get(f"/application/come-back/{link(application)}").heading == "Your application"
    browser.get("/application/come-back/guessed", status=410)
    browser.get(f"/application/no-more-reminders/{link(application)}").submit("Send me no more reminders")
    assert browser.heading == "We will not remind you again"
    services.remind(clock.now() + timedelta(days=11))
    assert letters(session) == []
