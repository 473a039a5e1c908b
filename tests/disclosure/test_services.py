"""What somebody tells us in confidence: when it is asked, who opens it, what the gate and the record say."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from portal.access import Role
from portal.audit.models import Action, AuditLine
from portal.disclosure import gates, services
from portal.disclosure.rules import NOTHING
from portal.refusals import Refused
from portal.volunteers.journey import Stage
from portal.volunteers.rules import GateState
from tests.factories import OfferFactory, UserFactory, VolunteerFactory

SECRET = "a thing told in confidence"


def offered(**changes):
    return VolunteerFactory(stage=Stage.OFFERED, **changes)


def lead(volunteer):
    return UserFactory(role=Role.SAFEGUARDING_LEAD, scheme=volunteer.scheme)


@pytest.mark.parametrize(
    "stage", [Stage.APPLYING, Stage.APPLIED, Stage.INTERVIEWING, Stage.DECLINED, Stage.WITHDRAWN, Stage.LEFT]
)
def test_nobody_is_asked_about_their_past_before_an_offer_or_after_the_end(session, stage):
    with pytest.raises(Refused, match="only after a place"):
        services.answer(VolunteerFactory(stage=stage), statement=SECRET, by=UserFactory())


def test_an_answer_remembers_when_it_was_asked_for(session):
    offer = OfferFactory()
    disclosure = services.answer(offer.volunteer, statement=SECRET, by=UserFactory())
    assert (disclosure.asked_at, disclosure.asked_by_id) == (offer.offered_at, offer.offered_by_id)


def test_an_empty_answer_is_refused_and_nothing_to_tell_is_an_answer(session):
    volunteer = offered()
    with pytest.raises(Refused, match="nothing to tell"):
        services.answer(volunteer, statement="  ", by=UserFactory())
    assert services.answer(volunteer, statement=NOTHING, by=UserFactory()).statement == NOTHING


def test_a_new_answer_must_be_considered_anew(session):
    volunteer = offered()
    first = services.answer(volunteer, statement=NOTHING, by=UserFactory())
    services.consider(first, by=lead(volunteer))
    second = services.answer(volunteer, statement=SECRET, by=UserFactory())
    assert second is first
    assert (second.considered_at, second.considered_by_id) == (None, None)


def test_opening_needs_a_purpose_and_is_on_the_record_without_what_was_read(session):
    volunteer = offered()
    disclosure, reader = services.answer(volunteer, statement=SECRET, by=UserFactory()), lead(volunteer)
    with pytest.raises(Refused, match="what you need to read it for"):
        services.open_statement(disclosure, purpose=" ", by=reader)
    assert services.open_statement(disclosure, purpose="To plan support", by=reader) == SECRET
    session.commit()
    lines = session.scalars(select(AuditLine)).all()
    (seen,) = [line for line in lines if line.action is Action.SEEN]
    assert (seen.table_name, seen.row_id, seen.actor_id) == ("disclosure", disclosure.id, reader.id)
    assert (seen.purpose, seen.volunteer_id) == ("To plan support", volunteer.id)
    assert SECRET not in str([(line.before, line.after) for line in lines])


def test_what_was_told_is_not_in_plain_in_the_database(session):
    disclosure = services.answer(offered(), statement=SECRET, by=UserFactory())
    session.commit()
    kept = session.execute(text("SELECT statement FROM disclosure WHERE id = :id"), {"id": disclosure.id}).scalar()
    assert SECRET.encode() not in bytes(kept)


def test_only_an_answer_is_considered_once_and_never_by_oneself(session):
    user = UserFactory()
    volunteer = offered(user=user)
    disclosure = services.answer(volunteer, statement=SECRET, by=user)
    with pytest.raises(Refused, match="Nobody considers"):
        services.consider(disclosure, by=user)
    reader = lead(volunteer)
    services.consider(disclosure, by=reader)
    assert disclosure.considered_by_id == reader.id
    with pytest.raises(Refused, match="already"):
        services.consider(disclosure, by=reader)


def test_the_gate_says_answered_and_considered_and_never_what(session):
    volunteer = offered()

    def reading():
        gate = gates.gates([volunteer])[volunteer.id][0]
        return gate.state, gate.owner, gate.why

    assert reading() == (GateState.NOT_STARTED, "The volunteer", "not answered yet")
    told = services.answer(volunteer, statement=SECRET, by=UserFactory())
    after_telling = reading()
    assert after_telling == (GateState.WAITING, "The safeguarding lead", "answered, waiting to be considered")
    services.answer(volunteer, statement=NOTHING, by=UserFactory())
    assert reading() == after_telling
    services.consider(told, by=lead(volunteer))
    session.flush()
    assert reading() == (GateState.MET, "The safeguarding lead", "considered")


def test_the_gate_costs_one_query_and_never_reads_the_statement(session, count_queries):
    people = [offered() for _ in range(5)]
    for each in people:
        services.answer(each, statement=SECRET, by=UserFactory())
    session.commit()
    with count_queries() as one:
        gates.gates(people[:1])
    with count_queries() as five:
        gates.gates(people)
    assert one.total == five.total == 1
    assert "statement" not in five.statements[0]
    assert gates.gates([]) == {}
