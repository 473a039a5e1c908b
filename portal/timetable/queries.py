"""Sessions and their dates, as those who look may see them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from portal.access import Can
from portal.accounts.models import User
from portal.cohorts.models import Cohort, CohortSession
from portal.cohorts.queries import may_see
from portal.database import session


def cohort_session(session_id: int, *, seen_by: User, can: Can = Can.SEE_COHORTS) -> CohortSession | None:
    """A session with its cohort and trainers; None when it is not theirs."""
    query = (
        select(CohortSession)
        .join(CohortSession.cohort)
        .where(CohortSession.id == session_id, may_see(seen_by, can))
        .options(contains_eager(CohortSession.cohort).selectinload(Cohort.trainers))
    )
    return session.scalars(query).one_or_none()
