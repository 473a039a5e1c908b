"""Why a learner cannot be certified yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from courses import attendance
from courses.attendance import SessionFact
from courses.syllabus import Course


class CriterionStatus(Enum):
    """How far a learner's evidence for one criterion has come."""

    NOT_STARTED = "not_started"
    SUBMITTED = "submitted"
    NOT_YET_MET = "not_yet_met"
    MET = "met"
    IQA_AGREED = "iqa_agreed"
    IQA_ACTION = "iqa_action"
    VOID = "void"


_DONE = (CriterionStatus.MET, CriterionStatus.IQA_AGREED)
_STEPS = {
    CriterionStatus.NOT_STARTED: ("No evidence yet for {}", "Ask your assessor how you can show it."),
    CriterionStatus.SUBMITTED: ("Waiting for your assessor to decide {}", "There is nothing you need to do."),
    CriterionStatus.NOT_YET_MET: ("Not met yet: {}", "Read your assessor's feedback and send more evidence."),
    CriterionStatus.IQA_ACTION: (
        "The quality check has a question about {}",
        "Your assessor will tell you more.",
    ),
    CriterionStatus.VOID: (
        "The evidence cannot be used for {}",
        "Ask your assessor how you can show it again.",
    ),
}


@dataclass(frozen=True)
class TrainingRecord:
    """All that certifying a learner depends on. A criterion not in `criteria` has not been started."""

    sessions: tuple[SessionFact, ...]
    criteria: Mapping[str, CriterionStatus] = field(default_factory=dict)
    is_iqa_released: bool = False
    is_dbs_decision_ok: bool = False
    """Decided as suitable, or suitable with conditions."""
    are_references_ok: bool = False
    is_agreement_acknowledged: bool = False


def reasons_not_to_certify(record: TrainingRecord, course: Course) -> list[str]:
    """Why not yet, in words the learner can act on. An empty list means yes."""
    return [
        *reasons_attendance_falls_short(record.sessions, course),
        *reasons_criteria_are_not_met(record.criteria, course),
        *_checks(record),
    ]


def reasons_attendance_falls_short(sessions: tuple[SessionFact, ...], course: Course) -> list[str]:
    """What is missing of the attendance the course asks for. A session without a fact is not marked."""
    known = {fact.number: fact for fact in sessions}
    facts = [known.get(each.number) or SessionFact(each.number, each.minutes) for each in course.sessions]
    limits = course.thresholds
    figures = attendance.figures(facts, limits)
    reasons: list[str] = []
    if figures.percent_of_whole is None or figures.percent_of_whole < limits.minimum_percent:
        reasons.append(
            f"You have attended {figures.percent_of_whole or 0}% of the course, and it asks for "
            f"{limits.minimum_percent}%. {_next_step(figures)}"
        )
    for fact, session in zip(facts, course.sessions, strict=True):
        if session.mandatory and not attendance.counts_as_attended(fact, limits):
            reasons.append(f"Session {session.number}, {session.title}, is one that everybody must do. {_gap(fact)}")
    if figures.unauthorised > limits.max_unauthorised:
        reasons.append(
            f"You were away {attendance.times(figures.unauthorised)} without telling us; the most allowed is "
            f"{limits.max_unauthorised}. Ask your trainer which of those sessions you can catch up."
        )
    return reasons


def reasons_criteria_are_not_met(criteria: Mapping[str, CriterionStatus], course: Course) -> list[str]:
    """One line for each criterion that is not met, in the order of the course."""
    reasons = []
    for criterion in course.criteria:
        status = criteria.get(criterion.key, CriterionStatus.NOT_STARTED)
        if status not in _DONE:
            state, step = _STEPS[status]
            reasons.append(f"{state.format(f'{criterion.key}, {criterion.text}')}. {step}")
    return reasons


def _checks(record: TrainingRecord) -> list[str]:
    waiting = [
        (
            record.is_iqa_released,
            "Your work has not been released by the quality check. There is nothing you need to do.",
        ),
        (
            record.is_dbs_decision_ok,
            "Your DBS check has no decision that lets you start. Ask your coordinator where it has got to.",
        ),
        (
            record.are_references_ok,
            "Your references are not complete. Ask your coordinator which one is missing.",
        ),
        (
            record.is_agreement_acknowledged,
            "You have not acknowledged the volunteer agreement yet. You can do it from your own page.",
        ),
    ]
    return [reason for is_done, reason in waiting if not is_done]


def _next_step(figures: attendance.Figures) -> str:
    if figures.to_come or figures.unmarked:
        return "Keep coming, and catch up any session that you missed."
    sessions = "session" if figures.must_catch_up == 1 else "sessions"
    return f"Ask your trainer to help you catch up {figures.must_catch_up} missed {sessions}."


def _gap(fact: SessionFact) -> str:
    if fact.is_left_out:
        return "You have not had the chance to do it yet: ask your trainer for a date."
    if not fact.is_marked:
        return "It has not been marked for you: if you were there, ask your trainer to mark the register."
    return "Ask your trainer to help you catch it up."
