"""One person checks in once, by a code of the moment, and nobody else does."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from courses.marks import Code
from portal import clock
from portal.attendance.models import Mark
from portal.audit.models import AuditLine
from portal.checkin import queries, rules, services
from portal.checkin.models import CheckIn
from portal.cohorts.models import CohortState, EnrolmentState
from portal.refusals import Refused
from portal.registers.rules import NewMark
from portal.registers.services import save_register
from portal.schemes.rules import SchemeSettings
from tests.checkin.groups import STARTS, hall


@pytest.fixture
def time(session):
    with time_machine.travel(STARTS, tick=False) as moving:
        yield moving


@pytest.fixture
def here(time):
    made = hall()
    services.open_window(made.sitting, by=made.trainer)
    return made


def code(here, at=None):
    return rules.code_at(queries.window_of(here.sitting.id).secret, at or clock.now())


def check_in(here, enrolment, **given):
    facts = {"code": code(here), "arrived_at": clock.now(), "by": enrolment.volunteer.user}
    return services.check_in(enrolment.volunteer, here.sitting.id, **facts | given)


def marks(session):
    return [(mark.enrolment_id, mark.code, mark.minutes) for mark in session.scalars(select(Mark))]


def test_somebody_who_is_there_is_present_and_the_mark_is_their_own(here, session):
    learner = here.learner()
    assert check_in(here, learner) == services.Done(None)
    mark = session.scalars(select(Mark)).one()
    assert (mark.code, mark.marked_by_id) == (Code.P, learner.volunteer.user_id)


def test_somebody_who_is_later_than_allowed_is_late_with_the_minutes(here, session, time):
    learner = here.learner()
    time.move_to(STARTS + timedelta(minutes=25, seconds=40))
    assert check_in(here, learner).minutes_late == 25
    assert marks(session) == [(learner.id, Code.L, 25)]


def test_the_scheme_says_when_somebody_is_late(here, session, time):
    here.cohort.area.scheme.settings = SchemeSettings(late_after_minutes=30)
    session.commit()
    time.move_to(STARTS + timedelta(minutes=25))
    assert check_in(here, here.learner()).minutes_late is None


def test_twice_is_once(here, session, time):
    learner = here.learner()
    check_in(here, learner)
    time.shift(timedelta(minutes=30))
    assert check_in(here, learner).is_again
    assert check_in(here, learner, code="nonsense").is_again
    assert marks(session) == [(learner.id, Code.P, None)]
    assert len(session.scalars(select(CheckIn)).all()) == 1


@pytest.mark.parametrize("wrong", ["000000", "", "abcdef", "1234567", "١٢٣٤٥٦"])
def test_a_forged_code_marks_nobody(here, session, wrong):
    with pytest.raises(Refused, match="not right, or it is too old"):
        check_in(here, here.learner(), code=wrong)
    assert marks(session) == []


def test_an_expired_code_marks_nobody_and_the_one_before_counts(here, session, time):
    learner, old = here.learner(), code(here)
    time.shift(timedelta(seconds=60))
    with pytest.raises(Refused, match="too old"):
        check_in(here, learner, code=old)
    check_in(here, learner, code=code(here, clock.now() - timedelta(seconds=30)))
    assert len(marks(session)) == 1


def test_who_came_with_the_right_code_has_five_minutes_to_sign_in(here, session, time):
    quick, slow, arrived, scanned = here.learner(), here.learner(), clock.now(), code(here)
    time.shift(timedelta(minutes=5))
    check_in(here, quick, code=scanned, arrived_at=arrived)
    time.shift(timedelta(seconds=1))
    with pytest.raises(Refused, match="too old"):
        check_in(here, slow, code=scanned, arrived_at=arrived)
    assert [who for who, _, _ in marks(session)] == [quick.id]


def test_how_late_somebody_is_is_said_of_when_they_arrived(here, time):
    learner, arrived, scanned = here.learner(), STARTS + timedelta(minutes=8), None
    time.move_to(arrived)
    scanned = code(here)
    time.move_to(arrived + timedelta(minutes=4))
    assert check_in(here, learner, code=scanned, arrived_at=arrived).minutes_late is None


def test_a_code_that_comes_from_the_future_marks_nobody(here):
    later = clock.now() + timedelta(minutes=1)
    with pytest.raises(Refused, match="not right"):
        check_in(here, here.learner(), code=code(here, later), arrived_at=later)


def test_the_code_of_another_session_marks_nobody(here, session):
    other = hall(area=here.cohort.area)
    services.open_window(other.sitting, by=other.trainer)
    with pytest.raises(Refused, match="not right"):
        check_in(here, here.learner(), code=code(other))
    assert marks(session) == []


def test_somebody_of_another_group_is_not_marked(here, session):
    stranger = hall(area=here.cohort.area).learner()
    with pytest.raises(Refused, match="not on this course"):
        check_in(here, stranger)
    assert marks(session) == []


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (EnrolmentState.PAUSED, "taking a break"),
        (EnrolmentState.WITHDRAWN, "has left the course"),
        (EnrolmentState.WAITING, "not on this course"),
    ],
)
def test_somebody_paused_gone_or_waiting_is_told_and_not_marked(here, session, state, words):
    learner = here.learner()
    learner.state = state
    if state is EnrolmentState.WITHDRAWN:
        learner.ended_on = clock.today() - timedelta(days=1)
    session.commit()
    with pytest.raises(Refused, match=words):
        check_in(here, learner)
    assert marks(session) == []


def test_a_mark_that_the_trainer_made_stays(here, session):
    learner = here.learner()
    save_register(here.sitting, [NewMark(learner.id, Code.U)], seen_version=0, by=here.trainer)
    with pytest.raises(Refused, match="marked you already: "):
        check_in(here, learner)
    assert marks(session) == [(learner.id, Code.U, None)]
    assert session.scalars(select(CheckIn)).all() == []


def test_the_trainer_corrects_a_mark_and_checking_in_again_does_not_undo_it(here, session):
    learner = here.learner()
    check_in(here, learner)
    session.expire_all()
    version = here.sitting.register_version
    save_register(here.sitting, [NewMark(learner.id, Code.U)], seen_version=version, by=here.trainer)
    assert check_in(here, learner).is_again
    assert marks(session) == [(learner.id, Code.U, None)]


def test_before_it_is_opened_nobody_checks_in(session, time):
    here = hall()
    with pytest.raises(Refused, match="not open for this session"):
        services.check_in(
            here.learner().volunteer, here.sitting.id, code="123456", arrived_at=clock.now(), by=here.trainer
        )


def test_after_it_is_closed_or_the_session_is_over_nobody_checks_in(here, session, time):
    time.shift(timedelta(seconds=1))
    services.close_window(here.sitting, by=here.trainer)
    with pytest.raises(Refused, match="not open"):
        check_in(here, here.learner())
    services.open_window(here.sitting, by=here.trainer)
    time.move_to(here.sitting.ends_at)
    with pytest.raises(Refused, match="not open"):
        check_in(here, here.learner())
    assert marks(session) == []


def test_opened_again_old_codes_are_worth_nothing_and_open_twice_is_open(here, time):
    old, secret = code(here), queries.window_of(here.sitting.id).secret
    assert services.open_window(here.sitting, by=here.trainer).secret == secret
    time.shift(timedelta(seconds=2))
    services.close_window(here.sitting, by=here.trainer)
    services.open_window(here.sitting, by=here.trainer)
    with pytest.raises(Refused, match="not right"):
        check_in(here, here.learner(), code=old)


def test_a_session_moved_to_another_day_is_not_open(here, session):
    here.sitting.starts_at += timedelta(days=1)
    here.sitting.ends_at += timedelta(days=1)
    session.commit()
    assert not queries.is_open(queries.window_of(here.sitting.id))


@pytest.mark.parametrize("what", ["session", "course"])
def test_a_session_that_does_not_take_place_cannot_be_opened(session, time, what):
    here = hall()
    if what == "session":
        here.sitting.cancelled_at, here.sitting.cancelled_because = clock.now(), "Snow"
    else:
        here.cohort.state, here.cohort.cancelled_at = CohortState.CANCELLED, clock.now()
        here.cohort.cancelled_because = "Too few people"
    session.commit()
    with pytest.raises(Refused, match="does not take place"):
        services.open_window(here.sitting, by=here.trainer)


def test_the_six_digits_find_the_session_among_those_of_ones_groups(here):
    learner = here.learner()
    assert services.session_of_code(learner.volunteer, code(here)) == here.sitting.id
    with pytest.raises(Refused, match="not right"):
        services.session_of_code(learner.volunteer, "000000")
    with pytest.raises(Refused, match="No check-in is open"):
        services.session_of_code(hall(area=here.cohort.area).learner().volunteer, code(here))


def test_the_secret_is_in_no_record(here, session):
    session.commit()
    secret = queries.window_of(here.sitting.id).secret
    assert secret not in str([(line.before, line.after) for line in session.scalars(select(AuditLine))])


def test_the_trainers_screen_costs_the_same_for_one_and_for_many(here, session, count_queries):
    check_in(here, here.learner())
    session.commit()
    with count_queries() as one:
        queries.arrived(here.sitting.id)
    for _ in range(5):
        check_in(here, here.learner())
    session.commit()
    with count_queries() as many:
        assert len(queries.arrived(here.sitting.id)) == 6
    assert one.statements == many.statements, many.statements
