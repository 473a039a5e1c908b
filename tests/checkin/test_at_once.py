"""Two taps at one moment, on PostgreSQL: the second waits for the first and finds that it is done."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import func, select

from portal import clock
from portal.accounts.models import User
from portal.attendance.models import Mark
from portal.checkin import queries, rules, services
from portal.checkin.models import CheckIn
from portal.database import db, session
from portal.volunteers.models import Volunteer
from tests.checkin.groups import hall
from tests.databases import empty_database, portal_on

AT_ONCE = 4


@pytest.fixture
def portal(postgresql_url, tmp_path):
    with empty_database(postgresql_url, tmp_path / "unused") as url, portal_on(url, tmp_path) as app:
        with app.app_context():
            db.create_all()
        yield app


def test_four_taps_at_once_are_one_check_in_and_one_mark(portal: Any) -> None:
    with portal.app_context():
        here = hall(starts_at=clock.now())
        learner = here.learner()
        window = services.open_window(here.sitting, by=here.trainer)
        code, session_id = rules.code_at(window.secret, clock.now()), here.sitting.id
        who, user = learner.volunteer_id, learner.volunteer.user_id
        session.commit()
    together, answers = threading.Barrier(AT_ONCE, timeout=30), []

    def tap() -> None:
        with portal.app_context():
            volunteer, by = session.get_one(Volunteer, who), session.get_one(User, user)
            together.wait()
            done = services.check_in(volunteer, session_id, code=code, arrived_at=clock.now(), by=by)
            session.commit()
            answers.append(done.is_again)

    threads = [threading.Thread(target=tap) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(answers) == [False, True, True, True]
    with portal.app_context():
        counts = [session.scalar(select(func.count()).select_from(model)) for model in (CheckIn, Mark)]
        assert counts == [1, 1]
        assert queries.arrived(session_id)[0].name
