"""Writing the record: every change by itself as it is kept, and what was seen when somebody says so."""

from __future__ import annotations

from typing import Any

from sqlalchemy import column, event, insert, inspect, select, table, text
from sqlalchemy.orm import RelationshipDirection, Session, SessionTransaction
from sqlalchemy.orm.attributes import History

from portal import clock
from portal.audit.models import Action, AuditLine
from portal.audit.rules import FIRST, HIDDEN, Actor, Outsider, chained, hashed_part, plain
from portal.database import EncryptedText, session

NOBODY = Outsider("Somebody not signed in")
CHAIN_LOCK = 72_616_973  # the PostgreSQL advisory lock that keeps the chain in one line
VOLUNTEER = table("volunteer", column("id"), column("scheme_id"))  # the model is a later stage's
LINES = insert(AuditLine.__table__)  # type: ignore[arg-type]  # a mapped class has a Table here
DEEPEST = 3  # a mark → its enrolment → its volunteer


def acting(actor: Actor, *, request_id: str | None = None) -> None:
    """Say who acts from here on in this session. Lines already gathered keep whoever acted then."""
    info = session().info
    info["actor"] = (actor.id, actor.name)
    if request_id is not None:
        info["request_id"] = request_id


def seen(what: str, row_id: int, *, by: Actor, purpose: str, volunteer_id: int | None, scheme_id: int | None) -> None:
    """Record that somebody saw what is behind a wall (`what` is the table's name), and for which purpose."""
    _gather(
        session(),
        Action.SEEN,
        what,
        row_id,
        volunteer_id=volunteer_id,
        scheme_id=scheme_id,
        actor=by,
        purpose=purpose,
    )


def did(what: str, *, by: Actor, row_id: int | None = None, scheme_id: int | None = None, purpose: str = "") -> None:
    """Record something that changed no row, such as a sign-in that was refused."""
    _gather(session(), Action.DID, what, row_id, volunteer_id=None, scheme_id=scheme_id, actor=by, purpose=purpose)


def changed(
    table: str, row_id: int | None, *, before: dict[str, Any] | None, after: dict[str, Any] | None,
    volunteer_id: int | None, scheme_id: int | None,
) -> None:  # fmt: skip
    """Record a change that was written past the unit of work, such as an upsert of marks."""
    action = Action.ADDED if before is None else Action.CHANGED
    _gather(
        session(), action, table, row_id, volunteer_id=volunteer_id, scheme_id=scheme_id,
        before=plain(before), after=plain(after),
    )  # fmt: skip


def _gather(
    s: Session, action: Action, table: str, row_id: int | None, *, volunteer_id: int | None, scheme_id: int | None,
    before: Any = None, after: Any = None, actor: Actor | None = None, purpose: str | None = None,
) -> None:  # fmt: skip
    actor_id, actor_name = (actor.id, actor.name) if actor else s.info.get("actor", (NOBODY.id, NOBODY.name))
    s.info.setdefault("audit_lines", []).append(
        {
            "at": clock.now(), "actor_id": actor_id, "actor_name": actor_name, "action": action, "table_name": table,
            "row_id": row_id, "scheme_id": scheme_id, "volunteer_id": volunteer_id, "before": before, "after": after,
            "purpose": purpose, "request_id": s.info.get("request_id"),
        }
    )  # fmt: skip


def _hides(column: Any) -> bool:
    return isinstance(column.type, EncryptedText) or bool(column.info.get("sensitive"))


def _shown(column: Any, value: Any) -> Any:
    return HIDDEN if value is not None and _hides(column) else plain(value)


def _gather_flushed(s: Session, _context: Any) -> None:
    """After a flush: a line for each row added, changed or removed."""
    for thing in s.new:
        _gather_row(s, Action.ADDED, thing)
    for thing in s.dirty:
        _gather_row(s, Action.CHANGED, thing)
    for thing in s.deleted:
        _gather_row(s, Action.REMOVED, thing)


def _gather_row(s: Session, action: Action, thing: Any) -> None:
    if isinstance(thing, AuditLine) or getattr(type(thing), "unaudited", False):
        return
    state = inspect(thing)
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    for attribute in state.mapper.column_attrs:
        column = attribute.columns[0]
        if attribute.key == "version":
            continue
        history: History = state.attrs[attribute.key].history
        if action is Action.CHANGED:
            if history.has_changes():
                before[attribute.key] = _shown(column, history.deleted[0] if history.deleted else None)
                after[attribute.key] = _shown(column, history.added[0] if history.added else None)
        elif (value := state.dict.get(attribute.key)) is not None:
            (before if action is Action.REMOVED else after)[attribute.key] = _shown(column, value)
    for relation in state.mapper.relationships:
        if relation.secondary is not None and (history := state.attrs[relation.key].history).has_changes():
            before[relation.key] = [each.id for each in (*history.unchanged, *history.deleted)]
            after[relation.key] = [each.id for each in (*history.unchanged, *history.added)]
    if not before and not after:
        return
    scheme_id, volunteer_id = _whose(s, thing, DEEPEST)
    _gather(
        s, action, state.mapper.local_table.name, thing.id, volunteer_id=volunteer_id, scheme_id=scheme_id,
        before=before or None, after=after or None,
    )  # fmt: skip


def _whose(s: Session, thing: Any, deep: int) -> tuple[int | None, int | None]:
    """The scheme and the volunteer a row belongs to, by itself or through its parents, as far as they are loaded."""
    state = inspect(thing)
    name = state.mapper.local_table.name
    scheme_id = thing.id if name == "scheme" else state.dict.get("scheme_id")
    volunteer_id = thing.id if name == "volunteer" else state.dict.get("volunteer_id")
    for relation in state.mapper.relationships if deep else ():
        if scheme_id is not None and volunteer_id is not None:
            break
        if relation.direction is RelationshipDirection.MANYTOONE and (parent := _parent(s, state, relation)):
            its_scheme, its_volunteer = _whose(s, parent, deep - 1)
            scheme_id = its_scheme if scheme_id is None else scheme_id
            volunteer_id = its_volunteer if volunteer_id is None else volunteer_id
    return scheme_id, volunteer_id


def _parent(s: Session, state: Any, relation: Any) -> Any:
    """The row a relationship points at when it is in memory; nothing is read for the record's sake."""
    if (loaded := state.dict.get(relation.key)) is not None:
        return loaded
    (local, _remote), *more = relation.local_remote_pairs
    value = state.dict.get(state.mapper.get_property_by_column(local).key)
    return (
        None if more or value is None else s.identity_map.get(relation.mapper.identity_key_from_primary_key((value,)))
    )


def _name_schemes(s: Session, lines: list[dict[str, Any]]) -> None:
    """Lines about a volunteer belong to the volunteer's scheme, whoever forgot to say so."""
    lacking = {line["volunteer_id"] for line in lines if line["scheme_id"] is None} - {None}
    if lacking:
        schemes = {
            row.id: row.scheme_id
            for row in s.execute(select(VOLUNTEER.c.id, VOLUNTEER.c.scheme_id).where(VOLUNTEER.c.id.in_(lacking)))
        }
        for line in lines:
            if line["scheme_id"] is None:
                line["scheme_id"] = schemes.get(line["volunteer_id"])


def _write_lines(s: Session) -> None:
    """Just before a commit: chain the gathered lines to the last one. The lock is held only for the commit itself."""
    if s.in_nested_transaction():
        return
    s.flush()
    lines = s.info.pop("audit_lines", [])
    if not lines:
        return
    _name_schemes(s, lines)
    parts = [hashed_part(line) for line in lines]  # before the lock: others wait behind it
    if s.get_bind().dialect.name == "postgresql":
        s.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": CHAIN_LOCK})
    previous = s.scalar(select(AuditLine.line_hash).order_by(AuditLine.id.desc()).limit(1)) or FIRST
    for line, part in zip(lines, parts, strict=True):
        line["previous_hash"] = previous
        line["line_hash"] = previous = chained(previous, part)
    s.connection().execute(LINES, lines)


def _remember_savepoint(s: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        s.info.setdefault("audit_savepoints", {})[transaction] = len(s.info.get("audit_lines", []))


def _forget_undone(s: Session, transaction: SessionTransaction) -> None:
    """After a rollback: nothing happened, so nothing is recorded."""
    kept = s.info.get("audit_savepoints", {}).pop(transaction, 0) if transaction.nested else 0
    del s.info.get("audit_lines", [])[kept:]


def listen() -> None:
    """Start recording: every session of ours from here on. Safe to call twice."""
    for name, listener in (
        ("after_flush", _gather_flushed),
        ("before_commit", _write_lines),
        ("after_transaction_create", _remember_savepoint),
        ("after_soft_rollback", _forget_undone),
    ):
        if not event.contains(Session, name, listener):
            event.listen(Session, name, listener)
