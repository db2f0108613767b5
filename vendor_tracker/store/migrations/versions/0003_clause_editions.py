"""Clauses written in the product, and the clauses of issued documents laid out to be searched."""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "clause_edition",
        sa.Column("clause_id", sa.String(length=60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("incisos", sa.JSON(), nullable=False),
        sa.Column("formalities", sa.JSON(), nullable=False),
        sa.Column("applies_when", sa.JSON(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
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
        sa.ForeignKeyConstraint(["approver_id"], ["user.id"], name=op.f("fk_clause_edition_approver_id_user")),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_clause_edition_author_id_user")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["user.id"], name=op.f("fk_clause_edition_recorded_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clause_edition")),
    )
    op.create_index("ix_clause_edition_clause", "clause_edition", ["clause_id", "number"])
    for column in ("lineage", "recorded_at", "state", "superseded_at"):
        op.create_index(op.f(f"ix_clause_edition_{column}"), "clause_edition", [column])
    laid_out = op.create_table(
        "issued_clause",
        sa.Column("issued_document_id", sa.Integer(), nullable=False),
        sa.Column("clause_id", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issued_document_id"],
            ["issued_document.id"],
            name=op.f("fk_issued_clause_issued_document_id_issued_document"),
        ),
        sa.PrimaryKeyConstraint("issued_document_id", "clause_id", name=op.f("pk_issued_clause")),
    )
    op.create_index("ix_issued_clause_lookup", "issued_clause", ["clause_id", "since", "issued_document_id"])
    _lay_out(laid_out)


def _lay_out(table: sa.Table) -> None:
    """Read the list that each issued document keeps ("2 (2026-04-01)" by clause), a thousand documents at a time."""
    documents = sa.table("issued_document", sa.column("id", sa.Integer()), sa.column("clause_versions", sa.JSON()))
    bind = op.get_bind()
    last = 0
    while rows := bind.execute(
        sa.select(documents.c.id, documents.c.clause_versions)
        .where(documents.c.id > last)
        .order_by(documents.c.id)
        .limit(1000)
    ).all():
        values = []
        for document_id, versions in rows:
            for clause_id, written in versions.items():
                version, _, day = written.partition(" ")
                values.append(
                    {
                        "issued_document_id": document_id,
                        "clause_id": clause_id,
                        "version": int(version),
                        "since": date.fromisoformat(day.strip("()")),
                    }
                )
        if values:
            bind.execute(table.insert(), values)
        last = rows[-1][0]


def downgrade() -> None:
    op.drop_table("issued_clause")
    op.drop_table("clause_edition")
