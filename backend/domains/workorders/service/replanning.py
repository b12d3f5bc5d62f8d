"""The clock of dispatch: plan an estate again when something has changed, and look after orders whose holder has left."""

from sqlalchemy.orm import Session

from backend.domains.dispatch import service as dispatch
from backend.domains.identity import service as identity
from backend.domains.workorders import repository_dispatch
from backend.domains.workorders.domain import Status
from backend.domains.workorders.models import WorkOrder
from backend.domains.workorders.service import dispatching, record
from backend.domains.workorders.service.errands import errand_of, whole_situation
from backend.domains.workorders.wording_dispatch import (
    HOLDER_GONE,
    NEW_HOLDER,
    NEW_HOLDER_FOR_REPORTERS,
    REPLANNED,
    TAKEN_AWAY,
)
from backend.kit import audit, db
from backend.kit.scope import system_scope

STARTED = (Status.ON_SITE, Status.SUSPENDED)


def replan(limit_s: float = 2.0) -> int:
    """Plan every estate whose turn it is; returns how many orders went to somebody.

    Reading, solving and each change are transactions of their own: nobody waits for the solver, and a change is made
    only if the order is still as it was when the plan was made.
    """
    with db.transaction(read_only=True) as session, system_scope(session):
        due = dispatch.to_plan(session, repository_dispatch.communities(session))
    return sum(replan_estate(community_id, limit_s) for community_id in due)


def replan_estate(community_id: int, limit_s: float = 2.0) -> int:
    """Plan one estate unless another worker has just done so; returns how many orders went to somebody."""
    with db.transaction() as session, system_scope(session):
        if not dispatch.claim(session, community_id):
            return 0
        gone = _gone(session, community_id)
    moved = sum(_let_go(community_id, person) for person in gone)
    with db.transaction(read_only=True) as session, system_scope(session):
        here = whole_situation(session, community_id)
    return moved + sum(_apply(change) for change in dispatch.propose(here, limit_s))


def _apply(change: dispatch.Relocation) -> bool:
    with db.transaction() as session, system_scope(session):
        order = repository_dispatch.by_id(session, change.order_id)
        if order is None or not _still(session, change):
            return False
        session.refresh(order)
        sent = _relocate(session, order, change)
        record.show_live(session, order, [change.from_id])
        return sent


def _still(session: Session, change: dispatch.Relocation) -> bool:
    """Lock the order if nothing has happened to it meanwhile."""
    if change.from_id is None:
        return repository_dispatch.claim_free(session, change.order_id)
    return repository_dispatch.claim_dispatched(session, change.order_id, Status.DISPATCHED, change.from_id)


def _relocate(session: Session, order: WorkOrder, change: dispatch.Relocation) -> bool:
    if change.from_id is None:
        return dispatching.send_best(session, order, errand_of(session, order))
    with audit.by_system(session):
        order.technician_id = change.to_id
        line = record.write(
            session, order, None, "assign", REPLANNED, change.why, record.moved(order, Status.DISPATCHED)
        )
    key = f"order:{order.id}:{line.id}"
    record.tell_people(session, order, TAKEN_AWAY, [change.from_id], f"{key}:away", change.why)
    record.tell(session, order, [NEW_HOLDER, NEW_HOLDER_FOR_REPORTERS], key)
    return True


def _gone(session: Session, community_id: int) -> list[int]:
    """Return who has orders of an estate in hand and is no longer a technician there."""
    there = {t.id for t in identity.technicians(session, community_id)}
    return sorted(repository_dispatch.holders(session, community_id) - there)


def _let_go(community_id: int, person_id: int) -> int:
    """Give to others what somebody who has left has not begun, and tell the desk once of what they have."""
    with db.transaction(read_only=True) as session, system_scope(session):
        ids = [o.id for o in repository_dispatch.in_hands_of(session, community_id, person_id)]
    return sum(_let_go_one(order_id, person_id) for order_id in ids)


def _let_go_one(order_id: int, person_id: int) -> bool:
    with db.transaction() as session, system_scope(session):
        order = repository_dispatch.by_id(session, order_id)
        if order is None or not repository_dispatch.claim_dispatched(session, order_id, order.status, person_id):
            return False
        session.refresh(order)
        key = f"order:{order.id}:gone:{person_id}"
        errand = errand_of(session, order)
        if order.status in STARTED or not dispatching.send_best(session, order, errand, title="改派"):
            record.tell(session, order, [HOLDER_GONE], key)
            return False
        record.show_live(session, order, [person_id])
        return True
