"""clocks, calendar days, targets and what was learned of arrivals

Revision a1c10c4b0001, after c4f2a96e7b18.
"""

revision = "a1c10c4b0001"
down_revision = "c4f2a96e7b18"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
