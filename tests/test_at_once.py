"""Two who do the same at one moment, on PostgreSQL: the second waits for the first, and is then refused.

On SQLite every writer has the whole database to itself, so there is nothing to hold.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from portal import clock
from portal.access import Role
from portal.accounts import services as accounts
from portal.accounts.models import User
from portal.appointments import services as appointments
from portal.checks import services as checks
from portal.checks.models import Eligibility
from portal.database import db, session
from portal.decisions import services as decisions
from portal.duplicates import services as duplicates
from portal.interviews import services as interviews
from portal.interviews.models import Interview, Setting
from portal.interviews.rules import ScoreArea
from portal.refusals import Refused
from portal.volunteers.journey import Stage
from portal.volunteers.models import Volunteer
from tests.databases import empty_database, portal_on
from tests.factories import (
    EligibilityFactory,
    InterviewFactory,
    SchemeFactory,
    SlotFactory,
    UserFactory,
    VolunteerFactory,
)

Verb = Callable[[], object]
DEADLINE = 30
WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


@pytest.fixture(scope="module")
def portal(postgresql_url, tmp_path_factory):
    folder = tmp_path_factory.mktemp("at-once")
    with empty_database(postgresql_url, folder / "unused") as url, portal_on(url, folder) as app:
        with app.app_context():
            db.create_all()
        yield app


def apply_for_a_check() -> Callable[[], Verb]:
    volunteer = VolunteerFactory(stage=Stage.OFFERED)
    eligibility, worker = EligibilityFactory(scheme=volunteer.scheme), UserFactory()
    keys = (volunteer.id, eligibility.id, worker.id)

    def load() -> Verb:
        who, what = session.get_one(Volunteer, keys[0]), session.get_one(Eligibility, keys[1])
        by = session.get_one(User, keys[2])
        return lambda: checks.apply(
            who, eligibility=what, applied_on=clock.today(), application_reference="", free_as_volunteer=False, by=by
        )

    return load


def plan_an_interview() -> Callable[[], Verb]:
    volunteer, worker = VolunteerFactory(stage=Stage.INTERVIEWING), UserFactory()
    keys = (volunteer.id, worker.id)

    def load() -> Verb:
        who, by = session.get_one(Volunteer, keys[0]), session.get_one(User, keys[1])
        at = clock.now() + timedelta(days=3)
        return lambda: interviews.invite(who, planned_at=at, setting=Setting.PHONE, place="", interviewer=by, by=by)

    return load


def accept_an_invitation() -> Callable[[], Verb]:
    scheme, admin, invited = SchemeFactory(), UserFactory(), UserFactory()
    _, token = accounts.invite(email=invited.email, name="X", role=Role.TRAINER, scheme=scheme, by=admin)
    session.commit()
    key = admin.id

    def load() -> Verb:
        by = session.get_one(User, key)
        return lambda: accounts.accept_invitation(token, password="lantern otter quarry", by=by)

    return load


def take_the_same_time() -> Callable[[], Verb]:
    """Two applicants, each with a link, press the same time."""
    slot, worker = SlotFactory(), UserFactory()
    people = [VolunteerFactory(area=slot.area, stage=Stage.INTERVIEWING) for _ in range(2)]
    for each in people:
        interviews.link_for(each)
    session.commit()
    keys, turns = (slot.id, worker.id), iter([each.id for each in people])

    def load() -> Verb:
        who, by = session.get_one(Volunteer, next(turns)), session.get_one(User, keys[1])
        return lambda: appointments.take(who, keys[0], by=by)

    return load


def join_two_records() -> Callable[[], Verb]:
    kept, worker = VolunteerFactory(stage=Stage.APPLIED), UserFactory()
    other = VolunteerFactory(area=kept.area, stage=Stage.APPLYING)
    keys = (kept.id, other.id, worker.id)

    def load() -> Verb:
        one, two = session.get_one(Volunteer, keys[0]), session.get_one(Volunteer, keys[1])
        by = session.get_one(User, keys[2])
        return lambda: duplicates.join(one, two, because="Rang them", by=by)

    return load


def ask_one_interviewer_for_two_talks() -> Callable[[], Verb]:
    """Two coordinators plan with two applicants, and name one interviewer at one time."""
    people, worker = [VolunteerFactory(stage=Stage.INTERVIEWING) for _ in range(2)], UserFactory()
    turns, key = iter([each.id for each in people]), worker.id

    def load() -> Verb:
        who, by = session.get_one(Volunteer, next(turns)), session.get_one(User, key)
        at = clock.now() + timedelta(days=3)
        return lambda: interviews.invite(who, planned_at=at, setting=Setting.PHONE, place="", interviewer=by, by=by)

    return load


def decide_otherwise() -> Callable[[], Verb]:
    """One offers a place while another decides on a no."""
    at = clock.now() - timedelta(hours=1)
    talk = InterviewFactory(planned_at=at, held_at=at, scores={each.value: 3 for each in ScoreArea})
    worker = UserFactory()
    keys, turns = (talk.id, worker.id), iter(("no", "yes"))  # the one who loads first comes second

    def load() -> Verb:
        interview, by = session.get_one(Interview, keys[0]), session.get_one(User, keys[1])
        if next(turns) == "yes":
            return lambda: decisions.offer(interview.volunteer, interview=interview, because="Kind", by=by)
        assert interview.volunteer.stage is Stage.INTERVIEWING
        return lambda: decisions.decline(interview.volunteer, because="Full", by=by)

    return load


@pytest.mark.parametrize(
    "given",
    [
        apply_for_a_check, plan_an_interview, accept_an_invitation, take_the_same_time, join_two_records,
        ask_one_interviewer_for_two_talks, decide_otherwise,
    ],
)  # fmt: skip
def test_what_may_happen_once_happens_once(portal: Any, given: Callable[[], Callable[[], Verb]]) -> None:
    with portal.app_context():
        load = given()
    is_loaded, is_done = threading.Event(), threading.Event()
    second: list[object] = []

    def do_it_too() -> None:
        with portal.app_context():
            verb = load()  # it sees nothing of the first
            is_loaded.set()
            is_done.wait(DEADLINE)
            try:
                verb()
                session.commit()
                second.append("done")
            except Exception as error:
                second.append(error)

    thread = threading.Thread(target=do_it_too)
    thread.start()
    assert is_loaded.wait(DEADLINE)
    with portal.app_context():
        load()()
        is_done.set()
        with db.engine.connect() as watch:
            until = time.monotonic() + DEADLINE
            while thread.is_alive() and not watch.scalar(WAITING) and time.monotonic() < until:
                pass
        session.commit()
    thread.join(DEADLINE)
    assert [type(each) for each in second] == [Refused], second
