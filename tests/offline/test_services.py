"""Marks that a phone kept without signal: each arrives once, for itself, and with the hour it was tapped."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import func, select

from courses.marks import Code
from portal import clock
from portal.access import Role
from portal.attendance.models import Mark
from portal.audit.models import AuditLine
from portal.cohorts.models import EnrolmentState
from portal.offline import queries, rules, services
from portal.refusals import Refused
from portal.registers.models import Batch
from portal.registers.queries import register
from tests.attendance.groups import TODAY, group
from tests.factories import UserFactory
from tests.offline.parcels import milliseconds, parcel, tap

OPEN_SESSION = 11
HOUR = 3_600_000


@pytest.fixture(autouse=True)
def clock_of_the_evening():
    with time_machine.travel(TODAY, tick=False) as moved:
        yield moved


def kept(session, here, wanted=OPEN_SESSION):
    """The marks of a session in the order of its people, "." for none."""
    rows = session.execute(select(Mark.enrolment_id, Mark.code).where(Mark.session_id == here.held(wanted).id)).all()
    found = {row[0]: row[1].value for row in rows}
    return "".join(found.get(each.id, ".") for each in here.people)


def marked_at(session, enrolment):
    """When somebody's only mark was made."""
    return session.scalars(select(Mark.marked_at).where(Mark.enrolment_id == enrolment.id)).one()


def test_marks_that_waited_are_saved_and_the_phone_learns_how_the_register_stands(session):
    here = group(3)
    one, two, three = here.people
    here.save(OPEN_SESSION, "..U")
    answer = services.take_in(parcel(here.held(OPEN_SESSION), tap(one, "P"), tap(two, "L")), by=here.trainer)
    assert kept(session, here) == "PLU"
    standing = register(here.held(OPEN_SESSION).id, seen_by=here.trainer)
    assert answer["kept"] == {str(each.id): standing.people[each.id].fingerprint for each in (one, two)}
    assert answer["marks"][str(three.id)] == ["U", None, standing.people[three.id].fingerprint, here.trainer.name]
    assert answer["marks"][str(two.id)][:2] == ["L", 20]
    assert (answer["version"], answer["conflicts"], answer["problems"]) == (standing.version, [], [])


def test_the_same_batch_again_changes_nothing_and_gets_the_same_answer(session):
    here = group(2)
    sent = parcel(here.held(OPEN_SESSION), *(tap(each, "P") for each in here.people))
    first = services.take_in(sent, by=here.trainer)
    session.commit()
    lines = session.scalar(select(func.count(AuditLine.id)).where(AuditLine.table_name == "mark"))
    again = services.take_in(sent, by=here.trainer)
    session.commit()
    assert {**again, "is_repeat": False} == first
    assert again["is_repeat"]
    assert session.scalar(select(func.count(Mark.id))) == 2
    assert session.scalar(select(func.count(AuditLine.id)).where(AuditLine.table_name == "mark")) == lines
    assert session.scalar(select(func.count(Batch.id))) == 1


def test_a_repeat_undoes_nothing_that_came_after_it(session):
    here = group(1)
    one = here.people[0]
    early = parcel(here.held(OPEN_SESSION), tap(one, "P"))
    first = services.take_in(early, by=here.trainer)
    services.take_in(parcel(here.held(OPEN_SESSION), tap(one, "U", seen=first["kept"][str(one.id)])), by=here.trainer)
    again = services.take_in(early, by=here.trainer)
    assert kept(session, here) == "U"
    assert again["marks"][str(one.id)][0] == "U"


def test_a_key_that_came_before_from_somebody_else_or_for_another_register_is_refused(session):
    here = group(1)
    one = here.people[0]
    sent = parcel(here.held(OPEN_SESSION), tap(one, "P"))
    services.take_in(sent, by=here.trainer)
    with pytest.raises(Refused, match="by somebody else or for another register"):
        services.take_in(sent, by=here.coordinator)
    with pytest.raises(Refused, match="by somebody else or for another register"):
        services.take_in(replace(sent, session_id=here.held(10).id), by=here.trainer)
    assert kept(session, here, 10) == "."


def test_a_batch_that_comes_late_never_overwrites_what_is_newer(session):
    here = group(1)
    one = here.people[0]
    here.save(OPEN_SESSION, "P")
    newer = services.take_in(parcel(here.held(OPEN_SESSION), tap(one, "P", seen="")), by=here.trainer)
    seen = newer["kept"][str(one.id)]
    services.take_in(parcel(here.held(OPEN_SESSION), tap(one, "L", seen=seen)), by=here.trainer)
    late = services.take_in(parcel(here.held(OPEN_SESSION), tap(one, "U", seen="")), by=here.trainer)
    assert kept(session, here) == "L"
    assert [each["id"] for each in late["conflicts"]] == [one.id]


def test_two_who_disagree_are_both_shown_and_the_others_are_saved(session):
    here = group(3)
    one, two, three = here.people
    here.save(OPEN_SESSION, "L")
    answer = services.take_in(
        parcel(here.held(OPEN_SESSION), tap(one, "P"), tap(two, "P"), tap(three, "U")), by=here.coordinator
    )
    assert kept(session, here) == "LPU"
    asked = answer["conflicts"]
    assert [(each["id"], each["theirs"]) for each in asked] == [(one.id, ["L", 20])]
    assert answer["marks"][str(one.id)][3] == here.trainer.name
    mine = parcel(here.held(OPEN_SESSION), tap(one, "P", seen=asked[0]["seen"]))
    assert services.take_in(mine, by=here.coordinator)["conflicts"] == []
    assert kept(session, here) == "PPU"


def test_the_rest_gives_way_to_what_somebody_else_marked(session):
    here = group(2)
    one, two = here.people
    here.save(OPEN_SESSION, "U")
    answer = services.take_in(
        parcel(here.held(OPEN_SESSION), tap(one, "P", is_rest=True), tap(two, "P", is_rest=True)), by=here.coordinator
    )
    assert kept(session, here) == "UP"
    assert (list(answer["kept"]), answer["gave_way"], answer["conflicts"]) == ([str(two.id)], [one.id], [])


def test_one_wrong_mark_holds_no_other_back(session):
    here = group(4)
    here.people[2].state, here.people[2].ended_on = EnrolmentState.WITHDRAWN, (TODAY - timedelta(days=3)).date()
    session.commit()
    late, away, gone, fine = here.people
    stranger = group(1).people[0]
    sent = parcel(
        here.held(OPEN_SESSION), tap(late, "L", minutes=500), tap(away, "A", reason=""), tap(gone, "P"),
        tap(stranger, "P"), tap(fine, "P"),
    )  # fmt: skip
    answer = services.take_in(sent, by=here.trainer)
    assert kept(session, here) == "...P"
    wrong = {each["id"]: each["field"] for each in answer["problems"]}
    assert wrong == {late.id: "minutes", away.id: "reason", gone.id: "code", stranger.id: "code"}
    assert answer["words"][str(away.id)] == f"Choose why {away.volunteer.name} was away"
    assert services.take_in(sent, by=here.trainer)["words"] == answer["words"]


@pytest.mark.parametrize(("code", "reason"), [("Q", ""), ("C", ""), ("A", "gossip")])
def test_a_code_or_reason_that_is_none_is_said_at_its_mark(session, code, reason):
    here = group(1)
    answer = services.take_in(
        parcel(here.held(OPEN_SESSION), tap(here.people[0], code, reason=reason)), by=here.trainer
    )
    assert len(answer["problems"]) == 1
    assert kept(session, here) == "."


def test_a_mark_is_taken_away_and_a_note_the_phone_does_not_know_stays(session):
    here = group(2)
    one, two = here.people
    meeting = here.held(OPEN_SESSION)
    first = services.take_in(
        parcel(meeting, tap(one, "P", note="Sound dropped"), tap(two, "A", reason="caring")), by=here.trainer
    )
    seen = first["kept"]
    services.take_in(
        parcel(meeting, tap(one, "L", seen=seen[str(one.id)]), tap(two, "", seen=seen[str(two.id)])), by=here.trainer
    )
    mark = session.scalars(select(Mark)).one()
    assert (mark.enrolment_id, mark.code, mark.note) == (one.id, Code.L, "Sound dropped")


def test_the_reason_that_is_there_stays_when_the_phone_knows_none(session):
    here = group(1)
    one = here.people[0]
    here.save(OPEN_SESSION, "A")
    answer = services.take_in(parcel(here.held(OPEN_SESSION), tap(one, "A", reason="", seen="-")), by=here.trainer)
    assert (answer["conflicts"], answer["problems"], list(answer["kept"])) == ([], [], [str(one.id)])


@pytest.mark.parametrize("fast", [0, 5 * HOUR, -3 * HOUR, 40 * 365 * 24 * HOUR], ids=["right", "fast", "slow", "2066"])
def test_a_mark_has_the_hour_it_was_tapped_at_whatever_the_phones_clock_says(session, fast):
    here = group(1)
    one = here.people[0]
    ten_minutes_ago = milliseconds() + fast - 10 * 60_000
    sent = parcel(here.held(OPEN_SESSION), tap(one, "P", tapped_at=ten_minutes_ago), device_now=milliseconds() + fast)
    services.take_in(sent, by=here.trainer)
    assert marked_at(session, one) == TODAY - timedelta(minutes=10)
    assert session.scalars(select(Batch.seconds_fast)).one() == fast // 1000


@pytest.mark.parametrize("ago", [-HOUR, 48 * HOUR, 10**14], ids=["later than now", "before it opened", "long ago"])
def test_nobody_marks_before_the_register_opens_or_later_than_now(session, ago):
    here = group(1)
    meeting = here.held(OPEN_SESSION)
    services.take_in(parcel(meeting, tap(here.people[0], "P", tapped_at=milliseconds() - ago)), by=here.trainer)
    expected = TODAY if ago < 0 else meeting.starts_at - timedelta(hours=1)
    assert marked_at(session, here.people[0]) == expected


def test_a_locked_register_asks_for_its_reason_on_its_page(session):
    here = group(1)
    with pytest.raises(Refused, match="locked"):
        services.take_in(parcel(here.held(1), tap(here.people[0], "P")), by=here.trainer)


def test_a_register_that_is_not_open_yet_takes_no_batch_and_takes_it_later(session, clock_of_the_evening):
    here = group(1)
    sent = parcel(here.held(12), tap(here.people[0], "P"))
    with pytest.raises(Refused, match="has not begun"):
        services.take_in(sent, by=here.trainer)
    session.rollback()
    clock_of_the_evening.move_to(here.held(12).starts_at)
    assert services.take_in(sent, by=here.trainer)["problems"] == []


def test_a_stranger_has_no_register(session):
    here = group(1)
    sent = parcel(here.held(OPEN_SESSION), tap(here.people[0], "P"))
    for user in (UserFactory(role=Role.TRAINER, area=here.area), group(1).coordinator):
        assert services.take_in(sent, by=user) is None
    assert kept(session, here) == "."


def test_a_large_batch_costs_what_a_small_one_does(session, count_queries):
    counts = []
    for size in (1, 30):
        here = group(size)
        session.expire_all()
        sent = parcel(here.held(OPEN_SESSION), *(tap(each, "P") for each in here.people))
        trainer, _roles = here.trainer, here.trainer.roles_held
        with count_queries() as counted:
            services.take_in(sent, by=trainer)
        counts.append(counted.total)
    assert counts[0] == counts[1]


def test_batches_are_forgotten_after_a_week(session, clock_of_the_evening):
    here = group(1)
    services.take_in(parcel(here.held(OPEN_SESSION), tap(here.people[0], "P")), by=here.trainer)
    clock_of_the_evening.move_to(TODAY + rules.KEPT_FOR)
    services.forget_batches(clock.now())
    assert session.scalar(select(func.count(Batch.id))) == 1
    clock_of_the_evening.move_to(TODAY + rules.KEPT_FOR + timedelta(seconds=1))
    services.forget_batches(clock.now())
    assert session.scalar(select(func.count(Batch.id))) == 0
    assert kept(session, here) == "P"


def test_what_a_batch_leaves_behind_names_nobody(session):
    here = group(2)
    here.save(OPEN_SESSION, "A")
    sent = parcel(here.held(OPEN_SESSION), tap(here.people[0], "P"), tap(here.people[1], "L", minutes=900))
    services.take_in(sent, by=here.coordinator)
    session.commit()
    answer = str(session.scalars(select(Batch.answer)).one())
    for each in here.people:
        assert each.volunteer.name not in answer
    assert "medical" not in answer
    assert here.trainer.name not in answer


def test_todays_registers_have_names_and_codes_and_nothing_else(session):
    here = group(2)
    here.people[0].volunteer.known_as = "Mel"
    here.save(OPEN_SESSION, "A")
    (only,) = queries.registers_today(seen_by=here.trainer)
    sent = only.as_json()
    assert set(sent) == {
        "id", "cohort", "number", "title", "starts_at", "opens_at", "minutes", "version", "people",
    }  # fmt: skip
    assert [set(each) for each in sent["people"]] == [{"id", "name", "why", "mark", "seen"}] * 2
    assert "medical" not in str(sent)
    assert sorted((each["name"], each["mark"]) for each in sent["people"]) == sorted(
        [("Mel", ["A", None]), (here.people[1].volunteer.name, ["", None])]
    )
    page = register(here.held(OPEN_SESSION).id, seen_by=here.trainer)
    assert {each["id"]: each["seen"] for each in sent["people"]} == {
        each.enrolment_id: each.fingerprint for each in page.people.values()
    }


def test_yesterdays_register_and_anothers_are_not_on_the_phone(session, clock_of_the_evening):
    here = group(1)
    assert queries.registers_today(seen_by=UserFactory(role=Role.TRAINER, area=here.area)) == []
    clock_of_the_evening.move_to(TODAY + timedelta(days=1))
    assert queries.registers_today(seen_by=here.trainer) == []


def test_today_costs_the_same_for_one_register_and_for_many(session, count_queries):
    counts = []
    here = group(1)
    for _ in range(2):
        trainer, _roles = here.trainer, here.trainer.roles_held
        with count_queries() as counted:
            found = queries.registers_today(seen_by=trainer)
        counts.append((counted.total, len(found)))
        cohort = here.cohort(starts_on=here.cohort_made.sessions[0].starts_at.date())
        here.enrolled(cohort, 3)
        session.commit()
    assert counts[0] == (2, 1)
    assert counts[1] == (2, 2)


def test_a_key_is_the_phones_own(session):
    assert queries.batch(str(uuid4())) is None
