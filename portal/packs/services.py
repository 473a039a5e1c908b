"""The verbs of a session's pack: add a file, take it away, use it again; and the facts of a booklet."""

from __future__ import annotations

from sqlalchemy import select

from portal import clock
from portal.accounts.models import User
from portal.cohorts.models import CohortSession, Enrolment
from portal.courses.models import Audience, CourseVersion, SessionFile
from portal.courses.queries import course_of
from portal.database import session
from portal.files import services as files
from portal.files.rules import Examined
from portal.packs import rules
from portal.packs.documents import Booklet, Meeting
from portal.refusals import Refused


def add_file(
    version: CourseVersion, number: int, *, title: str, audience: Audience, file: Examined, by: User
) -> SessionFile:
    """Put a file to a session. One of the same title is replaced by it, and kept."""
    numbers = {each.number for each in course_of(version).sessions}
    Refused.unless_empty(rules.reasons_not_to_add(title, is_in_course=number in numbers))
    before = _versions(version.scheme_id, version.code, number)
    title = rules.title_as_kept(title, [each.title for each in before])
    same = [each for each in before if each.title == title]
    for each in same:
        _replace(each, by=by)
    added = SessionFile(
        scheme_id=version.scheme_id, course_code=version.code, session_number=number, title=title,
        number=max((each.number for each in same), default=0) + 1, audience=audience,
        file=files.keep(file, scheme_id=version.scheme_id, by=by), added_at=clock.now(), added_by=by,
    )  # fmt: skip
    session.add(added)
    session.flush()
    return added


def take_away(file: SessionFile, *, by: User) -> None:
    """Hand a file out no longer. It is kept, and `use_again` undoes this."""
    if file.replaced_at is not None:
        raise Refused(f"“{file.title}”, version {file.number}, is not handed out any more")
    _replace(file, by=by)
    session.flush()


def use_again(file: SessionFile, *, by: User) -> None:
    """Hand out this version again, in place of a newer one of the same title if there is one."""
    if file.replaced_at is None:
        raise Refused(f"“{file.title}”, version {file.number}, is handed out already")
    for each in _versions(file.scheme_id, file.course_code, file.session_number):
        if each.title == file.title:
            _replace(each, by=by)
    file.replaced_at = file.replaced_by_id = None
    session.flush()


def booklet_of(enrolment: Enrolment, *, large: bool = False) -> Booklet:
    """The facts of somebody's booklet. The place comes with its cohort, dates, course and scheme."""
    cohort, volunteer = enrolment.cohort, enrolment.volunteer
    scheme, version = cohort.area.scheme, cohort.course_version
    return Booklet(
        learner=volunteer.preferred_name or volunteer.name, scheme=scheme.name, phone=scheme.phone, email=scheme.email,
        course=version.title, version=version.number, cohort=cohort.name, place=cohort.venue or "Online",
        meetings=tuple(_meeting(each, version) for each in cohort.sessions), printed_on=clock.today(),
        is_large=large,
    )  # fmt: skip


def _meeting(each: CohortSession, version: CourseVersion) -> Meeting:
    """A date with what is taught on it; nothing is, when the course has fewer sessions than the cohort."""
    taught = next((one for one in course_of(version).sessions if one.number == each.number), None)
    return Meeting(
        number=each.number, title=each.title, starts_at=clock.in_london(each.starts_at),
        ends_at=clock.in_london(each.ends_at), place=each.held_in or "Online", is_for_everybody=each.is_mandatory,
        is_cancelled=each.cancelled_at is not None, aims=taught.aims if taught else (),
        handout=taught.handout if taught else "",
    )  # fmt: skip


def _versions(scheme_id: int, code: str, number: int) -> list[SessionFile]:
    query = select(SessionFile).where(
        SessionFile.scheme_id == scheme_id, SessionFile.course_code == code, SessionFile.session_number == number
    )
    return list(session.scalars(query.order_by(SessionFile.id)))


def _replace(file: SessionFile, *, by: User) -> None:
    if file.replaced_at is None:
        file.replaced_at, file.replaced_by_id = clock.now(), by.id
