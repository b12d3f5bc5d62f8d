"""channels: bindings, codes, access tokens; counts for everybody

Revision c4a22e150009, after a81e5f0b0008.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "c4a22e150009"
down_revision = "a81e5f0b0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True).with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
TABLE: dict[str, Any] = {"mysql_charset": "utf8mb4", "mysql_engine": "InnoDB"}


def upgrade() -> None:
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("channel_user", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("undelivered", sa.Text(), nullable=True))
    _bindings()
    _codes()
    op.create_table(
        "channel_tokens",
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("token", sa.Text(), nullable=True),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.Column("fetched_at", MOMENT, nullable=True),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_channel_tokens")),
        **TABLE,
    )
    _counts("counts", "label_counts")


def _bindings() -> None:
    op.create_table(
        "channel_bindings",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("channel_user", sa.String(length=64), nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("bound_at", MOMENT, nullable=False),
        sa.Column("unbound_at", MOMENT, nullable=True),
        sa.Column("follows", sa.Boolean(), nullable=False),
        sa.Column("follow_changed_at", MOMENT, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_channel_bindings_community_id_communities")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_channel_bindings_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_bindings")),
        sa.UniqueConstraint("channel", "channel_user", name=op.f("uq_channel_bindings_channel_channel_user")),
        **TABLE,
    )
    op.create_index(op.f("ix_channel_bindings_community_id"), "channel_bindings", ["community_id"], unique=False)
    op.create_index(op.f("ix_channel_bindings_person_id"), "channel_bindings", ["person_id"], unique=False)


def _codes() -> None:
    op.create_table(
        "channel_codes",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("channel_user", sa.String(length=64), nullable=False),
        sa.Column("person_ids", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel_codes")),
        sa.UniqueConstraint("channel", "channel_user", name=op.f("uq_channel_codes_channel_channel_user")),
        **TABLE,
    )
    op.create_index(op.f("ix_channel_codes_expires_at"), "channel_codes", ["expires_at"], unique=False)


def _counts(made: str, dropped: str) -> None:
    """Make one table of counts and drop the other: they hold minutes, nobody misses them."""
    op.drop_table(dropped)
    op.create_table(
        made,
        sa.Column("key", sa.String(length=96), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f(f"pk_{made}")),
        **TABLE,
    )
    op.create_index(op.f(f"ix_{made}_until"), made, ["until"], unique=False)


def downgrade() -> None:
    _counts("label_counts", "counts")
    for table in ("channel_tokens", "channel_codes", "channel_bindings"):
        op.drop_table(table)
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_column("undelivered")
        batch_op.drop_column("channel_user")
