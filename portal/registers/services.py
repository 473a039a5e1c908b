"""Saving a register: merged with what others saved meanwhile, whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from sqlalchemy import Executable, bindparam, delete, func, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm.util import identity_key

from portal import clock
from portal.accounts.models import User
from portal.attendance.models import Mark
from portal.audit import services as audit
from portal.audit.rules import HIDDEN, Actor
from portal.cohorts.models import Cohort, CohortSession
from portal.database import session
from portal.refusals import Refused
from portal.registers import queries, rules
from portal.registers.queries import Register
from portal.registers.rules import NewMark, Person, RegisterConflict, RegisterInvalid

KEPT = ("code", "minutes", "reason", "note", "marked_at", "marked_by_id")


class Identified(Protocol):
    """A session by its number: the row itself, or what a page knows of it."""

    @property
    def id(self) -> int:
        """The number of the session."""


def save_register(
    cohort_session: Identified, marks: Sequence[NewMark], *, seen_version: int, by: User, because: str = ""
) -> None:
    """Save marks, merged with what others saved meanwhile.

    Raises `RegisterInvalid` naming each wrong mark, `RegisterConflict` with both marks where two people marked
    somebody differently, `Refused` when nothing can be marked now or a late change has no reason.
    """
    save(queries.held(cohort_session.id), marks, seen_version=seen_version, by=by, because=because)


def save(held: Register, marks: Sequence[NewMark], *, seen_version: int, by: User, because: str = "") -> None:
    """As `save_register`, of a register that was read with `hold`: nobody else can have saved it since."""
    Refused.unless_empty(_reasons_not_to_mark(held))
    marks = [rules.fitted(mark) for mark in marks]
    if wrong := rules.problems(marks, held.people, held.minutes):
        raise RegisterInvalid(wrong)
    changes = rules.changes(marks, held.people, is_same_version=seen_version == held.version)
    if changes.conflicts:
        raise RegisterConflict(changes.conflicts)
    if changes and held.is_locked:
        if not because.strip():
            raise Refused("This register is locked: say why you are changing it")
        audit.did(
            "cohort_session", by=by, row_id=held.id, scheme_id=held.scheme_id,
            purpose=f"{rules.LATE_CHANGE}{because.strip()}"[:500],
        )  # fmt: skip
    _write(held, changes, by=by)


def _reasons_not_to_mark(held: Register) -> list[str]:
    if held.cancelled_because is not None:
        return ["This session was cancelled, so nobody can be marked"]
    if held.is_cohort_cancelled:
        return ["This course was cancelled, so nobody can be marked"]
    if clock.now() < held.opens_at:
        return ["This session has not begun: its register opens an hour before"]
    return []


def _write(head: Register, changes: rules.Changes, *, by: Actor) -> None:
    at = clock.now()
    if changes.write:
        rows = [
            {
                "session_id": head.id, "enrolment_id": mark.enrolment_id, "code": mark.code, "minutes": mark.minutes,
                "reason": mark.reason, "note": mark.note, "marked_at": mark.marked_at or at, "marked_by_id": by.id,
            }
            for _, mark in changes.write
        ]  # fmt: skip
        session.connection().execute(UPSERTS[session.connection().dialect.name], rows)
    if changes.remove:
        session.execute(delete(Mark).where(Mark.id.in_([person.mark_id for person in changes.remove])))
    for person, mark in changes.write:
        _record(head, person, mark)
    for person in changes.remove:
        _record(head, person, NewMark(person.enrolment_id, None))
    session.connection().execute(SAVED, {"the_id": head.id, "at": at, "by_id": by.id})
    if (known := session().identity_map.get(identity_key(CohortSession, head.id))) is not None:
        session.expire(known)


def _upsert(insert: Any) -> Executable:
    statement = insert(Mark.__table__)
    made: Executable = statement.on_conflict_do_update(
        index_elements=["session_id", "enrolment_id"], set_={name: statement.excluded[name] for name in KEPT}
    )
    return made


SAVED = (
    update(CohortSession.__table__)  # type: ignore[arg-type]  # a mapped class has a Table here
    .where(CohortSession.id == bindparam("the_id"))
    .values(
        register_version=CohortSession.register_version + 1, register_saved_at=bindparam("at"),
        register_saved_by_id=bindparam("by_id"),
        # whoever saves it first is taken to have taught it; that can be changed
        taught_by_id=func.coalesce(CohortSession.taught_by_id, bindparam("by_id")),
    )
)  # fmt: skip
UPSERTS = {"sqlite": _upsert(sqlite.insert), "postgresql": _upsert(postgresql.insert)}


def _record(head: Register, before: Person, after: NewMark) -> None:
    audit.changed(
        "mark", before.mark_id, before=_shown(head, before), after=_shown(head, after),
        volunteer_id=before.volunteer_id, scheme_id=head.scheme_id,
    )  # fmt: skip


def _shown(head: Register, mark: Person | NewMark) -> dict[str, Any] | None:
    """A mark as the record may show it: that there is a reason or a note, never which."""
    if mark.code is None and isinstance(mark, Person):
        return None
    return {
        "session_id": head.id, "enrolment_id": mark.enrolment_id, "code": mark.code, "minutes": mark.minutes,
        "reason": HIDDEN if mark.reason else None, "note": HIDDEN if mark.note else "",
    }  # fmt: skip


def read_support(cohort: Cohort, rows: Sequence[queries.SupportRow], *, by: Actor) -> None:
    """Say in the record of each of these people that what helps them was read, for which group."""
    for row in rows:
        audit.seen(
            "volunteer", row.volunteer_id, by=by, purpose=f"To plan the sessions of {cohort.name}",
            volunteer_id=row.volunteer_id, scheme_id=cohort.scheme_id,
        )  # fmt: skip


def read_about(register: Register, person: Person, what: str, *, by: Actor) -> None:
    """Say in somebody's record that a trainer read what helps them ("needs"), or whom to ring ("emergency")."""
    why = "To ring in an emergency" if what == "emergency" else "To plan for what helps them"
    audit.seen(
        "volunteer", person.volunteer_id, by=by, volunteer_id=person.volunteer_id, scheme_id=register.scheme_id,
        purpose=f"{why}: {register.cohort}, session {register.number}",
    )  # fmt: skip
