"""Base, session and the types of our columns, and the one place that commits."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import Enum as PythonEnum
from pathlib import Path
from typing import Any, TypeVar

from cryptography.fernet import Fernet, MultiFernet
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    DateTime,
    Dialect,
    Engine,
    Enum,
    LargeBinary,
    MetaData,
    TypeDecorator,
    create_engine,
    event,
)
from sqlalchemy.orm import DeclarativeBase, Session, registry, scoped_session

E = TypeVar("E", bound=PythonEnum)


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept in UTC on both databases. A naive one is a mistake and is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database: UTC; SQLite has no zones, so its values are written without."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database: always aware, always UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Keyring:
    """The keys of encrypted columns; the newest closes, any of them opens."""

    def __init__(self) -> None:
        self._fernet: MultiFernet | None = None
        self._hash_key = b""

    def load(self, keys: tuple[str, ...], secret: str) -> None:
        """Take the keys of the settings. The hash key comes from the secret, so that rotating keys keeps hashes."""
        self._fernet = MultiFernet([Fernet(key) for key in keys])
        self._hash_key = hashlib.sha256(b"keyed hash:" + secret.encode()).digest()

    @property
    def fernet(self) -> MultiFernet:
        """The cipher; an error before the settings were read."""
        if self._fernet is None:
            raise RuntimeError("the keyring has no keys: create_app() loads them")
        return self._fernet

    def hash(self, text: str) -> str:
        """A keyed hash of a text, for finding an equal one without opening it: 64 hexadecimal digits."""
        return hmac.new(self._hash_key, text.encode(), hashlib.sha256).hexdigest()


keyring = Keyring()


class EncryptedText(TypeDecorator[str]):
    """Text that nobody reads in the database or a back-up of it (MultiFernet; keys rotate)."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Close it with the newest key."""
        return None if value is None else keyring.fernet.encrypt(value.encode())

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """Open it with whichever key closed it."""
        return None if value is None else keyring.fernet.decrypt(bytes(value)).decode()


def one_of(enum: type[E], name: str | None = None) -> Enum:
    """A column type for an enum of ours: its value in a VARCHAR, with a check constraint on both databases.

    `name` names the constraint, where one table has two columns of the same enum.
    """
    return Enum(
        enum,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=40,
        name=name or enum.__name__.lower(),
    )


class Base(DeclarativeBase):
    """What every model is: named constraints, aware instants."""

    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={datetime: Instant},
    )


db = SQLAlchemy(model_class=Base, disable_autonaming=False, session_options={"expire_on_commit": False})
session: scoped_session[Session] = db.session  # type: ignore[assignment]


def fit(engine: Engine) -> Engine:
    """Make an engine keep our promises: on SQLite, foreign keys, WAL, patience, and BEGIN said when we say."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_on_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, below
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "busy_timeout=5000", "synchronous=NORMAL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


_will_write: ContextVar[bool] = ContextVar("will_write", default=True)


def _begin_on_sqlite(connection: Any) -> None:
    """A transaction that will write takes its lock at once: two writers then queue instead of failing half-way."""
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _will_write.get() else "BEGIN")


def driver_url(url: str) -> str:
    """The URL with the driver we use: people write postgresql://, SQLAlchemy would look for another one."""
    for start in ("postgres://", "postgresql://"):
        if url.startswith(start):
            return "postgresql+psycopg://" + url.removeprefix(start)
    return url


def engine_for(url: str) -> Engine:
    """An engine outside a request, for tools and tests, with the same promises."""
    return fit(create_engine(driver_url(url)))


def set_up(app: Flask, url: str) -> None:
    """Give the app its database. A SQLite file's folder is made when it is missing."""
    url = driver_url(url)
    if url.startswith("sqlite:////") or (url.startswith("sqlite:///") and ":memory:" not in url):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    # an error of the database would carry what somebody typed into the log
    options: dict[str, Any] = {"hide_parameters": True}
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = options | ({} if url.startswith("sqlite") else {"pool_pre_ping": True})
    db.init_app(app)
    with app.app_context():
        fit(db.engine)


def will_write(answer: bool) -> None:
    """Say whether what comes next may write. On SQLite a reader never waits for a writer."""
    _will_write.set(answer)


def settle(*, keep: bool) -> None:
    """End a request's transaction: keep what it wrote, or undo it. Nobody else commits."""
    if keep:
        session.commit()
    else:
        session.rollback()


@contextmanager
def kept_apart() -> Iterator[None]:
    """Undo what this request did so far and keep only what is written inside, such as a failed sign-in.

    For facts that must outlive a refused request; the request goes on in a new transaction.
    """
    session.rollback()
    will_write(True)
    yield
    session.commit()
