"""Every SQL statement about who holds, waits for or gave back an order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from backend.domains.workorders.domain import IN_HAND, Confirmation, Status
from backend.domains.workorders.models import WorkOrder, WorkOrderEvent

NOT_OVER = (Status.DISPATCHED, Status.ACCEPTED, Status.ON_SITE)
WORKED = (Status.ON_SITE, Status.SUSPENDED, Status.FINISHED, Status.ACCEPTED_BY_OWNER, Status.CLOSED)


def claim_free(session: Session, order_id: int) -> bool:
    """Lock an order if it still waits for a technician. Of any number at once one is told True, without an error."""
    return _claim(session, order_id, Status.TRIAGED, None)


def claim_dispatched(session: Session, order_id: int, status: str, technician_id: int) -> bool:
    """Lock an order if it still is in this state in these hands."""
    return _claim(session, order_id, status, technician_id)


def _claim(session: Session, order_id: int, status: str, technician_id: int | None) -> bool:
    done = session.execute(
        update(WorkOrder)
        .where(
            WorkOrder.id == order_id,
            WorkOrder.status == status,
            WorkOrder.technician_id.is_not_distinct_from(technician_id),
            WorkOrder.held_by.is_(None),
        )
        .values(id=WorkOrder.id)
        .execution_options(synchronize_session=False)
    )
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def by_id(session: Session, order_id: int) -> WorkOrder | None:
    """Return an order by id."""
    return session.scalar(select(WorkOrder).where(WorkOrder.id == order_id))


@dataclass(frozen=True, slots=True)
class Held:
    """What dispatch needs of an order."""

    id: int
    category: str
    urgency: str
    building: str | None
    place: str | None
    floor: str | None
    promised_at: datetime | None
    preferred_time: datetime | None
    technician_id: int | None
    status: str


_HELD = [getattr(WorkOrder, name) for name in Held.__slots__]


def of(order: WorkOrder) -> Held:
    """Return an order that is at hand."""
    return Held(*(getattr(order, name) for name in Held.__slots__))


def held(session: Session, community_id: int, limit: int) -> list[Held]:
    """Return the orders of an estate that somebody is to do or is doing, the newest first."""
    query = select(*_HELD).where(
        WorkOrder.community_id == community_id,
        WorkOrder.technician_id.is_not(None),
        WorkOrder.status.in_(NOT_OVER),
    )
    return [Held(*row) for row in session.execute(query.order_by(WorkOrder.id.desc()).limit(limit))]


def waiting(session: Session, community_id: int, limit: int) -> list[Held]:
    """Return the orders of an estate that wait for a technician and may have one, the oldest first."""
    confirmed = or_(WorkOrder.confirmation.is_(None), WorkOrder.confirmation != Confirmation.PENDING)
    query = select(*_HELD).where(
        WorkOrder.community_id == community_id,
        WorkOrder.technician_id.is_(None),
        WorkOrder.status == Status.TRIAGED,
        WorkOrder.held_by.is_(None),
        confirmed,
    )
    return [Held(*row) for row in session.execute(query.order_by(WorkOrder.id).limit(limit))]


def communities(session: Session) -> list[int]:
    """Return the estates that have orders to be done."""
    query = select(WorkOrder.community_id).where(WorkOrder.status.in_([Status.TRIAGED, *IN_HAND])).distinct()
    return [int(c) for c in session.scalars(query.order_by(WorkOrder.community_id))]


def holders(session: Session, community_id: int) -> set[int]:
    """Return who has orders of an estate in hand."""
    query = select(WorkOrder.technician_id).where(
        WorkOrder.community_id == community_id, WorkOrder.technician_id.is_not(None), WorkOrder.status.in_(IN_HAND)
    )
    return {int(person) for person in session.scalars(query.distinct()) if person is not None}


def in_hands_of(session: Session, community_id: int, person_id: int) -> Sequence[WorkOrder]:
    """Return the orders of an estate that a person has in hand."""
    query = select(WorkOrder).where(
        WorkOrder.community_id == community_id, WorkOrder.technician_id == person_id, WorkOrder.status.in_(IN_HAND)
    )
    return session.scalars(query.order_by(WorkOrder.id)).all()


def last_places(
    session: Session, community_id: int, since: datetime, limit: int
) -> list[tuple[int, str | None, str | None]]:
    """Return (person, building, place) of the orders that were worked on since a moment, the latest first."""
    query = select(WorkOrder.technician_id, WorkOrder.building, WorkOrder.place).where(
        WorkOrder.community_id == community_id,
        WorkOrder.technician_id.is_not(None),
        WorkOrder.status.in_(WORKED),
        WorkOrder.updated_at >= since,
    )
    rows = session.execute(query.order_by(WorkOrder.updated_at.desc()).limit(limit))
    return [(int(p), b, w) for p, b, w in rows if p is not None]


def moved_at(session: Session, order_ids: Sequence[int], to: Status) -> dict[int, datetime]:
    """Return when orders came into a state last."""
    query = select(WorkOrderEvent.work_order_id, func.max(WorkOrderEvent.at)).where(
        WorkOrderEvent.work_order_id.in_(order_ids), WorkOrderEvent.to_status == to
    )
    return {int(o): at for o, at in session.execute(query.group_by(WorkOrderEvent.work_order_id))}


def refusals(session: Session, order_ids: Sequence[int]) -> dict[int, frozenset[int]]:
    """Return who gave each order back since it was last reopened."""
    query = select(
        WorkOrderEvent.work_order_id, WorkOrderEvent.to_status, WorkOrderEvent.actor_id, WorkOrderEvent.actor_kind
    ).where(
        WorkOrderEvent.work_order_id.in_(order_ids),
        WorkOrderEvent.to_status.in_([Status.TRIAGED, Status.REOPENED]),
    )
    found: dict[int, set[int]] = {}
    for order, to, actor, kind in session.execute(query.order_by(WorkOrderEvent.id)):
        if to == Status.REOPENED:
            found.pop(order, None)
        elif actor is not None and kind == "technician":
            found.setdefault(order, set()).add(actor)
    return {order: frozenset(people) for order, people in found.items()}


def chosen_by_staff(session: Session, order_ids: Sequence[int]) -> set[int]:
    """Return the orders whose technician staff have chosen."""
    last = (
        select(func.max(WorkOrderEvent.id))
        .where(WorkOrderEvent.work_order_id.in_(order_ids), WorkOrderEvent.to_status == Status.DISPATCHED)
        .group_by(WorkOrderEvent.work_order_id)
    )
    query = select(WorkOrderEvent.work_order_id).where(
        WorkOrderEvent.id.in_(last), WorkOrderEvent.actor_id.is_not(None)
    )
    return {int(order) for order in session.scalars(query)}


def times_titled(session: Session, order_ids: Sequence[int], title: str) -> dict[int, int]:
    """Return how many lines with this title each order has."""
    query = select(WorkOrderEvent.work_order_id, func.count()).where(
        WorkOrderEvent.work_order_id.in_(order_ids), WorkOrderEvent.title == title
    )
    return {int(o): int(n) for o, n in session.execute(query.group_by(WorkOrderEvent.work_order_id))}
