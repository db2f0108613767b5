"""Incidents: the standing link, what operators report, what the court decides and communicates, and its terms."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "incident_channel",
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("sent_to", sa.String(length=254), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by_id", sa.Integer(), nullable=True),
        sa.Column("revoked_because", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_incident_channel_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(["revoked_by_id"], ["user.id"], name=op.f("fk_incident_channel_revoked_by_id_user")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_incident_channel_recorded_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_channel")),
        sa.UniqueConstraint("agreement_id", "generation", name=op.f("uq_incident_channel_agreement_id_generation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_incident_channel_token_hash")),
    )
    op.create_index(op.f("ix_incident_channel_recorded_at"), "incident_channel", ["recorded_at"])
    op.create_table(
        "incident_session",
        sa.Column("channel_id", sa.Integer(), nullable=True),
        sa.Column("request_id", sa.Integer(), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["channel_id"], ["incident_channel.id"], name=op.f("fk_incident_session_channel_id_incident_channel")
        ),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_incident_session_request_id_request")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_incident_session_token_hash")),
    )
    op.create_index(op.f("ix_incident_session_channel_id"), "incident_session", ["channel_id"])
    op.create_index(op.f("ix_incident_session_request_id"), "incident_session", ["request_id"])
    op.create_table(
        "incident_report",
        sa.Column("incident_lineage", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("protocol", sa.String(length=24), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("aware_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reporter", sa.String(length=200), nullable=False),
        sa.Column("position", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("origin_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_incident_report_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_incident_report_recorded_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_report")),
        sa.UniqueConstraint("incident_lineage", "number", name=op.f("uq_incident_report_incident_lineage_number")),
        sa.UniqueConstraint("protocol", name=op.f("uq_incident_report_protocol")),
    )
    op.create_index(op.f("ix_incident_report_agreement_id"), "incident_report", ["agreement_id"])
    op.create_index(op.f("ix_incident_report_recorded_at"), "incident_report", ["recorded_at"])
    op.create_table(
        "incident_report_file",
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["incident_report.id"], name=op.f("fk_incident_report_file_report_id_incident_report")
        ),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_incident_report_file_file_id_stored_file")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_report_file")),
    )
    op.create_index(op.f("ix_incident_report_file_report_id"), "incident_report_file", ["report_id"])
    op.create_table(
        "incident_assessment",
        sa.Column("incident_lineage", sa.Integer(), nullable=False),
        sa.Column("natures", sa.JSON(), nullable=False),
        sa.Column("volume", sa.String(length=40), nullable=True),
        sa.Column("harm", sa.String(length=40), nullable=True),
        sa.Column("proposed", sa.String(length=40), nullable=True),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user.id"], name=op.f("fk_incident_assessment_recorded_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_assessment")),
    )
    op.create_index(op.f("ix_incident_assessment_incident_lineage"), "incident_assessment", ["incident_lineage"])
    op.create_index(op.f("ix_incident_assessment_recorded_at"), "incident_assessment", ["recorded_at"])
    op.create_table(
        "incident_decision",
        sa.Column("incident_lineage", sa.Integer(), nullable=False),
        sa.Column("question", sa.String(length=20), nullable=False),
        sa.Column("answer", sa.Boolean(), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_incident_decision_recorded_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_decision")),
    )
    op.create_index("ix_incident_decision_question", "incident_decision", ["incident_lineage", "question"])
    op.create_index(op.f("ix_incident_decision_recorded_at"), "incident_decision", ["recorded_at"])
    op.create_table(
        "incident_communication",
        sa.Column("incident_lineage", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("protocol", sa.String(length=120), nullable=False),
        sa.Column("partial", sa.Boolean(), nullable=False),
        sa.Column("delay_reason", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("annulled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("annulled_by_id", sa.Integer(), nullable=True),
        sa.Column("annulled_because", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_incident_communication_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["annulled_by_id"], ["user.id"], name=op.f("fk_incident_communication_annulled_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["user.id"], name=op.f("fk_incident_communication_recorded_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_communication")),
    )
    op.create_index(op.f("ix_incident_communication_incident_lineage"), "incident_communication", ["incident_lineage"])
    op.create_index(op.f("ix_incident_communication_recorded_at"), "incident_communication", ["recorded_at"])
    op.create_table(
        "incident_case",
        sa.Column("incident_lineage", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("joined_into", sa.Integer(), nullable=True),
        sa.Column("next_clock", sa.String(length=40), nullable=True),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_incident_case_agreement_id_agreement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_case")),
        sa.UniqueConstraint("incident_lineage", name=op.f("uq_incident_case_incident_lineage")),
    )
    op.create_index(op.f("ix_incident_case_agreement_id"), "incident_case", ["agreement_id"])
    op.create_index("ix_incident_case_due", "incident_case", ["closed_at", "next_due_at"])


def downgrade() -> None:
    op.drop_table("incident_case")
    op.drop_table("incident_communication")
    op.drop_table("incident_decision")
    op.drop_table("incident_assessment")
    op.drop_table("incident_report_file")
    op.drop_table("incident_report")
    op.drop_table("incident_session")
    op.drop_table("incident_channel")
