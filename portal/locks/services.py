"""Doing a thing once, whoever else is at it; and holding an office that one worker at a time may hold."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, or_, update
from sqlalchemy.dialects import postgresql, sqlite

from portal import clock
from portal.database import Base, session
from portal.locks.models import Once, Watch


def once(key: str) -> bool:
    """Whether this is the first time, ever, that somebody asks about this key: then it is theirs to do, once.

    The answer is kept with what is done after it, in one transaction: a worker that dies in between did neither.
    `key` is at most 120 characters, such as "reference:41:1:referee:7".
    """
    return key in first_times([key])


def first_times(keys: Collection[str]) -> set[str]:
    """Those of many keys that `once` would say yes to, asked in one statement."""
    if not keys:
        return set()
    at = clock.now()
    rows = _insert(Once).on_conflict_do_nothing().returning(Once.__table__.c.key)
    return set(session.execute(rows, [{"key": key, "at": at} for key in keys]).scalars())


def hold(office: str, *, holder: str, lease: timedelta) -> bool:
    """Take or keep an office that one worker at a time may hold; False while another one holds it."""
    at = clock.now()
    values = {"holder": holder, "beat_at": at, "until_at": at + lease}
    taken = session.execute(
        _insert(Watch)
        .values(office=office, **values)
        .on_conflict_do_update(
            index_elements=[Watch.office], set_=values, where=or_(Watch.holder == holder, Watch.until_at < at)
        )
        .returning(Watch.office)
    ).scalar()
    return taken is not None


def let_go(office: str, *, holder: str) -> None:
    """Give the office up, so that the next worker need not wait for the lease to end."""
    mine = and_(Watch.office == office, Watch.holder == holder)
    session.execute(update(Watch).where(mine).values(until_at=clock.now() - timedelta(seconds=1)))


def _insert(model: type[Base]) -> Any:
    """An INSERT that may say what to do when the row is there: each database has a word of its own for it."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    return dialect.insert(model.__table__)
