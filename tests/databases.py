"""Empty databases of a test's own: a file of SQLite, or a new database on the PostgreSQL server of the tests."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, make_url, text

from config import Settings
from portal import create_app
from portal.database import db, driver_url


@contextlib.contextmanager
def empty_database(server_url: str | None, file: Path) -> Iterator[str]:
    """The address of a database with nothing in it, gone afterwards; no server means SQLite."""
    if server_url is None:
        yield f"sqlite:///{file}"
        return
    url = make_url(driver_url(server_url))
    name = f"test_{secrets.token_hex(6)}"
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield url.set(database=name).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        server.dispose()


@contextlib.contextmanager
def portal_on(url: str, folder: Path, **settings: Any) -> Iterator[Any]:
    """A portal of its own on this database; its connections are closed afterwards."""
    given = {"environment": "test", "queue_path": str(folder / "queue.sqlite"), "log_level": "CRITICAL"}
    app = create_app(Settings(**{**given, "database_url": url, **settings}))
    try:
        yield app
    finally:
        with app.app_context():
            db.engine.dispose()
