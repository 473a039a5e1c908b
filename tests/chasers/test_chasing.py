"""The letter of the morning: who has it, what it says, at which hour, and that it comes once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal import clock
from portal.access import Role
from portal.chasers import services
from portal.messages.models import Message
from portal.timetable import services as timetable
from portal.worker import TASKS
from tests.attendance.groups import TODAY, group
from tests.factories import UserFactory

NEXT_MORNING = datetime(2026, 10, 7, 6, 0, tzinfo=UTC)  # 07:00 in London, in summer time


@pytest.fixture
def here():
    """A group with everything marked but the session of yesterday, and the one before it half."""
    with time_machine.travel(TODAY, tick=False):
        made = group(2)
        for number in range(1, 10):
            made.save(number, "PP")
        made.save(10, "P.")
    return made


def chased(session, at=NEXT_MORNING):
    """Run the task at this instant; the letters queued by it, by address."""
    known = {each.id for each in session.scalars(select(Message))}
    with time_machine.travel(at, tick=False):
        services.chase(clock.now())
        session.commit()
    letters = session.scalars(select(Message).where(Message.template == "registers_left_open").order_by(Message.id))
    return {each.to_address: each for each in letters if each.id not in known}


def test_trainer_and_coordinator_are_told_which_registers_are_open_the_oldest_first(session, here):
    letters = chased(session)
    assert set(letters) == {here.trainer.email, here.coordinator.email}
    letter = letters[here.trainer.email]
    assert letter.subject == "2 registers are still open"
    lines = [line for line in letter.body.splitlines() if line.startswith("- ")]
    assert lines == [
        "- Cohort 7, session 10, Thursday 1 October 2026: 1 of 2 without a mark",
        "- Cohort 7, session 11, Tuesday 6 October 2026: nobody is marked",
    ]
    assert f"/sessions/{here.held(11).id}/register" in letter.body
    assert all(each.volunteer.name not in letter.body for each in here.people)


def test_nobody_has_two_letters_on_one_day_and_one_comes_again_the_next(session, here):
    assert len(chased(session)) == 2
    assert chased(session, NEXT_MORNING + timedelta(hours=1)) == {}
    assert len(chased(session, NEXT_MORNING + timedelta(days=1))) == 2


def test_letters_end_when_each_register_is_full_or_its_session_called_off(session, here):
    with time_machine.travel(TODAY, tick=False):
        here.save(10, "PP")
        timetable.cancel_session(here.held(11), because="No heating", by=here.trainer)
        session.commit()
    assert chased(session) == {}


def test_strangers_and_those_who_have_left_are_not_written_to(session, here):
    with time_machine.travel(TODAY, tick=False):
        UserFactory(role=Role.TRAINER, area=here.area)
        UserFactory(role=Role.ASSESSOR, area=here.area)
        UserFactory(role=Role.COORDINATOR)
        here.coordinator.active = False
        session.commit()
    assert set(chased(session)) == {here.trainer.email}


def test_a_session_of_today_waits_for_tomorrow(session, here):
    with time_machine.travel(TODAY, tick=False):
        here.save(10, "PP")
    assert chased(session, TODAY.replace(hour=10)) == {}


@pytest.mark.parametrize(
    ("at", "count"),
    [
        (datetime(2026, 10, 24, 5, 0, tzinfo=UTC), 0),  # summer: 06:00 in London
        (datetime(2026, 10, 24, 6, 0, tzinfo=UTC), 2),
        (datetime(2026, 10, 25, 6, 0, tzinfo=UTC), 0),  # the clocks went back in this night: 06:00 again
        (datetime(2026, 10, 25, 7, 0, tzinfo=UTC), 2),
        (datetime(2026, 10, 25, 10, 0, tzinfo=UTC), 2),  # the worker had been away until then
        (datetime(2026, 10, 25, 22, 0, tzinfo=UTC), 0),  # nobody is written to at night
    ],
)
def test_it_is_seven_in_london_whatever_the_clocks_did(session, here, at, count):
    assert len(chased(session, at)) == count


def test_the_worker_asks_at_every_full_hour(session):
    (task,) = [each for each in TASKS if each.name == "chasers.chase"]
    due = [NEXT_MORNING.replace(hour=hour, minute=minute) for hour in range(24) for minute in range(60)]
    assert [at.minute for at in due if task.when(at)] == [0] * 24
