"""Typing for somebody, and their word that it is theirs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.access import Role
from portal.applications import queries as applications
from portal.applications import services as application_services
from portal.applications.models import ConfirmedBy
from portal.assisted import queries, services
from portal.audit.models import AuditLine
from portal.audit.rules import Outsider
from portal.files.rules import PDF, Examined
from portal.messages.models import Message
from portal.refusals import Refused
from portal.schemes.rules import Route
from portal.volunteers.journey import Stage
from portal.volunteers.models import Channel
from portal.volunteers.services import Reaching
from tests.applications.test_services import referee
from tests.factories import AreaFactory, UserFactory

PETRA = Outsider("Petra Key, Wear Recovery (helping)")
SCAN = Examined("signed.pdf", PDF, b"%PDF-1.7 a scan")


def begun(area=None, *, email="sam@example.org", phone="+447700900001", **given):
    application, code = services.start_for_somebody(
        area=area or AreaFactory(), name="Sam Example", email=email, phone=phone, route=Route.PRACTITIONER,
        helper="Petra Key", organisation="Wear Recovery", helper_email="petra@wear.example", helper_phone="",
        by=PETRA, **given,
    )  # fmt: skip
    return application, code


def typed(application):
    person = application.volunteer
    application_services.save_about_you(
        application, name=person.name, known_as="", romanised="", postcode_area="DL1", is_adult=True, by=PETRA
    )
    notes = person.contact.notes
    channel = Channel.EMAIL if person.email else Channel.TEXT if person.phone else Channel.POST
    application_services.save_reaching_you(
        application, email=person.email, phone=person.phone, reaching=Reaching(channel, notes=notes), by=PETRA
    )
    application_services.save_why(application, answers={"why_now": "To help."}, by=PETRA)
    application_services.save_checks(application, agrees_to_checks=True, by=PETRA)
    for number in range(2):
        referee(application, number)
    return application


def asked(monkeypatch, application):
    """Send the link; answers its secret."""
    monkeypatch.setattr(services.secrets, "token_urlsafe", lambda _bytes: "the-secret")
    services.ask_to_confirm(application, by=PETRA)
    return "the-secret"


def likeness(application):
    return applications.likeness_of(application)


def test_only_the_helper_gets_the_way_back(session):
    begun()
    (letter,) = session.scalars(select(Message))
    assert (letter.template, letter.to_address) == ("helping_started", "petra@wear.example")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"email": "PETRA@wear.example"}, "email address of their own"),
        ({"phone": "+447700900777", "helper_phone": "+447700900777"}, "phone number of their own"),
        ({"helper_email": ""}, "of yours"),
    ],
)
def test_the_helper_and_the_person_are_reached_each_by_their_own(session, given, why):
    answers = {"email": "", "phone": "", "helper_email": "petra@wear.example", "helper_phone": "", **given}
    with pytest.raises(Refused, match=why):
        services.start_for_somebody(
            area=AreaFactory(), name="Sam", route=Route.OPEN_WEB, helper="Petra", organisation="", by=PETRA, **answers
        )


def test_nothing_is_sent_before_its_person_confirmed_it(session):
    application = typed(begun()[0])
    with pytest.raises(Refused, match="Ask Sam Example to confirm"):
        application_services.submit(application, by=PETRA)
    assert application.volunteer.stage is Stage.APPLYING


def test_nobody_is_asked_before_everything_is_there(session):
    with pytest.raises(Refused, match="Finish"):
        services.ask_to_confirm(begun()[0], by=PETRA)


def test_the_person_reads_it_by_their_link_says_yes_and_it_is_sent(session, monkeypatch):
    application = typed(begun()[0])
    token = asked(monkeypatch, application)
    assert queries.application_to_confirm(token) is application
    services.confirm(application, name="Sam", drawn_from=likeness(application))
    session.commit()
    helper = application.helper
    assert application.volunteer.stage is Stage.APPLIED
    assert (helper.confirmed_by, helper.confirmed_name) == (ConfirmedBy.LINK, "Sam")
    assert applications.sending_of(application, 1).helped.startswith(
        "Typed by Petra Key, Wear Recovery. Confirmed by Sam by link, "
    )


def test_a_link_is_used_once(session, monkeypatch):
    application = typed(begun()[0])
    token = asked(monkeypatch, application)
    services.confirm(application, name="Sam", drawn_from=likeness(application))
    assert queries.application_to_confirm(token) is None
    with pytest.raises(Refused, match="has been sent"):
        services.confirm(application, name="Sam", drawn_from=likeness(application))


def test_a_link_ends_after_two_weeks(session, monkeypatch):
    application = typed(begun()[0])
    token = asked(monkeypatch, application)
    application.helper.expires_at = clock.now() - timedelta(seconds=1)
    session.flush()
    assert queries.application_to_confirm(token) is None


def test_a_link_dies_when_their_address_changes(session, monkeypatch):
    application = typed(begun()[0])
    token = asked(monkeypatch, application)
    application.volunteer.email = "new@example.org"
    session.flush()
    assert queries.application_to_confirm(token) is None


@pytest.mark.parametrize("token", ["", "guessed", "x" * 5000, "\0"])
def test_a_guess_opens_nothing(session, monkeypatch, token):
    asked(monkeypatch, typed(begun()[0]))
    assert queries.application_to_confirm(token) is None


def test_a_new_link_kills_the_one_before(session, monkeypatch):
    application = typed(begun()[0])
    asked(monkeypatch, application)
    monkeypatch.setattr(services.secrets, "token_urlsafe", lambda _bytes: "another")
    services.ask_to_confirm(application, by=PETRA)
    assert queries.application_to_confirm("the-secret") is None
    assert queries.application_to_confirm("another") is application


def test_the_helper_does_not_open_it_any_more_once_it_is_confirmed(session, monkeypatch):
    application, code = begun()
    asked(monkeypatch, typed(application))
    services.confirm(application, name="Sam", drawn_from=likeness(application))
    assert applications.application_by_code(code) is None
    assert [m.template for m in session.scalars(select(Message).order_by(Message.id))][-2:] == [
        "helping_finished", "application_sent"
    ]  # fmt: skip


def test_what_was_changed_while_they_read_is_read_again(session, monkeypatch):
    application = typed(begun()[0])
    asked(monkeypatch, application)
    read = likeness(application)
    application_services.save_why(application, answers={"why_now": "For the money."}, by=PETRA)
    with pytest.raises(Refused, match="changed this while you read"):
        services.confirm(application, name="Sam", drawn_from=read)
    assert application.volunteer.stage is Stage.APPLYING


def test_a_change_after_confirming_asks_again(session):
    application = typed(begun()[0])
    helper = application.helper
    helper.confirmed_at, helper.confirmed_by, helper.confirmed_name = clock.now(), ConfirmedBy.LINK, "Sam"
    helper.likeness = likeness(application)
    assert application_services.unconfirmed(application) == []
    application_services.save_experience(application, lived_experience="Something more", by=PETRA)
    assert application_services.unconfirmed(application) == ["Ask Sam Example to confirm that this is theirs"]


def test_what_is_wrong_goes_back_to_whoever_types(session, monkeypatch):
    application = typed(begun()[0])
    token = asked(monkeypatch, application)
    services.say_it_is_wrong(application, words="I never said that")
    assert application.prompted["said_is_wrong"] == "I never said that"
    assert queries.application_to_confirm(token) is None
    letter = session.scalars(select(Message).where(Message.template == "put_right")).one()
    assert "never said" not in letter.body
    services.ask_to_confirm(application, by=PETRA)
    assert "said_is_wrong" not in application.prompted


def test_what_they_did_not_ask_for_is_stopped_and_staff_see_it(session, monkeypatch):
    area = AreaFactory()
    application, code = begun(area)
    asked(monkeypatch, typed(application))
    services.stop(application)
    session.commit()
    assert application.volunteer.stage is Stage.WITHDRAWN
    assert applications.application_by_code(code) is None
    (row,) = queries.helped_applications(seen_by=UserFactory(role=Role.COORDINATOR, area=area))
    assert row.waits_for == "They did not ask for this: ring them"


def test_without_email_and_phone_of_their_own_only_a_signed_print_confirms(session):
    application = typed(begun(email="", phone="")[0])
    with pytest.raises(Refused, match="Print it for them to sign"):
        services.ask_to_confirm(application, by=PETRA)
    carol = UserFactory(role=Role.COORDINATOR)
    services.record_signed_print(
        application, name="Sam Example", signed_on=clock.today(), scan=SCAN, drawn_from=likeness(application), by=carol
    )
    session.commit()
    helper = application.helper
    assert application.volunteer.stage is Stage.APPLIED
    assert (helper.confirmed_by, helper.recorded_by_id, helper.file.name) == (ConfirmedBy.PRINT, carol.id, "signed.pdf")


@pytest.mark.parametrize("days", [-1, 1])
def test_a_print_is_signed_since_it_was_begun_and_not_in_the_future(session, days):
    application = typed(begun(email="", phone="")[0])
    with pytest.raises(Refused, match="the day it was signed"):
        services.record_signed_print(
            application, name="Sam", signed_on=clock.today() + timedelta(days=days), scan=SCAN,
            drawn_from=likeness(application), by=UserFactory(),
        )  # fmt: skip


def test_a_print_of_answers_that_were_changed_since_counts_for_nothing(session):
    application = typed(begun(email="", phone="")[0])
    read = likeness(application)
    application_services.save_skills(application, answers={"good_at_doing": "Bread"}, by=PETRA)
    with pytest.raises(Refused, match="Print them again"):
        services.record_signed_print(
            application, name="Sam", signed_on=clock.today(), scan=SCAN, drawn_from=read, by=UserFactory()
        )


def test_the_record_shows_who_typed_and_who_confirmed(session, monkeypatch):
    application = typed(begun()[0])
    session.commit()
    asked(monkeypatch, application)
    services.confirm(application, name="Sam", drawn_from=likeness(application))
    session.commit()
    lines = session.scalars(select(AuditLine).where(AuditLine.table_name == "helper")).all()
    assert any((line.after or {}).get("name") == "Petra Key" for line in lines)
    assert lines[-1].actor_name == f"Sam (applicant {application.volunteer.reference})"
    assert lines[-1].after["confirmed_by"] == "link"


def test_whoever_starts_again_by_themselves_need_not_confirm_what_they_type(session, monkeypatch):
    application = typed(begun()[0])
    asked(monkeypatch, application)
    services.confirm(application, name="Sam", drawn_from=likeness(application))
    application.volunteer.stage = Stage.DECLINED
    application.helper.began_at -= timedelta(seconds=1)
    application_services.reopen(application, by=Outsider("Sam"))
    assert application.typed_by is None
    application_services.save_checks(application, agrees_to_checks=True, by=Outsider("Sam"))
    application_services.submit(application, by=Outsider("Sam"))
    assert [each.number for each in applications.sendings_of(application)] == [2, 1]


def test_the_way_it_was_confirmed_is_the_way_the_link_went(session, monkeypatch):
    application = typed(begun()[0])
    asked(monkeypatch, application)
    application.helper.sent_to = application.volunteer.phone
    session.flush()
    assert queries.application_to_confirm("the-secret") is application
    services.confirm(application, name="Sam", drawn_from=likeness(application))
    assert application.helper.confirmed_by is ConfirmedBy.TEXT


def test_another_areas_staff_do_not_see_it(session):
    application = begun()[0]
    session.commit()
    other = UserFactory(role=Role.COORDINATOR, area=AreaFactory())
    assert queries.helped_applications(seen_by=other) == []
    assert queries.helped_application(application.volunteer_id, seen_by=other) is None
