"""A line of the record. The database itself refuses to change or remove one (see the migration's triggers)."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import DDL, JSON, Index, String, Table, event
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base, one_of

REFUSES = """
CREATE OR REPLACE FUNCTION refuse_to_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '%% is only ever added to', TG_TABLE_NAME; END $$
"""
ON_POSTGRESQL = """
CREATE TRIGGER %(table)s_add_only BEFORE {verb} ON %(table)s
FOR EACH {each} EXECUTE FUNCTION refuse_to_change()
"""
ON_SQLITE = """
CREATE TRIGGER %(table)s_no_{verb} BEFORE {verb} ON %(table)s
BEGIN SELECT RAISE(ABORT, '%(table)s is only ever added to'); END
"""


def add_only(table: Any) -> None:
    """Let the database itself refuse to change or remove a row of this table, whoever asks.

    For tables made from the models; a migrated database gets the same triggers from a revision of its own.
    """
    assert isinstance(table, Table)
    postgresql = [
        REFUSES,
        ON_POSTGRESQL.format(verb="UPDATE OR DELETE", each="ROW"),
        ON_POSTGRESQL.replace("_add_only", "_no_truncate").format(verb="TRUNCATE", each="STATEMENT"),
    ]
    for dialect, statements in (
        ("postgresql", postgresql),
        ("sqlite", [ON_SQLITE.format(verb=verb) for verb in ("update", "delete")]),
    ):
        for statement in statements:
            ddl = DDL(statement.strip())  # type: ignore[no-untyped-call]
            event.listen(table, "after_create", ddl.execute_if(dialect=dialect))


class Action(Enum):
    """What happened to a row."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    SEEN = "seen"
    DID = "did"

    @property
    def words(self) -> str:
        """As the beginning of a sentence about a row."""
        return {"seen": "Saw", "did": "Did:"}.get(self.value, self.value.capitalize())


class AuditLine(Base):
    """Who did what to which row, when, with the values before and after; sensitive values are not in it."""

    __tablename__ = "audit_line"
    __table_args__ = (
        Index(None, "volunteer_id", "id"),
        Index(None, "table_name", "row_id"),
        Index(None, "scheme_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None]
    actor_name: Mapped[str] = mapped_column(String(200))
    action: Mapped[Action] = mapped_column(one_of(Action))
    table_name: Mapped[str] = mapped_column(String(63))
    row_id: Mapped[int | None]
    scheme_id: Mapped[int | None]
    volunteer_id: Mapped[int | None]
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    purpose: Mapped[str | None] = mapped_column(String(500))
    request_id: Mapped[str | None] = mapped_column(String(64))
    previous_hash: Mapped[str] = mapped_column(String(64))
    line_hash: Mapped[str] = mapped_column(String(64), unique=True)


add_only(AuditLine.__table__)
