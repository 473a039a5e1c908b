"""Saying that one cannot come: on one's own page, by link without signing in, and by phone through a trainer."""

from __future__ import annotations

import pytest
import time_machine

from portal.access import Role
from portal.apologies import queries, services
from portal.cohorts.models import CohortState, EnrolmentState
from portal.database import session as database
from portal.web.limits import limiter
from tests.apologies.test_telling import tell
from tests.attendance.groups import TODAY, group
from tests.browser import Browser
from tests.factories import RoleHeldFactory, UserFactory


@pytest.fixture(autouse=True)
def _on_the_evening_of_session_eleven():
    with time_machine.travel(TODAY, tick=False):
        yield


def learner_of(here):
    user = UserFactory(role=Role.VOLUNTEER, scheme=here.area.scheme)
    here.people[0].volunteer.user = user
    database.commit()
    return user


def link_of(here, person=0):
    token = services.make_link(here.people[person])
    database.commit()
    return f"/cannot-come/{token}"


def told(here, number=12):
    database.expire_all()
    return list(queries.of_session(here.held(number).id).values())


def test_a_learner_says_on_their_own_page_that_they_cannot_come_and_takes_it_back(session, browser):
    here = group(1)
    browser.sign_in_as(learner_of(here)).get("/my/course").click("I cannot come to session 12")
    assert browser.heading == "I cannot come"
    browser.fill({"Why can you not come?": "I am ill", "Is there anything else we should know?": "Back next week"})
    browser.submit("Tell us that I cannot come")
    assert browser.heading == "Your course"
    assert browser.sees("Thank you for telling us", "You cannot come")
    (apology,) = told(here)
    assert (apology.by.value, apology.reason.value, apology.note) == ("page", "illness", "Back next week")
    browser.click("Change this: session 12").submit("I can come after all")
    assert told(here) == []
    assert not browser.sees("You cannot come")


def test_a_later_session_can_be_told_of_now(session, browser):
    here = group(1)
    browser.sign_in_as(learner_of(here)).get("/my/course").click("I cannot come: session 14, Thu 15 Oct 2026")
    browser.submit("Tell us that I cannot come")
    assert [each.reason for each in told(here, 14)] == [None]


def test_once_it_has_begun_the_page_says_whom_to_ring(session, browser):
    here = group(1)
    browser.sign_in_as(learner_of(here))
    with time_machine.travel(here.held(12).starts_at, tick=False):
        browser.sign_in_as(here.people[0].volunteer.user).get(f"/my/course/sessions/{here.held(12).id}/cannot-come")
        assert browser.sees("This session has begun", "0191 498 0000")
        browser.post(browser.path, {"note": ""}, status=422)
    assert told(here) == []


def test_nobody_speaks_for_another_learner(session, browser):
    here, other = group(1), group(1)
    browser.sign_in_as(learner_of(here))
    path = f"/my/course/sessions/{other.held(12).id}"
    browser.get(f"{path}/cannot-come", status=404)
    browser.post(f"{path}/can-come", status=404)


def test_a_link_shows_a_first_name_and_dates_and_nothing_else(session, browser):
    here = group(1)
    who = here.people[0].volunteer
    who.name, who.known_as = "Zofia Nowak", ""
    browser.get(link_of(here))
    assert browser.heading == "Hello Zofia"
    assert browser.sees("Thu 8 Oct 2026, 6:00pm")
    for hidden in ("Nowak", who.email, here.cohort_made.name, "The Hub", here.held(12).title, here.trainer.name):
        assert hidden not in browser.html
    assert here.area.scheme.name not in browser.html


def test_by_link_a_learner_says_it_and_takes_it_back_without_signing_in(session, browser):
    here = group(1)
    browser.get(link_of(here)).click("I cannot come: Thu 8 Oct 2026, 6:00pm")
    browser.fill({"Why can you not come?": "I have to work"}).submit("Tell us that I cannot come")
    assert browser.heading.startswith("Hello")
    assert browser.sees("Thank you for telling us", "You cannot come")
    (apology,) = told(here)
    assert (apology.by.value, apology.reason.value) == ("link", "work")
    browser.click("Change this: Thu 8 Oct 2026, 6:00pm")
    assert "I have to work" not in browser.text.split("Change what you told us")[0]
    browser.submit("I can come after all")
    assert told(here) == []


def test_only_the_hash_of_a_link_is_kept(session):
    here = group(1)
    token = services.make_link(here.people[0])
    link = session.scalars(queries.select(queries.ApologyLink)).one()
    assert len(token) >= 32
    assert token not in str(vars(link))


def _another_address(here):
    here.people[0].volunteer.email = "new@example.org"


def _course_over(here):
    here.cohort_made.state = CohortState.FINISHED


def _left(here):
    here.people[0].state, here.people[0].ended_on = EnrolmentState.WITHDRAWN, TODAY.date()


@pytest.mark.parametrize("change", [_another_address, _course_over, _left])
def test_a_link_dies_with_the_address_the_course_and_the_place(session, browser, change):
    here = group(1)
    path = link_of(here)
    browser.get(f"{path}/12")
    change(here)
    database.commit()
    browser.submit("Tell us that I cannot come", status=410)
    assert browser.sees("This link no longer works")
    browser.get(path, status=410)
    browser.get(f"{path}/12", status=410)
    assert told(here) == []


def test_a_link_dies_with_time_and_a_guess_opens_nothing(session, browser):
    here = group(1)
    path = link_of(here)
    browser.get(f"{path}x", status=404)
    browser.get("/cannot-come/" + "a" * 500, status=404)
    browser.get(f"{path}/99", status=404)
    with time_machine.travel(TODAY.replace(year=2027), tick=False):
        browser.get(path, status=410)


def test_who_guesses_links_is_stopped(session, app):
    limiter.reset()
    browser = Browser(app, address="192.0.2.77")
    for guess in range(40):
        browser.get(f"/cannot-come/guess-{guess}", status=404)
    browser.get("/cannot-come/one-more", status=429)
    limiter.reset()


def test_opening_a_link_changes_nothing(session, browser):
    here = group(1)
    path = link_of(here)
    browser.get(path)
    browser.get(f"{path}/12")
    assert told(here) == []


def test_a_trainer_writes_down_what_was_said_on_the_phone(session, browser):
    here = group(2)
    name = here.people[1].volunteer.name
    browser.sign_in_as(here.trainer).get(f"/sessions/{here.held(12).id}").click("Who cannot come")
    assert browser.sees("Nobody has told us that they cannot come")
    browser.submit("Write it down", status=422)
    assert browser.errors == ["Choose who cannot come"]
    browser.fill({"Who cannot come?": name, "Why?": "In custody", "Note": "Rang at 5"}).submit("Write it down")
    assert browser.sees(f"It is written down that {name} cannot come", "Told us", "In custody", "Rang at 5")
    browser.submit(f"Can come after all : {name}")
    assert browser.sees(f"{name} is expected again", "Nobody has told us")


def test_a_trainer_of_another_group_sees_and_writes_nothing(session, browser):
    here = group(1)
    tell(here)
    path = f"/sessions/{here.held(12).id}/apologies"
    browser.sign_in_as(UserFactory(role=Role.TRAINER, area=here.area))
    browser.get(path, status=404)
    browser.post(f"{path}/{here.people[0].id}/take-back", status=404)
    assert len(told(here)) == 1


def test_a_coordinator_of_the_area_sees_who_cannot_come(session, browser):
    here = group(1)
    tell(here)
    user = UserFactory()
    RoleHeldFactory(user=user, role=Role.COORDINATOR, scheme=here.area.scheme, area=here.area)
    browser.sign_in_as(user).get(f"/sessions/{here.held(12).id}/apologies")
    assert browser.sees(here.people[0].volunteer.name, "On their page")
