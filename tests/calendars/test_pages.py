"""A personal calendar: its secret address, what is in it, and when it ends."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
import vobject
from sqlalchemy import select

from portal.access import Role
from portal.attendance.models import CatchUpBooking
from portal.calendars import queries, services
from portal.calendars.models import CalendarFeed
from portal.cohorts import services as cohorts
from portal.timetable import queries as timetable_queries
from portal.timetable import services as timetable
from tests.cohorts.groups import number, place
from tests.factories import UserFactory


@pytest.fixture(autouse=True)
def _in_the_summer():
    with time_machine.travel(datetime(2026, 8, 1, 9, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def here(session):
    found = place()
    found.group = found.cohort()
    (found.enrolment,) = found.enrolled(found.group)
    found.learner = UserFactory(role=Role.VOLUNTEER, scheme=found.area.scheme)
    found.enrolment.volunteer.user = found.learner
    session.commit()
    return found


def feed_of(session, user):
    token = services.make_feed(user, by=user)
    session.commit()
    return f"/calendar/{token}.ics"


def ask(browser, path, status=200, **headers):
    answer = browser._send(path, method="GET", headers=headers)
    assert answer.status_code == status
    return answer


def dates(answer):
    return {event.uid.value: event for event in vobject.readOne(answer.get_data(as_text=True)).vevent_list}


def move(here, wanted, on):
    timetable.move_session(
        number(here.group, wanted), on=on, at=time(18), venue="The Hub", meeting_link="", with_later=False,
        seen=timetable_queries.fingerprint(here.group, timetable_queries.timetable_of(here.group.id)),
        by=here.coordinator,
    )  # fmt: skip


def test_a_moved_session_keeps_its_uid_in_the_feed_and_its_sequence_rises(session, browser, here):
    path = feed_of(session, here.learner)
    before = dates(ask(browser, path))
    move(here, 5, date(2026, 9, 16))
    session.commit()
    after = dates(ask(browser, path))
    assert before.keys() == after.keys()
    name = f"session-{number(here.group, 5).id}@localhost"
    assert (before[name].sequence.value, after[name].sequence.value) == ("0", "1")
    assert (before[name].dtstart.value.day, after[name].dtstart.value.day) == (15, 16)
    others = [each for each in before if each != name]
    assert all(before[each].serialize() == after[each].serialize() for each in others)


def test_what_is_called_off_is_cancelled_in_the_feed(session, browser, here):
    path = feed_of(session, here.learner)
    timetable.cancel_session(number(here.group, 5), because="Snow", by=here.trainer)
    session.commit()
    states = [event.status.value for event in dates(ask(browser, path)).values()]
    assert (states.count("CANCELLED"), states.count("CONFIRMED")) == (1, 23)


def test_each_sees_their_own_and_nobodys_names(session, browser, here):
    other = here.cohort(name="Cohort 9", trainers=[UserFactory(role=Role.TRAINER, area=here.area)])
    count = {
        name: len(dates(ask(browser, feed_of(session, user))))
        for name, user in (("learner", here.learner), ("trainer", here.trainer), ("coordinator", here.coordinator))
    }
    assert count == {"learner": 24, "trainer": 24, "coordinator": 48}
    text = ask(browser, feed_of(session, here.learner)).get_data(as_text=True)
    assert f"SUMMARY:{here.area.scheme.name}: session 1" in text.replace("\r\n ", "")
    for secret in (here.learner.name, here.learner.email, here.enrolment.volunteer.name, "Mental", other.name):
        assert secret not in text
    assert (
        ask(browser, feed_of(session, UserFactory(role=Role.FUNDER_READER))).get_data(as_text=True).count("VEVENT") == 0
    )


def test_who_hides_the_scheme_has_appointments(session, browser, here):
    here.enrolment.volunteer.contact.hide_scheme_name = True
    session.commit()
    events = dates(ask(browser, feed_of(session, here.learner)))
    assert {event.summary.value for event in events.values()} == {"Appointment"}


def test_a_booked_catch_up_is_in_the_learners_and_the_tutors_feed(session, browser, here):
    starts = datetime(2026, 9, 18, 16, tzinfo=UTC)
    booking = CatchUpBooking(
        session=number(here.group, 5), enrolment=here.enrolment, starts_at=starts, minutes=60, place="By phone",
        tutor=here.coordinator, booked_at=starts - timedelta(days=2), booked_by_id=here.trainer.id,
    )  # fmt: skip
    session.add(booking)
    session.commit()
    for user in (here.learner, here.coordinator):
        event = dates(ask(browser, feed_of(session, user)))[f"catch-up-{booking.id}@localhost"]
        assert event.summary.value == f"{here.area.scheme.name}: session 5, catch-up"
    assert f"catch-up-{booking.id}@localhost" not in dates(ask(browser, feed_of(session, here.trainer)))


def test_dates_that_did_not_change_are_not_sent_again(session, browser, here):
    path = feed_of(session, here.learner)
    first = ask(browser, path)
    assert first.headers["Content-Type"] == "text/calendar; charset=utf-8"
    with time_machine.travel(datetime(2026, 8, 1, 15, tzinfo=UTC), tick=False):
        again = ask(browser, path, 304, **{"If-None-Match": first.headers["ETag"]})
        assert again.get_data() == b""
        move(here, 5, date(2026, 9, 16))
        session.commit()
        ask(browser, path, 200, **{"If-None-Match": first.headers["ETag"]})


def test_a_new_address_ends_the_old_one_and_ending_it_ends_it(session, browser, here):
    old = feed_of(session, here.learner)
    new = feed_of(session, here.learner)
    ask(browser, old, 404)
    ask(browser, new)
    services.end_feed(here.learner, by=here.learner)
    session.commit()
    ask(browser, new, 404)


def test_the_address_ends_with_the_account(session, browser, here):
    path = feed_of(session, here.learner)
    here.learner.active = False
    session.commit()
    ask(browser, path, 404)
    here.learner.active, here.learner.ends_on = True, date(2026, 7, 31)
    session.commit()
    ask(browser, path, 404)


def test_who_left_the_course_follows_nothing_of_it_any_more(session, browser, here):
    path = feed_of(session, here.learner)
    cohorts.withdraw(here.enrolment, because="Moved away", by=here.coordinator)
    session.commit()
    assert ask(browser, path).get_data(as_text=True).count("VEVENT") == 0


@pytest.mark.parametrize("token", ["x", "x" * 5000, "%00", "..%2F..", "ł"])
def test_an_address_that_was_never_made_is_not_there(session, browser, token):
    ask(browser, f"/calendar/{token}.ics", 404)


def test_the_address_is_shown_once_and_kept_only_hashed(session, browser, here):
    browser.sign_in_as(here.learner).get("/my/course").click("let your calendar follow all your dates")
    assert browser.sees("You get an address of your own")
    browser.submit("Make my address")
    assert browser.heading == "The address of your calendar"
    token = re.search(r"/calendar/([\w-]+)\.ics", browser.html)[1]
    assert len(token) >= 32, "192 bits"
    assert f"webcal://localhost:8000/calendar/{token}.ics" in browser.html
    feed = session.scalars(select(CalendarFeed)).one()
    assert token not in (feed.token_hash, str(feed.__dict__))
    browser.submit("It is in my calendar")
    assert token not in browser.html
    browser.get("/my/calendar/address")
    assert browser.heading == "My calendar"
    ask(browser, f"/calendar/{token}.ics")
    browser.get("/my/calendar").submit("End my address")
    ask(browser, f"/calendar/{token}.ics", 404)
    browser.post("/my/calendar/end", status=409)


def test_one_session_is_taken_along_by_those_whose_it_is(session, browser, here):
    path = f"/sessions/{number(here.group, 5).id}/calendar.ics"
    for user in (here.learner, here.trainer, here.coordinator):
        answer = ask(browser.sign_in_as(user), path)
        assert list(dates(answer)) == [f"session-{number(here.group, 5).id}@localhost"]
        assert "attachment" in answer.headers["Content-Disposition"]
    for stranger in (place().coordinator, UserFactory(role=Role.VOLUNTEER, scheme=here.area.scheme)):
        ask(browser.sign_in_as(stranger), path, 404)


def test_a_feed_costs_the_same_for_one_and_for_ten_cohorts(session, browser, count_queries):
    counts = []
    for many in (1, 10):
        there = place()
        for _ in range(many):
            there.cohort()
        path = feed_of(session, there.coordinator)
        session.expunge_all()
        with count_queries() as counted:
            assert len(dates(ask(browser, path))) == 24 * many
        counts.append(counted.total)
    assert counts[0] == counts[1]


def test_whoever_guesses_addresses_is_slowed_down(session, browser):
    for _ in range(120):
        browser._send("/calendar/guess.ics", method="GET")
    ask(browser, "/calendar/guess.ics", 429)


def test_queries_find_no_feed_of_a_stranger(session, here):
    assert queries.current_feed(here.trainer) is None
