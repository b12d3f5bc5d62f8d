"""SQL about orders for their clocks: many at once."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from backend.domains.workorders.domain import ACTIVE, Status
from backend.domains.workorders.models import WorkOrder, WorkOrderEvent, WorkOrderFollower


def lock(session: Session, ids: Sequence[int]) -> set[int]:
    """Lock those of the orders that nobody else has in hand."""
    query = select(WorkOrder.id).where(WorkOrder.id.in_(ids)).order_by(WorkOrder.id)
    return set(session.scalars(query.with_for_update(skip_locked=True)))


def by_ids(session: Session, ids: Iterable[int]) -> dict[int, WorkOrder]:
    """Return orders by id, as they are now."""
    query = select(WorkOrder).where(WorkOrder.id.in_(list(ids))).execution_options(populate_existing=True)
    return {order.id: order for order in session.scalars(query)}


def active_ids(session: Session, after_id: int, limit: int) -> Sequence[int]:
    """Return a page of the orders whose fault is still there, by id."""
    query = select(WorkOrder.id).where(WorkOrder.status.in_(ACTIVE), WorkOrder.id > after_id)
    return session.scalars(query.order_by(WorkOrder.id).limit(limit)).all()


def followed(session: Session, ids: Iterable[int]) -> set[int]:
    """Return those of the orders that have followers."""
    query = select(WorkOrderFollower.work_order_id).where(WorkOrderFollower.work_order_id.in_(list(ids)))
    return set(session.scalars(query.distinct()))


def add_lines(session: Session, lines: Sequence[Mapping[str, Any]]) -> None:
    """Append lines to the histories of orders."""
    if lines:
        session.execute(insert(WorkOrderEvent), [dict(line) for line in lines])


def arrivals(session: Session, since: datetime) -> Sequence[tuple[int, str, str, datetime, datetime]]:
    """Return estate, category, urgency, report and first arrival of the orders since then; appointments teach nothing."""
    first = (
        select(WorkOrderEvent.work_order_id, func.min(WorkOrderEvent.at).label("at"))
        .where(WorkOrderEvent.to_status == Status.ON_SITE, WorkOrderEvent.at >= since)
        .group_by(WorkOrderEvent.work_order_id)
        .subquery()
    )
    query = (
        select(WorkOrder.community_id, WorkOrder.category, WorkOrder.urgency, WorkOrder.created_at, first.c.at)
        .join(first, first.c.work_order_id == WorkOrder.id)
        .where(WorkOrder.created_at >= since, WorkOrder.preferred_time.is_(None))
    )
    rows = session.execute(query)
    return [(here, category, urgency, reported, there) for here, category, urgency, reported, there in rows]
