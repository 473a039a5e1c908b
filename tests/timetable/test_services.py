"""The verbs of the timetable: what moves, who is told, and what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
import time_machine
import vobject
from sqlalchemy import select

from courses.timetable import Slot
from portal import clock
from portal.attendance import queries as attendance
from portal.carriers.rules import Carrier
from portal.cohorts import services as cohorts
from portal.messages.documents import post_room
from portal.messages.models import Message, MessageState
from portal.messages.services import must_be_told
from portal.refusals import Refused
from portal.timetable import queries, services
from portal.volunteers.models import Channel
from tests.cohorts.groups import number, place

SUMMER = datetime(2026, 8, 1, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_the_summer():
    with time_machine.travel(SUMMER, tick=False):
        yield


class Group:
    """A cohort on Tuesdays and Thursdays from 1 September 2026, with three people on it."""

    def __init__(self, session, **given):
        self.session, self.here = session, place()
        self.cohort = self.here.cohort(**given)
        self.people = self.here.enrolled(self.cohort, 3)
        self.forget_letters()

    def forget_letters(self):
        for message in self.session.scalars(select(Message)):
            self.session.delete(message)
        self.session.commit()

    def at(self, wanted):
        return number(self.cohort, wanted)

    def seen(self):
        return queries.fingerprint(self.cohort, queries.timetable_of(self.cohort.id))

    def move(self, wanted, on, at=time(18), *, later=False, venue="The Hub", link="", **given):
        changes = services.move_session(
            self.at(wanted), on=on, at=at, venue=venue, meeting_link=link, with_later=later, by=self.here.coordinator,
            **{"seen": self.seen(), **given},
        )  # fmt: skip
        self.session.commit()
        return changes

    def days(self, *wanted):
        return [clock.in_london(self.at(each).starts_at).date() for each in wanted]

    def letters(self):
        return self.session.scalars(select(Message).order_by(Message.id)).all()


@pytest.fixture
def group(session):
    return Group(session)


def test_a_course_over_christmas_and_easter_has_the_dates_a_person_would_give_it(session):
    off = [date(2026, 12, 21), date(2027, 2, 15), date(2027, 2, 19), date(2027, 3, 12)]
    slots = (Slot(0, time(18)), Slot(4, time(10)))
    cohort = place().cohort(starts_on=date(2026, 12, 13), slots=slots, skip=off)
    # Written out with a calendar on the wall. Left out: 25 and 28 December (the 26th is a Saturday), 1 January,
    # Good Friday 26 March and Easter Monday 29 March.
    expected = """
        Mon 14 Dec 18:00, Fri 18 Dec 10:00, Mon 04 Jan 18:00, Fri 08 Jan 10:00, Mon 11 Jan 18:00, Fri 15 Jan 10:00,
        Mon 18 Jan 18:00, Fri 22 Jan 10:00, Mon 25 Jan 18:00, Fri 29 Jan 10:00, Mon 01 Feb 18:00, Fri 05 Feb 10:00,
        Mon 08 Feb 18:00, Fri 12 Feb 10:00, Mon 22 Feb 18:00, Fri 26 Feb 10:00, Mon 01 Mar 18:00, Fri 05 Mar 10:00,
        Mon 08 Mar 18:00, Mon 15 Mar 18:00, Fri 19 Mar 10:00, Mon 22 Mar 18:00, Fri 02 Apr 10:00, Mon 05 Apr 18:00
    """
    found = [f"{clock.in_london(each.starts_at):%a %d %b %H:%M}" for each in cohort.sessions]
    assert found == [each.strip() for each in expected.split(",")]
    assert cohort.sessions[23].starts_at == datetime(2027, 4, 5, 17, tzinfo=UTC), "summer time has begun"


def test_one_session_moves_and_the_others_stay(group):
    group.move(5, date(2026, 9, 16), time(17, 30))
    assert group.days(4, 5, 6) == [date(2026, 9, 10), date(2026, 9, 16), date(2026, 9, 17)]
    assert clock.in_london(group.at(5).starts_at).time() == time(17, 30)
    assert group.at(5).ends_at - group.at(5).starts_at == group.at(6).ends_at - group.at(6).starts_at


def test_the_later_ones_move_along_the_groups_own_days(session):
    group = Group(session, skip=[date(2026, 9, 24)])
    assert group.days(5, 6, 7, 8) == [date(2026, 9, day) for day in (15, 17, 22, 29)]
    group.move(5, date(2026, 9, 17), later=True)
    assert group.days(4, 5, 6, 7, 8) == [
        date(2026, 9, 10),
        *(date(2026, 9, day) for day in (17, 22, 29)),
        date(2026, 10, 1),
    ]
    assert group.at(24).starts_at > group.at(23).starts_at


def test_everybody_is_told_once_with_everything_that_changed(group):
    group.move(5, date(2026, 9, 17), later=True)
    letters = group.letters()
    told = [each.volunteer.email for each in group.people] + [group.here.trainer.email]
    assert sorted(each.to_address for each in letters) == sorted(told)
    assert all(each.body.count("- Session") == 20 for each in letters)
    assert (
        "Session 5 is now on Thursday 17 September 2026, 18:00 to 20:00, at The Hub. It was on Tuesday 15"
        in letters[0].body
    )
    calendar = vobject.readOne(letters[0].calendar)
    assert (calendar.method.value, len(calendar.vevent_list)) == ("PUBLISH", 20)


def test_a_moved_session_keeps_its_uid_and_its_sequence_rises_each_time(group):
    group.move(5, date(2026, 9, 16))
    first = vobject.readOne(group.letters()[0].calendar)
    group.forget_letters()
    group.move(5, date(2026, 9, 18))
    second = vobject.readOne(group.letters()[0].calendar)
    services.cancel_session(group.at(5), because="No room", by=group.here.coordinator)
    third = vobject.readOne(group.letters()[-1].calendar)
    assert [each.method.value for each in (first, second, third)] == ["REQUEST", "REQUEST", "CANCEL"]
    assert len({each.vevent.uid.value for each in (first, second, third)}) == 1
    assert [int(each.vevent.sequence.value) for each in (first, second, third)] == [1, 2, 3]
    assert second.vevent.dtstart.value == group.at(5).starts_at


def test_who_hides_the_scheme_has_an_appointment_and_nobodys_calendar_says_what_it_is_about(group):
    group.people[0].volunteer.contact.hide_scheme_name = True
    group.move(13, date(2026, 10, 14))
    by_address = {each.to_address: vobject.readOne(each.calendar).vevent.summary.value for each in group.letters()}
    assert by_address[group.people[0].volunteer.email] == "Appointment"
    scheme = group.here.area.scheme.name
    assert by_address[group.people[1].volunteer.email] == f"{scheme}: session 13"
    assert by_address[group.here.trainer.email] == "Cohort 7: session 13"
    assert "Mental" in group.at(13).title


def test_who_left_or_waits_is_not_told_and_who_takes_a_break_is(session):
    group = Group(session, capacity=3)
    (waiting,) = group.here.enrolled(group.cohort, 1)
    cohorts.withdraw(group.people[0], because="Moved", by=group.here.coordinator)
    group.forget_letters()
    group.move(5, date(2026, 9, 16))
    told = {each.to_address for each in group.letters()}
    assert group.people[0].volunteer.email not in told
    assert waiting.volunteer.email in told, "she has got the place that fell free"


def test_whom_no_message_reaches_is_for_us_to_tell_and_on_the_list_to_ring(group):
    group.people[0].volunteer.email = ""
    group.move(5, date(2026, 9, 16))
    by_hand = [each for each in group.letters() if each.state is MessageState.BY_HAND]
    assert [each.volunteer_id for each in by_hand] == [group.people[0].volunteer_id]
    assert len(group.letters()) == 4
    to_ring = [each.volunteer for each in queries.learners_to_tell(group.cohort) if must_be_told(each.volunteer_id)]
    assert to_ring == [group.people[0].volunteer]
    assert [each.number for each in queries.recently_changed(group.cohort.id)] == [5]


def test_who_chose_texts_is_told_of_changed_dates_by_text(group, monkeypatch):
    monkeypatch.setattr(post_room, "sends_texts", True)
    person = group.people[0].volunteer
    person.email, person.phone, person.contact.channel = "", "+447700900123", Channel.TEXT
    group.move(5, date(2026, 9, 16))
    (sent,) = [each for each in group.letters() if each.volunteer_id == person.id]
    assert (sent.carrier, sent.to_address) == (Carrier.TEXT, "+447700900123")
    assert not must_be_told(person.id)


def test_what_speaks_against_a_day_is_shown_for_this_one_and_for_the_later_ones(group):
    sittings = queries.timetable_of(group.cohort.id)
    plan = queries.proposal(group.at(5), sittings, on=date(2026, 9, 17), at=time(18))
    assert plan.clashes == ("Session 6 of this group is at the same time",)
    assert plan.clashes_with_later == ()
    assert [each.session.number for each in plan.later] == list(range(6, 25))
    plan = queries.proposal(group.at(1), sittings, on=date(2026, 8, 31), at=time(18))
    assert plan.clashes == ("Monday 31 August 2026 is a bank holiday",)


def test_a_trainer_who_is_with_another_group_then_is_named(group):
    group.here.cohort(name="Cohort 9", slots=(Slot(2, time(19)),))
    plan = queries.proposal(group.at(5), queries.timetable_of(group.cohort.id), on=date(2026, 9, 16), at=time(18))
    assert plan.clashes == (f"{group.here.trainer.name} teaches Cohort 9 then (Wednesday 16 September, 19:00)",)


def test_a_session_that_was_held_moves_only_when_somebody_says_so_and_nobody_is_written_to(session):
    group = Group(session)
    with time_machine.travel(datetime(2026, 9, 20, 9, tzinfo=UTC), tick=False):
        with pytest.raises(Refused, match="has been held or marked already"):
            group.move(5, date(2026, 9, 16))
        group.move(5, date(2026, 9, 16), later=True, even_if_held=True)
        assert group.days(5, 6, 7) == [date(2026, 9, 16), date(2026, 9, 17), date(2026, 9, 22)]
    assert group.letters() == []


def test_sessions_that_are_over_or_called_off_do_not_move_with_an_earlier_one(group):
    services.cancel_session(group.at(6), because="Strike", by=group.here.coordinator)
    group.move(5, date(2026, 9, 17), later=True)
    assert group.days(5, 6, 7) == [date(2026, 9, 17), date(2026, 9, 17), date(2026, 9, 24)]


def test_the_second_of_two_people_who_move_at_once_is_told_and_nothing_is_written(group):
    seen = group.seen()
    group.move(5, date(2026, 9, 16))
    group.forget_letters()
    with pytest.raises(services.Overtaken, match="Somebody else has changed these dates"):
        group.move(5, date(2026, 9, 18), seen=seen)
    assert group.days(5) == [date(2026, 9, 16)]
    assert group.letters() == []
    assert queries.last_changed_by(group.at(5)) != ""


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"on": date(2026, 9, 15)}, "Nothing is changed"),
        ({"on": date(2026, 9, 16), "venue": " "}, "Say where it is held"),
        ({"on": date(2026, 9, 16), "at": time(23)}, "before midnight"),
    ],
)
def test_a_move_that_makes_no_sense_is_refused_in_words(group, change, words):
    with pytest.raises(Refused, match=words):
        group.move(5, **change)


def test_a_course_that_is_over_keeps_its_dates(group):
    cohorts.cancel(group.cohort, because="No trainer", by=group.here.coordinator)
    with pytest.raises(Refused, match="is cancelled: its dates stay"):
        group.move(5, date(2026, 9, 16))


def test_one_session_is_held_elsewhere_and_the_others_stay(group):
    services.hold_elsewhere(
        group.at(5), venue="", meeting_link="https://meet.example.org/a", seen=group.seen(), with_later=False,
        by=group.here.coordinator,
    )  # fmt: skip
    assert (group.at(5).held_in, group.at(5).held_online_at) == ("", "https://meet.example.org/a")
    assert (group.at(6).held_in, group.at(6).held_online_at) == ("The Hub", "")
    letter = group.letters()[0]
    assert "Session 5 on Tuesday 15 September 2026, 18:00 to 20:00 is now online" in letter.body
    event = vobject.readOne(letter.calendar).vevent
    assert event.url.value.endswith(f"/sessions/{group.at(5).id}/join")
    assert "meet.example.org" not in letter.calendar


def test_this_session_and_every_later_one_are_held_elsewhere_and_going_back_leaves_no_trace(group):
    for venue in ("Town Hall", "The Hub"):
        services.hold_elsewhere(
            group.at(20), venue=venue, meeting_link="", seen=group.seen(), with_later=True, by=group.here.coordinator
        )
        assert {group.at(each).held_in for each in range(20, 25)} == {venue}
        assert group.at(19).held_in == "The Hub"
    assert not any(each.is_elsewhere for each in group.cohort.sessions)
    assert len(group.letters()) == 8


def test_a_cancelled_session_is_told_and_taken_back_and_told_again(group):
    services.cancel_session(group.at(5), because="Trainer is ill", by=group.here.trainer)
    letters = group.letters()
    assert len(letters) == 4
    assert "Session 5 on Tuesday 15 September 2026, 18:00 to 20:00 does not take place" in letters[0].body
    assert not any("ill" in each.body.split() for each in letters), "the reason stays inside"
    services.restore_session(group.at(5), by=group.here.trainer)
    assert "Session 5 takes place after all" in group.letters()[-1].body
    calendar = vobject.readOne(group.letters()[-1].calendar)
    assert (calendar.method.value, calendar.vevent.sequence.value) == ("REQUEST", "2")


def test_a_cancelled_session_is_put_at_the_end_with_its_number_and_its_hours(session):
    group = Group(session)
    with pytest.raises(Refused, match="Only a cancelled session"):
        services.replace_session(group.at(3), on=date(2026, 11, 24), at=time(18), by=group.here.coordinator)
    cancelled = group.at(3)
    services.cancel_session(cancelled, because="Snow", by=group.here.coordinator)
    free = queries.replacement_slot(group.cohort, queries.timetable_of(group.cohort.id))
    assert clock.in_london(free).date() == date(2026, 11, 24), "the last one is on Thursday 19 November"
    group.forget_letters()
    added = services.replace_session(cancelled, on=date(2026, 11, 24), at=time(18), by=group.here.coordinator)
    session.commit()
    assert (added.number, added.title, added.is_mandatory) == (3, cancelled.title, True)
    assert cancelled.number == 25
    assert "Session 3, which was called off, is now on Tuesday 24 November 2026" in group.letters()[0].body
    facts = attendance.facts_of([group.people[0].id])[group.people[0].id]
    assert [(fact.number, fact.is_left_out) for fact in facts if fact.title == added.title] == [(3, False), (25, True)]
    for again in (services.replace_session, services.restore_session):
        with pytest.raises(Refused, match="on another day"):
            again(cancelled, **({"on": date(2026, 12, 1), "at": time(18)} if again is services.replace_session else {}),
                  by=group.here.coordinator)  # fmt: skip


def test_moving_the_first_session_moves_the_first_day_of_the_course(group):
    group.move(1, date(2026, 9, 2))
    assert group.cohort.starts_on == date(2026, 9, 2)
