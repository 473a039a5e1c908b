"""Taking in marks that a phone kept without signal: each batch once, each mark for itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete

from portal import clock
from portal.accounts.models import User
from portal.database import session
from portal.offline import queries, rules
from portal.offline.rules import Parcel
from portal.refusals import Refused
from portal.registers import queries as registers
from portal.registers.models import Batch
from portal.registers.queries import Register
from portal.registers.services import save


def take_in(parcel: Parcel, *, by: User) -> dict[str, Any] | None:
    """Save what can be saved and answer what became of each mark; the same batch again gets the same answer.

    None when the register is not theirs to mark. Raises `Refused` when nobody can be marked now, or when the key
    came before from somebody else or for another register.
    """
    register = registers.register(parcel.session_id, seen_by=by, hold=True)
    if register is None:
        return None
    known = queries.batch(parcel.key)
    if known is not None:
        if (known.user_id, known.session_id) != (by.id, parcel.session_id):
            raise Refused("These marks were sent before, by somebody else or for another register")
        return {**known.answer, **_as_it_stands(register, parcel, by), "is_repeat": True}
    now = clock.now()
    found = rules.sort(
        parcel, register.people, session_minutes=register.minutes, opens_at=register.opens_at, now=now
    )  # the register is held, so that nothing changes between this look and the save
    save(register, found.good, seen_version=register.version, by=by)
    kept = rules.answer(found)
    seconds = rules.milliseconds_fast(parcel.device_now, now) // 1000
    session.add(
        Batch(
            key=parcel.key, session_id=parcel.session_id, user_id=by.id, received_at=now, answer=kept,
            seconds_fast=min(max(seconds, -rules.MOST_SECONDS), rules.MOST_SECONDS),
        )
    )  # fmt: skip
    session.flush()
    return {**kept, **_as_it_stands(register, parcel, by), "is_repeat": False}


def forget_batches(at: datetime) -> None:
    """Forget batches that no phone can send again; what they changed stays in the record."""
    session.execute(delete(Batch).where(Batch.received_at < at - rules.KEPT_FOR))


def _as_it_stands(before: Register, parcel: Parcel, by: User) -> dict[str, Any]:
    """Everybody's mark after the save, others' marks too, and what is wrong in words: read anew, never kept."""
    register = registers.register(before.id, seen_by=by)
    assert register is not None  # it was theirs a moment ago, in the same transaction
    now = clock.now()
    again = rules.sort(
        parcel, register.people, session_minutes=register.minutes, opens_at=register.opens_at, now=now
    ).problems
    return {
        "version": register.version,
        "now": round(now.timestamp() * 1000),
        "marks": {
            str(each.enrolment_id): [*rules.shown(each), each.fingerprint, each.marked_by]
            for each in register.people.values()
        },
        "words": {str(problem.enrolment_id): problem.words for problem in reversed(again)},
    }
