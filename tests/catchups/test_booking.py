"""Booking a time to make up for a session: whom it may be for, when, and what people are told."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
import vobject
from sqlalchemy import select

from portal.access import Role
from portal.attendance import services as attendance
from portal.attendance.models import CatchUpBooking
from portal.catchups import queries, services
from portal.clock import LONDON
from portal.cohorts import services as cohorts
from portal.database import session as database
from portal.messages.models import Message
from portal.refusals import Refused
from portal.timetable import services as timetable
from tests.attendance.groups import TODAY, group
from tests.factories import UserFactory

FRIDAY = date(2026, 10, 9)


@pytest.fixture(autouse=True)
def _on_the_evening_of_session_eleven():
    with time_machine.travel(TODAY, tick=False):
        yield


def at(day=FRIDAY, hour=17, minute=0):
    return datetime.combine(day, time(hour, minute), tzinfo=LONDON)


def who_missed(count=1, number=10, code="A"):
    """A group whose people all missed one session."""
    here = group(count)
    here.save(number, code * count)
    return here


def book(here, people=None, **given):
    facts = {
        "starts_at": at(), "minutes": 60, "place": "The small room", "tutor": here.trainer, "by": here.trainer,
        **given,
    }  # fmt: skip
    made = services.book(facts.pop("sitting", here.held(10)), here.people if people is None else people, **facts)
    database.commit()
    return made


def letters(session, template):
    return session.scalars(select(Message).where(Message.template == template).order_by(Message.id)).all()


def only_event(message):
    calendar = vobject.readOne(message.calendar)
    return calendar.method.value, calendar.vevent


def test_a_time_for_one_person_goes_to_them_with_a_calendar_entry(session):
    here = who_missed()
    (booking,) = book(here)
    (letter,) = letters(session, "catch_up_booked")
    assert letter.to_address == here.people[0].volunteer.email
    assert "Friday 9 October 2026, 17:00, for 60 minutes" in letter.body
    assert "The small room" in letter.body
    method, event = only_event(letter)
    assert (method, event.sequence.value) == ("REQUEST", "0")
    assert event.dtstart.value == booking.starts_at
    assert event.dtend.value - event.dtstart.value == timedelta(minutes=60)


def test_several_who_missed_the_same_session_come_together(session):
    here = who_missed(3)
    assert len(book(here)) == 3
    assert len(letters(session, "catch_up_booked")) == 3
    assert len({only_event(each)[1].uid.value for each in letters(session, "catch_up_booked")}) == 3


def test_a_moved_catch_up_is_the_same_event_with_a_higher_sequence(session):
    here = who_missed()
    (booking,) = book(here)
    services.move(
        [booking], starts_at=at(hour=18), minutes=60, place="The small room", tutor=here.trainer, by=here.trainer
    )
    session.commit()
    (_, before), (method, after) = (only_event(each) for each in letters(session, "catch_up_booked"))
    assert method == "REQUEST"
    assert after.uid.value == before.uid.value
    assert int(after.sequence.value) > int(before.sequence.value)
    assert after.dtstart.value - before.dtstart.value == timedelta(hours=1)


def test_a_move_that_changes_nothing_tells_nobody(session):
    here = who_missed()
    (booking,) = book(here)
    services.move([booking], starts_at=at(), minutes=60, place="The small room", tutor=here.trainer, by=here.trainer)
    assert len(letters(session, "catch_up_booked")) == 1


def test_a_cancelled_catch_up_leaves_the_calendar_and_is_owed_again(session):
    here = who_missed()
    (booking,) = book(here)
    services.cancel([booking], because="The trainer's child is ill", by=here.trainer)
    session.commit()
    (letter,) = letters(session, "catch_up_cancelled")
    method, event = only_event(letter)
    assert (method, event.status.value, event.sequence.value) == ("CANCEL", "CANCELLED", "1")
    assert event.uid.value == only_event(letters(session, "catch_up_booked")[0])[1].uid.value
    assert "child" not in letter.body
    (owed,) = queries.owed([here.cohort_made.id], seen_by=here.trainer)
    assert owed.booking_id is None
    book(here)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"starts_at": datetime(2026, 9, 30, 18, tzinfo=UTC)}, "only be after the session"),
        ({"starts_at": datetime(2026, 10, 5, 18, tzinfo=UTC)}, "That time has passed"),
        ({"starts_at": datetime(2026, 10, 23, 9, tzinfo=UTC)}, "must catch up this session by 22 October 2026"),
        ({"minutes": 0}, "minutes must be from 1 to 120"),
        ({"minutes": 121}, "minutes must be from 1 to 120"),
        ({"place": "  "}, "Say where"),
        ({"people": []}, "Choose who"),
    ],
)
def test_a_time_that_cannot_be_is_refused_in_words(session, given, why):
    here = who_missed()
    with pytest.raises(Refused, match=why):
        book(here, **given)
    assert session.scalars(select(CatchUpBooking)).all() == []


def test_the_last_day_is_still_in_time(session):
    here = who_missed()
    assert book(here, starts_at=at(date(2026, 10, 22), 20))


def test_nobody_has_two_times_for_one_session(session):
    here = who_missed()
    book(here)
    with pytest.raises(Refused, match="already: move that one"):
        book(here, starts_at=at(hour=20))


def test_who_was_there_has_nothing_to_make_up(session):
    here = who_missed(code="P")
    with pytest.raises(Refused, match="not marked as having missed"):
        book(here)


def test_a_learner_is_not_booked_while_their_session_is_on_or_another_catch_up(session):
    here = who_missed()
    here.save(9, "U")
    with pytest.raises(Refused, match="session 12 of Cohort 7 is on"):
        book(here, starts_at=at(date(2026, 10, 8), 18, 30), tutor=UserFactory(role=Role.TRAINER, area=here.area))
    book(here)
    with pytest.raises(Refused, match="a catch-up of session 10 is booked"):
        book(
            here, sitting=here.held(9), starts_at=at(hour=17, minute=30),
            tutor=UserFactory(role=Role.TRAINER, area=here.area),
        )  # fmt: skip


def test_a_tutor_is_in_one_place_at_a_time_but_may_see_several_about_the_same_session(session):
    here = who_missed(2)
    here.save(9, "UU")
    first, second = here.people
    book(here, [first])
    with pytest.raises(Refused, match="is not free then: a catch-up of session 10"):
        book(here, [second], sitting=here.held(9), starts_at=at(hour=17, minute=59))
    book(here, [second], sitting=here.held(9), starts_at=at(hour=18))
    book(here, [second], minutes=60)


def test_a_tutor_who_teaches_alone_is_not_free_then(session):
    here = who_missed()
    here.people[0].state = here.people[0].state.PAUSED  # so that only the tutor has to be there
    with pytest.raises(Refused, match=f"{here.trainer.name} is not free then: session 12"):
        book(here, starts_at=at(date(2026, 10, 8), 19))


def test_a_catch_up_that_took_place_is_recorded_once_and_is_no_longer_to_come(session):
    here = who_missed()
    (booking,) = book(here)
    with time_machine.travel(at(hour=19), tick=False):
        attendance.record_catch_up(
            here.held(10), here.people[0], done_on=FRIDAY, minutes=60, evidence="The handout", tutor=here.trainer,
            by=here.trainer,
        )  # fmt: skip
        session.commit()
        assert queries.booked([here.cohort_made.id], seen_by=here.trainer) == []
        with pytest.raises(Refused, match="recorded this catch-up meanwhile"):
            services.did_not_come(booking, by=here.trainer)
        with pytest.raises(Refused, match="already: it counts once"):
            book(here, starts_at=at(date(2026, 10, 12)))


def test_who_did_not_come_still_owes_it_and_no_letter_says_so(session):
    here = who_missed()
    (booking,) = book(here)
    with pytest.raises(Refused, match="has not begun"):
        services.did_not_come(booking, by=here.trainer)
    with time_machine.travel(at(hour=18, minute=1), tick=False):
        services.did_not_come(booking, by=here.trainer)
        session.commit()
        assert [each.booking_id for each in queries.owed([here.cohort_made.id], seen_by=here.trainer)] == [None]
    assert letters(session, "catch_up_cancelled") == []


def test_what_is_most_urgent_comes_first_and_what_is_booked_last(session):
    here = group(1)
    for number, code in ((8, "A"), (9, "U"), (10, "A")):
        here.save(number, code)
    book(here, sitting=here.held(8))
    owed = queries.owed([here.cohort_made.id], seen_by=here.trainer)
    assert [(each.number, each.booking_id is None) for each in owed] == [(9, True), (10, True), (8, False)]


def test_who_left_the_course_owes_nothing_and_has_no_time(session):
    here = who_missed()
    book(here)
    cohorts.withdraw(here.people[0], because="Moved away", by=here.coordinator)
    session.commit()
    assert queries.owed([here.cohort_made.id], seen_by=here.coordinator) == []
    assert queries.booked([here.cohort_made.id], seen_by=here.coordinator) == []


def test_nobody_makes_up_for_a_session_that_was_cancelled(session):
    here = who_missed()
    book(here)
    timetable.cancel_session(here.held(10), because="Snow", by=here.trainer)
    session.commit()
    assert queries.booked([here.cohort_made.id], seen_by=here.trainer) == []
    assert queries.owed([here.cohort_made.id], seen_by=here.trainer) == []


def test_lists_cost_the_same_for_one_and_for_twenty(session, count_queries):
    totals = []
    for size in (1, 20):
        here = who_missed(size)
        book(here, here.people[: size // 2 + 1])
        with count_queries() as counted:
            queries.owed([here.cohort_made.id], seen_by=here.trainer)
            queries.booked([here.cohort_made.id], seen_by=here.trainer)
        totals.append(counted.total)
    assert totals[0] == totals[1]


# Asking for one


def test_a_learner_asks_once_and_every_trainer_is_told_once(session):
    here = who_missed()
    assert services.ask(here.held(10), here.people[0], by=here.people[0].volunteer.user) is True
    assert services.ask(here.held(10), here.people[0], by=here.people[0].volunteer.user) is False
    (letter,) = letters(session, "catch_up_asked_for")
    assert letter.to_address == here.trainer.email
    assert f"/sessions/{here.held(10).id}/catch-ups/book?person={here.people[0].id}" in letter.body
    session.commit()
    assert queries.owed([here.cohort_made.id], seen_by=here.trainer)[0].is_asked_for


def test_nobody_asks_for_what_they_did_not_miss_or_what_is_too_late(session):
    here = who_missed(code="P")
    with pytest.raises(Refused, match="nothing for you to make up"):
        services.ask(here.held(10), here.people[0], by=here.trainer)
    here.save(9, "U")
    with time_machine.travel(TODAY + timedelta(days=60), tick=False), pytest.raises(Refused, match="is over"):
        services.ask(here.held(9), here.people[0], by=here.trainer)
