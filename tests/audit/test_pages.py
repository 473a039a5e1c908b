"""The record as scheme admins read it, and what they take away."""

from __future__ import annotations

import csv
import io

import pytest

from portal.access import Role
from portal.audit import queries
from portal.audit import services as audit
from portal.audit.rules import as_csv
from tests.factories import AreaFactory, DisclosureFactory, SchemeFactory, UserFactory, VolunteerFactory


@pytest.fixture
def admin():
    return UserFactory(role=Role.SCHEME_ADMIN, scheme=SchemeFactory(), name="Nia Bevan")


@pytest.fixture
def volunteer(admin):
    return VolunteerFactory(area=AreaFactory(scheme=admin.roles_held[0].scheme), name="Siân Llŷr", reference="A-SIAN01")


def test_a_change_is_shown_with_the_values_before_and_after(browser, admin, volunteer, session):
    audit.acting(admin)
    volunteer.phone = "01325 496 000"
    session.commit()
    browser.sign_in_as(admin).get("/record")
    assert browser.sees("Nia Bevan", "Changed volunteer", "A-SIAN01", "Phone", "01325 496 000")


def test_the_record_is_searched_by_whom_it_is_about_and_by_who_acted(browser, admin, volunteer, session):
    audit.acting(admin)
    volunteer.phone = "01325 496 000"
    other = VolunteerFactory(area=volunteer.area, reference="A-OTHER1")
    session.commit()
    browser.sign_in_as(admin).get("/record", about=" a-sian01 ")
    assert browser.sees("01325 496 000")
    assert not browser.sees(other.reference)
    assert browser.value("Reference of a volunteer") == "a-sian01"
    browser.fill({"Reference of a volunteer": "", "Name of who did it": "nia b"}).submit("Show")
    assert browser.sees("01325 496 000")
    browser.fill({"Name of who did it": "100%"}).submit("Show")
    assert browser.sees("Nothing matches")


def test_sensitive_values_are_not_in_the_record(browser, admin, volunteer, session):
    disclosure = DisclosureFactory(volunteer=volunteer)
    disclosure.statement, disclosure.answered_at = "told in confidence", disclosure.asked_at
    session.commit()
    browser.sign_in_as(admin).get("/record")
    assert browser.sees("[hidden]")
    assert "confidence" not in browser.html


def test_another_schemes_record_is_not_there(browser, admin, session):
    theirs = VolunteerFactory(reference="A-THEIRS")
    browser.sign_in_as(admin).get("/record")
    assert not browser.sees("A-THEIRS")
    assert browser.get("/record", about="A-THEIRS").sees("Nothing matches")
    assert queries.history_of(theirs.id, seen_by=admin).items == []


def test_the_history_of_a_volunteer_has_every_line_about_them(session, admin, volunteer):
    DisclosureFactory(volunteer=volunteer)
    found = queries.history_of(volunteer.id, seen_by=admin)
    assert {"volunteer", "contact preference", "disclosure"} <= {line.what for line in found}
    assert [line.id for line in found] == sorted((line.id for line in found), reverse=True)


def test_the_record_pages_by_key_and_costs_the_same_for_one_page_as_for_another(
    browser, admin, volunteer, session, count_queries
):
    browser.sign_in_as(admin)
    with count_queries() as few:
        browser.get("/record")
    for number in range(90):
        volunteer.phone = f"01325 {number:06}"
        session.commit()
    with count_queries() as many:
        browser.get("/record")
    assert few.total == many.total
    shown = set()
    while "Show more changes" in browser.links():
        shown |= {number for number in range(90) if f"01325 {number:06}" in browser.text}
        browser.click("Show more changes")
    assert len(shown) >= 80


@pytest.mark.parametrize(
    "rubbish", ["\0", "x" * 5000, "سلام", "'; --", "%", "9" * 400, "WzEwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMF0"]
)
def test_rubbish_in_the_address_never_fails(browser, admin, rubbish):
    browser.sign_in_as(admin)
    for path in ("/record", "/record/seen"):
        assert browser.get(path, about=rubbish, by=rubbish, after=rubbish).status == 200


def test_who_has_seen_what_is_listed_with_the_purpose_and_handed_out_as_a_file(browser, admin, volunteer, session):
    lead = UserFactory(name="=HYPERLINK(1)")
    audit.seen(
        "disclosure",
        7,
        by=lead,
        purpose="To decide,\nas asked",
        volunteer_id=volunteer.id,
        scheme_id=volunteer.scheme_id,
    )
    session.commit()
    browser.sign_in_as(admin).get("/record").click("Who has seen confidential records")
    assert browser.sees("=HYPERLINK(1)", "Disclosure", "A-SIAN01", "To decide")
    browser.click("Download all as a spreadsheet file")
    assert browser.response.mimetype == "text/csv"
    head, line = csv.reader(io.StringIO(browser.body.decode("utf-8-sig")))
    assert head == ["When (London)", "Who", "What", "Number", "About", "Purpose"]
    assert line[1:] == ["'=HYPERLINK(1)", "disclosure", "7", "A-SIAN01", "To decide,\nas asked"]


def test_when_nobody_has_seen_anything_the_page_says_so(browser, admin):
    assert browser.sign_in_as(admin).get("/record/seen").sees("Nobody has opened a confidential record yet.")


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.TRAINER, Role.SAFEGUARDING_LEAD])
def test_only_those_who_may_read_the_record_open_it(browser, role):
    browser.sign_in_as(UserFactory(role=role))
    for path in ("/record", "/record/seen", "/record/seen.csv"):
        browser.get(path, status=403)


@pytest.mark.parametrize("start", ["=1+1", "+44", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1"])
def test_a_cell_is_never_a_formula(start):
    (row,) = csv.reader(io.StringIO(as_csv([start], []), newline=""))
    assert row == ["'" + start], "a heading may be the name of an area"
    _head, (cell,) = csv.reader(io.StringIO(as_csv(["a"], [[start]]), newline=""))
    assert cell == "'" + start
    assert as_csv(["a"], [["Siân, 1–2"], [None]]) == 'a\r\n"Siân, 1–2"\r\n""\r\n'
