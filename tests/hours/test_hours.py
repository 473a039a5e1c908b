"""Exports of hours, read back as a spreadsheet would read them; and who taught a session."""

from __future__ import annotations

import csv
import io
from datetime import date

import openpyxl
import pytest
import time_machine
from sqlalchemy import select

from portal.access import Role
from portal.attendance import services as attendance
from portal.audit.models import AuditLine
from portal.database import session as database
from portal.hours import queries, services
from portal.hours.rules import SESSIONS_HEAD, UNITS_HEAD
from portal.refusals import Refused
from tests.attendance.groups import TODAY, group
from tests.factories import UserFactory


@pytest.fixture(autouse=True)
def _on_the_evening_of_session_eleven():
    with time_machine.travel(TODAY, tick=False):
        yield


def marked(count=1):
    """Present, late, absent and caught up, one after the other."""
    here = group(count)
    here.save(1, "P" * count)
    here.save(2, "L" * count)
    here.save(3, "A" * count)
    here.save(4, "U" * count)
    attendance.record_catch_up(
        here.held(4), here.people[0], done_on=date(2026, 9, 12), minutes=45, evidence="The handout",
        tutor=here.trainer, by=here.trainer,
    )  # fmt: skip
    database.commit()
    return here


def rows_of(browser):
    """The CSV of the last answer as Excel would take it: with its mark of Unicode, a dictionary a line."""
    assert browser.body.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(browser.body.decode("utf-8-sig"), newline="")))


def book_of(browser):
    return openpyxl.load_workbook(io.BytesIO(browser.body))


def test_every_session_has_its_minutes_its_unit_and_who_taught_it(session, browser):
    here = marked()
    browser.sign_in_as(here.trainer).get(f"/cohorts/{here.cohort_made.id}/hours/sessions.csv")
    first, late, away, made_up, *_rest, last = rows_of(browser)
    assert first == {
        "Name": here.people[0].volunteer.name, "Session": "1", "Title": here.held(1).title, "Unit": "U1",
        "Starts": "2026-09-01 18:00", "Ends": "2026-09-01 20:00", "Minutes": "120", "Minutes attended": "120",
        "Catch-up minutes": "", "Guided minutes": "120", "Attendance": "Present", "Taught by": here.trainer.name,
    }  # fmt: skip
    assert (late["Attendance"], late["Minutes attended"], late["Guided minutes"]) == ("Late", "100", "100")
    assert (away["Attendance"], away["Minutes attended"], away["Guided minutes"]) == ("Authorised absence", "0", "0")
    assert (made_up["Attendance"], made_up["Catch-up minutes"]) == ("Unauthorised absence, caught up", "45")
    assert made_up["Guided minutes"] == "45"
    assert (last["Session"], last["Attendance"], last["Taught by"]) == ("24", "To come", "")


def test_no_reason_and_no_note_leaves_the_portal(session, browser):
    here = group(1)
    here.save(1, "A")
    browser.sign_in_as(here.trainer).get(f"/cohorts/{here.cohort_made.id}/hours/sessions.csv")
    assert b"edical" not in browser.body
    browser.get(f"/cohorts/{here.cohort_made.id}/hours.xlsx")
    cells = [str(cell) for sheet in book_of(browser) for row in sheet.iter_rows(values_only=True) for cell in row]
    assert not any("edical" in cell for cell in cells)


def test_the_workbook_has_both_sheets_with_numbers_and_times(session, browser):
    here = marked(2)
    browser.sign_in_as(here.trainer).get(f"/cohorts/{here.cohort_made.id}/hours.xlsx")
    book = book_of(browser)
    sessions = list(book["Sessions"].iter_rows(values_only=True))
    assert sessions[0] == SESSIONS_HEAD
    assert len(sessions) == 1 + 2 * 24
    assert f"{sessions[1][4]:%Y-%m-%d %H:%M}" == "2026-09-01 18:00"
    assert sessions[1][6:10] == (120, 120, None, 120)
    units = list(book["Hours by unit"].iter_rows(values_only=True))
    assert units[0] == UNITS_HEAD
    assert units[1][1:] == ("U1", "Understanding peer mentoring", 265, 4.4, 18)


def test_hours_by_unit_are_as_in_the_sessions(session, browser):
    here = marked()
    browser.sign_in_as(here.trainer).get(f"/cohorts/{here.cohort_made.id}/hours/units.csv")
    units = rows_of(browser)
    browser.get(f"/cohorts/{here.cohort_made.id}/hours/sessions.csv")
    sessions = rows_of(browser)
    for unit in units:
        minutes = sum(int(row["Guided minutes"]) for row in sessions if row["Unit"] == unit["Unit"])
        assert int(unit["Guided minutes"]) == minutes


@pytest.mark.parametrize("name", ["=1+1", "+44", "-2", "@SUM(A1)", "\t=1", " =1+1"])
def test_a_name_is_never_taken_for_a_formula(session, browser, name):
    here = group(1)
    here.people[0].volunteer.name = name
    database.commit()
    browser.sign_in_as(here.trainer).get(f"/cohorts/{here.cohort_made.id}/hours/sessions.csv")
    assert {row["Name"] for row in rows_of(browser)} == {f"'{name}"}
    browser.get(f"/cohorts/{here.cohort_made.id}/hours.xlsx")
    cell = book_of(browser)["Sessions"]["A2"]
    assert cell.data_type == "s"
    assert str(cell.value).strip() == name.strip()


@pytest.mark.parametrize("name", ["Siân Ŵyn", "Łucja Żółć", "زینب"])
def test_names_keep_their_letters(session, browser, name):
    here = group(1)
    here.people[0].volunteer.name = name
    database.commit()
    browser.sign_in_as(here.trainer).get(f"/cohorts/{here.cohort_made.id}/hours/sessions.csv")
    assert rows_of(browser)[0]["Name"] == name
    browser.get(f"/learners/{here.people[0].id}/hours.xlsx")
    assert book_of(browser)["Sessions"]["A2"].value == name


def test_one_persons_file_has_only_them(session, browser):
    here = marked(2)
    browser.sign_in_as(here.trainer).get(f"/learners/{here.people[1].id}/hours.csv")
    assert {row["Name"] for row in rows_of(browser)} == {here.people[1].volunteer.name}


def test_another_trainer_gets_no_file(session, browser):
    here = group(1)
    browser.sign_in_as(UserFactory(role=Role.TRAINER, area=here.area))
    for path in ("hours", "hours.xlsx", "hours/sessions.csv", "hours/units.csv", "taught-by"):
        browser.get(f"/cohorts/{here.cohort_made.id}/{path}", status=404)
    for path in ("hours.csv", "hours.xlsx"):
        browser.get(f"/learners/{here.people[0].id}/{path}", status=404)


def test_hours_cost_the_same_for_one_and_for_twenty(session, count_queries):
    totals = []
    for size in (1, 20):
        here = group(size)
        with count_queries() as counted:
            queries.hours_of_cohort(here.cohort_made.id, seen_by=here.trainer)
        totals.append(counted.total)
    assert totals[0] == totals[1]


def test_an_empty_group_has_a_page_and_a_file(session, browser):
    here = group(0)
    browser.sign_in_as(here.trainer).get(f"/cohorts/{here.cohort_made.id}/hours")
    assert browser.sees("Nobody is enrolled yet")
    browser.click("Every session of every person (CSV)")
    assert rows_of(browser) == []


# Who taught it


def test_who_taught_a_session_can_be_changed_and_the_record_says_so(session, browser):
    here = marked()
    other = UserFactory(role=Role.TRAINER, area=here.area, name="Nadia Khan")
    browser.sign_in_as(here.trainer).get(f"/cohorts/{here.cohort_made.id}/attendance")
    browser.click("Hours and files").click("Change who taught which session")
    browser.fill({f"Session 2, {here.held(2).title}": "Nadia Khan"}).submit("Save")
    assert browser.banners == ["Saved who taught which session"]
    database.expire_all()
    assert here.held(2).taught_by_id == other.id
    assert here.held(1).taught_by_id == here.trainer.id
    lines = session.scalars(select(AuditLine).where(AuditLine.row_id == here.held(2).id)).all()
    assert any(line.after == {"taught_by_id": other.id} for line in lines)


def test_nobody_from_elsewhere_taught_it_and_no_session_to_come_was_taught(session):
    here = marked()
    stranger = UserFactory(role=Role.TRAINER)
    with pytest.raises(Refused, match="does not teach in this area"):
        services.say_who_taught(here.cohort_made, {here.held(1).id: stranger.id}, by=here.trainer)
    with pytest.raises(Refused, match="not held"):
        services.say_who_taught(here.cohort_made, {here.held(20).id: here.trainer.id}, by=here.trainer)
    assert services.say_who_taught(here.cohort_made, {here.held(1).id: None}, by=here.trainer) == 1
