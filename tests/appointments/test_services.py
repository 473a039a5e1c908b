"""Times for talks: offered, chosen, moved, called off; who reads of it, and what calendars show."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
import vobject
from sqlalchemy import select

from portal import clock
from portal.access import Role
from portal.appointments import queries, services
from portal.appointments.rules import GONE, run_of
from portal.clock import LONDON
from portal.decisions import services as decisions
from portal.interviews import services as interviews
from portal.interviews.models import Interview, InterviewLink, Setting, Slot
from portal.interviews.queries import open_interview
from portal.messages.models import Message
from portal.refusals import Refused
from portal.volunteers import services as volunteers
from portal.volunteers.journey import Stage
from tests.factories import AreaFactory, InterviewFactory, SlotFactory, UserFactory, VolunteerFactory


@pytest.fixture
def area(session):
    return AreaFactory()


@pytest.fixture
def cora(area):
    return UserFactory(role=Role.COORDINATOR, area=area, name="Cora")


@pytest.fixture
def asked(area, cora):
    """An applicant who was asked to choose a time."""
    volunteer = VolunteerFactory(area=area, stage=Stage.APPLIED)
    services.let_them_choose(volunteer, by=cora)
    return volunteer


def publish(area, by, *starts, **changes):
    given = {"minutes": 45, "every": 45, "setting": Setting.PHONE, "place": "", "interviewer": by, "second": None}
    return services.publish(area, starts=list(starts), by=by, **{**given, **changes})


def soon(hours=0):
    return clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=2, hours=hours)


def letters(session, template):
    query = select(Message).where(Message.template == template).order_by(Message.id)
    return list(session.scalars(query))


def entry(message):
    return vobject.readOne(message.calendar).vevent


def test_a_run_of_times_ends_when_the_last_talk_is_over_and_keeps_the_clock_on_the_wall():
    day = date(2027, 3, 28)  # the clocks go forward at one in the morning
    found = run_of(day, begins=time(9), until=time(12), minutes=45, every=60)
    assert [clock.in_london(each).strftime("%H:%M") for each in found] == ["09:00", "10:00", "11:00"]
    assert run_of(day, begins=time(9), until=None, minutes=45, every=60) == [datetime.combine(day, time(9), LONDON)]
    assert run_of(day, begins=time(9), until=time(9, 30), minutes=45, every=60) == []


def test_times_of_an_interviewer_who_is_busy_are_refused_and_none_is_made(session, area, cora):
    InterviewFactory(interviewer=UserFactory(), second_id=cora.id, planned_at=soon(1))
    with pytest.raises(Refused, match="busy at"):
        publish(area, cora, soon(), soon(1))
    assert session.scalars(select(Slot)).all() == []
    publish(area, cora, soon(3))
    other = UserFactory(role=Role.COORDINATOR, area=area)
    with pytest.raises(Refused, match="busy"):
        publish(area, other, soon(3) + timedelta(minutes=30), second=cora)
    assert len(publish(area, other, soon(3) + timedelta(minutes=45), second=cora)) == 1


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"minutes": 5}, "from 10 to 240"),
        ({"every": 30}, "before the one before it is over"),
        ({"starts": []}, "no time for a talk"),
        ({"starts": [clock.now() - timedelta(hours=1)]}, "in the future"),
        ({"starts": [clock.now() + timedelta(days=400)]}, "six months"),
    ],
)
def test_times_that_cannot_be_kept_are_not_offered(area, cora, changes, why):
    given = {"starts": [soon(), soon(1)], **changes}
    with pytest.raises(Refused, match=why):
        publish(area, cora, *given.pop("starts"), **given)


def test_a_time_withdrawn_is_offered_no_more_and_can_be_offered_again(area, cora, asked):
    (slot,) = publish(area, cora, soon())
    services.withdraw(slot, by=cora)
    assert queries.free_slots(asked) == []
    assert publish(area, cora, soon()) == [slot]
    assert queries.free_slots(asked) == [slot]


def test_the_link_to_choose_goes_to_the_applicant_and_moves_them_on(session, asked):
    assert asked.stage is Stage.INTERVIEWING
    (letter,) = letters(session, "choose_a_time")
    assert asked.scheme.settings.interview_questions[0] in letter.body
    token = letter.body.split("/talk/")[1].split()[0]
    assert queries.volunteer_by_link(token) is asked
    assert len(token) == 48


def test_only_free_times_of_their_own_area_are_shown(area, cora, asked):
    mine = SlotFactory(area=area, interviewer=cora)
    SlotFactory()
    SlotFactory(area=area, starts_at=clock.now() + timedelta(minutes=30))
    taken = SlotFactory(area=area)
    InterviewFactory(slot=taken)
    busy = SlotFactory(area=area)
    InterviewFactory(interviewer=busy.interviewer, planned_at=busy.starts_at + timedelta(minutes=15))
    assert queries.free_slots(asked) == [mine]


def test_taking_a_time_plans_the_talk_and_everybody_has_it_in_their_calendar(session, area, cora, asked):
    sam = UserFactory(role=Role.INTERVIEWER, area=area, name="Sam")
    (slot,) = publish(area, cora, soon(), second=sam, setting=Setting.IN_PERSON, place="The Hub")
    interview = services.take(asked, slot.id, by=asked.user or cora)
    assert (interview.planned_at, interview.second, interview.place) == (soon(), sam, "The Hub")
    assert interview.accepted_at
    assert services.take(asked, slot.id, by=cora) is interview  # a second tap
    (mine,) = letters(session, "interview_planned")
    assert entry(mine).summary.value == f"Talk with {asked.scheme.name}"
    theirs = letters(session, "interview_for_interviewer")
    assert {each.to_address for each in theirs} == {cora.email, sam.email}
    for each in theirs:
        assert entry(each).summary.value == f"Interview {asked.reference}"
        assert asked.name not in each.subject + each.body + each.calendar
    assert {entry(each).uid.value for each in (mine, *theirs)} == {f"interview-{interview.id}@localhost"}


def test_another_time_moves_the_same_entry_and_calling_off_takes_it_away(session, area, cora, asked):
    first, second = publish(area, cora, soon(), soon(2))
    interview = services.take(asked, first.id, by=cora)
    assert services.take(asked, second.id, by=cora) is interview
    assert first in queries.free_slots(asked)
    interviews.cancel(interview, because="The room is flooded", by=cora)
    sent = [*letters(session, "interview_planned"), *letters(session, "interview_changed")]
    sent += letters(session, "interview_cancelled")
    entries = [entry(each) for each in sent]
    assert len({each.uid.value for each in entries}) == 1
    assert [int(each.sequence.value) for each in entries] == [0, 1, 2]
    assert entries[-1].status.value == "CANCELLED"
    assert "METHOD:CANCEL" in sent[-1].calendar
    staff = [entry(each) for each in letters(session, "interview_for_interviewer")]
    assert [(int(each.sequence.value), each.status.value) for each in staff] == [
        (0, "CONFIRMED"), (1, "CONFIRMED"), (2, "CANCELLED"),
    ]  # fmt: skip


def test_the_reason_of_a_cancellation_reaches_the_other_side(session, area, cora, asked):
    first, second = publish(area, cora, soon(), soon(2))
    interviews.cancel(services.take(asked, first.id, by=cora), because="The room is flooded", by=cora)
    assert "Why: The room is flooded" in letters(session, "interview_cancelled")[-1].body
    assert "Why: The room is flooded" in letters(session, "interview_for_interviewer")[-1].body
    interviews.cancelled_by_them(services.take(asked, second.id, by=cora), because="My bus does not run", by=cora)
    assert "My bus does not run" in letters(session, "interview_for_interviewer")[-1].body
    assert "My bus" not in letters(session, "interview_cancelled")[-1].body
    assert queries.free_slots(asked) == [first, second]  # other times at once
    assert queries.may_choose(asked)


def test_no_calendar_names_the_scheme_to_somebody_who_hides_it(session, area, cora, asked):
    asked.contact.hide_scheme_name = True
    (slot,) = publish(area, cora, soon())
    services.take(asked, slot.id, by=cora)
    (letter,) = letters(session, "interview_planned")
    assert area.scheme.name not in letter.calendar + letter.subject + letter.body
    assert entry(letter).summary.value == "Talk with Alongside"


def test_a_time_that_somebody_took_is_gone_for_the_next(session, area, cora, asked):
    (slot,) = publish(area, cora, soon())
    other = VolunteerFactory(area=area, stage=Stage.APPLIED)
    services.let_them_choose(other, by=cora)
    services.take(asked, slot.id, by=cora)
    with pytest.raises(Refused, match=GONE):
        services.take(other, slot.id, by=cora)
    assert open_interview(other) is None
    with pytest.raises(Refused, match="Somebody has taken this time"):
        services.withdraw(slot, by=cora)


@pytest.mark.parametrize("slot", [None, 999_999_999])
def test_a_time_that_is_none_is_refused(asked, cora, slot):
    with pytest.raises(Refused, match="one of the times on the list"):
        services.take(asked, slot, by=cora)


def test_nobody_takes_a_time_of_another_area(asked, cora):
    with pytest.raises(Refused, match="one of the times on the list"):
        services.take(asked, SlotFactory().id, by=cora)


def test_nobody_chooses_who_was_not_asked(area, cora):
    volunteer = VolunteerFactory(area=area, stage=Stage.APPLIED)
    (slot,) = publish(area, cora, soon())
    with pytest.raises(Refused, match="no talk to choose"):
        services.take(volunteer, slot.id, by=cora)
    assert services.take_for(volunteer, slot.id, by=cora).volunteer is volunteer  # staff, on the phone
    assert volunteer.stage is Stage.INTERVIEWING


def test_a_wish_for_another_time_keeps_this_one_and_is_read(session, cora):
    interview = InterviewFactory(interviewer=cora)
    services.accept(interview, supporter="My sister", by=cora)
    assert interview.supporter == "My sister"
    services.ask_for_another_time(interview, wish="Any Monday", by=cora)
    assert (interview.accepted_at, interview.change_wish, interview.is_open) == (None, "Any Monday", True)
    assert "Any Monday" in letters(session, "interview_for_interviewer")[-1].body
    with pytest.raises(Refused, match="Say which time"):
        services.ask_for_another_time(interview, wish="  ", by=cora)


def test_a_link_dies_when_the_address_changes_when_it_is_old_and_when_they_withdraw(session, area, cora, asked):
    token = interviews.link_for(asked)
    assert interviews.link_for(asked) == token  # the same link again
    link = session.scalar(select(InterviewLink))
    for name, value in (("expires_at", clock.now()), ("closed_at", clock.now()), ("to_address", "old@example.org")):
        before = getattr(link, name)
        setattr(link, name, value)
        assert queries.volunteer_by_link(token) is None
        assert queries.was_link(token)
        setattr(link, name, before)
    assert queries.volunteer_by_link(token) is asked
    asked.email = "new@example.org"
    assert queries.volunteer_by_link(token) is None
    new = interviews.link_for(asked)
    assert new != token
    (slot,) = publish(area, cora, soon())
    interview = services.take(asked, slot.id, by=cora)
    volunteers.withdraw(asked, because="", by=cora)
    assert queries.volunteer_by_link(new) is None
    assert interview.cancelled_at
    assert slot not in [each.slot for each in session.scalars(select(Interview))]
    assert "METHOD:PUBLISH" in letters(session, "withdrawn")[-1].calendar
    assert entry(letters(session, "withdrawn")[-1]).status.value == "CANCELLED"
    assert not queries.was_link("x" * 500)


def test_a_no_takes_the_talk_out_of_everybodys_calendar(session, area, cora, asked):
    (slot,) = publish(area, cora, soon())
    interview = services.take(asked, slot.id, by=cora)
    decisions.decline(asked, because="Moved away", by=cora)
    assert interview.cancelled_at
    assert queries.is_free(slot)
    (letter,) = letters(session, "place_declined")
    assert entry(letter).status.value == "CANCELLED"
    assert entry(letter).uid.value == entry(letters(session, "interview_planned")[0]).uid.value
    assert entry(letters(session, "interview_for_interviewer")[-1]).status.value == "CANCELLED"


def test_somebody_who_did_not_come_is_offered_another_time_without_blame(session, cora, asked):
    interview = InterviewFactory(volunteer=asked, interviewer=cora)
    with pytest.raises(Refused, match="has not begun"):
        interviews.did_not_come(interview, by=cora)
    interview.planned_at = clock.now() - timedelta(hours=1)
    interviews.did_not_come(interview, by=cora)
    assert interview.missed_at
    assert queries.may_choose(asked)
    (letter,) = letters(session, "interview_missed")
    assert "nobody is cross" in letter.body
    assert queries.talks_missed(asked) == 1


def test_each_is_reminded_once_the_day_before(session, cora):
    morning = datetime.combine(clock.today(), time(9, 30), LONDON)
    tomorrow = InterviewFactory(interviewer=cora, planned_at=morning + timedelta(days=1))
    InterviewFactory(planned_at=morning + timedelta(days=2))
    InterviewFactory(planned_at=morning + timedelta(days=1), cancelled_at=clock.now(), cancelled_because="Ill")
    interviews.remind(morning - timedelta(hours=2))
    assert letters(session, "interview_reminder") == []
    for _ in range(3):
        interviews.remind(morning)
    assert [each.volunteer_id for each in letters(session, "interview_reminder")] == [tomorrow.volunteer_id]
