"""Saying that one cannot come, and taking it back."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from courses.marks import AbsenceReason
from portal.apologies import queries, services
from portal.apologies.models import ApologyBy
from portal.audit.models import AuditLine
from portal.cohorts.models import EnrolmentState
from portal.database import session as database
from portal.refusals import Refused
from portal.registers import queries as registers
from portal.timetable import services as timetable
from tests.attendance.groups import TODAY, group


@pytest.fixture(autouse=True)
def _on_the_evening_of_session_eleven():
    with time_machine.travel(TODAY, tick=False):
        yield


def tell(here, number=12, person=0, **given):
    facts = {"how": ApologyBy.PAGE, "by": here.trainer, **given}
    apology = services.apologise(here.held(number), here.people[person], **facts)
    database.commit()
    return apology


def test_an_apology_is_there_for_the_register_and_marks_nobody(session):
    here = group(2)
    tell(here, reason=AbsenceReason.ILLNESS, note="  A cold,\nI think ")
    told = queries.of_session(here.held(12).id)
    assert list(told) == [here.people[0].id]
    assert (told[here.people[0].id].reason, told[here.people[0].id].note) == (AbsenceReason.ILLNESS, "A cold, I think")
    register = registers.register(here.held(12).id, seen_by=here.trainer)
    assert all(person.code is None for person in register.people.values())


def test_said_twice_the_later_words_count_and_there_is_one(session):
    here = group(1)
    first = tell(here, reason=AbsenceReason.WORK, note="A shift")
    second = tell(here, how=ApologyBy.TEXT)
    assert first.id == second.id
    assert (second.reason, second.note, second.by) == (None, "", ApologyBy.TEXT)


def test_what_was_taken_back_is_not_on_the_register_and_can_be_said_again(session):
    here = group(1)
    tell(here)
    services.take_back(here.held(12), here.people[0], by=here.trainer)
    assert queries.of_session(here.held(12).id) == {}
    tell(here)
    assert len(queries.of_session(here.held(12).id)) == 1


def test_once_the_session_has_begun_it_is_too_late_to_say_it_or_take_it_back(session):
    here = group(1)
    tell(here)
    with time_machine.travel(here.held(12).starts_at - timedelta(seconds=1), tick=False):
        tell(here)
    with time_machine.travel(here.held(12).starts_at, tick=False):
        with pytest.raises(Refused, match="has begun"):
            tell(here)
        with pytest.raises(Refused, match="has begun"):
            services.take_back(here.held(12), here.people[0], by=here.trainer)


def test_nobody_apologises_for_what_does_not_take_place(session):
    here = group(1)
    timetable.cancel_session(here.held(12), because="Snow", by=here.trainer)
    with pytest.raises(Refused, match="does not take place"):
        tell(here)


@pytest.mark.parametrize("state", [EnrolmentState.PAUSED, EnrolmentState.WAITING])
def test_only_who_is_on_the_course_apologises(session, state):
    here = group(1)
    here.people[0].state = state
    with pytest.raises(Refused, match="on the course just now"):
        tell(here)


def test_a_note_that_is_too_long_is_refused(session):
    with pytest.raises(Refused, match="300 characters or fewer"):
        tell(group(1), note="a" * 301)


def test_the_record_says_that_there_is_a_reason_but_not_which(session):
    here = group(1)
    apology = tell(here, reason=AbsenceReason.PROBATION_OR_COURT, note="Court at ten")
    line = database.scalars(
        select(AuditLine).where(AuditLine.table_name == "apology", AuditLine.row_id == apology.id)
    ).one()
    assert line.volunteer_id == here.people[0].volunteer_id
    assert "court" not in str(line.after).lower()


def test_the_apologies_of_a_session_cost_one_statement(session, count_queries):
    here = group(12)
    for person in range(12):
        tell(here, person=person)
    session.expire_all()
    session_id = here.held(12).id
    with count_queries() as counted:
        assert len(queries.of_session(session_id)) == 12
    assert counted.total == 1
