"""saved filters and what makes lists fast

Revision a7115e5c0007, after f6fa017a0006.
"""

revision = "a7115e5c0007"
down_revision = "f6fa017a0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
