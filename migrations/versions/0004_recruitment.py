"""Recruitment: first hellos, help with a form, paper, recommendations, slots, score sheets, decisions, channels."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STAGES = (
    "applying", "applied", "interviewing", "offered", "ready", "training", "certified", "active", "resting", "declined",
    "withdrawn", "left",
)  # fmt: skip
ROLES = (
    "volunteer", "trainer", "assessor", "iqa", "coordinator", "approver", "dbs_officer", "safeguarding_lead",
    "scheme_admin", "funder_reader",
)  # fmt: skip
STATES = ("queued", "sending", "sent", "dead")
RELATIONS = ("key_worker", "probation", "volunteering", "employer", "tutor", "community")
OLD = {"stage": STAGES, "role": ROLES, "state": STATES, "relation": RELATIONS}
NEW = {
    "stage": (*STAGES, "joined"),
    "role": (*ROLES[:4], "interviewer", *ROLES[4:]),
    "state": (*STATES, "by_hand"),
    "relation": (*RELATIONS, "housing", "prison", "neighbour"),
}
COLUMNS = (
    ("volunteer", "stage", "stage", "stage"),
    ("history_line", "from_stage", "from_stage", "stage"),
    ("history_line", "to_stage", "to_stage", "stage"),
    ("role_held", "role", "role", "role"),
    ("invitation", "role", "role", "role"),
    ("message", "state", "messagestate", "state"),
    ("referee", "relation", "relation", "relation"),
)
"""Table, column, the name of its check, and which list it may hold."""


def widen(lists: dict[str, tuple[str, ...]]) -> None:
    """Let columns hold these values, and no others."""
    for table, column, name, kind in COLUMNS:
        allowed = ", ".join(f"'{value}'" for value in lists[kind])
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
            batch_op.create_check_constraint(op.f(f"ck_{table}_{name}"), f"{column} IN ({allowed})")
    if op.get_bind().dialect.name == "sqlite":  # copied, the table has lost what guards it
        for verb in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER IF NOT EXISTS history_line_no_{verb} BEFORE {verb} ON history_line\n"
                "BEGIN SELECT RAISE(ABORT, 'history_line is only ever added to'); END"
            )


def upgrade() -> None:
    op.create_table(
        "once",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_once")),
    )
    op.create_table(
        "signpost",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("about", sa.String(length=500), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("web", sa.String(length=300), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["scheme_id"], ["scheme.id"], name=op.f("fk_signpost_scheme_id_scheme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signpost")),
    )
    with op.batch_alter_table("signpost", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signpost_scheme_id"), ["scheme_id"], unique=False)

    op.create_table(
        "wording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.Column("template", sa.String(length=80), nullable=False),
        sa.Column(
            "carrier",
            sa.Enum("email", "text", "hand", name="carrier", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["scheme_id"], ["scheme.id"], name=op.f("fk_wording_scheme_id_scheme")),
        sa.ForeignKeyConstraint(
            ["written_by_id"], ["user_account.id"], name=op.f("fk_wording_written_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording")),
        sa.UniqueConstraint(
            "scheme_id", "template", "carrier", "number", name=op.f("uq_wording_scheme_id_template_carrier_number")
        ),
    )
    op.create_table(
        "interview_slot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column(
            "setting",
            sa.Enum(
                "in_person", "phone", "video", name="setting", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("place", sa.String(length=300), nullable=False),
        sa.Column("interviewer_id", sa.Integer(), nullable=False),
        sa.Column("second_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("minutes BETWEEN 10 AND 240", name=op.f("ck_interview_slot_minutes_fit")),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_interview_slot_area_id_area")),
        sa.ForeignKeyConstraint(
            ["interviewer_id"], ["user_account.id"], name=op.f("fk_interview_slot_interviewer_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user_account.id"], name=op.f("fk_interview_slot_made_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["scheme_id"], ["scheme.id"], name=op.f("fk_interview_slot_scheme_id_scheme")),
        sa.ForeignKeyConstraint(
            ["second_id"], ["user_account.id"], name=op.f("fk_interview_slot_second_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview_slot")),
        sa.UniqueConstraint("interviewer_id", "starts_at", name=op.f("uq_interview_slot_interviewer_id_starts_at")),
    )
    with op.batch_alter_table("interview_slot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_interview_slot_area_id_starts_at"), ["area_id", "starts_at"], unique=False)

    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "way",
            sa.Enum(
                "call",
                "text",
                "email",
                "letter",
                "in_person",
                name="way",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "reached",
            sa.Enum(
                "spoke",
                "voicemail",
                "no_answer",
                "sent",
                "they_came",
                "later",
                name="reached",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("quiet_until", sa.Date(), nullable=True),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_contact_by_id_user_account")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_contact_message_id_message")),
        sa.ForeignKeyConstraint(["volunteer_id"], ["volunteer.id"], name=op.f("fk_contact_volunteer_id_volunteer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_message_id"), ["message_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contact_volunteer_id_at"), ["volunteer_id", "at"], unique=False)

    op.create_table(
        "decline",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("signposts", sa.JSON(), nullable=False),
        sa.Column("apply_again_on", sa.Date(), nullable=True),
        sa.Column("told_by", sa.String(length=20), nullable=False),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("declined_by_id", sa.Integer(), nullable=False),
        sa.Column("second_by_id", sa.Integer(), nullable=True),
        sa.Column("remind_them", sa.Boolean(), nullable=False),
        sa.Column("rests_on", sa.JSON(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["declined_by_id"], ["user_account.id"], name=op.f("fk_decline_declined_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["second_by_id"], ["user_account.id"], name=op.f("fk_decline_second_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["volunteer_id"], ["volunteer.id"], name=op.f("fk_decline_volunteer_id_volunteer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decline")),
    )
    with op.batch_alter_table("decline", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decline_volunteer_id"), ["volunteer_id"], unique=False)

    op.create_table(
        "duplicate_pair",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.Column("kept_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum("same", "different", name="verdict", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("carried", sa.JSON(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.Integer(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(undone_at IS NULL) = (undone_by_id IS NULL)", name=op.f("ck_duplicate_pair_undone_whole")),
        sa.CheckConstraint("kept_id <> other_id", name=op.f("ck_duplicate_pair_two")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["user_account.id"], name=op.f("fk_duplicate_pair_decided_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["kept_id"], ["volunteer.id"], name=op.f("fk_duplicate_pair_kept_id_volunteer")),
        sa.ForeignKeyConstraint(["other_id"], ["volunteer.id"], name=op.f("fk_duplicate_pair_other_id_volunteer")),
        sa.ForeignKeyConstraint(["scheme_id"], ["scheme.id"], name=op.f("fk_duplicate_pair_scheme_id_scheme")),
        sa.ForeignKeyConstraint(
            ["undone_by_id"], ["user_account.id"], name=op.f("fk_duplicate_pair_undone_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_pair")),
        sa.UniqueConstraint("kept_id", "other_id", name=op.f("uq_duplicate_pair_kept_id_other_id")),
    )
    with op.batch_alter_table("duplicate_pair", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_duplicate_pair_other_id"), ["other_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_duplicate_pair_scheme_id"), ["scheme_id"], unique=False)

    op.create_table(
        "enquiry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
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
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("tell_when_open", sa.Boolean(), nullable=False),
        sa.Column("told_open_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reply_by", sa.Date(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "applying",
                "waiting",
                "not_now",
                "no_answer",
                "elsewhere",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("email <> '' OR phone <> ''", name=op.f("ck_enquiry_reachable")),
        sa.CheckConstraint("(answered_at IS NULL) = (outcome IS NULL)", name=op.f("ck_enquiry_answered_whole")),
        sa.CheckConstraint("(safe_from IS NULL) = (safe_until IS NULL)", name=op.f("ck_enquiry_safe_hours_whole")),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["user_account.id"], name=op.f("fk_enquiry_answered_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_enquiry_area_id_area")),
        sa.ForeignKeyConstraint(["scheme_id"], ["scheme.id"], name=op.f("fk_enquiry_scheme_id_scheme")),
        sa.ForeignKeyConstraint(["volunteer_id"], ["volunteer.id"], name=op.f("fk_enquiry_volunteer_id_volunteer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enquiry")),
    )
    with op.batch_alter_table("enquiry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enquiry_area_id"), ["area_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_enquiry_scheme_id_answered_at_reply_by"),
            ["scheme_id", "answered_at", "reply_by"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_enquiry_volunteer_id"), ["volunteer_id"], unique=False)

    op.create_table(
        "interview_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("to_address", sa.String(length=254), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteer.id"], name=op.f("fk_interview_link_volunteer_id_volunteer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_interview_link_token_hash")),
    )
    with op.batch_alter_table("interview_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_interview_link_volunteer_id"), ["volunteer_id"], unique=False)

    op.create_table(
        "paper_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scheme_id", sa.Integer(), nullable=False),
        sa.Column("area_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_by_id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=True),
        sa.Column("typed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("typed_by_id", sa.Integer(), nullable=True),
        sa.Column("set_aside_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("set_aside_because", sa.String(length=300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(set_aside_at IS NULL) = (set_aside_because = '')", name=op.f("ck_paper_form_set_aside_whole")
        ),
        sa.CheckConstraint(
            "typed_at IS NULL OR volunteer_id IS NOT NULL", name=op.f("ck_paper_form_typed_for_somebody")
        ),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_paper_form_area_id_area")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_paper_form_file_id_stored_file")),
        sa.ForeignKeyConstraint(
            ["kept_by_id"], ["user_account.id"], name=op.f("fk_paper_form_kept_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["scheme_id"], ["scheme.id"], name=op.f("fk_paper_form_scheme_id_scheme")),
        sa.ForeignKeyConstraint(
            ["typed_by_id"], ["user_account.id"], name=op.f("fk_paper_form_typed_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["volunteer_id"], ["volunteer.id"], name=op.f("fk_paper_form_volunteer_id_volunteer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_form")),
    )
    with op.batch_alter_table("paper_form", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_form_area_id"), ["area_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_form_scheme_id_typed_at"), ["scheme_id", "typed_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_form_volunteer_id"), ["volunteer_id"], unique=False)

    op.create_table(
        "recommendation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("job", sa.String(length=200), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "named",
                "requested",
                "opened",
                "recommended",
                "not_yet",
                "cannot",
                "expired",
                name="recommendationstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("link_number", sa.Integer(), nullable=False),
        sa.Column("times_asked", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answers", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("earlier", sa.JSON(), nullable=False),
        sa.Column("look_again_on", sa.Date(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('recommended', 'not_yet', 'cannot')) = (answered_at IS NOT NULL)",
            name=op.f("ck_recommendation_answered_whole"),
        ),
        sa.CheckConstraint("email <> '' OR phone <> ''", name=op.f("ck_recommendation_reachable")),
        sa.CheckConstraint(
            "state <> 'not_yet' OR look_again_on IS NOT NULL", name=op.f("ck_recommendation_not_yet_dated")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user_account.id"], name=op.f("fk_recommendation_recorded_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["volunteer_id"], ["volunteer.id"], name=op.f("fk_recommendation_volunteer_id_volunteer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_recommendation_token_hash")),
    )
    with op.batch_alter_table("recommendation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_recommendation_state_look_again_on"), ["state", "look_again_on"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_recommendation_volunteer_id_state"), ["volunteer_id", "state"], unique=False
        )

    op.create_table(
        "withdrawal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("volunteer_id", sa.Integer(), nullable=False),
        sa.Column(
            "decided_by",
            sa.Enum("them", "scheme", "both", name="whodecided", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("their_words", sa.Text(), nullable=False),
        sa.Column("our_words", sa.Text(), nullable=False),
        sa.Column(
            "might_return",
            sa.Enum(
                "yes",
                "perhaps",
                "no",
                "unknown",
                name="mightreturn",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
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
                "joined",
                name="from_stage",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undo_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by_name", sa.String(length=200), nullable=False),
        sa.CheckConstraint("(undone_at IS NULL) = (undone_by_name = '')", name=op.f("ck_withdrawal_undone_whole")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_withdrawal_by_id_user_account")),
        sa.ForeignKeyConstraint(["volunteer_id"], ["volunteer.id"], name=op.f("fk_withdrawal_volunteer_id_volunteer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_withdrawal")),
    )
    with op.batch_alter_table("withdrawal", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_withdrawal_volunteer_id_withdrawn_at"), ["volunteer_id", "withdrawn_at"], unique=False
        )

    op.create_table(
        "helper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("sent_to", sa.String(length=254), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("likeness", sa.Integer(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "confirmed_by",
            sa.Enum("link", "text", "print", name="confirmedby", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("confirmed_name", sa.String(length=200), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "confirmed_by <> 'print' OR recorded_by_id IS NOT NULL", name=op.f("ck_helper_print_recorded")
        ),
        sa.CheckConstraint("(confirmed_at IS NULL) = (confirmed_by IS NULL)", name=op.f("ck_helper_confirmed_whole")),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_helper_application_id_application")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_helper_file_id_stored_file")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user_account.id"], name=op.f("fk_helper_recorded_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_helper_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_helper")),
        sa.UniqueConstraint("application_id", name=op.f("uq_helper_application_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_helper_token_hash")),
    )
    op.create_table(
        "score_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interview_id", sa.Integer(), nullable=False),
        sa.Column("scorer_id", sa.Integer(), nullable=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("strengths", sa.Text(), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["interview_id"], ["interview.id"], name=op.f("fk_score_sheet_interview_id_interview")),
        sa.ForeignKeyConstraint(["scorer_id"], ["user_account.id"], name=op.f("fk_score_sheet_scorer_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_sheet")),
        sa.UniqueConstraint("interview_id", "scorer_id", name=op.f("uq_score_sheet_interview_id_scorer_id")),
    )
    op.create_table(
        "sent_application",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("application_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("facts", sa.LargeBinary(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by_name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["application_id"], ["application.id"], name=op.f("fk_sent_application_application_id_application")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sent_application")),
        sa.UniqueConstraint("application_id", "number", name=op.f("uq_sent_application_application_id_number")),
    )
    op.create_table(
        "condition",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("met_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("met_by_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(met_at IS NULL) = (met_by_id IS NULL)", name=op.f("ck_condition_met_whole")),
        sa.ForeignKeyConstraint(["met_by_id"], ["user_account.id"], name=op.f("fk_condition_met_by_id_user_account")),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_condition_offer_id_offer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_condition")),
        sa.UniqueConstraint("offer_id", "key", name=op.f("uq_condition_offer_id_key")),
    )
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "kind",
                sa.Enum(
                    "volunteer",
                    "confidentiality",
                    "conduct",
                    name="agreementkind",
                    native_enum=False,
                    create_constraint=True,
                    length=40,
                ),
                server_default="volunteer",
                nullable=False,
            )
        )
        batch_op.add_column(sa.Column("asks_again", sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.drop_constraint(batch_op.f("uq_agreement_scheme_id_number"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_agreement_scheme_id_kind_number"), ["scheme_id", "kind", "number"]
        )

    with op.batch_alter_table("acknowledgement", schema=None) as batch_op:
        batch_op.add_column(sa.Column("file_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_acknowledgement_file_id_stored_file"), "stored_file", ["file_id"], ["id"]
        )

    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.add_column(sa.Column("prompted", sa.JSON(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("times_sent", sa.Integer(), server_default="0", nullable=False))

    with op.batch_alter_table("area", schema=None) as batch_op:
        batch_op.add_column(sa.Column("about_role", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("about_time", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("about_convictions", sa.Text(), server_default="", nullable=False))

    with op.batch_alter_table("interview", schema=None) as batch_op:
        batch_op.add_column(sa.Column("minutes", sa.Integer(), server_default="45", nullable=False))
        batch_op.add_column(sa.Column("second_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("slot_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("sequence", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("change_asked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("change_wish", sa.String(length=500), server_default="", nullable=False))
        batch_op.add_column(sa.Column("supporter", sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(sa.Column("questions_sent_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("strengths", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("may_use_strengths", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("missed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("alone_because", sa.String(length=500), server_default="", nullable=False))
        batch_op.add_column(sa.Column("agreed_because", sa.String(length=1000), server_default="", nullable=False))
        batch_op.create_check_constraint(
            batch_op.f("ck_interview_missed_is_over"), "missed_at IS NULL OR cancelled_at IS NOT NULL"
        )
        batch_op.create_unique_constraint(batch_op.f("uq_interview_slot_id"), ["slot_id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_interview_second_id_user_account"), "user_account", ["second_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_interview_slot_id_interview_slot"), "interview_slot", ["slot_id"], ["id"]
        )

    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("wording_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column(
                "carrier",
                sa.Enum("email", "text", "hand", name="carrier", native_enum=False, create_constraint=True, length=40),
                server_default="email",
                nullable=False,
            )
        )
        batch_op.add_column(sa.Column("safe_from", sa.Time(), nullable=True))
        batch_op.add_column(sa.Column("safe_until", sa.Time(), nullable=True))
        batch_op.add_column(sa.Column("carried_as", sa.String(length=64), server_default="", nullable=False))
        batch_op.add_column(sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("passed_on_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("is_to_volunteer", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("short", sa.Text(), nullable=True))
        batch_op.create_index(batch_op.f("ix_message_carried_as"), ["carried_as"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_message_passed_on_by_id_user_account"), "user_account", ["passed_on_by_id"], ["id"]
        )
        batch_op.create_foreign_key(batch_op.f("fk_message_wording_id_wording"), "wording", ["wording_id"], ["id"])

    with op.batch_alter_table("referee", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_of_recommender", sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table("reference", schema=None) as batch_op:
        batch_op.add_column(sa.Column("link_number", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(
            sa.Column(
                "came_by",
                sa.Enum("link", "phone", "letter", name="cameby", native_enum=False, create_constraint=True, length=40),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("spoke_to", sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(sa.Column("said_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("may_be_shown", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("bounced_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("quiet_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("file_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_reference_file_id_stored_file"), "stored_file", ["file_id"], ["id"])

    with op.batch_alter_table("scheme", schema=None) as batch_op:
        batch_op.add_column(sa.Column("about_role", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("about_time", sa.Text(), server_default="", nullable=False))

    with op.batch_alter_table("volunteer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("same_as_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("links_number", sa.Integer(), server_default="1", nullable=False))
        batch_op.create_index(batch_op.f("ix_volunteer_same_as_id"), ["same_as_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_volunteer_same_as_id_volunteer"), "volunteer", ["same_as_id"], ["id"]
        )

    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.alter_column("kind", server_default=None)
        batch_op.alter_column("asks_again", server_default=None)

    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.alter_column("prompted", server_default=None)
        batch_op.alter_column("times_sent", server_default=None)

    with op.batch_alter_table("area", schema=None) as batch_op:
        batch_op.alter_column("about_role", server_default=None)
        batch_op.alter_column("about_time", server_default=None)
        batch_op.alter_column("about_convictions", server_default=None)

    with op.batch_alter_table("interview", schema=None) as batch_op:
        batch_op.alter_column("minutes", server_default=None)
        batch_op.alter_column("sequence", server_default=None)
        batch_op.alter_column("change_wish", server_default=None)
        batch_op.alter_column("supporter", server_default=None)
        batch_op.alter_column("strengths", server_default=None)
        batch_op.alter_column("may_use_strengths", server_default=None)
        batch_op.alter_column("alone_because", server_default=None)
        batch_op.alter_column("agreed_because", server_default=None)

    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.alter_column("carrier", server_default=None)
        batch_op.alter_column("carried_as", server_default=None)
        batch_op.alter_column("is_to_volunteer", server_default=None)

    with op.batch_alter_table("referee", schema=None) as batch_op:
        batch_op.alter_column("is_of_recommender", server_default=None)

    with op.batch_alter_table("reference", schema=None) as batch_op:
        batch_op.alter_column("link_number", server_default=None)
        batch_op.alter_column("spoke_to", server_default=None)

    with op.batch_alter_table("scheme", schema=None) as batch_op:
        batch_op.alter_column("about_role", server_default=None)
        batch_op.alter_column("about_time", server_default=None)

    with op.batch_alter_table("volunteer", schema=None) as batch_op:
        batch_op.alter_column("links_number", server_default=None)

    widen(NEW)
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_check_constraint(op.f("ck_message_by_hand_by_hand"), "state <> 'by_hand' OR carrier = 'hand'")
        batch_op.create_check_constraint(
            op.f("ck_message_safe_hours_whole"), "(safe_from IS NULL) = (safe_until IS NULL)"
        )
    op.execute(
        "UPDATE reference SET came_by = CASE WHEN CAST(answers AS TEXT) LIKE '%\"by_phone_to\": \"\"%' THEN 'link'"
        " ELSE 'phone' END WHERE received_at IS NOT NULL"
    )


def downgrade() -> None:
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_message_by_hand_by_hand"), type_="check")
        batch_op.drop_constraint(op.f("ck_message_safe_hours_whole"), type_="check")
    widen(OLD)
    with op.batch_alter_table("volunteer", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_volunteer_same_as_id_volunteer"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_volunteer_same_as_id"))
        batch_op.drop_column("links_number")
        batch_op.drop_column("same_as_id")

    with op.batch_alter_table("scheme", schema=None) as batch_op:
        batch_op.drop_column("about_time")
        batch_op.drop_column("about_role")

    with op.batch_alter_table("reference", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_reference_cameby"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_reference_file_id_stored_file"), type_="foreignkey")
        batch_op.drop_column("file_id")
        batch_op.drop_column("quiet_since")
        batch_op.drop_column("bounced_at")
        batch_op.drop_column("may_be_shown")
        batch_op.drop_column("said_on")
        batch_op.drop_column("spoke_to")
        batch_op.drop_column("came_by")
        batch_op.drop_column("link_number")

    with op.batch_alter_table("referee", schema=None) as batch_op:
        batch_op.drop_column("is_of_recommender")

    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_message_carrier"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_message_wording_id_wording"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_message_passed_on_by_id_user_account"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_message_carried_as"))
        batch_op.drop_column("short")
        batch_op.drop_column("is_to_volunteer")
        batch_op.drop_column("passed_on_by_id")
        batch_op.drop_column("bounced_at")
        batch_op.drop_column("delivered_at")
        batch_op.drop_column("carried_as")
        batch_op.drop_column("safe_until")
        batch_op.drop_column("safe_from")
        batch_op.drop_column("carrier")
        batch_op.drop_column("wording_id")

    with op.batch_alter_table("interview", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_interview_slot_id_interview_slot"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_interview_second_id_user_account"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_interview_slot_id"), type_="unique")
        batch_op.drop_constraint(batch_op.f("ck_interview_missed_is_over"), type_="check")
        batch_op.drop_column("agreed_because")
        batch_op.drop_column("alone_because")
        batch_op.drop_column("missed_at")
        batch_op.drop_column("may_use_strengths")
        batch_op.drop_column("strengths")
        batch_op.drop_column("questions_sent_at")
        batch_op.drop_column("supporter")
        batch_op.drop_column("change_wish")
        batch_op.drop_column("change_asked_at")
        batch_op.drop_column("accepted_at")
        batch_op.drop_column("sequence")
        batch_op.drop_column("slot_id")
        batch_op.drop_column("second_id")
        batch_op.drop_column("minutes")

    with op.batch_alter_table("area", schema=None) as batch_op:
        batch_op.drop_column("about_convictions")
        batch_op.drop_column("about_time")
        batch_op.drop_column("about_role")

    with op.batch_alter_table("application", schema=None) as batch_op:
        batch_op.drop_column("times_sent")
        batch_op.drop_column("prompted")

    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_agreement_agreementkind"), type_="check")
        batch_op.drop_constraint(batch_op.f("uq_agreement_scheme_id_kind_number"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_agreement_scheme_id_number"), ["scheme_id", "number"])
        batch_op.drop_column("withdrawn_at")
        batch_op.drop_column("asks_again")
        batch_op.drop_column("kind")

    with op.batch_alter_table("acknowledgement", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_acknowledgement_file_id_stored_file"), type_="foreignkey")
        batch_op.drop_column("file_id")

    op.drop_table("condition")
    op.drop_table("sent_application")
    op.drop_table("score_sheet")
    op.drop_table("helper")
    with op.batch_alter_table("withdrawal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_withdrawal_volunteer_id_withdrawn_at"))

    op.drop_table("withdrawal")
    with op.batch_alter_table("recommendation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recommendation_volunteer_id_state"))
        batch_op.drop_index(batch_op.f("ix_recommendation_state_look_again_on"))

    op.drop_table("recommendation")
    with op.batch_alter_table("paper_form", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_form_volunteer_id"))
        batch_op.drop_index(batch_op.f("ix_paper_form_scheme_id_typed_at"))
        batch_op.drop_index(batch_op.f("ix_paper_form_area_id"))

    op.drop_table("paper_form")
    with op.batch_alter_table("interview_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_interview_link_volunteer_id"))

    op.drop_table("interview_link")
    with op.batch_alter_table("enquiry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enquiry_volunteer_id"))
        batch_op.drop_index(batch_op.f("ix_enquiry_scheme_id_answered_at_reply_by"))
        batch_op.drop_index(batch_op.f("ix_enquiry_area_id"))

    op.drop_table("enquiry")
    with op.batch_alter_table("duplicate_pair", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_duplicate_pair_scheme_id"))
        batch_op.drop_index(batch_op.f("ix_duplicate_pair_other_id"))

    op.drop_table("duplicate_pair")
    with op.batch_alter_table("decline", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decline_volunteer_id"))

    op.drop_table("decline")
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_volunteer_id_at"))
        batch_op.drop_index(batch_op.f("ix_contact_message_id"))

    op.drop_table("contact")
    with op.batch_alter_table("interview_slot", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_interview_slot_area_id_starts_at"))

    op.drop_table("interview_slot")
    op.drop_table("wording")
    with op.batch_alter_table("signpost", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signpost_scheme_id"))

    op.drop_table("signpost")
    op.drop_table("once")
