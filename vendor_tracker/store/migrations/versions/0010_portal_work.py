"""Work on an answer in the portal: versions and their history, invited colleagues, files in quarantine."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "portal_guest",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("nonce", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("invited_by", sa.String(length=200), nullable=False),
        sa.Column("invited_by_guest_id", sa.Integer(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(
            ["invited_by_guest_id"], ["portal_guest.id"], name=op.f("fk_portal_guest_invited_by_guest_id_portal_guest")
        ),
        sa.ForeignKeyConstraint(["request_id"], ["request.id"], name=op.f("fk_portal_guest_request_id_request")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_portal_guest")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_portal_guest_token_hash")),
    )
    op.create_index(op.f("ix_portal_guest_request_id"), "portal_guest", ["request_id"])
    with op.batch_alter_table("portal_session") as table:
        table.add_column(sa.Column("guest_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("person", sa.String(length=200), server_default="", nullable=False))
        table.add_column(sa.Column("position", sa.String(length=200), server_default="", nullable=False))
        table.create_foreign_key(op.f("fk_portal_session_guest_id_portal_guest"), "portal_guest", ["guest_id"], ["id"])
    with op.batch_alter_table("answer") as table:
        table.add_column(sa.Column("version", sa.Integer(), server_default="0", nullable=False))
        table.add_column(sa.Column("saved_by", sa.String(length=200), server_default="", nullable=False))
    with op.batch_alter_table("answer_file") as table:
        table.add_column(sa.Column("attached_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("attached_by", sa.String(length=200), server_default="", nullable=False))
        table.add_column(sa.Column("guest_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_answer_file_guest_id_portal_guest"), "portal_guest", ["guest_id"], ["id"])
    op.create_table(
        "answer_draft",
        sa.Column("answer_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("cannot_deliver", sa.Text(), nullable=False),
        sa.Column("evidence_kind", sa.String(length=40), nullable=True),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.String(length=200), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=True),
        sa.Column("page", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["answer.id"], name=op.f("fk_answer_draft_answer_id_answer")),
        sa.ForeignKeyConstraint(
            ["session_id"], ["portal_session.id"], name=op.f("fk_answer_draft_session_id_portal_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_draft")),
        sa.UniqueConstraint("answer_id", "version", name=op.f("uq_answer_draft_answer_id_version")),
    )
    op.create_index(op.f("ix_answer_draft_answer_id"), "answer_draft", ["answer_id"])
    op.create_table(
        "file_check",
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("came_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_file_check_file_id_stored_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_check")),
        sa.UniqueConstraint("file_id", name=op.f("uq_file_check_file_id")),
    )
    op.create_index("ix_file_check_waiting", "file_check", ["state", "next_try_at"])


def downgrade() -> None:
    op.drop_table("file_check")
    op.drop_table("answer_draft")
    with op.batch_alter_table("answer_file") as table:
        table.drop_constraint(op.f("fk_answer_file_guest_id_portal_guest"), type_="foreignkey")
        for name in ("guest_id", "attached_by", "attached_at"):
            table.drop_column(name)
    with op.batch_alter_table("answer") as table:
        table.drop_column("saved_by")
        table.drop_column("version")
    with op.batch_alter_table("portal_session") as table:
        table.drop_constraint(op.f("fk_portal_session_guest_id_portal_guest"), type_="foreignkey")
        for name in ("position", "person", "guest_id"):
            table.drop_column(name)
    op.drop_table("portal_guest")
