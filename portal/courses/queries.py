"""The courses of a scheme, as those who teach, assess and plan them see them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import column, func, select, table
from sqlalchemy.orm import defer, joinedload

from courses.syllabus import Course
from portal.access import Can, within
from portal.accounts.models import User
from portal.courses.models import CourseDraft, CourseVersion
from portal.database import session
from portal.schemes.models import Scheme

COHORT = table(  # the model is a later stage's
    "cohort", column("id"), column("name"), column("state"), column("scheme_id"), column("area_id"),
    column("course_version_id"), column("starts_on"),
)  # fmt: skip
MOST_GROUPS = 400


@dataclass
class CourseRow:
    """One course of a scheme in the list: its versions, the newest first, and the draft of the next."""

    scheme: Scheme
    code: str
    title: str
    versions: list[CourseVersion] = field(default_factory=list)
    draft: CourseDraft | None = None


@dataclass(frozen=True)
class Groups:
    """The groups that are taught a version: how many, and those the reader may open, as (id, name, state)."""

    count: int = 0
    theirs: tuple[tuple[int, str, str], ...] = ()


def courses(*, seen_by: User) -> list[CourseRow]:
    """Every course of their schemes, with its versions and its draft."""
    versions = session.scalars(
        select(CourseVersion)
        .where(within(seen_by, Can.SEE_COURSES, CourseVersion.scheme_id))
        .options(joinedload(CourseVersion.scheme), joinedload(CourseVersion.created_by))
        .order_by(CourseVersion.number.desc())
    )
    drafts = session.execute(
        select(CourseDraft, CourseDraft.body["title"].as_string())
        .where(within(seen_by, Can.SEE_COURSES, CourseDraft.scheme_id))
        .options(joinedload(CourseDraft.scheme), joinedload(CourseDraft.changed_by), defer(CourseDraft.body))
    )
    rows: dict[tuple[int, str], CourseRow] = {}
    for version in versions:
        row = rows.setdefault((version.scheme_id, version.code), CourseRow(version.scheme, version.code, version.title))
        row.versions.append(version)
    for draft, title in drafts:
        row = rows.setdefault((draft.scheme_id, draft.code), CourseRow(draft.scheme, draft.code, title))
        row.draft = draft
    return sorted(rows.values(), key=lambda row: (row.scheme.name, row.title.casefold(), row.code))


def groups(*, seen_by: User) -> dict[int, Groups]:
    """Which groups are taught each version, by its id. A trainer reads how many; who plans groups also which."""
    counting = (
        select(COHORT.c.course_version_id, func.count())
        .where(within(seen_by, Can.SEE_COURSES, COHORT.c.scheme_id), COHORT.c.state != "cancelled")
        .group_by(COHORT.c.course_version_id)
    )
    counted: dict[int, int] = {row[0]: row[1] for row in session.execute(counting)}
    theirs: dict[int, list[tuple[int, str, str]]] = {}
    query = (
        select(COHORT.c.course_version_id, COHORT.c.id, COHORT.c.name, COHORT.c.state)
        .where(within(seen_by, Can.MANAGE_COHORTS, COHORT.c.scheme_id, COHORT.c.area_id), COHORT.c.state != "cancelled")
        .order_by(COHORT.c.starts_on.desc(), COHORT.c.id.desc())
        .limit(MOST_GROUPS)
    )
    for version_id, cohort_id, name, state in session.execute(query):
        theirs.setdefault(version_id, []).append((cohort_id, name, state))
    return {key: Groups(count, tuple(theirs.get(key, ()))) for key, count in counted.items()}


def version(version_id: int, *, seen_by: User, can: Can = Can.SEE_COURSES) -> CourseVersion | None:
    """One frozen course with its scheme; None when it is not theirs to see."""
    query = (
        select(CourseVersion)
        .where(CourseVersion.id == version_id, within(seen_by, can, CourseVersion.scheme_id))
        .options(joinedload(CourseVersion.scheme), joinedload(CourseVersion.created_by))
    )
    return session.scalars(query).one_or_none()


def latest(scheme_id: int, code: str) -> CourseVersion | None:
    """The newest version of a course of a scheme."""
    query = (
        select(CourseVersion)
        .where(CourseVersion.scheme_id == scheme_id, CourseVersion.code == code)
        .order_by(CourseVersion.number.desc())
        .limit(1)
    )
    return session.scalars(query).first()


def schemes_to_write_for(seen_by: User) -> Sequence[Scheme]:
    """The schemes whose courses they may write."""
    query = select(Scheme).where(within(seen_by, Can.MANAGE_COURSES, Scheme.id)).order_by(Scheme.name, Scheme.id)
    return session.scalars(query).all()


def versions_of(scheme_ids: Collection[int]) -> Sequence[CourseVersion]:
    """The frozen courses of these schemes, the newest first."""
    query = (
        select(CourseVersion)
        .where(CourseVersion.scheme_id.in_(scheme_ids))
        .order_by(CourseVersion.title, CourseVersion.number.desc(), CourseVersion.id)
    )
    return session.scalars(query).all()


_courses: dict[tuple[object, ...], Course] = {}


def course_of(version: CourseVersion) -> Course:
    """The course a version froze. Read once a process: a version never changes, and reading one takes 14 ms."""
    key = (version.id, version.scheme_id, version.code, version.number, version.title, version.created_at)
    if key not in _courses:
        body = session.scalar(select(CourseVersion.body).where(CourseVersion.id == version.id))
        _courses[key] = Course.from_json(body or {})
    return _courses[key]
