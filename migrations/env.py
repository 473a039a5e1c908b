"""How a revision is run, and how one is written from the models. See docs/migrations.md."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection, Enum, TypeDecorator

database = current_app.extensions["migrate"].db
for models in sorted(Path(current_app.root_path).glob("*/models.py")):
    importlib.import_module(f"portal.{models.parent.name}.models")  # a table nobody imported would look removed


def render(kind: str, thing: Any, autogen: Any) -> str | bool:
    """Write our own column types as the plain ones beneath them: an old revision must never import a model."""
    if kind != "type":
        return False
    if isinstance(thing, TypeDecorator):
        return f"sa.{thing.impl_instance!r}"
    if isinstance(thing, Enum):
        values = ", ".join(repr(value) for value in thing.enums)
        return (
            f"sa.Enum({values}, name={thing.name!r}, native_enum=False, create_constraint=True, length={thing.length})"
        )
    return False


@contextmanager
def without_foreign_keys(connection: Connection) -> Iterator[None]:
    """On SQLite, keep foreign keys off while tables are rebuilt.

    Batch mode copies a table and drops the old one; with foreign keys on, the drop deletes or refuses every row that
    points at it. The switch does nothing inside a transaction, so it is turned before the first one begins.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    raw = connection.connection.cursor()
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys=ON")
        raw.close()


def refuse_orphans(connection: Connection) -> None:
    """Undo the whole upgrade when it left a row that points at nothing."""
    if connection.dialect.name != "sqlite":
        return
    orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if orphans:
        found = ", ".join(sorted({f"{row[0]} row {row[1]} → {row[2]}" for row in orphans}))
        raise RuntimeError(f"The upgrade would leave rows that point at nothing, so it was undone: {found}")


def drop_empty(_context: Any, _revision: Any, directives: list[Any]) -> None:
    """Write no file when nothing has changed."""
    if getattr(context.config.cmd_opts, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives[:] = []


def run() -> None:
    """Run everything in one transaction: a revision that fails half-way leaves nothing behind, on either database."""
    with database.engine.connect() as connection, without_foreign_keys(connection):
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_item=render,
            render_as_batch=True,
            compare_type=True,
            compare_server_default=True,
            transactional_ddl=True,
            process_revision_directives=drop_empty,
        )
        with context.begin_transaction():
            context.run_migrations()
            refuse_orphans(connection)


if context.is_offline_mode():
    raise SystemExit("Revisions are run on a database, never written out as SQL: some of them look at the rows.")
run()
