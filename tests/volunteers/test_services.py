"""Starting, changing details, withdrawing, starting again."""

from __future__ import annotations

from datetime import time

import pytest
from sqlalchemy import select

from portal.access import Role
from portal.audit.rules import Outsider
from portal.messages.models import Message
from portal.refusals import Refused
from portal.schemes.rules import Route
from portal.volunteers import queries, services
from portal.volunteers.journey import Stage
from portal.volunteers.models import Channel, Volunteer
from portal.volunteers.rules import MoveRefused
from portal.volunteers.services import ChangedMeanwhile, Details, Reaching
from tests.factories import AreaFactory, UserFactory, VolunteerFactory

APPLICANT = Outsider("An applicant")


def test_starting_makes_a_person_a_reference_contact_preferences_and_the_first_line_of_history(session):
    area = AreaFactory()
    person = services.start(
        area=area, name="Łucja", email="L@Example.org", phone="", route=Route.JOB_CENTRE, by=APPLICANT
    )
    session.commit()
    assert person.reference.startswith("A-")
    assert len(person.reference) == 8
    assert (person.stage, person.email, person.sort_name) == (Stage.APPLYING, "l@example.org", "lucja")
    assert person.contact.channel is Channel.EMAIL
    (line,) = person.history
    assert (line.from_stage, line.to_stage, line.by_name) == (None, Stage.APPLYING, "An applicant")


def test_somebody_with_a_phone_only_is_reached_by_phone(session):
    person = services.start(
        area=AreaFactory(), name="Jo", email="", phone="+447700900123", route=Route.OPEN_WEB, by=APPLICANT
    )
    assert person.contact.channel is Channel.PHONE


def test_nobody_starts_without_a_way_to_reach_them(session):
    with pytest.raises(Refused, match="email address or a phone number"):
        services.start(area=AreaFactory(), name="Jo", email="", phone="", route=Route.OPEN_WEB, by=APPLICANT)
    assert session.scalars(select(Volunteer)).all() == []


def test_changing_details_changes_how_somebody_is_found(session):
    person = VolunteerFactory(name="Old Name")
    services.change_details(person, details=Details(name="Zoë", known_as="Zed"), by=APPLICANT)
    session.commit()
    assert person.sort_name == "zoe zed"


def test_changing_only_how_to_reach_somebody_counts_as_a_new_version(session):
    person = VolunteerFactory(phone="+447700900123")
    before = person.version
    reaching = Reaching(channel=Channel.TEXT, hide_scheme_name=True, safe_from=time(9), safe_until=time(17))
    services.change_details(person, details=Details(), reaching=reaching, by=APPLICANT)
    session.commit()
    assert person.version == before + 1
    assert (person.contact.channel, person.contact.safe_until) == (Channel.TEXT, time(17))


@pytest.mark.parametrize(
    ("reaching", "why"),
    [
        (Reaching(channel=Channel.EMAIL), "Give an email address, or"),
        (Reaching(channel=Channel.TEXT, safe_from=time(9)), "Give both times"),
        (Reaching(channel=Channel.TEXT, safe_from=time(9), safe_until=time(9)), "must be different"),
    ],
)
def test_a_way_of_reaching_somebody_that_cannot_work_is_refused_and_changes_nothing(session, reaching, why):
    person = VolunteerFactory(email="", phone="+447700900123")
    with pytest.raises(Refused, match=why):
        services.change_details(person, details=Details(name="Changed"), reaching=reaching, by=APPLICANT)
    session.commit()
    assert person.name != "Changed"


def test_the_last_way_to_reach_somebody_cannot_be_taken_away(session):
    person = VolunteerFactory(phone="")
    with pytest.raises(Refused, match="so that we can reach you"):
        services.change_details(person, details=Details(email=""), by=APPLICANT)


def test_a_page_drawn_before_somebody_else_saved_is_refused(session):
    person = VolunteerFactory()
    drawn_from = queries.likeness_of(person)
    services.change_details(person, details=Details(known_as="First"), drawn_from=drawn_from, by=APPLICANT)
    with pytest.raises(ChangedMeanwhile):
        services.change_details(person, details=Details(known_as="Second"), drawn_from=drawn_from, by=APPLICANT)
    assert person.known_as == "First"


def test_a_page_drawn_before_she_moved_on_can_still_be_saved(session):
    person = VolunteerFactory(stage=Stage.APPLIED)
    drawn_from = queries.likeness_of(person)
    services.withdraw(person, because="", by=APPLICANT)
    services.change_details(person, details=Details(known_as="Mo"), drawn_from=drawn_from, by=APPLICANT)
    assert person.known_as == "Mo"


def test_withdrawing_keeps_the_reason_and_thanks_them(session):
    person = VolunteerFactory(stage=Stage.TRAINING)
    services.withdraw(person, because="A new job", by=APPLICANT)
    session.commit()
    assert (person.stage, person.history[-1].because) == (Stage.WITHDRAWN, "A new job")
    (message,) = session.scalars(select(Message))
    assert (message.template, message.volunteer_id) == ("withdrawn", person.id)
    assert "A new job" not in message.body


def test_a_letter_says_the_number_to_ring_as_people_dial_it(session):
    person = VolunteerFactory(stage=Stage.APPLIED)
    person.scheme.phone = "+441914980000"
    services.withdraw(person, because="", by=APPLICANT)
    (message,) = session.scalars(select(Message))
    assert "ring us on 0191 498 0000" in message.body


def test_a_letter_does_not_name_the_scheme_to_somebody_who_asked_for_that(session):
    person = VolunteerFactory(stage=Stage.APPLIED)
    person.contact.hide_scheme_name = True
    services.withdraw(person, because="", by=APPLICANT)
    (message,) = session.scalars(select(Message))
    assert person.scheme.name not in message.subject + message.body


def test_somebody_active_cannot_withdraw_but_leaves(session):
    person = VolunteerFactory(stage=Stage.ACTIVE)
    with pytest.raises(MoveRefused):
        services.withdraw(person, because="", by=APPLICANT)
    assert session.scalars(select(Message)).all() == []


def test_somebody_who_withdrew_can_start_again_and_somebody_in_training_cannot(session):
    person = VolunteerFactory(stage=Stage.WITHDRAWN)
    services.reapply(person, by=APPLICANT)
    assert person.stage is Stage.APPLYING
    with pytest.raises(MoveRefused):
        services.reapply(VolunteerFactory(stage=Stage.TRAINING), by=APPLICANT)


@pytest.mark.parametrize("search", ["lucja", "ŁUCJA", "nowak", "lu no", "lula", "a-zzzzzz"])
def test_people_are_found_by_any_word_of_any_of_their_names_and_by_reference(session, search):
    area = AreaFactory()
    wanted = VolunteerFactory(
        area=area, name="Łucja Nowak", known_as="Lula", sort_name="lucja nowak lula", reference="A-ZZZZZZ"
    )
    VolunteerFactory(area=area, name="Somebody Else")
    found = queries.people(seen_by=UserFactory(role=Role.COORDINATOR, area=area), search=search)
    assert [row.id for row in found] == [wanted.id]


@pytest.mark.parametrize("search", ["%", "_", "ucja", "\\", "'; DROP TABLE volunteer", "x" * 5000, "👩🏽"])
def test_signs_and_the_middles_of_words_find_nobody(session, search):
    area = AreaFactory()
    VolunteerFactory(area=area, name="Łucja", sort_name="lucja")
    assert not queries.people(seen_by=UserFactory(role=Role.COORDINATOR, area=area), search=search).items


def test_the_list_pages_through_everybody_once_and_in_order(session):
    area = AreaFactory()
    for number in range(85):
        VolunteerFactory(area=area, name=f"Person {number % 7}")  # many share a name: the number tells them apart
    seen_by, after, pages = UserFactory(role=Role.COORDINATOR, area=area), None, []
    while True:
        found = queries.people(seen_by=seen_by, after=after)
        pages.append(found.items)
        if not (after := found.next_key):
            break
    everybody = [row for page in pages for row in page]
    assert [len(page) for page in pages] == [40, 40, 5]
    assert len({row.id for row in everybody}) == 85
    assert [(r.sort_name, r.id) for r in everybody] == sorted((r.sort_name, r.id) for r in everybody)


def test_people_of_another_area_or_stage_are_not_shown(session):
    here, there = VolunteerFactory(stage=Stage.APPLIED), VolunteerFactory(stage=Stage.APPLIED)
    seen_by = UserFactory(role=Role.COORDINATOR, area=here.area)
    assert [row.id for row in queries.people(seen_by=seen_by)] == [here.id]
    assert not queries.people(seen_by=seen_by, stage=Stage.LEFT).items
    assert not queries.people(seen_by=seen_by, area_id=there.area_id).items
    assert queries.volunteer(there.id, seen_by=seen_by) is None
