"""Items of requests written in the product, what an item keeps of its template, and requests to a whole list."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "question_edition",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("inciso", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("help", sa.Text(), nullable=False),
        sa.Column("wants_file", sa.Boolean(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("periodic", sa.Boolean(), nullable=False),
        sa.Column("retires", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("approver_id", sa.Integer(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("lineage", sa.Integer(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["approver_id"], ["user.id"], name=op.f("fk_question_edition_approver_id_user")),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_question_edition_author_id_user")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_question_edition_recorded_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_edition")),
    )
    op.create_index("ix_question_edition_key", "question_edition", ["key", "number"])
    for column in ("lineage", "recorded_at", "state", "superseded_at"):
        op.create_index(op.f(f"ix_question_edition_{column}"), "question_edition", [column])
    with op.batch_alter_table("request") as table:
        table.add_column(sa.Column("internal_note", sa.Text(), server_default="", nullable=False))
    with op.batch_alter_table("request_item") as table:
        table.add_column(sa.Column("help", sa.Text(), server_default="", nullable=False))
        table.add_column(sa.Column("template", sa.String(length=100), server_default="", nullable=False))
    with op.batch_alter_table("batch") as table:
        table.add_column(sa.Column("asked", sa.JSON(), nullable=True))
    with op.batch_alter_table("batch_item") as table:
        table.add_column(sa.Column("request_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_batch_item_request_id_request"), "request", ["request_id"], ["id"])
        table.create_unique_constraint(op.f("uq_batch_item_request_id"), ["request_id"])


def downgrade() -> None:
    with op.batch_alter_table("batch_item") as table:
        table.drop_constraint(op.f("uq_batch_item_request_id"), type_="unique")
        table.drop_constraint(op.f("fk_batch_item_request_id_request"), type_="foreignkey")
        table.drop_column("request_id")
    with op.batch_alter_table("batch") as table:
        table.drop_column("asked")
    with op.batch_alter_table("request_item") as table:
        table.drop_column("template")
        table.drop_column("help")
    with op.batch_alter_table("request") as table:
        table.drop_column("internal_note")
    op.drop_table("question_edition")
