"""Offers and declines."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.access import Role
from portal.decisions import messages, services
from portal.decisions.models import Offer
from portal.decisions.rules import DeclineKind, conditions
from portal.interviews.rules import REFER, ScoreArea
from portal.messages.models import Message
from portal.messages.services import queue
from portal.references.models import Reference
from portal.refusals import Refused
from portal.volunteers.journey import Stage
from portal.volunteers.rules import MoveRefused
from tests.factories import (
    ApplicationFactory,
    InterviewFactory,
    RefereeFactory,
    UserFactory,
    VolunteerFactory,
)

GOOD = {area.value: 3 for area in ScoreArea}


def coordinator(volunteer):
    return UserFactory(role=Role.COORDINATOR, area=volunteer.area)


def held(volunteer, scores=None, **changes):
    at = clock.now() - timedelta(hours=1)
    return InterviewFactory(volunteer=volunteer, planned_at=at, held_at=at, scores=scores or GOOD, **changes)


def letters(session):
    return {message.template: message for message in session.scalars(select(Message).order_by(Message.id))}


def test_no_letter_about_a_place_names_the_scheme_to_somebody_who_asked_for_that(session):
    volunteer = VolunteerFactory(stage=Stage.APPLIED)
    volunteer.contact.hide_scheme_name = True
    queue(messages.place_offered(volunteer))
    queue(messages.place_declined(volunteer, next(iter(DeclineKind)), ""))
    sent = letters(session)
    assert set(sent) == {"place_offered", "place_declined"}
    assert not any(volunteer.scheme.name in letter.subject + letter.body for letter in sent.values())


def test_an_offer_leads_to_the_own_page_by_way_of_signing_in(session):
    assert "/my\n" in queue(messages.place_offered(VolunteerFactory(stage=Stage.OFFERED))).body


def test_an_offer_moves_on_asks_the_referees_and_writes_what_is_left_to_do(session):
    volunteer = VolunteerFactory(stage=Stage.INTERVIEWING)
    application = ApplicationFactory(volunteer=volunteer)
    RefereeFactory(application=application)
    RefereeFactory(application=application, email="", phone="+441914980000")
    by = coordinator(volunteer)
    offer = services.offer(volunteer, interview=held(volunteer), because="Listens well", by=by)
    assert (volunteer.stage, offer.offered_by_id) == (Stage.OFFERED, by.id)
    assert application.decision == "offered"
    assert len(session.scalars(select(Reference).where(Reference.volunteer_id == volunteer.id)).all()) == 2
    body = letters(session)["place_offered"].body
    assert "DBS check" in body
    assert "Listens well" not in body
    requested = [m for m in session.scalars(select(Message)) if m.template == "reference_requested"]
    assert len(requested) == 1  # the other has no e-mail


def test_a_0_on_safeguarding_refuses_the_offer_and_says_whom_to_refer_to(session):
    volunteer = VolunteerFactory(stage=Stage.INTERVIEWING)
    interview = held(volunteer, GOOD | {"safeguarding": 0})
    with pytest.raises(Refused) as refused:
        services.offer(volunteer, interview=interview, because="Nice", by=coordinator(volunteer))
    assert refused.value.reasons == [REFER]
    assert volunteer.stage is Stage.INTERVIEWING
    assert session.scalars(select(Offer).where(Offer.volunteer_id == volunteer.id)).all() == []


def test_an_offer_needs_an_interview_that_was_held_with_this_person_and_a_reason(session):
    volunteer = VolunteerFactory(stage=Stage.INTERVIEWING)
    by = coordinator(volunteer)
    with pytest.raises(Refused, match="not been held"):
        services.offer(volunteer, interview=InterviewFactory(volunteer=volunteer), because="Nice", by=by)
    other = VolunteerFactory(stage=Stage.INTERVIEWING)
    with pytest.raises(Refused, match="somebody else"):
        services.offer(volunteer, interview=held(other), because="Nice", by=by)
    with pytest.raises(Refused, match="Say why"):
        services.offer(volunteer, interview=held(volunteer), because=" ", by=by)
    assert volunteer.stage is Stage.INTERVIEWING


def test_nobody_offers_themselves_a_place(session):
    user = UserFactory()
    volunteer = VolunteerFactory(stage=Stage.INTERVIEWING, user=user)
    with pytest.raises(Refused, match="never by oneself"):
        services.offer(volunteer, interview=held(volunteer), because="Me", by=user)


def test_a_decline_is_kind_in_the_letter_and_plain_in_the_record(session):
    volunteer = VolunteerFactory(stage=Stage.INTERVIEWING)
    application = ApplicationFactory(volunteer=volunteer)
    planned = InterviewFactory(volunteer=volunteer)
    services.decline(
        volunteer, kind=DeclineKind.FULL, because="Twenty on the list", words="The next course is in May.",
        by=coordinator(volunteer),
    )  # fmt: skip
    assert volunteer.stage is Stage.DECLINED
    assert application.decision == "declined"
    assert planned.cancelled_at
    body = letters(session)["place_declined"].body
    assert "We have no places left in your area" in body
    assert "The next course is in May." in body
    assert "Twenty" not in body
    assert volunteer.scheme.phone in body


def test_the_letter_about_suitability_says_nothing_of_what_was_found(session):
    volunteer = VolunteerFactory(stage=Stage.OFFERED)
    by = coordinator(volunteer)
    services.decline(volunteer, kind=DeclineKind.SUITABILITY, because="Decided with the lead", by=by)
    body = letters(session)["place_declined"].body.lower()
    for word in ("suitab", "dbs", "convict", "disclos", "decided with"):
        assert word not in body


def test_somebody_on_a_course_is_taken_off_it_before_a_decline(session):
    volunteer = VolunteerFactory(stage=Stage.TRAINING)
    with pytest.raises(MoveRefused, match="off the course first"):
        services.decline(volunteer, because="No", by=coordinator(volunteer))


def test_a_decline_needs_a_reason_for_the_record(session):
    volunteer = VolunteerFactory(stage=Stage.APPLIED)
    with pytest.raises(Refused, match="Say why"):
        services.decline(volunteer, because=" ", by=coordinator(volunteer))
    assert volunteer.stage is Stage.APPLIED


def test_conditions_are_the_gates_of_the_scheme_in_words():
    assert conditions(("interview", "dbs")) == [
        "a DBS check is done; it is free for volunteers, and a record need not stop you"
    ]
