"""SQL of what is open where, when and with whom."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from backend.domains.workorders.domain import OPEN, Status
from backend.domains.workorders.domain_lists import EXPECTED, Spot
from backend.domains.workorders.models import WorkOrder, WorkOrderEvent
from backend.domains.workorders.repository_lists import CARD


def _late(moment: datetime) -> Any:
    expected = and_(WorkOrder.promised_at < moment, WorkOrder.status.in_(EXPECTED))
    return func.coalesce(func.sum(case((expected, 1), else_=0)), 0)


def open_spots(session: Session, community_id: int, moment: datetime) -> list[Spot]:
    """Return how many orders are open at each place of an estate."""
    place = (WorkOrder.building, WorkOrder.unit, WorkOrder.floor, WorkOrder.room)
    rows = session.execute(
        select(*place, func.count(), _late(moment), func.min(WorkOrder.urgency_rank))
        .where(WorkOrder.community_id == community_id, WorkOrder.status.in_(OPEN))
        .group_by(*place)
    )
    return [Spot(b, u, f, r, int(n), int(late), int(rank)) for b, u, f, r, n, late, rank in rows]


def between(
    session: Session, start: datetime, end: datetime, community_id: int | None, technician_id: int | None, limit: int
) -> Sequence[Any]:
    """Return the cards of orders that are promised, or wished for, between two moments, earliest first."""
    within = [and_(moment >= start, moment < end) for moment in (WorkOrder.promised_at, WorkOrder.preferred_time)]
    query = select(*CARD).where(or_(*within), WorkOrder.status.not_in((Status.CANCELLED, Status.MERGED)))
    if community_id is not None:
        query = query.where(WorkOrder.community_id == community_id)
    if technician_id is not None:
        query = query.where(WorkOrder.technician_id == technician_id)
    at = func.coalesce(WorkOrder.preferred_time, WorkOrder.promised_at)
    return session.execute(query.order_by(at, WorkOrder.id).limit(limit)).all()


def in_hand(session: Session, person_ids: Sequence[int], moment: datetime) -> Sequence[Any]:
    """Return (technician, state, how many, how many of them late) of what is open with these people."""
    return session.execute(
        select(WorkOrder.technician_id, WorkOrder.status, func.count(), _late(moment))
        .where(WorkOrder.technician_id.in_(person_ids), WorkOrder.status.in_(OPEN))
        .group_by(WorkOrder.technician_id, WorkOrder.status)
    ).all()


def at_work(session: Session, person_ids: Sequence[int]) -> Sequence[Any]:
    """Return the cards of what these people are at, or go to next: the most urgent and earliest promised first."""
    return session.execute(
        select(*CARD)
        .where(
            WorkOrder.technician_id.in_(person_ids),
            WorkOrder.status.in_((Status.ON_SITE, Status.ACCEPTED, Status.DISPATCHED)),
        )
        .order_by(WorkOrder.urgency_rank, WorkOrder.promised_at, WorkOrder.id)
    ).all()


def finished_by(session: Session, person_ids: Sequence[int], start: datetime, end: datetime) -> dict[int, int]:
    """Return how many orders each of these people finished between two moments."""
    done = select(WorkOrderEvent.work_order_id).where(
        WorkOrderEvent.to_status == Status.FINISHED, WorkOrderEvent.at >= start, WorkOrderEvent.at < end
    )
    rows = session.execute(
        select(WorkOrder.technician_id, func.count())
        .where(WorkOrder.id.in_(done), WorkOrder.technician_id.in_(person_ids))
        .group_by(WorkOrder.technician_id)
    )
    return {int(person): int(n) for person, n in rows if person is not None}
