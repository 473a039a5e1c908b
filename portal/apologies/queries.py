"""Who said that they cannot come to a session."""

from __future__ import annotations

from sqlalchemy import select

from portal.apologies.models import Apology
from portal.cohorts.models import CohortSession, Enrolment
from portal.database import session


def of_session(session_id: int) -> dict[int, Apology]:
    """The apologies for a session that still stand, by enrolment; in one statement."""
    query = select(Apology).where(Apology.session_id == session_id, Apology.taken_back_at.is_(None))
    return {each.enrolment_id: each for each in session.scalars(query)}


def apology_of(cohort_session: CohortSession, enrolment: Enrolment) -> Apology | None:
    """What this person said about this session, be it taken back since."""
    query = select(Apology).where(Apology.session_id == cohort_session.id, Apology.enrolment_id == enrolment.id)
    return session.scalars(query).one_or_none()
