"""Terms asked anew by operators, silence as a fact, calendars to subscribe to, and the days that an agenda looks up."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

DAYS = (
    ("audit", "planned_on"),
    ("corrective_action", "due_on"),
    ("assistance", "due_on"),
    ("instruction", "due_on"),
    ("disposal_case", "due_on"),
    ("incident", "learned_at"),
    ("evidence_review", "valid_until"),
    ("agreement_revision", "reviewed_on"),
    ("steward", "user_id"),
    ("message", "recipient"),
)
"""Table and column of each new index."""


def upgrade() -> None:
    op.create_table(
        "term_extension",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("asked_until", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("person", sa.String(length=200), nullable=False),
        sa.Column("decision", sa.String(length=20), nullable=False),
        sa.Column("granted_until", sa.Date(), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["decided_by_id"], ["user.id"], name=op.f("fk_term_extension_decided_by_id_user")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_term_extension_recorded_by_id_user")),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_term_extension_request_id_request")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term_extension")),
    )
    op.create_index(op.f("ix_term_extension_decision"), "term_extension", ["decision"])
    op.create_index(op.f("ix_term_extension_recorded_at"), "term_extension", ["recorded_at"])
    op.create_index(op.f("ix_term_extension_request_id"), "term_extension", ["request_id"])
    op.create_table(
        "calendar_feed",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_fetched_on", sa.Date(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_calendar_feed_unit_id_unit")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_calendar_feed_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
    )
    op.create_index(op.f("ix_calendar_feed_user_id"), "calendar_feed", ["user_id"])
    op.create_table(
        "calendar_feed_item",
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("summary", sa.String(length=300), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["feed_id"], ["calendar_feed.id"], name=op.f("fk_calendar_feed_item_feed_id_calendar_feed")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed_item")),
        sa.UniqueConstraint("feed_id", "uid", name=op.f("uq_calendar_feed_item_feed_id_uid")),
    )
    with op.batch_alter_table("deviation") as batch:
        batch.add_column(sa.Column("source", sa.String(length=40), nullable=True))
        batch.add_column(sa.Column("request_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_deviation_request_id_request"), "request", ["request_id"], ["id"])
        batch.create_index(op.f("ix_deviation_request_id"), ["request_id"])
    for table, column in DAYS:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


def downgrade() -> None:
    for table, column in reversed(DAYS):
        op.drop_index(op.f(f"ix_{table}_{column}"), table_name=table)
    with op.batch_alter_table("deviation") as batch:
        batch.drop_index(op.f("ix_deviation_request_id"))
        batch.drop_constraint(op.f("fk_deviation_request_id_request"), type_="foreignkey")
        batch.drop_column("request_id")
        batch.drop_column("source")
    op.drop_table("calendar_feed_item")
    op.drop_table("calendar_feed")
    op.drop_table("term_extension")
