"""The roll-call and the paper register as a trainer uses them."""

from __future__ import annotations

import io

import pytest
import time_machine
from pypdf import PdfReader
from sqlalchemy import select

from portal.access import Role
from portal.sheets.models import RollCall
from tests.attendance.groups import TODAY, group
from tests.factories import UserFactory

SESSION = 11


@pytest.fixture(autouse=True)
def _on_the_evening_of_session_eleven():
    with time_machine.travel(TODAY, tick=False):
        yield


def words_of(answer):
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer)).pages)


def test_a_roll_call_says_who_is_missing_and_keeps_every_count(browser, session):
    here = group(4)
    here.save(SESSION, "PLA.")
    path = f"/sessions/{here.held(SESSION).id}/roll-call"
    page = browser.sign_in_as(here.trainer).get(path)
    assert "2 to count" in page.text
    assert "Not marked: they may be here too" in page.text
    page.fill({"Tick each person you can see": [here.people[0].volunteer.name]})
    page.submit("Save the count")
    assert "1 of 2 counted: 1 missing" in page.text
    assert f"Missing then: {here.people[1].volunteer.name}" in page.text
    kept = session.scalars(select(RollCall)).one()
    assert (kept.expected, kept.counted, kept.missing) == (2, 1, [here.people[1].id])


def test_somebody_who_is_not_on_the_list_cannot_be_counted(browser, session):
    here = group(2)
    here.save(SESSION, "PU")
    path = f"/sessions/{here.held(SESSION).id}/roll-call"
    page = browser.sign_in_as(here.trainer).get(path)
    answer = page.post(path, {"counted": [str(here.people[1].id), "x", "9" * 30]}, status=422)
    assert "Somebody you counted is not marked as being here" in answer.text
    assert session.scalars(select(RollCall)).all() == []


def test_a_roll_call_without_anybody_marked_says_what_to_do(browser, session):
    here = group(1)
    page = browser.sign_in_as(here.trainer).get(f"/sessions/{here.held(SESSION).id}/roll-call")
    assert "Nobody is marked as being here" in page.text


def test_a_register_is_printed_with_names_and_no_reason_for_being_away(browser, session):
    here = group(3)
    here.save(SESSION, "PAU")
    meeting = here.held(SESSION)
    page = browser.sign_in_as(here.trainer).get(f"/sessions/{meeting.id}/sheet")
    printed = words_of(browser._send(f"/sessions/{meeting.id}/sheet.pdf").data)
    for each in here.people:
        assert each.volunteer.preferred_name in page.text
        assert each.volunteer.preferred_name in printed
    assert meeting.title in printed
    assert "Medical" not in page.text + printed


def test_all_sessions_to_come_are_printed_in_one_go_each_on_its_page(browser, session):
    here = group(2)
    browser.sign_in_as(here.coordinator)
    answer = browser._send(f"/cohorts/{here.cohort_made.id}/sheets.pdf")
    assert len(PdfReader(io.BytesIO(answer.data)).pages) == 24 - SESSION
    assert f"session {SESSION + 1}" in words_of(answer.data)
    with time_machine.travel(TODAY.replace(year=2027), tick=False):
        browser.sign_in_as(here.coordinator)
        assert browser._send(f"/cohorts/{here.cohort_made.id}/sheets.pdf").status_code == 302
        assert "nothing to print" in browser.get(f"/cohorts/{here.cohort_made.id}/sheets").text


def test_a_trainer_of_another_group_prints_nothing(browser, session):
    here = group(1)
    browser.sign_in_as(UserFactory(role=Role.TRAINER, area=here.area))
    for path in (f"/sessions/{here.held(SESSION).id}/sheet.pdf", f"/cohorts/{here.cohort_made.id}/sheets.pdf"):
        assert browser._send(path).status_code == 404


def test_printing_a_course_costs_the_same_for_one_and_for_many_sessions(browser, session, count_queries):
    here = group(3)
    browser.sign_in_as(here.coordinator)
    browser.get(f"/cohorts/{here.cohort_made.id}/sheets")
    with count_queries() as many:
        browser.get(f"/cohorts/{here.cohort_made.id}/sheets")
    with count_queries() as one:
        browser.get(f"/sessions/{here.held(SESSION).id}/sheet")
    assert many.total <= one.total + 1
