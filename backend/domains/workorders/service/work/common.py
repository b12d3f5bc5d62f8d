"""What every step on site has in common: the order, locked; who may; in which state."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from backend.domains.identity import service as identity
from backend.domains.workorders import repository
from backend.domains.workorders.domain import STATUS_TITLES, Status
from backend.domains.workorders.errors import IllegalTransition, NoSuchOrder, NotYourMove
from backend.domains.workorders.models import WorkOrder
from backend.domains.workorders.service.views import parts_of
from backend.kit.auth import Principal, Role
from backend.kit.scope import system_scope


def found(session: Session, number: str) -> WorkOrder:
    """Return an order that the session's principal may see. Raises NoSuchOrder."""
    order = repository.by_number(session, number.strip().upper())
    if order is None:
        raise NoSuchOrder()
    return order


def locked(session: Session, number: str) -> WorkOrder:
    """Return an order that the session's principal may see, nobody else's to change until the transaction ends.

    What people do at one order at once (two phones, a queue of an hour ago) waits here instead of failing.
    Raises NoSuchOrder.
    """
    order = found(session, number)
    lock(session, order)
    return order


def lock(session: Session, order: WorkOrder) -> None:
    """Let nobody else change the order until the transaction ends, and see it as it is now."""
    with system_scope(session):
        repository.touch(session, order.id)
        session.refresh(order)


def require_part(
    session: Session, order: WorkOrder, who: Principal, parts: Collection[str], refusal: str
) -> frozenset[str]:
    """Return what ``who`` is for the order. Raises NotYourMove unless it is one of these parts."""
    own = parts_of(session, order, who)
    if not own & frozenset(parts):
        raise NotYourMove(refusal)
    return own


def require_state(order: WorkOrder, states: Collection[Status], what: str) -> None:
    """Raise IllegalTransition unless the order is in one of the states."""
    if order.status not in states:
        raise IllegalTransition(f"这张工单现在是「{STATUS_TITLES[Status(order.status)]}」，不能{what}。")


def technician_name(session: Session, person_id: int) -> str:
    """Return how a technician is called: 李师傅."""
    person = identity.views(session, [person_id]).get(person_id)
    return identity.called(person.name, Role.TECHNICIAN) if person else "师傅"
