"""What still counts when somebody applies again."""

from __future__ import annotations

from datetime import timedelta

from portal import clock
from portal.applications import services as applications
from portal.audit.rules import Outsider
from portal.references.models import ReferenceState
from portal.volunteers.journey import Stage
from tests.factories import (
    AcknowledgementFactory,
    AgreementFactory,
    ApplicationFactory,
    RefereeFactory,
    ReferenceFactory,
    UserFactory,
    VolunteerFactory,
)


def declined():
    application = ApplicationFactory(volunteer=VolunteerFactory(stage=Stage.DECLINED), times_sent=1)
    return application, application.volunteer


def given(application, days):
    at = clock.now() - timedelta(days=days)
    return ReferenceFactory(
        referee=RefereeFactory(application=application), volunteer=application.volunteer, received_at=at, answers={},
        state=ReferenceState.VERIFIED, verified_at=at, verified_by_id=UserFactory().id,
    )  # fmt: skip


def test_references_of_the_last_year_and_the_agreement_of_today_need_not_be_done_again(session):
    application, person = declined()
    new, old = given(application, 364), given(application, 366)
    AcknowledgementFactory(volunteer=person, agreement=AgreementFactory(scheme_id=person.scheme_id))
    applications.reopen(application, by=Outsider("Sam"))
    assert (new.state, old.state) == (ReferenceState.VERIFIED, ReferenceState.EXPIRED)
    assert {(each.title, each.why) for each in applications.still_valid(application)} == {
        ("Volunteer agreement", "you agreed to it as it is today"), ("References", "1 checked within the last year"),
    }  # fmt: skip


def test_whoever_applies_for_the_first_time_is_told_nothing_of_a_last_time(session):
    application = ApplicationFactory(volunteer=VolunteerFactory(stage=Stage.APPLYING), submitted_at=None)
    given(application, 3)
    assert applications.still_valid(application) == []
