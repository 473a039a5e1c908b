"""Files of sessions, packs and places on a course, as those who look may see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal.access import Can, within
from portal.accounts.models import User
from portal.cohorts.models import Cohort, CohortSession, Enrolment
from portal.cohorts.queries import ON_THE_COURSE, may_see
from portal.courses.models import Audience, CourseVersion, SessionFile
from portal.database import session
from portal.schemes.models import Area
from portal.volunteers.models import Volunteer

_WHOLE = (joinedload(SessionFile.file), joinedload(SessionFile.added_by))


def course_version(version_id: int, *, seen_by: User, can: Can = Can.SEE_COURSES) -> CourseVersion | None:
    """A version of a course; None when its scheme is not theirs."""
    query = select(CourseVersion).where(CourseVersion.id == version_id, within(seen_by, can, CourseVersion.scheme_id))
    return session.scalars(query).one_or_none()


def session_file(file_id: int, *, seen_by: User, can: Can = Can.SEE_COURSES) -> SessionFile | None:
    """A file of a session, of whatever version; None when its scheme is not theirs."""
    query = (
        select(SessionFile)
        .where(SessionFile.id == file_id, within(seen_by, can, SessionFile.scheme_id))
        .options(*_WHOLE)
    )
    return session.scalars(query).one_or_none()


def own_session_file(file_id: int, *, seen_by: User) -> SessionFile | None:
    """A file handed out to learners in a session of their own course; None for any other."""
    theirs = (
        select(CohortSession.id)
        .join(CohortSession.cohort)
        .join(Cohort.course_version)
        .join(Enrolment, Enrolment.cohort_id == Cohort.id)
        .join(Enrolment.volunteer)
        .where(
            Volunteer.user_id == seen_by.id,
            Enrolment.state.in_(ON_THE_COURSE),
            CourseVersion.scheme_id == SessionFile.scheme_id,
            CourseVersion.code == SessionFile.course_code,
            CohortSession.number == SessionFile.session_number,
        )
    )
    query = (
        select(SessionFile)
        .where(
            SessionFile.id == file_id, SessionFile.audience == Audience.LEARNERS, SessionFile.replaced_at.is_(None),
            theirs.exists(),
        )
        .options(*_WHOLE)
    )  # fmt: skip
    return session.scalars(query).one_or_none()


def files_of(
    version: CourseVersion, *, number: int | None = None, for_learners: bool = False, older: bool = False
) -> dict[int, list[SessionFile]]:
    """The files of a course by the number of their session, by title; with `older` the replaced ones too.

    Whoever calls this has found the course with `seen_by`.
    """
    conditions: list[Any] = [SessionFile.scheme_id == version.scheme_id, SessionFile.course_code == version.code]
    if number is not None:
        conditions.append(SessionFile.session_number == number)
    if for_learners:
        conditions.append(SessionFile.audience == Audience.LEARNERS)
    if not older:
        conditions.append(SessionFile.replaced_at.is_(None))
    query = (
        select(SessionFile)
        .where(*conditions)
        .options(*_WHOLE)
        .order_by(SessionFile.session_number, SessionFile.title, SessionFile.number.desc())
    )
    found: dict[int, list[SessionFile]] = defaultdict(list)
    for each in session.scalars(query):
        found[each.session_number].append(each)
    return found


def cohort_session(session_id: int, *, seen_by: User) -> CohortSession | None:
    """A session with its cohort and course; None when it is not theirs."""
    query = (
        select(CohortSession)
        .join(CohortSession.cohort)
        .where(CohortSession.id == session_id, may_see(seen_by, Can.SEE_COHORTS))
        .options(contains_eager(CohortSession.cohort).options(joinedload(Cohort.course_version)))
    )
    return session.scalars(query).one_or_none()


def place(enrolment_id: int, *, seen_by: User) -> Enrolment | None:
    """Somebody's place on a course, with all its dates; None when it is not theirs to see, or was never taken."""
    found = _places(Enrolment.id == enrolment_id, may_see(seen_by, Can.SEE_COHORTS))
    return found[0] if found else None


def places_on(cohort_id: int, *, seen_by: User) -> Sequence[Enrolment]:
    """Everybody who has a place on this cohort, by name."""
    return _places(Cohort.id == cohort_id, may_see(seen_by, Can.SEE_COHORTS))


def own_place(seen_by: User) -> Enrolment | None:
    """Their own place, the latest when there were several; None for somebody who is on no course."""
    found = _places(Volunteer.user_id == seen_by.id)
    return max(found, key=lambda each: (each.enrolled_at, each.id)) if found else None


def _places(*conditions: Any) -> Sequence[Enrolment]:
    query = (
        select(Enrolment)
        .join(Enrolment.cohort)
        .join(Enrolment.volunteer)
        .where(Enrolment.state.in_(ON_THE_COURSE), *conditions)
        .options(
            contains_eager(Enrolment.volunteer),
            contains_eager(Enrolment.cohort).options(
                joinedload(Cohort.course_version), joinedload(Cohort.area).joinedload(Area.scheme),
                selectinload(Cohort.sessions),
            ),
        )
        .order_by(Volunteer.sort_name, Enrolment.id)
    )  # fmt: skip
    return session.scalars(query).all()
