"""Learners and their criteria, and the samples of the internal quality check, as those who look may see them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import contains_eager, joinedload

from courses.sign_off import CriterionStatus
from courses.syllabus import Course, Unit
from portal import paging
from portal.access import Can
from portal.accounts.models import User
from portal.assessment.models import CriterionDecision, CriterionState, IqaDecision, IqaSample
from portal.assessment.rules import Decided, Sample, tally
from portal.cohorts.models import Cohort, CohortState, Enrolment, EnrolmentState
from portal.cohorts.queries import ON_THE_COURSE, may_see
from portal.courses.models import CourseVersion
from portal.courses.queries import course_of
from portal.database import session
from portal.schemes.models import Area
from portal.volunteers.models import Volunteer

PAGE = 40
LEARNING = (EnrolmentState.ENROLLED, EnrolmentState.PAUSED)
STATUS = {
    CriterionState.NOT_STARTED: CriterionStatus.NOT_STARTED,
    CriterionState.SUBMITTED: CriterionStatus.SUBMITTED,
    CriterionState.NOT_YET_MET: CriterionStatus.NOT_YET_MET,
    CriterionState.MET: CriterionStatus.MET,
}


@dataclass(frozen=True)
class LearnerRow:
    """One line of the list of learners, with how many criteria are met, not yet met, and to decide."""

    id: int
    name: str
    sort_name: str
    cohort: str
    state: EnrolmentState
    met: int
    not_yet_met: int
    to_decide: int
    all: int


def cohorts_with_learners(*, seen_by: User) -> Sequence[Cohort]:
    """The groups whose learners they may see, the latest to start first; cancelled ones are left out."""
    query = (
        select(Cohort)
        .where(may_see(seen_by, Can.SEE_ASSESSMENT), Cohort.state != CohortState.CANCELLED)
        .order_by(Cohort.starts_on.desc(), Cohort.id.desc())
        .limit(PAGE)
    )
    return session.scalars(query).all()


def learners(*, seen_by: User, cohort_id: int | None = None, after: str | None = None) -> paging.Page[LearnerRow]:
    """Learners by name: four statements for any number of them, fewer when a course was read before."""
    conditions = [may_see(seen_by, Can.SEE_ASSESSMENT), Enrolment.state.in_(ON_THE_COURSE)]
    if cohort_id is not None:
        conditions.append(Enrolment.cohort_id == cohort_id)
    if key := paging.read(after, like=("", 0)):
        conditions.append(tuple_(Volunteer.sort_name, Enrolment.id) > tuple_(*key))
    rows = session.execute(
        select(
            Enrolment.id, Volunteer.name, Volunteer.sort_name, Cohort.name.label("cohort"), Enrolment.state,
            CourseVersion,
        )
        .join(Enrolment.cohort)
        .join(Cohort.course_version)
        .join(Enrolment.volunteer)
        .where(*conditions)
        .order_by(Volunteer.sort_name, Enrolment.id)
        .limit(PAGE + 1)
    ).all()  # fmt: skip
    states = states_of([row.id for row in rows])
    made = [
        LearnerRow(
            row.id, row.name, row.sort_name, row.cohort, row.state,
            **tally(states[row.id], [each.key for each in course_of(row.CourseVersion).criteria]),
        )
        for row in rows
    ]  # fmt: skip
    return paging.page_of(made, PAGE, key=lambda row: (row.sort_name, row.id))


def states_of(enrolment_ids: Collection[int]) -> dict[int, dict[str, str]]:
    """For each learner the state of every criterion that has one: one statement for any number of learners."""
    found: dict[int, dict[str, str]] = {each: {} for each in enrolment_ids}
    rows = session.execute(
        select(CriterionDecision.enrolment_id, CriterionDecision.criterion, CriterionDecision.state).where(
            CriterionDecision.enrolment_id.in_(sorted(found))
        )
    )
    for row in rows:
        found[row.enrolment_id][row.criterion] = row.state.value
    return found


def statuses_of(enrolment_ids: Collection[int]) -> dict[int, dict[str, CriterionStatus]]:
    """The same in the words of `courses.sign_off`."""
    return {
        who: {key: STATUS[CriterionState(state)] for key, state in states.items()}
        for who, states in states_of(enrolment_ids).items()
    }


def learner(enrolment_id: int, *, seen_by: User, can: Can = Can.SEE_ASSESSMENT) -> Enrolment | None:
    """One learner with volunteer, scheme, cohort and course; None when they are not theirs to see."""
    query = (
        select(Enrolment)
        .join(Enrolment.cohort)
        .where(Enrolment.id == enrolment_id, Enrolment.state != EnrolmentState.WAITING, may_see(seen_by, can))
        .options(
            contains_eager(Enrolment.cohort).joinedload(Cohort.area).joinedload(Area.scheme),
            contains_eager(Enrolment.cohort).joinedload(Cohort.course_version),
            joinedload(Enrolment.volunteer),
        )
    )
    return session.scalars(query).one_or_none()


def own_learning(volunteer: Volunteer) -> Enrolment | None:
    """The volunteer's own place on a course, the latest; None when there is none."""
    query = (
        select(Enrolment)
        .where(Enrolment.volunteer_id == volunteer.id, Enrolment.state.in_(ON_THE_COURSE))
        .options(joinedload(Enrolment.cohort).joinedload(Cohort.course_version))
        .order_by(Enrolment.enrolled_at.desc(), Enrolment.id.desc())
        .limit(1)
    )
    return session.scalars(query).first()


def decisions(enrolment: Enrolment) -> dict[str, CriterionDecision]:
    """What has been decided about one learner, by criterion, with who decided."""
    query = (
        select(CriterionDecision)
        .where(CriterionDecision.enrolment_id == enrolment.id)
        .options(joinedload(CriterionDecision.decided_by))
    )
    return {each.criterion: each for each in session.scalars(query)}


def decision(enrolment: Enrolment, criterion: str) -> CriterionDecision | None:
    """What has been decided about one criterion, with who decided."""
    query = (
        select(CriterionDecision)
        .where(CriterionDecision.enrolment_id == enrolment.id, CriterionDecision.criterion == criterion)
        .options(joinedload(CriterionDecision.decided_by))
    )
    return session.scalars(query).one_or_none()


def samples_of(enrolment: Enrolment) -> dict[str, IqaSample]:
    """The samples of one learner, by unit."""
    query = select(IqaSample).where(IqaSample.enrolment_id == enrolment.id).options(joinedload(IqaSample.iqa))
    return {each.unit: each for each in session.scalars(query)}


def unit_of(criterion: str) -> str:
    """The unit that a criterion belongs to: "U1" of "U1.2.1"."""
    return criterion.partition(".")[0]


# The quality check


@dataclass(frozen=True)
class UnitRow:
    """One unit of one learner as the plan of the quality check shows it."""

    enrolment_id: int
    name: str
    unit: str
    decided: int
    criteria: int
    assessors: frozenset[int]
    sample: IqaSample | None

    @property
    def is_ready(self) -> bool:
        """Whether every criterion of the unit has been decided."""
        return self.decided == self.criteria

    @property
    def as_decided(self) -> Decided:
        """As the suggestion wants it."""
        return Decided(self.enrolment_id, self.unit, self.assessors)


def unit_rows(cohort: Cohort) -> list[UnitRow]:
    """Every unit of every learner of a group (loaded with its people): two statements for any number of them."""
    course = course_of(cohort.course_version)
    people = [each for each in cohort.enrolments if each.state in ON_THE_COURSE]
    ids = [each.id for each in people]
    made = _made(ids)
    samples = {
        (each.enrolment_id, each.unit): each
        for each in session.scalars(
            select(IqaSample).where(IqaSample.enrolment_id.in_(ids)).options(joinedload(IqaSample.iqa))
        )
    }
    people.sort(key=lambda each: (each.volunteer.sort_name, each.id))
    return [
        UnitRow(
            each.id, each.volunteer.name, unit.code, len(made[each.id, unit.code]), len(unit.criteria),
            frozenset(made[each.id, unit.code].values()), samples.get((each.id, unit.code)),
        )
        for each in people
        for unit in course.units
    ]  # fmt: skip


def _made(enrolment_ids: Collection[int]) -> dict[tuple[int, str], dict[str, int]]:
    """Who decided which criterion, by learner and unit."""
    made: dict[tuple[int, str], dict[str, int]] = defaultdict(dict)
    rows = session.execute(
        select(CriterionDecision.enrolment_id, CriterionDecision.criterion, CriterionDecision.decided_by_id).where(
            CriterionDecision.enrolment_id.in_(enrolment_ids), CriterionDecision.decided_by_id.is_not(None)
        )
    )
    for row in rows:
        made[row.enrolment_id, unit_of(row.criterion)][row.criterion] = row.decided_by_id
    return made


def assessors_of(enrolment: Enrolment, unit: Unit) -> list[int]:
    """Who decided each decided criterion of one unit of one learner."""
    known = {each.key for each in unit.criteria}
    made = _made([enrolment.id])[enrolment.id, unit.code]
    return [who for key, who in made.items() if key in known]


def sample(sample_id: int, *, seen_by: User) -> IqaSample | None:
    """One sample with its learner, for an IQA of the area; None when it is not theirs."""
    query = (
        select(IqaSample)
        .join(IqaSample.enrolment)
        .join(Enrolment.cohort)
        .where(IqaSample.id == sample_id, may_see(seen_by, Can.ASSURE))
        .options(
            contains_eager(IqaSample.enrolment).joinedload(Enrolment.volunteer),
            contains_eager(IqaSample.enrolment).contains_eager(Enrolment.cohort).joinedload(Cohort.course_version),
            joinedload(IqaSample.iqa),
        )
    )
    return session.scalars(query).one_or_none()


@dataclass(frozen=True)
class Group:
    """What the quality check of one cohort has found so far."""

    learners: int
    percent: int
    course: Course
    samples: tuple[Sample, ...]


def groups(cohort_ids: Collection[int]) -> dict[int, Group]:
    """How far the quality check of each cohort is: three statements for any number, fewer courses read before."""
    ids = sorted(set(cohort_ids))
    counts: Counter[int] = Counter()
    for cohort_id, count in session.execute(
        select(Enrolment.cohort_id, func.count())
        .where(Enrolment.cohort_id.in_(ids), Enrolment.state.in_(ON_THE_COURSE))
        .group_by(Enrolment.cohort_id)
    ):
        counts[cohort_id] = count
    samples: dict[int, list[Sample]] = defaultdict(list)
    for row in session.execute(
        select(
            Enrolment.cohort_id, IqaSample.enrolment_id, IqaSample.unit, IqaSample.decision, IqaSample.closed_at,
        )
        .join(IqaSample.enrolment)
        .where(Enrolment.cohort_id.in_(ids), Enrolment.state.in_(ON_THE_COURSE))
    ):  # fmt: skip
        samples[row.cohort_id].append(
            Sample(
                row.enrolment_id, row.unit, row.decision is not None, row.decision is IqaDecision.AGREE,
                row.closed_at is not None,
            )
        )  # fmt: skip
    query = (
        select(Cohort)
        .where(Cohort.id.in_(ids))
        .options(joinedload(Cohort.course_version), joinedload(Cohort.area).joinedload(Area.scheme))
    )
    return {
        each.id: Group(
            counts[each.id], each.area.scheme.settings.iqa_sample_percent, course_of(each.course_version),
            tuple(samples[each.id]),
        )
        for each in session.scalars(query)
    }  # fmt: skip


def latest_enrolments(volunteer_ids: Collection[int]) -> dict[int, Enrolment]:
    """The latest place on a course of each volunteer who has one."""
    found: dict[int, Enrolment] = {}
    query = select(Enrolment).where(
        Enrolment.volunteer_id.in_(sorted(set(volunteer_ids))), Enrolment.state.in_(ON_THE_COURSE)
    )
    for each in session.scalars(query.order_by(Enrolment.enrolled_at, Enrolment.id)):
        found[each.volunteer_id] = each
    return found
