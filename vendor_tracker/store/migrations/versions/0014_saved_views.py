"""Filters of the painel saved by name, and the indexes by which changes of verdict are found by day and by obligation."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "saved_view",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("query", sa.String(length=600), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_saved_view_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
    )
    op.create_index("ix_saved_view_user", "saved_view", ["user_id", "withdrawn_at"])
    op.create_index("ix_finding_change_on", "finding_change", ["on", "id"])
    op.create_index("ix_finding_change_course", "finding_change", ["agreement_id", "inciso", "on", "id"])


def downgrade() -> None:
    op.drop_index("ix_finding_change_course", "finding_change")
    op.drop_index("ix_finding_change_on", "finding_change")
    op.drop_table("saved_view")
