"""“Could I do this?”: it helps, it never says no, and it leaves nothing behind."""

from __future__ import annotations

import itertools

import pytest
from sqlalchemy import event

from portal import logs
from portal.database import db
from portal.public.forms import CouldIForm
from portal.public.rules import Answer, Answers, advice, opening
from portal.schemes.models import Doors
from tests.factories import AreaFactory, SchemeFactory

ANSWERS = {"is_adult": "yes", "time": "not_sure", "settled": "no", "checks": "no", "kinds": ["one_to_one", "phone"]}


@pytest.fixture
def area(session):
    return AreaFactory(name="Darlington", slug="darlington", scheme=SchemeFactory(slug="bridgeway"))


def test_the_answers_leave_no_trace(app, browser, area, capfd):
    """No cookie, no statement that writes, no log line, no address, and nothing that the next site could learn."""
    written = []

    def note(_c, _cursor, statement, parameters, *_rest):
        if not statement.startswith(("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")):
            written.append((statement, parameters))

    connection = db._app_engines[app][None]
    event.listen(connection, "before_cursor_execute", note)
    logs.set_up("DEBUG")
    try:
        for path in ("/could-i-do-this", "/schemes/bridgeway/darlington/could-i-do-this"):
            for answer in (
                browser._send(path, method="GET"),
                browser._send(path, method="POST", data=ANSWERS),
                browser._send(path, method="POST", data={"time": "no"}),
            ):
                assert answer.status_code in {200, 422}
                assert "Set-Cookie" not in answer.headers
                assert answer.headers["Cache-Control"] == "no-store"
                assert answer.headers["Referrer-Policy"] == "no-referrer"
                assert "Location" not in answer.headers
    finally:
        logs.set_up("CRITICAL")
        event.remove(connection, "before_cursor_execute", note)
    assert written == []
    said = capfd.readouterr()
    lines = [line for line in (said.out + said.err).splitlines() if line]
    assert any("public.ask_myself" in line for line in lines), "the log was not listened to"
    assert not any(word in line for line in lines for word in ("not_sure", "one_to_one", "settled", "is_adult"))


def test_the_form_goes_by_post_and_carries_no_token(browser, area):
    browser.get("/could-i-do-this")
    assert 'method="post"' in browser.html
    assert "csrf_token" not in browser.html
    assert browser.get("/could-i-do-this?is_adult=yes&time=no").heading == "Could I do this?"


def test_it_asks_nothing_about_offences_health_or_money(session, app):
    with app.test_request_context():
        asked = " ".join(f"{field.label.text} {field.description}" for field in CouldIForm()).lower()
    assert not any(word in asked for word in ("convict", "offence", "prison", "health", "drug", "benefit", "money"))


def test_somebody_of_age_is_encouraged_and_told_what_to_do_next(browser, area):
    browser.get("/schemes/bridgeway/darlington/could-i-do-this")
    browser.fill({
        "Are you 18 or over?": "Yes", "Could you find about 4 hours a week for 12 weeks?": "Yes",
        "Are things settled enough for you to be there for somebody else?": "Yes",
        "Are you all right with a DBS check and two people telling us about you?": "Yes",
        "What would you like to do?": ["Help to run a group"],
    }).submit("See what we think", status=200)  # fmt: skip
    assert browser.sees("Yes, this could be for you.", "Groups are always glad", "Your answers are gone already")
    assert browser.click("Start your application").heading == "Let us start"


def test_only_the_age_is_asked_for(browser, area):
    browser.get("/could-i-do-this").submit("See what we think", status=422)
    assert browser.errors == ["Choose whether you are 18 or over"]
    browser.fill(is_adult="Yes").submit("See what we think", status=200)
    assert browser.sees("This could well be for you", "Find a scheme near you")


def test_what_was_typed_is_kept_when_something_is_missing(browser, area):
    browser.get("/could-i-do-this").fill(settled="No").submit("See what we think", status=422)
    browser.fill(is_adult="Yes").submit("See what we think", status=200)
    assert browser.sees("Look after yourself first")


def test_who_is_under_18_is_thanked_and_shown_where_else_to_go(browser, area):
    browser.get("/schemes/bridgeway/darlington/could-i-do-this")
    browser.fill(is_adult="No, not yet").submit("See what we think", status=200)
    assert browser.sees("Mentors have to be 18", "Childline")
    assert "Start your application" not in browser.links()


def test_a_closed_area_offers_no_application_after_the_questions(browser, area, session):
    area.doors = Doors.CLOSED
    session.commit()
    browser.get("/schemes/bridgeway/darlington/could-i-do-this").fill(is_adult="Yes").submit("See what we think")
    assert "Start your application" not in browser.links()


@pytest.mark.parametrize("given", list(itertools.product([None, *Answer], repeat=3)))
def test_nobody_of_age_is_told_no(given):
    answers = Answers(True, *given)
    said = opening(answers)
    assert "could" in said
    words = " ".join([said, *(each.words for each in advice(answers))]).lower()
    assert not any(no in words for no in ("you cannot", "not for you", "unsuitable", "sorry", "rejected"))
    assert len(advice(answers)) == sum(each is not None for each in given)
