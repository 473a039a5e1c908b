"""The verbs of assessment: decide a criterion; plan, decide and settle a sample of the quality check."""

from __future__ import annotations

from sqlalchemy import select

from courses.syllabus import Course, Unit
from portal import clock
from portal.accounts.models import User
from portal.assessment import queries
from portal.assessment.models import CriterionDecision, CriterionState, EvidenceType, IqaDecision, IqaSample
from portal.assessment.rules import (
    Attempt,
    DecidedMeanwhile,
    reasons_not_to_decide,
    reasons_not_to_find,
    reasons_not_to_sample,
)
from portal.audit import services as audit
from portal.cohorts.models import Enrolment
from portal.courses.models import CourseVersion
from portal.courses.queries import course_of
from portal.database import session
from portal.refusals import Refused

NO_DECISION = 0  # the version of a criterion about which nothing has been decided yet


def decide(
    enrolment: Enrolment, criterion: str, *, state: CriterionState, evidence_type: EvidenceType | None, evidence: str,
    feedback: str, by: User, seen_version: int | None = None, because: str = "",
) -> CriterionDecision:  # fmt: skip
    """Decide one criterion of one learner, or decide it anew. Feedback is always given; met needs evidence.

    `seen_version` is the version of the decision the page was drawn from, `NO_DECISION` for none: raises
    `DecidedMeanwhile` when there is another. A unit that the IQA has agreed is opened again only with `because`, and
    then waits for the IQA once more. Raises `Refused`.
    """
    _hold(enrolment)
    unit = _unit(_course(enrolment), queries.unit_of(criterion))
    sample = _sample(enrolment, unit.code) if unit else None
    was_agreed = sample is not None and sample.decision is IqaDecision.AGREE
    attempt = Attempt(state.value, evidence_type.value if evidence_type else "", evidence, feedback, because)
    Refused.unless_empty(
        reasons_not_to_decide(
            attempt, is_known=unit is not None and criterion in {each.key for each in unit.criteria},
            is_learning=enrolment.state in queries.LEARNING, is_own_work=_is_own(enrolment, by),
            was_agreed=was_agreed,
        )
    )  # fmt: skip
    found = queries.decision(enrolment, criterion)
    if seen_version is not None and seen_version != (found.version if found else NO_DECISION):
        raise DecidedMeanwhile(f"Someone else decided {criterion} while you had the page open")
    if sample is not None and was_agreed:
        _reopen(sample, criterion, because=because, by=by)
    made = found or CriterionDecision(enrolment=enrolment, criterion=criterion)
    made.state, made.evidence_type, made.evidence, made.feedback = state, evidence_type, evidence.strip(), feedback
    made.decided_at, made.decided_by = clock.now(), by
    session.add(made)
    session.flush()
    return made


def plan_sample(enrolment: Enrolment, unit: str, *, by: User) -> IqaSample:
    """Choose one unit of one learner for the quality check; the sample that is there when it was chosen before."""
    _hold(enrolment)
    if (there := _sample(enrolment, unit)) is not None:
        return there
    known = _unit(_course(enrolment), unit)
    _refuse_to_sample(enrolment, known, by=by)
    made = IqaSample(enrolment=enrolment, unit=unit, planned_at=clock.now(), planned_by_id=by.id)
    session.add(made)
    session.flush()
    return made


def decide_sample(
    sample: IqaSample, *, decision: IqaDecision, is_valid: bool, is_authentic: bool, is_current: bool,
    is_sufficient: bool, feedback: str, by: User, seen_version: int | None = None,
) -> None:  # fmt: skip
    """Agree with the assessor, or ask for action first: then nobody is certified until the action is closed."""
    _hold(sample.enrolment)
    if seen_version is not None and seen_version != sample.version:
        raise DecidedMeanwhile("Someone else changed this sample while you had the page open")
    if sample.decision is not None:
        raise Refused("This sample has been decided already")
    _refuse_to_sample(sample.enrolment, _unit(_course(sample.enrolment), sample.unit), by=by)
    judgements = (is_valid, is_authentic, is_current, is_sufficient)
    Refused.unless_empty(
        reasons_not_to_find(agrees=decision is IqaDecision.AGREE, judgements=judgements, feedback=feedback)
    )
    sample.is_valid, sample.is_authentic, sample.is_current, sample.is_sufficient = judgements
    sample.decision, sample.feedback = decision, feedback.strip()
    sample.iqa, sample.decided_at = by, clock.now()
    session.flush()


def close_action(sample: IqaSample, *, by: User) -> None:
    """Say that what was asked for has been done. Who asked, or another IQA, never who assessed it."""
    _hold(sample.enrolment)
    if sample.decision is not IqaDecision.ACTION or sample.closed_at is not None:
        raise Refused("No action is open in this sample")
    _refuse_to_sample(sample.enrolment, _unit(_course(sample.enrolment), sample.unit), by=by)
    sample.closed_at = clock.now()
    session.flush()


def _refuse_to_sample(enrolment: Enrolment, unit: Unit | None, *, by: User) -> None:
    decided = queries.assessors_of(enrolment, unit) if unit else []
    Refused.unless_empty(
        reasons_not_to_sample(
            is_known=unit is not None, decided=len(decided), criteria=len(unit.criteria) if unit else 0,
            assessors=set(decided), iqa_id=by.id, is_own_work=_is_own(enrolment, by),
        )
    )  # fmt: skip


def _reopen(sample: IqaSample, criterion: str, *, because: str, by: User) -> None:
    audit.did("iqa_sample", by=by, row_id=sample.id, purpose=f"Opened {criterion} again: {because.strip()}"[:500])
    sample.decision = sample.decided_at = sample.iqa = None


def _hold(enrolment: Enrolment) -> None:
    # Two who decide about one learner at once follow each other, so that neither writes past the other.
    session.execute(select(Enrolment.id).where(Enrolment.id == enrolment.id).with_for_update())


def _is_own(enrolment: Enrolment, user: User) -> bool:
    return enrolment.volunteer.user_id == user.id


def _sample(enrolment: Enrolment, unit: str) -> IqaSample | None:
    query = select(IqaSample).where(IqaSample.enrolment_id == enrolment.id, IqaSample.unit == unit)
    return session.scalars(query).one_or_none()


def _course(enrolment: Enrolment) -> Course:
    version: CourseVersion = enrolment.cohort.course_version
    return course_of(version)


def _unit(course: Course, code: str) -> Unit | None:
    return next((unit for unit in course.units if unit.code == code), None)
