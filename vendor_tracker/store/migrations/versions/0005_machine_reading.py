"""What the machine read in signed files, kept by content and by version of the reader."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "machine_reading",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("reader", sa.String(length=16), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("ocr", sa.Boolean(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error_code", sa.String(length=40), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("provisions", sa.Integer(), nullable=False),
        sa.Column("notes", sa.JSON(), nullable=False),
        sa.Column("points", sa.JSON(), nullable=False),
        sa.Column("derives", sa.JSON(), nullable=False),
        sa.Column("passages", sa.LargeBinary(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_machine_reading_recorded_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_machine_reading")),
        sa.UniqueConstraint("sha256", "reader", "attempt", name=op.f("uq_machine_reading_sha256_reader_attempt")),
    )
    op.create_index("ix_machine_reading_waiting", "machine_reading", ["ended_at", "held_until"])
    op.create_index(op.f("ix_machine_reading_recorded_at"), "machine_reading", ["recorded_at"])


def downgrade() -> None:
    op.drop_table("machine_reading")
