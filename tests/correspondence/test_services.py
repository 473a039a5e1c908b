"""What was said is written down, what is for us is passed on, and nobody is forgotten."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from portal import clock
from portal.access import Role
from portal.correspondence import queries, services
from portal.correspondence.models import Reached, Way
from portal.messages.models import MessageState
from portal.refusals import Refused
from portal.volunteers.journey import Stage
from portal.volunteers.messages import where_path
from portal.volunteers.models import Channel
from portal.volunteers.queries import volunteer_by_where_token
from portal.volunteers.services import Details, change_details
from tests.factories import ContactFactory, UserFactory, VolunteerFactory

PROMISE = 10


def waiting(days, stage=Stage.APPLIED, **changes):
    return VolunteerFactory(stage=stage, stage_since=clock.now() - timedelta(days=days), **changes)


def coordinator(volunteer):
    return UserFactory(role=Role.COORDINATOR, area=volunteer.area)


def silent(volunteer, by=None):
    return [row.volunteer_id for row in queries.silent(seen_by=by or coordinator(volunteer))]


def test_somebody_who_hears_nothing_for_the_days_we_promise_is_on_the_list(session):
    late, soon = waiting(PROMISE), waiting(PROMISE - 1)
    assert silent(late) == [late.id]
    assert silent(soon) == []
    assert silent(late, by=UserFactory(role=Role.COORDINATOR)) == []


@pytest.mark.parametrize(
    ("reached", "counts"), [(Reached.SPOKE, True), (Reached.SENT, True), (Reached.NO_ANSWER, False)]
)
def test_a_call_counts_when_it_reached_them(session, reached, counts):
    late = waiting(20)
    services.write_down(late, way=Way.CALL, reached=reached, by=coordinator(late))
    assert silent(late) == ([] if counts else [late.id])


def test_nobody_on_a_course_or_gone_is_on_the_list(session):
    for stage in (Stage.TRAINING, Stage.WITHDRAWN, Stage.DECLINED):
        assert silent(waiting(50, stage)) == []


def test_not_now_needs_a_reason_and_a_day_and_ends_on_it(session):
    late = waiting(20)
    by, day = coordinator(late), clock.today() + timedelta(days=5)
    with pytest.raises(Refused, match="Say why"):
        services.write_down(late, way=Way.CALL, reached=Reached.LATER, by=by, quiet_until=day)
    with pytest.raises(Refused, match="three months"):
        services.write_down(late, way=Way.CALL, reached=Reached.LATER, by=by, words="On holiday")
    made = services.write_down(late, way=Way.CALL, reached=Reached.LATER, by=by, words="On holiday", quiet_until=day)
    assert silent(late) == []
    made.quiet_until = clock.today()
    session.flush()
    assert silent(late) == [late.id]


def test_the_list_costs_the_same_for_one_and_for_ten(session, count_queries):
    first = waiting(20)
    by = coordinator(first)
    queries.silent(seen_by=by)  # which roles they hold is asked once
    with count_queries() as one:
        assert len(queries.silent(seen_by=by)) == 1
    for days in range(11, 20):
        ContactFactory(volunteer=waiting(days, area=first.area, scheme=first.scheme), reached=Reached.NO_ANSWER)
    with count_queries() as ten:
        assert [row.days for row in queries.silent(seen_by=by)] == list(range(20, 10, -1))
    assert one.total == ten.total


def test_a_voicemail_that_they_asked_us_not_to_leave_must_be_explained(session):
    volunteer = waiting(1)
    with pytest.raises(Refused, match="no voicemail"):
        services.write_down(volunteer, way=Way.CALL, reached=Reached.VOICEMAIL, by=coordinator(volunteer))


def test_outside_their_hours_the_page_says_from_when_they_can_be_rung(session):
    volunteer = waiting(1)
    hour = (clock.in_london(clock.now()).hour + 2) % 24
    volunteer.contact.safe_from, volunteer.contact.safe_until = time(hour, 0), time((hour + 1) % 24, 0)
    assert queries.not_now(volunteer).startswith(f"Can be rung from {hour:02}:00")


def test_a_message_to_tell_waits_when_nobody_answers_and_is_erased_when_told(session):
    from portal.decisions import services as decisions

    volunteer = waiting(1)
    volunteer.contact.channel, volunteer.phone = Channel.PHONE, "+441914980000"
    by = coordinator(volunteer)
    decisions.decline(volunteer, because="Full", by=by)
    rows, _page = queries.to_tell(seen_by=by)
    (row,) = rows
    services.tell(row.message, volunteer, way=Way.CALL, reached=Reached.NO_ANSWER, words="", by=by)
    assert row.message.state is MessageState.BY_HAND
    services.tell(row.message, volunteer, way=Way.CALL, reached=Reached.SPOKE, words="", by=by)
    assert (row.message.state, row.message.body) == (MessageState.SENT, None)
    assert queries.to_tell(seen_by=by)[0] == []
    assert {"We spoke", "No answer"} <= {line.state for line in queries.timeline(volunteer)}


def test_the_link_that_says_where_they_are_dies_with_a_new_address_and_after_60_days(session):
    volunteer = waiting(1)
    token = where_path(volunteer).rsplit("/", 1)[1]
    assert volunteer_by_where_token(token) is volunteer
    for wrong in ("", "x", token[:-1], token[:-1] + ("0" if token[-1] != "0" else "1"), "zz-1-" + "0" * 40):
        assert volunteer_by_where_token(wrong) is None
    with clock.moved_to(clock.now() + timedelta(days=61)):
        assert volunteer_by_where_token(token) is None
    change_details(volunteer, details=Details(email="new@example.org"), by=coordinator(volunteer))
    assert volunteer_by_where_token(token) is None
    assert volunteer_by_where_token(where_path(volunteer).rsplit("/", 1)[1]) is volunteer
