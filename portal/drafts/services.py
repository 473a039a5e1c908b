"""The verbs of a draft: start it, change it, publish it as a version that never changes, or throw it away."""

from __future__ import annotations

from courses import checks, editing
from courses.syllabus import Course
from portal import clock
from portal.accounts.models import User
from portal.courses import services as courses
from portal.courses.models import CourseDraft, CourseVersion
from portal.courses.queries import course_of, latest
from portal.database import session
from portal.drafts import queries, rules
from portal.refusals import Refused
from portal.schemes.models import Scheme


def start(version: CourseVersion, *, by: User) -> CourseDraft:
    """Begin the next version of a course; the draft that is there when somebody has begun already."""
    return queries.draft_of(version.scheme_id, version.code) or _begin(
        course_of(version), version.scheme, based_on=version, by=by
    )


def start_anew(scheme: Scheme, *, title: str, by: User) -> CourseDraft:
    """Begin a course of which nothing is there. Refused when the scheme has one of this name."""
    code = rules.code_from(title)
    if latest(scheme.id, code) or queries.draft_of(scheme.id, code):
        raise Refused("There is a course of this name already. Write its next version, or choose another name")
    return _begin(editing.begun(code, title), scheme, based_on=None, by=by)


def take_in(course: Course, scheme: Scheme, *, by: User) -> CourseDraft:
    """Keep a course that was brought in as a draft, to be looked at and then published.

    Refused when a draft of it is being written, which this would replace, or when nothing in it is new.
    """
    if draft := queries.draft_of(scheme.id, course.code):
        raise Refused(
            f"A next version of “{course.title}” is being written, last by {draft.changed_by.name}. "
            "Publish or discard that draft first"
        )
    newest = latest(scheme.id, course.code)
    if newest is not None and course_of(newest) == course:
        raise Refused(f"This is the same as version {newest.number}, word for word. There is nothing to bring in")
    return _begin(course, scheme, based_on=newest, by=by)


def change(draft: CourseDraft, course: Course, *, by: User) -> None:
    """Keep the draft as it is now; it may be incomplete."""
    draft.body, draft.changed_at, draft.changed_by = course.to_json(), clock.now(), by
    session.flush()


def publish(draft: CourseDraft, *, note: str, by: User) -> CourseVersion:
    """Freeze the draft as the newest version. Refused while anything in it is wrong, or nothing is new."""
    course = editing.from_draft(draft.body)
    if faults := checks.faults(course):
        raise Refused(f"There is still something to mend: {len(faults)} in all")
    before = latest(draft.scheme_id, draft.code)
    version = courses.freeze(course, scheme=draft.scheme, by=by, note=note)
    if before is not None and version.id == before.id:
        raise Refused(f"Nothing differs from version {before.number}. Change something, or discard the draft")
    discard(draft, by=by)
    return version


def discard(draft: CourseDraft, *, by: User) -> None:
    """Throw a draft away; the versions stay."""
    session.delete(draft)
    session.flush()


def _begin(course: Course, scheme: Scheme, *, based_on: CourseVersion | None, by: User) -> CourseDraft:
    now = clock.now()
    draft = CourseDraft(
        scheme=scheme, code=course.code, based_on=based_on, body=course.to_json(), started_at=now, changed_at=now,
        changed_by=by,
    )  # fmt: skip
    session.add(draft)
    session.flush()
    return draft
