"""Places, the waiting list, changes to a cohort, and breaks from it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm.exc import StaleDataError

from portal.access import Role
from portal.attendance import queries as attendance
from portal.audit.models import AuditLine
from portal.cohorts import rules, services
from portal.cohorts.models import EnrolmentState, Pause
from portal.messages.models import Message
from portal.refusals import Refused
from tests.cohorts.groups import place
from tests.factories import UserFactory

SUMMER = datetime(2026, 8, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_the_summer():
    with time_machine.travel(SUMMER, tick=False):
        yield


def letters(session, template):
    return session.scalars(select(Message).where(Message.template == template).order_by(Message.id)).all()


def on(day: date):
    return time_machine.travel(datetime(day.year, day.month, day.day, 9, tzinfo=UTC), tick=False)


def change(cohort, here, **given):
    facts = {
        "name": cohort.name, "capacity": cohort.capacity, "trainers": list(cohort.trainers),
        "seen_version": cohort.version, "by": here.coordinator,
    }  # fmt: skip
    services.change(cohort, **{**facts, **given})


def test_who_finds_the_group_full_is_told_their_number_and_when_they_get_a_place(session):
    here = place()
    cohort = here.cohort(capacity=1)
    first, second, third = here.enrolled(cohort, 3)
    waiting = letters(session, "put_on_waiting_list")
    assert [each.to_address for each in waiting] == [second.volunteer.email, third.volunteer.email]
    assert "You are number 1 on its waiting list" in waiting[0].body
    assert "You are number 2 on its waiting list" in waiting[1].body
    services.withdraw(first, because="Moved", by=here.coordinator)
    assert [each.to_address for each in letters(session, "enrolled")] == [first.volunteer.email, second.volunteer.email]
    assert (second.state, third.state) == (EnrolmentState.ENROLLED, EnrolmentState.WAITING)


def test_more_places_go_to_who_waited_longest(session):
    here = place()
    cohort = here.cohort(capacity=1)
    people = here.enrolled(cohort, 4)
    change(cohort, here, capacity=3)
    assert [each.state.value for each in people] == ["enrolled", "enrolled", "enrolled", "waiting"]
    assert len(letters(session, "enrolled")) == 3


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"capacity": 1}, "2 people have a place already"),
        ({"capacity": 0}, "from 1 to 60"),
        ({"capacity": 10_000}, "from 1 to 60"),
        ({"name": " "}, "name"),
        ({"trainers": []}, "at least one trainer"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(session, given, words):
    here = place()
    cohort = here.cohort()
    here.enrolled(cohort, 2)
    with pytest.raises(Refused, match=words):
        change(cohort, here, **given)


def test_a_stranger_cannot_become_trainer_and_a_trainer_is_added(session):
    here = place()
    cohort = here.cohort()
    with pytest.raises(Refused, match="is not a trainer in"):
        change(cohort, here, trainers=[UserFactory(role=Role.TRAINER)])
    second = UserFactory(role=Role.TRAINER, area=here.area)
    change(cohort, here, trainers=[here.trainer, second], name="Cohort 7b")
    assert {user.id for user in cohort.trainers} == {here.trainer.id, second.id}
    assert cohort.name == "Cohort 7b"


def test_the_second_of_two_who_change_a_cohort_is_told(session):
    here = place()
    cohort = here.cohort()
    seen = cohort.version
    change(cohort, here, name="First")
    session.commit()
    with pytest.raises(StaleDataError):
        change(cohort, here, name="Second", seen_version=seen)


def test_a_group_may_meet_online_only_and_must_meet_somewhere(session):
    here = place()
    cohort = here.cohort(venue="", meeting_link="https://meet.example.org/a")
    assert cohort.sessions[0].held_online_at == "https://meet.example.org/a"
    with pytest.raises(Refused, match="a place, a link, or both"):
        here.cohort(venue=" ")
    with pytest.raises(Refused, match="https://"):
        here.cohort(meeting_link="http://meet.example.org/a")


@pytest.mark.parametrize(
    ("link", "is_one"),
    [
        ("https://meet.example.org/abc?pwd=1#x", True),
        ("https://meet.example.org:8443/", True),
        ("http://meet.example.org/", False),
        ("https://", False),
        ("https://localhost/", False),
        ("https://me:secret@meet.example.org/", False),
        ("https://meet.example.org:99999/", False),
        ("https://meet.example.org/a b", False),
        ("https://meet.example.org\\@evil.example.org", False),
        ("javascript:alert(1)//https://a.b", False),
        ("https://[::1", False),
    ],
)
def test_a_meeting_link_is_a_whole_encrypted_address(link, is_one):
    assert rules.is_meeting_link(link) is is_one


def test_the_days_off_are_kept_with_the_cohort(session):
    cohort = place().cohort(skip=[date(2026, 9, 24), date(2026, 9, 3)])
    assert cohort.days_off == ["2026-09-03", "2026-09-24"]


def test_a_break_keeps_the_place_counts_nobody_out_and_ends_by_itself(session):
    here = place()
    cohort = here.cohort(capacity=1)
    who, waits = here.enrolled(cohort, 2)
    services.pause(
        who, from_on=date(2026, 9, 10), until_on=date(2026, 9, 20), because="Bereavement", by=here.coordinator
    )
    assert who.state is EnrolmentState.ENROLLED, "the break has not begun"
    (letter,) = letters(session, "paused")
    assert "begins on Thursday 10 September 2026. Its last day is Sunday 20 September 2026." in letter.body
    assert "Bereavement" not in letter.body
    session.commit()
    assert "Bereavement" not in str([each.after for each in session.scalars(select(AuditLine))])
    states = []
    for day in (9, 10, 20, 21):
        with on(date(2026, 9, day)):
            services.mind_breaks(SUMMER)
            services.mind_breaks(SUMMER)
            states.append(who.state.value)
    assert states == ["enrolled", "paused", "paused", "enrolled"]
    assert len(letters(session, "resumed")) == 1
    assert waits.state is EnrolmentState.WAITING, "the place was kept"
    with on(date(2026, 9, 25)):
        facts = attendance.facts_of([who.id])[who.id]
        left_out = [fact.number for fact in facts if fact.is_left_out]
    assert left_out == [4, 5, 6], "10, 15 and 17 September"


def test_somebody_comes_back_before_the_break_is_over(session):
    here = place()
    (who,) = here.enrolled(here.cohort())
    services.pause(who, from_on=date(2026, 8, 1), until_on=None, by=here.coordinator)
    assert who.state is EnrolmentState.PAUSED
    with on(date(2026, 9, 10)):
        services.resume(who, by=here.coordinator)
        (letter,) = letters(session, "resumed")
    assert who.state is EnrolmentState.ENROLLED
    assert session.scalars(select(Pause)).one().until_on == date(2026, 9, 9)
    assert letter.body.count("- ") == 21, "three of the 24 sessions are over"
    with on(date(2026, 9, 10)), pytest.raises(Refused, match="is not taking a break"):
        services.resume(who, by=here.coordinator)


def test_a_break_that_had_not_begun_is_taken_away(session):
    here = place()
    (who,) = here.enrolled(here.cohort())
    services.pause(who, from_on=date(2026, 9, 10), until_on=None, by=here.coordinator)
    services.resume(who, by=here.coordinator)
    assert session.scalars(select(Pause)).all() == []


def test_a_break_is_refused_where_it_makes_no_sense(session):
    here = place()
    cohort = here.cohort(capacity=1)
    who, waits = here.enrolled(cohort, 2)
    with pytest.raises(Refused, match="must not be before"):
        services.pause(who, from_on=date(2026, 9, 10), until_on=date(2026, 9, 9), by=here.coordinator)
    with pytest.raises(Refused, match="within a year"):
        services.pause(who, from_on=date(2036, 9, 10), until_on=None, by=here.coordinator)
    with pytest.raises(Refused, match="is waiting on this course"):
        services.pause(waits, from_on=date(2026, 9, 10), until_on=None, by=here.coordinator)
    services.pause(who, from_on=date(2026, 9, 10), until_on=None, by=here.coordinator)
    with pytest.raises(Refused, match="planned already"):
        services.pause(who, from_on=date(2026, 9, 20), until_on=None, by=here.coordinator)


def test_a_coordinator_gives_a_break_and_ends_it_on_the_page_of_the_cohort(session, browser):
    here = place()
    cohort = here.cohort(capacity=1)
    who = here.enrolled(cohort, 2)[0]
    who.volunteer.email = ""
    session.commit()
    browser.sign_in_as(here.coordinator).get(f"/cohorts/{cohort.id}")
    assert browser.sees("Waiting, number 1 in line")
    browser.click(f"Take a break: {who.volunteer.name}")
    browser.fill({"Last day of the break": date(2026, 7, 1)}).submit("Start the break", status=422)
    assert browser.errors == ["The last day of the break must not be before its first day"]
    browser.fill({"Last day of the break": date(2026, 8, 20)}).submit("Start the break")
    assert browser.sees("Paused until 20 August 2026")
    assert f"Tell them yourself, no email or text reaches them: {who.volunteer.name}" in browser.banners
    browser.submit(f"End the break of {who.volunteer.name}")
    assert browser.banners[0] == f"{who.volunteer.name} is back on Cohort 7"


def test_a_cohort_is_changed_on_its_page_and_of_two_the_second_sees_both(session, browser):
    here = place()
    cohort = here.cohort(capacity=1)
    here.enrolled(cohort, 2)
    browser.sign_in_as(here.coordinator).get(f"/cohorts/{cohort.id}").click("Change name, places or trainers")
    browser.fill({"Places": "10000"}).submit("Save", status=422)
    assert browser.errors == ["Places must be between 1 and 60"]
    change(cohort, here, name="Changed meanwhile")
    session.commit()
    browser.fill({"Places": "5"}).submit("Save", status=409)
    assert browser.sees("Changed meanwhile", "while you had the page open")
    browser.submit("Save")
    session.expire_all()
    assert (cohort.capacity, cohort.name) == (5, "Cohort 7")
    assert {each.state.value for each in cohort.enrolments} == {"enrolled"}


def test_finishing_is_not_offered_while_sessions_are_to_come(session, browser):
    here = place()
    cohort = here.cohort()
    here.enrolled(cohort)
    services.start(cohort, by=here.coordinator)
    session.commit()
    browser.sign_in_as(here.coordinator).get(f"/cohorts/{cohort.id}")
    assert not browser.sees("Finish the course")
    with on(date(2026, 12, 1)):
        browser.sign_in_as(here.coordinator).get(f"/cohorts/{cohort.id}").submit("Finish the course")
