"""Deciding criteria, sampling them, and the gates that follow."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from courses.sign_off import CriterionStatus
from portal.access import Role
from portal.assessment import gates, queries, services
from portal.assessment.models import CriterionDecision, CriterionState, IqaDecision, IqaSample
from portal.assessment.rules import DecidedMeanwhile
from portal.audit.models import AuditLine
from portal.cohorts.models import EnrolmentState
from portal.refusals import Refused
from portal.volunteers.rules import GateState
from tests.assessment.people import EVIDENCE, people
from tests.factories import EnrolmentFactory, UserFactory, VolunteerFactory

MET = {"state": CriterionState.MET, **EVIDENCE}


def states(learner):
    return {gate.key: gate.state for gate in gates.gates([learner.volunteer])[learner.volunteer_id]}


def test_a_decision_keeps_who_when_and_why(session):
    here = people()
    made = services.decide(here.learners[0], "U1.1.1", by=here.assessor, **MET)
    session.commit()
    assert (made.state, made.decided_by, made.evidence) == (CriterionState.MET, here.assessor, "Portfolio page 12")
    assert made.decided_at is not None


@pytest.mark.parametrize("criterion", ["U9.1.1", "U1.9.9", "", "U1", "x" * 500])
def test_a_criterion_the_course_does_not_have_is_refused(session, criterion):
    here = people()
    with pytest.raises(Refused, match="no such criterion"):
        services.decide(here.learners[0], criterion, by=here.assessor, **MET)
    assert session.scalars(select(CriterionDecision)).all() == []


def test_a_refused_decision_writes_nothing(session):
    here = people()
    with pytest.raises(Refused, match="feedback"):
        services.decide(here.learners[0], "U1.1.1", by=here.assessor, **{**MET, "feedback": "  "})
    assert session.scalars(select(CriterionDecision)).all() == []


def test_nobody_decides_about_themselves(session):
    here = people(0)
    learner = here.join(volunteer=VolunteerFactory(area=here.area, user=here.assessor))
    with pytest.raises(Refused, match="own work"):
        services.decide(learner, "U1.1.1", by=here.assessor, **MET)


@pytest.mark.parametrize("state", [EnrolmentState.WITHDRAWN, EnrolmentState.COMPLETED])
def test_who_is_no_longer_learning_is_not_assessed(session, state):
    here = people(0)
    learner = here.join(state=state, ended_on=here.cohort.starts_on)
    with pytest.raises(Refused, match="no longer on the course"):
        services.decide(learner, "U1.1.1", by=here.assessor, **MET)


def test_two_assessors_at_once_the_second_is_told(session):
    here = people()
    learner = here.learners[0]
    services.decide(learner, "U1.1.1", by=here.assessor, seen_version=services.NO_DECISION, **MET)
    session.commit()
    other = UserFactory(role=Role.ASSESSOR, area=here.area)
    with pytest.raises(DecidedMeanwhile, match=r"Someone else decided U1\.1\.1"):
        services.decide(learner, "U1.1.1", by=other, seen_version=services.NO_DECISION, **MET)
    kept = queries.decision(learner, "U1.1.1")
    assert kept.decided_by_id == here.assessor.id
    services.decide(learner, "U1.1.1", by=other, seen_version=kept.version, **MET)
    assert queries.decision(learner, "U1.1.1").decided_by_id == other.id


def test_a_unit_the_iqa_agreed_is_opened_again_only_with_a_reason_and_looked_at_anew(session):
    here = people()
    learner = here.learners[0]
    here.decide_unit(learner)
    sample = here.sample(learner)
    with pytest.raises(Refused, match="why you are opening it again"):
        services.decide(learner, "U1.1.1", by=here.assessor, **MET)
    here.decide(learner, "U1.1.1", because="The witness took it back", state=CriterionState.NOT_YET_MET)
    assert (sample.decision, sample.iqa_id, sample.decided_at) == (None, None, None)
    purposes = list(session.scalars(select(AuditLine.purpose).where(AuditLine.purpose.is_not(None))))
    assert "Opened U1.1.1 again: The witness took it back" in purposes


def test_an_iqa_does_not_sample_what_they_assessed(session):
    here = people()
    learner = here.learners[0]
    here.decide_unit(learner)
    both = here.iqa
    here.decide(learner, "U1.1.1", by=both)
    with pytest.raises(Refused, match="another IQA must sample it"):
        services.plan_sample(learner, "U1", by=both)
    other = UserFactory(role=Role.IQA, area=here.area)
    sample = services.plan_sample(learner, "U1", by=other)
    session.commit()
    with pytest.raises(Refused, match="another IQA must sample it"):
        services.decide_sample(
            sample, decision=IqaDecision.AGREE, is_valid=True, is_authentic=True, is_current=True, is_sufficient=True,
            feedback="Fine", by=both,
        )  # fmt: skip
    assert sample.decision is None


def test_a_unit_is_sampled_once_all_of_it_is_decided_and_only_once(session):
    here = people()
    learner = here.learners[0]
    here.decide(learner, "U1.1.1")
    with pytest.raises(Refused, match="Only 1 of 7"):
        services.plan_sample(learner, "U1", by=here.iqa)
    here.decide_unit(learner)
    first = services.plan_sample(learner, "U1", by=here.iqa)
    assert services.plan_sample(learner, "U1", by=here.iqa) is first
    with pytest.raises(Refused, match="no such unit"):
        services.plan_sample(learner, "U9", by=here.iqa)


def test_a_sample_is_decided_once_and_an_action_closed_once(session):
    here = people()
    here.decide_unit(here.learners[0])
    sample = here.sample(here.learners[0], decision=IqaDecision.ACTION, is_valid=False, feedback="Date the log")
    with pytest.raises(Refused, match="decided already"):
        here.sample(here.learners[0])
    with pytest.raises(Refused, match="yourself"):
        services.close_action(sample, by=here.assessor)
    services.close_action(sample, by=here.iqa)
    with pytest.raises(Refused, match="No action is open"):
        services.close_action(sample, by=here.iqa)


def test_agreeing_without_all_four_is_refused_and_writes_nothing(session):
    here = people()
    here.decide_unit(here.learners[0])
    with pytest.raises(Refused, match="current"):
        here.sample(here.learners[0], is_current=False)
    assert session.scalars(select(IqaSample)).one().decision is None


def test_a_sample_that_somebody_else_changed_is_not_overwritten(session):
    here = people()
    here.decide_unit(here.learners[0])
    sample = services.plan_sample(here.learners[0], "U1", by=here.iqa)
    session.commit()
    with pytest.raises(DecidedMeanwhile):
        here.sample(here.learners[0], seen_version=sample.version + 1)


def test_the_gates_follow_the_work(session):
    here = people(5)
    learner, other = here.learners[:2]
    assert states(learner) == {"criteria": GateState.NOT_STARTED, "iqa": GateState.NOT_STARTED}
    here.decide(learner, "U1.1.1")
    assert states(learner)["criteria"] is GateState.WAITING
    here.decide(learner)
    assert states(learner) == {"criteria": GateState.MET, "iqa": GateState.NOT_STARTED}
    sample = here.sample(learner, decision=IqaDecision.ACTION, feedback="Date the log")
    assert states(learner)["iqa"] is GateState.REFUSED
    assert states(other)["iqa"] is GateState.WAITING
    services.close_action(sample, by=here.iqa)
    assert states(learner)["iqa"] is GateState.MET
    assert states(other)["iqa"] is GateState.MET


def test_a_gate_says_how_many_and_who_is_next(session):
    here = people()
    here.decide(here.learners[0], "U1.1.1")
    here.decide(here.learners[0], "U1.1.2", state=CriterionState.NOT_YET_MET)
    criteria, iqa = gates.gates([here.learners[0].volunteer])[here.learners[0].volunteer_id]
    assert (criteria.why, criteria.owner) == ("1 of 24 met, 1 not yet met", "The assessor")
    assert (iqa.why, iqa.owner) == ("0 learners of the group sampled, 1 needed", "The IQA")


def test_a_scheme_that_samples_nothing_does_not_need_the_gate(session):
    here = people()
    scheme = here.area.scheme
    scheme.settings = type(scheme.settings)(iqa_sample_percent=0)
    session.commit()
    assert states(here.learners[0])["iqa"] is GateState.NOT_NEEDED


def test_somebody_who_is_not_on_a_course_has_started_nothing(session):
    volunteer = VolunteerFactory()
    assert {gate.state for gate in gates.gates([volunteer])[volunteer.id]} == {GateState.NOT_STARTED}
    assert gates.gates([]) == {}


def test_the_gates_of_many_cost_what_those_of_one_cost(session, count_queries):
    here = people(12)
    for learner in here.learners:
        here.decide(learner, "U1.1.1")
    volunteers = [each.volunteer for each in here.learners]
    gates.gates(volunteers[:1])
    with count_queries() as one:
        gates.gates(volunteers[:1])
    with count_queries() as many:
        gates.gates(volunteers)
    assert one.total == many.total <= 7


def test_statuses_are_those_that_sign_off_asks_for(session):
    here = people(2)
    here.decide(here.learners[0], "U1.1.1")
    found = queries.statuses_of([each.id for each in here.learners])
    assert found == {here.learners[0].id: {"U1.1.1": CriterionStatus.MET}, here.learners[1].id: {}}


def test_learners_of_another_area_or_scheme_are_not_there(session):
    here, elsewhere = people(), people()
    assert queries.learner(here.learners[0].id, seen_by=elsewhere.assessor) is None
    assert queries.learner(here.learners[0].id, seen_by=here.assessor) is not None
    assert [row.id for row in queries.learners(seen_by=elsewhere.assessor)] == [elsewhere.learners[0].id]
    assert (
        queries.learner(EnrolmentFactory(cohort=here.cohort, state=EnrolmentState.WAITING).id, seen_by=here.iqa) is None
    )
