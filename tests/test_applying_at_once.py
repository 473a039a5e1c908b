"""Two windows of one applicant press the same button at the same moment, on both databases."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.applications.models import Application, Referee, SentApplication
from portal.database import db, session
from portal.messages.models import Message
from portal.volunteers.journey import Stage
from tests.applications import applicant
from tests.browser import Browser
from tests.databases import empty_database, portal_on
from tests.factories import AreaFactory

DEADLINE = 60


@pytest.fixture
def portal(database_name, request, tmp_path):
    server = request.getfixturevalue("postgresql_url") if database_name == "postgresql" else None
    with empty_database(server, tmp_path / "own.sqlite") as url, portal_on(url, tmp_path) as app:
        with app.app_context():
            db.create_all()
        yield app


@pytest.fixture
def windows(portal):
    """Two windows of one browser, where an application has begun."""
    with portal.app_context():
        area = AreaFactory()
        session.commit()
        start = area.scheme.slug, area.slug
    first, second = Browser(portal), Browser(portal)
    second._client = first._client
    first.get("/schemes/{}/{}/start".format(*start)).fill(
        {"What is your name?": "Sam Example", "Your email address": "sam@example.org"}
    )
    first.fill({"How did you hear about us?": "I found it myself"}).submit("Start")
    return first, second


def press_at_once(portal: Any, windows: tuple[Browser, Browser], button: str) -> None:
    """Both press it, each from a browser with the same cookies, so that neither waits for the other's answer."""
    first, second = windows
    second._client = portal.test_client()
    second._client._cookies = dict(first._client._cookies)
    together, wrong = threading.Barrier(2), []

    def press(window: Browser) -> None:
        together.wait(DEADLINE)
        try:
            window.submit(button)
        except Exception as error:
            wrong.append(error)

    threads = [threading.Thread(target=press, args=(window,)) for window in windows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLINE)
    assert wrong == []


def test_an_application_sent_from_two_windows_at_once_is_sent_once(portal, windows):
    first, second = windows
    applicant.everything_needed(first)
    for window in windows:
        window.get("/application/check")
    press_at_once(portal, windows, "Send my application")
    assert {first.heading, second.heading} == {"We have your application"}
    with portal.app_context():
        application = session.scalars(select(Application)).one()
        assert (application.times_sent, application.volunteer.stage) == (1, Stage.APPLIED)
        assert session.scalar(select(func.count()).select_from(SentApplication)) == 1
        assert session.scalars(select(Message.template)).all().count("application_sent") == 1


def test_a_referee_saved_from_two_windows_at_once_is_named_once(portal, windows):
    for window in windows:
        window.get("/application/who-can-speak-for-you/new").fill({
            "Their name": "Kim Worker", "How do they know you?": "A support or key worker",
            "Their email address": "kim@service.example", "How many years have they known you?": "2",
            "Are they in your family?": "No", "Do they live with you?": "No",
        })  # fmt: skip
    press_at_once(portal, windows, "Save this person")
    with portal.app_context():
        assert session.scalars(select(Referee.name)).all() == ["Kim Worker"]
    refused = [window for window in windows if window.errors]
    assert sorted(window.status for window in windows) == [200, 422]
    assert [window.errors for window in refused] == [["You have already given somebody with these details"]]
