"""Offers and declines."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.access import Role
from portal.audit.rules import Outsider
from portal.decisions import messages, queries, services
from portal.decisions.models import Offer, WhoDecided
from portal.decisions.rules import DeclineKind, WithdrawReason, conditions
from portal.interviews.rules import REFER, ScoreArea
from portal.messages.models import Message, MessageState
from portal.messages.services import queue
from portal.outbox.queries import how_many_to_pass_on
from portal.references.models import Reference
from portal.refusals import Refused
from portal.volunteers.journey import Stage
from portal.volunteers.models import Channel, Volunteer
from portal.volunteers.rules import MoveRefused
from portal.volunteers.services import reapply
from tests.factories import (
    ApplicationFactory,
    InterviewFactory,
    RefereeFactory,
    SignpostFactory,
    UserFactory,
    VolunteerFactory,
)

GOOD = {area.value: 3 for area in ScoreArea}


def coordinator(volunteer):
    return UserFactory(role=Role.COORDINATOR, area=volunteer.area)


def held(volunteer, scores=None, **changes):
    at = clock.now() - timedelta(hours=1)
    return InterviewFactory(volunteer=volunteer, planned_at=at, held_at=at, scores=scores or GOOD, **changes)


def letters(session):
    return {message.template: message for message in session.scalars(select(Message).order_by(Message.id))}


def test_no_letter_about_a_place_names_the_scheme_to_somebody_who_asked_for_that(session):
    volunteer = VolunteerFactory(stage=Stage.APPLIED)
    volunteer.contact.hide_scheme_name = True
    queue(messages.place_offered(volunteer))
    services.decline(volunteer, because="Full", by=coordinator(volunteer))
    sent = letters(session)
    assert set(sent) == {"place_offered", "place_declined"}
    assert not any(volunteer.scheme.name in letter.subject + letter.body for letter in sent.values())


def test_an_offer_leads_to_the_own_page_by_way_of_signing_in(session):
    assert "/my\n" in queue(messages.place_offered(VolunteerFactory(stage=Stage.OFFERED))).body


def test_an_offer_moves_on_asks_the_referees_and_writes_what_is_left_to_do(session):
    volunteer = VolunteerFactory(stage=Stage.INTERVIEWING)
    application = ApplicationFactory(volunteer=volunteer)
    RefereeFactory(application=application)
    RefereeFactory(application=application, email="", phone="+441914980000")
    by = coordinator(volunteer)
    offer = services.offer(volunteer, interview=held(volunteer), because="Listens well", by=by)
    assert (volunteer.stage, offer.offered_by_id) == (Stage.OFFERED, by.id)
    assert application.decision == "offered"
    assert len(session.scalars(select(Reference).where(Reference.volunteer_id == volunteer.id)).all()) == 2
    body = letters(session)["place_offered"].body
    assert "DBS check" in body
    assert "Listens well" not in body
    requested = [m for m in session.scalars(select(Message)) if m.template == "reference_requested"]
    assert len(requested) == 1  # the other has no e-mail


def test_a_0_on_safeguarding_refuses_the_offer_and_says_whom_to_refer_to(session):
    volunteer = VolunteerFactory(stage=Stage.INTERVIEWING)
    interview = held(volunteer, GOOD | {"safeguarding": 0})
    with pytest.raises(Refused) as refused:
        services.offer(volunteer, interview=interview, because="Nice", by=coordinator(volunteer))
    assert refused.value.reasons == [REFER]
    assert volunteer.stage is Stage.INTERVIEWING
    assert session.scalars(select(Offer).where(Offer.volunteer_id == volunteer.id)).all() == []


def test_an_offer_needs_an_interview_that_was_held_with_this_person_and_a_reason(session):
    volunteer = VolunteerFactory(stage=Stage.INTERVIEWING)
    by = coordinator(volunteer)
    with pytest.raises(Refused, match="not been held"):
        services.offer(volunteer, interview=InterviewFactory(volunteer=volunteer), because="Nice", by=by)
    other = VolunteerFactory(stage=Stage.INTERVIEWING)
    with pytest.raises(Refused, match="somebody else"):
        services.offer(volunteer, interview=held(other), because="Nice", by=by)
    with pytest.raises(Refused, match="Say why"):
        services.offer(volunteer, interview=held(volunteer), because=" ", by=by)
    assert volunteer.stage is Stage.INTERVIEWING


def test_nobody_offers_themselves_a_place(session):
    user = UserFactory()
    volunteer = VolunteerFactory(stage=Stage.INTERVIEWING, user=user)
    with pytest.raises(Refused, match="never by oneself"):
        services.offer(volunteer, interview=held(volunteer), because="Me", by=user)


def test_a_decline_is_kind_in_the_letter_and_plain_in_the_record(session):
    volunteer = VolunteerFactory(stage=Stage.INTERVIEWING)
    application = ApplicationFactory(volunteer=volunteer)
    planned = InterviewFactory(volunteer=volunteer)
    services.decline(
        volunteer, kind=DeclineKind.FULL, because="Twenty on the list", words="The next course is in May.",
        by=coordinator(volunteer),
    )  # fmt: skip
    assert volunteer.stage is Stage.DECLINED
    assert application.decision == "declined"
    assert planned.cancelled_at
    body = letters(session)["place_declined"].body
    assert "We have no places left in your area" in body
    assert "The next course is in May." in body
    assert "Twenty" not in body
    assert volunteer.scheme.phone in body


def test_the_letter_about_suitability_says_nothing_of_what_was_found(session):
    volunteer = VolunteerFactory(stage=Stage.OFFERED)
    by = coordinator(volunteer)
    made = services.decline(volunteer, kind=DeclineKind.SUITABILITY, because="Decided with the lead", by=by)
    services.agree(made, by=coordinator(volunteer))
    body = letters(session)["place_declined"].body.lower()
    for word in ("suitab", "dbs", "convict", "disclos", "decided with"):
        assert word not in body


def test_somebody_on_a_course_is_taken_off_it_before_a_decline(session):
    volunteer = VolunteerFactory(stage=Stage.TRAINING)
    with pytest.raises(MoveRefused, match="off the course first"):
        services.decline(volunteer, because="No", by=coordinator(volunteer))


def test_a_decline_needs_a_reason_for_the_record(session):
    volunteer = VolunteerFactory(stage=Stage.APPLIED)
    with pytest.raises(Refused, match="Say why"):
        services.decline(volunteer, because=" ", by=coordinator(volunteer))
    assert volunteer.stage is Stage.APPLIED


def test_conditions_are_the_gates_of_the_scheme_in_words():
    assert conditions(("interview", "dbs")) == [
        "a DBS check is done; it is free for volunteers, and a record need not stop you"
    ]


def test_below_the_pass_mark_an_offer_needs_a_reason_in_a_sentence(session):
    volunteer = VolunteerFactory(stage=Stage.INTERVIEWING)
    interview = held(volunteer, {area.value: 1 for area in ScoreArea})
    with pytest.raises(Refused, match="scored below"):
        services.offer(volunteer, interview=interview, because="Nice", by=coordinator(volunteer))
    why = "She was nervous, and spoke well on the phone afterwards"
    assert services.offer(volunteer, interview=interview, because=why, by=coordinator(volunteer)).because == why


def test_own_conditions_are_kept_with_the_offer_and_said_in_the_letter(session):
    volunteer = VolunteerFactory(stage=Stage.INTERVIEWING)
    given = ["You come to our open day", " ", "You come to our open day"]
    services.offer(volunteer, interview=held(volunteer), because="Warm", by=coordinator(volunteer), conditions=given)
    assert [each.words for each in queries.own_conditions(volunteer)] == ["You come to our open day"]
    assert "- You come to our open day" in letters(session)["place_offered"].body


def test_the_letter_points_to_who_else_may_help_as_they_are_today(session):
    volunteer = VolunteerFactory(stage=Stage.APPLIED)
    who = SignpostFactory(scheme=volunteer.scheme, title="Wear Recovery", phone="0191 498 0001")
    day = clock.today() + timedelta(days=90)
    made = services.decline(
        volunteer, because="Full", by=coordinator(volunteer), signposts=[who], apply_again_on=day,
        rests_on=queries.facts_for(volunteer),
    )  # fmt: skip
    who.title = "Another name"
    body = letters(session)["place_declined"].body
    assert "Wear Recovery" in body
    assert f"from {day.day} {day:%B %Y}" in body
    assert made.signposts[0]["title"] == "Wear Recovery"
    assert ["Interview", "No interview was held"] in made.rests_on


def test_suitability_needs_a_second_person_before_anybody_is_told(session):
    volunteer = VolunteerFactory(stage=Stage.OFFERED)
    first, second = coordinator(volunteer), coordinator(volunteer)
    made = services.decline(volunteer, kind=DeclineKind.SUITABILITY, because="With the lead", by=first)
    assert (volunteer.stage, letters(session)) == (Stage.OFFERED, {})
    with pytest.raises(Refused, match="Somebody else must agree"):
        services.agree(made, by=first)
    with pytest.raises(Refused, match="second person must agree"):
        services.tell(made, by=second)
    services.agree(made, by=second)
    assert (volunteer.stage, set(letters(session))) == (Stage.DECLINED, {"place_declined"})
    with pytest.raises(Refused):
        services.agree(made, by=second)


def test_told_by_phone_first_the_letter_and_the_move_wait_for_the_call(session):
    volunteer = VolunteerFactory(stage=Stage.APPLIED)
    by = coordinator(volunteer)
    made = services.decline(volunteer, because="Full", by=by, told_by="phone")
    assert (volunteer.stage, letters(session), queries.told_decline(volunteer)) == (Stage.APPLIED, {}, None)
    with pytest.raises(Refused, match="decided on this already"):
        services.decline(volunteer, because="Full", by=by)
    services.tell(made, by=by)
    assert volunteer.stage is Stage.DECLINED
    assert queries.told_decline(volunteer) is made
    with pytest.raises(Refused, match="told already"):
        services.tell(made, by=by)


def test_somebody_whom_no_letter_reaches_is_told_once_by_the_call_that_told_them(session):
    rung, asked = (VolunteerFactory(stage=Stage.APPLIED, email="", phone="+447700900123") for _ in range(2))
    for each in (rung, asked):
        each.contact.channel = Channel.PHONE
    session.flush()
    by = coordinator(rung)
    services.tell(services.decline(rung, because="Full", by=by, told_by="phone"), by=by)
    services.decline(asked, because="Full", by=by)
    told, waits = session.scalars(select(Message).where(Message.template == "place_declined").order_by(Message.id))
    assert (told.state, told.passed_on_by_id, told.body) == (MessageState.SENT, by.id, None)
    assert waits.state is MessageState.BY_HAND
    assert how_many_to_pass_on(among=select(Volunteer.id)) == 1


def test_a_no_takes_the_talk_out_of_their_calendar(session):
    volunteer = VolunteerFactory(stage=Stage.INTERVIEWING)
    InterviewFactory(volunteer=volunteer)
    services.decline(volunteer, because="Full", by=coordinator(volunteer))
    letter = session.scalars(select(Message).where(Message.template == "place_declined")).one()
    assert "STATUS:CANCELLED" in (letter.calendar or "")


def test_a_decision_that_was_dropped_tells_nobody_and_makes_room_for_another(session):
    volunteer = VolunteerFactory(stage=Stage.APPLIED)
    by = coordinator(volunteer)
    services.drop(services.decline(volunteer, because="Full", by=by, told_by="phone"), by=by)
    assert volunteer.stage is Stage.APPLIED
    services.decline(volunteer, because="Full after all", by=by)
    assert volunteer.stage is Stage.DECLINED


@pytest.mark.parametrize(("changes", "words"), [
    ({"told_by": "pigeon"}, "how they are told"), ({"remind": True}, "Enter the day"),
    ({"apply_again_on": clock.today()}, "next three years"),
])  # fmt: skip
def test_a_no_that_cannot_be_said_like_that_is_refused(session, changes, words):
    volunteer = VolunteerFactory(stage=Stage.APPLIED)
    with pytest.raises(Refused, match=words):
        services.decline(volunteer, because="Full", by=coordinator(volunteer), **changes)


def test_they_are_told_once_on_the_day_from_which_they_may_apply_again(session):
    volunteer = VolunteerFactory(stage=Stage.APPLIED)
    day = clock.today() + timedelta(days=30)
    services.decline(volunteer, because="Full", by=coordinator(volunteer), apply_again_on=day, remind=True)
    now = clock.now()
    assert [services.remind_to_apply_again(now + timedelta(days=days)) for days in (29, 30, 30, 31)] == [0, 1, 0, 0]
    assert "/join/" in letters(session)["may_apply_again"].body


def test_kinds_are_counted_for_those_who_see_reports(session):
    volunteer = VolunteerFactory(stage=Stage.APPLIED)
    by = coordinator(volunteer)
    services.decline(volunteer, kind=DeclineKind.FULL, because="Full", by=by)
    today = clock.today()
    assert queries.kinds_of_declines(seen_by=by, since=today) == [("There is no place", 1)]
    assert queries.kinds_of_declines(seen_by=UserFactory(role=Role.COORDINATOR), since=today) == []


def stopped(stage=Stage.INTERVIEWING, **given):
    volunteer = VolunteerFactory(stage=stage)
    return volunteer, services.withdraw(volunteer, by=Outsider("Ann"), **given)


def test_stopping_keeps_their_reasons_and_says_until_when_it_can_be_undone(session):
    volunteer, made = stopped(reasons=[WithdrawReason.WORK], their_words="A new job")
    assert (made.reasons, made.their_words, made.from_stage) == (["work"], "A new job", Stage.INTERVIEWING)
    assert made.undo_until - made.withdrawn_at == timedelta(days=volunteer.scheme.settings.withdrawal_undo_days)
    body = letters(session)["withdrawn"].body
    assert messages.day_of(made.undo_until) in body
    assert "/where/" in body
    assert "A new job" not in body


def test_a_withdrawal_that_we_decided_needs_our_reason(session):
    with pytest.raises(Refused, match="Say why"):
        stopped(decided_by=WhoDecided.SCHEME)
    assert stopped(decided_by=WhoDecided.BOTH, our_words="Talked it over")[1].our_words == "Talked it over"


def test_undone_in_time_everything_goes_on_from_where_they_were(session):
    volunteer, made = stopped()
    words = services.undo(volunteer, by=Outsider("Ann"))
    assert (volunteer.stage, made.undone_by_name) == (Stage.INTERVIEWING, "Ann")
    assert words == ["Everything is as it was before you stopped"]
    assert "came_back" in letters(session)


def test_a_talk_that_was_called_off_is_found_anew(session):
    volunteer = VolunteerFactory(stage=Stage.INTERVIEWING)
    planned = InterviewFactory(volunteer=volunteer)
    services.withdraw(volunteer, by=Outsider("Ann"))
    assert planned.cancelled_at
    assert "a new time" in services.undo(volunteer, by=Outsider("Ann"))[0]


def test_a_withdrawal_is_not_undone_twice_or_too_late_or_after_starting_again(session):
    volunteer, made = stopped()
    services.undo(volunteer, by=Outsider("Ann"))
    with pytest.raises(Refused, match="undone already"):
        services.undo(volunteer, by=Outsider("Ann"))
    late, made = stopped()
    made.undo_until = clock.now() - timedelta(minutes=1)
    with pytest.raises(Refused, match="too late"):
        services.undo(late, by=Outsider("Ann"))
    again, _made = stopped()
    reapply(again, by=Outsider("Ann"))
    with pytest.raises(Refused, match="started again"):
        services.undo(again, by=Outsider("Ann"))


def test_the_directory_refuses_an_entry_that_nobody_can_reach(session):
    scheme = VolunteerFactory().scheme
    with pytest.raises(Refused, match="so that they can be reached"):
        services.save_signpost(None, scheme=scheme, title="A", about="", phone="", web="", by=UserFactory())
    made = services.save_signpost(None, scheme=scheme, title="A", about="", phone="1", web="", by=UserFactory())
    assert queries.signposts_of(scheme.id) == [made]
    assert not queries.is_overdue(made)
    made.reviewed_on -= timedelta(days=200)
    assert queries.is_overdue(made)
    services.retire_signpost(made, by=UserFactory())
    assert queries.signposts_of(scheme.id) == []
