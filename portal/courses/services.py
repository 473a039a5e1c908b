"""The verbs of a course: freeze it as a new version."""

from __future__ import annotations

from sqlalchemy import select

from courses.syllabus import Course
from portal import clock
from portal.accounts.models import User
from portal.courses.models import CourseVersion
from portal.database import session
from portal.schemes.models import Scheme


def freeze(course: Course, *, scheme: Scheme, by: User, note: str = "") -> CourseVersion:
    """Keep the course as it is today for this scheme; the version that is there when nothing has changed."""
    body = course.to_json()
    latest = session.scalars(
        select(CourseVersion)
        .where(CourseVersion.scheme_id == scheme.id, CourseVersion.code == course.code)
        .order_by(CourseVersion.number.desc())
        .limit(1)
    ).first()
    if latest is not None and latest.body == body:
        return latest
    version = CourseVersion(
        scheme=scheme, code=course.code, number=latest.number + 1 if latest else 1, title=course.title, body=body,
        note=note.strip(), created_at=clock.now(), created_by_id=by.id,
    )  # fmt: skip
    session.add(version)
    session.flush()
    return version
