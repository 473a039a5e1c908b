"""Publishing an agreement, acknowledging it, and the gate that follows."""

from __future__ import annotations

import pytest

from portal.agreements import gates, services
from portal.refusals import Refused
from portal.volunteers.journey import Stage
from portal.volunteers.rules import GateState
from tests.factories import AgreementFactory, UserFactory, VolunteerFactory


def offered(**changes):
    return VolunteerFactory(stage=Stage.OFFERED, **changes)


def agreement_gate(volunteer):
    gate = gates.gates([volunteer])[volunteer.id][0]
    assert gate.key == "agreement"
    return gate


def test_a_new_version_is_a_new_row_with_the_next_number(session):
    scheme = offered().scheme
    one = services.publish(scheme, title="One", text="Words", by=UserFactory())
    two = services.publish(scheme, title="Two", text="Words", by=UserFactory())
    assert (one.number, two.number) == (1, 2)
    with pytest.raises(Refused, match="Enter the text"):
        services.publish(scheme, title="Three", text=" ", by=UserFactory())


def test_acknowledging_keeps_the_name_as_typed(session):
    user = UserFactory()
    volunteer = offered(user=user)
    agreement = AgreementFactory(scheme_id=volunteer.scheme_id)
    line = services.acknowledge(volunteer, agreement=agreement, typed_name="Siân Ŵyn", by=user)
    assert (line.typed_name, line.recorded_by_id) == ("Siân Ŵyn", None)
    with pytest.raises(Refused, match="acknowledged already"):
        services.acknowledge(volunteer, agreement=agreement, typed_name="Siân Ŵyn", by=user)


def test_who_recorded_a_paper_is_kept(session):
    volunteer, worker = offered(), UserFactory()
    agreement = AgreementFactory(scheme_id=volunteer.scheme_id)
    line = services.acknowledge(volunteer, agreement=agreement, typed_name="A", by=worker)
    assert line.recorded_by_id == worker.id


def test_only_the_latest_version_of_ones_own_scheme_is_acknowledged_with_a_name_after_an_offer(session):
    volunteer = offered()
    old = AgreementFactory(scheme_id=volunteer.scheme_id, number=1)
    new = AgreementFactory(scheme_id=volunteer.scheme_id, number=2)
    for wrong in (old, AgreementFactory(number=2)):
        with pytest.raises(Refused, match="newer version"):
            services.acknowledge(volunteer, agreement=wrong, typed_name="A", by=UserFactory())
    with pytest.raises(Refused, match="Type your name"):
        services.acknowledge(volunteer, agreement=new, typed_name=" ", by=UserFactory())
    volunteer.stage = Stage.APPLIED
    with pytest.raises(Refused, match="offered a place"):
        services.acknowledge(volunteer, agreement=new, typed_name="A", by=UserFactory())


def test_the_agreement_gate_follows_the_latest_version(session):
    volunteer = offered()
    assert agreement_gate(volunteer).owner == "The scheme admin"
    one = AgreementFactory(scheme_id=volunteer.scheme_id, number=1)
    assert (agreement_gate(volunteer).state, agreement_gate(volunteer).owner) == (
        GateState.NOT_STARTED,
        "The volunteer",
    )
    services.acknowledge(volunteer, agreement=one, typed_name="A", by=UserFactory())
    assert agreement_gate(volunteer).state is GateState.MET
    AgreementFactory(scheme_id=volunteer.scheme_id, number=2)
    assert agreement_gate(volunteer).state is GateState.WAITING
