"""The pages on which dates change, as coordinators, trainers and learners go through them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal import clock
from portal.access import Role
from portal.messages.models import Message
from portal.timetable import queries, services
from tests.cohorts.groups import number, place
from tests.factories import UserFactory

NOT_A_LINK = "The link must be a whole web address that starts with https://"
LINK = "https://meet.example.org/abc?pwd=1"


@pytest.fixture(autouse=True)
def _in_the_summer():
    with time_machine.travel(datetime(2026, 8, 1, 9, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def here(session):
    found = place()
    found.group = found.cohort()
    found.people = found.enrolled(found.group, 2)
    return found


def at(here, wanted):
    return number(here.group, wanted)


def day_of(here, wanted):
    return clock.in_london(at(here, wanted).starts_at).date()


def test_a_coordinator_moves_a_session_and_the_later_ones_after_seeing_both(session, browser, here):
    browser.sign_in_as(here.coordinator).get(f"/cohorts/{here.group.id}")
    browser.click(f"5. {at(here, 5).title}").click("Move this session")
    browser.fill({"New day": date(2026, 9, 17)}).submit("See what changes")
    assert browser.heading == "Check the move"
    assert browser.sees("Session 6 of this group is at the same time", "nothing speaks against it")
    assert browser.sees("Thu 17 Sep 2026, 6:00pm to 8:00pm", "Tue 22 Sep 2026, 6:00pm to 8:00pm")
    assert day_of(here, 5) == date(2026, 9, 15), "nothing is saved yet"
    browser.submit("Move and tell everybody", status=422)
    assert browser.errors == ["Choose whether the later ones move too"]
    browser.fill({"Move later ones too?": "Yes, move the later ones too"}).submit("Move and tell everybody")
    session.expire_all()
    assert browser.banners == ["20 sessions changed. Everybody has been told"]
    assert [day_of(here, each) for each in (5, 6)] == [date(2026, 9, 17), date(2026, 9, 22)]


def test_only_one_session_is_moved_when_that_is_the_answer(session, browser, here):
    browser.sign_in_as(here.coordinator).get(f"/sessions/{at(here, 5).id}/move")
    browser.fill({"New day": date(2026, 9, 16), "Starts at": "5:30pm"}).submit("See what changes")
    assert not browser.sees("Move later ones too?"), "a day between two slots moves nobody else"
    browser.submit("Change something")
    assert browser.value("Starts at") == "5:30pm"
    browser.submit("See what changes").submit("Move and tell everybody")
    session.expire_all()
    assert browser.banners == ["1 session changed. Everybody has been told"]
    assert (day_of(here, 5), day_of(here, 6)) == (date(2026, 9, 16), date(2026, 9, 17))


def test_of_two_people_who_move_at_once_the_second_sees_what_the_first_did(session, browser, here, app):
    browser.sign_in_as(here.coordinator).get(f"/sessions/{at(here, 5).id}/move")
    browser.fill({"New day": date(2026, 9, 18)}).submit("See what changes")
    other = UserFactory(role=Role.COORDINATOR, area=here.area, name="Olu Other")
    seen = queries.fingerprint(here.group, queries.timetable_of(here.group.id))
    services.move_session(
        at(here, 5), on=date(2026, 9, 16), at=datetime(2026, 9, 16, 17, 30, tzinfo=UTC).time(), venue="The Hub",
        meeting_link="", seen=seen, with_later=False, by=other,
    )  # fmt: skip
    session.commit()
    browser.fill({"Move later ones too?": "No, only this one"}).submit("Move and tell everybody", status=409)
    assert browser.sees(
        "changed this while you had the page open", "16 September 2026, 5:30pm", "18 September 2026, 18:00"
    )
    browser.submit("See what changes").fill({"Move later ones too?": "No, only this one"})
    browser.submit("Move and tell everybody")
    session.expire_all()
    assert day_of(here, 5) == date(2026, 9, 18)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"Starts at": "25:00"}, "The start must be a time, like 6pm or 18:30"),
        ({"Starts at": "23:30"}, "Wednesday 23:30: the session must end before midnight."),
        ({"Where it is held": ""}, "Enter where it is held, or the link to the online meeting"),
        ({"Link to the online meeting": "http://meet.example.org"}, NOT_A_LINK),
        ({"Link to the online meeting": "javascript:alert(1)"}, NOT_A_LINK),
        ({"Link to the online meeting": "https://user:pw@meet.example.org"}, NOT_A_LINK),
        ({"Link to the online meeting": "https://localhost:x"}, NOT_A_LINK),
    ],
)  # fmt: skip
def test_a_wrong_answer_gets_a_message_and_keeps_what_was_typed(session, browser, here, wrong, words):
    browser.sign_in_as(here.coordinator).get(f"/sessions/{at(here, 5).id}/move")
    browser.fill({"New day": date(2026, 9, 16), "Starts at": "17:30"} | wrong).submit("See what changes", status=422)
    assert browser.errors == [words]
    assert browser.value(next(iter(wrong))) == next(iter(wrong.values()))


def test_a_session_that_was_held_is_moved_only_with_the_box_ticked(session, browser, here):
    with time_machine.travel(datetime(2026, 9, 20, 9, tzinfo=UTC), tick=False):
        browser.sign_in_as(here.coordinator).get(f"/sessions/{at(here, 5).id}/move")
        browser.fill({"New day": date(2026, 9, 16)}).submit("See what changes")
        assert browser.sees("Wednesday 16 September 2026 is in the past")
        browser.submit("Move and tell everybody", status=422)
        assert browser.errors == ["Tick the box if you mean to move a session that was held or marked"]
        sure = "Move it all the same: it was held or marked already, and its marks stay with it"
        browser.fill({sure: True}).submit("Move and tell everybody")
        assert browser.banners == ["1 session changed"]


def test_all_later_sessions_go_online(session, browser, here):
    here.people[0].volunteer.email = ""
    session.commit()
    browser.sign_in_as(here.coordinator).get(f"/sessions/{at(here, 23).id}").click("Change where it is")
    browser.fill({"Where it is held": "", "Link to the online meeting": LINK}).submit(
        "Save and tell everybody", status=422
    )
    assert browser.errors == ["Choose for which sessions"]
    browser.fill({"For which sessions?": "This one and every later one"}).submit("Save and tell everybody")
    assert browser.banners[0] == "2 sessions changed. Everybody has been told"
    assert browser.banners[1] == f"Tell them yourself, no email or text reaches them: {here.people[0].volunteer.name}"
    session.expire_all()
    assert (at(here, 24).held_in, at(here, 24).held_online_at) == ("", LINK)
    browser.get(f"/sessions/{at(here, 24).id}").click("Who to ring about changes")
    assert browser.sees(here.people[0].volunteer.preferred_name, "Leave no voicemail", "Online only")
    assert not browser.sees(here.people[1].volunteer.preferred_name)


def test_a_cancelled_session_is_held_on_another_day(session, browser, here):
    browser.sign_in_as(here.coordinator).get(f"/sessions/{at(here, 5).id}").click("Cancel this session")
    browser.fill({"Why did it not take place?": "No heating"}).submit("Cancel this session")
    browser.get(f"/sessions/{at(here, 5).id}").click("Hold it on another day")
    assert browser.sees("The first free time of the group after its last session is 24 November 2026 at 6:00pm")
    browser.fill({"New day": date(2026, 7, 1)}).submit("Add the extra session", status=422)
    assert browser.errors == ["The new day must be in the future"]
    browser.fill({"New day": date(2026, 11, 24)}).submit("Add the extra session")
    assert browser.heading.startswith("Session 5: ")
    assert browser.banners == ["Session 5 is now on 24 November 2026, 6:00pm"]
    assert len(session.scalars(select(Message).where(Message.template == "dates_changed")).all()) == 6


def test_the_door_of_an_online_session_opens_a_quarter_of_an_hour_before(session, browser, here):
    session_5 = at(here, 5)
    session_5.meeting_link = LINK
    learner = UserFactory(role=Role.VOLUNTEER, scheme=here.area.scheme)
    here.people[0].volunteer.user = learner
    session.commit()
    path = f"/sessions/{session_5.id}/join"
    for user in (learner, here.trainer, here.coordinator):
        with time_machine.travel(session_5.starts_at - timedelta(minutes=16), tick=False):
            browser.sign_in_as(user).get(path)
            assert browser.sees("You can join from 5:45pm on 15 September 2026.")
            assert "meet.example.org" not in browser.html
        with time_machine.travel(session_5.starts_at - timedelta(minutes=15), tick=False):
            answer = browser.sign_in_as(user)._send(path, method="GET")
            assert (answer.status_code, answer.headers["Location"]) == (302, LINK)
        with time_machine.travel(session_5.ends_at + timedelta(hours=1), tick=False):
            assert browser.sign_in_as(user).get(path).sees("This session is over.")
    browser.sign_in_as(learner).get(f"/sessions/{at(here, 6).id}/join")
    assert browser.sees("This session is not online.", "The Hub")


def test_the_door_stays_shut_for_strangers_for_who_left_and_when_it_is_off(session, browser, here):
    session_5 = at(here, 5)
    session_5.meeting_link = LINK
    learner = UserFactory(role=Role.VOLUNTEER, scheme=here.area.scheme)
    here.people[0].volunteer.user = learner
    session.commit()
    with time_machine.travel(session_5.starts_at, tick=False):
        path = f"/sessions/{session_5.id}/join"
        for stranger in (UserFactory(role=Role.VOLUNTEER, scheme=here.area.scheme), place().coordinator):
            browser.sign_in_as(stranger).get(path, status=404)
        services.cancel_session(session_5, because="Snow", by=here.trainer)
        session.commit()
        assert browser.sign_in_as(learner).get(path).sees("This session does not take place.")


def test_a_trainer_sees_a_session_and_may_not_move_it(session, browser, here):
    browser.sign_in_as(here.trainer).get(f"/sessions/{at(here, 5).id}")
    assert browser.sees("Cancel this session")
    assert not browser.sees("Move this session")
    browser.get(f"/sessions/{at(here, 5).id}/move", status=403)


def test_the_list_to_ring_costs_the_same_for_one_and_for_twenty_people(session, browser, count_queries):
    counts = []
    for size in (1, 20):
        there = place()
        path = f"/cohorts/{there.enrolled(there.cohort(), size, email='')[0].cohort_id}/to-ring"
        browser.sign_in_as(there.coordinator).get(path)
        session.expunge_all()
        with count_queries() as counted:
            browser.get(path)
        counts.append(counted.total)
        assert browser.html.count("☐") == size
    assert counts[0] == counts[1]
