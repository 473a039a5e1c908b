"""A line of the record. The database itself refuses to change or remove one (see the migration's triggers)."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.database import Base, one_of


class Action(Enum):
    """What happened to a row."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"
    SEEN = "seen"
    DID = "did"


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
