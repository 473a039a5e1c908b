"""every table"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column(
            "action",
            sa.Enum(
                "added",
                "changed",
                "removed",
                "seen",
                "did",
                name="action",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("table_name", sa.String(length=63), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=True),
        sa.Column("scheme_id", sa.Integer(), nullable=True),
        sa.Column("volunteer_id", sa.Integer(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("purpose", sa.String(length=500), nullable=True),
        sa.Column("request_id", sa.String(length=64), nullable=True),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("line_hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_line")),
        sa.UniqueConstraint("line_hash", name=op.f("uq_audit_line_line_hash")),
    )
    with op.batch_alter_table("audit_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_line_scheme_id_id"), ["scheme_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_line_table_name_row_id"), ["table_name", "row_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_line_volunteer_id_id"), ["volunteer_id", "id"], unique=False)

    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=120), nullable=False),
        sa.Column("scheme_id", sa.Integer(), nullable=True),
        sa.Column("volunteer_id", sa.Integer(), nullable=True),
        sa.Column("template", sa.String(length=80), nullable=False),
        sa.Column("to_address", sa.String(length=254), nullable=False),
        sa.Column("to_name", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "sending",
                "sent",
                "dead",
                name="messagestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=300), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'sending') = (leased_until IS NOT NULL)", name=op.f("ck_message_sending_leased")),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_message_sent_dated")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("message_id", name=op.f("uq_message_message_id")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_scheme_id_id"), ["scheme_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_state_next_try_at"), ["state", "next_try_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_to_address_state"), ["to_address", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_volunteer_id_id"), ["volunteer_id", "id"], unique=False)

    op.create_table(
        "scheme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("strapline", sa.String(length=200), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("about_convictions", sa.Text(), nullable=False),
        sa.Column("about_independence", sa.Text(), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scheme")),
        sa.UniqueConstraint("slug", name=op.f("uq_scheme_slug")),
    )
    op.create_table(
        "user_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("fs_uniquifier", sa.String(length=64), nullable=False),
        sa.Column("password", sa.String(length=255), nullable=True),
        sa.Column("totp_secret", sa.LargeBinary(), nullable=True),
        sa.Column("totp_last_counter", sa.Integer(), nullable=True),
        sa.Column("recovery_code_hashes", sa.JSON(), nullable=True),
        sa.Column("failed_sign_ins", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_user_account_email_lower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("email", name=op.f("uq_user_account_email")),
        sa.UniqueConstraint("fs_uniquifier", name=op.f("uq_user_account_fs_uniquifier")),
    )
    op.create_table(
        "watch",
        sa.Column("office", sa.String(length=40), nullable=False),
        sa.Column("holder", sa.String(length=80), nullable=False),
        sa.Column("beat_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("office", name=op.f("pk_watch")),
    )
    op.create_table(
        "agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["published_by_id"], ["user_account.id"], name=op.f("fk_agreement_published_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["scheme_id"], ["scheme.id"], name=op.f("fk_agreement_scheme_id_scheme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sa.UniqueConstraint("scheme_id", "number", name=op.f("uq_agreement_scheme_id_number")),
    )
    op.create_table(
        "area",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column(
            "doors",
            sa.Enum(
                "open", "waiting_list", "closed", name="doors", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["scheme_id"], ["scheme.id"], name=op.f("fk_area_scheme_id_scheme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area")),
        sa.UniqueConstraint("scheme_id", "slug", name=op.f("uq_area_scheme_id_slug")),
    )
    with op.batch_alter_table("area", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_area_scheme_id"), ["scheme_id"], unique=False)

    op.create_table(
        "course_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["scheme_id"], ["scheme.id"], name=op.f("fk_course_version_scheme_id_scheme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course_version")),
        sa.UniqueConstraint("scheme_id", "code", "number", name=op.f("uq_course_version_scheme_id_code_number")),
    )
    op.create_table(
        "eligibility",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.Column("role_title", sa.String(length=120), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "basic",
                "standard",
                "enhanced",
                "enhanced_barred",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "workforce",
            sa.Enum(
                "adult",
                "child",
                "child_and_adult",
                "other",
                name="workforce",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("relied_on", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user_account.id"], name=op.f("fk_eligibility_decided_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["scheme_id"], ["scheme.id"], name=op.f("fk_eligibility_scheme_id_scheme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_eligibility")),
    )
    with op.batch_alter_table("eligibility", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_eligibility_scheme_id"), ["scheme_id"], unique=False)

    op.create_table(
        "one_time_secret",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum("sign_in", "new_password", name="purpose", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_one_time_secret_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_secret")),
        sa.UniqueConstraint("user_id", "purpose", name=op.f("uq_one_time_secret_user_id_purpose")),
    )
    with op.batch_alter_table("one_time_secret", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_one_time_secret_secret_hash"), ["secret_hash"], unique=False)

    op.create_table(
        "cohort",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("course_version_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "enrolling",
                "running",
                "finished",
                "cancelled",
                name="cohortstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("venue", sa.String(length=300), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("slots", sa.JSON(), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_because", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'cancelled') = (cancelled_at IS NOT NULL)", name=op.f("ck_cohort_cancelled_dated")
        ),
        sa.CheckConstraint(
            "(cancelled_at IS NULL) = (cancelled_because IS NULL)", name=op.f("ck_cohort_cancelled_whole")
        ),
        sa.CheckConstraint("capacity BETWEEN 1 AND 60", name=op.f("ck_cohort_capacity_sane")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_cohort_area_id_area")),
        sa.ForeignKeyConstraint(
            ["course_version_id"], ["course_version.id"], name=op.f("fk_cohort_course_version_id_course_version")
        ),
        sa.ForeignKeyConstraint(["scheme_id"], ["scheme.id"], name=op.f("fk_cohort_scheme_id_scheme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort")),
    )
    with op.batch_alter_table("cohort", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cohort_scheme_id_starts_on"), ["scheme_id", "starts_on"], unique=False)

    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "volunteer",
                "trainer",
                "assessor",
                "iqa",
                "coordinator",
                "approver",
                "dbs_officer",
                "safeguarding_lead",
                "scheme_admin",
                "funder_reader",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=True),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("accepted_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(accepted_at IS NULL) = (accepted_by_id IS NULL)", name=op.f("ck_invitation_accepted_whole")
        ),
        sa.ForeignKeyConstraint(
            ["accepted_by_id"], ["user_account.id"], name=op.f("fk_invitation_accepted_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_invitation_area_id_area")),
        sa.ForeignKeyConstraint(
            ["invited_by_id"], ["user_account.id"], name=op.f("fk_invitation_invited_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["scheme_id"], ["scheme.id"], name=op.f("fk_invitation_scheme_id_scheme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_scheme_id"), ["scheme_id"], unique=False)

    op.create_table(
        "role_held",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "volunteer",
                "trainer",
                "assessor",
                "iqa",
                "coordinator",
                "approver",
                "dbs_officer",
                "safeguarding_lead",
                "scheme_admin",
                "funder_reader",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("until_on IS NULL OR until_on >= from_on", name=op.f("ck_role_held_dates_in_order")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_role_held_area_id_area")),
        sa.ForeignKeyConstraint(["scheme_id"], ["scheme.id"], name=op.f("fk_role_held_scheme_id_scheme")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_role_held_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_held")),
    )
    with op.batch_alter_table("role_held", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_held_scheme_id_role"), ["scheme_id", "role"], unique=False)
        batch_op.create_index(batch_op.f("ix_role_held_user_id"), ["user_id"], unique=False)

    op.create_table(
        "volunteer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sort_name", sa.String(length=200), nullable=False),
        sa.Column("known_as", sa.String(length=200), nullable=False),
        sa.Column("romanised", sa.String(length=200), nullable=False),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("postcode_area", sa.String(length=8), nullable=False),
        sa.Column(
            "route",
            sa.Enum(
                "open_web",
                "former_client",
                "job_centre",
                "practitioner",
                name="route",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("availability", sa.JSON(), nullable=False),
        sa.Column("access_needs", sa.LargeBinary(), nullable=True),
        sa.Column("may_share_access_needs", sa.Boolean(), nullable=False),
        sa.Column("emergency_contact", sa.LargeBinary(), nullable=True),
        sa.Column(
            "stage",
            sa.Enum(
                "applying",
                "applied",
                "interviewing",
                "offered",
                "ready",
                "training",
                "certified",
                "active",
                "resting",
                "declined",
                "withdrawn",
                "left",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("stage_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_volunteer_area_id_area")),
        sa.ForeignKeyConstraint(["scheme_id"], ["scheme.id"], name=op.f("fk_volunteer_scheme_id_scheme")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_volunteer_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_volunteer")),
        sa.UniqueConstraint("reference", name=op.f("uq_volunteer_reference")),
        sa.UniqueConstraint("user_id", name=op.f("uq_volunteer_user_id")),
    )
    with op.batch_alter_table("volunteer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_volunteer_area_id"), ["area_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_volunteer_email"), ["email"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_volunteer_scheme_id_area_id_stage"), ["scheme_id", "area_id", "stage"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_volunteer_scheme_id_sort_name_id"), ["scheme_id", "sort_name", "id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_volunteer_scheme_id_stage_stage_since"), ["scheme_id", "stage", "stage_since"], unique=False
        )

    op.create_table(
        "acknowledgement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("typed_name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_acknowledgement_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user_account.id"], name=op.f("fk_acknowledgement_recorded_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteer.id"], name=op.f("fk_acknowledgement_volunteer_id_volunteer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acknowledgement")),
        sa.UniqueConstraint("volunteer_id", "agreement_id", name=op.f("uq_acknowledgement_volunteer_id_agreement_id")),
    )
    op.create_table(
        "application",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("return_code_hash", sa.String(length=64), nullable=False),
        sa.Column("is_adult", sa.Boolean(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("lived_experience", sa.LargeBinary(), nullable=True),
        sa.Column("skills", sa.Text(), nullable=False),
        sa.Column("agrees_to_checks", sa.Boolean(), nullable=False),
        sa.Column("sections_done", sa.String(length=400), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(decided_at IS NULL) = (decision IS NULL)", name=op.f("ck_application_decided_whole")),
        sa.CheckConstraint(
            "submitted_at IS NULL OR (is_adult AND agrees_to_checks)", name=op.f("ck_application_submitted_whole")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user_account.id"], name=op.f("fk_application_decided_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["volunteer_id"], ["volunteer.id"], name=op.f("fk_application_volunteer_id_volunteer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("return_code_hash", name=op.f("uq_application_return_code_hash")),
        sa.UniqueConstraint("volunteer_id", name=op.f("uq_application_volunteer_id")),
    )
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_application_submitted_at"), ["submitted_at"], unique=False)

    op.create_table(
        "approval",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_by_id", sa.Integer(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("gates", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["approved_by_id"], ["user_account.id"], name=op.f("fk_approval_approved_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["volunteer_id"], ["volunteer.id"], name=op.f("fk_approval_volunteer_id_volunteer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
    )
    with op.batch_alter_table("approval", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approval_volunteer_id"), ["volunteer_id"], unique=False)

    op.create_table(
        "cohort_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("week", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("is_mandatory", sa.Boolean(), nullable=False),
        sa.Column("taught_by_id", sa.Integer(), nullable=True),
        sa.Column("register_saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("register_saved_by_id", sa.Integer(), nullable=True),
        sa.Column("register_version", sa.Integer(), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_because", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "(cancelled_at IS NULL) = (cancelled_because IS NULL)", name=op.f("ck_cohort_session_cancelled_whole")
        ),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_cohort_session_times_in_order")),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_cohort_session_cohort_id_cohort")),
        sa.ForeignKeyConstraint(
            ["register_saved_by_id"],
            ["user_account.id"],
            name=op.f("fk_cohort_session_register_saved_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["taught_by_id"], ["user_account.id"], name=op.f("fk_cohort_session_taught_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort_session")),
        sa.UniqueConstraint("cohort_id", "number", name=op.f("uq_cohort_session_cohort_id_number")),
    )
    with op.batch_alter_table("cohort_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cohort_session_starts_at"), ["starts_at"], unique=False)

    op.create_table(
        "cohort_trainer",
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_cohort_trainer_cohort_id_cohort")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_cohort_trainer_user_id_user_account")),
        sa.PrimaryKeyConstraint("cohort_id", "user_id", name=op.f("pk_cohort_trainer")),
    )
    op.create_table(
        "contact_preference",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "email", "text", "phone", "post", name="channel", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("may_leave_voicemail", sa.Boolean(), nullable=False),
        sa.Column("hide_scheme_name", sa.Boolean(), nullable=False),
        sa.Column("safe_from", sa.Time(), nullable=True),
        sa.Column("safe_until", sa.Time(), nullable=True),
        sa.Column("notes", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "(safe_from IS NULL) = (safe_until IS NULL)", name=op.f("ck_contact_preference_safe_hours_whole")
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteer.id"], name=op.f("fk_contact_preference_volunteer_id_volunteer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_preference")),
        sa.UniqueConstraint("volunteer_id", name=op.f("uq_contact_preference_volunteer_id")),
    )
    op.create_table(
        "cv_choice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("shown", sa.JSON(), nullable=False),
        sa.Column("own_words", sa.String(length=1000), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["volunteer_id"], ["volunteer.id"], name=op.f("fk_cv_choice_volunteer_id_volunteer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cv_choice")),
        sa.UniqueConstraint("volunteer_id", name=op.f("uq_cv_choice_volunteer_id")),
    )
    op.create_table(
        "dbs_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("eligibility_id", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "basic",
                "standard",
                "enhanced",
                "enhanced_barred",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "workforce",
            sa.Enum(
                "adult",
                "child",
                "child_and_adult",
                "other",
                name="workforce",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("applied_on", sa.Date(), nullable=False),
        sa.Column("application_reference", sa.String(length=30), nullable=False),
        sa.Column("free_as_volunteer", sa.Boolean(), nullable=False),
        sa.Column("volunteer_declaration_by_id", sa.Integer(), nullable=True),
        sa.Column("free_despite_training", sa.Text(), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=True),
        sa.Column("number_hash", sa.String(length=64), nullable=True),
        sa.Column("number_last_four", sa.String(length=4), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("seen_on", sa.Date(), nullable=True),
        sa.Column("seen_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "no_information",
                "information_disclosed",
                "barred",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "decision",
            sa.Enum(
                "suitable",
                "suitable_with_conditions",
                "deferred",
                "not_suitable",
                name="suitability",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("recheck_due_on", sa.Date(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "outcome <> 'barred' OR decision IS NULL OR decision = 'not_suitable'",
            name=op.f("ck_dbs_check_barred_stops"),
        ),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (decision IS NULL) AND (decided_at IS NULL) = (decided_by_id IS NULL)",
            name=op.f("ck_dbs_check_decided_whole"),
        ),
        sa.CheckConstraint(
            "(seen_on IS NULL) = (number IS NULL) AND (seen_on IS NULL) = (issued_on IS NULL) AND (seen_on IS NULL) = (outcome IS NULL) AND (seen_on IS NULL) = (seen_by_id IS NULL)",
            name=op.f("ck_dbs_check_seen_whole"),
        ),
        sa.CheckConstraint("decided_at IS NULL OR seen_on IS NOT NULL", name=op.f("ck_dbs_check_seen_before_decided")),
        sa.CheckConstraint(
            "free_as_volunteer = (volunteer_declaration_by_id IS NOT NULL)",
            name=op.f("ck_dbs_check_free_when_declared"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user_account.id"], name=op.f("fk_dbs_check_decided_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["eligibility_id"], ["eligibility.id"], name=op.f("fk_dbs_check_eligibility_id_eligibility")
        ),
        sa.ForeignKeyConstraint(["seen_by_id"], ["user_account.id"], name=op.f("fk_dbs_check_seen_by_id_user_account")),
        sa.ForeignKeyConstraint(
            ["volunteer_declaration_by_id"],
            ["user_account.id"],
            name=op.f("fk_dbs_check_volunteer_declaration_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(["volunteer_id"], ["volunteer.id"], name=op.f("fk_dbs_check_volunteer_id_volunteer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dbs_check")),
    )
    with op.batch_alter_table("dbs_check", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_dbs_check_number_hash"), ["number_hash"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_dbs_check_volunteer_id_applied_on"), ["volunteer_id", "applied_on"], unique=False
        )

    op.create_table(
        "disclosure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("statement", sa.LargeBinary(), nullable=True),
        sa.Column("considered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("considered_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(answered_at IS NULL) = (statement IS NULL)", name=op.f("ck_disclosure_answered_whole")),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["user_account.id"], name=op.f("fk_disclosure_asked_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["considered_by_id"], ["user_account.id"], name=op.f("fk_disclosure_considered_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["volunteer_id"], ["volunteer.id"], name=op.f("fk_disclosure_volunteer_id_volunteer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure")),
        sa.UniqueConstraint("volunteer_id", name=op.f("uq_disclosure_volunteer_id")),
    )
    op.create_table(
        "enrolment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cohort_id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "enrolled",
                "waiting",
                "paused",
                "withdrawn",
                "completed",
                name="enrolmentstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("joined_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("enrolled_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(ended_on IS NULL) = (state IN ('enrolled', 'waiting', 'paused'))", name=op.f("ck_enrolment_ended_dated")
        ),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_enrolment_cohort_id_cohort")),
        sa.ForeignKeyConstraint(
            ["enrolled_by_id"], ["user_account.id"], name=op.f("fk_enrolment_enrolled_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["volunteer_id"], ["volunteer.id"], name=op.f("fk_enrolment_volunteer_id_volunteer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
        sa.UniqueConstraint("cohort_id", "volunteer_id", name=op.f("uq_enrolment_cohort_id_volunteer_id")),
    )
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enrolment_volunteer_id"), ["volunteer_id"], unique=False)

    op.create_table(
        "history_line",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("move", sa.String(length=40), nullable=False),
        sa.Column(
            "from_stage",
            sa.Enum(
                "applying",
                "applied",
                "interviewing",
                "offered",
                "ready",
                "training",
                "certified",
                "active",
                "resting",
                "declined",
                "withdrawn",
                "left",
                name="from_stage",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "to_stage",
            sa.Enum(
                "applying",
                "applied",
                "interviewing",
                "offered",
                "ready",
                "training",
                "certified",
                "active",
                "resting",
                "declined",
                "withdrawn",
                "left",
                name="to_stage",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_history_line_by_id_user_account")),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteer.id"], name=op.f("fk_history_line_volunteer_id_volunteer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_line")),
    )
    with op.batch_alter_table("history_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_history_line_volunteer_id"), ["volunteer_id"], unique=False)

    op.create_table(
        "interview",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "setting",
            sa.Enum(
                "in_person", "phone", "video", name="setting", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("interviewer_id", sa.Integer(), nullable=False),
        sa.Column("second_interviewer_name", sa.String(length=200), nullable=False),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("scores", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_because", sa.String(length=500), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(cancelled_at IS NULL) = (cancelled_because IS NULL)", name=op.f("ck_interview_cancelled_whole")
        ),
        sa.CheckConstraint("(held_at IS NULL) = (scores IS NULL)", name=op.f("ck_interview_held_whole")),
        sa.ForeignKeyConstraint(
            ["interviewer_id"], ["user_account.id"], name=op.f("fk_interview_interviewer_id_user_account")
        ),
        sa.ForeignKeyConstraint(["volunteer_id"], ["volunteer.id"], name=op.f("fk_interview_volunteer_id_volunteer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview")),
    )
    with op.batch_alter_table("interview", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_interview_planned_at"), ["planned_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_interview_volunteer_id_planned_at"), ["volunteer_id", "planned_at"], unique=False
        )

    op.create_table(
        "catch_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("tutor_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 1 AND 600", name=op.f("ck_catch_up_minutes_sane")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_catch_up_enrolment_id_enrolment")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["cohort_session.id"], name=op.f("fk_catch_up_session_id_cohort_session")
        ),
        sa.ForeignKeyConstraint(["tutor_id"], ["user_account.id"], name=op.f("fk_catch_up_tutor_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catch_up")),
        sa.UniqueConstraint("session_id", "enrolment_id", name=op.f("uq_catch_up_session_id_enrolment_id")),
    )
    with op.batch_alter_table("catch_up", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_catch_up_enrolment_id"), ["enrolment_id"], unique=False)

    op.create_table(
        "certificate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("check_code", sa.String(length=40), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "valid",
                "replaced",
                "withdrawn",
                name="certificatestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by_id", sa.Integer(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_because", sa.String(length=500), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'valid') = (ended_at IS NULL)", name=op.f("ck_certificate_ended_dated")),
        sa.CheckConstraint("(ended_at IS NULL) = (ended_because IS NULL)", name=op.f("ck_certificate_ended_whole")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_certificate_enrolment_id_enrolment")),
        sa.ForeignKeyConstraint(
            ["issued_by_id"], ["user_account.id"], name=op.f("fk_certificate_issued_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["certificate.id"], name=op.f("fk_certificate_replaces_id_certificate")
        ),
        sa.ForeignKeyConstraint(["volunteer_id"], ["volunteer.id"], name=op.f("fk_certificate_volunteer_id_volunteer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("check_code", name=op.f("uq_certificate_check_code")),
        sa.UniqueConstraint("number", name=op.f("uq_certificate_number")),
    )
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_enrolment_id"), ["enrolment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_volunteer_id"), ["volunteer_id"], unique=False)

    op.create_table(
        "criterion_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("criterion", sa.String(length=20), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "not_started",
                "submitted",
                "not_yet_met",
                "met",
                name="criterionstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "evidence_type",
            sa.Enum(
                "observation",
                "witness_statement",
                "written",
                "oral_question",
                "reflective_log",
                "role_play",
                "product",
                "rpl",
                name="evidencetype",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("feedback", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('met', 'not_yet_met')) = (decided_at IS NOT NULL) AND (decided_at IS NULL) = (decided_by_id IS NULL)",
            name=op.f("ck_criterion_decision_decided_whole"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user_account.id"], name=op.f("fk_criterion_decision_decided_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_criterion_decision_enrolment_id_enrolment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_criterion_decision")),
        sa.UniqueConstraint("enrolment_id", "criterion", name=op.f("uq_criterion_decision_enrolment_id_criterion")),
    )
    op.create_table(
        "iqa_sample",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_by_id", sa.Integer(), nullable=False),
        sa.Column("iqa_id", sa.Integer(), nullable=True),
        sa.Column("is_valid", sa.Boolean(), nullable=False),
        sa.Column("is_authentic", sa.Boolean(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("is_sufficient", sa.Boolean(), nullable=False),
        sa.Column(
            "decision",
            sa.Enum("agree", "action", name="iqadecision", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("feedback", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("closed_at IS NULL OR decision = 'action'", name=op.f("ck_iqa_sample_closed_action")),
        sa.CheckConstraint(
            "(decision IS NULL) = (decided_at IS NULL) AND (decision IS NULL) = (iqa_id IS NULL)",
            name=op.f("ck_iqa_sample_decided_whole"),
        ),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_iqa_sample_enrolment_id_enrolment")),
        sa.ForeignKeyConstraint(["iqa_id"], ["user_account.id"], name=op.f("fk_iqa_sample_iqa_id_user_account")),
        sa.ForeignKeyConstraint(
            ["planned_by_id"], ["user_account.id"], name=op.f("fk_iqa_sample_planned_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_iqa_sample")),
        sa.UniqueConstraint("enrolment_id", "unit", name=op.f("uq_iqa_sample_enrolment_id_unit")),
    )
    op.create_table(
        "mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("enrolment_id", sa.Integer(), nullable=False),
        sa.Column(
            "code",
            sa.Enum(
                "P",
                "V",
                "L",
                "E",
                "A",
                "U",
                "C",
                "X",
                "N",
                name="mark",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("minutes", sa.Integer(), nullable=True),
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
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("marked_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(code IN ('L', 'E')) = (minutes IS NOT NULL)", name=op.f("ck_mark_minutes_where_needed")),
        sa.CheckConstraint("reason IS NULL OR code = 'A'", name=op.f("ck_mark_reason_where_needed")),
        sa.CheckConstraint("minutes IS NULL OR minutes BETWEEN 1 AND 600", name=op.f("ck_mark_minutes_sane")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_mark_enrolment_id_enrolment")),
        sa.ForeignKeyConstraint(["marked_by_id"], ["user_account.id"], name=op.f("fk_mark_marked_by_id_user_account")),
        sa.ForeignKeyConstraint(["session_id"], ["cohort_session.id"], name=op.f("fk_mark_session_id_cohort_session")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mark")),
        sa.UniqueConstraint("session_id", "enrolment_id", name=op.f("uq_mark_session_id_enrolment_id")),
    )
    with op.batch_alter_table("mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mark_enrolment_id"), ["enrolment_id"], unique=False)

    op.create_table(
        "offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("interview_id", sa.Integer(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("offered_by_id", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name=op.f("ck_offer_confirmed_whole")),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["user_account.id"], name=op.f("fk_offer_confirmed_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["interview_id"], ["interview.id"], name=op.f("fk_offer_interview_id_interview")),
        sa.ForeignKeyConstraint(
            ["offered_by_id"], ["user_account.id"], name=op.f("fk_offer_offered_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["volunteer_id"], ["volunteer.id"], name=op.f("fk_offer_volunteer_id_volunteer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
    )
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offer_volunteer_id"), ["volunteer_id"], unique=False)

    op.create_table(
        "referee",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "relation",
            sa.Enum(
                "key_worker",
                "probation",
                "volunteering",
                "employer",
                "tutor",
                "community",
                name="relation",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("years_known", sa.Integer(), nullable=False),
        sa.CheckConstraint("email <> '' OR phone <> ''", name=op.f("ck_referee_reachable")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_referee_application_id_application")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referee")),
    )
    with op.batch_alter_table("referee", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_referee_application_id"), ["application_id"], unique=False)

    op.create_table(
        "reference",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("referee_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "requested",
                "opened",
                "received",
                "verified",
                "declined",
                "expired",
                "concern",
                name="referencestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answers", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_by_id", sa.Integer(), nullable=True),
        sa.Column("verified_how", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state <> 'verified' OR verified_at IS NOT NULL", name=op.f("ck_reference_verified_dated")),
        sa.CheckConstraint(
            "state NOT IN ('received', 'verified', 'concern') OR received_at IS NOT NULL",
            name=op.f("ck_reference_answered"),
        ),
        sa.CheckConstraint("(received_at IS NULL) = (answers IS NULL)", name=op.f("ck_reference_received_whole")),
        sa.CheckConstraint(
            "(verified_at IS NULL) = (verified_by_id IS NULL)", name=op.f("ck_reference_verified_whole")
        ),
        sa.ForeignKeyConstraint(["referee_id"], ["referee.id"], name=op.f("fk_reference_referee_id_referee")),
        sa.ForeignKeyConstraint(
            ["verified_by_id"], ["user_account.id"], name=op.f("fk_reference_verified_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["volunteer_id"], ["volunteer.id"], name=op.f("fk_reference_volunteer_id_volunteer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reference")),
        sa.UniqueConstraint("referee_id", name=op.f("uq_reference_referee_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_reference_token_hash")),
    )
    with op.batch_alter_table("reference", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reference_volunteer_id_state"), ["volunteer_id", "state"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("reference", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reference_volunteer_id_state"))

    op.drop_table("reference")
    with op.batch_alter_table("referee", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_referee_application_id"))

    op.drop_table("referee")
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_offer_volunteer_id"))

    op.drop_table("offer")
    with op.batch_alter_table("mark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mark_enrolment_id"))

    op.drop_table("mark")
    op.drop_table("iqa_sample")
    op.drop_table("criterion_decision")
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_volunteer_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_enrolment_id"))

    op.drop_table("certificate")
    with op.batch_alter_table("catch_up", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_catch_up_enrolment_id"))

    op.drop_table("catch_up")
    with op.batch_alter_table("interview", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_interview_volunteer_id_planned_at"))
        batch_op.drop_index(batch_op.f("ix_interview_planned_at"))

    op.drop_table("interview")
    with op.batch_alter_table("history_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_history_line_volunteer_id"))

    op.drop_table("history_line")
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enrolment_volunteer_id"))

    op.drop_table("enrolment")
    op.drop_table("disclosure")
    with op.batch_alter_table("dbs_check", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_dbs_check_volunteer_id_applied_on"))
        batch_op.drop_index(batch_op.f("ix_dbs_check_number_hash"))

    op.drop_table("dbs_check")
    op.drop_table("cv_choice")
    op.drop_table("contact_preference")
    op.drop_table("cohort_trainer")
    with op.batch_alter_table("cohort_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cohort_session_starts_at"))

    op.drop_table("cohort_session")
    with op.batch_alter_table("approval", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approval_volunteer_id"))

    op.drop_table("approval")
    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_application_submitted_at"))

    op.drop_table("application")
    op.drop_table("acknowledgement")
    with op.batch_alter_table("volunteer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_volunteer_scheme_id_stage_stage_since"))
        batch_op.drop_index(batch_op.f("ix_volunteer_scheme_id_sort_name_id"))
        batch_op.drop_index(batch_op.f("ix_volunteer_scheme_id_area_id_stage"))
        batch_op.drop_index(batch_op.f("ix_volunteer_email"))
        batch_op.drop_index(batch_op.f("ix_volunteer_area_id"))

    op.drop_table("volunteer")
    with op.batch_alter_table("role_held", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_role_held_user_id"))
        batch_op.drop_index(batch_op.f("ix_role_held_scheme_id_role"))

    op.drop_table("role_held")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_scheme_id"))

    op.drop_table("invitation")
    with op.batch_alter_table("cohort", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cohort_scheme_id_starts_on"))

    op.drop_table("cohort")
    with op.batch_alter_table("one_time_secret", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_one_time_secret_secret_hash"))

    op.drop_table("one_time_secret")
    with op.batch_alter_table("eligibility", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_eligibility_scheme_id"))

    op.drop_table("eligibility")
    op.drop_table("course_version")
    with op.batch_alter_table("area", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_area_scheme_id"))

    op.drop_table("area")
    op.drop_table("agreement")
    op.drop_table("watch")
    op.drop_table("user_account")
    op.drop_table("scheme")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_volunteer_id_id"))
        batch_op.drop_index(batch_op.f("ix_message_to_address_state"))
        batch_op.drop_index(batch_op.f("ix_message_state_next_try_at"))
        batch_op.drop_index(batch_op.f("ix_message_scheme_id_id"))

    op.drop_table("message")
    with op.batch_alter_table("audit_line", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_line_volunteer_id_id"))
        batch_op.drop_index(batch_op.f("ix_audit_line_table_name_row_id"))
        batch_op.drop_index(batch_op.f("ix_audit_line_scheme_id_id"))

    op.drop_table("audit_line")
