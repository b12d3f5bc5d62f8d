"""What who goes there needs to know: where the building is, and which colleagues there are."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.domains.estate import service as estate
from backend.domains.identity import service as identity
from backend.domains.workorders.domain import CATEGORIES, DESK, HOLDER, MATE, TECHNICIAN
from backend.domains.workorders.service.views import views
from backend.domains.workorders.service.work.common import found, require_part
from backend.kit.auth import Principal
from backend.kit.geo import Point
from backend.kit.scope import system_scope


@dataclass(frozen=True, slots=True)
class Colleague:
    """A technician of the estate, to come along or to take over."""

    id: int
    name: str
    skill_titles: list[str]
    fits: bool


@dataclass(frozen=True, slots=True)
class Site:
    """The place of an order: its address, the building's position where it is known, the colleagues (not the holder)."""

    address: str
    position: Point | None
    colleagues: list[Colleague]


def site(session: Session, number: str, who: Principal) -> Site:
    """Return where an order is and who else could do it, whoever has the craft first. Raises NoSuchOrder, NotYourMove."""
    order = found(session, number)
    require_part(session, order, who, {HOLDER, MATE, TECHNICIAN, DESK}, "这是给师傅和客服看的。")
    with system_scope(session):
        there = estate.position_of(session, order.community_id, order.building) if order.building else None
        name = estate.community(session, order.community_id).name
        people = identity.technicians(session, order.community_id)
    others = [
        Colleague(p.id, p.name, [CATEGORIES.get(s, s) for s in p.skills], order.category in p.skills)
        for p in people
        if p.id not in (who.person_id, order.technician_id, order.reporter_id)
    ]
    others.sort(key=lambda c: (not c.fits, c.id))
    place = views(session, [order], who)[0].place_text
    return Site(f"{name} {place}", there, others)
