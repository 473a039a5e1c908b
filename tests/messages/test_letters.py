"""Every letter: said by e-mail and by text, known to the schemes that word it themselves, and silent about a name."""

from __future__ import annotations

import pytest
from jinja2 import meta

from portal.carriers.rules import Carrier
from portal.messages import documents
from portal.messages.documents import TEMPLATES, post_room, purposes
from portal.messages.rules import LONGEST_TEXT
from portal.messages.services import queue
from portal.wordings.rules import reasons_against_body, reasons_against_subject
from tests.factories import AreaFactory, ContactPreferenceFactory, SchemeFactory, VolunteerFactory
from tests.messages.letters import functions, made

NAME = "Quayside Peers"
FOR_STAFF = {
    "authenticator_changed", "authenticator_removed", "catch_up_asked_for", "catch_up_fell_out",
    "interview_for_interviewer", "password_changed", "password_link_sent", "registers_left_open", "sign_in_code",
    "staff_invited", "staff_sign_in",
}  # fmt: skip
"""Letters of accounts and to workers: no scheme words them itself."""
ALL = sorted(purposes().values(), key=lambda each: each.template)


def somebody():
    """A volunteer who asked us not to name the scheme."""
    area = AreaFactory(scheme=SchemeFactory(name=NAME), name="Durham")
    volunteer = VolunteerFactory(name="Sam Jones", area=area, phone="+447700900123", contact=None)
    ContactPreferenceFactory(volunteer=volunteer, hide_scheme_name=True)
    return volunteer


def test_every_letter_to_somebody_outside_says_what_it_is_for():
    written = {each.stem for each in TEMPLATES.glob("*.txt") if not each.name.endswith(".text.txt")}
    assert written - FOR_STAFF == set(purposes()), "see templates/messages/*.toml"
    assert {each.to for each in ALL} == {"volunteer", "referee", "practitioner"}


@pytest.mark.parametrize("purpose", ALL, ids=lambda each: each.template)
def test_the_fields_of_a_letter_are_those_its_template_asks_for(purpose):
    names = [f"{purpose.template}.txt"]
    if purpose.to == "volunteer":
        names.append(f"{purpose.template}.text.txt")
    given = {"to_name", "link", *purpose.samples()}
    for name in names:
        source = (TEMPLATES / name).read_text("utf-8")
        assert meta.find_undeclared_variables(post_room.templates.parse(source)) <= given, name
    assert {*purpose.must, *purpose.must_in_texts} <= set(purpose.names)
    assert all((purpose.title, purpose.when, purpose.purpose))
    documents.our_letter(documents.sample_letter(purpose))


@pytest.mark.parametrize("purpose", [each for each in ALL if each.to == "volunteer"], ids=lambda each: each.template)
def test_every_letter_to_a_volunteer_can_be_a_text(purpose):
    text = documents.our_short(documents.sample_letter(purpose))
    assert text, f"write templates/messages/{purpose.template}.text.txt"
    assert len(text) <= LONGEST_TEXT
    assert text.endswith("Your scheme")


@pytest.mark.parametrize("purpose", ALL, ids=lambda each: each.template)
def test_the_words_a_scheme_starts_from_may_be_saved_as_they_are(purpose):
    for carrier in (Carrier.EMAIL, Carrier.TEXT) if purpose.to == "volunteer" else (Carrier.EMAIL,):
        subject, body = documents.to_start_from(purpose, carrier)
        assert reasons_against_subject(purpose, subject) + reasons_against_body(purpose, carrier, body) == []
        said = documents.in_their_words(body, purpose.plain("Sam", purpose.samples()))
        assert "{{" not in said


@pytest.mark.parametrize(
    ("name", "function"), list(functions()), ids=lambda each: each if isinstance(each, str) else ""
)
def test_no_letter_names_a_scheme_that_somebody_hides(session, monkeypatch, name, function):
    monkeypatch.setattr(post_room, "mail_from", "Post <post@example.org>")
    letter = made(function, somebody())
    purpose = purposes().get(letter.template)
    assert (purpose is not None) == (letter.template not in FOR_STAFF)
    if purpose is None:
        assert not letter.to_volunteer
        return
    assert letter.facts.keys() == purpose.samples().keys(), f"{letter.template}.toml"
    if not letter.to_volunteer:
        assert purpose.to != "volunteer" or letter.template == "dates_changed"
        return
    assert purpose.to == "volunteer"
    subject, body = documents.our_letter(letter)
    said = f"{subject} {body} {documents.our_short(letter)} {letter.calendar}"
    assert NAME.lower() not in said.replace("\r\n ", "").lower()
    message = queue(letter)
    assert message is not None
    assert len(message.short or "") <= LONGEST_TEXT
