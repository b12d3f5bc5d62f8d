"""keys that were used, homes that are not the reporter's, addresses of failed log-ins

Revision 3c5d8e2a9b14, after f546b1622c08.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "3c5d8e2a9b14"
down_revision = "f546b1622c08"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "used_keys",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sent", sa.String(length=64), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True).with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb"), nullable=False
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_used_keys")),
        mysql_charset="utf8mb4",
        mysql_engine="InnoDB",
    )
    with op.batch_alter_table("used_keys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_used_keys_at"), ["at"], unique=False)
    with op.batch_alter_table("work_orders", schema=None) as batch_op:
        batch_op.add_column(sa.Column("confirmation", sa.String(length=16), nullable=True))
    with op.batch_alter_table("login_failures", schema=None) as batch_op:
        batch_op.add_column(sa.Column("address", sa.String(length=64), nullable=True))
        batch_op.create_index(batch_op.f("ix_login_failures_address"), ["address"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("login_failures", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_failures_address"))
        batch_op.drop_column("address")
    with op.batch_alter_table("work_orders", schema=None) as batch_op:
        batch_op.drop_column("confirmation")
    op.drop_table("used_keys")
