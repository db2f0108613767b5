"""How often one agreement is asked, by decision; and which facts on record led to a request."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "agreement_rhythm",
        sa.Column("holds_from", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("rrule", sa.String(length=200), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("lineage", sa.Integer(), nullable=True),
        sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_agreement_rhythm_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_agreement_rhythm_recorded_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agreement_rhythm")),
    )
    for column in ("agreement_id", "lineage", "recorded_at", "superseded_at"):
        op.create_index(op.f(f"ix_agreement_rhythm_{column}"), "agreement_rhythm", [column])
    op.create_table(
        "request_occasion",
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("agreement_id", sa.Integer(), nullable=False),
        sa.Column("occasion", sa.String(length=40), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("record_kind", sa.String(length=40), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("record_label", sa.String(length=300), nullable=False),
        sa.Column("joined", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["agreement_id"], ["agreement.id"], name=op.f("fk_request_occasion_agreement_id_agreement")
        ),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_request_occasion_recorded_by_id_user")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_request_occasion_request_id_request")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_occasion")),
        sa.UniqueConstraint("key", name=op.f("uq_request_occasion_key")),
    )
    for column in ("agreement_id", "recorded_at", "request_id"):
        op.create_index(op.f(f"ix_request_occasion_{column}"), "request_occasion", [column])


def downgrade() -> None:
    op.drop_table("request_occasion")
    op.drop_table("agreement_rhythm")
