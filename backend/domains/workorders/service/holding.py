"""What keeps an order from getting a technician of its own, and what ends that: rules that hang on.

Whoever sends technicians asks ``is_held`` of a new order first; an order that is held names it in ``held_by``. Danger
to a person ends every holding at once.
"""

from collections.abc import Callable

from sqlalchemy.orm import Session

from backend.domains.workorders.models import WorkOrder

_holds: list[Callable[[Session, WorkOrder], bool]] = []
_ends: list[Callable[[Session, WorkOrder], None]] = []


def hold_back(rule: Callable[[Session, WorkOrder], bool]) -> Callable[[Session, WorkOrder], bool]:
    """Have a rule asked about every new order before somebody is sent; True keeps the order waiting."""
    _holds.append(rule)
    return rule


def end_holding(rule: Callable[[Session, WorkOrder], None]) -> Callable[[Session, WorkOrder], None]:
    """Have a rule called with a held order that has become an emergency."""
    _ends.append(rule)
    return rule


def is_held(session: Session, order: WorkOrder) -> bool:
    """Tell whether a new order waits with others instead of getting a technician of its own."""
    return order.urgency != "emergency" and any(rule(session, order) for rule in _holds)


def in_danger(session: Session, order: WorkOrder) -> None:
    """Let an order go that has become an emergency; nothing happens to any other."""
    if order.urgency == "emergency" and order.incident_id is not None:
        for rule in _ends:
            rule(session, order)
