"""saved filters and what makes lists fast

Revision a7115e5c0007, after f6fa017a0006.
"""

import unicodedata
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "a7115e5c0007"
down_revision = "f6fa017a0006"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True).with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
TABLE: dict[str, Any] = {"mysql_charset": "utf8mb4", "mysql_engine": "InnoDB"}
OPEN = sa.text(
    "status IN ('accepted', 'accepted_by_owner', 'dispatched', 'finished', 'on_site', 'reopened', 'reported',"
    " 'suspended', 'triaged')"
)
INDEXES: tuple[tuple[str, str, list[str], bool], ...] = (
    ("ix_work_orders_technician", "work_orders", ["technician_id", "id"], False),
    ("ix_work_orders_building", "work_orders", ["community_id", "building", "id"], False),
    ("ix_work_orders_kind", "work_orders", ["community_id", "category", "urgency", "scope", "source", "id"], False),
    ("ix_work_orders_updated", "work_orders", ["updated_at", "id"], False),
    ("ix_work_orders_preferred_time", "work_orders", ["preferred_time"], False),
    ("ix_work_orders_open_state", "work_orders", ["status", "urgency_rank", "promised_at", "id"], True),
    ("ix_work_orders_open_urgent", "work_orders", ["urgency_rank", "promised_at", "id"], True),
    ("ix_work_orders_open_promised", "work_orders", ["promised_at", "id"], True),
    ("ix_work_order_events_to_status", "work_order_events", ["to_status", "at"], False),
)
PAIRS = """
CREATE FUNCTION work_order_pairs(lines text, estate bigint) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 5000 AS $$
SELECT array_to_tsvector(array_append(coalesce(array_agg(DISTINCT substr(lines, i, 2)), '{}'::text[]), '@' || estate))
FROM generate_series(1, length(lines) - 1) AS i $$
"""
PAIRS_INDEX = """
CREATE INDEX only_words_pairs ON work_order_words USING gin (work_order_pairs(words || address, community_id))
"""
BATCH = 2000


def upgrade() -> None:
    op.add_column("work_orders", sa.Column("urgency_rank", sa.SmallInteger(), nullable=False, server_default="2"))
    op.execute(
        "UPDATE work_orders SET urgency_rank ="
        " CASE urgency WHEN 'emergency' THEN 0 WHEN 'high' THEN 1 WHEN 'low' THEN 3 ELSE 2 END"
    )
    for name, table, columns, of_open in INDEXES:
        only: dict[str, Any] = {"postgresql_where": OPEN, "sqlite_where": OPEN} if of_open else {}
        op.create_index(name, table, columns, unique=False, **only)
    _words()
    _saved_filters()
    _bulk_changes()


def _words() -> None:
    op.create_table(
        "work_order_words",
        sa.Column("work_order_id", ID, autoincrement=False, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["work_order_id"], ["work_orders.id"], name=op.f("fk_work_order_words_work_order_id_work_orders")
        ),
        sa.PrimaryKeyConstraint("work_order_id", name=op.f("pk_work_order_words")),
        **TABLE,
    )
    _fill()
    if op.get_bind().dialect.name == "postgresql":
        op.execute(PAIRS)
        op.execute(PAIRS_INDEX)


def _fill() -> None:
    """Lay the words of the orders that are there."""
    bind = op.get_bind()
    orders = sa.text(
        "SELECT o.id, o.community_id, o.number, o.fault, o.building, o.unit, o.floor, o.room, o.place, p.name FROM work_orders o"
        " LEFT JOIN people p ON p.id = o.reporter_id WHERE o.id > :after ORDER BY o.id LIMIT :batch"
    )
    add = sa.text(
        "INSERT INTO work_order_words (work_order_id, community_id, words, address)"
        " VALUES (:id, :community_id, :words, :address)"
    )
    after = 0
    while rows := bind.execute(orders, {"after": after, "batch": BATCH}).all():
        bind.execute(add, [_row(row) for row in rows])
        after = rows[-1].id


def _row(order: Any) -> dict[str, Any]:
    place = order.place or ""
    building = f"{order.building}号楼" if order.building else ""
    unit = f"{order.unit}单元" if order.unit else ""
    inner = order.room or (f"{order.floor}层" if order.floor else "")
    ways = (building + unit + inner + place, building + inner + place, unit + inner + place, inner, place)
    return {
        "id": order.id,
        "words": _lines(order.number, order.fault, order.place, order.name),
        "address": _lines(*ways),
    }


def _lines(*parts: str | None) -> str:
    kept = dict.fromkeys(" ".join(unicodedata.normalize("NFKC", p).casefold().split()) for p in parts if p)
    return "\n" + "".join(part + "\n" for part in kept if part)


def _saved_filters() -> None:
    op.create_table(
        "saved_filters",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("community_id", ID, nullable=True),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("query", sa.JSON(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_saved_filters_community_id_communities")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_saved_filters_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filters")),
        sa.UniqueConstraint("person_id", "name", name=op.f("uq_saved_filters_person_id_name")),
        **TABLE,
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_saved_filters_community_id"), "saved_filters", ["community_id"], unique=False)


def _bulk_changes() -> None:
    op.create_table(
        "bulk_changes",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("key", sa.String(length=128), nullable=True),
        sa.Column("action", sa.String(length=16), nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("results", sa.JSON(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("undone", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_bulk_changes_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulk_changes")),
        sa.UniqueConstraint("person_id", "key", name=op.f("uq_bulk_changes_person_id_key")),
        **TABLE,
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("bulk_changes")
    op.drop_table("saved_filters")
    op.drop_table("work_order_words")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION work_order_pairs(text, bigint)")
    for name, table, _, _ in reversed(INDEXES):
        op.drop_index(name, table_name=table)
    with op.batch_alter_table("work_orders", schema=None, table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.drop_column("urgency_rank")
