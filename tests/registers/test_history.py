"""The history of a register: who changed whose mark from what to what, and when."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from portal.access import Role
from portal.registers import queries
from tests.attendance.groups import TODAY, group
from tests.factories import UserFactory

SESSION = 11


@pytest.fixture(autouse=True)
def _on_the_evening_of_session_eleven():
    with time_machine.travel(TODAY, tick=False):
        yield


def path(here):
    return f"/sessions/{here.held(SESSION).id}/register/history"


def changed(here, **asked):
    """Person, before and after of every line."""
    held = queries.register(here.held(SESSION).id, seen_by=here.trainer)
    return [(line.person, line.before, line.after) for line in queries.history(held, **asked)]


def names(here):
    return [each.volunteer.name for each in here.people]


def test_every_mark_and_every_change_of_one_is_listed_the_newest_first(session):
    here = group(2)
    one, other = names(here)
    here.save(SESSION, "PL")
    here.save(SESSION, ".U")
    assert changed(here) == [
        (other, "Late, 20 minutes missed", "Did not tell us"),
        (other, "Not marked", "Late, 20 minutes missed"),
        (one, "Not marked", "Present"),
    ]


def test_marks_of_another_session_or_group_are_not_in_it(session):
    here, elsewhere = group(1), group(1)
    here.save(SESSION - 1, "U")
    elsewhere.save(SESSION, "U")
    assert changed(here) == []
    here.save(SESSION, "P")
    assert [after for *_, after in changed(here)] == ["Present"]


def test_a_reason_and_a_note_are_not_in_it_only_that_something_changed(session, browser):
    here = group(1)
    here.save(SESSION, "A")
    page = browser.sign_in_as(here.trainer).get(f"/sessions/{here.held(SESSION).id}/register")
    who = here.people[0].id
    page.fill({f"reason-{who}": "probation_or_court", f"note-{who}": "Rang from the court"}).submit("Save register")
    page.click("Who changed which mark")
    assert page.sees("told us, other minutes, reason or note", "not marked before, now told us", here.trainer.name)
    assert not any(word in page.text for word in ("court", "robation", "edical"))


def test_why_a_locked_register_was_changed_stands_with_the_change(session, browser):
    here = group(1)
    here.save(SESSION, "U")
    with time_machine.travel(TODAY + timedelta(days=60), tick=False):
        page = browser.sign_in_as(here.trainer).get(f"/sessions/{here.held(SESSION).id}/register")
        page.fill({f"code-{here.people[0].id}": "P", "because": "She was in the other room"}).submit("Save register")
        page.get(path(here))
    assert page.sees("Changed after it was locked: She was in the other room", "did not tell us before, now present")


def test_a_register_nobody_marked_says_so_and_leads_back(browser):
    here = group(1)
    page = browser.sign_in_as(here.trainer).get(path(here))
    assert page.sees("Nobody has marked this register yet")
    page.click("Register")
    assert page.heading == "Attendance register"


def test_a_long_history_is_read_page_by_page_and_no_change_is_lost(session, browser, monkeypatch):
    monkeypatch.setattr(queries, "HISTORY_PAGE", 2)
    here = group(3)
    here.save(SESSION, "PPU")
    page = browser.sign_in_as(here.trainer).get(path(here))
    seen = [name for name in names(here) if name in page.text]
    page.click("Show more changes")
    seen += [name for name in names(here) if name in page.text]
    assert sorted(seen) == sorted(names(here))
    assert browser.get(f"{path(here)}?after=rubbish").sees(names(here)[2])


def test_a_long_history_costs_as_many_statements_as_a_short_one(session, count_queries):
    counts = []
    for size in (1, 12):
        here = group(size)
        here.save(SESSION, "P" * size)
        held = queries.register(here.held(SESSION).id, seen_by=here.trainer)
        with count_queries() as asked:
            assert len(queries.history(held)) == size
        counts.append(asked.total)
    assert counts == [1, 1]


def test_another_area_has_no_such_page(browser):
    here = group(1)
    browser.sign_in_as(UserFactory(role=Role.TRAINER)).get(path(here), status=404)
