"""Every SQL statement about work orders."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, update
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.dml import ReturningInsert

from backend.domains.clocks import service as clocks
from backend.domains.workorders.domain import IN_HAND, OPEN, SUBJECT, Status
from backend.domains.workorders.domain_lists import EXPECTED
from backend.domains.workorders.finding import NUMBER, terms
from backend.domains.workorders.models import (
    NumberCounter,
    WorkOrder,
    WorkOrderEvent,
    WorkOrderFollower,
)
from backend.domains.workorders.repository_words import Sought, by_lookups, found, latest, says
from backend.kit.memo import remembered
from backend.kit.scope import principal_of

FEW_ESTATES = 3
"""Naming more estates to the index of words costs more than it saves."""
LATEST = 20_000
"""Orders that are read one by one before the index of words is asked."""


@dataclass(frozen=True, slots=True)
class Filter:
    """What a list shows. Empty fields do not filter.

    ``reader_id`` is a resident who searches: the words of a neighbour's order are not theirs to search in.
    ``named`` are the people whose orders ``q`` finds as well; ``finished`` is from when to before when the work was done.
    ``outdoors``: in no building. ``missed_days``: what was promised in so many days and nobody came in time for.
    """

    statuses: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    urgencies: tuple[str, ...] = ()
    technician_id: int | None = None
    reporter_id: int | None = None
    concerns_id: int | None = None
    reader_id: int | None = None
    community_id: int | None = None
    asset_id: int | None = None
    q: str | None = None
    named: tuple[int, ...] = ()
    finished: tuple[datetime, datetime] | None = None
    late_at: datetime | None = None
    unassigned: bool = False
    outdoors: bool = False
    scopes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    buildings: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    floors: tuple[str, ...] = ()
    technician_ids: tuple[int, ...] = ()
    created: tuple[datetime, datetime] | None = None
    missed_days: int | None = None


def _postgresql_upsert(prefix: str, step: int) -> ReturningInsert[int]:
    return (
        postgresql.insert(NumberCounter)
        .values(prefix=prefix, value=step)
        .on_conflict_do_update(index_elements=["prefix"], set_={"value": NumberCounter.value + step})
        .returning(NumberCounter.value)
    )


def _sqlite_upsert(prefix: str, step: int) -> ReturningInsert[int]:
    return (
        sqlite.insert(NumberCounter)
        .values(prefix=prefix, value=step)
        .on_conflict_do_update(index_elements=["prefix"], set_={"value": NumberCounter.value + step})
        .returning(NumberCounter.value)
    )


_UPSERTS = {"postgresql": _postgresql_upsert, "sqlite": _sqlite_upsert}


def next_number(session: Session, prefix: str) -> int:
    """Return the next number under a prefix. The counter's row is locked until the transaction ends."""
    return _count_on(session, prefix, 1)


def lock_numbers(session: Session, prefix: str) -> None:
    """Lock a prefix until the transaction ends, without taking a number."""
    _count_on(session, prefix, 0)


def _count_on(session: Session, prefix: str, step: int) -> int:
    upsert = _UPSERTS.get(session.get_bind().dialect.name)
    if upsert is not None:
        return session.scalars(upsert(prefix, step)).one()
    session.execute(
        mysql.insert(NumberCounter)
        .values(prefix=prefix, value=step)
        .on_duplicate_key_update(value=NumberCounter.value + step)
    )
    return session.scalars(select(NumberCounter.value).where(NumberCounter.prefix == prefix)).one()


def by_number(session: Session, number: str) -> WorkOrder | None:
    """Return the order with this number."""
    return session.scalar(select(WorkOrder).where(WorkOrder.number == number))


def numbers(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """Return the numbers of orders by id."""
    rows = session.execute(select(WorkOrder.id, WorkOrder.number).where(WorkOrder.id.in_(ids)))
    return {int(order): str(number) for order, number in rows}


def ids_numbered(session: Session, part: str, limit: int) -> Sequence[int]:
    """Return the orders whose number contains this part, newest first."""
    query = select(WorkOrder.id).where(WorkOrder.number.contains(part.upper(), autoescape=True))
    return session.scalars(query.order_by(WorkOrder.id.desc()).limit(limit)).all()


def by_source_key(session: Session, key: str) -> WorkOrder | None:
    """Return the order that was opened for this key."""
    return session.scalar(select(WorkOrder).where(WorkOrder.source_key == key))


def filtered(session: Session, filter_: Filter) -> Select[WorkOrder]:
    """Return the query of a filter, not sorted."""
    query = select(WorkOrder)
    for column, wanted in _among(filter_):
        query = query.where(column.in_(wanted)) if len(wanted) != 1 else query.where(column == wanted[0])
    if filter_.concerns_id is not None:
        query = query.where(_concerns(filter_.concerns_id))
    if filter_.finished is not None:
        query = query.where(WorkOrder.id.in_(_done_between(*filter_.finished)))
    if filter_.created is not None:
        query = query.where(WorkOrder.created_at >= filter_.created[0], WorkOrder.created_at < filter_.created[1])
    if filter_.unassigned:
        query = query.where(WorkOrder.technician_id.is_(None), WorkOrder.held_by.is_(None))
    if filter_.outdoors:
        query = query.where(WorkOrder.building.is_(None))
    if filter_.late_at is not None:
        query = query.where(
            WorkOrder.promised_at < filter_.late_at, WorkOrder.held_by.is_(None), WorkOrder.status.in_(EXPECTED)
        )
    if filter_.missed_days is not None:
        query = query.where(WorkOrder.id.in_(clocks.missed(SUBJECT, filter_.missed_days)))
    if filter_.q:
        query = query.where(_matches(session, filter_, filter_.q))
        if filter_.reader_id is not None:
            query = query.where(or_(WorkOrder.reporter_id == filter_.reader_id, WorkOrder.scope == "private"))
    return query


def _among(filter_: Filter) -> Iterator[tuple[InstrumentedAttribute[Any], tuple[Any, ...]]]:
    """Yield the columns that must have one of some values."""
    several = (
        (WorkOrder.status, filter_.statuses),
        (WorkOrder.category, filter_.categories),
        (WorkOrder.urgency, filter_.urgencies),
        (WorkOrder.scope, filter_.scopes),
        (WorkOrder.source, filter_.sources),
        (WorkOrder.building, filter_.buildings),
        (WorkOrder.unit, filter_.units),
        (WorkOrder.floor, filter_.floors),
        (WorkOrder.technician_id, filter_.technician_ids),
    )
    single = (
        (WorkOrder.technician_id, filter_.technician_id),
        (WorkOrder.reporter_id, filter_.reporter_id),
        (WorkOrder.community_id, filter_.community_id),
        (WorkOrder.asset_id, filter_.asset_id),
    )
    yield from ((column, wanted) for column, wanted in several if wanted)
    yield from ((column, (wanted,)) for column, wanted in single if wanted is not None)


def _done_between(start: datetime, end: datetime) -> Select[int]:
    """Orders whose work was finished then, whatever became of them after."""
    return select(WorkOrderEvent.work_order_id).where(
        WorkOrderEvent.at >= start, WorkOrderEvent.at < end, WorkOrderEvent.to_status == Status.FINISHED
    )


def _concerns(person_id: int) -> ColumnElement[bool]:
    """Orders that a person reported or follows."""
    followed = select(WorkOrderFollower.work_order_id).where(WorkOrderFollower.person_id == person_id)
    return or_(WorkOrder.reporter_id == person_id, WorkOrder.id.in_(followed))


def _number(q: str) -> str | None:
    number = q.strip().upper()
    return number if NUMBER.fullmatch(number) else None


def _matches(session: Session, filter_: Filter, q: str) -> ColumnElement[bool]:
    if number := _number(q):
        return WorkOrder.number == number
    sought = Sought(terms(q), filter_.named, _estates(session, filter_))
    if filter_.statuses and OPEN.issuperset(filter_.statuses):
        return says(session, sought)
    by_lookups(session)
    return found(session, sought)


def _estates(session: Session, filter_: Filter) -> list[int] | None:
    """Return the estates that the words are looked for in: one, or those of a person who has few of them."""
    who = principal_of(session)
    if filter_.community_id is not None:
        return [filter_.community_id]
    if who is None or len(who.community_ids) > FEW_ESTATES:
        return None
    return sorted(who.community_ids)


def search(session: Session, filter_: Filter, before_id: int | None, limit: int) -> Sequence[WorkOrder]:
    """Return orders, newest first."""
    only_words = filter_ == Filter(community_id=filter_.community_id, q=filter_.q)
    if only_words and filter_.q and not _number(filter_.q):
        among = _among_latest(session, filter_, filter_.q, before_id, limit)
        if len(among) == limit:
            return among
    return session.scalars(_newest(filtered(session, filter_), before_id).limit(limit)).all()


def _newest(query: Select[Any], before_id: int | None) -> Select[Any]:
    query = query.order_by(WorkOrder.id.desc())
    return query if before_id is None else query.where(WorkOrder.id < before_id)


def _among_latest(session: Session, filter_: Filter, q: str, before_id: int | None, limit: int) -> Sequence[WorkOrder]:
    """Return what the latest orders say: they fill a page with what many say, long before an index has collected it."""
    ids = latest(session, terms(q), LATEST, before_id)
    orders = _newest(filtered(session, replace(filter_, q=None)), before_id)
    return session.scalars(orders.where(WorkOrder.id.in_(ids)).limit(limit)).all()


def count(session: Session, filter_: Filter) -> int:
    """Count the orders of a filter."""
    return session.scalars(filtered(session, filter_).with_only_columns(func.count(WorkOrder.id))).one()


def timeline(session: Session, order_id: int) -> Sequence[WorkOrderEvent]:
    """Return an order's history, oldest first."""
    return session.scalars(
        select(WorkOrderEvent).where(WorkOrderEvent.work_order_id == order_id).order_by(WorkOrderEvent.id)
    ).all()


def last_move(session: Session, order_id: int) -> WorkOrderEvent | None:
    """Return the latest change of state of an order."""
    return session.scalars(
        select(WorkOrderEvent)
        .where(WorkOrderEvent.work_order_id == order_id, WorkOrderEvent.to_status.is_not(None))
        .order_by(WorkOrderEvent.id.desc())
        .limit(1)
    ).first()


def last_beginning(session: Session, order_id: int) -> WorkOrderEvent | None:
    """Return the latest time that an order began anew: as rework, or by itself after a merge was taken back."""
    anew = or_(WorkOrderEvent.to_status == Status.REOPENED, WorkOrderEvent.from_status == Status.MERGED)
    query = select(WorkOrderEvent).where(WorkOrderEvent.work_order_id == order_id, anew)
    return session.scalars(query.order_by(WorkOrderEvent.id.desc()).limit(1)).first()


def noted_since(session: Session, order_id: int, person_id: int, kind: str, moment: datetime) -> bool:
    """Tell whether a person added a line of this kind to an order since a moment."""
    query = select(WorkOrderEvent.id).where(
        WorkOrderEvent.work_order_id == order_id,
        WorkOrderEvent.actor_id == person_id,
        WorkOrderEvent.kind == kind,
        WorkOrderEvent.at > moment,
    )
    return session.scalar(query.limit(1)) is not None


def follower_ids(session: Session, order_id: int) -> Sequence[int]:
    """Return who follows an order."""
    query = select(WorkOrderFollower.person_id).where(WorkOrderFollower.work_order_id == order_id)
    return remembered(session, (WorkOrderFollower,), ("follower ids", order_id), lambda: session.scalars(query).all())


def load_by_technician(session: Session, community_id: int) -> dict[int, int]:
    """Return how many orders each technician of an estate has in hand."""
    rows = session.execute(
        select(WorkOrder.technician_id, func.count(WorkOrder.id))
        .where(
            WorkOrder.community_id == community_id,
            WorkOrder.technician_id.is_not(None),
            WorkOrder.status.in_(IN_HAND),
        )
        .group_by(WorkOrder.technician_id)
    )
    return {int(person): int(n) for person, n in rows if person is not None}


def open_reported_by(session: Session, person_id: int) -> int:
    """Count the open orders a person reported."""
    return session.scalars(
        select(func.count(WorkOrder.id)).where(WorkOrder.reporter_id == person_id, WorkOrder.status.in_(OPEN))
    ).one()


def touch(session: Session, order_id: int) -> None:
    """Lock an order's row for this transaction (a no-op write, so that it holds on every database)."""
    session.execute(update(WorkOrder).where(WorkOrder.id == order_id).values(id=WorkOrder.id))
