"""What an issued document is about, and what the documents about audits, incidents and disposal need to say."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ADDED = {
    "issued_document": (("subject_kind", sa.String(length=40)), ("subject_id", sa.Integer())),
    "audit": (("scope", sa.Text()), ("incisos", sa.String(length=80)), ("team", sa.Text())),
    "incident": (
        ("severity", sa.String(length=120)),
        ("presidency_told_at", sa.DateTime(timezone=True)),
        ("affected_data", sa.Text()),
        ("affected_people", sa.Text()),
        ("measures", sa.Text()),
        ("risks", sa.Text()),
        ("prevention", sa.Text()),
    ),
    "disposal_case": (
        ("what", sa.Text()),
        ("method", sa.Text()),
        ("responsible", sa.String(length=200)),
    ),
}


def upgrade() -> None:
    for table, columns in ADDED.items():
        for name, kind in columns:
            op.add_column(table, sa.Column(name, kind, nullable=True))
    op.create_index("ix_issued_document_subject", "issued_document", ["subject_kind", "subject_id"])


def downgrade() -> None:
    op.drop_index("ix_issued_document_subject", "issued_document")
    for table, columns in reversed(ADDED.items()):
        for name, _ in reversed(columns):
            op.drop_column(table, name)
