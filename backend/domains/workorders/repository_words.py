"""SQL of the search: keep the words of each order beside it, and find orders by them.

The words are written whenever an order is flushed with another number, fault, place or reporter, whoever changed it.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    bindparam,
    cast,
    delete,
    event,
    func,
    insert,
    inspect,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session, UOWTransaction

from backend.domains.estate import service as estate
from backend.domains.identity import service as identity
from backend.domains.workorders.finding import Term, address_lines, lines, pairs
from backend.domains.workorders.models import WorkOrder
from backend.domains.workorders.models_lists import OrderWords

_READ = ("number", "fault", "building", "unit", "floor", "room", "place", "reporter_id")
_table = OrderWords.__table__.c


@event.listens_for(Session, "after_flush")
def _keep_words(session: Session, _context: UOWTransaction) -> None:
    added = [row for row in session.new if isinstance(row, WorkOrder)]
    changed = [row for row in session.dirty if isinstance(row, WorkOrder) and _reads_otherwise(row)]
    if not added and not changed:
        return
    connection = session.connection()
    if changed:
        connection.execute(delete(OrderWords).where(_table.work_order_id.in_([o.id for o in changed])))
    connection.execute(insert(OrderWords), _rows(session, [*added, *changed]))


def _reads_otherwise(order: WorkOrder) -> bool:
    attributes = inspect(order).attrs
    return any(attributes[name].history.has_changes() for name in _READ)


def _rows(session: Session, orders: Sequence[WorkOrder]) -> list[dict[str, Any]]:
    names = identity.names(session, sorted({o.reporter_id for o in orders if o.reporter_id is not None}))
    return [
        {
            "work_order_id": o.id,
            "words": lines(o.number, o.fault, o.place, names.get(o.reporter_id or 0)),
            "address": address_lines(estate.Location(None, o.building, o.unit, o.floor, o.room, o.place)),
        }
        for o in orders
    ]


def found(session: Session, terms: Sequence[Term], reporters: Sequence[int]) -> ColumnElement[bool]:
    """Return the condition of orders that have all the terms, or that one of the people reported."""
    by_words = select(_table.work_order_id).where(and_(*(_has(session, term) for term in terms)))
    if not reporters:
        return WorkOrder.id.in_(by_words)
    orders = WorkOrder.__table__.c
    by_people: Select[Any] = select(orders.id).where(orders.reporter_id.in_(reporters))
    return WorkOrder.id.in_(union_all(by_words, by_people))


def _has(session: Session, term: Term) -> ColumnElement[bool]:
    written = _table.words.contains(term.words, autoescape=True)
    either = or_(written, _table.address.contains(term.at, autoescape=True)) if term.at else written
    if session.get_bind().dialect.name != "postgresql":
        return either
    asked = " | ".join(f"({' & '.join(_lexemes(text))})" for text in (term.words, term.at) if text)
    held = func.work_order_pairs(_table.words + _table.address)
    return and_(held.bool_op("@@")(cast(bindparam(None, asked, String), TSQUERY)), either)


def _lexemes(text: str) -> list[str]:
    """Return the pairs of a text as PostgreSQL writes them; a single character is the beginning of a pair."""
    if len(text) == 1:
        return [f"{_quoted(text)}:*"]
    return [_quoted(pair) for pair in pairs(text)]


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
