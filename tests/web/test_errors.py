"""Whatever goes wrong becomes a page in plain words with the right status, and nothing of ours is shown."""

from __future__ import annotations

import logging
import re
from typing import Any

import pytest
from flask import abort, flash, redirect
from flask.typing import ResponseReturnValue
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from portal.refusals import Refused
from portal.web.errors import error_page
from tests.browser import Browser
from tests.web.small_app import small_app, with_view


def failing_with(error: Exception, **config: object) -> Browser:
    def view() -> ResponseReturnValue:
        raise error

    return with_view(view, **config)


@pytest.mark.parametrize(
    ("status", "heading"),
    [
        (400, "That did not work"),
        (403, "You cannot see this page"),
        (404, "Page not found"),
        (405, "That did not work"),
        (409, "This cannot be done now"),
        (410, "This link no longer works"),
        (413, "What you sent is too large"),
        (415, "That did not work"),
        (429, "Too many tries"),
        (503, "Sorry, we are busy"),
    ],
)
def test_every_status_has_its_words(status: int, heading: str) -> None:
    browser = with_view(lambda: abort(status)).get("/", status=status)
    assert browser.heading == heading


def test_a_page_that_is_not_there_says_so() -> None:
    browser = Browser(small_app()).get("/nowhere", status=404)
    assert browser.sees("If you typed the web address, check it is correct.")


def test_a_refusal_shows_each_reason_and_says_that_nothing_was_changed() -> None:
    browser = failing_with(Refused("Her DBS has no decision", "She has no referee")).get("/", status=409)
    assert browser.sees("Her DBS has no decision", "She has no referee", "Nothing has been changed")


def test_a_stale_version_is_somebody_elses_change() -> None:
    assert failing_with(StaleDataError("UPDATE …")).get("/", status=409).heading == "Someone else changed this"


def test_a_locked_database_asks_to_try_again() -> None:
    browser = failing_with(OperationalError("UPDATE x", {}, Exception("database is locked"))).get("/", status=503)
    assert browser.heading == "Sorry, we are busy"
    assert browser.response.headers["Retry-After"]


def test_an_error_page_undoes_what_failed_before_it_asks_who_is_looking(app: Any, session: Any) -> None:
    with app.test_request_context("/"):
        session.execute(text("CREATE TABLE only_once (id INTEGER PRIMARY KEY)"))
        session.execute(text("INSERT INTO only_once VALUES (1)"))
        with pytest.raises(IntegrityError):
            session.execute(text("INSERT INTO only_once VALUES (1)"))
        assert error_page(409).status_code == 409
        assert session.scalar(text("SELECT 1")) == 1


def test_another_fault_of_the_database_is_not_taken_for_a_busy_one() -> None:
    browser = failing_with(OperationalError("SELECT x", {}, Exception("no such table: x")))
    with pytest.raises(OperationalError, match="no such table"):
        browser.get("/")


def test_a_fault_of_ours_shows_a_reference_that_is_in_the_log_and_no_trace(caplog: pytest.LogCaptureFixture) -> None:
    app = small_app(TESTING=False)

    def view() -> ResponseReturnValue:
        raise ZeroDivisionError("secret of ours")

    app.add_url_rule("/", "view", view)
    with caplog.at_level(logging.ERROR):
        answer = app.test_client().get("/")
    words = answer.get_data(as_text=True)
    assert answer.status_code == 500
    assert "secret" not in words
    assert "Traceback" not in words
    reference = re.search(r"reference: <strong>(\w+)</strong>", words)
    assert reference is not None
    assert f"reference {reference[1]}" in caplog.text
    assert "secret of ours" in caplog.text


@pytest.mark.parametrize("said", ["UNIQUE constraint failed: acknowledgement.volunteer_id", "23505"])
def test_the_same_sent_twice_at_one_moment_is_said_in_words(said: str) -> None:
    fault = Exception(said)
    if said.isdecimal():
        fault.sqlstate = said  # type: ignore[attr-defined]
    browser = failing_with(IntegrityError("INSERT …", {}, fault)).get("/", status=409)
    assert browser.heading == "This has been done already"


def test_another_broken_rule_of_the_database_is_not_taken_for_a_second_tap() -> None:
    browser = failing_with(IntegrityError("INSERT …", {}, Exception("CHECK constraint failed: seen_whole")))
    with pytest.raises(IntegrityError, match="seen_whole"):
        browser.get("/")


def test_a_number_that_no_row_can_have_is_no_page() -> None:
    app = small_app()
    app.add_url_rule("/people/<int:number>", "person", lambda number: f"{number}")
    assert app.test_client().get(f"/people/{2**31 - 1}").get_data(as_text=True) == str(2**31 - 1)
    for number in (2**31, 10**25):
        assert app.test_client().get(f"/people/{number}").status_code == 404


def test_damaged_text_deep_inside_is_answered_in_words() -> None:
    browser = failing_with(UnicodeDecodeError("utf-8", b"\xe9", 0, 1, "no")).get("/", status=400)
    assert browser.heading == "We could not read what you sent"


def test_a_post_without_its_token_is_refused_in_words() -> None:
    browser = with_view(lambda: "never reached").post("/", {"name": "x"}, status=400)
    assert browser.heading == "We could not be sure it was you"


def test_a_body_that_is_too_large_is_told() -> None:
    browser = with_view(lambda: "never reached", MAX_CONTENT_LENGTH=1000)
    assert browser.post("/", {"name": "x" * 5000}, status=413).heading == "What you sent is too large"


def test_who_is_not_signed_in_is_sent_to_sign_in_and_comes_back() -> None:
    app = small_app()
    app.add_url_rule("/sign-in", "accounts.sign_in", lambda: "")
    app.add_url_rule("/people", "people", lambda: abort(401), methods=["GET", "POST"])
    client = app.test_client()
    assert client.get("/people?q=zoë").headers["Location"] == "/sign-in?next=/people?q%3Dzo%C3%AB"
    app.config["WTF_CSRF_ENABLED"] = False
    assert client.post("/people").headers["Location"] == "/sign-in"


def test_a_redirect_of_the_router_is_no_error() -> None:
    app = small_app()
    app.add_url_rule("/people/", "people", lambda: "")
    assert app.test_client().get("/people").status_code == 308


def test_what_has_just_happened_is_said_once() -> None:
    app = small_app()

    def done() -> ResponseReturnValue:
        flash("محمد علی has been offered a place", "success")
        return redirect("/gone")

    app.add_url_rule("/", "done", done)
    browser = Browser(app).get("/", status=404)
    assert browser.banners == ["محمد علی has been offered a place"]
    assert browser.get("/gone", status=404).banners == []
