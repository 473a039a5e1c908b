"""The verbs of somebody who cannot come: to say so, and to take it back."""

from __future__ import annotations

from sqlalchemy import select

from courses.marks import AbsenceReason
from portal import clock
from portal.apologies import queries, rules
from portal.apologies.models import Apology, ApologyBy
from portal.audit.rules import Actor
from portal.cohorts.models import CohortSession, CohortState, Enrolment, EnrolmentState
from portal.database import session
from portal.refusals import Refused


def apologise(
    cohort_session: CohortSession, enrolment: Enrolment, *, how: ApologyBy, by: Actor,
    reason: AbsenceReason | None = None, note: str = "",
) -> Apology:  # fmt: skip
    """Say that somebody cannot come to a session that has not begun. Said twice, the later words count.

    It marks nobody: whoever marks the register sees it there. Raises `Refused` when it is too late.
    """
    _hold(enrolment)
    Refused.unless_empty(_reasons_not_to(cohort_session, enrolment))
    note = " ".join(note.split())
    if len(note) > rules.LONGEST_NOTE:
        raise Refused(f"The note must be {rules.LONGEST_NOTE} characters or fewer")
    found = queries.apology_of(cohort_session, enrolment)
    if found is None:
        found = Apology(session=cohort_session, enrolment=enrolment)
        session.add(found)
    found.reason, found.note, found.by = reason, note, how
    found.told_at, found.taken_back_at = clock.now(), None
    session.flush()
    return found


def take_back(apology: Apology, *, by: Actor) -> None:
    """They can come after all. Nothing happens when it was taken back before."""
    _hold(apology.enrolment)
    Refused.unless_empty(_reasons_not_to(apology.session, apology.enrolment))
    if apology.taken_back_at is None:
        apology.taken_back_at = clock.now()
        session.flush()


def _hold(enrolment: Enrolment) -> None:
    """Hold this place on the course until the end: a page and a text at the same moment make one apology."""
    session.execute(select(Enrolment.id).where(Enrolment.id == enrolment.id).with_for_update(key_share=True))


def _reasons_not_to(cohort_session: CohortSession, enrolment: Enrolment) -> list[str]:
    if cohort_session.cohort_id != enrolment.cohort_id:
        raise ValueError("the session is of another course")
    is_called_off = cohort_session.cancelled_at is not None or enrolment.cohort.state is CohortState.CANCELLED
    return rules.reasons_not_to_apologise(
        is_on_the_course=enrolment.state is EnrolmentState.ENROLLED, is_called_off=is_called_off,
        starts_at=cohort_session.starts_at, now=clock.now(),
    )  # fmt: skip
