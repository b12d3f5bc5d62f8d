"""SQL of the lists that the desk works with: sorted pages, counts that stop in time, the board.

A company's orders are a million that have ended and a few thousand that are open. What is asked of the open ones is
counted; what is asked of all is counted up to a limit (ADR 0019).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from backend.domains.workorders.domain import ENDED, OPEN
from backend.domains.workorders.models import WorkOrder
from backend.domains.workorders.repository import Filter, filtered

COUNTED_AT_MOST = 1_000
Column = InstrumentedAttribute[Any]


@dataclass(frozen=True, slots=True)
class Sort:
    """An order of a list: by a few columns, each up or down, the id last so that it is always the same."""

    columns: tuple[Column, ...]
    down: bool = False


SORTS: dict[str, Sort] = {
    "newest": Sort((WorkOrder.id,), True),
    "created": Sort((WorkOrder.created_at, WorkOrder.id), True),
    "updated": Sort((WorkOrder.updated_at, WorkOrder.id), True),
    "promised": Sort((WorkOrder.promised_at, WorkOrder.id)),
    "urgency": Sort((WorkOrder.urgency_rank, WorkOrder.promised_at, WorkOrder.id)),
}
_FIRST = SORTS["urgency"]
CARD: tuple[Column, ...] = (
    *(WorkOrder.id, WorkOrder.community_id, WorkOrder.number, WorkOrder.status, WorkOrder.category, WorkOrder.urgency),
    *(WorkOrder.building, WorkOrder.unit, WorkOrder.floor, WorkOrder.room, WorkOrder.place, WorkOrder.raw),
    *(WorkOrder.fault, WorkOrder.technician_id, WorkOrder.preferred_time, WorkOrder.promised_at),
    *(WorkOrder.created_at, WorkOrder.updated_at, WorkOrder.confirmation, WorkOrder.version),
)
"""What a card or a cell shows of an order."""


def page(session: Session, filter_: Filter, sort: Sort, after: Sequence[Any] | None, limit: int) -> Sequence[WorkOrder]:
    """Return orders in an order, those that come after a place in it (the values of the sort's columns)."""
    return session.scalars(_page(session, filter_, sort, after, limit)).all()


def rows(
    session: Session, filter_: Filter, sort: Sort, after: Sequence[Any] | None, limit: int, columns: Sequence[Column]
) -> Sequence[Any]:
    """Return some columns of what ``page`` returns, for many orders."""
    return session.execute(_page(session, filter_, sort, after, limit).with_only_columns(*columns)).all()


def _page(session: Session, filter_: Filter, sort: Sort, after: Sequence[Any] | None, limit: int) -> Select[Any]:
    query = _sorted(session, filtered(session, filter_), sort)
    return (query if after is None else query.where(_beyond(sort, after))).limit(limit)


def place_of(order: Any, sort: Sort) -> list[Any]:
    """Return where an order stands: its values of the sort's columns."""
    return [getattr(order, column.key) for column in sort.columns]


def _sorted(session: Session, query: Select[Any], sort: Sort) -> Select[Any]:
    """Sort; what has no value comes last, which PostgreSQL does by itself (saying so would keep it from its index)."""
    if sort.down:
        return query.order_by(*(column.desc() for column in sort.columns))
    by_itself = session.get_bind().dialect.name == "postgresql"
    for column in sort.columns:
        if column is WorkOrder.promised_at and not by_itself:
            query = query.order_by(column.is_(None))
        query = query.order_by(column)
    return query


def _beyond(sort: Sort, values: Sequence[Any]) -> ColumnElement[bool]:
    """Return the condition of what comes after these values."""
    ways: list[ColumnElement[bool]] = []
    same: list[ColumnElement[bool]] = []
    for column, value in zip(sort.columns, values, strict=True):
        ways.append(and_(*same, _past(column, value, sort.down)))
        same.append(column.is_(None) if value is None else column == value)
    first, bound = sort.columns[0], values[0]
    if bound is None or first is WorkOrder.promised_at:
        return or_(*ways)
    return and_(first <= bound if sort.down else first >= bound, or_(*ways))


def _past(column: Column, value: Any, down: bool) -> ColumnElement[bool]:
    if value is None:
        return false()
    past: ColumnElement[bool] = column < value if down else column > value
    return or_(past, column.is_(None)) if column is WorkOrder.promised_at else past


def count_up_to(session: Session, filter_: Filter) -> tuple[int, bool]:
    """Count the orders of a filter, and tell whether that is all: where more than open ones are asked for, it stops."""
    query = filtered(session, filter_).with_only_columns(WorkOrder.id)
    only_open = (filter_.statuses and OPEN.issuperset(filter_.statuses)) or filter_.late_at is not None
    if not only_open:
        query = query.limit(COUNTED_AT_MOST + 1)
    n = session.scalars(select(func.count()).select_from(query.subquery())).one()
    return (n, True) if only_open or n <= COUNTED_AT_MOST else (COUNTED_AT_MOST, False)


def open_counts(session: Session, filter_: Filter, statuses: Sequence[str]) -> dict[str, int]:
    """Return how many orders of a filter are in each of these open states."""
    query = filtered(session, filter_).where(WorkOrder.status.in_(statuses))
    rows = session.execute(query.with_only_columns(WorkOrder.status, func.count()).group_by(WorkOrder.status))
    return {str(status): int(n) for status, n in rows}


def open_places(session: Session, filter_: Filter, statuses: Sequence[str]) -> Sequence[Any]:
    """Return (id, status) of the orders of a filter in these open states, what is to be done first first."""
    query: Select[Any] = filtered(session, replace(filter_, statuses=tuple(statuses)))
    return session.execute(_sorted(session, query, _FIRST).with_only_columns(WorkOrder.id, WorkOrder.status)).all()


def first_ids(session: Session, filter_: Filter, statuses: Sequence[str], each: int) -> list[int]:
    """Return the first orders of each state: the most urgent and earliest promised, of what has ended the latest."""
    parts = []
    for status in statuses:
        query = filtered(session, filter_).where(WorkOrder.status == status).with_only_columns(WorkOrder.id)
        first = _sorted(session, query, SORTS["updated"] if status in ENDED else _FIRST).limit(each).subquery()
        parts.append(select(first.c.id))
    return list(session.scalars(select(WorkOrder.id).where(WorkOrder.id.in_(union_all(*parts))))) if parts else []


def cards(session: Session, ids: Sequence[int]) -> Sequence[Any]:
    """Return the cards of orders, what is to be done first first."""
    return session.execute(_sorted(session, select(*CARD).where(WorkOrder.id.in_(ids)), _FIRST)).all() if ids else []
