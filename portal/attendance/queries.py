"""What was attended: facts for the reckoning, and how people stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, String, and_, bindparam, or_, select, type_coerce
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from courses.attendance import CatchUp as CatchUpOffer
from courses.attendance import Figures, SessionFact, figures, reasons_cannot_pass, to_catch_up
from courses.marks import Code
from courses.sign_off import reasons_attendance_falls_short
from courses.syllabus import Course
from portal import clock
from portal.access import Can, within
from portal.accounts.models import User
from portal.attendance import rules
from portal.attendance.models import CatchUp, CatchUpBooking, Mark
from portal.attendance.rules import Break
from portal.cohorts.models import Cohort, CohortSession, CohortState, Enrolment, EnrolmentState, Pause, cohort_trainer
from portal.cohorts.queries import TAKES_A_PLACE, may_see
from portal.courses.models import CourseVersion
from portal.courses.queries import course_of
from portal.database import session
from portal.schemes.models import Area
from portal.volunteers.journey import Stage
from portal.volunteers.models import Volunteer

UNDER_WAY = (CohortState.ENROLLING, CohortState.RUNNING)
_HAS_A_PLACE = Enrolment.state != EnrolmentState.WAITING
GONE = (Stage.WITHDRAWN, Stage.DECLINED)


def blocked(row: Any, day: date, is_paused: bool | None = None) -> str:
    """Why the person of this row cannot be marked on that day, in a few words; "" when they can.

    `is_paused` is what `on_a_break` or `breaks_of` found for that day; without it their state decides.
    """
    left_on = clock.in_london(row.stage_since).date() if row.stage in GONE else None
    return rules.why_not_markable(row.state.value, row.joined_on, row.ended_on, left_on, day, is_paused)


def on_a_break(day: Any) -> ColumnElement[bool]:
    """Whether an `Enrolment` is on a break on that day, as a column: what `rules.is_on_a_break` says, in SQL."""
    own = select(Pause.id).where(Pause.enrolment_id == Enrolment.id)
    covers = own.where(Pause.from_on <= day, or_(Pause.until_on.is_(None), Pause.until_on >= day))
    return or_(covers.exists(), and_(Enrolment.state == EnrolmentState.PAUSED, ~own.exists()))


def breaks_of(enrolment_ids: Collection[int]) -> dict[int, list[Break]]:
    """The breaks of each of these learners who had one, in one statement."""
    found: dict[int, list[Break]] = defaultdict(list)
    if enrolment_ids:
        for who, first, last in session.connection().execute(_BREAKS, {"ids": sorted(enrolment_ids)}):
            found[who].append((first, last))
    return found


def cohort_session(session_id: int, *, seen_by: User) -> CohortSession | None:
    """A session with its cohort, for those who may mark it; None when it is not theirs."""
    query = (
        select(CohortSession)
        .join(CohortSession.cohort)
        .where(CohortSession.id == session_id, may_see(seen_by, Can.MARK_REGISTER))
        .options(contains_eager(CohortSession.cohort).selectinload(Cohort.trainers))
    )
    return session.scalars(query).one_or_none()


def enrolment_on(cohort_session: CohortSession, enrolment_id: int) -> Enrolment | None:
    """A person of that session's cohort; None for anybody else."""
    query = (
        select(Enrolment)
        .where(Enrolment.id == enrolment_id, Enrolment.cohort_id == cohort_session.cohort_id)
        .options(joinedload(Enrolment.volunteer), joinedload(Enrolment.cohort).joinedload(Cohort.course_version))
    )
    return session.scalars(query).one_or_none()


def tutor(user_id: int) -> User:
    """Whoever a catch-up is booked with, though they may teach this group no longer."""
    return session.get_one(User, user_id)


_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_LEARNERS = select(Enrolment.id, Enrolment.cohort_id, Enrolment.state, Enrolment.joined_on, Enrolment.ended_on).where(
    Enrolment.id.in_(_IDS)
)
_MEETINGS = (
    select(
        CohortSession.id, CohortSession.cohort_id, CohortSession.number, CohortSession.title, CohortSession.minutes,
        CohortSession.is_mandatory, CohortSession.starts_at, CohortSession.ends_at, CohortSession.cancelled_at,
    )
    .where(CohortSession.cohort_id.in_(_IDS))
    .order_by(CohortSession.cohort_id, CohortSession.number)
)  # fmt: skip
# The letter as it is stored: making it a Code once for each shared fact is cheaper than once for each mark.
_MARKS = select(Mark.enrolment_id, Mark.session_id, type_coerce(Mark.code, String), Mark.minutes).where(
    Mark.enrolment_id.in_(_IDS)
)
_BREAKS = (
    select(Pause.enrolment_id, Pause.from_on, Pause.until_on)
    .where(Pause.enrolment_id.in_(_IDS))
    .order_by(Pause.from_on, Pause.id)
)
_CATCH_UPS = select(CatchUp.enrolment_id, CatchUp.session_id, CatchUp.minutes).where(CatchUp.enrolment_id.in_(_IDS))


def facts_of(enrolment_ids: Collection[int]) -> dict[int, list[SessionFact]]:
    """Every session of each learner's cohort as it stands for them, in order: five statements for any number."""
    ids = sorted(set(enrolment_ids))
    if not ids:
        return {}
    session.flush()
    run = session.connection().execute
    learners = run(_LEARNERS, {"ids": ids}).all()
    meetings: dict[int, list[Any]] = defaultdict(list)
    for each in run(_MEETINGS, {"ids": sorted({learner.cohort_id for learner in learners})}):
        meetings[each.cohort_id].append(each)
    marks = {(who, when): (code, missed) for who, when, code, missed in run(_MARKS, {"ids": ids})}
    made_up = {(who, when): minutes for who, when, minutes in run(_CATCH_UPS, {"ids": ids})}
    breaks = breaks_of(ids)
    now = clock.now()
    days = {each.id: clock.in_london(each.starts_at).date() for many in meetings.values() for each in many}
    # Most of a group stand alike and have the same mark for a session: they share one fact, as making each one, and
    # finding it by a long key, takes microseconds.
    alike: dict[tuple[Any, ...], dict[tuple[Any, ...], SessionFact]] = defaultdict(dict)
    found: dict[int, list[SessionFact]] = {}
    numbered = {cohort_id: [(each.id, each) for each in many] for cohort_id, many in meetings.items()}
    for who in learners:
        own: list[SessionFact] = []
        own_id, away = who.id, tuple(breaks[who.id]) if who.id in breaks else ()
        shared = alike[who.state.value, who.joined_on, who.ended_on, away]
        for meeting_id, each in numbered.get(who.cohort_id, ()):
            pair = own_id, meeting_id
            mark, caught_up = marks.get(pair), made_up.get(pair)
            key = meeting_id, mark, caught_up
            fact = shared.get(key)
            if fact is None:
                fact = shared[key] = _fact(each, who, days[meeting_id], away, mark=mark, made_up=caught_up, now=now)
            own.append(fact)
        found[own_id] = own
    return found


def _fact(
    each: Any, who: Any, day: date, breaks: Sequence[Break], *, mark: Any, made_up: int | None, now: datetime
) -> SessionFact:
    letter, missed = mark or (None, None)
    code = Code(letter) if letter else None  # type: ignore[call-arg]  # Code makes its members itself
    held = each.ends_at <= now
    if rules.is_left_out(breaks, day, is_held=held):
        code, missed = Code.N, None  # whatever the register says: a break may be written down after the session
    elif code is None and (held or who.ended_on):
        is_paused = rules.is_on_a_break(who.state.value, breaks, day)
        why_not = rules.why_not_markable(who.state.value, who.joined_on, who.ended_on, None, day, is_paused)
        code = Code.N if why_not else None
    if made_up and code in (None, Code.N):
        code = Code.C
    return SessionFact(
        number=each.number, minutes=each.minutes, mandatory=each.is_mandatory, held=held,
        cancelled=each.cancelled_at is not None, code=code,
        minutes_attended=each.minutes - missed if missed is not None else None,
        caught_up_minutes=made_up, title=each.title, on=day,
    )  # fmt: skip


@dataclass(frozen=True)
class Learner:
    """How one person on a cohort stands: their sessions, the figures that come of them, and what can still be done."""

    enrolment_id: int
    volunteer_id: int
    name: str
    state: EnrolmentState
    facts: list[SessionFact]
    figures: Figures
    cannot_pass: list[str]
    course: Course
    catch_ups: list[CatchUpOffer]

    @property
    def letters(self) -> list[str]:
        """One letter a session: its mark, C once caught up, "?" held without a mark, "" to come."""
        return [rules.letter(fact) for fact in self.facts]

    @property
    def has_reached(self) -> bool:
        """Whether they have all the attendance that the course asks for."""
        least = self.course.thresholds.minimum_percent
        if (self.figures.percent_of_whole or 0) < least:
            return False  # said at once: the reasons in words take longer, and nobody asks for them here
        return not reasons_attendance_falls_short(tuple(self.facts), self.course)

    @property
    def is_at_risk(self) -> bool:
        """Whether they can no longer pass, or only if they catch up."""
        return bool(self.cannot_pass) or any(offer.is_needed for offer in self.catch_ups)

    @property
    def flag(self) -> str:
        """The one thing to know, in words for staff."""
        if self.cannot_pass:
            return "Can no longer pass without more time"
        if self.has_reached:
            return "Has reached what the course asks for"
        needed = sum(offer.is_needed for offer in self.catch_ups)
        if needed:
            return f"Can still pass if {needed} missed {'session is' if needed == 1 else 'sessions are'} caught up"
        more = self.figures.may_still_miss
        return f"Can still pass, and may miss {more} more {'session' if more == 1 else 'sessions'}"


def learners(cohort: Cohort | CohortHead) -> list[Learner]:
    """Everybody who has or had a place on this cohort, with their figures, by name: five statements."""
    rows = session.execute(
        select(Enrolment.id, Enrolment.volunteer_id, Volunteer.name, Enrolment.state)
        .join(Enrolment.volunteer)
        .where(Enrolment.cohort_id == cohort.id, Enrolment.state != EnrolmentState.WAITING)
        .order_by(Volunteer.sort_name, Enrolment.id)
    ).all()
    facts, today, course = facts_of([row.id for row in rows]), clock.today(), course_of(cohort.course_version)
    return [_learner(tuple(row), facts[row.id], course, today) for row in rows]


def at_risk(*, taught_by: User) -> list[Learner]:
    """Of the groups under way that somebody teaches: who can no longer pass, then who must catch up to pass."""
    taught = select(cohort_trainer.c.cohort_id).where(cohort_trainer.c.user_id == taught_by.id)
    rows: Any = session.execute(
        select(
            Enrolment.id.label("enrolment_id"), Enrolment.volunteer_id, Volunteer.name, Enrolment.state,
            CourseVersion.id, CourseVersion.scheme_id, CourseVersion.code, CourseVersion.number, CourseVersion.title,
            CourseVersion.created_at,
        )
        .join(Enrolment.volunteer)
        .join(Enrolment.cohort)
        .join(CourseVersion, CourseVersion.id == Cohort.course_version_id)
        .where(
            Cohort.id.in_(taught), may_see(taught_by, Can.SEE_ATTENDANCE), Cohort.state.in_(UNDER_WAY),
            Cohort.starts_on <= clock.today(), Enrolment.state.in_(TAKES_A_PLACE),
        )
        .order_by(Volunteer.sort_name, Enrolment.id)
    ).all()  # fmt: skip
    facts, today = facts_of([row.enrolment_id for row in rows]), clock.today()
    found = [_learner(tuple(row)[:4], facts[row.enrolment_id], course_of(row), today) for row in rows]
    return sorted((each for each in found if each.is_at_risk), key=lambda each: not each.cannot_pass)


@dataclass(frozen=True)
class CohortHead:
    """What the page of figures says of a cohort, and its sessions: number, week and id of each."""

    id: int
    name: str
    area: str
    course_version: Any
    """A row with all that `course_of` asks of a version."""
    sessions: Sequence[Any]


def cohort_to_reckon(cohort_id: int, *, seen_by: User) -> CohortHead | None:
    """A cohort with its sessions, in two statements; None when its attendance is not theirs to see."""
    row = session.execute(
        select(
            Cohort.id.label("cohort_id"), Cohort.name, Area.name.label("area"), CourseVersion.id,
            CourseVersion.scheme_id, CourseVersion.code, CourseVersion.number, CourseVersion.title,
            CourseVersion.created_at,
        )
        .join(Area, Area.id == Cohort.area_id)
        .join(CourseVersion, CourseVersion.id == Cohort.course_version_id)
        .where(Cohort.id == cohort_id, may_see(seen_by, Can.SEE_ATTENDANCE))
    ).one_or_none()  # fmt: skip
    if row is None:
        return None
    meetings = session.execute(
        select(CohortSession.number, CohortSession.week, CohortSession.id)
        .where(CohortSession.cohort_id == cohort_id)
        .order_by(CohortSession.number)
    ).all()
    return CohortHead(row.cohort_id, row.name, row.area, row, meetings)


def training_of(volunteer_id: int, *, seen_by: User) -> tuple[Volunteer, list[tuple[Enrolment, Learner]]] | None:
    """A volunteer with every course they are or were on that this person may see; None when there is nothing."""
    volunteer = session.scalar(
        select(Volunteer).where(Volunteer.id == volunteer_id).options(joinedload(Volunteer.scheme))
    )
    if volunteer is None:
        return None
    found = enrolments_with_all(
        Enrolment.volunteer_id == volunteer_id, _HAS_A_PLACE, may_see(seen_by, Can.SEE_ATTENDANCE)
    )
    area = Volunteer.scheme_id, Volunteer.area_id
    is_theirs = select(Volunteer.id).where(Volunteer.id == volunteer_id, within(seen_by, Can.SEE_PEOPLE, *area))
    if not found and session.scalar(is_theirs) is None:
        return None
    return volunteer, list(zip(found, learners_of(found), strict=True))


def enrolments_with_all(*conditions: Any) -> Sequence[Enrolment]:
    """Places on courses with all that is needed to say how somebody stands, the latest first."""
    query = (
        select(Enrolment)
        .join(Enrolment.cohort)
        .where(*conditions)
        .options(
            contains_eager(Enrolment.cohort).options(
                joinedload(Cohort.course_version), joinedload(Cohort.area), selectinload(Cohort.sessions),
                selectinload(Cohort.trainers),
            ),
            joinedload(Enrolment.volunteer),
        )
        .order_by(Enrolment.enrolled_at.desc(), Enrolment.id.desc())
    )  # fmt: skip
    return session.scalars(query).all()


def learners_of(enrolments: Sequence[Enrolment]) -> list[Learner]:
    """How each of these stands, in the same order; the same few statements for any number."""
    facts, today = facts_of([each.id for each in enrolments]), clock.today()
    return [
        _learner(
            (each.id, each.volunteer_id, each.volunteer.name, each.state), facts[each.id],
            course_of(each.cohort.course_version), today,
        )
        for each in enrolments
    ]  # fmt: skip


def _learner(who: Any, facts: list[SessionFact], course: Course, today: date) -> Learner:
    limits = course.thresholds
    stands = figures(facts, limits)
    return Learner(
        who[0], who[1], who[2], who[3], facts, stands, reasons_cannot_pass(facts, limits, today=today), course,
        to_catch_up(facts, limits, today=today, stands=stands),
    )  # fmt: skip


@dataclass(frozen=True)
class Booked:
    """The time that is booked to make up for a session."""

    id: int
    starts_at: datetime
    minutes: int
    place: str
    tutor: str
    tutor_id: int


def bookings_of(enrolment_ids: Collection[int]) -> dict[tuple[int, int], Booked]:
    """The catch-ups booked for these learners by (enrolment, session) that are neither cancelled nor recorded."""
    done = select(CatchUp.id).where(
        CatchUp.session_id == CatchUpBooking.session_id, CatchUp.enrolment_id == CatchUpBooking.enrolment_id
    )
    rows = session.execute(
        select(
            CatchUpBooking.enrolment_id, CatchUpBooking.session_id, CatchUpBooking.id, CatchUpBooking.starts_at,
            CatchUpBooking.minutes, CatchUpBooking.place, User.name, CatchUpBooking.tutor_id,
        )
        .join(CatchUpBooking.tutor)
        .where(
            CatchUpBooking.enrolment_id.in_(sorted(enrolment_ids)), CatchUpBooking.cancelled_at.is_(None),
            ~done.exists(),
        )
        .order_by(CatchUpBooking.id)
    )  # fmt: skip
    return {(row[0], row[1]): Booked(*row[2:]) for row in rows}
