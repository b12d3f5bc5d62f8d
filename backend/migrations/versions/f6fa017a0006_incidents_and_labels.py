"""relations of orders, merges that can be taken back, incidents, labels

Revision f6fa017a0006, after e5acce970005.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "f6fa017a0006"
down_revision = "e5acce970005"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True).with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
TABLE: dict[str, Any] = {"mysql_charset": "utf8mb4", "mysql_engine": "InnoDB"}


def _key(table: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _id() -> "sa.Column[Any]":
    return sa.Column("id", ID, autoincrement=True, nullable=False)


def _index(table: str, *columns: str) -> None:
    with op.batch_alter_table(table, schema=None) as batch_op:
        for column in columns:
            batch_op.create_index(batch_op.f(f"ix_{table}_{column}"), [column], unique=False)


def upgrade() -> None:
    _orders()
    _relations()
    _merges()
    _incidents()
    _updates()
    _labels()


def _orders() -> None:
    op.add_column("work_orders", sa.Column("incident_id", ID, nullable=True))
    op.add_column("work_orders", sa.Column("held_by", ID, nullable=True))
    op.create_index(op.f("ix_work_orders_incident_id"), "work_orders", ["incident_id"], unique=False)


def _relations() -> None:
    op.create_table(
        "work_order_relations",
        _id(),
        sa.Column("first_id", ID, nullable=False),
        sa.Column("second_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("said_by_id", ID, nullable=True),
        sa.Column("community_id", ID, nullable=False),
        _to("work_order_relations", "community_id", "communities"),
        _to("work_order_relations", "first_id", "work_orders"),
        _to("work_order_relations", "second_id", "work_orders"),
        _key("work_order_relations"),
        sa.UniqueConstraint(
            "first_id", "second_id", "kind", name=op.f("uq_work_order_relations_first_id_second_id_kind")
        ),
        **TABLE,
    )
    _index("work_order_relations", "community_id", "second_id")


def _merges() -> None:
    op.create_table(
        "work_order_merges",
        _id(),
        sa.Column("work_order_id", ID, nullable=False),
        sa.Column("master_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("followers", sa.JSON(), nullable=False),
        sa.Column("repeats", sa.JSON(), nullable=False),
        sa.Column("urgency_before", sa.String(length=16), nullable=False),
        sa.Column("promised_before", MOMENT, nullable=True),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.Column("community_id", ID, nullable=False),
        _to("work_order_merges", "community_id", "communities"),
        _to("work_order_merges", "work_order_id", "work_orders"),
        _to("work_order_merges", "master_id", "work_orders"),
        _key("work_order_merges"),
        **TABLE,
    )
    _index("work_order_merges", "community_id", "work_order_id")


def _incidents() -> None:
    op.create_table(
        "incidents",
        _id(),
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("open_key", sa.String(length=190), nullable=True),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("building", sa.String(length=8), nullable=True),
        sa.Column("unit", sa.String(length=8), nullable=True),
        sa.Column("zone", sa.String(length=64), nullable=True),
        sa.Column("title", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("master_id", ID, nullable=True),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("resolved_at", MOMENT, nullable=True),
        sa.Column("expected_at", MOMENT, nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("community_id", ID, nullable=False),
        _to("incidents", "community_id", "communities"),
        _to("incidents", "master_id", "work_orders"),
        _key("incidents"),
        sa.UniqueConstraint("number", name=op.f("uq_incidents_number")),
        sa.UniqueConstraint("open_key", name=op.f("uq_incidents_open_key")),
        **TABLE,
    )
    _index("incidents", "community_id")
    op.create_index("ix_incidents_community_state", "incidents", ["community_id", "state", "id"], unique=False)


def _updates() -> None:
    op.create_table(
        "incident_updates",
        _id(),
        sa.Column("incident_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor_id", ID, nullable=True),
        sa.Column("actor_name", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("expected_at", MOMENT, nullable=True),
        sa.Column("community_id", ID, nullable=False),
        _to("incident_updates", "community_id", "communities"),
        _to("incident_updates", "incident_id", "incidents"),
        _key("incident_updates"),
        **TABLE,
    )
    _index("incident_updates", "community_id", "incident_id")


def _labels() -> None:
    op.create_table(
        "labels",
        _id(),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("target_id", ID, nullable=False),
        sa.Column("live_key", sa.String(length=64), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.Column("community_id", ID, nullable=False),
        _to("labels", "community_id", "communities"),
        _key("labels"),
        sa.UniqueConstraint("token", name=op.f("uq_labels_token")),
        sa.UniqueConstraint("live_key", name=op.f("uq_labels_live_key")),
        **TABLE,
    )
    _index("labels", "community_id", "target_id")
    op.create_table(
        "label_counts",
        sa.Column("key", sa.String(length=96), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_label_counts")),
        **TABLE,
    )
    _index("label_counts", "until")


def downgrade() -> None:
    for table in ("label_counts", "labels", "incident_updates", "incidents", "work_order_merges"):
        op.drop_table(table)
    op.drop_table("work_order_relations")
    with op.batch_alter_table("work_orders", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_work_orders_incident_id"))
        batch_op.drop_column("held_by")
        batch_op.drop_column("incident_id")
