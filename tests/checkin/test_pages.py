"""Checking in, from the trainer's screen to the mark on the register."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from courses.marks import Code
from portal.attendance.models import Mark
from portal.checkin import queries
from tests.browser import Browser
from tests.checkin.groups import STARTS, hall


@pytest.fixture
def time(session):
    with time_machine.travel(STARTS, tick=False) as moving:
        yield moving


@pytest.fixture
def here(time):
    return hall()


@pytest.fixture
def screen(app, here):
    shown = Browser(app).sign_in_as(here.trainer).get(f"/sessions/{here.sitting.id}/check-in")
    return shown.submit("Open check-in")


def code_on(screen):
    return re.search(r"\b(\d{3} \d{3})\b", screen.get(screen.path).text)[1]


def scanned(screen, here):
    return f"/check-in/{here.sitting.id}?code={code_on(screen).replace(' ', '')}"


def test_a_learner_scans_taps_once_and_the_trainer_sees_the_name(app, here, screen, session, time):
    learner = here.learner(name="Asha Green")
    phone = Browser(app).sign_in_as(learner.volunteer.user).get(scanned(screen, here))
    assert "code=" not in phone.path
    phone.submit("I am here")
    assert phone.heading == "You are checked in"
    assert screen.get(screen.path).sees("1 of 1 checked in", "Asha Green")
    time.shift(timedelta(seconds=5))
    screen.submit("Close check-in")
    assert screen.sees("Check-in is closed", "Checked in themselves")
    assert screen.click("Let learners check in by themselves").sees("Check-in is closed", "Asha Green")
    assert session.scalars(select(Mark)).one().code is Code.P


def test_the_qr_code_leads_where_the_digits_say(screen, here):
    assert screen.sees("Scan this", "/check-in", "0 of 0 checked in")
    assert "<svg" in screen.html
    assert 'http-equiv="refresh"' in screen.html


def test_two_taps_at_once_are_one(app, here, screen, session):
    learner = here.learner()
    first, second = (Browser(app).sign_in_as(learner.volunteer.user).get(scanned(screen, here)) for _ in range(2))
    for phone in (first, second):
        phone.submit("I am here")
        assert phone.heading == "You are checked in"
    assert len(session.scalars(select(Mark)).all()) == 1


def test_who_must_sign_in_first_is_not_too_late(app, here, screen, time, session):
    learner = here.learner()
    phone = Browser(app).get(scanned(screen, here))
    assert phone.path == f"/sign-in?next=/check-in/{here.sitting.id}/here"
    with phone._client.session_transaction() as cookies:
        arrival = cookies["arrival"]
    time.shift(timedelta(minutes=4))
    phone.sign_in_as(learner.volunteer.user)
    with phone._client.session_transaction() as cookies:
        cookies["arrival"] = arrival
    phone.get(f"/check-in/{here.sitting.id}/here").submit("I am here")
    assert phone.heading == "You are checked in"


def test_signing_in_keeps_the_arrival_and_nothing_else(app, session):
    from flask import session as cookies

    from portal.web import sessions

    with app.test_request_context():
        cookies.update(arrival={"session_id": 1}, sign_in={"email": "x"})
        sessions.empty()
        assert dict(cookies) == {"arrival": {"session_id": 1}}


def test_the_six_digits_are_typed_instead(app, here, screen, session):
    learner = here.learner()
    phone = Browser(app).sign_in_as(learner.volunteer.user).get("/my").click("Check in to a session")
    phone.fill({"The six digits on the screen": "12"}).submit("I am here", status=422)
    assert phone.errors == ["The code is six digits, like 123 456"]
    phone.fill({"The six digits on the screen": "000 000"}).submit("I am here", status=422)
    assert phone.errors == ["That code is not right, or it is too old. Use the one on the screen now"]
    phone.fill({"The six digits on the screen": code_on(screen)}).submit("I am here")
    assert phone.heading == "You are checked in"


def test_an_old_code_and_a_page_without_one_are_answered_in_words(app, here, screen, time):
    phone = Browser(app).sign_in_as(here.learner().volunteer.user)
    old = scanned(screen, here)
    time.shift(timedelta(minutes=2))
    phone.get(old).submit("I am here", status=422)
    assert phone.errors == ["That code is not right, or it is too old. Use the one on the screen now"]
    fresh = Browser(app).sign_in_as(here.learner().volunteer.user).get(f"/check-in/{here.sitting.id}")
    assert fresh.sees("Type the six digits on the screen, or scan the code again")


def test_another_groups_code_and_a_made_up_one_get_the_same_answer(app, here, screen):
    phone = Browser(app).sign_in_as(hall(area=here.cohort.area).learner().volunteer.user)
    theirs = phone.get(scanned(screen, here), status=404).text
    assert "a group that you are not on" in theirs
    assert phone.get("/check-in/2000000000?code=123456", status=404).text == theirs
    assert phone.get(f"/check-in/{here.sitting.id}/here", status=404).text == theirs


def test_guessing_is_stopped_after_a_few_tries_and_others_go_on(app, here, screen):
    guesser, other = (Browser(app).sign_in_as(here.learner().volunteer.user) for _ in range(2))
    guesser.get("/check-in")
    for _ in range(10):
        guesser.fill({"The six digits on the screen": "000000"}).submit("I am here", status=422)
    guesser.fill({"The six digits on the screen": code_on(screen)}).submit("I am here", status=429)
    other.get("/check-in").fill({"The six digits on the screen": code_on(screen)}).submit("I am here")
    assert other.heading == "You are checked in"


def test_opening_too_early_or_too_late_is_said_on_the_page(app, here, time):
    screen = Browser(app)
    time.move_to(STARTS - timedelta(minutes=61))
    assert (
        screen.sign_in_as(here.trainer)
        .get(f"/sessions/{here.sitting.id}/check-in")
        .sees("opens an hour before the session")
    )
    time.move_to(here.sitting.ends_at)
    assert screen.sign_in_as(here.trainer).get(f"/sessions/{here.sitting.id}/check-in").sees("This session is over")
    assert queries.window_of(here.sitting.id) is None


def test_it_closes_by_itself_and_then_asks_for_itself_no_more(here, screen, time):
    assert "check-in.js" in screen.html
    time.move_to(here.sitting.ends_at)
    screen.sign_in_as(here.trainer).get(f"/sessions/{here.sitting.id}/check-in")
    assert screen.sees("This session is over")
    assert "check-in.js" not in screen.html
    assert 'http-equiv="refresh"' not in screen.html
