"""The register as a trainer with a phone sees it, and as somebody who posts rubbish at it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from courses.marks import Code
from portal.access import Role
from portal.attendance.models import CatchUp, Mark
from portal.cohorts.models import EnrolmentState
from tests.attendance.groups import TODAY, group
from tests.browser import Browser
from tests.factories import UserFactory

OPEN_SESSION = 11


@pytest.fixture(autouse=True)
def _on_the_evening_of_session_eleven():
    with time_machine.travel(TODAY, tick=False):
        yield


def on_the_register(browser, here, wanted=OPEN_SESSION):
    """The trainer's browser on a register."""
    return browser.sign_in_as(here.trainer).get(f"/sessions/{here.held(wanted).id}/register")


def codes(session, here, wanted=OPEN_SESSION):
    """The marks of a session in the order of its people, "." for none."""
    rows = session.execute(select(Mark.enrolment_id, Mark.code).where(Mark.session_id == here.held(wanted).id)).all()
    found = {row[0]: row[1].value for row in rows}
    return "".join(found.get(each.id, ".") for each in here.people)


def checked(browser):
    """Every radio that is on."""
    return [(field.get("name"), field.get("value")) for field in browser._inputs() if field.get("checked") is not None]


def test_nothing_is_marked_before_somebody_marks_it(session, browser):
    on_the_register(browser, group(3))
    assert checked(browser) == []
    assert browser.sees("0 of 3 marked", "Cohort 7 · Week 6 of 12 · Tue 6 Oct 2026, 6:00pm")


def test_a_tap_for_each_person_and_one_for_saving(session, browser):
    here = group(4)
    names = [each.volunteer.name for each in here.people]
    on_the_register(browser, here)
    browser.fill({names[0]: "Present", names[1]: "Late", names[2]: "Told us", names[3]: "Did not tell us"})
    browser.fill({f"minutes-{here.people[1].id}": "15", f"reason-{here.people[2].id}": "probation_or_court"}).submit(
        "Save register"
    )
    assert browser.banners == ["Register saved. 4 of 4 marked"]
    assert codes(session, here) == "PLAU"
    assert browser.value(f"minutes-{here.people[1].id}") == "15"


def test_more_marks_and_a_note_are_under_more(session, browser):
    here = group(2)
    online, early = here.people
    on_the_register(browser, here)
    browser.fill({f"code-{online.id}": "Present online", f"code-{early.id}": "Left early"})
    browser.fill({f"minutes-{early.id}": "40", f"note-{online.id}": "Sound dropped twice"}).submit("Save register")
    assert codes(session, here) == "VE"
    assert browser.value(f"note-{online.id}") == "Sound dropped twice"
    browser.fill({f"code-{online.id}": "No mark"}).submit("Save register")
    assert codes(session, here) == ".E"


def test_the_rest_are_marked_present_and_nobody_is_overwritten(session, browser):
    here = group(3)
    here.save(OPEN_SESSION, "U")
    on_the_register(browser, here).submit("Rest present: mark the rest present and save")
    assert codes(session, here) == "UPP"


def test_the_rest_gives_way_to_what_another_trainer_saved_meanwhile(session, browser):
    here = group(3)
    on_the_register(browser, here)
    here.save(OPEN_SESSION, "U")
    browser.submit("Rest present: mark the rest present and save")
    assert codes(session, here) == "UPP"


def test_what_is_wrong_is_said_at_its_row_and_nothing_typed_is_lost(session, browser):
    here = group(3)
    late, away, fine = here.people
    on_the_register(browser, here)
    browser.fill({f"code-{late.id}": "L", f"minutes-{late.id}": "500", f"code-{away.id}": "A", f"code-{fine.id}": "P"})
    browser.fill({f"note-{late.id}": "Bus"}).submit("Save register", status=422)
    assert browser.errors == [
        f"The minutes {late.volunteer.name} missed must be from 1 to 119",
        f"Choose why {away.volunteer.name} was away",
    ]
    assert browser.title.startswith("Error: ")
    assert browser.value(f"minutes-{late.id}") == "500"
    assert browser.value(f"note-{late.id}") == "Bus"
    assert checked(browser) == [(f"code-{late.id}", "L"), (f"code-{away.id}", "A"), (f"code-{fine.id}", "P")]
    assert codes(session, here) == "..."


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("code", "Q", "Choose one of the marks"),
        ("code", "N", "cannot be marked for one person"),
        ("minutes", "", "Enter how many minutes"),
        ("minutes", "ten", "must be a whole number"),
        ("minutes", "٣", ""),
        ("note", "x" * 301, "300 characters or fewer"),
        ("note", "a\x00b", "a character in it that we cannot keep"),
    ],
)
def test_a_post_that_is_no_mark_is_answered_at_the_row(session, browser, name, value, words):
    here = group(1)
    on_the_register(browser, here)
    number = here.people[0].id
    browser.fill({f"code-{number}": "L", f"minutes-{number}": "10"})
    typed = {f"code-{number}": "L", f"minutes-{number}": "10", "version": "0", f"{name}-{number}": value}
    browser.post(browser.path, typed)
    assert (browser.status, words in " ".join(browser.errors)) == ((422, True) if words else (200, True))
    assert codes(session, here) == ("." if words else "L")


def test_a_mark_for_somebody_else_is_refused(session, browser):
    here, there = group(1), group(1)
    on_the_register(browser, here).post(browser.path, {f"code-{there.people[0].id}": "P"}, status=422)
    assert browser.errors == ["Somebody you marked is not on this register"]
    assert codes(session, there) == "."


def test_who_has_left_is_greyed_and_cannot_be_marked_even_by_force(session, browser):
    here = group(2)
    gone = here.people[0]
    gone.state, gone.ended_on = EnrolmentState.WITHDRAWN, (TODAY - timedelta(days=3)).date()
    session.commit()
    on_the_register(browser, here)
    assert browser.sees("Has left the course", "0 of 1 marked")
    assert f"code-{gone.id}" not in browser.html
    browser.post(browser.path, {f"code-{gone.id}": "P"}, status=422)
    assert browser.errors == [f"{gone.volunteer.name} cannot be marked: has left the course"]


def test_two_trainers_who_disagree_see_both_marks_and_choose(session, app, browser):
    here = group(2)
    other = Browser(app)
    first, second = here.people
    other.sign_in_as(here.coordinator).get(f"/sessions/{here.held(OPEN_SESSION).id}/register")
    on_the_register(browser, here).fill({f"code-{first.id}": "P"}).submit("Save register")
    other.fill({f"code-{first.id}": "U", f"code-{second.id}": "P"}).submit("Save register", status=409)
    assert other.heading == "Someone else marked this register too"
    assert other.sees(f"Present {here.trainer.name}", "Unauthorised absence You")
    assert codes(session, here) == "P."
    other.submit("Save register", status=409)  # it asks again until one is chosen
    other.fill({f"choose-{first.id}": "mine"}).submit("Save register")
    assert codes(session, here) == "UP"


def test_choosing_theirs_keeps_theirs_and_saves_the_others(session, app, browser):
    here = group(2)
    other = Browser(app)
    first, second = here.people
    other.sign_in_as(here.coordinator).get(f"/sessions/{here.held(OPEN_SESSION).id}/register")
    on_the_register(browser, here).fill({f"code-{first.id}": "P"}).submit("Save register")
    other.fill({f"code-{first.id}": "U", f"code-{second.id}": "U"}).submit("Save register", status=409)
    other.fill({f"choose-{first.id}": "theirs"}).submit("Save register")
    assert codes(session, here) == "PU"


def test_two_trainers_who_marked_different_people_are_merged(session, app, browser):
    here = group(2)
    other = Browser(app)
    other.sign_in_as(here.coordinator).get(f"/sessions/{here.held(OPEN_SESSION).id}/register")
    on_the_register(browser, here).fill({f"code-{here.people[0].id}": "P"}).submit("Save register")
    other.fill({f"code-{here.people[1].id}": "U"}).submit("Save register")
    assert codes(session, here) == "PU"


def test_a_locked_register_asks_why(session, browser):
    here = group(1)
    number = here.people[0].id
    on_the_register(browser, here, 1).fill({f"code-{number}": "P"}).submit("Save register", status=422)
    assert browser.errors == ["Say why you are changing this register"]
    browser.fill({"Why are you changing it now?": "The paper was found"}).submit("Save register")
    assert codes(session, here, 1) == "P"


def test_a_register_of_the_future_says_when_it_opens(session, browser):
    here = group(1)
    on_the_register(browser, here, 12)
    assert browser.sees("You can mark this register from 5:00pm on 8 October 2026.", here.people[0].volunteer.name)
    path = browser.path
    on_the_register(browser, here).post(path, {f"code-{here.people[0].id}": "P"}, status=409)
    assert codes(session, here, 12) == "."


def test_a_session_that_did_not_take_place_is_cancelled_and_restored(session, browser):
    here = group(1)
    on_the_register(browser, here).click("This session did not take place")
    browser.submit("Cancel this session", status=422)
    browser.fill({"Why did it not take place?": "No heating"}).submit("Cancel this session")
    assert browser.sees("This session did not take place: No heating")
    browser.submit("It did take place")
    assert browser.sees("0 of 1 marked")


def test_a_catch_up_is_recorded_from_the_register(session, browser):
    here = group(1)
    here.save(9, "A")
    on_the_register(browser, here, 9).click(f"Record a catch-up by {here.people[0].volunteer.name}")
    browser.fill({"When was it?": TODAY.date(), "How long did it last?": "130", "What was done?": "Handout"})
    browser.submit("Record the catch-up", status=422)
    assert browser.errors == ["The minutes of the catch-up must be from 1 to 120"]
    browser.fill({"How long did it last?": "60"}).submit("Record the catch-up")
    assert browser.sees("Caught up")
    assert session.scalars(select(CatchUp)).one().minutes == 60


def test_reasons_are_on_the_register_and_nowhere_else(session, browser):
    here = group(1)
    here.save(OPEN_SESSION, "A")
    words = "Medical appointment"
    on_the_register(browser, here)
    chosen = [option for option in browser._page().iter("option") if option.get("selected") is not None]
    assert [option.text for option in chosen] == [words]
    for path in (f"/people/{here.people[0].volunteer_id}/training", f"/cohorts/{here.cohort_made.id}/attendance"):
        browser.get(path)
        assert words not in browser.html
        assert "medical" not in browser.html


def test_another_trainers_or_schemes_register_is_not_there(session, browser):
    here, there = group(1), group(1)
    stranger = UserFactory(role=Role.TRAINER, area=here.area)
    for user in (stranger, there.trainer, there.coordinator):
        browser.sign_in_as(user)
        number = here.held(OPEN_SESSION).id
        for path in ("register", "cancel", f"catch-up/{here.people[0].id}"):
            browser.get(f"/sessions/{number}/{path}", status=404)
        browser.get(f"/people/{here.people[0].volunteer_id}/training", status=404)
        browser.get(f"/cohorts/{here.cohort_made.id}/attendance", status=404)


@pytest.mark.parametrize("role", [Role.ASSESSOR, Role.IQA, Role.VOLUNTEER, Role.APPROVER, Role.FUNDER_READER])
def test_only_who_may_mark_opens_a_register(session, browser, role):
    here = group(1)
    browser.sign_in_as(UserFactory(role=role, area=here.area))
    browser.get(f"/sessions/{here.held(OPEN_SESSION).id}/register", status=403)


def test_opening_and_saving_cost_the_same_for_one_and_for_twenty(session, browser, count_queries):
    counts = []
    for size in (1, 20):
        here = group(size)
        with count_queries() as opened:
            on_the_register(browser, here)
        browser.fill({f"code-{each.id}": "P" for each in here.people})
        with count_queries() as saved:
            browser.submit("Save register", status=302)
        counts.append((opened.total, saved.total, opened.statements))
    assert counts[0][:2] == counts[1][:2]
    loads_somebody = ("FROM user_account", "FROM role_held")
    own = [words for words in counts[1][2] if not any(part in words for part in loads_somebody) or "cohort" in words]
    assert len(own) <= 5, own


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    rubbish=st.dictionaries(
        st.sampled_from(["code", "minutes", "reason", "note", "was", "ask", "choose"]),
        st.one_of(
            st.text(max_size=30),
            st.sampled_from(
                [*(code.value for code in Code), "10", "-1", "9" * 400, "illness", "mine", "theirs", "¼", "²"]
            ),
        ),
    ),
    version=st.one_of(st.text(max_size=10), st.integers().map(str)),
    action=st.sampled_from(["save", "rest", "", "stranger"]),
)
def test_rubbish_posted_at_a_register_is_answered_with_words(session, browser, rubbish, version, action):
    if "group" not in session.info:
        session.info["group"] = group(2)
    here = session.info["group"]
    number = "9" * 30 if action == "stranger" else str(here.people[0].id)
    on_the_register(browser, here)
    posted = {f"{name}-{number}": value for name, value in rubbish.items()}
    browser.post(browser.path, {**posted, "version": version, "do": action})
    assert browser.status in {200, 409, 422}


def test_a_register_stands_under_cohorts_in_the_menu(session, browser):
    on_the_register(browser, group(1))
    current = [link for link in browser._page().iter("a") if link.get("aria-current") == "true"]
    assert [link.text for link in current] == ["Cohorts"]
