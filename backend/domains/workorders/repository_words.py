"""SQL of the search: keep the words of each order beside it, and find orders by them.

The words are written whenever an order is flushed with another number, fault, place or reporter, whoever changed it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
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
    text,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session, UOWTransaction

from backend.domains.estate import service as estate
from backend.domains.identity import service as identity
from backend.domains.workorders.finding import Term, address_lines, lines
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
            "community_id": o.community_id,
            "words": lines(o.number, o.fault, o.place, names.get(o.reporter_id or 0)),
            "address": address_lines(estate.Location(None, o.building, o.unit, o.floor, o.room, o.place)),
        }
        for o in orders
    ]


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for: all the terms, or orders of the ``reporters``; among orders of these estates (None: of all)."""

    terms: Sequence[Term]
    reporters: Sequence[int] = ()
    community_ids: Sequence[int] | None = None


def found(session: Session, sought: Sought) -> ColumnElement[bool]:
    """Return the condition of the orders that are looked for."""
    indexed = session.get_bind().dialect.name == "postgresql"
    place = _place(session)
    has = [_has(place, term) for term in sought.terms]
    if indexed:
        held = func.work_order_pairs(_table.words + _table.address, _table.community_id)
        has.insert(0, held.bool_op("@@")(cast(bindparam(None, _asked(sought), String), TSQUERY)))
    by_words = select(_table.work_order_id).where(*has)
    if not sought.reporters:
        return WorkOrder.id.in_(by_words)
    orders = WorkOrder.__table__.c
    by_people: Select[Any] = select(orders.id).where(orders.reporter_id.in_(sought.reporters))
    return WorkOrder.id.in_(union_all(by_words, by_people))


def says(session: Session, sought: Sought) -> ColumnElement[bool]:
    """Return the condition of the orders that are looked for, to be read order by order, of which there must be few.

    ``found`` asks an index, which first collects every order that says what many say.
    """
    place = _place(session)
    all_terms = and_(true(), *(_has(place, term) for term in sought.terms))
    words = select(all_terms).where(_table.work_order_id == WorkOrder.id).correlate(WorkOrder).scalar_subquery()
    return or_(words, WorkOrder.reporter_id.in_(sought.reporters)) if sought.reporters else words


def latest(session: Session, terms: Sequence[Term], among: int, before_id: int | None) -> Select[int]:
    """Return the orders that say all the terms, of so many that were reported last, or last before one of them."""
    place, id_ = _place(session), _table.work_order_id
    end = select(func.max(id_) + 1).scalar_subquery() if before_id is None else before_id
    return select(id_).where(id_ >= end - among, id_ < end, *(_has(place, term) for term in terms))


def _place(session: Session) -> Any:
    return func.strpos if session.get_bind().dialect.name == "postgresql" else func.instr


def by_lookups(session: Session) -> None:
    """Have orders looked up one by one for what was found, until the transaction ends.

    PostgreSQL does not know that the words of an estate belong to its orders, and would rather read all of the estate.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off"))


def _has(place: Any, term: Term) -> ColumnElement[bool]:
    """Compare the texts themselves. Not by LIKE: PostgreSQL would think that few have it, and sort all that do."""
    sides = ((_table.words, term.words), (_table.address, term.at))
    return or_(*(place(column, said) != 0 for column, said in sides if said))


def _asked(sought: Sought) -> str:
    """Return the question to the index of pairs."""
    asked = [lexeme for term in sought.terms for lexeme in _lexemes(term)]
    if sought.community_ids is not None:
        asked.append(f"({' | '.join(_quoted(f'@{i}') for i in sought.community_ids)})")
    return " & ".join(dict.fromkeys(asked))


def _lexemes(term: Term) -> list[str]:
    """Return the pairs of a term as PostgreSQL writes them; a single character is the beginning of a pair."""
    return [_quoted(pair) for pair in term.pairs] or [f"{_quoted(term.words or '')}:*"]


def _quoted(said: str) -> str:
    return "'" + said.replace("\\", "\\\\").replace("'", "''") + "'"
