"""From the file to the register, with a look at every step."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from sqlalchemy import select

from courses.marks import Code
from portal.attendance.models import Mark
from portal.meetings import services
from portal.refusals import Refused
from portal.registers.rules import NewMark
from portal.registers.services import save_register
from tests.browser import Browser
from tests.checkin.groups import STARTS, hall
from tests.meetings import lists


@pytest.fixture
def time(session):
    with time_machine.travel(STARTS + timedelta(hours=3), tick=False) as moving:
        yield moving


@pytest.fixture
def here(time):
    return hall()


@pytest.fixture
def people(here):
    return here.learner(name="Asha Green", email="asha@example.org"), here.learner(name="Ben Brown")


@pytest.fixture
def desk(app, here):
    return Browser(app).sign_in_as(here.trainer)


def upload(desk, here, content, **given):
    desk.get(f"/sessions/{here.sitting.id}/meeting-list")
    return desk.fill({"The meeting’s list": (BytesIO(content), "list.csv")}).submit("Read the list", **given)


def marks(session):
    session.expire_all()
    return {mark.enrolment_id: (mark.code, mark.minutes, mark.note) for mark in session.scalars(select(Mark))}


@pytest.mark.parametrize("name", ["TEAMS", "ZOOM", "MEET"])
def test_a_list_becomes_marks_after_two_looks(desk, here, people, session, name):
    asha, ben = people
    upload(desk, here, getattr(lists, name))
    assert desk.heading == "Who is who?"
    assert desk.sees("Found by email", "2 people in the meeting’s list")
    if name == "ZOOM":
        assert desk.sees("Not found: choose")
        desk.fill({"Brown, Ben (Ben Brown)": "Ben Brown"})
    desk.submit("Show the marks")
    assert marks(session) == {}
    assert desk.sees("Asha Green: Present online", "Ben Brown: Late, 25 minutes missed")
    desk.submit("Save the ticked marks")
    assert desk.sees("2 marks saved from the meeting’s list")
    assert marks(session) == {
        asha.id: (Code.V, None, ""),
        ben.id: (Code.L, 25, "Online 18:25 to 20:00, there for 95 minutes"),
    }


def test_who_was_not_there_gets_no_mark(desk, here, people, session):
    third = here.learner()
    upload(desk, here, lists.TEAMS).submit("Show the marks").submit("Save the ticked marks")
    assert third.id not in marks(session)


def test_a_mark_that_is_there_stays_unless_it_is_ticked(desk, here, people, session):
    _, ben = people
    save_register(here.sitting, [NewMark(ben.id, Code.U)], seen_version=0, by=here.trainer)
    session.commit()
    upload(desk, here, lists.TEAMS).submit("Show the marks")
    assert desk.sees("Marked now: ")
    desk.submit("Save the ticked marks")
    assert marks(session)[ben.id][0] is Code.U
    upload(desk, here, lists.TEAMS).submit("Show the marks")
    desk.fill(**{f"take-{ben.id}": True}).submit("Save the ticked marks")
    assert marks(session)[ben.id][:2] == (Code.L, 25)


def test_a_mark_made_meanwhile_is_not_overwritten_and_is_shown(desk, here, people, session):
    asha, _ = people
    upload(desk, here, lists.TEAMS).submit("Show the marks")
    save_register(here.sitting, [NewMark(asha.id, Code.U)], seen_version=0, by=here.trainer)
    session.commit()
    desk.submit("Save the ticked marks", status=422)
    assert desk.errors == ["Asha Green was marked by somebody else meanwhile"]
    assert desk.sees("Marked now: ")
    assert {who: mark[0] for who, mark in marks(session).items()} == {asha.id: Code.U}


def test_nothing_ticked_and_nobody_there_are_said(desk, here, people, session):
    upload(desk, here, lists.TEAMS).submit("Show the marks")
    for each in people:
        desk.fill(**{f"take-{each.id}": False})
    desk.submit("Save the ticked marks", status=422)
    assert desk.errors == ["Tick at least one person"]
    upload(desk, here, b"Name,Join Time,Leave Time\nAsha Green,17:00,17:30\n").submit("Show the marks")
    assert desk.sees("Nobody of the group was there during the session")


def test_a_bad_file_is_answered_at_the_field(desk, here, people, session):
    upload(desk, here, b"Name,Join Time\nAnn,nonsense\n", status=422)
    assert desk.errors == ["Line 2: “nonsense” is not a time we can read"]
    desk.submit("Read the list", status=422)
    assert desk.errors == ["Choose the meeting’s list"]


def test_rubbish_for_who_is_who_marks_nobody(desk, here, people, session):
    stranger = hall(area=here.cohort.area).learner()
    upload(desk, here, lists.TEAMS)
    sealed = desk.value("list")
    for who in ("x", "-1", "9" * 30, str(stranger.id)):
        desk.post(desk.path, {"list": sealed, "do": "save", "who-0": who, f"take-{stranger.id}": "y"}, status=422)
        assert desk.errors == ["Choose only people of this group"]
    assert marks(session) == {}


def test_a_list_that_was_forged_is_too_old_or_another_sessions_is_read_anew(desk, here, people, time):
    upload(desk, here, lists.TEAMS)
    sealed = desk.value("list")
    desk.post(desk.path, {"list": "forged", "do": "who"}, status=422)
    assert desk.errors == [services.CHOOSE_AGAIN]
    with pytest.raises(Refused):
        services.unpacked(sealed, session_id=here.sitting.id + 1)
    assert len(services.unpacked(sealed, session_id=here.sitting.id)) == 3
    time.shift(timedelta(hours=2, seconds=1))
    with pytest.raises(Refused):
        services.unpacked(sealed, session_id=here.sitting.id)


def test_a_locked_register_asks_why(desk, here, people, session, time):
    time.shift(timedelta(days=30))
    desk.sign_in_as(here.trainer)
    upload(desk, here, lists.TEAMS).submit("Show the marks").submit("Save the ticked marks", status=422)
    assert desk.errors == ["This register is locked: say why you are changing it"]
    desk.fill({"Why are you changing it now?": "The list came late"}).submit("Save the ticked marks")
    assert len(marks(session)) == 2
