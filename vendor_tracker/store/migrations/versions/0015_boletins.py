"""Nothing changes: boletins, letters and the monthly report are made from what is on record, and keep nothing."""

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
