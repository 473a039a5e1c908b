"""The record: the database refuses to change it, the check names what was changed all the same."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal import database
from portal.audit import queries
from portal.audit import services as audit
from portal.audit.models import Action, AuditLine
from portal.audit.rules import FIRST, Outsider
from portal.database import db
from portal.schemes.models import Scheme
from tests.databases import empty_database, portal_on
from tests.factories import (
    ApprovalFactory,
    CertificateFactory,
    CriterionDecisionFactory,
    HistoryLineFactory,
    RefereeFactory,
    SchemeFactory,
    VolunteerFactory,
)

ALLOW = {
    "sqlite": ("DROP TRIGGER audit_line_no_update", "DROP TRIGGER audit_line_no_delete"),
    "postgresql": ("ALTER TABLE audit_line DISABLE TRIGGER USER",),
}


@pytest.fixture
def lines(session):
    """Five lines of the record, and nothing between us and them."""
    scheme = SchemeFactory(name="0")
    for number in range(1, 5):
        scheme.name = str(number)
        session.commit()
    for statement in ALLOW[db.engine.dialect.name]:
        session.execute(text(statement))
    return session.scalars(select(AuditLine.id).order_by(AuditLine.id)).all()[-5:]


def test_a_record_as_it_was_written_is_unbroken(session, lines):
    found = queries.verdict()
    assert found.broken is None
    assert found.last_hash == session.get(AuditLine, lines[-1]).line_hash
    assert found.count == queries.number_of_lines()


@pytest.mark.parametrize(
    "change", ["actor_name = 'Nobody'", 'after = \'{"name": "other"}\'', "row_id = 999", "at = '2020-01-01 00:00:00'"]
)
def test_an_altered_line_is_named(session, lines, change):
    session.execute(text(f"UPDATE audit_line SET {change} WHERE id = {lines[2]}"))
    broken = queries.verdict().broken
    assert broken is not None
    assert (broken.line_id, broken.why) == (lines[2], "it was altered after it had been written")


def test_a_line_altered_with_its_hash_is_named_by_the_next_one(session, lines):
    session.execute(text(f"UPDATE audit_line SET line_hash = '{'a' * 64}' WHERE id = {lines[2]}"))
    assert queries.verdict().broken.line_id == lines[2]
    row = dict(session.execute(select(*AuditLine.__table__.columns).where(AuditLine.id == lines[2])).mappings().one())
    row["actor_name"] = "Nobody"
    forged = audit.chained(row["previous_hash"], audit.hashed_part(row))
    session.execute(
        text("UPDATE audit_line SET actor_name = 'Nobody', line_hash = :forged WHERE id = :id"),
        {"forged": forged, "id": lines[2]},
    )
    assert queries.verdict().broken.line_id == lines[3]


def test_a_removed_line_is_missed_by_the_one_behind_it(session, lines):
    session.execute(text(f"DELETE FROM audit_line WHERE id = {lines[2]}"))
    broken = queries.verdict().broken
    assert (broken.line_id, "removed" in broken.why) == (lines[3], True)


def test_a_line_put_in_is_named(session, lines):
    session.execute(text(f"DELETE FROM audit_line WHERE id = {lines[2]}"))
    previous = session.get(AuditLine, lines[1])
    session.add(
        AuditLine(
            id=lines[2], at=previous.at, actor_name="Forger", action=Action.DID, table_name="scheme",
            previous_hash=previous.line_hash, line_hash="b" * 64,
        )
    )  # fmt: skip
    session.flush()
    assert queries.verdict().broken.line_id == lines[2]


def test_lines_cut_off_at_the_end_are_missed_by_a_hash_that_was_noted(session, lines):
    noted = queries.verdict().last_hash
    assert queries.verdict(noted=noted).has_noted
    session.execute(text(f"DELETE FROM audit_line WHERE id >= {lines[3]}"))
    found = queries.verdict(noted=noted)
    assert (found.broken, found.has_noted) == (None, False)


def test_the_command_counts_the_lines_and_says_the_last_hash(app, session, lines):
    result = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert result.exit_code == 0, result.output
    assert f"{queries.number_of_lines()} lines, unbroken. Last hash: {queries.verdict().last_hash}" in result.output
    assert app.test_cli_runner().invoke(args=["audit", "verify", "--noted", "c" * 64]).exit_code == 1


def test_the_command_names_the_line_that_was_altered(app, session, lines):
    session.execute(text(f"UPDATE audit_line SET actor_name = 'Nobody' WHERE id = {lines[2]}"))
    session.commit()
    result = app.test_cli_runner().invoke(args=["audit", "verify"])
    assert result.exit_code == 1
    assert f"The record is broken at line {lines[2]} (changed scheme" in result.output


@pytest.mark.parametrize(
    "statement",
    ["UPDATE {} SET id = id + 1000000", "DELETE FROM {}", "UPDATE {} SET id = id WHERE id = (SELECT max(id) FROM {})"],
)
@pytest.mark.parametrize("table", ["audit_line", "history_line", "approval"])
def test_the_database_refuses_to_change_or_remove_a_line(session, table, statement):
    HistoryLineFactory()
    ApprovalFactory()
    with pytest.raises(DBAPIError, match="only ever added to"):
        session.execute(text(statement.format(table, table)))
    session.rollback()


@pytest.mark.parametrize("table", ["audit_line", "history_line", "approval"])
def test_postgresql_refuses_to_empty_the_table_at_one_stroke(session, table):
    if db.engine.dialect.name == "postgresql":
        with pytest.raises(DBAPIError, match="only ever added to"):
            session.execute(text(f"TRUNCATE {table} CASCADE"))
        session.rollback()
    else:
        with pytest.raises(DBAPIError, match="syntax error"):
            session.execute(text(f"TRUNCATE {table}"))
        session.rollback()


def test_a_savepoint_that_is_undone_leaves_no_line(session):
    scheme = SchemeFactory(name="Kept name")
    before = queries.number_of_lines()
    scheme.phone = "0191 498 0001"
    session.flush()
    savepoint = session.begin_nested()
    scheme.name = "Undone name"
    session.flush()
    savepoint.rollback()
    session.commit()
    (line,) = session.scalars(select(AuditLine).order_by(AuditLine.id.desc()).limit(queries.number_of_lines() - before))
    assert line.after == {"phone": "0191 498 0001"}


def test_a_line_belongs_to_the_scheme_and_the_volunteer_of_its_row(session):
    for thing in (CriterionDecisionFactory(), CertificateFactory()):
        line = session.scalars(select(AuditLine).where(AuditLine.table_name == type(thing).__tablename__)).one()
        volunteer = thing.enrolment.volunteer
        assert (line.volunteer_id, line.scheme_id) == (volunteer.id, volunteer.scheme_id)
    referee = RefereeFactory()
    line = session.scalars(select(AuditLine).where(AuditLine.table_name == "referee")).one()
    assert line.volunteer_id == referee.application.volunteer_id
    assert line.scheme_id == referee.application.volunteer.scheme_id


def test_what_was_seen_belongs_to_the_volunteers_scheme_though_nobody_said_so(session):
    volunteer = VolunteerFactory()
    audit.seen("disclosure", 1, by=Outsider("A"), purpose="To decide", volunteer_id=volunteer.id, scheme_id=None)
    session.commit()
    line = session.scalars(select(AuditLine).where(AuditLine.action == Action.SEEN)).one()
    assert line.scheme_id == volunteer.scheme_id


def test_two_who_write_at_once_keep_one_chain(database_name, request, tmp_path):
    server = request.getfixturevalue("postgresql_url") if database_name == "postgresql" else None
    with empty_database(server, tmp_path / "two.sqlite") as url, portal_on(url, tmp_path) as app:
        with app.app_context():
            db.create_all()
        together = threading.Barrier(4)
        failed: list[BaseException] = []

        def write(number: int) -> None:
            try:
                together.wait(30)
                for each in range(15):
                    with app.app_context():
                        database.will_write(True)
                        database.session.add(scheme_called(f"{number}-{each}"))
                        database.session.commit()
            except BaseException as error:
                failed.append(error)

        threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert failed == []
        with app.app_context():
            found = queries.verdict()
            assert (found.count, found.broken) == (60, None)
            previous = database.session.scalars(select(AuditLine.previous_hash)).all()
            assert len(set(previous)) == 60
            assert FIRST in previous


def scheme_called(name: str) -> Any:
    """A scheme that no factory made: factories are for the tests' own session."""
    from portal import clock

    return Scheme(slug=name, name=name, created_at=clock.now())
