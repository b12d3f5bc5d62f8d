"""Which message an order came from."""

import re

from sqlalchemy.orm import Session

from backend.domains.workorders.models import WorkOrder

_MESSAGE = re.compile(r"(?:^|:)([0-9a-f]{32})(?::|$)")


def message_of(session: Session, order_id: int) -> str | None:
    """Return the id of the message that opened an order, None when it was opened otherwise."""
    order = session.get(WorkOrder, order_id)
    found = _MESSAGE.search(order.source_key or "") if order is not None else None
    return found.group(1) if found else None
