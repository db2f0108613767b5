"""The register and everything that hangs on it."""

import sqlalchemy as sa
from alembic import op

from vendor_tracker.store.setup import begin_trail, guard_trail

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "job_run",
        sa.Column("job", sa.String(length=60), nullable=False),
        sa.Column("slot", sa.String(length=40), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.JSON(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_run")),
        sa.UniqueConstraint("job", "slot", name=op.f("uq_job_run_job_slot")),
    )
    op.create_table(
        "message",
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("recipient_name", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("attachments", sa.JSON(), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_by", sa.String(length=80), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("key", name=op.f("uq_message_key")),
        sa.UniqueConstraint("message_id", name=op.f("uq_message_message_id")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_subject_id"), ["subject_id"], unique=False)
        batch_op.create_index("ix_message_waiting", ["state", "next_try_at"], unique=False)

    op.create_table(
        "operator",
        sa.Column("cnpj", sa.String(length=14), nullable=True),
        sa.Column("foreign_id", sa.String(length=60), nullable=True),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("search_name", sa.String(length=300), nullable=False),
        sa.Column("regime", sa.String(length=40), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("address", sa.String(length=400), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator")),
        sa.UniqueConstraint("cnpj", name=op.f("uq_operator_cnpj")),
        sa.UniqueConstraint("foreign_id", name=op.f("uq_operator_foreign_id")),
    )
    with op.batch_alter_table("operator", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_operator_search_name"), ["search_name"], unique=False)

    op.create_table(
        "throttle",
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_throttle")),
        sa.UniqueConstraint("scope", "key", "window_start", name=op.f("uq_throttle_scope_key_window_start")),
    )
    op.create_table(
        "trail_entry",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=254), nullable=False),
        sa.Column("act", sa.String(length=80), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_trail_entry")),
        sa.UniqueConstraint("hash", name=op.f("uq_trail_entry_hash")),
    )
    with op.batch_alter_table("trail_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_trail_entry_at"), ["at"], unique=False)
        batch_op.create_index("ix_trail_entry_subject", ["subject_kind", "subject_id", "seq"], unique=False)

    op.create_table(
        "trail_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trail_head")),
    )
    op.create_table(
        "unit",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("acronym", sa.String(length=40), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("code", name=op.f("uq_unit_code")),
    )
    op.create_table(
        "agreement",
        sa.Column("operator_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("pncp_id", sa.String(length=40), nullable=True),
        sa.Column("external_id", sa.String(length=80), nullable=True),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("source_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("current_revision_id", sa.Integer(), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"], name=op.f("fk_agreement_operator_id_operator")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_agreement_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement")),
        sa.UniqueConstraint("external_id", name=op.f("uq_agreement_external_id")),
        sa.UniqueConstraint("kind", "number", "operator_id", name=op.f("uq_agreement_kind_number_operator_id")),
        sa.UniqueConstraint("pncp_id", name=op.f("uq_agreement_pncp_id")),
    )
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agreement_current_revision_id"), ["current_revision_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agreement_operator_id"), ["operator_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agreement_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "message_attempt",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_message_attempt_message_id_message")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_attempt")),
    )
    with op.batch_alter_table("message_attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_attempt_message_id"), ["message_id"], unique=False)

    op.create_table(
        "user",
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.Column("session_epoch", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_user_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user")),
        sa.UniqueConstraint("email", name=op.f("uq_user_email")),
    )
    op.create_table(
        "agreement_revision",
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("holds_from", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("sei_process", sa.String(length=60), nullable=False),
        sa.Column("object", sa.Text(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("end_reason", sa.String(length=40), nullable=True),
        sa.Column("value", sa.Numeric(precision=16, scale=2), nullable=True),
        sa.Column("role", sa.String(length=40), nullable=True),
        sa.Column("role_justification", sa.Text(), nullable=False),
        sa.Column("role_approved_by", sa.String(length=200), nullable=False),
        sa.Column("role_approved_on", sa.Date(), nullable=True),
        sa.Column("dispensation_ground", sa.String(length=40), nullable=True),
        sa.Column("dispensation_detail", sa.Text(), nullable=False),
        sa.Column("dispensation_by", sa.String(length=200), nullable=False),
        sa.Column("dispensation_on", sa.Date(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("public_function", sa.Text(), nullable=True),
        sa.Column("legal_basis", sa.Text(), nullable=True),
        sa.Column("guarantees", sa.Text(), nullable=True),
        sa.Column("subject_access", sa.Text(), nullable=True),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("data_categories", sa.JSON(), nullable=True),
        sa.Column("subject_groups", sa.JSON(), nullable=True),
        sa.Column("sensitive", sa.Boolean(), nullable=True),
        sa.Column("children", sa.Boolean(), nullable=True),
        sa.Column("judicial_secrecy", sa.Boolean(), nullable=True),
        sa.Column("volume", sa.String(length=40), nullable=True),
        sa.Column("international_transfer", sa.Boolean(), nullable=True),
        sa.Column("transfer_countries", sa.JSON(), nullable=False),
        sa.Column("system_access", sa.Boolean(), nullable=True),
        sa.Column("external_hosting", sa.Boolean(), nullable=True),
        sa.Column("uses_sub_operators", sa.Boolean(), nullable=True),
        sa.Column("nobody_has_access", sa.Boolean(), nullable=True),
        sa.Column("raised_exposure", sa.String(length=40), nullable=True),
        sa.Column("raised_exposure_reason", sa.Text(), nullable=False),
        sa.Column("incident_term_hours", sa.Integer(), nullable=True),
        sa.Column("assistance_term_days", sa.Integer(), nullable=True),
        sa.Column("disposal_term_days", sa.Integer(), nullable=True),
        sa.Column("secret", sa.Boolean(), nullable=False),
        sa.Column("secrecy_ground", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_revision_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user.id"], name=op.f("fk_agreement_revision_recorded_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_revision")),
    )
    with op.batch_alter_table("agreement_revision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agreement_revision_ends_on"), ["ends_on"], unique=False)
        batch_op.create_index("ix_agreement_revision_lookup", ["agreement_id", "holds_from", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agreement_revision_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "agreement_term",
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("new_ends_on", sa.Date(), nullable=True),
        sa.Column("object", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_term_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_agreement_term_recorded_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_term")),
        sa.UniqueConstraint("agreement_id", "kind", "number", name=op.f("uq_agreement_term_agreement_id_kind_number")),
    )
    with op.batch_alter_table("agreement_term", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_agreement_term_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_agreement_term_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "api_token",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_api_token_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
    )
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_token_user_id"), ["user_id"], unique=False)

    op.create_table(
        "assistance",
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("lineage", sa.Integer(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_assistance_agreement_id_agreement")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_assistance_recorded_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assistance")),
    )
    with op.batch_alter_table("assistance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assistance_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assistance_lineage"), ["lineage"], unique=False)
        batch_op.create_index(batch_op.f("ix_assistance_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_assistance_superseded_at"), ["superseded_at"], unique=False)

    op.create_table(
        "calendar_day",
        sa.Column("calendar", sa.String(length=20), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_calendar_day_recorded_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_day")),
        sa.UniqueConstraint("calendar", "day", "id", name=op.f("uq_calendar_day_calendar_day_id")),
    )
    with op.batch_alter_table("calendar_day", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_day_day"), ["day"], unique=False)
        batch_op.create_index(batch_op.f("ix_calendar_day_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "channel_test",
        sa.Column("tested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("lineage", sa.Integer(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_channel_test_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_channel_test_recorded_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_test")),
    )
    with op.batch_alter_table("channel_test", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_channel_test_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_channel_test_lineage"), ["lineage"], unique=False)
        batch_op.create_index(batch_op.f("ix_channel_test_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_channel_test_superseded_at"), ["superseded_at"], unique=False)

    op.create_table(
        "contact",
        sa.Column("operator_id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=60), nullable=False),
        sa.Column("document", sa.String(length=200), nullable=False),
        sa.Column("reachable_always", sa.Boolean(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("lineage", sa.Integer(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_contact_agreement_id_agreement")),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"], name=op.f("fk_contact_operator_id_operator")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_contact_recorded_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contact_lineage"), ["lineage"], unique=False)
        batch_op.create_index(batch_op.f("ix_contact_operator_id"), ["operator_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contact_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_contact_superseded_at"), ["superseded_at"], unique=False)

    op.create_table(
        "corrective_action",
        sa.Column("audit_lineage", sa.Integer(), nullable=True),
        sa.Column("inciso", sa.String(length=40), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("lineage", sa.Integer(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_corrective_action_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_corrective_action_recorded_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrective_action")),
    )
    with op.batch_alter_table("corrective_action", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_corrective_action_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_corrective_action_lineage"), ["lineage"], unique=False)
        batch_op.create_index(batch_op.f("ix_corrective_action_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_corrective_action_superseded_at"), ["superseded_at"], unique=False)

    op.create_table(
        "coverage_reading",
        sa.Column("instrument_lineage", sa.Integer(), nullable=False),
        sa.Column("point", sa.String(length=40), nullable=False),
        sa.Column("coverage", sa.String(length=40), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("missing_idea", sa.Text(), nullable=False),
        sa.Column("proposed", sa.JSON(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_coverage_reading_recorded_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage_reading")),
    )
    with op.batch_alter_table("coverage_reading", schema=None) as batch_op:
        batch_op.create_index("ix_coverage_reading_lookup", ["instrument_lineage", "point", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_coverage_reading_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "delivery",
        sa.Column("what", sa.String(length=300), nullable=False),
        sa.Column("to_whom", sa.String(length=200), nullable=False),
        sa.Column("months", sa.Integer(), nullable=True),
        sa.Column("agreed_on", sa.Date(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        sa.Column("last_delivered_on", sa.Date(), nullable=True),
        sa.Column("next_due_on", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("lineage", sa.Integer(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_delivery_agreement_id_agreement")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_delivery_recorded_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delivery_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_delivery_lineage"), ["lineage"], unique=False)
        batch_op.create_index(batch_op.f("ix_delivery_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_delivery_superseded_at"), ["superseded_at"], unique=False)

    op.create_table(
        "deviation",
        sa.Column("inciso", sa.String(length=40), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("lineage", sa.Integer(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_deviation_agreement_id_agreement")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_deviation_recorded_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deviation")),
    )
    with op.batch_alter_table("deviation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_deviation_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_deviation_lineage"), ["lineage"], unique=False)
        batch_op.create_index(batch_op.f("ix_deviation_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_deviation_superseded_at"), ["superseded_at"], unique=False)

    op.create_table(
        "finding",
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("inciso", sa.String(length=40), nullable=False),
        sa.Column("verdict", sa.String(length=40), nullable=False),
        sa.Column("legs", sa.String(length=40), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("records", sa.JSON(), nullable=False),
        sa.Column("next_action", sa.JSON(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_finding_agreement_id_agreement")),
        sa.PrimaryKeyConstraint("agreement_id", "inciso", name=op.f("pk_finding")),
    )
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.create_index("ix_finding_matrix", ["inciso", "verdict", "agreement_id"], unique=False)

    op.create_table(
        "finding_change",
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("inciso", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("before", sa.String(length=40), nullable=True),
        sa.Column("after", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("record", sa.JSON(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_finding_change_agreement_id_agreement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding_change")),
    )
    with op.batch_alter_table("finding_change", schema=None) as batch_op:
        batch_op.create_index("ix_finding_change_agreement", ["agreement_id", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_finding_change_at"), ["at"], unique=False)

    op.create_table(
        "further_obligation",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("needs_clause", sa.Boolean(), nullable=False),
        sa.Column("evidence_kinds", sa.JSON(), nullable=False),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("lineage", sa.Integer(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user.id"], name=op.f("fk_further_obligation_recorded_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_further_obligation")),
    )
    with op.batch_alter_table("further_obligation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_further_obligation_lineage"), ["lineage"], unique=False)
        batch_op.create_index(batch_op.f("ix_further_obligation_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_further_obligation_superseded_at"), ["superseded_at"], unique=False)

    op.create_table(
        "incident",
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("suspected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("learned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("delay_reason", sa.Text(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("lineage", sa.Integer(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_incident_agreement_id_agreement")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_incident_recorded_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incident_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_incident_lineage"), ["lineage"], unique=False)
        batch_op.create_index(batch_op.f("ix_incident_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_incident_superseded_at"), ["superseded_at"], unique=False)

    op.create_table(
        "instruction",
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("acknowledged_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("lineage", sa.Integer(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_instruction_agreement_id_agreement")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_instruction_recorded_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instruction")),
    )
    with op.batch_alter_table("instruction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_instruction_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_instruction_lineage"), ["lineage"], unique=False)
        batch_op.create_index(batch_op.f("ix_instruction_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_instruction_superseded_at"), ["superseded_at"], unique=False)

    op.create_table(
        "policy_override",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_policy_override_recorded_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_override")),
    )
    with op.batch_alter_table("policy_override", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_policy_override_key"), ["key"], unique=False)
        batch_op.create_index(batch_op.f("ix_policy_override_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "request",
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("period_key", sa.String(length=120), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("first_due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("link_hash", sa.String(length=64), nullable=True),
        sa.Column("link_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("link_generation", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_request_agreement_id_agreement")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_request_recorded_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_request_link_hash")),
        sa.UniqueConstraint("period_key", name=op.f("uq_request_period_key")),
        sa.UniqueConstraint("year", "sequence", name=op.f("uq_request_year_sequence")),
    )
    with op.batch_alter_table("request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_request_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_request_due_on"), ["due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_request_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_request_state"), ["state"], unique=False)

    op.create_table(
        "snapshot",
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("exposure", sa.String(length=40), nullable=False),
        sa.Column("verdicts", sa.String(length=240), nullable=False),
        sa.Column("legs", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_snapshot_agreement_id_agreement")),
        sa.PrimaryKeyConstraint("month", "agreement_id", name=op.f("pk_snapshot")),
    )
    with op.batch_alter_table("snapshot", schema=None) as batch_op:
        batch_op.create_index("ix_snapshot_agreement", ["agreement_id", "month"], unique=False)

    op.create_table(
        "standing",
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("judged_on", sa.Date(), nullable=False),
        sa.Column("judged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("exposure", sa.String(length=40), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("verdicts", sa.String(length=240), nullable=False),
        sa.Column("legs", sa.String(length=400), nullable=False),
        sa.Column("breached", sa.Integer(), nullable=False),
        sa.Column("unproven", sa.Integer(), nullable=False),
        sa.Column("partial", sa.Integer(), nullable=False),
        sa.Column("met", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("next_due_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_standing_agreement_id_agreement")),
        sa.PrimaryKeyConstraint("agreement_id", name=op.f("pk_standing")),
    )
    with op.batch_alter_table("standing", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_standing_exposure"), ["exposure"], unique=False)
        batch_op.create_index(batch_op.f("ix_standing_judged_on"), ["judged_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_standing_next_due_on"), ["next_due_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_standing_stage"), ["stage"], unique=False)
        batch_op.create_index("ix_standing_worst", ["breached", "score", "agreement_id"], unique=False)

    op.create_table(
        "steward",
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("portaria", sa.String(length=120), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("lineage", sa.Integer(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_steward_agreement_id_agreement")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_steward_recorded_by_id_user")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_steward_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_steward")),
    )
    with op.batch_alter_table("steward", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_steward_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_steward_lineage"), ["lineage"], unique=False)
        batch_op.create_index(batch_op.f("ix_steward_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_steward_superseded_at"), ["superseded_at"], unique=False)

    op.create_table(
        "stored_file",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_stored_file_recorded_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
    )
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stored_file_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_stored_file_sha256"), ["sha256"], unique=False)

    op.create_table(
        "sub_operator",
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("parent_lineage", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("cnpj", sa.String(length=14), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("activity", sa.String(length=300), nullable=False),
        sa.Column("authorised_on", sa.Date(), nullable=True),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("lineage", sa.Integer(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_sub_operator_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_sub_operator_recorded_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sub_operator")),
    )
    with op.batch_alter_table("sub_operator", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sub_operator_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sub_operator_lineage"), ["lineage"], unique=False)
        batch_op.create_index(batch_op.f("ix_sub_operator_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sub_operator_superseded_at"), ["superseded_at"], unique=False)

    op.create_table(
        "audit",
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("performed_on", sa.Date(), nullable=True),
        sa.Column("concluded_on", sa.Date(), nullable=True),
        sa.Column("refused_on", sa.Date(), nullable=True),
        sa.Column("independent", sa.Boolean(), nullable=False),
        sa.Column("conclusion", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("lineage", sa.Integer(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_audit_agreement_id_agreement")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_audit_file_id_stored_file")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_audit_recorded_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_lineage"), ["lineage"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_superseded_at"), ["superseded_at"], unique=False)

    op.create_table(
        "authorised_person",
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("function", sa.String(length=200), nullable=False),
        sa.Column("has_need", sa.Boolean(), nullable=True),
        sa.Column("need", sa.Text(), nullable=False),
        sa.Column("committed_on", sa.Date(), nullable=True),
        sa.Column("access_from", sa.Date(), nullable=False),
        sa.Column("access_until", sa.Date(), nullable=True),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("lineage", sa.Integer(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_authorised_person_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_authorised_person_file_id_stored_file")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_authorised_person_recorded_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authorised_person")),
    )
    with op.batch_alter_table("authorised_person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_authorised_person_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_authorised_person_lineage"), ["lineage"], unique=False)
        batch_op.create_index(batch_op.f("ix_authorised_person_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_authorised_person_superseded_at"), ["superseded_at"], unique=False)

    op.create_table(
        "import_batch",
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("file_name", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("preview", sa.JSON(), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_import_batch_file_id_stored_file")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_import_batch_recorded_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_batch_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "issued_document",
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("clause_versions", sa.JSON(), nullable=False),
        sa.Column("clause_set_since", sa.Date(), nullable=False),
        sa.Column("missing_fields", sa.JSON(), nullable=False),
        sa.Column("covers", sa.JSON(), nullable=False),
        sa.Column("passages", sa.JSON(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_issued_document_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_issued_document_file_id_stored_file")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_issued_document_recorded_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issued_document")),
        sa.UniqueConstraint("code", name=op.f("uq_issued_document_code")),
    )
    with op.batch_alter_table("issued_document", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_issued_document_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_issued_document_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "portal_link",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_portal_link_request_id_request")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portal_link")),
        sa.UniqueConstraint("request_id", "generation", name=op.f("uq_portal_link_request_id_generation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_portal_link_token_hash")),
    )
    op.create_table(
        "portal_session",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("link_generation", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_portal_session_request_id_request")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portal_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_portal_session_token_hash")),
    )
    with op.batch_alter_table("portal_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_portal_session_request_id"), ["request_id"], unique=False)

    op.create_table(
        "receipt",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("protocol", sa.String(length=20), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by", sa.String(length=200), nullable=False),
        sa.Column("submitted_by_position", sa.String(length=200), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_receipt_recorded_by_id_user")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_receipt_request_id_request")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt")),
        sa.UniqueConstraint("protocol", name=op.f("uq_receipt_protocol")),
    )
    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_receipt_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_receipt_request_id"), ["request_id"], unique=False)

    op.create_table(
        "request_event",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_request_event_recorded_by_id_user")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_request_event_request_id_request")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_event")),
    )
    with op.batch_alter_table("request_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_request_event_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_request_event_request_id"), ["request_id"], unique=False)

    op.create_table(
        "request_item",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("inciso", sa.String(length=40), nullable=False),
        sa.Column("evidence_kind", sa.String(length=40), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("wants_file", sa.Boolean(), nullable=False),
        sa.Column("accepts", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_request_item_request_id_request")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_item")),
        sa.UniqueConstraint("request_id", "position", name=op.f("uq_request_item_request_id_position")),
    )
    with op.batch_alter_table("request_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_request_item_request_id"), ["request_id"], unique=False)

    op.create_table(
        "answer",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("cannot_deliver", sa.Text(), nullable=False),
        sa.Column("evidence_kind", sa.String(length=40), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.String(length=20), nullable=False),
        sa.Column("decision_reason", sa.Text(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["request_item.id"], name=op.f("fk_answer_item_id_request_item")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sa.UniqueConstraint("item_id", "round", name=op.f("uq_answer_item_id_round")),
    )
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_item_id"), ["item_id"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("operator_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("request_item_id", sa.Integer(), nullable=True),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_evidence_file_id_stored_file")),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"], name=op.f("fk_evidence_operator_id_operator")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_evidence_recorded_by_id_user")),
        sa.ForeignKeyConstraint(
            ["request_item_id"], ["request_item.id"], name=op.f("fk_evidence_request_item_id_request_item")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_operator_id"), ["operator_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_request_item_id"), ["request_item_id"], unique=False)

    op.create_table(
        "instrument",
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("signed_by_both", sa.Boolean(), nullable=True),
        sa.Column("in_force_from", sa.Date(), nullable=True),
        sa.Column("in_force_until", sa.Date(), nullable=True),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("issued_document_id", sa.Integer(), nullable=True),
        sa.Column("lineage", sa.Integer(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_instrument_agreement_id_agreement")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_instrument_file_id_stored_file")),
        sa.ForeignKeyConstraint(
            ["issued_document_id"],
            ["issued_document.id"],
            name=op.f("fk_instrument_issued_document_id_issued_document"),
        ),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_instrument_recorded_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instrument")),
    )
    with op.batch_alter_table("instrument", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_instrument_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_instrument_lineage"), ["lineage"], unique=False)
        batch_op.create_index(batch_op.f("ix_instrument_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_instrument_superseded_at"), ["superseded_at"], unique=False)

    op.create_table(
        "proposal",
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("issued_document_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("proposed_on", sa.Date(), nullable=False),
        sa.Column("refused_on", sa.Date(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("lineage", sa.Integer(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f("fk_proposal_agreement_id_agreement")),
        sa.ForeignKeyConstraint(
            ["issued_document_id"], ["issued_document.id"], name=op.f("fk_proposal_issued_document_id_issued_document")
        ),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_proposal_recorded_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposal_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_lineage"), ["lineage"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposal_superseded_at"), ["superseded_at"], unique=False)

    op.create_table(
        "answer_file",
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_answer_file_answer_id_answer")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_answer_file_file_id_stored_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_file")),
    )
    with op.batch_alter_table("answer_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_file_answer_id"), ["answer_id"], unique=False)

    op.create_table(
        "disposal_case",
        sa.Column("trigger", sa.String(length=40), nullable=False),
        sa.Column("triggered_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("manner", sa.String(length=20), nullable=False),
        sa.Column("covers_copies", sa.Boolean(), nullable=True),
        sa.Column("covers_backups", sa.Boolean(), nullable=True),
        sa.Column("covers_sub_operators", sa.Boolean(), nullable=True),
        sa.Column("evidence_id", sa.Integer(), nullable=True),
        sa.Column("accepted_on", sa.Date(), nullable=True),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("lineage", sa.Integer(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_disposal_case_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_disposal_case_evidence_id_evidence")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_disposal_case_recorded_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disposal_case")),
    )
    with op.batch_alter_table("disposal_case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_disposal_case_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_disposal_case_lineage"), ["lineage"], unique=False)
        batch_op.create_index(batch_op.f("ix_disposal_case_recorded_at"), ["recorded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_disposal_case_superseded_at"), ["superseded_at"], unique=False)

    op.create_table(
        "evidence_agreement",
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_evidence_agreement_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(
            ["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_agreement_evidence_id_evidence")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user.id"], name=op.f("fk_evidence_agreement_recorded_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_agreement")),
        sa.UniqueConstraint("evidence_id", "agreement_id", name=op.f("uq_evidence_agreement_evidence_id_agreement_id")),
    )
    with op.batch_alter_table("evidence_agreement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_agreement_agreement_id"), ["agreement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_agreement_evidence_id"), ["evidence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_agreement_recorded_at"), ["recorded_at"], unique=False)

    op.create_table(
        "evidence_inciso",
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("inciso", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_inciso_evidence_id_evidence")),
        sa.PrimaryKeyConstraint("evidence_id", "inciso", name=op.f("pk_evidence_inciso")),
    )
    op.create_table(
        "evidence_review",
        sa.Column("evidence_id", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.Column("independent", sa.Boolean(), nullable=False),
        sa.Column("covers_service", sa.Boolean(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_review_evidence_id_evidence")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_evidence_review_recorded_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_review")),
    )
    with op.batch_alter_table("evidence_review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_review_evidence_id"), ["evidence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_review_recorded_at"), ["recorded_at"], unique=False)

    # The trail begins with its head, and from then on the database itself refuses to change its lines.
    guard_trail(op.get_bind())
    begin_trail(op.get_bind())


def downgrade() -> None:
    with op.batch_alter_table("evidence_review", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_review_recorded_at"))
        batch_op.drop_index(batch_op.f("ix_evidence_review_evidence_id"))

    op.drop_table("evidence_review")
    op.drop_table("evidence_inciso")
    with op.batch_alter_table("evidence_agreement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_agreement_recorded_at"))
        batch_op.drop_index(batch_op.f("ix_evidence_agreement_evidence_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_agreement_agreement_id"))

    op.drop_table("evidence_agreement")
    with op.batch_alter_table("disposal_case", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_disposal_case_superseded_at"))
        batch_op.drop_index(batch_op.f("ix_disposal_case_recorded_at"))
        batch_op.drop_index(batch_op.f("ix_disposal_case_lineage"))
        batch_op.drop_index(batch_op.f("ix_disposal_case_agreement_id"))

    op.drop_table("disposal_case")
    with op.batch_alter_table("answer_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_file_answer_id"))

    op.drop_table("answer_file")
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposal_superseded_at"))
        batch_op.drop_index(batch_op.f("ix_proposal_recorded_at"))
        batch_op.drop_index(batch_op.f("ix_proposal_lineage"))
        batch_op.drop_index(batch_op.f("ix_proposal_agreement_id"))

    op.drop_table("proposal")
    with op.batch_alter_table("instrument", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_instrument_superseded_at"))
        batch_op.drop_index(batch_op.f("ix_instrument_recorded_at"))
        batch_op.drop_index(batch_op.f("ix_instrument_lineage"))
        batch_op.drop_index(batch_op.f("ix_instrument_agreement_id"))

    op.drop_table("instrument")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_request_item_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_recorded_at"))
        batch_op.drop_index(batch_op.f("ix_evidence_operator_id"))

    op.drop_table("evidence")
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_item_id"))

    op.drop_table("answer")
    with op.batch_alter_table("request_item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_request_item_request_id"))

    op.drop_table("request_item")
    with op.batch_alter_table("request_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_request_event_request_id"))
        batch_op.drop_index(batch_op.f("ix_request_event_recorded_at"))

    op.drop_table("request_event")
    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_receipt_request_id"))
        batch_op.drop_index(batch_op.f("ix_receipt_recorded_at"))

    op.drop_table("receipt")
    with op.batch_alter_table("portal_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_portal_session_request_id"))

    op.drop_table("portal_session")
    op.drop_table("portal_link")
    with op.batch_alter_table("issued_document", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_issued_document_recorded_at"))
        batch_op.drop_index(batch_op.f("ix_issued_document_agreement_id"))

    op.drop_table("issued_document")
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_batch_recorded_at"))

    op.drop_table("import_batch")
    with op.batch_alter_table("authorised_person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_authorised_person_superseded_at"))
        batch_op.drop_index(batch_op.f("ix_authorised_person_recorded_at"))
        batch_op.drop_index(batch_op.f("ix_authorised_person_lineage"))
        batch_op.drop_index(batch_op.f("ix_authorised_person_agreement_id"))

    op.drop_table("authorised_person")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_superseded_at"))
        batch_op.drop_index(batch_op.f("ix_audit_recorded_at"))
        batch_op.drop_index(batch_op.f("ix_audit_lineage"))
        batch_op.drop_index(batch_op.f("ix_audit_agreement_id"))

    op.drop_table("audit")
    with op.batch_alter_table("sub_operator", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sub_operator_superseded_at"))
        batch_op.drop_index(batch_op.f("ix_sub_operator_recorded_at"))
        batch_op.drop_index(batch_op.f("ix_sub_operator_lineage"))
        batch_op.drop_index(batch_op.f("ix_sub_operator_agreement_id"))

    op.drop_table("sub_operator")
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stored_file_sha256"))
        batch_op.drop_index(batch_op.f("ix_stored_file_recorded_at"))

    op.drop_table("stored_file")
    with op.batch_alter_table("steward", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_steward_superseded_at"))
        batch_op.drop_index(batch_op.f("ix_steward_recorded_at"))
        batch_op.drop_index(batch_op.f("ix_steward_lineage"))
        batch_op.drop_index(batch_op.f("ix_steward_agreement_id"))

    op.drop_table("steward")
    with op.batch_alter_table("standing", schema=None) as batch_op:
        batch_op.drop_index("ix_standing_worst")
        batch_op.drop_index(batch_op.f("ix_standing_stage"))
        batch_op.drop_index(batch_op.f("ix_standing_next_due_on"))
        batch_op.drop_index(batch_op.f("ix_standing_judged_on"))
        batch_op.drop_index(batch_op.f("ix_standing_exposure"))

    op.drop_table("standing")
    with op.batch_alter_table("snapshot", schema=None) as batch_op:
        batch_op.drop_index("ix_snapshot_agreement")

    op.drop_table("snapshot")
    with op.batch_alter_table("request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_request_state"))
        batch_op.drop_index(batch_op.f("ix_request_recorded_at"))
        batch_op.drop_index(batch_op.f("ix_request_due_on"))
        batch_op.drop_index(batch_op.f("ix_request_agreement_id"))

    op.drop_table("request")
    with op.batch_alter_table("policy_override", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_policy_override_recorded_at"))
        batch_op.drop_index(batch_op.f("ix_policy_override_key"))

    op.drop_table("policy_override")
    with op.batch_alter_table("instruction", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_instruction_superseded_at"))
        batch_op.drop_index(batch_op.f("ix_instruction_recorded_at"))
        batch_op.drop_index(batch_op.f("ix_instruction_lineage"))
        batch_op.drop_index(batch_op.f("ix_instruction_agreement_id"))

    op.drop_table("instruction")
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_incident_superseded_at"))
        batch_op.drop_index(batch_op.f("ix_incident_recorded_at"))
        batch_op.drop_index(batch_op.f("ix_incident_lineage"))
        batch_op.drop_index(batch_op.f("ix_incident_agreement_id"))

    op.drop_table("incident")
    with op.batch_alter_table("further_obligation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_further_obligation_superseded_at"))
        batch_op.drop_index(batch_op.f("ix_further_obligation_recorded_at"))
        batch_op.drop_index(batch_op.f("ix_further_obligation_lineage"))

    op.drop_table("further_obligation")
    with op.batch_alter_table("finding_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_finding_change_at"))
        batch_op.drop_index("ix_finding_change_agreement")

    op.drop_table("finding_change")
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.drop_index("ix_finding_matrix")

    op.drop_table("finding")
    with op.batch_alter_table("deviation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deviation_superseded_at"))
        batch_op.drop_index(batch_op.f("ix_deviation_recorded_at"))
        batch_op.drop_index(batch_op.f("ix_deviation_lineage"))
        batch_op.drop_index(batch_op.f("ix_deviation_agreement_id"))

    op.drop_table("deviation")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_delivery_superseded_at"))
        batch_op.drop_index(batch_op.f("ix_delivery_recorded_at"))
        batch_op.drop_index(batch_op.f("ix_delivery_lineage"))
        batch_op.drop_index(batch_op.f("ix_delivery_agreement_id"))

    op.drop_table("delivery")
    with op.batch_alter_table("coverage_reading", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_coverage_reading_recorded_at"))
        batch_op.drop_index("ix_coverage_reading_lookup")

    op.drop_table("coverage_reading")
    with op.batch_alter_table("corrective_action", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_corrective_action_superseded_at"))
        batch_op.drop_index(batch_op.f("ix_corrective_action_recorded_at"))
        batch_op.drop_index(batch_op.f("ix_corrective_action_lineage"))
        batch_op.drop_index(batch_op.f("ix_corrective_action_agreement_id"))

    op.drop_table("corrective_action")
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_superseded_at"))
        batch_op.drop_index(batch_op.f("ix_contact_recorded_at"))
        batch_op.drop_index(batch_op.f("ix_contact_operator_id"))
        batch_op.drop_index(batch_op.f("ix_contact_lineage"))
        batch_op.drop_index(batch_op.f("ix_contact_agreement_id"))

    op.drop_table("contact")
    with op.batch_alter_table("channel_test", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_channel_test_superseded_at"))
        batch_op.drop_index(batch_op.f("ix_channel_test_recorded_at"))
        batch_op.drop_index(batch_op.f("ix_channel_test_lineage"))
        batch_op.drop_index(batch_op.f("ix_channel_test_agreement_id"))

    op.drop_table("channel_test")
    with op.batch_alter_table("calendar_day", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendar_day_recorded_at"))
        batch_op.drop_index(batch_op.f("ix_calendar_day_day"))

    op.drop_table("calendar_day")
    with op.batch_alter_table("assistance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assistance_superseded_at"))
        batch_op.drop_index(batch_op.f("ix_assistance_recorded_at"))
        batch_op.drop_index(batch_op.f("ix_assistance_lineage"))
        batch_op.drop_index(batch_op.f("ix_assistance_agreement_id"))

    op.drop_table("assistance")
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_token_user_id"))

    op.drop_table("api_token")
    with op.batch_alter_table("agreement_term", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreement_term_recorded_at"))
        batch_op.drop_index(batch_op.f("ix_agreement_term_agreement_id"))

    op.drop_table("agreement_term")
    with op.batch_alter_table("agreement_revision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreement_revision_recorded_at"))
        batch_op.drop_index("ix_agreement_revision_lookup")
        batch_op.drop_index(batch_op.f("ix_agreement_revision_ends_on"))

    op.drop_table("agreement_revision")
    op.drop_table("user")
    with op.batch_alter_table("message_attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_attempt_message_id"))

    op.drop_table("message_attempt")
    with op.batch_alter_table("agreement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_agreement_unit_id"))
        batch_op.drop_index(batch_op.f("ix_agreement_operator_id"))
        batch_op.drop_index(batch_op.f("ix_agreement_current_revision_id"))

    op.drop_table("agreement")
    op.drop_table("unit")
    op.drop_table("trail_head")
    with op.batch_alter_table("trail_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_trail_entry_subject")
        batch_op.drop_index(batch_op.f("ix_trail_entry_at"))

    op.drop_table("trail_entry")
    op.drop_table("throttle")
    with op.batch_alter_table("operator", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_operator_search_name"))

    op.drop_table("operator")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index("ix_message_waiting")
        batch_op.drop_index(batch_op.f("ix_message_subject_id"))

    op.drop_table("message")
    op.drop_table("job_run")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION IF EXISTS trail_entry_refuses()")
