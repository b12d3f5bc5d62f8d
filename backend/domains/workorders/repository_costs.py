"""Every SQL statement about the costs and quotes of orders."""

from collections.abc import Sequence

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from backend.domains.workorders.domain import Status
from backend.domains.workorders.domain_costs import COMPANY, IN_FORCE, MOVED, OWNER, QuoteState
from backend.domains.workorders.models import WorkOrder
from backend.domains.workorders.models_costs import WorkOrderCost, WorkOrderQuote
from backend.domains.workorders.models_incidents import WorkOrderMerge


def costs(session: Session, order_id: int) -> Sequence[WorkOrderCost]:
    """Return the cost lines of an order that the session's principal may read, oldest first."""
    query = select(WorkOrderCost).where(WorkOrderCost.work_order_id == order_id)
    return session.scalars(query.order_by(WorkOrderCost.id)).all()


def cost(session: Session, order_id: int, cost_id: int) -> WorkOrderCost | None:
    """Return a cost line of an order."""
    query = select(WorkOrderCost).where(WorkOrderCost.work_order_id == order_id, WorkOrderCost.id == cost_id)
    return session.scalar(query)


def charged_to_owner(session: Session, order_id: int) -> int:
    """Return what is charged to the owner of an order."""
    query = select(func.coalesce(func.sum(WorkOrderCost.amount_fen), 0)).where(
        WorkOrderCost.work_order_id == order_id, WorkOrderCost.charged_to == OWNER
    )
    return int(session.scalars(query).one())


def to_company(session: Session, order_id: int) -> int:
    """Take everything off the owner; return how many lines that were."""
    lines = [line for line in costs(session, order_id) if line.charged_to == OWNER]
    for line in lines:
        line.charged_to, line.why = COMPANY, MOVED
    return len(lines)


def merged_into(session: Session, community_id: int, master_ids: Sequence[int]) -> dict[int, str]:
    """Return id and number of the orders that stand merged into some of an estate, of what one may read."""
    query = (
        select(WorkOrder.id, WorkOrder.number)
        .join(WorkOrderMerge, WorkOrderMerge.work_order_id == WorkOrder.id)
        .where(
            WorkOrderMerge.community_id == community_id,
            WorkOrderMerge.master_id.in_(master_ids),
            WorkOrderMerge.undone_at.is_(None),
            WorkOrder.status == Status.MERGED,
        )
    )
    return {int(order_id): str(number) for order_id, number in session.execute(query.order_by(WorkOrder.id))}


def charged(session: Session, order_ids: Sequence[int]) -> dict[tuple[int, str], int]:
    """Return what is charged on some orders, by order and payer."""
    query = select(WorkOrderCost.work_order_id, WorkOrderCost.charged_to, func.sum(WorkOrderCost.amount_fen))
    rows = session.execute(
        query.where(WorkOrderCost.work_order_id.in_(order_ids)).group_by(
            WorkOrderCost.work_order_id, WorkOrderCost.charged_to
        )
    )
    return {(int(order), str(payer)): int(fen) for order, payer, fen in rows}


def quote(session: Session, order_id: int, quote_id: int) -> WorkOrderQuote | None:
    """Return a quote of an order."""
    query = select(WorkOrderQuote).where(WorkOrderQuote.work_order_id == order_id, WorkOrderQuote.id == quote_id)
    return session.scalar(query)


def quote_in_force(session: Session, order_id: int) -> WorkOrderQuote | None:
    """Return the quote that counts for an order: the newest that was neither replaced nor withdrawn."""
    query = select(WorkOrderQuote).where(WorkOrderQuote.work_order_id == order_id, WorkOrderQuote.state.in_(IN_FORCE))
    return session.scalars(query.order_by(WorkOrderQuote.id.desc()).limit(1)).first()


def accepted_quote(session: Session, order_id: int) -> WorkOrderQuote | None:
    """Return the quote that was agreed to last."""
    query = select(WorkOrderQuote).where(
        WorkOrderQuote.work_order_id == order_id, WorkOrderQuote.state == QuoteState.ACCEPTED
    )
    return session.scalars(query.order_by(WorkOrderQuote.id.desc()).limit(1)).first()


def quotes(session: Session, order_id: int, *states: str) -> Sequence[WorkOrderQuote]:
    """Return the quotes of an order in these states."""
    query = select(WorkOrderQuote).where(WorkOrderQuote.work_order_id == order_id, WorkOrderQuote.state.in_(states))
    return session.scalars(query.order_by(WorkOrderQuote.id)).all()


def waiting(session: Session, limit: int) -> list[tuple[WorkOrderQuote, WorkOrder]]:
    """Return the open quotes that the session's principal may read, newest first."""
    query = (
        select(WorkOrderQuote, WorkOrder)
        .join(WorkOrder, WorkOrder.id == WorkOrderQuote.work_order_id)
        .where(WorkOrderQuote.state == QuoteState.OPEN)
        .order_by(WorkOrderQuote.id.desc())
        .limit(limit)
    )
    return [(found, order) for found, order in session.execute(query)]


def lock(session: Session, order: WorkOrder) -> None:
    """Let the costs of an order be changed by one at a time, and see what was changed until now."""
    session.execute(
        update(WorkOrder)
        .where(WorkOrder.id == order.id)
        .values(id=WorkOrder.id)
        .execution_options(synchronize_session=False)
    )
    session.refresh(order)
