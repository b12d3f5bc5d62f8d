"""arrival, photos, checklists, mates and signatures of orders

Revision d40a517e0004, after c3570c4b0003.
"""

revision = "d40a517e0004"
down_revision = "c3570c4b0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
