"""A form on paper becomes an application: typed in beside the scan, saved as one goes, sent with the signature."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from portal.access import Role
from portal.applications.models import Application, ConfirmedBy, Helper
from portal.audit.models import AuditLine
from portal.schemes.models import Doors
from portal.volunteers.journey import Stage
from portal.volunteers.models import Volunteer
from tests.factories import AreaFactory, PaperFormFactory, SchemeFactory, UserFactory

PERSON = {"relation": "tutor", "years_known": "3", "is_family": "no", "shares_home": "no"}


@pytest.fixture
def area(session):
    return AreaFactory(scheme=SchemeFactory(), name="Quayside")


@pytest.fixture
def paper(area, session):
    return PaperFormFactory(area=area)


@pytest.fixture
def page(browser, session, area, paper):
    staff = UserFactory(role=Role.COORDINATOR, scheme=area.scheme, name="Cora Coordinator")
    session.commit()
    return browser.sign_in_as(staff)


def begin(page, paper):
    page.get(f"/paper-forms/{paper.id}").submit("Type it in")
    assert page.heading == "Whose form is it?"
    page.fill({"Their name": "Łucja O’Neill", "Their phone number": "07700 900 982"})
    page.fill({"How did they hear about us?": "open_web"}).submit("Continue")
    assert page.heading == "Type in the form of Łucja O’Neill"


def answers():
    typed = {"about-you-is_adult": "yes", "about-you-postcode_area": "dl1 5qa", "why-why_now": "A friend helped me."}
    for number, name in ((1, "Tess Tutor"), (2, "Ken Keyworker")):
        each = PERSON | {"name": name, "email": f"{name.split()[0].lower()}@example.org"}
        typed |= {f"person-{number}-{field}": value for field, value in each.items()}
    return typed


def test_a_form_is_typed_in_and_sent_in_the_persons_name_with_their_signature(page, paper, session):
    begin(page, paper)
    assert "frame-src 'self'" in page.response.headers["Content-Security-Policy"]
    page.fill(answers()).fill(has_signed=True).submit("Send it for them")
    assert page.banners == ["The application of Łucja O’Neill has been sent"]
    session.expire_all()
    application = session.scalars(select(Application).join(Volunteer).where(Volunteer.name == "Łucja O’Neill")).one()
    person = application.volunteer
    assert (person.stage, person.postcode_area) == (Stage.APPLIED, "DL1")
    assert [each.name for each in application.referees] == ["Tess Tutor", "Ken Keyworker"]
    helper = session.scalars(select(Helper)).one()
    assert (helper.confirmed_by, helper.file_id, helper.name) == (ConfirmedBy.PRINT, paper.file_id, "Cora Coordinator")
    assert (paper.volunteer_id, paper.typed_at is not None) == (person.id, True)
    assert person.history[-1].because.startswith("Typed from paper by Cora Coordinator, received on ")
    said = session.scalars(select(AuditLine).where(AuditLine.purpose.startswith("Typed from paper by Cora"))).all()
    assert len(said) == 1
    page.get(f"/people/{person.id}/paper-forms")
    assert page.sees(f"Form {paper.id}", "Typed in")


def test_what_is_typed_can_be_saved_unfinished_and_carried_on_with(page, paper, session):
    begin(page, paper)
    page.fill({"why-why_now": "Half a sen"}).submit("Save what I typed")
    assert page.banners == ["What you typed is saved"]
    assert page.value("why-why_now") == "Half a sen"
    page.get(f"/paper-forms/{paper.id}").submit("Type it in")
    assert page.value("why-why_now") == "Half a sen"


def test_each_error_stands_at_its_field_and_everything_typed_stays(page, paper, session):
    begin(page, paper)
    wrong = answers() | {"about-you-postcode_area": "nowhere", "person-2-is_family": "yes"}
    page.fill(wrong).submit("Send it for them", status=422)
    assert "Enter the first half of a postcode, like DL1" in page.errors
    assert any("family" in error for error in page.errors)
    assert any(error.startswith("Tick the box when the form is signed") for error in page.errors)
    assert page.value("about-you-postcode_area") == "nowhere"
    assert page.value("person-1-name") == "Tess Tutor"
    assert session.scalars(select(Helper)).all() == []


def test_one_wrong_answer_does_not_lose_the_sections_that_are_right(page, paper, session):
    begin(page, paper)
    page.fill(answers() | {"about-you-postcode_area": "nowhere"}).submit("Save what I typed", status=200)
    assert page.errors == ["Enter the first half of a postcode, like DL1"]
    assert page.sees("What is right is saved. Put right what is marked, then save again.")
    assert page.sees("typed in already", "Tess Tutor")
    assert page.value("about-you-postcode_area") == "nowhere"
    session.expire_all()
    application = session.scalars(select(Application).join(Volunteer).where(Volunteer.id == paper.volunteer_id)).one()
    assert "A friend helped me." in application.prompted.values()
    assert [each.name for each in application.referees] == ["Tess Tutor", "Ken Keyworker"]
    assert application.volunteer.postcode_area == ""
    page.fill({"about-you-postcode_area": "DL1"}).submit("Save what I typed")
    assert page.banners == ["What you typed is saved"]


def test_when_nothing_could_be_saved_the_page_says_so(page, paper, session):
    begin(page, paper)
    page.fill({"about-you-postcode_area": "nowhere"}).submit("Save what I typed", status=422)
    assert page.sees("Nothing is saved yet. All you typed still stands here")


def test_a_form_for_an_area_that_has_closed_meanwhile_is_typed_in_with_a_warning(page, paper, area, session):
    area.doors = Doors.CLOSED
    session.commit()
    page.get(f"/paper-forms/{paper.id}").submit("Type it in")
    assert page.sees("Quayside takes nobody new now")
    page.fill({"Their name": "Ola", "Their phone number": "07700 900 982"})
    page.fill({"How did they hear about us?": "open_web"}).submit("Continue")
    assert page.heading == "Type in the form of Ola"


def test_what_is_missing_is_told_before_it_is_sent(page, paper, session):
    begin(page, paper)
    page.fill({"about-you-is_adult": "yes", "why-why_now": "To help"}).fill(has_signed=True)
    page.submit("Send it for them", status=422)
    assert any("2 more people who can speak for you" in error for error in page.errors)


def test_somebody_who_began_before_is_carried_on_with(page, paper, area, session, app):
    begin(page, paper)
    person = session.scalars(select(Volunteer).where(Volunteer.name == "Łucja O’Neill")).one()
    second = PaperFormFactory(area=area)
    session.commit()
    page.get(f"/paper-forms/{second.id}").submit("Type it in")
    page.fill({"Have they started an application before?": str(person.id)}).submit("Continue")
    assert page.heading == "Type in the form of Łucja O’Neill"
    page.submit("This is not their form: choose somebody else")
    assert page.heading == "Whose form is it?"


def test_the_page_leads_back_until_the_scan_was_opened(page, paper):
    page.get(f"/paper-forms/{paper.id}/type")
    assert page.heading == f"Form {paper.id} on paper"


def test_staff_read_about_the_person_and_are_never_spoken_to_as_if_they_applied(page, paper):
    begin(page, paper)
    legends = [" ".join(each.itertext()).strip() for each in page.root.iter() if each.tag in {"legend", "label"}]
    assert "Their name" in legends
    assert "About them" in legends
    spoken_to = [words for words in legends if re.search(r"\b(you|your|me)\b", words, re.I)]
    assert spoken_to == []
    assert 'autocomplete="email"' not in page.html
    typed = {name: words for name, words in answers().items() if name != "person-1-is_family"}
    page.fill({**typed, "about-you-name": "", "about-you-is_adult": "no"})
    page.submit("Send it for them", status=422)
    said = " ".join(page.errors)
    assert "Enter their name" in said
    assert "Choose whether they are in the applicant’s family" in said
    assert not re.search(r"\byour?\b", said), said
