"""The foundations: what is kept, what is undone, and what the record says of it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal import clock
from portal.access import Role
from portal.audit import services as audit
from portal.audit.models import Action, AuditLine
from portal.audit.rules import HIDDEN
from portal.checks.models import Outcome, Suitability
from portal.volunteers.journey import Move, Stage
from portal.volunteers.rules import MoveRefused
from tests.factories import (
    AcknowledgementFactory,
    ApplicationFactory,
    ApprovalFactory,
    CatchUpFactory,
    CertificateFactory,
    CohortSessionFactory,
    CriterionDecisionFactory,
    DbsCheckFactory,
    DisclosureFactory,
    HistoryLineFactory,
    InterviewFactory,
    InvitationFactory,
    IqaSampleFactory,
    MarkFactory,
    OfferFactory,
    ReferenceFactory,
    SchemeFactory,
    UserFactory,
    VolunteerFactory,
)


def test_a_change_is_recorded_with_who_what_before_and_after(session):
    coordinator = UserFactory(role=Role.COORDINATOR)
    scheme = SchemeFactory(name="Old name")
    audit.acting(coordinator)
    scheme.name = "New name"
    session.commit()
    line = session.scalars(select(AuditLine).order_by(AuditLine.id.desc())).first()
    assert (line.action, line.table_name, line.row_id) == (Action.CHANGED, "scheme", scheme.id)
    assert (line.before, line.after) == ({"name": "Old name"}, {"name": "New name"})
    assert (line.actor_id, line.actor_name) == (coordinator.id, coordinator.name)


def test_what_is_rolled_back_leaves_no_line(session):
    before = len(session.scalars(select(AuditLine.id)).all())
    session.add(SchemeFactory.build())
    session.flush()
    session.rollback()
    session.commit()
    assert len(session.scalars(select(AuditLine.id)).all()) == before


def test_sensitive_values_are_not_in_the_record(session):
    disclosure = DisclosureFactory()
    disclosure.statement, disclosure.answered_at = "a thing told in confidence", disclosure.asked_at
    session.commit()
    for line in session.scalars(select(AuditLine)):
        assert "confidence" not in str(line.after)


def test_the_record_does_not_show_an_admin_what_the_pages_would_not(session):
    user, at, today = UserFactory(), clock.now(), clock.today()
    application = ApplicationFactory(why="told why", skills="told skills")
    application.volunteer.contact.notes = "told notes"
    HistoryLineFactory(volunteer=application.volunteer, because="told because")
    OfferFactory(because="told at the offer")
    InterviewFactory(scores={"told": 0}, held_at=at)
    ApprovalFactory(because="told", conditions="told", gates=[{"key": "dbs", "said": "told"}])
    DbsCheckFactory(
        number="001234567654", number_last_four="7654", issued_on=today, seen_on=today, seen_by_id=user.id,
        outcome=Outcome.INFORMATION_DISCLOSED, decision=Suitability.NOT_SUITABLE, because="told", conditions="told",
        decided_at=at, decided_by_id=user.id,
    )  # fmt: skip
    session.commit()
    lines = session.scalars(select(AuditLine)).all()
    assert "told" not in str([(line.before, line.after) for line in lines])
    (check,) = [line.after for line in lines if line.table_name == "dbs_check"]
    assert (check["decision"], check["number_last_four"]) == (HIDDEN, HIDDEN)


def test_a_move_writes_its_line_of_history(session):
    coordinator = UserFactory(role=Role.COORDINATOR)
    volunteer = VolunteerFactory(stage=Stage.APPLIED)
    volunteer.make(Move.INVITE, by=coordinator, because="A good application")
    session.commit()
    (line,) = volunteer.history
    assert (line.from_stage, line.to_stage, line.by_id) == (Stage.APPLIED, Stage.INTERVIEWING, coordinator.id)


def test_a_move_that_the_journey_does_not_have_writes_nothing(session):
    volunteer = VolunteerFactory(stage=Stage.LEFT)
    with pytest.raises(MoveRefused, match="cannot offer a place to a volunteer who is left"):
        volunteer.make(Move.OFFER, by=UserFactory())
    assert volunteer.stage is Stage.LEFT
    assert volunteer.history == []


@pytest.mark.parametrize(
    "factory",
    [
        AcknowledgementFactory, ApprovalFactory, CatchUpFactory, CertificateFactory, CohortSessionFactory,
        CriterionDecisionFactory, DbsCheckFactory, HistoryLineFactory, InvitationFactory, IqaSampleFactory, MarkFactory,
        OfferFactory, ReferenceFactory,
    ],
)  # fmt: skip
def test_every_factory_makes_a_row_that_the_database_takes(session, factory):
    assert factory().id
