"""Which message an order came from."""

import re

from sqlalchemy.orm import Session

from backend.domains.workorders.models import WorkOrder, WorkOrderRepeat

_MESSAGE = re.compile(r"(?:^|:)([0-9a-f]{32})(?::|$)")
_REPEAT = re.compile(r"^repeat:(\d+)$")


def message_of(session: Session, order_id: int) -> str | None:
    """Return the id of the message that opened an order, None when it was opened otherwise."""
    order = session.get(WorkOrder, order_id)
    key = (order.source_key or "") if order is not None else ""
    repeat = _REPEAT.match(key)
    if repeat:  # it was told of another order first and opened after all
        told = session.get(WorkOrderRepeat, int(repeat.group(1)))
        key = (told.source_key or "") if told is not None else ""
    found = _MESSAGE.search(key)
    return found.group(1) if found else None
