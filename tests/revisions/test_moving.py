"""A running cohort moves to another version of its course: what was held stays, what is to come changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from courses.loader import builtin
from courses.syllabus import Course, Session
from portal import clock
from portal.audit.models import AuditLine
from portal.courses import queries as reading
from portal.courses import services as courses
from portal.courses.queries import course_of
from portal.messages.models import Message
from portal.refusals import Refused
from portal.revisions import queries, services
from portal.timetable.services import Overtaken, cancel_session
from tests.cohorts.groups import number, place
from tests.factories import MarkFactory

AUTUMN = datetime(2026, 9, 16, 9, tzinfo=UTC)
"""Five sessions of the cohort have been held, nineteen are to come."""


@pytest.fixture(autouse=True)
def _in_autumn(monkeypatch):
    # Undone tests at one frozen instant give their versions the same numbers: what one read is not the next one's.
    monkeypatch.setattr(reading, "_courses", {})
    with time_machine.travel(AUTUMN, tick=False):
        yield


@pytest.fixture
def here(session):
    return place()


@pytest.fixture
def cohort(here):
    made = here.cohort()
    here.enrolled(made, 2)
    return made


def with_sessions(course: Course, *sessions: Session) -> Course:
    """The course with these sessions in place of its own, and with so few hours asked for that any will do."""
    every = tuple(each.key for each in course.criteria)
    sessions = tuple(replace(each, covers=every) if each.number == 8 else each for each in sessions)
    weeks = [
        replace(week, sessions=tuple(each for each in sessions if each.week == week.number)) for week in course.weeks
    ]
    mandatory = tuple(each.number for each in sessions if each.mandatory)
    thresholds = replace(course.thresholds, mandatory_sessions=mandatory)
    units = tuple(replace(unit, glh=1) for unit in course.units)
    return replace(course, weeks=tuple(weeks), thresholds=thresholds, units=units)


def changed(course: Course, wanted: int, **facts) -> Course:
    return with_sessions(
        course, *(replace(each, **facts) if each.number == wanted else each for each in course.sessions)
    )


def longer(course: Course, by: int = 1) -> Course:
    last = course.sessions[-1]
    more = [replace(last, number=last.number + n, title=f"Extra {n}", mandatory=False) for n in range(1, by + 1)]
    return with_sessions(course, *course.sessions, *more)


def shorter(course: Course) -> Course:
    return with_sessions(course, *course.sessions[:-1])


@pytest.fixture
def move(here, cohort):
    def moving(course: Course, because="The new one is better", seen=None):
        version = courses.freeze(course, scheme=here.area.scheme, by=here.coordinator)
        seen = seen or queries.proposal(cohort, version).seen
        return services.move(cohort, version, because=because, seen=seen, by=here.coordinator)

    return moving


def letters(session) -> list[Message]:
    return list(session.scalars(select(Message).where(Message.template == "dates_changed")))


def test_a_session_to_come_takes_its_new_title_and_duty_and_nobody_is_bothered(session, cohort, move):
    newer = changed(builtin(), 10, title="Goals that hold", mandatory=True)
    assert move(newer) == []
    ten = number(cohort, 10)
    assert (ten.title, ten.is_mandatory) == ("Goals that hold", True)
    assert course_of(cohort.course_version) == newer
    assert letters(session) == []


def test_what_was_held_stays_as_it_was(cohort, move):
    before = number(cohort, 2).title
    move(changed(changed(builtin(), 2, handout="Other words"), 10, title="New"))
    assert number(cohort, 2).title == before


def test_a_longer_session_ends_later_and_everybody_is_told_once_with_a_newer_calendar(session, cohort, move):
    twelve = builtin().session(12)
    plan = (*twelve.plan, replace(twelve.plan[-1], minutes=30))
    starts_at, sequence = number(cohort, 12).starts_at, number(cohort, 12).sequence
    move(changed(builtin(), 12, minutes=150, plan=plan))
    sitting = number(cohort, 12)
    assert (sitting.minutes, sitting.ends_at - sitting.starts_at) == (150, timedelta(minutes=150))
    assert (sitting.starts_at, sitting.sequence) == (starts_at, sequence + 1)
    told = letters(session)
    assert len(told) == 3, "two learners and the trainer"
    assert all("Session 12 is now longer" in each.body for each in told)


def test_new_sessions_come_after_the_last_on_the_groups_own_slots(session, cohort, move):
    move(longer(builtin(), 2))
    days = [clock.in_london(number(cohort, n).starts_at).isoformat() for n in (24, 25, 26)]
    assert days == ["2026-11-19T18:00:00+00:00", "2026-11-24T18:00:00+00:00", "2026-11-26T18:00:00+00:00"]
    assert all("Session 25 is new: Tuesday 24 November 2026" in each.body for each in letters(session))


def test_a_session_the_course_no_longer_has_is_taken_away_and_called_off_in_calendars(session, cohort, move):
    move(shorter(builtin()))
    assert [each.number for each in cohort.sessions] == list(range(1, 24))
    assert all("Session 24 on Thursday 19 November 2026" in each.body for each in letters(session))
    assert all("does not take place" in each.body for each in letters(session))


def test_nothing_is_taken_away_that_somebody_has_a_mark_for(session, here, cohort, move):
    MarkFactory(session=number(cohort, 24), enrolment=cohort.enrolments[0])
    with pytest.raises(Refused, match=r"Session 24 .* would be lost"):
        move(shorter(builtin()))
    assert len(queries.timetable_of(cohort.id)) == 24


def test_a_held_session_that_would_count_for_another_is_refused(cohort, move):
    first, second, *rest = builtin().sessions
    swapped = with_sessions(
        builtin(), replace(second, number=1, week=1, mandatory=False), replace(first, number=2, week=1), *rest
    )
    with pytest.raises(Refused, match="In this version it is session 2"):
        move(swapped)


def test_a_held_session_whose_hours_would_count_for_another_unit_is_refused(cohort, move):
    other = next(unit.code for unit in builtin().units if unit.code != builtin().session(1).unit)
    version = changed(builtin(), 1, unit=other)
    with pytest.raises(Refused, match=f"its hours would count for {other}"):
        move(version)


def test_a_cancelled_session_makes_way_and_stays_as_a_record(here, session, cohort, move):
    cancel_session(number(cohort, 24), because="Snow", by=here.coordinator)
    move(shorter(builtin()))
    assert number(cohort, 24).cancelled_because == "Snow"
    move(longer(builtin()))
    assert number(cohort, 24).cancelled_because == "Snow"
    assert number(cohort, 25).title == "Extra 1"


@pytest.mark.parametrize("because", ["", "   "])
def test_the_reason_is_asked_for(move, because):
    with pytest.raises(Refused, match="Say why the group moves"):
        move(changed(builtin(), 10, title="New"), because=because)


def test_the_reason_is_kept_on_the_record(session, cohort, move):
    move(changed(builtin(), 10, title="New"), because="Learners asked for it")
    session.commit()
    said = session.scalars(select(AuditLine.purpose).where(AuditLine.table_name == "cohort")).all()
    assert "Moved from version 1 to 2: Learners asked for it" in said


def test_a_decision_on_dates_that_changed_meanwhile_is_not_carried_out(here, cohort, move):
    with pytest.raises(Overtaken):
        move(changed(builtin(), 10, title="New"), seen="what stood there this morning")


def test_a_version_of_another_course_or_scheme_is_none_of_its_versions(here, cohort):
    other = courses.freeze(replace(builtin(), code="another"), scheme=here.area.scheme, by=here.coordinator)
    elsewhere = place()
    foreign = courses.freeze(longer(builtin()), scheme=elsewhere.area.scheme, by=elsewhere.coordinator)
    assert queries.other_versions(cohort) == []
    for version in (other, foreign, cohort.course_version):
        assert queries.other_version(cohort, version.id) is None


def test_a_coordinator_sees_the_differences_says_why_and_moves_the_group(session, here, cohort, browser):
    courses.freeze(
        changed(builtin(), 10, title="Goals that hold"), scheme=here.area.scheme, by=here.coordinator, note="Shorter"
    )
    session.commit()
    browser.sign_in_as(here.coordinator).get(f"/cohorts/{cohort.id}").click("Version of the course")
    browser.click("Version 2: see what would change")
    assert browser.sees("is now “Goals that hold”", "5 already held", "Session 10, title", "What is new in it: Shorter")
    browser.submit("Move the group to version 2")
    assert browser.errors == ["Say why the group moves to this version"]
    browser.fill({"Why does the group move to this version?": "Better"}).submit("Move the group to version 2")
    assert browser.banners == ["Cohort 7 now follows version 2"]
    assert browser.sees("Goals that hold")


def test_a_move_that_is_forbidden_is_shown_with_its_reasons_and_without_a_button(session, here, cohort, browser):
    MarkFactory(session=number(cohort, 24), enrolment=cohort.enrolments[0])
    version = courses.freeze(shorter(builtin()), scheme=here.area.scheme, by=here.coordinator)
    session.commit()
    browser.sign_in_as(here.coordinator).get(f"/cohorts/{cohort.id}/course-versions/{version.id}")
    assert browser.sees("This group cannot move to this version", "It would be lost")
    assert not browser.sees("Why does the group move")


def test_a_trainer_does_not_decide_it(here, cohort, browser):
    browser.sign_in_as(here.trainer).get(f"/cohorts/{cohort.id}/course-versions", status=403)
