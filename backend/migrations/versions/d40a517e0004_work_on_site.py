"""arrival, photos, checklists, mates and signatures of orders; when and where photos were taken

Revision d40a517e0004, after c3570c4b0003.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "d40a517e0004"
down_revision = "c3570c4b0003"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True).with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
TABLE: dict[str, Any] = {"mysql_charset": "utf8mb4", "mysql_engine": "InnoDB"}

Column = tuple[str, Any, bool]
"""Name, type, whether it may be empty."""

OF_ORDER: dict[str, tuple[Column, ...]] = {
    "work_order_arrivals": (
        ("person_id", ID, False),
        ("lat", sa.Double(), True),
        ("lng", sa.Double(), True),
        ("accuracy_m", sa.Double(), True),
        ("distance_m", sa.Double(), True),
    ),
    "work_order_photos": (
        ("media_id", sa.String(length=32), False),
        ("kind", sa.String(length=16), False),
        ("person_id", ID, False),
    ),
    "work_order_signatures": (
        ("media_id", sa.String(length=32), False),
        ("name", sa.String(length=64), False),
        ("person_id", ID, False),
    ),
    "work_order_mates": (("person_id", ID, False), ("added_by_id", ID, False)),
    "work_order_transfers": (
        ("from_id", ID, False),
        ("to_id", ID, False),
        ("reason", sa.Text(), False),
        ("status", sa.String(length=16), False),
        ("pending_id", ID, True),
        ("decided_at", MOMENT, True),
        ("decided_by_id", ID, True),
        ("answer", sa.Text(), True),
    ),
    "work_order_checklists": (("category", sa.String(length=32), False), ("title", sa.String(length=64), False)),
    "work_order_checklist_items": (
        ("position", sa.Integer(), False),
        ("text", sa.String(length=200), False),
        ("kind", sa.String(length=16), False),
        ("required", sa.Boolean(), False),
        ("ok", sa.Boolean(), True),
        ("value", sa.Double(), True),
        ("media_id", sa.String(length=32), True),
        ("note", sa.Text(), True),
        ("person_id", ID, True),
    ),
}
UNIQUE: dict[str, tuple[str, ...]] = {
    "work_order_photos": ("work_order_id", "media_id"),
    "work_order_signatures": ("work_order_id", "media_id"),
    "work_order_mates": ("work_order_id", "person_id"),
    "work_order_transfers": ("pending_id",),
    "work_order_checklists": ("work_order_id",),
    "work_order_checklist_items": ("work_order_id", "position"),
}
INDEXED: dict[str, tuple[str, ...]] = {
    "work_order_photos": ("media_id",),
    "work_order_signatures": ("media_id",),
    "work_order_mates": ("person_id",),
    "work_order_checklist_items": ("media_id",),
}
PEOPLE = frozenset({"person_id", "added_by_id", "from_id", "to_id"})


def _create(table: str) -> None:
    people = [name for name, _, _ in OF_ORDER[table] if name in PEOPLE]
    unique = UNIQUE.get(table)
    op.create_table(
        table,
        sa.Column("id", ID, autoincrement=True, nullable=False),
        *(sa.Column(name, kind, nullable=empty) for name, kind, empty in OF_ORDER[table]),
        sa.Column("work_order_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("happened_at", MOMENT, nullable=False),
        sa.Column("community_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f(f"fk_{table}_community_id_communities")
        ),
        sa.ForeignKeyConstraint(
            ["work_order_id"], ["work_orders.id"], name=op.f(f"fk_{table}_work_order_id_work_orders")
        ),
        *(sa.ForeignKeyConstraint([p], ["people.id"], name=op.f(f"fk_{table}_{p}_people")) for p in people),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *([sa.UniqueConstraint(*unique, name=op.f(f"uq_{table}_{'_'.join(unique)}"))] if unique else []),
        **TABLE,
    )
    for column in ("community_id", "work_order_id", *INDEXED.get(table, ())):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)


def upgrade() -> None:
    for table in OF_ORDER:
        _create(table)
    op.create_index("ix_work_order_transfers_to_status", "work_order_transfers", ["to_id", "status"], unique=False)
    op.create_table(
        "checklist_templates",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=64), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("changed_by_id", ID, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("community_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["people.id"], name=op.f("fk_checklist_templates_changed_by_id_people")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_checklist_templates_community_id_communities")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checklist_templates")),
        sa.UniqueConstraint("community_id", "category", name=op.f("uq_checklist_templates_community_id_category")),
        **TABLE,
    )
    op.create_index(op.f("ix_checklist_templates_community_id"), "checklist_templates", ["community_id"], unique=False)
    op.add_column("work_orders", sa.Column("suspended_kind", sa.String(length=16), nullable=True))
    op.add_column("work_orders", sa.Column("suspended_until", MOMENT, nullable=True))
    op.add_column("work_orders", sa.Column("resume_told_at", MOMENT, nullable=True))
    op.add_column("media", sa.Column("taken_at", MOMENT, nullable=True))
    op.add_column("media", sa.Column("lat", sa.Double(), nullable=True))
    op.add_column("media", sa.Column("lng", sa.Double(), nullable=True))


def downgrade() -> None:
    # Dropped one by one, never in a batch: that would make work_orders anew on SQLite, while others point to its rows.
    for column in ("lng", "lat", "taken_at"):
        op.drop_column("media", column)
    for column in ("resume_told_at", "suspended_until", "suspended_kind"):
        op.drop_column("work_orders", column)
    op.drop_table("checklist_templates")
    for table in reversed(OF_ORDER):
        op.drop_table(table)
