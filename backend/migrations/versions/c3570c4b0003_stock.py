"""stock, price list, costs and quotes of orders

Revision c3570c4b0003, after b2d15fa70002.
"""

revision = "c3570c4b0003"
down_revision = "b2d15fa70002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
