"""The pages of catch-ups, as a trainer and a learner go through them."""

from __future__ import annotations

from datetime import date

import pytest
import time_machine

from portal.access import Role
from portal.catchups import queries
from portal.database import session as database
from tests.attendance.groups import TODAY, group
from tests.catchups.test_booking import FRIDAY, at, book, who_missed
from tests.factories import RoleHeldFactory, UserFactory


@pytest.fixture(autouse=True)
def _on_the_evening_of_session_eleven():
    with time_machine.travel(TODAY, tick=False):
        yield


def path(here):
    return f"/sessions/{here.held(10).id}/catch-ups/book"


def learner_of(here):
    """The account of the group's first person."""
    user = UserFactory(role=Role.VOLUNTEER, scheme=here.area.scheme)
    here.people[0].volunteer.user = user
    database.commit()
    return user


def test_a_trainer_books_from_the_list_of_who_owes_what(session, browser):
    here = who_missed()
    name = here.people[0].volunteer.name
    browser.sign_in_as(here.trainer).get("/catch-ups")
    assert browser.sees("To book (1)", name, "Session 10", "By 22 October 2026")
    browser.click(f"Book a time for {name}, session 10")
    browser.fill({"Which day?": FRIDAY, "What time?": "5pm", "Where, or how?": "By phone"}).submit("Book it")
    assert browser.heading == "Catch-ups"
    assert browser.sees(f"Booked: {name} can catch up session 10", "Booked (1)", "By phone")


def test_a_booking_that_cannot_be_keeps_what_was_typed(session, browser):
    here = who_missed()
    browser.sign_in_as(here.trainer).get(path(here))
    browser.fill({"Which day?": date(2026, 11, 30), "What time?": "17:15", "Where, or how?": "Café"}).submit("Book it")
    assert browser.status == 422
    assert "must catch up this session by 22 October 2026" in browser.errors[0]
    assert browser.value("What time?") == "17:15"
    assert browser.value("Where, or how?") == "Café"
    browser.submit("Book it", status=422)
    browser.fill({"What time?": "25pm", "How long?": "0"}).submit("Book it")
    assert "The time must be a time, like 6pm or 18:30" in browser.errors
    assert "The minutes must be between 1 and 600" in browser.errors


def test_several_are_booked_at_once(session, browser):
    here = who_missed(3)
    names = [each.volunteer.name for each in here.people]
    browser.sign_in_as(here.trainer).get(path(here))
    browser.fill({"Who is it for?": names[:2], "Which day?": FRIDAY, "What time?": "17:00"}).submit("Book it")
    assert browser.sees("Booked (2)", "To book (1)")


def test_a_catch_up_is_moved_cancelled_and_did_not_take_place(session, browser):
    here = who_missed()
    name = here.people[0].volunteer.name
    book(here)
    browser.sign_in_as(here.trainer).get("/catch-ups").click(f"Move the catch-up of {name}, session 10")
    assert browser.value("What time?") == "17:00"
    browser.fill({"What time?": "18:30"}).submit("Move it")
    assert browser.sees("The catch-up has been moved", "6:30pm")
    browser.click(f"Cancel the catch-up of {name}, session 10")
    browser.submit("Cancel the catch-up", status=422)
    assert browser.errors == ["Say why it is cancelled"]
    browser.fill({"Why is it cancelled?": "Ill"}).submit("Cancel the catch-up")
    assert browser.sees("The catch-up is cancelled", "To book (1)")


def test_after_its_time_somebody_says_whether_it_took_place(session, browser):
    here = who_missed(2)
    book(here)
    first, second = (each.volunteer.name for each in here.people)
    with time_machine.travel(at(hour=18, minute=1), tick=False):
        browser.sign_in_as(here.trainer).get("/catch-ups")
        assert browser.sees("Did it take place?")
        browser.submit(f"Did not come : {first}, session 10")
        assert browser.sees(f"{first} did not come, and still owes the catch-up")
        browser.click(f"It took place: {second}, session 10")
        assert browser.sees("It was booked for 9 October 2026, 5:00pm")
        assert browser.value("How long did it last?") == "60"
        browser.fill({"What was done?": "The handout"}).submit("Record the catch-up")
        assert browser.sees("has caught up session 10")
        assert [each.name for each in queries.owed([here.cohort_made.id], seen_by=here.trainer)] == [first]


def test_the_figures_of_a_person_lead_to_booking_and_then_show_the_time(session, browser):
    here = who_missed()
    browser.sign_in_as(here.trainer).get(f"/people/{here.people[0].volunteer_id}/training")
    browser.click("Book a time for session 10")
    browser.fill({"Which day?": FRIDAY, "What time?": "17:00"}).submit("Book it")
    browser.get(f"/people/{here.people[0].volunteer_id}/training")
    assert browser.sees("Booked for 9 October 2026, 5:00pm")


def test_nothing_to_catch_up_is_said_in_words(session, browser):
    here = group(1)
    browser.sign_in_as(here.trainer).get("/catch-ups")
    assert browser.sees("Nobody owes a catch-up that can still be held")
    browser.get(path(here))
    assert browser.sees("Nobody owes this session")


def test_another_trainer_sees_and_books_nothing_here(session, browser):
    here = who_missed()
    (booking,) = book(here)
    other = UserFactory(role=Role.TRAINER, area=here.area)
    browser.sign_in_as(other).get("/catch-ups")
    assert not browser.sees(here.people[0].volunteer.name)
    browser.get(path(here), status=404)
    for page in ("move", "cancel"):
        browser.get(f"/catch-ups/{booking.id}/{page}", status=404)


def test_a_learner_asks_to_make_up_for_a_session_from_their_own_page(session, browser):
    here = who_missed()
    browser.sign_in_as(learner_of(here)).get("/my/course")
    browser.submit("I would like to make up session 10")
    assert browser.sees("We have told your trainers that you would like to make up session 10", "Your trainers know")
    browser.sign_in_as(here.trainer).get("/catch-ups")
    assert browser.sees("Asked for it")


def test_a_learner_cannot_ask_about_a_session_of_another_course(session, browser):
    here, other = who_missed(), who_missed()
    user = learner_of(here)
    browser.sign_in_as(user).get("/my/course")
    browser.post(f"/my/course/sessions/{other.held(10).id}/ask", status=404)


def test_who_has_several_groups_may_choose_one(session, browser):
    here = who_missed()
    user = UserFactory(role=Role.COORDINATOR, area=here.area)
    RoleHeldFactory(user=user, role=Role.TRAINER, scheme=here.area.scheme)
    other = here.cohort(starts_on=date(2026, 9, 2), name="Cohort 8")
    browser.sign_in_as(user).get("/catch-ups").click("Cohort 8")
    assert browser.sees("Nobody owes a catch-up")
    browser.get("/catch-ups", cohort=str(other.id) + "x")
    assert browser.sees("To book (1)")
