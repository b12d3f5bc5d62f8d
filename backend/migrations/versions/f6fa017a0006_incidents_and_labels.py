"""incidents, splits, labels

Revision f6fa017a0006, after e5acce970005.
"""

revision = "f6fa017a0006"
down_revision = "e5acce970005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
