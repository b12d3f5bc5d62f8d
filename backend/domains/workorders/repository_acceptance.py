"""Every SQL statement about judging work: timers, terms, ratings, orders after the warranty."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from backend.domains.workorders.domain import OPEN, Status
from backend.domains.workorders.models import WorkOrder, WorkOrderEvent
from backend.domains.workorders.models_acceptance import (
    Acceptance,
    EstateAcceptanceTerms,
    OrderAfterWarranty,
    WarrantyTerm,
    WorkOrderRating,
)


def terms(session: Session, community_id: int) -> EstateAcceptanceTerms | None:
    """Return an estate's own hours."""
    return session.scalar(select(EstateAcceptanceTerms).where(EstateAcceptanceTerms.community_id == community_id))


def warranty(session: Session, community_id: int) -> dict[str, int]:
    """Return an estate's own days of warranty by category."""
    rows = session.scalars(select(WarrantyTerm).where(WarrantyTerm.community_id == community_id))
    return {row.category: row.days for row in rows}


def replace_warranty(session: Session, community_id: int, days: Mapping[str, int]) -> None:
    """Put an estate's own days of warranty in the place of what it had."""
    session.execute(delete(WarrantyTerm).where(WarrantyTerm.community_id == community_id))
    session.add_all(WarrantyTerm(community_id=community_id, category=c, days=d) for c, d in days.items())


def finished_times(session: Session, order_id: int) -> int:
    """Count how often an order's work was finished."""
    query = select(func.count(WorkOrderEvent.id)).where(
        WorkOrderEvent.work_order_id == order_id, WorkOrderEvent.to_status == Status.FINISHED
    )
    return session.scalars(query).one()


def last_judged(session: Session, order_id: int) -> datetime | None:
    """Return when an order's work was accepted last, or finished where nobody accepted it."""
    query = select(WorkOrderEvent.at).where(
        WorkOrderEvent.work_order_id == order_id,
        WorkOrderEvent.to_status.in_([Status.FINISHED, Status.ACCEPTED_BY_OWNER]),
    )
    return session.scalars(query.order_by(WorkOrderEvent.id.desc()).limit(1)).first()


def latest(session: Session, order_id: int) -> Acceptance | None:
    """Return an order's latest round as it is in the database now."""
    query = select(Acceptance).where(Acceptance.work_order_id == order_id).order_by(Acceptance.round.desc()).limit(1)
    return session.scalars(query.execution_options(populate_existing=True)).first()


def due(session: Session, now: datetime, after_id: int, limit: int) -> list[tuple[int, int]]:
    """Return (round, order) of a page of the rounds with a step that is due, by id."""
    query = select(Acceptance.id, Acceptance.work_order_id).where(Acceptance.next_at <= now, Acceptance.id > after_id)
    return [(int(i), int(order)) for i, order in session.execute(query.order_by(Acceptance.id).limit(limit))]


def step(session: Session, seen: Acceptance, **values: Any) -> bool:
    """Take a round's next step, unless somebody else was faster."""
    done = session.execute(
        update(Acceptance)
        .where(Acceptance.id == seen.id, Acceptance.stage == seen.stage, Acceptance.next_at == seen.next_at)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    session.expire(seen)
    return bool(done.rowcount == 1)  # type: ignore[attr-defined]


def order_now(session: Session, order_id: int) -> WorkOrder:
    """Return an order as it is in the database now."""
    query = select(WorkOrder).where(WorkOrder.id == order_id).execution_options(populate_existing=True)
    return session.scalars(query).one()


def ratings(session: Session, order_id: int) -> Sequence[WorkOrderRating]:
    """Return what was given for an order, the newest first."""
    query = select(WorkOrderRating).where(WorkOrderRating.work_order_id == order_id)
    return session.scalars(query.order_by(WorkOrderRating.round.desc())).all()


def is_rated(session: Session, order_id: int, round_: int) -> bool:
    """Tell whether a round of an order has its stars."""
    query = select(WorkOrderRating.id).where(WorkOrderRating.work_order_id == order_id, WorkOrderRating.round >= round_)
    return session.scalar(query.limit(1)) is not None


def after_warranty(session: Session, order_id: int) -> OrderAfterWarranty | None:
    """Return what an order follows, None when it stands for itself."""
    return session.scalar(select(OrderAfterWarranty).where(OrderAfterWarranty.work_order_id == order_id))


def later(session: Session, order_id: int) -> list[WorkOrder]:
    """Return the orders that followed one after its warranty, oldest first."""
    query = select(WorkOrder).join(OrderAfterWarranty, OrderAfterWarranty.work_order_id == WorkOrder.id)
    return list(session.scalars(query.where(OrderAfterWarranty.earlier_id == order_id).order_by(WorkOrder.id)))


def open_later(session: Session, order_id: int) -> WorkOrder | None:
    """Return the order that followed one after its warranty and is not over."""
    return next((o for o in later(session, order_id) if o.status in OPEN), None)


def seen(session: Session, order_ids: Sequence[int]) -> list[WorkOrder]:
    """Return those of the orders that the session's principal may read."""
    return list(session.scalars(select(WorkOrder).where(WorkOrder.id.in_(order_ids)).order_by(WorkOrder.id)))
