"""The PDF of each receipt, receipts found by their fingerprint, and answers that came in a spreadsheet."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_receipt_sha256"), "receipt", ["sha256"])
    op.create_table(
        "receipt_paper",
        sa.Column("receipt_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_receipt_paper_file_id_stored_file")),
        sa.ForeignKeyConstraint(["receipt_id"], ["receipt.id"], name=op.f("fk_receipt_paper_receipt_id_receipt")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipt_paper")),
        sa.UniqueConstraint("receipt_id", name=op.f("uq_receipt_paper_receipt_id")),
    )
    op.create_index(op.f("ix_receipt_paper_sha256"), "receipt_paper", ["sha256"])
    op.create_table(
        "answer_sheet",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("reading", sa.JSON(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_answer_sheet_file_id_stored_file")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_answer_sheet_request_id_request")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_sheet")),
    )
    op.create_index(op.f("ix_answer_sheet_request_id"), "answer_sheet", ["request_id"])


def downgrade() -> None:
    op.drop_table("answer_sheet")
    op.drop_table("receipt_paper")
    op.drop_index(op.f("ix_receipt_sha256"), "receipt")
