"""Quotes as people see them, and who may answer one."""

from sqlalchemy.orm import Session

from backend.domains.estate import service as estate
from backend.domains.identity import service as identity
from backend.domains.stock import service as stock
from backend.domains.workorders.domain_costs import COST_KINDS, QuoteLine, QuoteState, QuoteView
from backend.domains.workorders.models import WorkOrder
from backend.domains.workorders.models_costs import WorkOrderQuote
from backend.kit.auth import Claims, Principal
from backend.kit.scope import system_scope


def may_decide(order: WorkOrder, who: Principal) -> bool:
    """Tell whether a person answers for the home that an order is about.

    That is who lives there, or the resident who reported it; not who does the work, nor staff, nor a neighbour who told
    of somebody else's home.
    """
    if order.scope != estate.PRIVATE or order.confirmation is not None or order.technician_id == who.person_id:
        return False
    reported = order.reporter_id == who.person_id and order.community_id not in who.staff_community_ids
    return reported or (order.room_id is not None and order.room_id in who.room_ids)


def deciders(session: Session, order: WorkOrder) -> list[int]:
    """Return who may answer a quote for the order."""
    with system_scope(session):
        ids = [order.reporter_id] if order.reporter_id is not None else []
        ids += identity.living_in(session, order.room_id) if order.room_id is not None else []
        people = [identity.load_principal(session, Claims(i)) for i in dict.fromkeys(ids)]
    return [p.person_id for p in people if may_decide(order, p)]


def view(quote: WorkOrderQuote, order: WorkOrder, who: Principal) -> QuoteView:
    """Return a quote as somebody sees it."""
    state = QuoteState(quote.state)
    return QuoteView(
        quote.id,
        order.number,
        state,
        quote.total_fen,
        tuple(QuoteLine(**line) for line in quote.lines),
        quote.by_name,
        quote.at,
        quote.decided_at,
        quote.decided_by_name,
        quote.words,
        yours=state is QuoteState.OPEN and may_decide(order, who),
    )


def in_words(lines: tuple[QuoteLine, ...]) -> str:
    """Return the lines of a quote as the owner reads them, one below the other."""
    return "\n".join(
        f"{n}. {line.what} {line.quantity} {line.unit} × {stock.yuan(line.price_fen)} = {stock.yuan(line.amount_fen)}"
        f"（{COST_KINDS[line.kind]}）"
        for n, line in enumerate(lines, 1)
    )
