"""Which message an order came from, and in which conversation it was said."""

import re
from collections.abc import Callable

from sqlalchemy.orm import Session

from backend.domains.workorders.models import WorkOrder, WorkOrderRepeat

_MESSAGE = re.compile(r"(?:^|:)([0-9a-f]{32})(?::|$)")
_REPEAT = re.compile(r"^repeat:(\d+)$")


_finders: list[Callable[[Session, str], str | None]] = []


def said_in(finder: Callable[[Session, str], str | None]) -> None:
    """Say how to find the conversation of a message; the domain above that has them does."""
    _finders.append(finder)


def conversation_of(session: Session, order: WorkOrder) -> str | None:
    """Return the conversation in which an order was reported, if the session's principal may read it."""
    message_id = message_of(session, order.id)
    if message_id is None:
        return None
    return next((found for finder in _finders if (found := finder(session, message_id))), None)


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
