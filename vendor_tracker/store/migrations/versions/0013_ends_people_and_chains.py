"""What binds a sub-operator to the operator's duties, and what is kept after the end, on which ground."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

ADDED = {
    "sub_operator": (
        ("bound_on", sa.Date()),
        ("bound_by", sa.String(length=300)),
        ("bound_incisos", sa.JSON()),
    ),
    "disposal_case": (
        ("retained", sa.Text()),
        ("retained_ground", sa.Text()),
        ("retained_until", sa.Date()),
    ),
}


def upgrade() -> None:
    for table, columns in ADDED.items():
        for name, kind in columns:
            op.add_column(table, sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    for table, columns in reversed(ADDED.items()):
        for name, _ in reversed(columns):
            op.drop_column(table, name)
