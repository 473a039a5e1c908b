"""Migrations: from nothing and from a database with people in it, on both databases, without losing a row."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from flask_migrate import Migrate
from sqlalchemy import Connection, Engine, MetaData, func, inspect, select, text

from portal.database import db
from tests import factories  # noqa: F401 - so that every model is known
from tests.databases import portal_on

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
REVISIONS = [each.revision for each in ScriptDirectory(str(MIGRATIONS)).walk_revisions()][::-1]
AT = "2026-11-02 09:00:00"
PERSON = f"""
INSERT INTO scheme (id, slug, name, strapline, about, about_convictions, about_independence, phone, email, settings,
    created_at, version)
VALUES (1, 'durham', 'Durham', '', '', '', '', '', '', '{{}}', '{AT}', 1);
INSERT INTO area (id, scheme_id, slug, name, about, doors, version) VALUES (1, 1, 'a', 'A', '', 'open', 1);
INSERT INTO user_account (id, email, name, active, fs_uniquifier, failed_sign_ins, created_at)
VALUES (1, 'a@example.org', 'A', true, 'u', 0, '{AT}');
INSERT INTO volunteer (id, scheme_id, area_id, user_id, reference, name, sort_name, known_as, romanised, email, phone,
    postcode_area, route, availability, may_share_access_needs, stage, stage_since, created_at, version)
VALUES (1, 1, 1, 1, 'A-1', 'Siân', 'siân', '', '', '', '', '', 'open_web', '[]', false, 'applying', '{AT}', '{AT}', 1);
INSERT INTO history_line (id, volunteer_id, move, to_stage, at, by_name, because)
VALUES (1, 1, 'start', 'applying', '{AT}', 'Siân', '');
INSERT INTO audit_line (id, at, actor_name, action, table_name, previous_hash, line_hash)
VALUES (1, '{AT}', 'Siân', 'did', 'volunteer', '', 'a');
INSERT INTO message (id, message_id, template, to_address, to_name, subject, state, attempts, next_try_at, last_error,
    queued_at)
VALUES (1, '<a@b>', 't', 'a@example.org', '', '', 'queued', 0, '{AT}', '', '{AT}')
"""
TRAINED = f"""{PERSON};
INSERT INTO course_version (id, scheme_id, code, number, title, body, created_at)
VALUES (1, 1, 'c', 1, 'C', '{{}}', '{AT}');
INSERT INTO cohort (id, scheme_id, area_id, course_version_id, name, state, venue, capacity, starts_on, slots,
    created_at, version)
VALUES (1, 1, 1, 1, 'Cohort 1', 'running', 'Hall', 12, '2026-11-03', '[]', '{AT}', 1);
INSERT INTO cohort_session (id, cohort_id, number, week, title, starts_at, ends_at, minutes, is_mandatory,
    register_version)
VALUES (1, 1, 1, 1, 'Welcome', '2026-11-03 18:00:00', '2026-11-03 20:00:00', 120, false, 1);
INSERT INTO enrolment (id, cohort_id, volunteer_id, state, joined_on, enrolled_at, enrolled_by_id)
VALUES (1, 1, 1, 'enrolled', '2026-11-02', '{AT}', 1);
INSERT INTO mark (id, session_id, enrolment_id, code, note, marked_at, marked_by_id)
VALUES (1, 1, 1, 'P', '', '{AT}', 1)
"""
IN_PORTAL = (
    TRAINED.replace("body, created_at)", "body, note, created_at)")
    .replace("'C', '{}', '", "'C', '{}', '', '")
    .replace("slots,\n    created_at", "slots, days_off, meeting_link,\n    created_at")
    .replace("2026-11-03', '[]', '", "2026-11-03', '[]', '[]', '', '")
    .replace("is_mandatory,\n", "is_mandatory, venue, meeting_link, sequence,\n")
    .replace("120, false, 1", "120, false, '', '', 0, 1")
)
RECRUITED = (
    IN_PORTAL.replace(
        "about_convictions, about_independence,", "about_role, about_time, about_convictions, about_independence,"
    )
    .replace("'Durham', '', '', '', '', '', '', '{}'", "'Durham', '', '', '', '', '', '', '', '', '{}'")
    .replace("name, about, doors", "name, about, about_role, about_time, about_convictions, doors")
    .replace("'A', '', 'open'", "'A', '', '', '', '', 'open'")
    .replace("stage_since, created_at, version)", "stage_since, created_at, links_number, version)")
    .replace(f"'applying', '{AT}', '{AT}', 1)", f"'applying', '{AT}', '{AT}', 1, 1)")
    .replace("subject, state, attempts,", "subject, is_to_volunteer, carrier, carried_as, state, attempts,")
    .replace("'', '', 'queued'", "'', '', false, 'email', '', 'queued'")
)
SEEDS: dict[str, str] = {"0001": TRAINED, "0003": IN_PORTAL, "0004": RECRUITED}
"""What a database of a revision holds; a revision that is not named holds what the one before it does."""


def config_of(app: Any, *folders: Path) -> Config:
    """Alembic's settings for this portal, with revisions in more folders than ours."""
    migrate: Migrate = app.extensions["migrate"].migrate
    config: Config = migrate.get_config(str(MIGRATIONS))
    config.set_main_option("version_locations", ":".join(map(str, (MIGRATIONS / "versions", *folders))))
    return config


def counts(connection: Connection) -> dict[str, int]:
    """How many rows each table holds, Alembic's own aside."""
    known = MetaData()
    known.reflect(connection)
    tables = [table for table in known.sorted_tables if table.name != "alembic_version"]
    return {table.name: connection.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def seed(engine: Engine, revision: str) -> dict[str, int]:
    """Put people into a database that stands at this revision; how many rows there are then."""
    statements = next(SEEDS[each] for each in reversed(REVISIONS[: REVISIONS.index(revision) + 1]) if each in SEEDS)
    with engine.begin() as connection:
        for statement in statements.split(";"):
            connection.execute(text(statement))
        return counts(connection)


def schema(engine: Engine) -> dict[str, Any]:
    """Everything that can be told about the tables of a database, in an order that does not depend on how it came."""
    inspector = inspect(engine)
    found: dict[str, Any] = {}
    for table in inspector.get_table_names():
        if table != "alembic_version":
            columns = inspector.get_columns(table)
            found[table] = {
                "columns": sorted((c["name"], str(c["type"]), c["nullable"], str(c["default"])) for c in columns),
                "key": inspector.get_pk_constraint(table),
                "foreign": sorted(map(str, inspector.get_foreign_keys(table))),
                "unique": sorted((str(u["name"]), u["column_names"]) for u in inspector.get_unique_constraints(table)),
                "checks": sorted((str(c["name"]), c["sqltext"]) for c in inspector.get_check_constraints(table)),
                "indexes": sorted((str(i["name"]), str(i["column_names"])) for i in inspector.get_indexes(table)),
            }
    query = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
    if engine.dialect.name == "postgresql":
        query = "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname"
    with engine.connect() as connection:
        found["triggers"] = [tuple(row) for row in connection.execute(text(query))]
    return found


def test_the_migrated_tables_are_those_of_the_models(new_database: Callable[[], str], tmp_path: Path):
    with portal_on(new_database(), tmp_path) as app, app.app_context():
        command.upgrade(config_of(app), "head")
        command.check(config_of(app))
        migrated = schema(db.engine)
    with portal_on(new_database(), tmp_path) as app, app.app_context():
        db.create_all()
        made = schema(db.engine)
    assert len(migrated) > 20
    assert migrated["triggers"]
    assert migrated == made


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_database_with_people_in_it_is_upgraded_from_every_revision(
    revision: str, new_database: Callable[[], str], tmp_path: Path
):
    with portal_on(new_database(), tmp_path) as app, app.app_context():
        command.upgrade(config_of(app), revision)
        before = seed(db.engine, revision)
        assert before["volunteer"] == 1
        command.upgrade(config_of(app), "head")
        with db.engine.connect() as connection:
            after = counts(connection)
            assert {table: after[table] for table in before} == before
            assert connection.scalar(text("SELECT name FROM volunteer")) == "Siân"


def test_going_back_and_forth_between_all_revisions_leaves_the_same_tables(
    new_database: Callable[[], str], tmp_path: Path
):
    with portal_on(new_database(), tmp_path) as app, app.app_context():
        command.upgrade(config_of(app), "head")
        first = schema(db.engine)
        command.downgrade(config_of(app), "base")
        assert list(schema(db.engine)) == ["triggers"]
        command.upgrade(config_of(app), "head")
        assert schema(db.engine) == first


REBUILDS = """
from alembic import op
import sqlalchemy as sa
revision, down_revision = "9001", "{head}"
def upgrade():
    with op.batch_alter_table("scheme", recreate="{recreate}") as scheme:
        scheme.add_column(sa.Column("charity_number", sa.String(20)))
    {more}
def downgrade(): pass
"""


def with_revision(folder: Path, dialect: str, more: str = "pass") -> Path:
    """A folder with one revision after ours that rebuilds the table everything points at."""
    recreate = "always" if dialect == "sqlite" else "never"
    (folder / "9001_rebuild.py").write_text(REBUILDS.format(head=REVISIONS[-1], recreate=recreate, more=more))
    return folder


def test_rebuilding_a_table_keeps_the_rows_that_point_at_it(new_database: Callable[[], str], tmp_path: Path):
    with portal_on(new_database(), tmp_path) as app, app.app_context():
        command.upgrade(config_of(app), "head")
        before = seed(db.engine, REVISIONS[-1])
        config = config_of(app, with_revision(tmp_path, db.engine.dialect.name))
        command.upgrade(config, "head")
        with db.engine.connect() as connection:
            assert counts(connection) == before
            assert "charity_number" in {column["name"] for column in inspect(connection).get_columns("scheme")}
            if connection.dialect.name == "sqlite":
                assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_an_upgrade_that_would_leave_a_row_pointing_at_nothing_is_undone_as_a_whole(
    new_database: Callable[[], str], tmp_path: Path
):
    with portal_on(new_database(), tmp_path) as app, app.app_context():
        command.upgrade(config_of(app), "head")
        before = seed(db.engine, REVISIONS[-1])
        folder = with_revision(tmp_path, db.engine.dialect.name, more='op.execute("DELETE FROM scheme")')
        with pytest.raises(Exception, match=r"point at nothing|foreign key"):
            command.upgrade(config_of(app, folder), "head")
        with db.engine.connect() as connection:
            assert counts(connection) == before
            assert "charity_number" not in {column["name"] for column in inspect(connection).get_columns("scheme")}
            assert connection.scalar(text("SELECT version_num FROM alembic_version")) == REVISIONS[-1]
