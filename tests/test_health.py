"""Pages for machines: up, and ready."""

from __future__ import annotations

from pathlib import Path

import flask_migrate
import pytest
import time_machine
from sqlalchemy import text

from portal import clock
from portal.database import db
from portal.worker import Worker
from tests.databases import empty_database, portal_on


@pytest.fixture
def portal(database_name, request, tmp_path):
    """A portal on an empty database."""
    server = request.getfixturevalue("postgresql_url") if database_name == "postgresql" else None
    with empty_database(server, tmp_path / "health.sqlite") as url, portal_on(url, tmp_path) as app:
        yield app


def ready(app):
    """What the page says."""
    answer = app.test_client().get("/readyz")
    return answer.status_code, answer.json


def test_a_portal_is_ready_when_its_database_has_every_revision(portal):
    assert ready(portal)[0] == 503
    with portal.app_context():
        flask_migrate.upgrade(revision="0001")
    status, facts = ready(portal)
    assert (status, facts["database"], facts["migrations"].startswith("at 0001, not ")) == (503, "ok", True)
    with portal.app_context():
        flask_migrate.upgrade()
    assert ready(portal) == (200, {"status": "ok", "database": "ok", "migrations": "ok", "worker_seconds": None})


def test_it_says_how_long_ago_the_worker_was_heard(portal):
    with portal.app_context():
        flask_migrate.upgrade()
    Worker(portal, tasks=()).beat()
    with time_machine.travel(clock.now().timestamp() + 90, tick=False):
        status, facts = ready(portal)
    assert (status, facts["worker_seconds"] in {89, 90}) == (200, True)


def test_without_a_database_it_is_up_but_not_ready(tmp_path):
    (tmp_path / "not-a-database").write_text("These are words, and no database at all. " * 100)
    with portal_on(f"sqlite:///{tmp_path / 'not-a-database'}", Path(tmp_path)) as app:
        client = app.test_client()
        assert (client.get("/healthz").status_code, client.get("/healthz").json) == (200, {"status": "ok"})
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json["database"]) == (503, "away")


def test_neither_page_says_what_a_stranger_should_not_know(portal):
    with portal.app_context():
        db.create_all()
        with db.engine.begin() as connection:
            connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
    assert set(ready(portal)[1]) == {"status", "database", "migrations", "worker_seconds"}
