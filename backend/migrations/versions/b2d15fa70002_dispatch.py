"""dispatch rules, shifts, leave, positions, offers

Revision b2d15fa70002, after a1c10c4b0001.
"""

revision = "b2d15fa70002"
down_revision = "a1c10c4b0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
