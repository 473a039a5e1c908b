"""The demonstration, played once for each database, and what it wrote to the log while it played."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from portal.database import db
from portal.database import session as database_session
from tests.databases import empty_database, portal_on


@pytest.fixture(scope="session")
def rehearsed(database_name: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[Any]:
    """A portal with the demonstration in it; `rehearsed.extensions["log"]` holds what it logged, ."""
    server = request.getfixturevalue("postgresql_url") if database_name == "postgresql" else None
    settings = {"demo": True, "log_level": "INFO", "files_url": f"file://{folder / 'rehearsed-files'}"}
    log = io.StringIO()
    with (
        empty_database(server, folder / "rehearsed.sqlite") as url,
        contextlib.redirect_stderr(log),
        portal_on(url, folder, **settings) as portal,
    ):
        with portal.app_context():
            db.create_all()
        played = portal.test_cli_runner().invoke(args=["demo"])
        assert played.exit_code == 0, played.output
        log.write(played.output)
        portal.extensions["log"] = log
        yield portal


@pytest.fixture
def session(rehearsed: Any) -> Iterator[Any]:
    with rehearsed.app_context():
        yield database_session
        database_session.rollback()
