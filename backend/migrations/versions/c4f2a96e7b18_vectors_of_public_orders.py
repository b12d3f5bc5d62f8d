"""vectors say whether their order is public: only those are searched among

Vectors are made again from their orders, so the old ones are dropped.

Revision c4f2a96e7b18, after 9e41b7c3f0d2.
"""

import sqlalchemy as sa
from alembic import op

revision = "c4f2a96e7b18"
down_revision = "9e41b7c3f0d2"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM fault_vectors")
    # Not in a batch: that would make the table anew on SQLite, where ids could then come again.
    op.add_column("fault_vectors", sa.Column("public", sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    with op.batch_alter_table("fault_vectors", schema=None, table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.drop_column("public")
