"""the same fault again: what was said of known faults, vectors of their words, pairs that are not the same

Revision 9e41b7c3f0d2, after 7b20c4e1d6aa.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "9e41b7c3f0d2"
down_revision = "7b20c4e1d6aa"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True).with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
TABLE: dict[str, Any] = {"mysql_charset": "utf8mb4", "mysql_engine": "InnoDB"}


def upgrade() -> None:
    op.create_table(
        "work_order_repeats",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("work_order_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("source_key", sa.String(length=190), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("attachments", sa.JSON(), nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("opened_id", ID, nullable=True),
        sa.Column("community_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_work_order_repeats_community_id_communities")
        ),
        sa.ForeignKeyConstraint(
            ["opened_id"], ["work_orders.id"], name=op.f("fk_work_order_repeats_opened_id_work_orders")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_work_order_repeats_person_id_people")),
        sa.ForeignKeyConstraint(
            ["work_order_id"], ["work_orders.id"], name=op.f("fk_work_order_repeats_work_order_id_work_orders")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_order_repeats")),
        sa.UniqueConstraint("source_key", name=op.f("uq_work_order_repeats_source_key")),
        **TABLE,
    )
    with op.batch_alter_table("work_order_repeats", schema=None) as batch_op:
        for column in ("community_id", "person_id", "work_order_id"):
            batch_op.create_index(batch_op.f(f"ix_work_order_repeats_{column}"), [column], unique=False)

    op.create_table(
        "fault_vectors",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("order_id", ID, nullable=False),
        sa.Column("encoder", sa.String(length=128), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("community_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_fault_vectors_community_id_communities")
        ),
        sa.ForeignKeyConstraint(["order_id"], ["work_orders.id"], name=op.f("fk_fault_vectors_order_id_work_orders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fault_vectors")),
        sa.UniqueConstraint("order_id", name=op.f("uq_fault_vectors_order_id")),
        **TABLE,
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("fault_vectors", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fault_vectors_community_id"), ["community_id"], unique=False)
        batch_op.create_index("ix_fault_vectors_community_encoder", ["community_id", "encoder", "id"], unique=False)

    op.create_table(
        "not_same_faults",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("first_id", ID, nullable=False),
        sa.Column("second_id", ID, nullable=False),
        sa.Column("said_by_id", ID, nullable=False),
        sa.Column("by_staff", sa.Boolean(), nullable=False),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_not_same_faults_community_id_communities")
        ),
        sa.ForeignKeyConstraint(["first_id"], ["work_orders.id"], name=op.f("fk_not_same_faults_first_id_work_orders")),
        sa.ForeignKeyConstraint(
            ["second_id"], ["work_orders.id"], name=op.f("fk_not_same_faults_second_id_work_orders")
        ),
        sa.ForeignKeyConstraint(["said_by_id"], ["people.id"], name=op.f("fk_not_same_faults_said_by_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_not_same_faults")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_not_same_faults_first_id_second_id")),
        **TABLE,
    )
    with op.batch_alter_table("not_same_faults", schema=None) as batch_op:
        for column in ("community_id", "second_id"):
            batch_op.create_index(batch_op.f(f"ix_not_same_faults_{column}"), [column], unique=False)


def downgrade() -> None:
    for table in ("not_same_faults", "fault_vectors", "work_order_repeats"):
        op.drop_table(table)
