"""Reviews of the data that agreements share, and what is held back of them on the public portal."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def _fact(table: str, *columns: sa.Column) -> None:
    """Create a versioned fact of an agreement, with the indexes that every one of them has."""
    op.create_table(
        table,
        *columns,
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("lineage", sa.Integer(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=op.f(f"fk_{table}_agreement_id_agreement")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f(f"fk_{table}_recorded_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    for column in ("agreement_id", "lineage", "superseded_at", "recorded_at"):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def upgrade() -> None:
    _fact(
        "data_review",
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        sa.Column("reviewed", sa.Text(), nullable=False),
        sa.Column("kept", sa.Text(), nullable=False),
        sa.Column("eliminated", sa.Text(), nullable=False),
        sa.Column("minimisation", sa.Text(), nullable=False),
        sa.Column("destination", sa.Text(), nullable=False),
    )
    op.create_index(op.f("ix_data_review_reviewed_on"), "data_review", ["reviewed_on"])
    op.create_table(
        "data_review_task",
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("review_lineage", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_data_review_task_agreement_id_agreement")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_review_task")),
        sa.UniqueConstraint("agreement_id", "due_on", name=op.f("uq_data_review_task_agreement_id_due_on")),
    )
    _fact(
        "publicity_decision",
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("held_back", sa.Boolean(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("publicity_decision")
    op.drop_table("data_review_task")
    op.drop_table("data_review")
