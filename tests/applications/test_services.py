"""Starting, saving, sending and reopening an application."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal import clock
from portal.access import Role
from portal.accounts.models import User
from portal.applications import queries, services
from portal.applications.models import Application, Relation
from portal.applications.rules import RETURN_LASTS, Section, sections_in
from portal.audit.models import AuditLine
from portal.audit.rules import Outsider
from portal.database import keyring
from portal.messages.models import Message
from portal.refusals import Refused
from portal.schemes.models import Doors
from portal.schemes.rules import Route, SchemeSettings
from portal.volunteers.journey import Stage
from portal.volunteers.models import Channel, Volunteer
from portal.volunteers.rules import MoveRefused
from portal.volunteers.services import Reaching
from tests.factories import (
    ApplicationFactory,
    AreaFactory,
    HistoryLineFactory,
    RefereeFactory,
    ReferenceFactory,
    UserFactory,
    VolunteerFactory,
)

BY = Outsider("An applicant")


def started(*, email="sam@example.org", phone="+447700900001", **area):
    return services.start(
        area=AreaFactory(**area), name="Sam Example", email=email, phone=phone, route=Route.OPEN_WEB, by=BY
    )


def referee(application, number=1, **given):
    answers = {
        "name": f"Referee {number}", "relation": Relation.KEY_WORKER, "organisation": "", "phone": "",
        "email": f"referee-{number}@example.org", "years_known": 2, **given,
    }  # fmt: skip
    return services.add_referee(application, **answers, by=BY)


def complete(application):
    services.save_about_you(
        application, name="Sam Example", known_as="", romanised="", postcode_area="DL1", is_adult=True, by=BY
    )
    email, phone = application.volunteer.email, application.volunteer.phone
    channel = Channel.EMAIL if email else Channel.PHONE
    services.save_reaching_you(application, email=email, phone=phone, reaching=Reaching(channel), by=BY)
    services.save_why(application, why="To help.", by=BY)
    services.save_checks(application, agrees_to_checks=True, by=BY)
    for number in range(application.volunteer.scheme.settings.references_needed):
        referee(application, number)
    return application


def letters(session):
    return [message.template for message in session.scalars(select(Message).order_by(Message.id))]


def test_starting_gives_a_code_that_is_kept_hashed_and_sent_as_a_link(session):
    application, code = started()
    session.commit()
    assert application.return_code_hash == keyring.hash(code)
    assert queries.application_by_code(code) is application
    (letter,) = session.scalars(select(Message))
    assert f"/application/return/{'-'.join(code[i : i + 4] for i in range(0, 28, 4))}" in letter.body


def test_the_code_is_nowhere_in_the_database_or_the_record(session):
    _, code = started(email="")
    session.commit()
    kept = [str(row) for row in session.execute(select(Application.__table__))]
    recorded = [str(line.after) for line in session.scalars(select(AuditLine))]
    assert not any(code in text for text in kept + recorded)


def test_somebody_without_email_gets_no_letter_and_can_start_all_the_same(session):
    application, _ = started(email="")
    assert letters(session) == []
    assert application.volunteer.stage is Stage.APPLYING


def test_a_closed_area_takes_nobody(session):
    with pytest.raises(Refused, match="closed for now"):
        started(doors=Doors.CLOSED)
    assert session.scalars(select(Volunteer)).all() == []


def test_a_waiting_list_takes_applications(session):
    assert started(doors=Doors.WAITING_LIST)[0].id


def test_a_code_stops_working_after_its_time_and_when_a_new_one_is_made(session):
    application, code = started()
    new = services.renew_code(application, by=UserFactory())
    assert queries.application_by_code(code) is None
    assert queries.application_by_code(new) is application
    application.saved_at = clock.now() - RETURN_LASTS - timedelta(minutes=1)
    session.commit()
    assert queries.application_by_code(new) is None


def test_each_section_saved_counts_as_done(session):
    application, _ = started()
    services.save_skills(application, skills="Listening", by=BY)
    services.save_free_time(application, availability=["evening", "mon", "nonsense"], by=BY)
    services.save_support(application, access_needs="Large print", may_share=True, by=BY)
    services.save_experience(application, lived_experience="Something hard", by=BY)
    session.commit()
    session.refresh(application)
    assert sections_in(application.sections_done) == {
        Section.SKILLS, Section.FREE_TIME, Section.SUPPORT, Section.EXPERIENCE
    }  # fmt: skip
    assert application.volunteer.availability == ["mon", "evening"]
    assert application.volunteer.may_share_access_needs


def test_experience_and_support_are_kept_encrypted_and_out_of_the_record(session):
    application, _ = started()
    services.save_experience(application, lived_experience="Something hard", by=BY)
    services.save_support(application, access_needs="Large print", may_share=False, by=BY)
    session.commit()
    raw = str(session.execute(select(Application.__table__.c.lived_experience.label("x"))).all())
    recorded = " ".join(str(line.after) for line in session.scalars(select(AuditLine)))
    stored = session.connection().exec_driver_sql("SELECT lived_experience FROM application").scalar()
    assert "Something hard" in raw
    assert b"Something hard" not in bytes(stored)
    assert "Something hard" not in recorded
    assert "Large print" not in recorded


def test_nobody_under_18_can_go_on_and_nothing_is_changed(session):
    application, _ = started()
    with pytest.raises(Refused, match="18 or over"):
        services.save_about_you(
            application, name="Changed", known_as="", romanised="", postcode_area="", is_adult=False, by=BY
        )
    assert application.volunteer.name == "Sam Example"
    assert application.sections_done == ""


def test_rules_about_referees_are_checked_as_they_are_entered(session):
    application, _ = started()
    with pytest.raises(Refused) as refused:
        referee(application, email="sam@example.org", years_known=0, is_family=True)
    assert len(refused.value.reasons) == 3
    assert application.referees == []


def test_the_same_person_cannot_be_named_twice(session):
    application, _ = started()
    referee(application, 1)
    with pytest.raises(Refused, match="already given"):
        referee(application, 2, email="REFEREE-1@example.org")


def test_a_referee_can_be_taken_off_again_and_the_section_is_then_not_done(session):
    application, _ = started()
    one = referee(application)
    session.commit()
    services.remove_referee(one, by=BY)
    session.commit()
    assert application.referees == []
    assert Section.REFEREES not in sections_in(application.sections_done)


def test_a_referee_who_was_asked_already_stays(session):
    person = VolunteerFactory(stage=Stage.APPLYING)
    application = ApplicationFactory(volunteer=person, submitted_at=None)
    one = RefereeFactory(application=application)
    ReferenceFactory(referee=one)
    HistoryLineFactory(volunteer=person, from_stage=Stage.INTERVIEWING, to_stage=Stage.OFFERED)
    with pytest.raises(Refused, match="asked already"):
        services.remove_referee(one, by=BY)
    session.commit()
    assert len(application.referees) == 1


def test_sending_moves_the_person_on_locks_the_application_and_opens_an_account(session):
    application, _ = started()
    complete(application)
    services.submit(application, by=BY)
    session.commit()
    person = application.volunteer
    assert (person.stage, person.history[-1].move) == (Stage.APPLIED, "submit")
    assert person.user.email == "sam@example.org"
    assert [(held.role, held.area_id) for held in person.user.roles_held] == [(Role.VOLUNTEER, person.area_id)]
    assert letters(session) == ["application_started", "application_sent"]
    with pytest.raises(services.Locked):
        services.save_why(application, why="Changed", by=BY)
    with pytest.raises(services.Locked):
        referee(application, 9)


def test_sending_twice_is_sending_once(session):
    application, _ = started()
    complete(application)
    services.submit(application, by=BY)
    services.submit(application, by=BY)
    session.commit()
    assert letters(session).count("application_sent") == 1
    assert [line.move for line in application.volunteer.history] == ["start", "submit"]


def test_an_unfinished_application_is_refused_with_everything_that_is_missing_and_writes_nothing(session):
    application, _ = started()
    with pytest.raises(Refused) as refused:
        services.submit(application, by=BY)
    assert len(refused.value.reasons) == 5
    assert application.volunteer.stage is Stage.APPLYING
    assert session.scalars(select(User)).all() == []


def test_a_scheme_settles_how_many_people_it_asks_for(session):
    application, _ = started()
    application.volunteer.scheme.settings = SchemeSettings(references_needed=0)
    complete(application)
    services.submit(application, by=BY)
    assert application.submitted_at


def test_somebody_without_email_sends_and_has_no_account(session):
    application, _ = started(email="")
    complete(application)
    services.submit(application, by=BY)
    session.commit()
    assert application.volunteer.user is None
    assert session.scalars(select(User)).all() == []


def test_an_address_that_has_an_account_is_not_joined_to_it_until_its_owner_does_so(session):
    owner = UserFactory(email="sam@example.org")
    application, _ = started()
    complete(application)
    services.submit(application, by=BY)
    session.commit()
    assert application.volunteer.user is None
    assert letters(session)[-1] == "application_to_join"
    assert queries.unclaimed(owner) == [application.volunteer]
    services.join_account(application.volunteer, owner, by=owner)
    session.commit()
    assert application.volunteer.user is owner
    assert queries.unclaimed(owner) == []


def test_an_application_is_joined_to_nobody_elses_account(session):
    application, _ = started()
    with pytest.raises(Refused, match="another email"):
        services.join_account(application.volunteer, UserFactory(email="eve@example.org"), by=BY)


def test_an_account_is_one_volunteer_never_two(session):
    owner = UserFactory(email="sam@example.org")
    VolunteerFactory(user=owner)
    application, _ = started()
    with pytest.raises(Refused, match="has an application already"):
        services.join_account(application.volunteer, owner, by=owner)


def test_starting_again_keeps_what_was_written_and_asks_for_consent_anew(session):
    person = VolunteerFactory(stage=Stage.DECLINED)
    application = ApplicationFactory(
        volunteer=person, decision="Not now", decided_at=clock.now(), sections_done="why,checks-and-privacy"
    )
    services.reopen(application, by=BY)
    session.commit()
    assert (person.stage, application.submitted_at, application.decision) == (Stage.APPLYING, None, None)
    assert (application.why, application.agrees_to_checks) == ("I want to help others as I was helped.", False)
    assert sections_in(application.sections_done) == {Section.WHY}


def test_only_those_who_withdrew_or_were_declined_start_again(session):
    with pytest.raises(MoveRefused):
        services.reopen(ApplicationFactory(), by=BY)


def test_sending_again_after_starting_again_keeps_the_same_account(session):
    application, _ = started()
    complete(application)
    services.submit(application, by=BY)
    user = application.volunteer.user
    from portal.volunteers.services import withdraw

    withdraw(application.volunteer, because="", by=user)
    services.reopen(application, by=user)
    services.save_checks(application, agrees_to_checks=True, by=user)
    services.submit(application, by=user)
    session.commit()
    assert application.volunteer.user is user


@time_machine.travel(datetime(2026, 11, 27, 9, tzinfo=UTC), tick=False)  # a Friday: the office is open
def test_the_list_is_oldest_first_and_says_who_waits_too_long(session):
    area = AreaFactory()
    new = VolunteerFactory(area=area, stage=Stage.APPLIED)
    old = VolunteerFactory(area=area, stage=Stage.APPLIED, stage_since=clock.now() - timedelta(days=6))
    just = VolunteerFactory(area=area, stage=Stage.APPLIED, stage_since=clock.now() - timedelta(days=5))
    for person in (new, old, just, VolunteerFactory(stage=Stage.APPLIED)):
        ApplicationFactory(volunteer=person)
    coordinator = UserFactory(role=Role.COORDINATOR, area=area)
    rows = queries.applications_at(Stage.APPLIED, seen_by=coordinator).items
    assert [(row.volunteer_id, row.is_overdue) for row in rows] == [(old.id, True), (just.id, False), (new.id, False)]


def test_the_list_pages_through_everybody_once(session):
    area, at = AreaFactory(), clock.now()
    for number in range(45):
        ApplicationFactory(
            volunteer=VolunteerFactory(area=area, stage=Stage.APPLIED, stage_since=at - timedelta(days=number % 3))
        )
    coordinator = UserFactory(role=Role.COORDINATOR, area=area)
    first = queries.applications_at(Stage.APPLIED, seen_by=coordinator)
    second = queries.applications_at(Stage.APPLIED, seen_by=coordinator, after=first.next_key)
    assert (len(first), len(second), second.next_key) == (40, 5, None)
    assert len({row.volunteer_id for row in (*first, *second)}) == 45
