"""The rehearsal plays a whole scheme through the services, and leaves what was promised."""

from __future__ import annotations

import re
from collections import Counter

from sqlalchemy import func, select, text

from courses.marks import Code
from portal import clock
from portal.access import Role
from portal.accounts.queries import demo_users
from portal.apologies.models import Apology
from portal.assessment.models import CriterionDecision
from portal.attendance.models import CatchUp, CatchUpBooking, Mark
from portal.audit.models import AuditLine
from portal.certification.models import Certificate
from portal.cohorts.models import Cohort, CohortSession, CohortState
from portal.database import session as database_session
from portal.demo.rules import HOW_MANY, cast
from portal.messages.models import Message
from portal.pool.models import Approval
from portal.schemes.models import Area
from portal.support.models import KeptApart, LearnerPlan
from portal.volunteers.journey import Stage
from portal.volunteers.models import HistoryLine, Volunteer


def test_the_cast_is_the_same_on_every_call():
    assert cast() == cast()
    assert len(cast()) == 150


def test_there_are_people_at_every_stage_and_as_many_as_were_cast(session):
    stages = Counter(session.scalars(select(Volunteer.stage)))
    assert set(stages) == set(Stage)
    assert sum(HOW_MANY.values()) == 150
    assert sum(stages.values()) == 153, "somebody is helped to apply, and somebody stands on the list twice"


def test_the_scheme_has_its_three_towns(session):
    assert set(session.scalars(select(Area.name))) == {"Darlington", "Bishop Auckland", "Durham City"}


def test_there_is_a_cohort_of_each_kind(session):
    assert Counter(session.scalars(select(Cohort.state))) == dict.fromkeys(CohortState, 1)


def test_the_running_cohort_is_in_week_six_with_a_session_today_that_nobody_has_marked(session):
    today = [
        each
        for each in session.scalars(select(CohortSession).join(Cohort).where(Cohort.state == CohortState.RUNNING))
        if clock.in_london(each.starts_at).date() == clock.today()
    ]
    if clock.today().isoformat()[5:] in {"12-25", "12-26", "01-01"}:
        assert today == []
    else:
        assert [(each.week, each.register_saved_at) for each in today] == [(6, None)]
        assert today[0].starts_at <= clock.now()


def test_registers_hold_every_code(session):
    marked = set(session.scalars(select(Mark.code)))
    assert {Code.P, Code.V, Code.L, Code.E, Code.A, Code.U} <= marked
    assert session.scalar(select(func.count(CatchUp.id)))
    assert session.scalar(select(func.count(CohortSession.id)).where(CohortSession.cancelled_at.is_not(None)))


def test_forty_certificates_were_issued_and_thirty_one_people_approved_by_somebody_who_did_not_assess(session):
    assert session.scalar(select(func.count(Certificate.id))) == 40
    assert session.scalar(select(func.count(Approval.id))) == 31
    approvers = set(session.scalars(select(Approval.approved_by_id)))
    assert approvers.isdisjoint(session.scalars(select(CriterionDecision.decided_by_id)))


def test_every_stage_is_explained_by_its_history(session):
    """F122: the last line of history says where she is, since when and who moved her."""
    last = select(func.max(HistoryLine.id)).group_by(HistoryLine.volunteer_id)
    lines = {line.volunteer_id: line for line in session.scalars(select(HistoryLine).where(HistoryLine.id.in_(last)))}
    for volunteer in session.scalars(select(Volunteer)):
        line = lines[volunteer.id]
        assert (line.to_stage, line.at) == (volunteer.stage, volunteer.stage_since)
        assert line.by_name


def test_nothing_happened_in_the_future(session):
    assert session.scalar(select(func.max(AuditLine.at))) <= clock.now()


def test_the_record_is_whole_and_in_the_order_of_time(session, rehearsed):
    times = list(session.scalars(select(AuditLine.at).order_by(AuditLine.id)))
    assert times == sorted(times)
    database_session.rollback()
    verified = rehearsed.test_cli_runner().invoke(args=["audit", "verify"])
    assert verified.exit_code == 0, verified.output
    assert f"{len(times):,} lines, unbroken" in verified.output


def test_there_is_somebody_to_be_for_every_role(session):
    assert {role for role, _user in demo_users()} == set(Role)


def test_nothing_that_must_not_be_said_is_in_messages_or_the_record(session):
    forbidden = re.compile(r"eleven years ago|after prison|lost my home|information_disclosed|\b0016000\d{5}\b")
    for body in session.scalars(select(Message.body)):
        assert not forbidden.search(body or "")
    for line in session.scalars(select(AuditLine)):
        assert not forbidden.search(f"{line.before} {line.after} {line.purpose}")


def test_a_second_rehearsal_is_refused_and_if_empty_does_nothing(rehearsed):
    runner = rehearsed.test_cli_runner()
    assert runner.invoke(args=["demo", "--if-empty"]).exit_code == 0
    refused = runner.invoke(args=["demo"])
    assert refused.exit_code != 0
    assert "There is a scheme here already" in refused.output


def test_a_line_altered_behind_its_back_is_named(session, rehearsed):
    database_session.rollback()
    name = database_session.get_bind().dialect.name
    victim = database_session.scalar(select(func.max(AuditLine.id)).where(AuditLine.table_name == "volunteer"))
    off, on = (
        ("ALTER TABLE audit_line DISABLE TRIGGER USER", "ALTER TABLE audit_line ENABLE TRIGGER USER")
        if name == "postgresql"
        else (None, None)
    )
    triggers = []
    if name == "sqlite":
        triggers = list(
            database_session.execute(
                text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_line'")
            )
        )
        for trigger, _sql in triggers:
            database_session.execute(text(f"DROP TRIGGER {trigger}"))
    else:
        database_session.execute(text(off))
    was = database_session.scalar(select(AuditLine.actor_name).where(AuditLine.id == victim))
    alter = text("UPDATE audit_line SET actor_name = :name WHERE id = :id")
    database_session.execute(alter, {"name": "Somebody else", "id": victim})
    database_session.commit()
    try:
        verified = rehearsed.test_cli_runner().invoke(args=["audit", "verify"])
    finally:
        database_session.execute(alter, {"name": was, "id": victim})
        for _trigger, sql in triggers:
            database_session.execute(text(sql))
        if on:
            database_session.execute(text(on))
        database_session.commit()
    assert verified.exit_code == 1
    assert f"broken at line {victim}" in verified.output


def test_the_evening_of_today_has_all_that_goes_on_around_a_session(session):
    todays = clock.today()
    told = session.scalars(select(Apology).join(Apology.session)).all()
    assert len(told) == 2
    assert {clock.in_london(each.session.starts_at).date() for each in told} == {todays}
    assert session.scalar(select(func.count()).select_from(LearnerPlan)) == 3
    assert session.scalar(select(func.count()).select_from(KeptApart)) == 1
    assert session.scalar(select(func.count()).where(CohortSession.sequence > 0)) >= 1
    assert session.scalar(select(func.count()).select_from(CatchUpBooking)) == 2
