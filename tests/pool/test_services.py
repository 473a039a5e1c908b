"""Approving, breaks and leaving: what is refused, what is kept, who is written to."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.access import Role
from portal.assessment.models import CriterionDecision
from portal.checks.models import DbsCheck, Suitability
from portal.messages.models import Message
from portal.pool import queries, services
from portal.pool.models import Approval
from portal.refusals import Refused
from portal.volunteers.journey import Move, Stage
from portal.volunteers.models import HistoryLine
from portal.volunteers.rules import MoveRefused
from tests.factories import AgreementFactory, RoleHeldFactory, UserFactory, VolunteerFactory
from tests.pool import people
from tests.pool.people import ready


@pytest.fixture
def area(session):
    return people.area()


@pytest.fixture
def approver(area):
    return UserFactory(role=Role.APPROVER, area=area, name="Ade Approver")


def approve(volunteer, by, **changes):
    return services.approve(volunteer, **{"because": "Warm and reliable", "conditions": "", "by": by, **changes})


def letters(session, volunteer):
    rows = session.scalars(select(Message).where(Message.volunteer_id == volunteer.id).order_by(Message.id))
    return [(each.template, each.subject) for each in rows]


def test_somebody_with_every_gate_met_is_approved_and_told_so(area, approver, session):
    volunteer = ready(area)
    approval = approve(volunteer, approver, conditions=" In pairs at first ")
    session.commit()
    assert volunteer.stage is Stage.ACTIVE
    assert (approval.approved_by, approval.because) == (approver, "Warm and reliable")
    assert approval.conditions == "In pairs at first"
    assert volunteer.history[-1].because == "Warm and reliable"
    assert letters(session, volunteer) == [("approved", "You can start")]
    (letter,) = session.scalars(select(Message).where(Message.volunteer_id == volunteer.id))
    assert "pairs" not in letter.body
    assert "what we agreed about how you start" in letter.body


@pytest.mark.parametrize("key", list(people.MEET))
def test_each_required_gate_that_is_not_met_stops_the_approval_by_name(area, approver, session, key):
    volunteer = ready(area, but=[key])
    title = {
        gate.key: (gate.title, gate.owner) for gate in queries.readiness([volunteer], approver)[volunteer.id]
    }[key]  # fmt: skip
    with pytest.raises(MoveRefused) as refused:
        approve(volunteer, approver)
    (reason,) = refused.value.reasons
    assert reason.startswith(f"{title[0]}: ")
    assert reason.endswith(f"({title[1]})")
    session.commit()
    assert volunteer.stage is Stage.CERTIFIED
    assert session.scalars(select(Approval)).all() == []
    assert letters(session, volunteer) == []


def test_a_gate_the_scheme_does_not_ask_for_stops_nobody(session):
    area = people.area(gates_to_approve=("interview", "dbs"))
    volunteer = ready(area, but=["references", "agreement", "attendance", "certificate"])
    approve(volunteer, UserFactory(role=Role.APPROVER, area=area))
    assert volunteer.stage is Stage.ACTIVE


def test_gates_are_read_at_the_click_and_not_before(area, approver, session):
    volunteer = ready(area)
    assert queries.readiness([volunteer], approver)[volunteer.id]
    AgreementFactory(scheme_id=area.scheme_id, number=9_000)
    with pytest.raises(MoveRefused, match=r"Agreement: version 9000 is new .* \(The volunteer\)"):
        approve(volunteer, approver)


def test_who_assessed_them_does_not_approve_them(area, session):
    assessor = UserFactory(role=Role.ASSESSOR, area=area)
    RoleHeldFactory(user=assessor, role=Role.APPROVER, scheme=area.scheme, area=area)
    volunteer = ready(area, assessor=assessor)
    with pytest.raises(MoveRefused, match="You assessed them"):
        approve(volunteer, assessor)
    assert session.scalars(select(CriterionDecision.decided_by_id).distinct()).all() == [assessor.id]


def test_a_scheme_may_do_without_four_eyes(session):
    area = people.area(four_eyes=False)
    assessor = UserFactory(role=Role.APPROVER, area=area)
    approve(ready(area, assessor=assessor), assessor)


def test_nobody_approves_themselves(area, approver):
    with pytest.raises(MoveRefused, match="Nobody approves themselves"):
        approve(ready(area, user=approver), approver)


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.CERTIFIED])
def test_only_somebody_certified_can_be_approved(area, approver, stage):
    with pytest.raises(MoveRefused, match=f"You cannot approve a volunteer who is {stage.words.to_staff}"):
        approve(VolunteerFactory(area=area, stage=stage), approver)


def test_the_snapshot_of_an_approval_never_changes(area, approver, session):
    volunteer = ready(area)
    approve(volunteer, approver)
    session.commit()
    before = queries.approvals(volunteer)
    session.scalars(select(DbsCheck)).one().decision = Suitability.NOT_SUITABLE
    AgreementFactory(scheme_id=area.scheme_id, number=9_000)
    area.scheme.settings = people.SchemeSettings(gates_to_approve=("dbs",))
    session.commit()
    session.expire_all()
    (now,) = {gate.key: gate for gate in queries.readiness([volunteer], approver)[volunteer.id] if gate.key == "dbs"}
    assert now == "dbs"
    assert queries.approvals(volunteer) == before
    (approval,) = before
    assert {gate.title: gate.said for gate in approval.gates if gate.required} == {
        "Interview": "Met", "References": "Met", "Disclosure": "Met", "DBS check": "Met", "Agreement": "Met",
        "Attendance": "Met", "Criteria": "Met", "Quality check": "Not needed", "Certificate": "Met",
    }  # fmt: skip


def test_a_disclosure_says_nothing_of_itself_in_the_snapshot(area, approver, session):
    approve(ready(area), approver)
    session.commit()
    assert "in confidence" not in str(session.scalars(select(Approval)).one().gates)


def test_somebody_takes_a_break_and_is_welcomed_back(area, approver, session):
    volunteer = ready(area, stage=Stage.ACTIVE)
    services.rest(volunteer, because="Until Easter", by=approver)
    assert volunteer.stage is Stage.RESTING
    services.welcome_back(volunteer, because="Fridays only", by=approver)
    session.commit()
    assert volunteer.stage is Stage.ACTIVE
    assert [each.because for each in volunteer.history] == ["Until Easter", "Fridays only"]
    assert [name for name, _ in letters(session, volunteer)] == ["rested", "welcomed_back"]


def test_a_dbs_check_that_ran_out_during_a_break_must_be_done_again_first(area, approver, session):
    volunteer = ready(area, stage=Stage.RESTING)
    session.scalars(select(DbsCheck)).one().recheck_due_on = people.clock.today()
    with pytest.raises(MoveRefused, match=r"DBS check: a new check is due \(The DBS officer\)"):
        services.welcome_back(volunteer, because="Fridays only", by=approver)
    assert volunteer.stage is Stage.RESTING


def test_nobody_welcomes_themselves_back(area, approver):
    with pytest.raises(MoveRefused, match="Nobody welcomes themselves back"):
        services.welcome_back(ready(area, stage=Stage.RESTING, user=approver), because="Back", by=approver)


@pytest.mark.parametrize("stage", [Stage.ACTIVE, Stage.RESTING])
def test_somebody_leaves_with_thanks_and_the_record_says_why(area, approver, session, stage):
    volunteer = VolunteerFactory(area=area, stage=stage)
    services.leave(
        volunteer, because="Has a paid job", referral_considered=True, referral_because="no harm to anybody",
        by=approver,
    )  # fmt: skip
    session.commit()
    assert volunteer.stage is Stage.LEFT
    assert volunteer.history[-1].because == "Has a paid job\n\nReferral to the DBS considered: no harm to anybody"
    (letter,) = session.scalars(select(Message).where(Message.volunteer_id == volunteer.id))
    assert letter.template == "left"
    assert "DBS" not in letter.body


@pytest.mark.parametrize(
    ("verb", "stage", "answers"),
    [
        (services.rest, Stage.ACTIVE, {"because": " "}),
        (services.welcome_back, Stage.RESTING, {"because": ""}),
        (services.leave, Stage.ACTIVE, {"because": "Moved", "referral_because": " "}),
        (services.leave, Stage.ACTIVE, {"because": "", "referral_because": "no cause"}),
    ],
)
def test_a_move_without_its_reason_is_refused_and_writes_nothing(approver, session, verb, stage, answers):
    volunteer = VolunteerFactory(stage=stage)
    with pytest.raises(Refused):
        verb(volunteer, by=approver, **answers)
    session.commit()
    assert volunteer.stage is stage
    assert session.scalars(select(HistoryLine).where(HistoryLine.volunteer_id == volunteer.id)).all() == []


@pytest.mark.parametrize(
    ("verb", "move", "answers"),
    [
        (services.rest, Move.REST, {}),
        (services.welcome_back, Move.RETURN, {}),
        (services.leave, Move.LEAVE, {"referral_because": "no cause"}),
    ],
)
def test_no_other_stage_has_these_moves(area, approver, verb, move, answers):
    for stage in Stage:
        if not move.leaves(stage):
            volunteer = VolunteerFactory(area=area, stage=stage)
            with pytest.raises(MoveRefused, match=f"You cannot {move.step.verb} a volunteer"):
                verb(volunteer, because="A reason", by=approver, **answers)
            assert volunteer.stage is stage
