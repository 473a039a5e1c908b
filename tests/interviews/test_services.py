"""Planning, recording and cancelling interviews."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.access import Role
from portal.accounts import services as accounts
from portal.audit.models import AuditLine
from portal.interviews import gates, queries, services
from portal.interviews.models import Interview, Setting
from portal.interviews.rules import ScoreArea
from portal.messages.models import Message
from portal.refusals import Refused
from portal.volunteers.journey import Stage
from portal.volunteers.rules import GateState, MoveRefused
from tests.factories import (
    InterviewFactory,
    UserFactory,
    VolunteerFactory,
)

GOOD = {area.value: 3 for area in ScoreArea}


def coordinator(volunteer):
    return UserFactory(role=Role.COORDINATOR, area=volunteer.area)


def plan(volunteer, by, **changes):
    given = {"planned_at": clock.now() + timedelta(days=2), "setting": Setting.PHONE, "place": "", "interviewer": by}
    return services.invite(volunteer, **{**given, **changes}, by=by)


def held(volunteer, scores=None, **changes):
    at = clock.now() - timedelta(hours=1)
    return InterviewFactory(volunteer=volunteer, planned_at=at, held_at=at, scores=scores or GOOD, **changes)


def letters(session):
    return {message.template: message for message in session.scalars(select(Message).order_by(Message.id))}


def test_an_invitation_moves_the_applicant_on_and_writes_to_them(session):
    volunteer = VolunteerFactory(stage=Stage.APPLIED)
    interview = plan(volunteer, coordinator(volunteer), setting=Setting.IN_PERSON, place="The Hub")
    assert volunteer.stage is Stage.INTERVIEWING
    assert interview.id
    letter = letters(session)["interview_planned"]
    assert "Where: The Hub" in letter.body
    assert letter.to_address == volunteer.email


def test_no_letter_about_a_talk_names_the_scheme_to_somebody_who_asked_for_that(session):
    volunteer = VolunteerFactory(stage=Stage.APPLIED)
    volunteer.contact.hide_scheme_name = True
    by = coordinator(volunteer)
    services.cancel(plan(volunteer, by), because="Ill", by=by)
    sent = letters(session)
    to_them = {name: letter for name, letter in sent.items() if letter.volunteer_id == volunteer.id}
    assert set(to_them) == {"interview_planned", "interview_cancelled"}
    assert not any(volunteer.scheme.name in letter.subject + letter.body for letter in to_them.values())
    assert not any(volunteer.scheme.name in (letter.calendar or "") for letter in to_them.values())


def test_an_interview_is_not_planned_in_the_past(session):
    volunteer = VolunteerFactory(stage=Stage.APPLIED)
    with pytest.raises(Refused, match="must be in the future"):
        plan(volunteer, coordinator(volunteer), planned_at=clock.now() - timedelta(minutes=1))
    assert volunteer.stage is Stage.APPLIED


def test_a_second_interview_waits_until_the_first_is_over(session):
    volunteer = VolunteerFactory(stage=Stage.APPLIED)
    by = coordinator(volunteer)
    first = plan(volunteer, by)
    with pytest.raises(Refused, match="planned already"):
        plan(volunteer, by)
    services.cancel(first, because="She is ill", by=by)
    assert plan(volunteer, by).id != first.id


def test_nobody_is_invited_before_they_have_applied(session):
    volunteer = VolunteerFactory(stage=Stage.APPLYING)
    with pytest.raises(MoveRefused):
        plan(volunteer, coordinator(volunteer))
    assert session.scalars(select(Interview).where(Interview.volunteer_id == volunteer.id)).all() == []


def test_cancelling_needs_a_reason_and_tells_the_applicant(session):
    interview = InterviewFactory()
    with pytest.raises(Refused, match="Say why"):
        services.cancel(interview, because="  ", by=interview.interviewer)
    services.cancel(interview, because="The room is flooded", by=interview.interviewer)
    letter = letters(session)["interview_cancelled"]
    assert "Why: The room is flooded" in letter.body
    with pytest.raises(Refused, match="still to be held"):
        services.cancel(interview, because="Again", by=interview.interviewer)


def record(interview, scores, **changes):
    given = {"held_at": clock.now(), "notes": "Warm", "second_interviewer_name": "Sam", "by": interview.interviewer}
    services.record(interview, scores=scores, **{**given, **changes})


def test_scores_are_locked_once_recorded(session):
    interview = InterviewFactory()
    record(interview, GOOD)
    with pytest.raises(Refused, match="locked"):
        record(interview, GOOD | {"motivation": 4})
    assert interview.scores == GOOD


@pytest.mark.parametrize("wrong", [5, -1, "3", None, True, 2.5])
def test_every_area_is_scored_from_0_to_4(session, wrong):
    with pytest.raises(Refused, match="Score boundaries from 0 to 4"):
        record(InterviewFactory(), GOOD | {"boundaries": wrong})


def test_an_area_that_is_not_on_the_scorecard_is_refused(session):
    with pytest.raises(Refused, match="no area called charm"):
        record(InterviewFactory(), GOOD | {"charm": 4})


def test_an_interview_is_not_recorded_before_it_was_held(session):
    with pytest.raises(Refused, match="in the future"):
        record(InterviewFactory(), GOOD, held_at=clock.now() + timedelta(hours=1))


def test_a_cancelled_interview_is_not_recorded(session):
    interview = InterviewFactory(cancelled_at=clock.now(), cancelled_because="Ill")
    with pytest.raises(Refused, match="was cancelled"):
        record(interview, GOOD)


def test_an_interview_of_somebody_who_withdrew_is_not_recorded(session):
    with pytest.raises(MoveRefused, match="withdrawn"):
        record(InterviewFactory(volunteer__stage=Stage.WITHDRAWN), GOOD)


def test_the_notes_of_an_interview_are_not_in_the_audit_trail(session):
    interview = InterviewFactory()
    record(interview, GOOD, notes="Told us about a very private thing")
    session.commit()
    assert "private thing" not in str([line.after for line in session.scalars(select(AuditLine))])


def test_the_gate_follows_the_interview(session):
    nobody = VolunteerFactory()
    planned = InterviewFactory().volunteer
    good, bad = VolunteerFactory(stage=Stage.INTERVIEWING), VolunteerFactory(stage=Stage.INTERVIEWING)
    held(good)
    held(bad, GOOD | {"safeguarding": 0})
    found = gates.gates([nobody, planned, good, bad])
    states = [found[each.id][0].state for each in (nobody, planned, good, bad)]
    assert states == [GateState.NOT_STARTED, GateState.WAITING, GateState.MET, GateState.REFUSED]
    assert found[bad.id][0].owner == "The safeguarding lead"


def test_a_later_interview_that_was_held_counts_and_a_cancelled_one_does_not(session):
    volunteer = VolunteerFactory(stage=Stage.INTERVIEWING)
    at = clock.now() - timedelta(days=9)
    InterviewFactory(volunteer=volunteer, planned_at=at, held_at=at, scores=GOOD | {"safeguarding": 0})
    held(volunteer)
    InterviewFactory(volunteer=volunteer, cancelled_at=clock.now(), cancelled_because="Ill")
    assert gates.gates([volunteer])[volunteer.id][0].state is GateState.MET


def test_the_gate_costs_one_query_for_one_and_for_ten(session, count_queries):
    people = [held(VolunteerFactory(stage=Stage.INTERVIEWING)).volunteer for _ in range(10)]
    with count_queries() as one:
        gates.gates(people[:1])
    with count_queries() as ten:
        gates.gates(people)
    assert one.total == ten.total == 1
    assert gates.gates([]) == {}


def test_a_worker_whose_role_ended_today_is_asked_to_interview_nobody(session):
    volunteer = VolunteerFactory(stage=Stage.APPLIED)
    by = coordinator(volunteer)
    assert queries.interviewers(volunteer) == [by]
    accounts.end_role(by.roles_held[0], by=by)
    assert queries.interviewers(volunteer) == []
