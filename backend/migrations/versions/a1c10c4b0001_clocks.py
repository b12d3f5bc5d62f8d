"""clocks, calendar days, targets, promises and what was learned of arrivals

Revision a1c10c4b0001, after c4f2a96e7b18.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "a1c10c4b0001"
down_revision = "c4f2a96e7b18"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True).with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
TABLE: dict[str, Any] = {"mysql_charset": "utf8mb4", "mysql_engine": "InnoDB"}


def upgrade() -> None:
    op.create_table(
        "calendar_days",
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=True),
        sa.Column("source", sa.String(length=190), nullable=False),
        sa.PrimaryKeyConstraint("date", name=op.f("pk_calendar_days")),
        **TABLE,
    )
    op.create_table(
        "arrival_statistics",
        sa.Column("slot", sa.String(length=96), nullable=False),
        sa.Column("community_id", ID, nullable=True),
        sa.Column("category", sa.String(length=32), nullable=True),
        sa.Column("urgency", sa.String(length=16), nullable=False),
        sa.Column("day_class", sa.String(length=16), nullable=True),
        sa.Column("p10_min", sa.Integer(), nullable=False),
        sa.Column("p50_min", sa.Integer(), nullable=False),
        sa.Column("p90_min", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column(
            "learned_at",
            MOMENT,
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_arrival_statistics_community_id_communities")
        ),
        sa.PrimaryKeyConstraint("slot", name=op.f("pk_arrival_statistics")),
        **TABLE,
    )
    with op.batch_alter_table("arrival_statistics", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_arrival_statistics_community_id"), ["community_id"], unique=False)
    op.create_table(
        "clock_hours",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("opens_min", sa.Integer(), nullable=False),
        sa.Column("closes_min", sa.Integer(), nullable=False),
        sa.Column("community_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_clock_hours_community_id_communities")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_hours")),
        sa.UniqueConstraint("community_id", name=op.f("uq_clock_hours_community_id")),
        **TABLE,
    )
    with op.batch_alter_table("clock_hours", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clock_hours_community_id"), ["community_id"], unique=False)
    op.create_table(
        "clock_targets",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("slot", sa.String(length=96), nullable=False),
        sa.Column("community_id", ID, nullable=True),
        sa.Column("category", sa.String(length=32), nullable=True),
        sa.Column("urgency", sa.String(length=16), nullable=False),
        sa.Column("scope", sa.String(length=16), nullable=True),
        sa.Column("response_min", sa.Integer(), nullable=False),
        sa.Column("arrival_min", sa.Integer(), nullable=False),
        sa.Column("resolution_min", sa.Integer(), nullable=False),
        sa.Column("round_the_clock", sa.Boolean(), nullable=False),
        sa.Column("escalate_min", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=190), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_clock_targets_community_id_communities")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_targets")),
        sa.UniqueConstraint("slot", name=op.f("uq_clock_targets_slot")),
        **TABLE,
    )
    with op.batch_alter_table("clock_targets", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clock_targets_community_id"), ["community_id"], unique=False)
    op.create_table(
        "clocks",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("subject_type", sa.String(length=32), nullable=False),
        sa.Column("subject_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("round_the_clock", sa.Boolean(), nullable=False),
        sa.Column(
            "started_at",
            MOMENT,
            nullable=False,
        ),
        sa.Column(
            "running_since",
            MOMENT,
            nullable=False,
        ),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column(
            "warn_at",
            MOMENT,
            nullable=False,
        ),
        sa.Column("span_s", sa.Integer(), nullable=False),
        sa.Column("interval_s", sa.Integer(), nullable=False),
        sa.Column("remaining_s", sa.Integer(), nullable=False),
        sa.Column("paused_s", sa.Integer(), nullable=False),
        sa.Column(
            "paused_at",
            MOMENT,
            nullable=True,
        ),
        sa.Column("pause_reason", sa.String(length=190), nullable=True),
        sa.Column(
            "stopped_at",
            MOMENT,
            nullable=True,
        ),
        sa.Column(
            "breached_at",
            MOMENT,
            nullable=True,
        ),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("escalated_to", sa.String(length=32), nullable=True),
        sa.Column(
            "next_step_at",
            MOMENT,
            nullable=True,
        ),
        sa.Column("community_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name=op.f("fk_clocks_community_id_communities")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clocks")),
        sa.UniqueConstraint(
            "subject_type", "subject_id", "kind", "round", name=op.f("uq_clocks_subject_type_subject_id_kind_round")
        ),
        **TABLE,
    )
    with op.batch_alter_table("clocks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clocks_community_id"), ["community_id"], unique=False)
        batch_op.create_index("ix_clocks_next_step_at", ["next_step_at", "id"], unique=False)
    op.create_table(
        "promises",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("subject_type", sa.String(length=32), nullable=False),
        sa.Column("subject_id", ID, nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column(
            "made_at",
            MOMENT,
            nullable=False,
        ),
        sa.Column("since", MOMENT, nullable=True),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("kept_at", MOMENT, nullable=True),
        sa.Column(
            "paused_at",
            MOMENT,
            nullable=True,
        ),
        sa.Column("void_at", MOMENT, nullable=True),
        sa.Column("told_at", MOMENT, nullable=True),
        sa.Column(
            "expected_from",
            MOMENT,
            nullable=True,
        ),
        sa.Column(
            "expected_until",
            MOMENT,
            nullable=True,
        ),
        sa.Column("community_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_promises_community_id_communities")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promises")),
        sa.UniqueConstraint("subject_type", "subject_id", name=op.f("uq_promises_subject_type_subject_id")),
        **TABLE,
    )
    with op.batch_alter_table("promises", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_promises_community_id"), ["community_id"], unique=False)
        batch_op.create_index("ix_promises_community_made", ["community_id", "made_at"], unique=False)

    op.add_column("work_orders", sa.Column("promised_from", MOMENT, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("work_orders", schema=None) as batch_op:
        batch_op.drop_column("promised_from")

    op.drop_table("promises")
    op.drop_table("clocks")
    op.drop_table("clock_targets")
    op.drop_table("clock_hours")
    op.drop_table("arrival_statistics")
    op.drop_table("calendar_days")
