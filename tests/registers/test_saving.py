"""Saving a register: every code, what is refused, and what happens when two people mark at once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from courses.marks import AbsenceReason, Code
from portal import clock
from portal.attendance import queries as attendance_queries
from portal.attendance import rules as attendance_rules
from portal.attendance import services as attendance
from portal.attendance.models import Mark
from portal.audit.models import AuditLine
from portal.cohorts import services as cohorts
from portal.cohorts.models import EnrolmentState
from portal.refusals import Refused
from portal.registers import queries, rules, services
from portal.registers.rules import NewMark, RegisterConflict, RegisterInvalid
from portal.timetable import services as timetable
from portal.volunteers.journey import Stage
from tests.attendance.groups import TODAY, group, mark
from tests.factories import EnrolmentFactory, UserFactory

OPEN_SESSION = 11


@pytest.fixture(autouse=True)
def _on_the_evening_of_session_eleven():
    with time_machine.travel(TODAY, tick=False):
        yield


def kept(session, enrolment):
    """The marks of somebody, fresh from the database."""
    return session.scalars(
        select(Mark).where(Mark.enrolment_id == enrolment.id).execution_options(populate_existing=True)
    ).all()


@pytest.mark.parametrize("code", sorted(rules.MARKABLE, key=lambda code: code.value))
def test_every_mark_a_person_can_have_is_kept_whole(session, code):
    here = group(1)
    here.save(OPEN_SESSION, code.value)
    (saved,) = kept(session, here.people[0])
    assert (saved.code, saved.session_id, saved.marked_by_id) == (code, here.held(OPEN_SESSION).id, here.trainer.id)
    assert saved.minutes == {Code.L: 20, Code.E: 40}.get(code)
    assert saved.reason == (AbsenceReason.MEDICAL_APPT if code is Code.A else None)


@pytest.mark.parametrize("code", [Code.C, Code.N, Code.X])
def test_what_the_portal_works_out_by_itself_cannot_be_marked(session, code):
    here = group(1)
    with pytest.raises(RegisterInvalid, match="cannot be marked for one person"):
        here.save(OPEN_SESSION, code.value)
    assert kept(session, here.people[0]) == []


def test_marking_again_changes_the_mark_and_never_makes_a_second_one(session):
    here = group(1)
    here.save(OPEN_SESSION, "L")
    here.save(OPEN_SESSION, "P")
    (saved,) = kept(session, here.people[0])
    assert (saved.code, saved.minutes) == (Code.P, None)


def test_a_mark_can_be_taken_away(session):
    here = group(2)
    here.save(OPEN_SESSION, "PP")
    meeting = here.held(OPEN_SESSION)
    services.save_register(
        meeting, [NewMark(here.people[0].id, None)], seen_version=meeting.register_version, by=here.trainer
    )
    assert [len(kept(session, each)) for each in here.people] == [0, 1]


def test_minutes_and_reasons_of_another_tap_are_dropped(session):
    here = group(1)
    meeting = here.held(OPEN_SESSION)
    marks = [NewMark(here.people[0].id, Code.P, 20, AbsenceReason.WORK)]
    services.save_register(meeting, marks, seen_version=0, by=here.trainer)
    (saved,) = kept(session, here.people[0])
    assert (saved.minutes, saved.reason) == (None, None)


@pytest.mark.parametrize(
    ("code", "given", "field", "words"),
    [
        ("L", {"minutes": None}, "minutes", "Enter how many minutes"),
        ("E", {"minutes": None}, "minutes", "Enter how many minutes"),
        ("L", {"minutes": 0}, "minutes", "from 1 to 119"),
        ("L", {"minutes": 120}, "minutes", "from 1 to 119"),
        ("E", {"minutes": -5}, "minutes", "from 1 to 119"),
        ("A", {"reason": None}, "reason", "Choose why"),
        ("P", {"note": "x" * 301}, "note", "300 characters or fewer"),
    ],
)
def test_a_mark_without_what_it_needs_is_refused_and_nothing_is_written(session, code, given, field, words):
    here = group(2)
    good, bad = mark(here.people[0], "P"), mark(here.people[1], code, **given)
    with pytest.raises(RegisterInvalid, match=words) as refused:
        services.save_register(here.held(OPEN_SESSION), [good, bad], seen_version=0, by=here.trainer)
    assert [(each.enrolment_id, each.field) for each in refused.value.problems] == [(here.people[1].id, field)]
    assert kept(session, here.people[0]) == []


def test_somebody_who_is_not_on_the_register_cannot_be_marked(session):
    here, stranger = group(1), EnrolmentFactory()
    with pytest.raises(RegisterInvalid, match="not on this register"):
        services.save_register(here.held(OPEN_SESSION), [mark(stranger, "P")], seen_version=0, by=here.trainer)


def test_who_waits_for_a_place_is_not_on_the_register(session):
    here = group(1)
    here.people[0].state = EnrolmentState.WAITING
    session.commit()
    assert queries.register(here.held(OPEN_SESSION).id, seen_by=here.trainer).people == {}


def test_who_had_not_joined_is_on_a_break_or_has_left_is_shown_and_cannot_be_marked(session):
    here = group(4)
    late, resting, gone, withdrawn = here.people
    late.joined_on = date(2026, 10, 7)
    resting.state = EnrolmentState.PAUSED
    gone.state, gone.ended_on = EnrolmentState.WITHDRAWN, date(2026, 10, 5)
    withdrawn.volunteer.stage, withdrawn.volunteer.stage_since = Stage.WITHDRAWN, datetime(2026, 10, 1, 9, tzinfo=UTC)
    session.commit()
    register = queries.register(here.held(OPEN_SESSION).id, seen_by=here.trainer)
    assert [each.blocked for each in register.people.values()] == [
        "Had not joined yet", "Taking a break", "Has left the course", "Has left the course",
    ]  # fmt: skip
    for each in here.people:
        with pytest.raises(RegisterInvalid, match="cannot be marked"):
            services.save_register(here.held(OPEN_SESSION), [mark(each, "P")], seen_version=0, by=here.trainer)
    here.save(2, ".." + "PP")  # before they left they were there, and can still be marked
    assert [len(kept(session, each)) for each in (gone, withdrawn)] == [1, 1]


def test_a_register_opens_an_hour_before_its_session(session):
    here = group(1)
    meeting = here.held(12)
    for early in (timedelta(minutes=61), timedelta(minutes=60)):
        with time_machine.travel(meeting.starts_at - early, tick=False):
            if early == timedelta(minutes=61):
                with pytest.raises(Refused, match="has not begun"):
                    here.save(12, "P")
            else:
                here.save(12, "P")
    assert len(kept(session, here.people[0])) == 1


def test_a_late_change_needs_a_reason_and_the_record_keeps_it(session):
    here = group(1)
    meeting = here.held(OPEN_SESSION)
    last_day = meeting.starts_at + timedelta(days=7)
    with time_machine.travel(last_day, tick=False):
        here.save(OPEN_SESSION, "P", because="")
    with time_machine.travel(last_day + timedelta(days=1), tick=False):
        with pytest.raises(Refused, match="locked"):
            here.save(OPEN_SESSION, "U", because="  ")
        here.save(OPEN_SESSION, "U", because="She rang to say so")
    lines = session.scalars(select(AuditLine).where(AuditLine.purpose.like("Changed a locked register%"))).all()
    assert [line.purpose for line in lines] == ["Changed a locked register: She rang to say so"]
    assert kept(session, here.people[0])[0].code is Code.U


def test_a_locked_register_saved_without_a_change_needs_no_reason(session):
    here = group(1)
    here.save(1, "P")
    here.save(1, "P", because="")
    assert kept(session, here.people[0])[0].code is Code.P


def test_the_record_has_one_line_for_each_changed_mark_and_no_reason_nor_note(session):
    here = group(3)
    meeting = here.held(OPEN_SESSION)
    here.save(OPEN_SESSION, "PP")
    marks = [
        mark(here.people[0], "A", note="In hospital", reason=AbsenceReason.ILLNESS),
        mark(here.people[1], "P"), mark(here.people[2], "U"),
    ]  # fmt: skip
    services.save_register(meeting, marks, seen_version=meeting.register_version, by=here.trainer)
    session.commit()
    lines = session.scalars(select(AuditLine).where(AuditLine.table_name == "mark").order_by(AuditLine.id)).all()
    assert [(line.before and line.before["code"], line.after["code"]) for line in lines] == [
        (None, "P"), (None, "P"), ("P", "A"), (None, "U"),
    ]  # fmt: skip
    assert lines[2].volunteer_id == here.people[0].volunteer_id
    assert not any("illness" in str(line.after) or "hospital" in str(line.after) for line in lines)


# Two people at once


def seen_by_both(here, session):
    """What both had on their page before either saved."""
    register = queries.register(here.held(OPEN_SESSION).id, seen_by=here.trainer)
    return register.version, {number: person.fingerprint for number, person in register.people.items()}


def test_marks_of_different_people_are_merged_and_none_is_lost(session):
    here = group(3)
    version, seen = seen_by_both(here, session)
    first, second, third = here.people
    here.save(OPEN_SESSION, "L")
    mine = [mark(second, "U", seen=seen[second.id]), mark(third, "P", seen=seen[third.id])]
    mine.append(NewMark(first.id, None, seen=seen[first.id]))  # my page had no mark for her, and I left it so
    services.save_register(here.held(OPEN_SESSION), mine, seen_version=version, by=here.coordinator)
    assert [kept(session, each)[0].code for each in here.people] == [Code.L, Code.U, Code.P]


def test_two_marks_for_one_person_are_a_conflict_that_shows_both(session):
    here = group(2)
    version, seen = seen_by_both(here, session)
    first, second = here.people
    here.save(OPEN_SESSION, "L")
    mine = [mark(first, "U", seen=seen[first.id]), mark(second, "P", seen=seen[second.id])]
    with pytest.raises(RegisterConflict) as found:
        services.save_register(here.held(OPEN_SESSION), mine, seen_version=version, by=here.coordinator)
    (conflict,) = found.value.conflicts
    assert (conflict.theirs.code, conflict.theirs.marked_by) == (Code.L, here.trainer.name)
    assert conflict.mine.code is Code.U
    assert kept(session, second) == []


def test_the_same_mark_twice_is_no_conflict(session):
    here = group(1)
    version, seen = seen_by_both(here, session)
    here.save(OPEN_SESSION, "P")
    mine = [mark(here.people[0], "P", seen=seen[here.people[0].id])]
    services.save_register(here.held(OPEN_SESSION), mine, seen_version=version, by=here.coordinator)
    (saved,) = kept(session, here.people[0])
    assert saved.marked_by_id == here.trainer.id


def test_without_what_was_seen_an_old_version_is_a_conflict_wherever_it_differs(session):
    here = group(1)
    here.save(OPEN_SESSION, "P")
    with pytest.raises(RegisterConflict):
        here.save(OPEN_SESSION, "U", seen_version=0)


def test_marking_the_rest_present_gives_way_to_a_mark_made_meanwhile(session):
    here = group(2)
    _, seen = seen_by_both(here, session)
    here.save(OPEN_SESSION, "U")
    rest = [NewMark(each.id, Code.P, seen=seen[each.id], only_if_unmarked=True) for each in here.people]
    services.save_register(here.held(OPEN_SESSION), rest, seen_version=0, by=here.coordinator)
    assert [kept(session, each)[0].code for each in here.people] == [Code.U, Code.P]


# A session that did not take place


def test_a_cancelled_session_counts_for_nobody_and_keeps_its_marks_in_case(session):
    here = group(1)
    here.save(OPEN_SESSION, "U")
    timetable.cancel_session(here.held(OPEN_SESSION), because="No heating", by=here.trainer)
    with pytest.raises(Refused, match="was cancelled"):
        here.save(OPEN_SESSION, "P")
    facts = attendance_queries.facts_of([here.people[0].id])[here.people[0].id]
    assert facts[OPEN_SESSION - 1].is_left_out
    timetable.restore_session(here.held(OPEN_SESSION), by=here.trainer)
    facts = attendance_queries.facts_of([here.people[0].id])[here.people[0].id]
    assert facts[OPEN_SESSION - 1].code is Code.U


def test_a_session_is_cancelled_once_and_with_a_reason(session):
    here = group(1)
    meeting = here.held(OPEN_SESSION)
    with pytest.raises(Refused, match="not cancelled"):
        timetable.restore_session(meeting, by=here.trainer)
    with pytest.raises(Refused, match="Say why"):
        timetable.cancel_session(meeting, because=" ", by=here.trainer)
    timetable.cancel_session(meeting, because="Snow", by=here.trainer)
    with pytest.raises(Refused, match="already"):
        timetable.cancel_session(meeting, because="Snow", by=here.trainer)


def test_a_cancelled_course_takes_no_marks(session):
    here = group(1)
    cohorts.cancel(here.cohort_made, because="No trainer", by=here.coordinator)
    with pytest.raises(Refused, match="course was cancelled"):
        here.save(OPEN_SESSION, "P")


# Catching up


def caught_up(here, wanted=9, **given):
    """The first person makes up a session, two days after it."""
    meeting = here.held(wanted)
    facts = {
        "done_on": clock.in_london(meeting.starts_at).date() + timedelta(days=2), "minutes": 60,
        "evidence": "Handout", "tutor": here.trainer, "by": here.trainer,
    }  # fmt: skip
    return attendance.record_catch_up(meeting, here.people[0], **{**facts, **given})


@pytest.mark.parametrize("code", ["A", "U", "L", "E"])
def test_a_catch_up_makes_good_what_was_missed_and_the_mark_stays(session, code):
    here = group(1)
    here.save(9, code)
    caught_up(here)
    fact = attendance_queries.facts_of([here.people[0].id])[here.people[0].id][8]
    assert fact.is_caught_up
    assert attendance_rules.letter(fact) == "C"
    assert kept(session, here.people[0])[0].code is Code(code)


def test_a_catch_up_counts_once(session):
    here = group(1)
    here.save(9, "A")
    caught_up(here)
    with pytest.raises(Refused, match="counts once"):
        caught_up(here)


def test_who_joined_late_can_catch_up_what_was_before(session):
    here = group(1)
    here.people[0].joined_on = date(2026, 9, 20)
    session.commit()
    caught_up(here, 3, done_on=date(2026, 10, 5))
    fact = attendance_queries.facts_of([here.people[0].id])[here.people[0].id][2]
    assert (fact.code, fact.is_caught_up) == (Code.C, True)


@pytest.mark.parametrize(
    ("code", "given", "words"),
    [
        ("P", {}, "not marked as having missed"),
        (".", {}, "not marked as having missed"),
        ("A", {"minutes": 0}, "from 1 to 120"),
        ("A", {"minutes": 121}, "from 1 to 120"),
        ("A", {"done_on": date(2026, 9, 28)}, "from the day of the session"),
        ("A", {"done_on": date(2026, 10, 7)}, "until today"),
        ("A", {"evidence": "  "}, "Say what was done"),
    ],
)
def test_a_catch_up_that_cannot_be_is_refused(session, code, given, words):
    here = group(1)
    here.save(9, code)
    with pytest.raises(Refused, match=words):
        caught_up(here, **given)


def test_the_time_to_catch_up_ends(session):
    here = group(1)
    here.save(1, "A")
    with pytest.raises(Refused, match="ended on 22 September 2026"):
        caught_up(here, 1, done_on=date(2026, 9, 23))


def test_nobody_catches_up_a_session_of_another_course(session):
    here, there = group(1), group(1)
    with pytest.raises(Refused, match="not on this course"):
        attendance.record_catch_up(
            here.held(9), there.people[0], done_on=date(2026, 10, 1), minutes=60, evidence="x", tutor=UserFactory(),
            by=here.trainer,
        )  # fmt: skip
