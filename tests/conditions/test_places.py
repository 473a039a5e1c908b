"""Confirming a place when every gate of the scheme is met."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.access import Role
from portal.checks.models import Outcome, Suitability
from portal.conditions import gates, services
from portal.disclosure import services as disclosure
from portal.interviews.rules import ScoreArea
from portal.messages.models import Message
from portal.references.models import ReferenceState
from portal.refusals import Refused
from portal.volunteers.journey import Stage
from portal.volunteers.rules import MoveRefused
from tests.factories import (
    AcknowledgementFactory,
    AgreementFactory,
    ApplicationFactory,
    DbsCheckFactory,
    InterviewFactory,
    OfferFactory,
    RefereeFactory,
    ReferenceFactory,
    UserFactory,
    VolunteerFactory,
)


def offered(**changes):
    return VolunteerFactory(stage=Stage.OFFERED, **changes)


def everything_done(**changes):
    """A volunteer who has passed every gate before the course."""
    volunteer, worker = offered(**changes), UserFactory()
    at = clock.now() - timedelta(days=3)
    scores = {area.value: 3 for area in ScoreArea}
    interview = InterviewFactory(volunteer=volunteer, planned_at=at, held_at=at, scores=scores)
    OfferFactory(interview=interview)
    application = ApplicationFactory(volunteer=volunteer)
    for _ in range(2):
        ReferenceFactory(
            referee=RefereeFactory(application=application), state=ReferenceState.VERIFIED, received_at=at,
            answers={}, verified_at=at, verified_by_id=worker.id, verified_how="Rang",
        )  # fmt: skip
    DbsCheckFactory(
        volunteer=volunteer, number="001234567890", number_hash="0" * 64, number_last_four="7890",
        issued_on=clock.today(), seen_on=clock.today(), seen_by_id=worker.id, outcome=Outcome.NO_INFORMATION,
        decision=Suitability.SUITABLE, decided_at=at, decided_by_id=worker.id,
    )  # fmt: skip
    AcknowledgementFactory(volunteer=volunteer)
    return volunteer


def test_the_letter_about_the_place_does_not_name_the_scheme_to_somebody_who_asked_for_that(session):
    volunteer = everything_done()
    volunteer.contact.hide_scheme_name = True
    services.confirm_place(volunteer, by=UserFactory(role=Role.COORDINATOR, area=volunteer.area))
    (letter,) = session.scalars(select(Message).where(Message.template == "place_confirmed"))
    assert volunteer.scheme.name not in letter.subject + letter.body
    assert letter.body.count("/my\n") == 1


def test_a_place_is_confirmed_when_every_gate_of_the_scheme_is_met(session):
    volunteer = everything_done()
    by = UserFactory(role=Role.COORDINATOR, area=volunteer.area)
    services.confirm_place(volunteer, by=by)
    assert volunteer.stage is Stage.READY
    assert "place_confirmed" in {message.template for message in session.scalars(select(Message))}
    with pytest.raises(MoveRefused, match="ready for a course"):
        services.confirm_place(volunteer, by=by)


def test_a_refusal_names_every_gate_that_is_not_met_and_who_holds_it(session):
    volunteer = offered()
    with pytest.raises(MoveRefused) as refused:
        services.confirm_place(volunteer, by=UserFactory())
    assert refused.value.reasons == [
        "Interview: no interview is planned (The coordinator)",
        "References: nobody has been asked yet (The coordinator)",
        "DBS check: no check has been applied for (The DBS officer)",
        "Agreement: no agreement has been published yet (The scheme admin)",
    ]
    assert volunteer.stage is Stage.OFFERED


def test_a_gate_that_the_scheme_adds_is_asked_for(session):
    volunteer = everything_done()
    scheme = volunteer.scheme
    scheme.settings = replace(scheme.settings, gates_to_train=(*scheme.settings.gates_to_train, "disclosure"))
    by = UserFactory()
    with pytest.raises(MoveRefused) as refused:
        services.confirm_place(volunteer, by=by)
    assert refused.value.reasons == ["Disclosure: not answered yet (The volunteer)"]
    disclosure.consider(disclosure.answer(volunteer, statement="x", by=by), by=by)
    services.confirm_place(volunteer, by=by)
    assert volunteer.stage is Stage.READY


def test_the_gates_are_read_again_at_the_click(session):
    volunteer = everything_done()
    AgreementFactory(scheme_id=volunteer.scheme_id, number=10_000)
    with pytest.raises(MoveRefused, match="version 10000 is new"):
        services.confirm_place(volunteer, by=UserFactory())


def test_nobody_confirms_their_own_place(session):
    user = UserFactory()
    with pytest.raises(Refused, match="never by oneself"):
        services.confirm_place(everything_done(user=user), by=user)


def test_every_gate_leads_to_a_page_that_is_there(session, app):
    volunteer = offered()
    address = app.url_map.bind("localhost")
    for gate in gates.gates_to_train([volunteer])[volunteer.id]:
        endpoint, values = address.match(gate.link)
        assert endpoint.split(".")[0] in {
            "interviews",
            "references",
            "recommendations",
            "disclosure",
            "checks",
            "conditions",
        }
        assert values == {"volunteer_id": volunteer.id}
