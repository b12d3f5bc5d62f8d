"""Where the work is: the address, and the building's position where it is known."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.domains.estate import service as estate
from backend.domains.workorders.domain import DESK, HOLDER, MATE, TECHNICIAN
from backend.domains.workorders.service.views import views
from backend.domains.workorders.service.work.common import found, require_part
from backend.kit.auth import Principal
from backend.kit.geo import Point
from backend.kit.scope import system_scope


@dataclass(frozen=True, slots=True)
class Site:
    """The place of an order: its address, the building's position where it is known."""

    address: str
    position: Point | None


def site(session: Session, number: str, who: Principal) -> Site:
    """Return where an order is. Raises NoSuchOrder, NotYourMove."""
    order = found(session, number)
    require_part(session, order, who, {HOLDER, MATE, TECHNICIAN, DESK}, "这是给师傅和客服看的。")
    with system_scope(session):
        there = estate.position_of(session, order.community_id, order.building) if order.building else None
        name = estate.community(session, order.community_id).name
    place = views(session, [order], who)[0].place_text
    return Site(f"{name} {place}", there)
