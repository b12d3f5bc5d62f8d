"""acceptance, call-backs, complaints

Revision e5acce970005, after d40a517e0004. Work that waits for its owner's word when this runs waits from now on; ratings
that were given become the first of their history.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "e5acce970005"
down_revision = "d40a517e0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True).with_variant(mysql.DATETIME(fsp=6), "mysql", "mariadb")
TABLE: dict[str, Any] = {"mysql_charset": "utf8mb4", "mysql_engine": "InnoDB"}


def _code(name: str, length: int, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=length), nullable=null)


def _id(name: str, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, ID, nullable=null)


def _int(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _bool(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _text(name: str, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=null)


def _at(name: str, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, MOMENT, nullable=null)


def _create(
    table: str,
    *columns: sa.Column[Any],
    to: Mapping[str, str] | None = None,
    unique: Sequence[tuple[str, ...]] = (),
    indexed: Sequence[str] = (),
    indexes: Mapping[str, list[str]] | None = None,
) -> None:
    """Create a table of an estate; ``to`` maps columns to the tables they point to, ``indexed`` have an index each."""
    points = {"community_id": "communities", **(to or {})}
    op.create_table(
        table,
        sa.Column("id", ID, autoincrement=True, nullable=False),
        *columns,
        _id("community_id"),
        *(
            sa.ForeignKeyConstraint([c], [f"{other}.id"], name=op.f(f"fk_{table}_{c}_{other}"))
            for c, other in points.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        *(sa.UniqueConstraint(*names, name=op.f(f"uq_{table}_{'_'.join(names)}")) for names in unique),
        **TABLE,
    )
    for column in ("community_id", *indexed):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    for name, names in (indexes or {}).items():
        op.create_index(name, table, names)


def upgrade() -> None:
    _acceptance()
    _callbacks()
    _complaints()
    _wait_from_now_on(datetime.now(UTC))
    _keep_ratings()


def _acceptance() -> None:
    _create(
        "acceptance_terms",
        *(_int(name) for name in ("accept_after_h", "remind_after_h", "last_call_h", "close_after_h")),
        unique=[("community_id",)],
    )
    _create("warranty_terms", _code("category", 32), _int("days"), unique=[("community_id", "category")])
    _create(
        "acceptances",
        _id("work_order_id"),
        _int("round"),
        _at("finished_at"),
        _at("remind_at"),
        _at("last_call_at"),
        _at("accept_at"),
        _at("accepted_at", True),
        _bool("by_system"),
        _at("close_at", True),
        _at("done_at", True),
        _code("stage", 16),
        _at("next_at", True),
        to={"work_order_id": "work_orders"},
        unique=[("work_order_id", "round")],
        indexes={"ix_acceptances_next_at": ["next_at", "id"]},
    )
    _create(
        "work_order_ratings",
        _id("work_order_id"),
        _int("round"),
        _int("stars"),
        _text("words", True),
        sa.Column("reasons", sa.JSON(), nullable=False),
        _id("person_id", True),
        _id("technician_id", True),
        _at("at"),
        to={"work_order_id": "work_orders", "person_id": "people", "technician_id": "people"},
        unique=[("work_order_id", "round")],
        indexed=["person_id", "technician_id"],
    )
    _create(
        "orders_after_warranty",
        _id("work_order_id"),
        _id("earlier_id"),
        _at("until"),
        _int("days"),
        to={"work_order_id": "work_orders", "earlier_id": "work_orders"},
        unique=[("work_order_id",)],
        indexed=["earlier_id"],
    )


def _callbacks() -> None:
    _create("callback_terms", _int("due_h"), _int("sample_percent"), unique=[("community_id",)])
    _create(
        "callbacks",
        _code("source_key", 64),
        _code("subject_type", 16),
        _id("subject_id"),
        _code("label", 32),
        _id("person_id"),
        _code("reason", 16),
        _text("words"),
        _code("status", 16),
        _at("created_at"),
        _at("due_at"),
        _at("escalated_at", True),
        _id("assigned_to_id", True),
        _int("tries"),
        _at("next_try_at", True),
        _code("outcome", 16, True),
        _text("notes", True),
        _at("done_at", True),
        _int("version"),
        to={"person_id": "people", "assigned_to_id": "people"},
        unique=[("source_key",)],
        indexed=["person_id", "assigned_to_id"],
        indexes={
            "ix_callbacks_community_status": ["community_id", "status", "id"],
            "ix_callbacks_due_at": ["due_at", "id"],
            "ix_callbacks_subject": ["subject_type", "subject_id"],
        },
    )


def _complaints() -> None:
    _create("complaint_terms", _int("reply_h"), _int("answer_d"), _int("close_d"), unique=[("community_id",)])
    people = ("complainant_id", "against_id", "handler_id", "answered_by_id")
    _create(
        "complaints",
        _code("number", 24),
        _code("source_key", 190, True),
        _id("complainant_id"),
        _id("against_id", True),
        _id("work_order_id", True),
        _code("kind", 16),
        _text("words"),
        _code("source", 16),
        _code("status", 16),
        _int("round"),
        _code("level", 24),
        _id("handler_id", True),
        _id("answered_by_id", True),
        _text("answer", True),
        _at("reply_by"),
        _at("answer_by"),
        _at("replied_at", True),
        _at("answered_at", True),
        _at("ended_at", True),
        _at("created_at"),
        _at("updated_at"),
        _int("version"),
        to={"work_order_id": "work_orders", **dict.fromkeys(people, "people")},
        unique=[("number",), ("source_key",)],
        indexed=["complainant_id", "against_id", "work_order_id"],
        indexes={"ix_complaints_community_status": ["community_id", "status", "id"]},
    )
    _create(
        "complaint_events",
        _id("complaint_id"),
        _at("at"),
        _id("actor_id", True),
        _code("actor_name", 64),
        _code("actor_kind", 16),
        _code("kind", 16),
        _code("title", 64),
        _text("text", True),
        _code("from_status", 16, True),
        _code("to_status", 16, True),
        _bool("internal"),
        to={"complaint_id": "complaints"},
        indexed=["complaint_id"],
    )
    _create(
        "complaint_deadlines",
        _id("complaint_id"),
        _int("round"),
        _code("due", 16),
        _at("due_at"),
        _int("rung"),
        _at("next_at", True),
        _at("met_at", True),
        to={"complaint_id": "complaints"},
        unique=[("complaint_id", "round", "due")],
        indexes={"ix_complaint_deadlines_next_at": ["next_at", "id"]},
    )


def _moment(now: datetime) -> datetime:
    return now if op.get_bind().dialect.name == "postgresql" else now.replace(tzinfo=None)


def _wait_from_now_on(now: datetime) -> None:
    """Give timers to orders that are finished or accepted, with the usual hours."""
    finished = "(SELECT COUNT(*) FROM work_order_events e WHERE e.work_order_id = o.id AND e.to_status = 'finished')"
    times = {
        "now": now,
        "remind": now + timedelta(hours=24),
        "last_call": now + timedelta(hours=60),
        "accept": now + timedelta(hours=72),
        "close": now + timedelta(hours=168),
    }
    columns = (
        "work_order_id, community_id, round, finished_at, remind_at, last_call_at, accept_at, accepted_at, by_system, "
        "close_at, stage, next_at"
    )
    always = f"o.id, o.community_id, {finished}, :now, :remind, :last_call, :accept"
    for status, rest in (
        ("finished", "NULL, :no, NULL, 'waiting', :remind"),
        ("accepted_by_owner", ":now, :no, :close, 'accepted', :close"),
    ):
        query = (
            f"INSERT INTO acceptances ({columns}) SELECT {always}, {rest} FROM work_orders o WHERE o.status = :status"
        )
        typed = [sa.bindparam(name, _moment(at), type_=MOMENT) for name, at in times.items() if f":{name}" in query]
        flag = sa.bindparam("no", value=False, type_=sa.Boolean())
        op.get_bind().execute(sa.text(query).bindparams(*typed, flag, status=status))


def _keep_ratings() -> None:
    """Write down the stars that stand on orders."""
    op.get_bind().execute(
        sa.text(
            "INSERT INTO work_order_ratings "
            "(work_order_id, community_id, round, stars, words, reasons, person_id, technician_id, at) "
            "SELECT o.id, o.community_id, "
            "(SELECT COUNT(*) FROM work_order_events f WHERE f.work_order_id = o.id AND f.to_status = 'finished' "
            "AND f.id < r.id), o.rating_stars, o.rating_words, '[]', r.actor_id, o.technician_id, r.at "
            "FROM work_orders o JOIN work_order_events r ON r.id = (SELECT MAX(e.id) FROM work_order_events e "
            "WHERE e.work_order_id = o.id AND e.kind = 'rating') WHERE o.rating_stars IS NOT NULL"
        )
    )


def downgrade() -> None:
    for table in (
        *("complaint_deadlines", "complaint_events", "complaints", "complaint_terms"),
        *("callbacks", "callback_terms"),
        *("orders_after_warranty", "work_order_ratings", "acceptances", "warranty_terms", "acceptance_terms"),
    ):
        op.drop_table(table)
