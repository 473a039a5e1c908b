"""SQLite locked by somebody else: a write waits its turn, or says "try again"; nothing is ever half done."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from flask import redirect
from sqlalchemy import event

from portal import clock
from portal.access import Can, allows
from portal.database import db, session
from portal.schemes.models import Area, Scheme
from tests.databases import portal_on


@allows(Can.VISIT)
def save() -> Any:
    """A view that writes two rows, which belong together."""
    scheme = Scheme(slug="new", name="New", created_at=clock.now())
    session.add(scheme)
    session.flush()
    session.add(Area(scheme=scheme, slug="area", name="Area"))
    return redirect("/healthz")


@pytest.fixture
def portal(tmp_path) -> Iterator[Any]:
    with portal_on(f"sqlite:///{tmp_path / 'locked.sqlite'}", tmp_path) as app:
        app.config["WTF_CSRF_ENABLED"] = False
        app.add_url_rule("/save", "save", save, methods=["POST"])
        with app.app_context():
            db.create_all()
        yield app


@contextlib.contextmanager
def locked(portal: Any, seconds: float) -> Iterator[None]:
    """Another connection holds the database for writing; it lets go after so many seconds, or at the end."""
    file = portal.config["SETTINGS"].database_url.removeprefix("sqlite:///")
    has_lock, over = threading.Event(), threading.Event()

    def hold() -> None:
        with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            has_lock.set()
            over.wait(seconds)
            connection.execute("ROLLBACK")

    holder = threading.Thread(target=hold)
    holder.start()
    assert has_lock.wait(30)
    yield
    over.set()
    holder.join()


def rows(portal: Any) -> tuple[int, int]:
    """How many schemes and areas there are."""
    with portal.app_context():
        return session.query(Scheme).count(), session.query(Area).count()


def test_a_write_waits_three_seconds_for_the_lock_and_then_succeeds(portal):
    with locked(portal, 3):
        began = time.monotonic()
        answer = portal.test_client().post("/save")
        took = time.monotonic() - began
    assert (answer.status_code, rows(portal)) == (302, (1, 1))
    assert took > 2.5, "the database was not locked at all"


def test_a_write_that_waited_in_vain_says_try_again_and_leaves_nothing_half_done(portal):
    with portal.app_context():
        event.listen(db.engine, "connect", lambda connection, _r: connection.execute("PRAGMA busy_timeout=100"))
        db.engine.dispose()
    with locked(portal, 60):
        answer = portal.test_client().post("/save")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert "Nothing has been changed. Go back and try again in a few seconds." in answer.get_data(as_text=True)
    assert rows(portal) == (0, 0)
    assert portal.test_client().post("/save").status_code == 302
    assert rows(portal) == (1, 1)


def test_somebody_who_only_reads_never_waits(portal):
    with locked(portal, 60):
        assert portal.test_client().get("/healthz").status_code == 200
        assert portal.test_client().get("/readyz").json["database"] == "ok"
        assert portal.test_client().get("/no-such-page").status_code == 404
