"""Registers to mark, with their people and marks as they are kept now, and who changed them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased

from courses.attendance import SessionFact, to_catch_up
from courses.marks import Code
from portal import clock
from portal.access import Can
from portal.accounts.models import User
from portal.apologies.models import Apology
from portal.attendance.models import CatchUp, Mark
from portal.attendance.queries import blocked, on_a_break
from portal.audit.models import Action, AuditLine
from portal.cohorts.models import Cohort, CohortSession, CohortState, Enrolment, EnrolmentState
from portal.cohorts.queries import TAKES_A_PLACE, may_see, reaches, teaches
from portal.courses.models import CourseVersion
from portal.courses.queries import course_of
from portal.database import session
from portal.paging import Page, page_of, read
from portal.registers import rules
from portal.registers.rules import Person
from portal.schemes.models import Scheme
from portal.support.models import LearnerPlan
from portal.support.queries import needs_of
from portal.support.rules import Needs
from portal.volunteers.models import Volunteer

HISTORY_PAGE = 60
Saver = aliased(User)
Marker = aliased(User)
MAY_CATCH_UP = [code for code in Code if code.rule.may_catch_up]
last_week = (
    select(func.max(CohortSession.week)).where(CohortSession.cohort_id == Cohort.id).correlate(Cohort).scalar_subquery()
)


@dataclass(frozen=True)
class Register:
    """One session's register as a page shows it."""

    id: int
    version: int
    cohort_id: int
    cohort: str
    scheme_id: int
    number: int
    week: int
    weeks: int
    title: str
    starts_at: datetime
    minutes: int
    saved_at: datetime | None
    saved_by: str | None
    cancelled_because: str | None
    is_cohort_cancelled: bool
    is_locked: bool
    opens_at: datetime
    people: dict[int, Person]

    @property
    def is_open(self) -> bool:
        """Whether anything can be marked now."""
        return self.cancelled_because is None and not self.is_cohort_cancelled and clock.now() >= self.opens_at


# Written once: putting a statement together costs more than sending it, and this is the busiest page.
_HEAD = (
    select(
        CohortSession.id, CohortSession.register_version, CohortSession.number, CohortSession.week,
        CohortSession.title, CohortSession.starts_at, CohortSession.minutes, CohortSession.register_saved_at,
        CohortSession.cancelled_because, Cohort.id.label("cohort_id"), Cohort.name, Cohort.state, Cohort.scheme_id,
        Cohort.area_id, Scheme.settings, Saver.name.label("saved_by"), last_week.label("weeks"),
        teaches(bindparam("user_id")).label("is_taught_by_them"),
    )
    .join(CohortSession.cohort)
    .join(Scheme, Scheme.id == Cohort.scheme_id)
    .outerjoin(Saver, Saver.id == CohortSession.register_saved_by_id)
    .where(CohortSession.id == bindparam("session_id"))
)  # fmt: skip
_HELD_HEAD = _HEAD.with_for_update(of=CohortSession)


def register(session_id: int, *, seen_by: User, hold: bool = False) -> Register | None:
    """A register with its people in the order of their names: two statements. None when it is not theirs to mark.

    `hold` keeps its session's row locked until the end, so that two saves of one register follow each other.
    """
    head = _head(session_id, user_id=seen_by.id, hold=hold)
    if head is None or not reaches(seen_by, Can.MARK_REGISTER, head.scheme_id, head.area_id, head.is_taught_by_them):
        return None
    return _register(head)


def held(session_id: int) -> Register:
    """The register of a session, its row locked until the end, for services."""
    return _register(_head(session_id, user_id=0, hold=True))


def _head(session_id: int, *, user_id: int, hold: bool) -> Any:
    session.flush()
    asked = {"session_id": session_id, "user_id": user_id}
    return session.connection().execute(_HELD_HEAD if hold else _HEAD, asked).one_or_none()


def _register(head: Any) -> Register:
    day = clock.in_london(head.starts_at).date()
    return Register(
        id=head.id, version=head.register_version, cohort_id=head.cohort_id, cohort=head.name,
        scheme_id=head.scheme_id, number=head.number, week=head.week, weeks=head.weeks, title=head.title,
        starts_at=head.starts_at, minutes=head.minutes, saved_at=head.register_saved_at, saved_by=head.saved_by,
        cancelled_because=head.cancelled_because, is_cohort_cancelled=head.state is CohortState.CANCELLED,
        is_locked=rules.is_locked(day, head.settings.register_locks_after_days, clock.today()),
        opens_at=rules.opens_at(head.starts_at), people=people(head.id, head.cohort_id, day),
    )  # fmt: skip


_PEOPLE = (
    select(
        Enrolment.id, Enrolment.volunteer_id, Enrolment.state, Enrolment.joined_on, Enrolment.ended_on,
        Volunteer.name, Volunteer.known_as, Volunteer.stage, Volunteer.stage_since,
        Mark.id.label("mark_id"), Mark.code, Mark.minutes, Mark.reason, Mark.note,
        Marker.name.label("marked_by"), CatchUp.id.label("catch_up_id"),
        on_a_break(bindparam("day", type_=Date())).label("is_paused"),
        (Mark.marked_by_id == Volunteer.user_id).label("by_themselves"),
        Apology.by.label("apology"), Apology.reason.label("apology_reason"),
        or_(LearnerPlan.may_trainers_see, and_(
                LearnerPlan.id.is_(None), Volunteer.may_share_access_needs, Volunteer.access_needs.is_not(None)
            ))
        .label("has_needs"),
    )
    .join(Enrolment.volunteer)
    .outerjoin(Mark, (Mark.enrolment_id == Enrolment.id) & (Mark.session_id == bindparam("session_id")))
    .outerjoin(Marker, Marker.id == Mark.marked_by_id)
    .outerjoin(CatchUp, (CatchUp.enrolment_id == Enrolment.id) & (CatchUp.session_id == bindparam("session_id")))
    .outerjoin(
        Apology,
        (Apology.enrolment_id == Enrolment.id) & (Apology.session_id == bindparam("session_id"))
        & Apology.taken_back_at.is_(None),
    )
    .outerjoin(LearnerPlan, LearnerPlan.volunteer_id == Volunteer.id)
    .where(Enrolment.cohort_id == bindparam("cohort_id"), Enrolment.state != EnrolmentState.WAITING)
    .order_by(Volunteer.sort_name, Enrolment.id)
)  # fmt: skip
_MISSED = (
    select(
        Mark.enrolment_id, Mark.code.label("mark"), Mark.minutes, CohortSession.number.label("session_number"),
        CohortSession.minutes.label("length"), CohortSession.starts_at, CohortSession.is_mandatory,
        CourseVersion.id, CourseVersion.scheme_id, CourseVersion.code, CourseVersion.number, CourseVersion.title,
        CourseVersion.created_at,
    )
    .join(CohortSession, CohortSession.id == Mark.session_id)
    .join(Cohort, Cohort.id == CohortSession.cohort_id)
    .join(CourseVersion, CourseVersion.id == Cohort.course_version_id)
    .outerjoin(CatchUp, (CatchUp.enrolment_id == Mark.enrolment_id) & (CatchUp.session_id == Mark.session_id))
    .where(
        CohortSession.cohort_id == bindparam("cohort_id"), CohortSession.id != bindparam("session_id"),
        CohortSession.cancelled_at.is_(None), CatchUp.id.is_(None), Mark.code.in_(MAY_CATCH_UP),
    )
    .order_by(CohortSession.number)
)  # fmt: skip


def people(session_id: int, cohort_id: int, day: date) -> dict[int, Person]:
    """Everybody who has or had a place on the cohort, by enrolment, with their mark for this session."""
    rows = session.connection().execute(_PEOPLE, {"session_id": session_id, "cohort_id": cohort_id, "day": day})
    return {
        row.id: Person(
            row.id, row.volunteer_id, row.known_as or row.name, blocked(row, day, bool(row.is_paused)), row.mark_id,
            row.code, row.minutes, row.reason, row.note or "", row.marked_by or "", row.catch_up_id is not None,
            by_themselves=bool(row.by_themselves), apology=row.apology.words if row.apology else "",
            apology_reason=row.apology_reason, has_needs=bool(row.has_needs),
        )
        for row in rows
        if row.mark_id is not None or row.ended_on is None or row.ended_on >= row.joined_on
    }  # fmt: skip


def behind_the_wall(person: Person, asked: str) -> Needs | str | None:
    """What a button on the card of a person opens: "needs", or "emergency" for whom to ring; None for anything else.

    Say in the record that it was read before showing it: `services.read_about`.
    """
    if asked == "needs":
        return needs_of([person.volunteer_id]).get(person.volunteer_id, Needs())
    if asked == "emergency":
        contact = select(Volunteer.emergency_contact).where(Volunteer.id == person.volunteer_id)
        return session.scalar(contact) or ""
    return None


def owed(register: Register) -> dict[int, list[int]]:
    """The other sessions that each person missed and can still make up, by enrolment; in one statement."""
    found: dict[int, list[SessionFact]] = defaultdict(list)
    version: Any = None
    for row in session.connection().execute(_MISSED, {"cohort_id": register.cohort_id, "session_id": register.id}):
        version = row  # it has all that `course_of` asks of a version
        there = row.length - row.minutes if row.minutes is not None else None
        day = clock.in_london(row.starts_at).date()
        fact = SessionFact(
            row.session_number, row.length, row.is_mandatory, code=row.mark, minutes_attended=there, on=day
        )
        found[row.enrolment_id].append(fact)
    if not found:
        return {}
    limits, today = course_of(version).thresholds, clock.today()
    return {
        who: sorted(offer.number for offer in offers)
        for who, facts in found.items()
        if (offers := to_catch_up(facts, limits, today=today))
    }


@dataclass(frozen=True)
class SupportRow:
    """What helps one person of a group, as they agreed that their trainers may know it."""

    volunteer_id: int
    name: str
    needs: Needs


def group_support(cohort_id: int, *, seen_by: User) -> tuple[Cohort, list[SupportRow]] | None:
    """A group with what helps its people who have a place now, by name; None when it is not theirs to mark.

    A course that is over needs nobody's support any more: its list is empty.
    """
    cohort = session.scalar(select(Cohort).where(Cohort.id == cohort_id, may_see(seen_by, Can.MARK_REGISTER)))
    if cohort is None:
        return None
    if cohort.state not in (CohortState.ENROLLING, CohortState.RUNNING):
        return cohort, []
    people = session.execute(
        select(Volunteer.id, Volunteer.known_as, Volunteer.name)
        .join(Enrolment, Enrolment.volunteer_id == Volunteer.id)
        .where(Enrolment.cohort_id == cohort.id, Enrolment.state.in_(TAKES_A_PLACE))
        .order_by(Volunteer.sort_name, Volunteer.id)
    ).all()
    needs = needs_of([row.id for row in people])
    return cohort, [SupportRow(row.id, row.known_as or row.name, needs[row.id]) for row in people if row.id in needs]


@dataclass(frozen=True)
class Changed:
    """One line of a register's history: somebody's mark before and after, or the reason for a late change."""

    id: int
    at: datetime
    by: str
    request_id: str | None
    person: str
    before: str
    after: str
    because: str


def history(register: Register, *, after: str | None = None) -> Page[Changed]:
    """Who changed whose mark of a register, the newest first; one statement.

    It is read from the record, so reasons for being away and notes are not in it: only that there was one.
    """
    of_the_group = select(Enrolment.volunteer_id).where(Enrolment.cohort_id == register.cohort_id)
    query = (
        select(
            AuditLine.id, AuditLine.at, AuditLine.actor_name, AuditLine.request_id, AuditLine.before, AuditLine.after,
            AuditLine.purpose, Volunteer.name, Volunteer.known_as,
        )
        .outerjoin(Volunteer, Volunteer.id == AuditLine.volunteer_id)
        .where(
            or_(
                and_(
                    AuditLine.table_name == "mark", AuditLine.volunteer_id.in_(of_the_group),
                    AuditLine.after["session_id"].as_integer() == register.id,
                ),
                and_(
                    AuditLine.table_name == "cohort_session", AuditLine.row_id == register.id,
                    AuditLine.action == Action.DID, AuditLine.purpose.startswith(rules.LATE_CHANGE),
                ),
            )
        )
        .order_by(AuditLine.id.desc())
        .limit(HISTORY_PAGE + 1)
    )  # fmt: skip
    if key := read(after, like=(0,)):
        query = query.where(AuditLine.id < key[0])
    rows = [
        Changed(
            row.id, row.at, row.actor_name, row.request_id, row.known_as or row.name or "",
            rules.in_words(row.before), rules.in_words(row.after), (row.purpose or "").removeprefix(rules.LATE_CHANGE),
        )
        for row in session.execute(query)
    ]  # fmt: skip
    return page_of(rows, HISTORY_PAGE, key=lambda line: (line.id,))
