"""stock, price list, costs and quotes of orders

Revision c3570c4b0003, after b2d15fa70002.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "c3570c4b0003"
down_revision = "b2d15fa70002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True).with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
TABLE: dict[str, Any] = {"mysql_charset": "utf8mb4", "mysql_engine": "InnoDB"}


def _points(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}"))


def _index(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def upgrade() -> None:
    _stock()
    _orders()


def _stock() -> None:
    op.create_table(
        "stock_items",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("unit", sa.String(length=8), nullable=False),
        sa.Column("price_fen", sa.BigInteger(), nullable=False),
        sa.Column("minimum_milli", sa.BigInteger(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        _points("stock_items", "community_id", "communities"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_items")),
        sa.UniqueConstraint("community_id", "code", name=op.f("uq_stock_items_community_id_code")),
        **TABLE,
    )
    _index("stock_items", "community_id")
    op.create_table(
        "stock_balances",
        sa.Column("item_id", ID, autoincrement=False, nullable=False),
        sa.Column("on_hand_milli", sa.BigInteger(), nullable=False),
        sa.Column("low_told", sa.Boolean(), nullable=False),
        sa.Column("community_id", ID, nullable=False),
        _points("stock_balances", "community_id", "communities"),
        _points("stock_balances", "item_id", "stock_items"),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_stock_balances")),
        sa.CheckConstraint("on_hand_milli >= 0", name=op.f("ck_stock_balances_not_negative")),
        **TABLE,
    )
    _index("stock_balances", "community_id")
    op.create_table(
        "stock_movements",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("item_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("change_milli", sa.BigInteger(), nullable=False),
        sa.Column("balance_milli", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("order_number", sa.String(length=24), nullable=True),
        sa.Column("source_key", sa.String(length=190), nullable=True),
        sa.Column("by_id", ID, nullable=True),
        sa.Column("by_name", sa.String(length=64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        _points("stock_movements", "community_id", "communities"),
        _points("stock_movements", "item_id", "stock_items"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_movements")),
        sa.UniqueConstraint("source_key", name=op.f("uq_stock_movements_source_key")),
        **TABLE,
    )
    _index("stock_movements", "community_id", "order_number")
    op.create_index("ix_stock_movements_item", "stock_movements", ["item_id", "id"], unique=False)
    op.create_table(
        "price_items",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("unit", sa.String(length=8), nullable=False),
        sa.Column("labour_fen", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        _points("price_items", "community_id", "communities"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_items")),
        sa.UniqueConstraint("community_id", "code", name=op.f("uq_price_items_community_id_code")),
        **TABLE,
    )
    _index("price_items", "community_id")


def _orders() -> None:
    op.create_table(
        "work_order_costs",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("work_order_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("quantity_milli", sa.BigInteger(), nullable=False),
        sa.Column("returned_milli", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.String(length=8), nullable=False),
        sa.Column("price_fen", sa.BigInteger(), nullable=True),
        sa.Column("price_unit", sa.String(length=8), nullable=False),
        sa.Column("per", sa.Integer(), nullable=False),
        sa.Column("amount_fen", sa.BigInteger(), nullable=False),
        sa.Column("charged_to", sa.String(length=16), nullable=False),
        sa.Column("why", sa.String(length=16), nullable=False),
        sa.Column("item_id", ID, nullable=True),
        sa.Column("movement_id", ID, nullable=True),
        sa.Column("price_code", sa.String(length=32), nullable=True),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("by_name", sa.String(length=64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        _points("work_order_costs", "community_id", "communities"),
        _points("work_order_costs", "work_order_id", "work_orders"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_order_costs")),
        **TABLE,
    )
    _index("work_order_costs", "community_id", "work_order_id")
    op.create_table(
        "work_order_quotes",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("work_order_id", ID, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("total_fen", sa.BigInteger(), nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("by_id", ID, nullable=False),
        sa.Column("by_name", sa.String(length=64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decided_by_id", ID, nullable=True),
        sa.Column("decided_by_name", sa.String(length=64), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("community_id", ID, nullable=False),
        _points("work_order_quotes", "community_id", "communities"),
        _points("work_order_quotes", "work_order_id", "work_orders"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work_order_quotes")),
        **TABLE,
    )
    _index("work_order_quotes", "community_id", "state", "work_order_id")


def downgrade() -> None:
    for table in (
        *("work_order_quotes", "work_order_costs"),
        *("price_items", "stock_movements", "stock_balances", "stock_items"),
    ):
        op.drop_table(table)
