"""The verbs of the timetable: call a session off, and say that it took place after all."""

from __future__ import annotations

from typing import Any, Protocol

from sqlalchemy import select, update

from portal import clock
from portal.accounts.models import User
from portal.audit import services as audit
from portal.cohorts.models import Cohort, CohortSession
from portal.database import session
from portal.refusals import Refused


class Identified(Protocol):
    """A session by its number: the row itself, or what a page knows of it."""

    @property
    def id(self) -> int:
        """The number of the session."""


def cancel_session(cohort_session: Identified, *, because: str, by: User) -> None:
    """Say that a session did not take place: it counts for nobody. Marks already made are kept, in case it did."""
    head = _held(cohort_session)
    if head.cancelled_because is not None:
        raise Refused("This session is cancelled already")
    if not because.strip():
        raise Refused("Say why the session did not take place")
    _set_cancelled(head, because.strip())


def restore_session(cohort_session: Identified, *, by: User) -> None:
    """Say that a cancelled session did take place after all; its marks count again."""
    head = _held(cohort_session)
    if head.cancelled_because is None:
        raise Refused("This session is not cancelled")
    _set_cancelled(head, None)


def _held(cohort_session: Identified) -> Any:
    """The session's row, locked until the end: nobody marks a register while its session changes."""
    head: Any = session.execute(
        select(CohortSession.id, CohortSession.register_version, CohortSession.cancelled_because, Cohort.scheme_id)
        .join(CohortSession.cohort)
        .where(CohortSession.id == cohort_session.id)
        .with_for_update(of=CohortSession)
    ).one()
    return head


def _set_cancelled(head: Any, because: str | None) -> None:
    at = clock.now() if because else None
    session.execute(
        update(CohortSession)
        .where(CohortSession.id == head.id)
        .values(cancelled_because=because, cancelled_at=at, register_version=head.register_version + 1)
    )
    audit.changed(
        "cohort_session", head.id, before={"cancelled_because": head.cancelled_because},
        after={"cancelled_because": because}, volunteer_id=None, scheme_id=head.scheme_id,
    )  # fmt: skip
