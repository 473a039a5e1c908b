"""A house for each story: migrated tables on a real database, served to `Browser` or to Chromium on a phone."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from playwright.sync_api import sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from portal.web.limits import limiter
from tests.browser import Browser
from tests.databases import empty_database, portal_on
from tests.journeys.chromium import EXECUTABLE, Findings, Phone, Phones
from tests.journeys.hall import Hall, Handset, hall
from tests.journeys.house import House
from tests.journeys.vnu import mistakes_in
from tests.skips import needs


class Quiet(WSGIRequestHandler):
    """A test says what it opened by itself."""

    def log(self, *_what: Any) -> None:
        """Nothing."""


@pytest.fixture
def migrated(database_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """The portal on an empty database of its own, made by the migrations; its application context is open."""
    server = request.getfixturevalue("postgresql_url") if database_name == "postgresql" else None
    with empty_database(server, tmp_path / "story.sqlite") as url, portal_on(url, tmp_path) as app, app.app_context():
        flask_migrate.upgrade()
        limiter.reset()
        yield app


@pytest.fixture
def house_without_javascript(migrated: Any) -> House:
    """Everybody in this story has a browser without JavaScript."""
    return House(migrated, lambda: Browser(migrated))


@pytest.fixture
def house_on_phones(migrated: Any, tmp_path: Path) -> Iterator[House]:
    """Everybody in this story is at a phone, 390 pixels wide. In the end nothing may have been wrong with any page."""
    needs(EXECUTABLE)
    findings, visit = Findings(tmp_path / "pages"), None
    house = House(migrated, lambda: visit_by(visit))
    with served(migrated) as address, Phones() as phones:
        visit = lambda: Phone(migrated, phones.chrome, address, findings)  # noqa: E731 - the fixture's one door
        yield house
    assert [*findings.wrong, *mistakes_in(findings.folder)] == []
    assert len(findings.seen) > 50, "the story opened fewer pages than it should have"


@contextmanager
def served(app: Any) -> Iterator[str]:
    """The portal on a port of its own; its address."""
    server = make_server("127.0.0.1", 0, app.wsgi_app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def hall_of(migrated: Any) -> Iterator[Callable[[int], Hall]]:
    """A hall with so many people, in a house that phones can lose sight of."""
    needs(EXECUTABLE)
    house = House(migrated, lambda: Browser(migrated))
    with served(migrated) as address:
        yield lambda size: hall(house, address, size)


@pytest.fixture
def handset_in(tmp_path: Path) -> Iterator[Callable[..., Handset]]:
    """Real phones, each with a memory of its own. In the end nothing may have been wrong with any page."""
    made: list[Handset] = []
    with sync_playwright() as playwright:

        def handset(where: Hall, **given: Any) -> Handset:
            made.append(Handset(playwright, where, tmp_path / f"phone-{len(made)}", **given))
            return made[-1].open()

        yield handset
        for each in made:
            each.close()
    assert [wrong for each in made for wrong in each.wrong] == []


def visit_by(visit: Callable[[], Browser] | None) -> Browser:
    """A new person at a phone, once Chromium is there."""
    assert visit is not None
    return visit()


@pytest.fixture
def phone_of(migrated: Any, tmp_path: Path) -> Iterator[Callable[[Any], Phone]]:
    """`phone_of(user)` is a new phone, signed in; `phone_of(None)` a visitor's. Nothing may be wrong with any page."""
    needs(EXECUTABLE)
    findings = Findings(tmp_path / "pages")

    def taken_up(user: Any) -> Phone:
        phone = Phone(migrated, phones.chrome, address, findings)
        return phone.sign_in_as(user) if user is not None else phone

    with served(migrated) as address, Phones() as phones:
        yield taken_up
    assert [*findings.wrong, *mistakes_in(findings.folder)] == []
