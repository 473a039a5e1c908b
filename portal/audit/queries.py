"""Reading the record: lines for people, and the whole chain for the check."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, column, func, select, table

from portal.access import Can, Holder, within
from portal.audit.models import Action, AuditLine
from portal.audit.rules import FIRST, what_broke
from portal.database import session
from portal.paging import Page, page_of, read

PAGE_SIZE = 40
VOLUNTEER = table("volunteer", column("id"), column("reference"), column("scheme_id"))  # the model is a later stage's


@dataclass(frozen=True)
class Change:
    """One value of a row, before and after, in words."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Line:
    """One line of the record as a page shows it."""

    id: int
    at: datetime
    actor_id: int | None
    actor_name: str
    action: Action
    what: str
    row_id: int | None
    about: str
    purpose: str
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Broken:
    """The first line at which the chain does not hold."""

    line_id: int
    at: datetime
    what: str
    why: str


@dataclass(frozen=True)
class Verdict:
    """What walking the whole chain found: how many lines hold, the hash of the last of them, and what broke."""

    count: int
    last_hash: str
    has_noted: bool
    broken: Broken | None


def lines(
    *, seen_by: Holder, about: str = "", by: str = "", action: Action | None = None, after: str | None = None
) -> Page[Line]:
    """The record of the schemes of whoever looks, the newest first.

    `about` is a volunteer's reference, `by` a part of the name of whoever acted.
    """
    query = _seen(seen_by)
    if about:
        ids = select(VOLUNTEER.c.id).where(func.upper(VOLUNTEER.c.reference) == about.strip().upper())
        query = query.where(AuditLine.volunteer_id.in_(ids))
    if by:
        query = query.where(AuditLine.actor_name.icontains(by.strip(), autoescape=True))
    if action:
        query = query.where(AuditLine.action == action)
    return _page(query, after)


def history_of(volunteer_id: int, *, seen_by: Holder, after: str | None = None) -> Page[Line]:
    """Everything the record says about one volunteer, the newest first; empty for somebody of another scheme."""
    return _page(_seen(seen_by).where(AuditLine.volunteer_id == volunteer_id), after)


def all_seen(*, seen_by: Holder) -> list[Line]:
    """Who has seen what is behind a wall, when and for which purpose, the oldest first: for the export."""
    rows = session.scalars(_seen(seen_by).where(AuditLine.action == Action.SEEN).order_by(AuditLine.id)).all()
    return _shown(rows)


def _seen(seen_by: Holder) -> Select[AuditLine]:
    return select(AuditLine).where(within(seen_by, Can.SEE_AUDIT, AuditLine.scheme_id))


def _page(query: Select[AuditLine], after: str | None) -> Page[Line]:
    if key := read(after, like=(0,)):
        query = query.where(AuditLine.id < key[0])
    rows = session.scalars(query.order_by(AuditLine.id.desc()).limit(PAGE_SIZE + 1)).all()
    return page_of(_shown(rows), PAGE_SIZE, key=lambda line: (line.id,))


def _shown(rows: Sequence[AuditLine]) -> list[Line]:
    ids = {row.volunteer_id for row in rows if row.volunteer_id}
    found = session.execute(select(VOLUNTEER.c.id, VOLUNTEER.c.reference).where(VOLUNTEER.c.id.in_(ids))) if ids else ()
    references = {row.id: row.reference for row in found}
    return [
        Line(
            row.id, row.at, row.actor_id, row.actor_name, row.action, row.table_name.replace("_", " "), row.row_id,
            references.get(row.volunteer_id, ""), row.purpose or "", tuple(_changes(row.before or {}, row.after or {})),
        )
        for row in rows
    ]  # fmt: skip


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterable[Change]:
    for name in {**before, **after}:
        yield Change(name.replace("_", " ").capitalize(), _words(before.get(name)), _words(after.get(name)))


def _words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def number_of_lines() -> int:
    """How many lines there are in all."""
    return session.scalar(select(func.count()).select_from(AuditLine)) or 0


def verdict(*, noted: str | None = None, step: Callable[[], object] = lambda: None) -> Verdict:
    """Walk every line in order and check its hash; stops at the first that does not hold.

    `noted` is a hash that was written down before: nothing in the chain itself shows that its end was cut off, so
    whoever fears that keeps the last hash elsewhere. `step` is called for each line.
    """
    previous, count, has_noted = FIRST, 0, noted is None or noted == FIRST
    columns = AuditLine.__table__.columns
    query = select(*columns).order_by(AuditLine.id).execution_options(yield_per=1000)
    with session.execute(query) as rows:
        for found in rows.mappings():
            row: dict[str, Any] = {str(name): value for name, value in found.items()}
            if why := what_broke(previous, row):
                what = f"{row['action'].value} {row['table_name']} {row['row_id'] or ''}".strip()
                return Verdict(count, previous, has_noted, Broken(row["id"], row["at"], what, why))
            previous, count = row["line_hash"], count + 1
            has_noted = has_noted or previous == noted
            step()
    return Verdict(count, previous, has_noted, None)
