"""Training: courses written in the portal, plans of learners, apologies, check-in, catch-ups booked, calendars."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_calendar_feed_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
    )
    with op.batch_alter_table("calendar_feed", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_feed_user_id"), ["user_id"], unique=False)

    op.create_table(
        "chaser",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("registers", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_chaser_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chaser")),
        sa.UniqueConstraint("user_id", "on", name=op.f("uq_chaser_user_id_on")),
    )
    op.create_table(
        "stored_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("size > 0", name=op.f("ck_stored_file_not_empty")),
        sa.ForeignKeyConstraint(
            ["kept_by_id"], ["user_account.id"], name=op.f("fk_stored_file_kept_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["scheme_id"], ["scheme.id"], name=op.f("fk_stored_file_scheme_id_scheme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
        sa.UniqueConstraint("key", name=op.f("uq_stored_file_key")),
    )
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stored_file_scheme_id"), ["scheme_id"], unique=False)

    op.create_table(
        "course_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("based_on_id", sa.Integer(), nullable=True),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["based_on_id"], ["course_version.id"], name=op.f("fk_course_draft_based_on_id_course_version")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["user_account.id"], name=op.f("fk_course_draft_changed_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["scheme_id"], ["scheme.id"], name=op.f("fk_course_draft_scheme_id_scheme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_draft")),
        sa.UniqueConstraint("scheme_id", "code", name=op.f("uq_course_draft_scheme_id_code")),
    )
    op.create_table(
        "session_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.Column("course_code", sa.String(length=60), nullable=False),
        sa.Column("session_number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "audience",
            sa.Enum("learners", "trainers", name="audience", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(replaced_at IS NULL) = (replaced_by_id IS NULL)", name=op.f("ck_session_file_replaced_whole")
        ),
        sa.ForeignKeyConstraint(
            ["added_by_id"], ["user_account.id"], name=op.f("fk_session_file_added_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_session_file_file_id_stored_file")),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"], ["user_account.id"], name=op.f("fk_session_file_replaced_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["scheme_id"], ["scheme.id"], name=op.f("fk_session_file_scheme_id_scheme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_file")),
        sa.UniqueConstraint(
            "scheme_id",
            "course_code",
            "session_number",
            "title",
            "number",
            name=op.f("uq_session_file_version"),
        ),
    )
    with op.batch_alter_table("session_file", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_session_file_scheme_id_course_code_session_number"),
            ["scheme_id", "course_code", "session_number"],
            unique=False,
        )

    op.create_table(
        "kept_apart",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("one_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("because", sa.LargeBinary(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_by_id IS NULL)", name=op.f("ck_kept_apart_ended_whole")),
        sa.CheckConstraint("one_id < other_id", name=op.f("ck_kept_apart_in_order")),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["user_account.id"], name=op.f("fk_kept_apart_ended_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["one_id"], ["volunteer.id"], name=op.f("fk_kept_apart_one_id_volunteer")),
        sa.ForeignKeyConstraint(["other_id"], ["volunteer.id"], name=op.f("fk_kept_apart_other_id_volunteer")),
        sa.ForeignKeyConstraint(["set_by_id"], ["user_account.id"], name=op.f("fk_kept_apart_set_by_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_apart")),
    )
    with op.batch_alter_table("kept_apart", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kept_apart_one_id"), ["one_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_kept_apart_other_id"), ["other_id"], unique=False)

    op.create_table(
        "learner_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("support_needs", sa.LargeBinary(), nullable=False),
        sa.Column("adjustments", sa.LargeBinary(), nullable=False),
        sa.Column("access_arrangements", sa.LargeBinary(), nullable=False),
        sa.Column("may_trainers_see", sa.Boolean(), nullable=False),
        sa.Column("agreed_on", sa.Date(), nullable=True),
        sa.Column("agreed_with_id", sa.Integer(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("comment", sa.LargeBinary(), nullable=False),
        sa.Column("change_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(agreed_on IS NULL) = (agreed_with_id IS NULL)", name=op.f("ck_learner_plan_agreed_whole")),
        sa.ForeignKeyConstraint(
            ["agreed_with_id"], ["user_account.id"], name=op.f("fk_learner_plan_agreed_with_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["user_account.id"], name=op.f("fk_learner_plan_changed_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteer.id"], name=op.f("fk_learner_plan_volunteer_id_volunteer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learner_plan")),
        sa.UniqueConstraint("volunteer_id", name=op.f("uq_learner_plan_volunteer_id")),
    )
    op.create_table(
        "apology",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column(
            "reason",
            sa.Enum(
                "illness",
                "medical_appt",
                "probation_or_court",
                "bereavement",
                "family_emergency",
                "religious",
                "transport",
                "caring",
                "work",
                "custody",
                "other",
                name="absencereason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column(
            "by",
            sa.Enum(
                "page", "link", "text", "staff", name="apologyby", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_apology_enrolment_id_enrolment")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["cohort_session.id"], name=op.f("fk_apology_session_id_cohort_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_apology")),
        sa.UniqueConstraint("session_id", "enrolment_id", name=op.f("uq_apology_session_id_enrolment_id")),
    )
    with op.batch_alter_table("apology", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_apology_enrolment_id"), ["enrolment_id"], unique=False)

    op.create_table(
        "apology_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("to_address", sa.String(length=254), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_apology_link_enrolment_id_enrolment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_apology_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_apology_link_token_hash")),
    )
    with op.batch_alter_table("apology_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_apology_link_enrolment_id"), ["enrolment_id"], unique=False)

    op.create_table(
        "received_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("notify_id", sa.String(length=64), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("apology_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(settled_at IS NULL) = (words IS NOT NULL)", name=op.f("ck_received_text_kept_until_read")),
        sa.CheckConstraint(
            "settled_at IS NOT NULL OR settled_by_id IS NULL", name=op.f("ck_received_text_settled_whole")
        ),
        sa.ForeignKeyConstraint(["apology_id"], ["apology.id"], name=op.f("fk_received_text_apology_id_apology")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_received_text_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["user_account.id"], name=op.f("fk_received_text_settled_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_received_text")),
        sa.UniqueConstraint("notify_id", "enrolment_id", name=op.f("uq_received_text_notify_id_enrolment_id")),
    )
    with op.batch_alter_table("received_text", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_received_text_enrolment_id_settled_at"), ["enrolment_id", "settled_at"], unique=False
        )

    op.create_table(
        "batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=36), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconds_fast", sa.Integer(), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["session_id"], ["cohort_session.id"], name=op.f("fk_batch_session_id_cohort_session")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_batch_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
        sa.UniqueConstraint("key", name=op.f("uq_batch_key")),
    )
    with op.batch_alter_table("batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_batch_session_id"), ["session_id"], unique=False)

    op.create_table(
        "catch_up_booking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("tutor_id", sa.Integer(), nullable=False),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("booked_by_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_because", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "(cancelled_at IS NULL) = (cancelled_because IS NULL)", name=op.f("ck_catch_up_booking_cancelled_whole")
        ),
        sa.CheckConstraint("minutes BETWEEN 1 AND 600", name=op.f("ck_catch_up_booking_minutes_sane")),
        sa.ForeignKeyConstraint(
            ["booked_by_id"], ["user_account.id"], name=op.f("fk_catch_up_booking_booked_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_catch_up_booking_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["cohort_session.id"], name=op.f("fk_catch_up_booking_session_id_cohort_session")
        ),
        sa.ForeignKeyConstraint(
            ["tutor_id"], ["user_account.id"], name=op.f("fk_catch_up_booking_tutor_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catch_up_booking")),
    )
    with op.batch_alter_table("catch_up_booking", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_catch_up_booking_enrolment_id_session_id"), ["enrolment_id", "session_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_catch_up_booking_starts_at"), ["starts_at"], unique=False)

    op.create_table(
        "catch_up_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_catch_up_request_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["cohort_session.id"], name=op.f("fk_catch_up_request_session_id_cohort_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catch_up_request")),
        sa.UniqueConstraint("session_id", "enrolment_id", name=op.f("uq_catch_up_request_session_id_enrolment_id")),
    )
    with op.batch_alter_table("catch_up_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_catch_up_request_enrolment_id"), ["enrolment_id"], unique=False)

    op.create_table(
        "check_in",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_check_in_enrolment_id_enrolment")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["cohort_session.id"], name=op.f("fk_check_in_session_id_cohort_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in")),
        sa.UniqueConstraint("session_id", "enrolment_id", name=op.f("uq_check_in_session_id_enrolment_id")),
    )
    with op.batch_alter_table("check_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_check_in_enrolment_id"), ["enrolment_id"], unique=False)

    op.create_table(
        "check_in_window",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("closes_at > opened_at", name=op.f("ck_check_in_window_times_in_order")),
        sa.ForeignKeyConstraint(
            ["opened_by_id"], ["user_account.id"], name=op.f("fk_check_in_window_opened_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["cohort_session.id"], name=op.f("fk_check_in_window_session_id_cohort_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in_window")),
        sa.UniqueConstraint("session_id", name=op.f("uq_check_in_window_session_id")),
    )
    op.create_table(
        "pause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("because", sa.String(length=500), nullable=False),
        sa.Column("paused_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("until_on IS NULL OR until_on >= from_on", name=op.f("ck_pause_days_in_order")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_pause_enrolment_id_enrolment")),
        sa.ForeignKeyConstraint(["paused_by_id"], ["user_account.id"], name=op.f("fk_pause_paused_by_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pause")),
    )
    with op.batch_alter_table("pause", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pause_enrolment_id"), ["enrolment_id"], unique=False)

    op.create_table(
        "reminder",
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"], ["cohort_session.id"], name=op.f("fk_reminder_session_id_cohort_session")
        ),
        sa.PrimaryKeyConstraint("session_id", "starts_at", name=op.f("pk_reminder")),
    )
    op.create_table(
        "roll_call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.CheckConstraint("counted BETWEEN 0 AND expected", name=op.f("ck_roll_call_counted_sane")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_roll_call_by_id_user_account")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["cohort_session.id"], name=op.f("fk_roll_call_session_id_cohort_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roll_call")),
    )
    with op.batch_alter_table("roll_call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roll_call_session_id"), ["session_id"], unique=False)

    with op.batch_alter_table("cohort", schema=None) as batch_op:
        batch_op.add_column(sa.Column("days_off", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("meeting_link", sa.String(length=500), server_default="", nullable=False))

    with op.batch_alter_table("cohort_session", schema=None) as batch_op:
        batch_op.add_column(sa.Column("venue", sa.String(length=300), server_default="", nullable=False))
        batch_op.add_column(sa.Column("meeting_link", sa.String(length=500), server_default="", nullable=False))
        batch_op.add_column(sa.Column("sequence", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("course_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("note", sa.String(length=500), server_default="", nullable=False))
        batch_op.add_column(sa.Column("created_by_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_course_version_created_by_id_user_account"), "user_account", ["created_by_id"], ["id"]
        )

    # the default was only for the rows that were there: the models say what new ones hold
    with op.batch_alter_table("cohort", schema=None) as batch_op:
        batch_op.alter_column("days_off", server_default=None)
        batch_op.alter_column("meeting_link", server_default=None)

    with op.batch_alter_table("cohort_session", schema=None) as batch_op:
        batch_op.alter_column("venue", server_default=None)
        batch_op.alter_column("meeting_link", server_default=None)
        batch_op.alter_column("sequence", server_default=None)

    with op.batch_alter_table("course_version", schema=None) as batch_op:
        batch_op.alter_column("note", server_default=None)

    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("calendar", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_column("calendar")

    with op.batch_alter_table("course_version", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_course_version_created_by_id_user_account"), type_="foreignkey")
        batch_op.drop_column("created_by_id")
        batch_op.drop_column("note")

    with op.batch_alter_table("cohort_session", schema=None) as batch_op:
        batch_op.drop_column("changed_at")
        batch_op.drop_column("sequence")
        batch_op.drop_column("meeting_link")
        batch_op.drop_column("venue")

    with op.batch_alter_table("cohort", schema=None) as batch_op:
        batch_op.drop_column("meeting_link")
        batch_op.drop_column("days_off")

    with op.batch_alter_table("roll_call", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_roll_call_session_id"))

    op.drop_table("roll_call")
    op.drop_table("reminder")
    with op.batch_alter_table("pause", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pause_enrolment_id"))

    op.drop_table("pause")
    op.drop_table("check_in_window")
    with op.batch_alter_table("check_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_check_in_enrolment_id"))

    op.drop_table("check_in")
    with op.batch_alter_table("catch_up_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_catch_up_request_enrolment_id"))

    op.drop_table("catch_up_request")
    with op.batch_alter_table("catch_up_booking", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_catch_up_booking_starts_at"))
        batch_op.drop_index(batch_op.f("ix_catch_up_booking_enrolment_id_session_id"))

    op.drop_table("catch_up_booking")
    with op.batch_alter_table("batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_batch_session_id"))

    op.drop_table("batch")
    with op.batch_alter_table("received_text", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_received_text_enrolment_id_settled_at"))

    op.drop_table("received_text")
    with op.batch_alter_table("apology_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_apology_link_enrolment_id"))

    op.drop_table("apology_link")
    with op.batch_alter_table("apology", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_apology_enrolment_id"))

    op.drop_table("apology")
    op.drop_table("learner_plan")
    with op.batch_alter_table("kept_apart", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_kept_apart_other_id"))
        batch_op.drop_index(batch_op.f("ix_kept_apart_one_id"))

    op.drop_table("kept_apart")
    with op.batch_alter_table("session_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_session_file_scheme_id_course_code_session_number"))

    op.drop_table("session_file")
    op.drop_table("course_draft")
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stored_file_scheme_id"))

    op.drop_table("stored_file")
    op.drop_table("chaser")
    with op.batch_alter_table("calendar_feed", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendar_feed_user_id"))

    op.drop_table("calendar_feed")
