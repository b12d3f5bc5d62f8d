"""What an order costs together with those that were merged into it: read only, each keeps its own lines and consent."""

from sqlalchemy.orm import Session

from backend.domains.workorders import repository_costs
from backend.domains.workorders.domain_costs import COMPANY, OWNER, Share
from backend.domains.workorders.models import WorkOrder
from backend.domains.workorders.service.merging import CHAIN
from backend.kit.auth import Principal


def shares(session: Session, order: WorkOrder, who: Principal) -> tuple[Share, ...]:
    """Return the order's own share and those of all that was merged into it; nothing where nothing was.

    For who reads every order of the estate: a sum over some of them would be wrong.
    """
    if "workorders.read" not in who.permissions or order.community_id not in who.staff_community_ids:
        return ()
    found = {order.id: order.number}
    masters = [order.id]
    for _ in range(CHAIN):
        below = repository_costs.merged_into(session, order.community_id, masters)
        masters = [order_id for order_id in below if order_id not in found]
        if not masters:
            break
        found.update(below)
    if len(found) == 1:
        return ()
    fen = repository_costs.charged(session, list(found))
    return tuple(Share(number, fen.get((i, OWNER), 0), fen.get((i, COMPANY), 0)) for i, number in found.items())
