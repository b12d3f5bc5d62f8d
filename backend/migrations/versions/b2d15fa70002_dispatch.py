"""dispatch rules, shifts, leave, positions, offers; coordinates of buildings and places

Revision b2d15fa70002, after a1c10c4b0001.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "b2d15fa70002"
down_revision = "a1c10c4b0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True).with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
TABLE: dict[str, Any] = {"mysql_charset": "utf8mb4", "mysql_engine": "InnoDB"}
LOCATED = ("buildings", "places")


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"))


def _create(table: str, *parts: Any, estate: bool = True, indexed: tuple[str, ...] = ()) -> None:
    """Create a table with an id and, where its rows belong to one, an estate."""
    here = (sa.Column("community_id", ID, nullable=False), _key(table, "community_id", "communities"))
    op.create_table(
        table,
        sa.Column("id", ID, autoincrement=True, nullable=False),
        *parts,
        *(here if estate else ()),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        **TABLE,
    )
    for column in (*(("community_id",) if estate else ()), *indexed):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def upgrade() -> None:
    for table in LOCATED:
        for column in ("lat", "lng"):
            op.add_column(table, sa.Column(column, sa.Double(), nullable=True))
    _create(
        "dispatch_rules",
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("mode", sa.String(length=16), nullable=False),
        sa.Column("grab_minutes", sa.Integer(), nullable=False),
        sa.Column("service_minutes", sa.Integer(), nullable=False),
        sa.UniqueConstraint("community_id", "category", name=op.f("uq_dispatch_rules_community_id_category")),
    )
    _create(
        "shifts",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("weekdays", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("starts_min", sa.Integer(), nullable=False),
        sa.Column("ends_min", sa.Integer(), nullable=False),
        sa.Column("on_call", sa.Boolean(), nullable=False),
        _key("shifts", "person_id", "people"),
        indexed=("person_id",),
    )
    _create(
        "leaves",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("ends_at", MOMENT, nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        _key("leaves", "person_id", "people"),
        indexed=("person_id",),
    )
    _create(
        "positions",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("lat", sa.Double(), nullable=False),
        sa.Column("lng", sa.Double(), nullable=False),
        sa.Column("accuracy_m", sa.Double(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        _key("positions", "person_id", "people"),
        sa.UniqueConstraint("person_id", name=op.f("uq_positions_person_id")),
        estate=False,
    )
    _create(
        "dispatch_offers",
        sa.Column("work_order_id", ID, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("offered_to", sa.Integer(), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("taken_by_id", ID, nullable=True),
        _key("dispatch_offers", "work_order_id", "work_orders"),
        _key("dispatch_offers", "taken_by_id", "people"),
        sa.UniqueConstraint("work_order_id", "round", name=op.f("uq_dispatch_offers_work_order_id_round")),
    )
    op.create_index("ix_dispatch_offers_next_at", "dispatch_offers", ["closed_at", "next_at"], unique=False)
    _create("dispatch_changes")
    _create(
        "dispatch_plans",
        sa.Column("at", MOMENT, nullable=False),
        sa.UniqueConstraint("community_id", name=op.f("uq_dispatch_plans_community_id")),
    )


def downgrade() -> None:
    for table in (
        *("dispatch_plans", "dispatch_changes", "dispatch_offers", "positions", "leaves", "shifts"),
        "dispatch_rules",
    ):
        op.drop_table(table)
    for table in LOCATED:
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in ("lat", "lng"):
                batch_op.drop_column(column)
