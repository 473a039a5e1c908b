"""A scheme's own words: checked when they are saved, used from then on, and never able to do harm."""

from __future__ import annotations

import pytest

from portal.access import Role
from portal.carriers.rules import Carrier
from portal.messages import documents
from portal.messages.documents import WordsUnusable, purposes
from portal.messages.models import Message, Wording
from portal.messages.services import queue
from portal.outbox.services import claim
from portal.volunteers.messages import withdrawn
from portal.wordings import services
from portal.wordings.rules import parts_of, reasons_against_body
from tests.factories import SchemeFactory, UserFactory, VolunteerFactory, WordingFactory

PURPOSE = purposes()["withdrawn"]
STARTED = purposes()["application_started"]


@pytest.fixture
def admin():
    return UserFactory(role=Role.SCHEME_ADMIN, scheme=SchemeFactory())


def scheme_of(user):
    return user.roles_held[0].scheme


def path(scheme, template="withdrawn", way="email"):
    return f"/schemes/{scheme.id}/messages/{template}/{way}"


def test_every_message_is_listed_with_what_it_is_for(browser, admin):
    browser.sign_in_as(admin).get(f"/schemes/{scheme_of(admin).id}/messages")
    assert browser.sees(*(each.title for each in purposes().values()), PURPOSE.when)


def test_own_words_are_saved_previewed_and_used(browser, admin, session):
    browser.sign_in_as(admin).get(path(scheme_of(admin)))
    browser.fill(subject="Bye, {{ to_name }}", body="See you.\n{% if phone %}Ring {{ phone }}{% endif %}").submit(
        "Save"
    )
    assert browser.banners
    assert browser.sees("Bye, Sam Jones", "Ring 0191 498 0000", "Version 1", "Your own words are used now")
    volunteer = VolunteerFactory(area__scheme=scheme_of(admin), known_as="Siân")
    message = queue(withdrawn(volunteer))
    assert (message.subject, message.body) == ("Bye, Siân", "See you.\nRing 0191 498 0000\n")
    assert message.wording_id == session.query(Wording).one().id


def test_a_preview_saves_nothing(browser, admin, session):
    browser.sign_in_as(admin).get(path(scheme_of(admin), way="text"))
    browser.fill(body="Bye, {{ to_name }}. ŵ").submit("Preview")
    assert browser.sees("Bye, Sam Jones. ŵ", "17 characters", "1 message")
    assert session.query(Wording).count() == 0


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("Go to {{ retrun_link }} {{ return_link }}", "There is no {{ retrun_link }}. Did you mean {{ return_link }}?"),
        ("{{ zzzzzz }}", "There is no {{ zzzzzz }}"),
        ("Hello {{ to_name }}", "{{ return_link }} is missing"),
        ("{% if phone %}{{ return_link }}{% endif %}", "{{ return_link }} is missing"),
        ("{{ return_link", "Something is not right with the braces in line 1"),
        ("{{ return_link }}{% if phone %}", "Something is not right with the braces"),
        ("{% for a in code %}{{ return_link }}{% endfor %}", "Use only merge fields"),
    ],
)
def test_words_that_cannot_be_sent_are_refused_at_the_field_and_kept(browser, admin, session, body, said):
    browser.sign_in_as(admin).get(path(scheme_of(admin), "application_started"))
    browser.fill(subject="Hello", body=body).submit("Save", status=422)
    assert browser.sees(said)
    assert browser.sees(body)
    assert session.query(Wording).count() == 0


@pytest.mark.parametrize(
    "attack",
    [
        "{{ ''.__class__.__mro__ }}", "{{ to_name.__class__ }}", "{{ to_name|attr('x') }}", "{{ range(10**9) }}",
        "{% for a in range(9) %}{% endfor %}", "{% set a = 1 %}", "{% include 'sign_in_code.txt' %}", "{{ cycler() }}",
        "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}", "{{ 'a' * 10**9 }}", "{{ self }}{{ self.x }}",
        "{% extends 'x' %}", "{{ to_name[0] }}", "{{ 9**9**9 }}", "{% if phone == 1 %}{% endif %}", "{{ {} }}",
        "{% if a %}" * 300 + "{% endif %}" * 300, "{% if " + "not " * 1200 + "phone %}{% endif %}", "{{ lipsum() }}",
        "{{" * 2000, "{% call x() %}{% endcall %}", "{{ namespace() }}", "{{ '%s' % to_name }}",
    ],
)  # fmt: skip
def test_words_can_neither_loop_nor_reach_anything(attack):
    assert reasons_against_body(PURPOSE, Carrier.EMAIL, attack)
    with pytest.raises(WordsUnusable):
        documents.in_their_words(attack, {"to_name": "A", "phone": "1"})


def test_words_that_came_in_by_another_way_and_fail_leave_ours(session, admin, caplog):
    scheme = scheme_of(admin)
    WordingFactory(scheme_id=scheme.id, template="withdrawn", body="Secret {{ to_name.__class__ }}")
    message = queue(withdrawn(VolunteerFactory(area__scheme=scheme)))
    assert "You told us that you do not want to go on" in message.body
    assert message.wording_id is None
    assert "Secret" not in caplog.text


def test_the_second_of_two_who_edit_at_once_is_shown_both(browser, admin, session):
    scheme = scheme_of(admin)
    browser.sign_in_as(admin).get(path(scheme))
    services.write(scheme, PURPOSE, Carrier.EMAIL, subject="Theirs", body="Their words", drawn_from=0, by=admin)
    session.commit()
    browser.fill(subject="Mine", body="My words").submit("Save", status=409)
    assert browser.sees("Their words", "My words", f"{admin.name} changed this while you had the page open")
    with pytest.raises(services.ChangedMeanwhile):
        services.write(scheme, PURPOSE, Carrier.EMAIL, subject="Late", body="Late", drawn_from=0, by=admin)


def test_back_to_the_portals_words_keeps_the_versions(browser, admin, session):
    scheme = scheme_of(admin)
    services.write(scheme, PURPOSE, Carrier.EMAIL, subject="Ours", body="Bye", drawn_from=0, by=admin)
    session.commit()
    browser.sign_in_as(admin).get(path(scheme)).submit("Go back to the portal's words")
    assert browser.sees("The portal's words are used now", "Version 2", "Version 1", admin.name)
    assert "You told us" in queue(withdrawn(VolunteerFactory(area__scheme=scheme))).body


def test_a_trial_sends_what_is_typed_to_whoever_asks_and_saves_nothing(browser, admin, session):
    browser.sign_in_as(admin).get(path(scheme_of(admin)))
    browser.fill(subject="Half-way, {{ to_name }}", body="Not yet right").submit("Send a trial by email", status=200)
    trial = session.query(Message).one()
    assert (trial.to_address, trial.volunteer_id, trial.carrier) == (admin.email, None, Carrier.EMAIL)
    assert (trial.subject, trial.body) == ("Trial: Half-way, Sam Jones", "Not yet right")
    assert browser.banners == [f"A trial is on its way to {admin.email}"]
    assert browser.value("What the email says") == "Not yet right"
    assert session.query(Wording).count() == 0
    browser.submit("Save")
    assert session.query(Wording).one().body == "Not yet right"


def test_words_that_cannot_be_sent_are_not_tried_either(browser, admin, session):
    browser.sign_in_as(admin).get(path(scheme_of(admin), "application_started"))
    browser.fill(body="Hello {{ to_nam }}").submit("Send a trial by email", status=422)
    assert browser.sees("There is no {{ to_nam }}. Did you mean {{ to_name }}?", "cannot be filled in yet")
    assert session.query(Message).count() == 0


def test_a_text_is_tried_by_text_on_the_number_that_is_given(browser, admin, session, monkeypatch):
    monkeypatch.setattr(documents.post_room, "sends_texts", True)
    browser.sign_in_as(admin).get(path(scheme_of(admin), way="text"))
    browser.fill(body="Bye, {{ to_name }}", phone="07700 900 982").submit("Send a trial by text", status=200)
    trial = session.query(Message).one()
    assert (trial.carrier, trial.to_address, trial.short) == (Carrier.TEXT, "+447700900982", "Bye, Sam Jones")
    assert browser.banners == ["A trial is on its way to 07700 900982"]
    claimed = claim()
    assert (claimed.carrier, claimed.parcel.body) == (Carrier.TEXT, "Bye, Sam Jones")


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("", "Enter the mobile number that the trial goes to"),
        ("12", "Enter a phone number, like"),
        ("0191 498 0000 ext. 7", "A text message cannot go to an extension"),
    ],
)
def test_a_number_no_text_reaches_is_refused_for_a_trial_only(browser, admin, session, monkeypatch, number, said):
    monkeypatch.setattr(documents.post_room, "sends_texts", True)
    browser.sign_in_as(admin).get(path(scheme_of(admin), way="text"))
    browser.fill(body="Bye", phone=number).submit("Send a trial by text", status=422)
    assert browser.sees(said, "3 characters")
    assert session.query(Message).count() == 0
    browser.fill(phone=number).submit("Save")
    assert session.query(Wording).one().body == "Bye"


def test_where_no_texts_are_sent_the_trial_of_one_goes_by_email_and_the_page_says_so(browser, admin, session):
    browser.sign_in_as(admin).get(path(scheme_of(admin), way="text"))
    assert browser.sees("The portal cannot send text messages yet")
    browser.fill(body="Bye, {{ to_name }}").submit("Send a trial by email", status=200)
    trial = session.query(Message).one()
    assert (trial.to_address, trial.carrier, trial.body) == (admin.email, Carrier.EMAIL, "Bye, Sam Jones")


def test_whose_words_were_saved_over_learns_it_when_they_come_back(browser, admin, session):
    scheme, other = scheme_of(admin), UserFactory(role=Role.SCHEME_ADMIN, scheme=scheme_of(admin), name="Bo Lee")
    note = "Bo Lee saved this on"
    for number, (who, words) in enumerate([(other, "First"), (admin, "Mine"), (other, "Theirs")]):
        browser.sign_in_as(admin).get(path(scheme))
        assert not browser.sees(note)
        services.write(scheme, PURPOSE, Carrier.EMAIL, subject="Bye", body=words, drawn_from=number, by=who)
        session.commit()
    browser.get(path(scheme))
    assert browser.sees(note, "after you did")
    browser.fill(subject="Bye", body="Mine after all").submit("Save")
    assert not browser.sees(note)
    browser.sign_in_as(other).get(path(scheme))
    assert browser.sees(f"{admin.name} saved this on", "after you did")


def test_words_left_out_leave_no_hole_in_the_letter(session, admin):
    scheme = scheme_of(admin)
    scheme.phone = ""
    words = "Bye.\n\n{% if phone %}Ring {{ phone }}{% endif %}\n\nThank you."
    services.write(scheme, PURPOSE, Carrier.EMAIL, subject="Bye", body=words, drawn_from=0, by=admin)
    assert queue(withdrawn(VolunteerFactory(area__scheme=scheme))).body == "Bye.\n\nThank you.\n"
    ours = queue(withdrawn(VolunteerFactory(area__scheme__phone=""))).body
    assert "\n\n\n" not in ours


def test_another_schemes_words_are_not_there(browser, admin):
    browser.sign_in_as(admin)
    other = SchemeFactory()
    browser.get(path(other), status=404)
    browser.post(f"{path(other)}/ours", status=404)
    browser.get(path(scheme_of(admin), "sign_in_code"), status=404)
    browser.get(path(scheme_of(admin), "reference_requested", "text"), status=404)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("ŵ" * 70, 1), ("ŵ" * 71, 2), ("€" * 80, 1),
        ("€" * 81, 2),
    ],
)  # fmt: skip
def test_what_a_text_is_charged_as(text, parts):
    assert parts_of(text) == parts
