"""What a request is about; the checklist and the findings of audits; what is followed of actions and of help."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ADDED = {
    "request": (("matter_kind", sa.String(length=40)), ("matter_lineage", sa.Integer())),
    "request_item": (("matter_lineage", sa.Integer()),),
    "audit": (
        ("mode", sa.String(length=40)),
        ("auditor", sa.String(length=300)),
        ("period_from", sa.Date()),
        ("period_until", sa.Date()),
        ("refusal_reason", sa.Text()),
    ),
    "corrective_action": (
        ("finding_lineage", sa.Integer()),
        ("owner", sa.String(length=200)),
        ("answered_on", sa.Date()),
        ("refused_on", sa.Date()),
        ("verified_on", sa.Date()),
        ("verified_by", sa.String(length=200)),
        ("verification", sa.Text()),
        ("reopened_on", sa.Date()),
        ("withdrawn_on", sa.Date()),
    ),
    "instruction": (("answered_on", sa.Date()), ("withdrawn_on", sa.Date())),
    "assistance": (
        ("requester", sa.String(length=40)),
        ("protocol_on", sa.Date()),
        ("court_due_on", sa.Date()),
        ("extended_on", sa.Date()),
        ("extension_reason", sa.Text()),
        ("told_on", sa.Date()),
        ("withdrawn_on", sa.Date()),
    ),
}
"""Every one may be null: what is older than this step says nothing of it."""


def _versioned(name: str, *columns: sa.Column[object]) -> None:
    """Make the table of a fact of an agreement that keeps its versions."""
    op.create_table(
        name,
        *columns,
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("lineage", sa.Integer(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f(f"fk_{name}_agreement_id_agreement")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f(f"fk_{name}_recorded_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    for column in ("agreement_id", "audit_lineage", "lineage", "recorded_at", "superseded_at"):
        op.create_index(op.f(f"ix_{name}_{column}"), name, [column])


def upgrade() -> None:
    for table, columns in ADDED.items():
        for name, kind in columns:
            op.add_column(table, sa.Column(name, kind, nullable=True))
    op.create_index("ix_request_matter", "request", ["matter_kind", "matter_lineage"])
    op.create_index(op.f("ix_request_item_matter_lineage"), "request_item", ["matter_lineage"])
    _versioned(
        "audit_check",
        sa.Column("audit_lineage", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("inciso", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("proofs", sa.JSON(), nullable=False),
        sa.Column("result", sa.String(length=40), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("evidence_id", sa.Integer(), nullable=True),
        sa.Column("file_id", sa.Integer(), nullable=True),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("left_out_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_audit_check_evidence_id_evidence")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_audit_check_file_id_stored_file")),
    )
    _versioned(
        "audit_finding",
        sa.Column("audit_lineage", sa.Integer(), nullable=False),
        sa.Column("check_lineage", sa.Integer(), nullable=False),
        sa.Column("inciso", sa.String(length=40), nullable=False),
        sa.Column("severity", sa.String(length=40), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("deviation_lineage", sa.Integer(), nullable=True),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("withdrawal_reason", sa.Text(), nullable=False),
    )
    op.create_index(op.f("ix_audit_finding_check_lineage"), "audit_finding", ["check_lineage"])


def downgrade() -> None:
    op.drop_table("audit_finding")
    op.drop_table("audit_check")
    op.drop_index(op.f("ix_request_item_matter_lineage"), "request_item")
    op.drop_index("ix_request_matter", "request")
    for table, columns in reversed(ADDED.items()):
        for name, _ in reversed(columns):
            op.drop_column(table, name)
