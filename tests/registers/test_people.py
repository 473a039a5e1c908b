"""What a register says about its people beside their marks, and what it keeps behind a button."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine
from sqlalchemy import select

from courses.marks import AbsenceReason, Code
from portal.access import Role
from portal.apologies.models import Apology, ApologyBy
from portal.attendance.models import Mark
from portal.audit.models import Action, AuditLine
from portal.registers import queries
from tests.attendance.groups import TODAY, group
from tests.factories import UserFactory

SESSION = 11


@pytest.fixture(autouse=True)
def _on_the_evening_of_session_eleven():
    with time_machine.travel(TODAY, tick=False):
        yield


def tell(session, here, reason=AbsenceReason.PROBATION_OR_COURT):
    """The first person has told us by link that they cannot come."""
    apology = Apology(
        session_id=here.held(SESSION).id, enrolment_id=here.people[0].id, reason=reason, by=ApologyBy.LINK,
        told_at=datetime(2026, 10, 5, 9, tzinfo=UTC),
    )  # fmt: skip
    session.add(apology)
    session.commit()
    return apology


def register_of(browser, here):
    return browser.sign_in_as(here.trainer).get(f"/sessions/{here.held(SESSION).id}/register")


def test_an_apology_is_shown_marks_nobody_and_is_taken_over_with_one_tap(browser, session):
    here = group(2)
    tell(session, here)
    page = register_of(browser, here)
    assert "Cannot come: by link, probation appointment or court" in page.text
    assert "0 of 2 marked" in page.text
    page.fill({f"code-{here.people[0].id}": "A"}).submit("Save register")
    mark = session.scalars(select(Mark).where(Mark.enrolment_id == here.people[0].id)).one()
    assert (mark.code, mark.reason) == (Code.A, AbsenceReason.PROBATION_OR_COURT)


def test_an_apology_that_was_taken_back_is_not_shown(browser, session):
    here = group(1)
    tell(session, here).taken_back_at = datetime(2026, 10, 6, 9, tzinfo=UTC)
    session.commit()
    assert "Cannot come" not in register_of(browser, here).text


def test_who_owes_a_session_is_said_until_it_is_caught_up_or_too_late(browser, session):
    here = group(2)
    for number, codes in ((3, "UP"), (9, "AP"), (10, "UP")):
        here.save(number, codes)
    register = queries.register(here.held(SESSION).id, seen_by=here.trainer)
    assert queries.owed(register) == {here.people[0].id: [9, 10]}, "session 3 is more than 21 days ago"
    assert "Owes sessions 9, 10" in register_of(browser, here).text


def test_somebody_half_an_hour_late_owes_what_they_missed_and_ten_minutes_late_nothing(session):
    here = group(2)
    meeting = here.held(10)
    here.save(10, "LL")
    for each, minutes in zip(here.people, (31, 10), strict=True):
        mark = session.scalars(select(Mark).where(Mark.enrolment_id == each.id, Mark.session_id == meeting.id)).one()
        mark.minutes = minutes
    session.commit()
    register = queries.register(here.held(SESSION).id, seen_by=here.trainer)
    assert queries.owed(register) == {here.people[0].id: [10]}


def test_whom_to_ring_is_behind_a_button_and_its_opening_on_the_record(browser, session):
    here = group(1)
    volunteer = here.people[0].volunteer
    volunteer.emergency_contact = "Nadia, sister, 07700 900 123"
    session.commit()
    path = f"/sessions/{here.held(SESSION).id}/people/{here.people[0].id}"
    page = browser.sign_in_as(here.trainer).get(path)
    assert "900 123" not in page.html
    assert session.scalars(select(AuditLine).where(AuditLine.action == Action.SEEN)).all() == []
    page.submit("Show whom to ring")
    assert "Nadia, sister, 07700 900 123" in page.text
    line = session.scalars(select(AuditLine).where(AuditLine.action == Action.SEEN)).one()
    assert (line.volunteer_id, line.actor_id) == (volunteer.id, here.trainer.id)
    assert "emergency" in line.purpose


def test_what_helps_is_shown_only_to_those_who_ask_and_only_what_was_shared(browser, session):
    here = group(2)
    one, other = (each.volunteer for each in here.people)
    one.access_needs, one.may_share_access_needs = "Large print, please", True
    other.access_needs, other.may_share_access_needs = "A secret", False
    session.commit()
    page = register_of(browser, here)
    assert page.text.count("What helps") == 1
    page.get(f"/sessions/{here.held(SESSION).id}/people/{here.people[0].id}").submit("Show what helps them")
    assert "Large print, please" in page.text
    page.post(f"/sessions/{here.held(SESSION).id}/people/{here.people[1].id}", {"show": "needs"})
    assert "A secret" not in page.html


def test_a_stranger_and_rubbish_are_turned_away(browser, session):
    here, elsewhere = group(1), group(1)
    path = f"/sessions/{here.held(SESSION).id}/people/{here.people[0].id}"
    browser.sign_in_as(UserFactory(role=Role.TRAINER, area=here.area)).get(path, status=404)
    browser.sign_in_as(here.trainer).get(
        f"/sessions/{here.held(SESSION).id}/people/{elsewhere.people[0].id}", status=404
    )
    browser.post(path, {"show": "everything"}, status=200)
    assert session.scalars(select(AuditLine).where(AuditLine.action == Action.SEEN)).all() == []


def test_the_page_costs_five_statements_for_one_and_for_twenty(browser, session, count_queries):
    here = group(20)
    here.save(10, "U" * 20)
    tell(session, here)
    path = register_of(browser, here).path
    with count_queries() as counted:
        browser.get(path)
    assert counted.total <= 5, counted.statements
