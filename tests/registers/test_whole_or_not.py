"""A save is whole or not at all, and four at one moment leave one mark a person."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import time_machine
from sqlalchemy import event, func, select
from sqlalchemy.exc import IntegrityError

from courses.marks import Code
from portal.accounts.models import User
from portal.attendance.models import Mark
from portal.audit.models import AuditLine
from portal.cohorts.models import CohortSession
from portal.database import db, session
from portal.registers import services
from portal.registers.rules import NewMark, RegisterConflict
from tests.attendance.groups import TODAY, group
from tests.databases import empty_database, portal_on
from tests.factories import UserFactory

DEADLINE = 60
SESSION, PEOPLE, TRAINERS = 11, 20, 4


@pytest.fixture(autouse=True)
def _on_the_evening_of_session_eleven():
    with time_machine.travel(TODAY, tick=False):
        yield


def kept(session_id):
    """What is kept of a session: its marks, its version, and lines of the record about marks."""
    marks = session.execute(select(Mark.enrolment_id, Mark.code).where(Mark.session_id == session_id)).all()
    version = session.scalar(select(CohortSession.register_version).where(CohortSession.id == session_id))
    lines = session.scalar(select(func.count()).select_from(AuditLine).where(AuditLine.table_name == "mark"))
    return sorted((who, code.value) for who, code in marks), version, lines


class SecondRowFails:
    """While it is open, the database refuses the second mark of every save: a crash between two marks."""

    def __enter__(self) -> None:
        event.listen(db.engine, "before_cursor_execute", self._spoil, retval=True)

    def __exit__(self, *_error: object) -> None:
        event.remove(db.engine, "before_cursor_execute", self._spoil)

    def _spoil(self, _connection: Any, _cursor: Any, statement: str, given: Any, _context: Any, many: bool) -> Any:
        if statement.startswith("INSERT INTO mark ") and many:
            spoilt = [dict(each) if isinstance(each, dict) else list(each) for each in given]
            nobody = 2_000_000_000
            if isinstance(spoilt[1], dict):
                spoilt[1]["enrolment_id"] = nobody
            else:
                spoilt[1][1] = nobody
            given = [each if isinstance(each, dict) else tuple(each) for each in spoilt]
        return statement, given


def test_a_save_that_breaks_at_its_second_mark_keeps_none_and_the_next_keeps_all(session):
    here = group(3)
    meeting = here.held(SESSION).id
    before = kept(meeting)
    with SecondRowFails(), pytest.raises(IntegrityError):
        here.save(SESSION, "PUP")
    session.rollback()
    assert kept(meeting) == before
    here.save(SESSION, "PUP")
    marks, version, lines = kept(meeting)
    assert ([code for _, code in marks], version, lines) == (["P", "U", "P"], before[1] + 1, before[2] + 3)


@pytest.fixture
def portal(postgresql_url, tmp_path):
    with empty_database(postgresql_url, tmp_path / "unused") as url, portal_on(url, tmp_path) as app:
        with app.app_context():
            db.create_all()
        yield app


def test_four_trainers_who_save_one_new_register_at_once_leave_one_mark_a_person(portal):
    with portal.app_context():
        here = group(PEOPLE)
        meeting, people = here.held(SESSION).id, [each.id for each in here.people]
        trainers = [here.trainer.id, *(UserFactory().id for _ in range(TRAINERS - 1))]
        session.commit()
    together = threading.Barrier(TRAINERS)
    ended: dict[int, object] = {}

    def save(number: int) -> None:
        # each opened the new register: nobody was marked; every second person is marked alike by all four
        marks = [
            NewMark(who, Code.P if place % 2 else (Code.P, Code.U)[number % 2], seen="")
            for place, who in enumerate(people)
        ]
        with portal.app_context():
            try:
                by = session.get_one(User, trainers[number])
                meeting_row = session.get_one(CohortSession, meeting)
                session.rollback()
                together.wait(DEADLINE)
                services.save_register(meeting_row, marks, seen_version=0, by=by)
                session.commit()
                ended[number] = "saved"
            except Exception as error:
                session.rollback()
                ended[number] = error

    threads = [threading.Thread(target=save, args=(number,)) for number in range(TRAINERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLINE)
    first = [number for number in ended if ended[number] == "saved"]
    assert {type(each) for each in ended.values() if each != "saved"} == {RegisterConflict}, ended
    assert len(ended) == TRAINERS
    assert len({number % 2 for number in first}) == 1, "those who say the same are saved, those who differ are asked"
    with portal.app_context():
        rows = session.execute(select(Mark.enrolment_id, Mark.code).where(Mark.session_id == meeting)).all()
        letters = {row[0]: row[1] for row in rows}
        assert (len(rows), sorted(letters)) == (PEOPLE, sorted(people))
        wanted = (Code.P, Code.U)[first[0] % 2]
        assert [letters[who] for who in people] == [Code.P if place % 2 else wanted for place in range(PEOPLE)]
        record = select(func.count()).select_from(AuditLine).where(AuditLine.table_name == "mark")
        assert session.scalar(record) == PEOPLE
