"""Every SQL statement about relations, merges that can be taken back, and incidents."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from backend.domains.workorders.domain import ACTIVE, OPEN, Status
from backend.domains.workorders.incident_rules import State
from backend.domains.workorders.models import WorkOrder, WorkOrderFollower, WorkOrderRepeat
from backend.domains.workorders.models_incidents import Incident, IncidentUpdate, WorkOrderMerge, WorkOrderRelation

COUNTED = (
    Status.REPORTED,
    Status.TRIAGED,
    Status.DISPATCHED,
    Status.ACCEPTED,
    Status.ON_SITE,
    Status.SUSPENDED,
)
"""States in which an order can come to lie under an incident."""


def relations(session: Session, order_id: int) -> Sequence[WorkOrderRelation]:
    """Return the relations of an order, oldest first."""
    mine = or_(WorkOrderRelation.first_id == order_id, WorkOrderRelation.second_id == order_id)
    return session.scalars(select(WorkOrderRelation).where(mine).order_by(WorkOrderRelation.id)).all()


def relation(session: Session, one: int, other: int, kind: str) -> WorkOrderRelation | None:
    """Return the relation of two orders, whichever came first."""
    both = or_(
        (WorkOrderRelation.first_id == one) & (WorkOrderRelation.second_id == other),
        (WorkOrderRelation.first_id == other) & (WorkOrderRelation.second_id == one),
    )
    return session.scalars(select(WorkOrderRelation).where(both, WorkOrderRelation.kind == kind).limit(1)).first()


def orders(session: Session, order_ids: Sequence[int]) -> list[WorkOrder]:
    """Return those of the orders that the session's principal may read, by id."""
    return list(session.scalars(select(WorkOrder).where(WorkOrder.id.in_(order_ids)).order_by(WorkOrder.id)))


def last_merge(session: Session, order_id: int) -> WorkOrderMerge | None:
    """Return the latest merge of an order that was not taken back."""
    query = select(WorkOrderMerge).where(WorkOrderMerge.work_order_id == order_id, WorkOrderMerge.undone_at.is_(None))
    return session.scalars(query.order_by(WorkOrderMerge.id.desc()).limit(1)).first()


def merges_under(session: Session, master_id: int, since: datetime | None) -> Sequence[WorkOrderMerge]:
    """Return the merges into an order, oldest first, those taken back as well; of all times, or since a moment."""
    query = select(WorkOrderMerge).where(WorkOrderMerge.master_id == master_id)
    if since is not None:
        query = query.where(WorkOrderMerge.at >= since)
    return session.scalars(query.order_by(WorkOrderMerge.id)).all()


def repeats(session: Session, ids: Sequence[int]) -> list[WorkOrderRepeat]:
    """Return what was said again, by id."""
    return list(session.scalars(select(WorkOrderRepeat).where(WorkOrderRepeat.id.in_(ids))))


def incident(session: Session, incident_id: int) -> Incident | None:
    """Return an incident as it is in the database now."""
    return session.get(Incident, incident_id, populate_existing=True)


def incident_by_number(session: Session, number: str) -> Incident | None:
    """Return the incident with this number."""
    return session.scalar(select(Incident).where(Incident.number == number))


def incidents(
    session: Session, state: str | None, community_id: int | None, before_id: int | None, limit: int
) -> Sequence[Incident]:
    """Return incidents, newest first."""
    query = select(Incident).order_by(Incident.id.desc()).limit(limit)
    if state is not None:
        query = query.where(Incident.state == state)
    if community_id is not None:
        query = query.where(Incident.community_id == community_id)
    if before_id is not None:
        query = query.where(Incident.id < before_id)
    return session.scalars(query).all()


def count_incidents(session: Session, state: str, community_id: int | None) -> int:
    """Count the incidents in a state."""
    query = select(func.count(Incident.id)).where(Incident.state == state)
    if community_id is not None:
        query = query.where(Incident.community_id == community_id)
    return session.scalars(query).one()


def open_incidents(session: Session, community_id: int, category: str) -> Sequence[Incident]:
    """Return the open incidents of a category in an estate, the latest first."""
    query = select(Incident).where(
        Incident.community_id == community_id, Incident.category == category, Incident.state == State.OPEN
    )
    return session.scalars(query.order_by(Incident.id.desc())).all()


def members(session: Session, incident_id: int) -> list[WorkOrder]:
    """Return the orders under an incident, by id, as they are in the database now."""
    query = select(WorkOrder).where(WorkOrder.incident_id == incident_id).order_by(WorkOrder.id)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def count_members(session: Session, incident_ids: Sequence[int]) -> dict[int, int]:
    """Return how many orders lie under each of the incidents."""
    rows = session.execute(
        select(WorkOrder.incident_id, func.count())
        .where(WorkOrder.incident_id.in_(incident_ids))
        .group_by(WorkOrder.incident_id)
    )
    return {int(incident_id): int(n) for incident_id, n in rows if incident_id is not None}


def count_going_on(session: Session, incident_id: int) -> int:
    """Count the orders under an incident that have not ended."""
    query = select(func.count(WorkOrder.id)).where(WorkOrder.incident_id == incident_id, WorkOrder.status.in_(OPEN))
    return session.scalars(query).one()


def lately(session: Session, community_id: int, categories: Sequence[str], since: datetime) -> list[WorkOrder]:
    """Return the orders of some categories that came in since a moment and are not done, by id."""
    query = select(WorkOrder).where(
        WorkOrder.community_id == community_id,
        WorkOrder.category.in_(categories),
        WorkOrder.created_at >= since,
        WorkOrder.status.in_(COUNTED),
        WorkOrder.confirmation.is_(None),
    )
    return list(session.scalars(query.order_by(WorkOrder.id)))


def follower_pairs(session: Session, order_ids: Sequence[int]) -> list[tuple[int, int]]:
    """Return (order, person) of everybody who reported one of the orders as well."""
    rows = session.execute(
        select(WorkOrderFollower.work_order_id, WorkOrderFollower.person_id)
        .where(WorkOrderFollower.work_order_id.in_(order_ids))
        .order_by(WorkOrderFollower.id)
    )
    return [(int(order), int(person)) for order, person in rows]


def updates(session: Session, incident_id: int) -> Sequence[IncidentUpdate]:
    """Return an incident's history, oldest first."""
    query = select(IncidentUpdate).where(IncidentUpdate.incident_id == incident_id)
    return session.scalars(query.order_by(IncidentUpdate.id)).all()


def touch_incident(session: Session, incident_id: int) -> None:
    """Lock an incident's row for this transaction."""
    session.execute(update(Incident).where(Incident.id == incident_id).values(id=Incident.id))


def active_at(session: Session, community_id: int, asset_id: int | None, since: datetime) -> list[WorkOrder]:
    """Return the public orders of a device (or of no device) that came in since a moment and are not done, newest first."""
    query = select(WorkOrder).where(
        WorkOrder.community_id == community_id,
        WorkOrder.scope == "public",
        WorkOrder.asset_id == asset_id,
        WorkOrder.created_at >= since,
        WorkOrder.status.in_(ACTIVE),
    )
    return list(session.scalars(query.order_by(WorkOrder.id.desc()).limit(200)))
