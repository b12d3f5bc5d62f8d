"""acceptance, call-backs, complaints

Revision e5acce970005, after d40a517e0004.
"""

revision = "e5acce970005"
down_revision = "d40a517e0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
