"""A learner who cannot be certified yet is told why, in words to act on."""

from dataclasses import replace

import pytest

from courses import loader
from courses.attendance import Code, SessionFact
from courses.sign_off import CriterionStatus, TrainingRecord, reasons_not_to_certify
from tests.courses.samples import facts

COURSE = loader.builtin()
DONE = TrainingRecord(
    sessions=tuple(facts("P" * 24)),
    criteria={criterion.key: CriterionStatus.MET for criterion in COURSE.criteria},
    is_iqa_released=True,
    is_dbs_decision_ok=True,
    are_references_ok=True,
    is_agreement_acknowledged=True,
)


def marked(**marks):
    """Everybody was present, but for the sessions named, such as s6=Code.A."""
    return tuple(replace(fact, code=marks.get(f"s{fact.number}", fact.code)) for fact in facts("P" * 24))


def test_a_learner_who_has_done_everything_can_be_certified():
    assert reasons_not_to_certify(DONE, COURSE) == []


def test_an_empty_record_names_everything_that_is_missing():
    reasons = reasons_not_to_certify(TrainingRecord(sessions=()), COURSE)
    assert len(reasons) == 1 + 5 + len(COURSE.criteria) + 4
    assert len(set(reasons)) == len(reasons)


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ("is_iqa_released", "quality check"),
        ("is_dbs_decision_ok", "DBS"),
        ("are_references_ok", "references"),
        ("is_agreement_acknowledged", "volunteer agreement"),
    ],
)
def test_each_missing_step_is_one_reason(missing, words):
    (reason,) = reasons_not_to_certify(replace(DONE, **{missing: False}), COURSE)
    assert words in reason


def test_attendance_below_the_minimum_says_how_many_sessions_to_catch_up():
    record = replace(DONE, sessions=marked(s1=Code.A, s2=Code.A, s4=Code.A, s5=Code.A, s9=Code.A))
    (reason,) = reasons_not_to_certify(record, COURSE)
    assert reason == (
        "You have attended 79% of the course, and it asks for 80%. "
        "Ask your trainer to help you catch up 1 missed session."
    )


@pytest.mark.parametrize("number", COURSE.thresholds.mandatory_sessions)
def test_a_missed_mandatory_session_is_named_and_catching_up_is_enough(number):
    record = replace(DONE, sessions=marked(**{f"s{number}": Code.A}))
    (reason,) = reasons_not_to_certify(record, COURSE)
    assert f"Session {number}, {COURSE.session(number).title}" in reason
    assert "catch it up" in reason
    assert reasons_not_to_certify(replace(DONE, sessions=marked(**{f"s{number}": Code.C})), COURSE) == []


def test_coming_far_too_late_to_a_mandatory_session_is_not_enough():
    late = SessionFact(6, 120, code=Code.L, minutes_attended=80)
    record = replace(DONE, sessions=tuple(late if f.number == 6 else f for f in DONE.sessions))
    (reason,) = reasons_not_to_certify(record, COURSE)
    assert "Session 6" in reason


def test_a_mandatory_session_held_before_the_learner_joined_must_still_be_done():
    (reason,) = reasons_not_to_certify(replace(DONE, sessions=marked(s3=Code.N)), COURSE)
    assert "You have not had the chance" in reason


def test_a_register_nobody_marked_sends_the_learner_to_the_trainer():
    (reason,) = reasons_not_to_certify(replace(DONE, sessions=marked(s8=None)), COURSE)
    assert "mark the register" in reason


def test_three_absences_without_a_word_are_one_too_many():
    assert reasons_not_to_certify(replace(DONE, sessions=marked(s1=Code.U, s2=Code.U)), COURSE) == []
    (reason,) = reasons_not_to_certify(replace(DONE, sessions=marked(s1=Code.U, s2=Code.U, s4=Code.U)), COURSE)
    assert "3 times without telling us; the most allowed is 2" in reason


@pytest.mark.parametrize("status", CriterionStatus)
def test_only_a_criterion_that_is_met_is_met(status):
    reasons = reasons_not_to_certify(replace(DONE, criteria={**DONE.criteria, "U3.2.1": status}), COURSE)
    if status in (CriterionStatus.MET, CriterionStatus.IQA_AGREED):
        assert reasons == []
    else:
        (reason,) = reasons
        assert "U3.2.1, explain how to respond to, report and record a concern" in reason
        assert reason.endswith(".")
