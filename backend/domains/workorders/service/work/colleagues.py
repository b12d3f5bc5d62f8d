"""The other technicians of an order's estate, and which of them a name means: 「赵军」, 「老赵」, 「赵师傅」."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.domains.identity import service as identity
from backend.domains.workorders.domain import CATEGORIES, DESK, HOLDER, MATE, TECHNICIAN
from backend.domains.workorders.models import WorkOrder
from backend.domains.workorders.service.work.common import found, require_part
from backend.kit.auth import Principal
from backend.kit.problems import InvalidInput

_AROUND = re.compile(r"^[老小]|(?:师傅|师父|工|哥)$")


@dataclass(frozen=True, slots=True)
class Colleague:
    """A technician who could come along or take over; ``fits``: it is their trade.

    Who ``reported`` the order may take it over, but does not help somebody else with it: they judge the work.
    """

    id: int
    name: str
    skill_titles: list[str]
    fits: bool
    reported: bool


def of_order(session: Session, number: str, who: Principal) -> list[Colleague]:
    """Return the colleagues for an order, for who works on it or could. Raises NoSuchOrder, NotYourMove."""
    order = found(session, number)
    require_part(session, order, who, {HOLDER, MATE, TECHNICIAN, DESK}, "这是给师傅和客服看的。")
    return colleagues(session, order, who)


def colleagues(session: Session, order: WorkOrder, who: Principal) -> list[Colleague]:
    """Return the other technicians of the order's estate, those of the trade first: neither ``who`` nor the holder."""
    people = identity.technicians(session, order.community_id)
    others = [t for t in people if t.id not in (who.person_id, order.technician_id)]
    return sorted((_colleague(t, order) for t in others), key=lambda c: (not c.fits, c.name, c.id))


def _colleague(person: identity.PersonView, order: WorkOrder) -> Colleague:
    titles = [CATEGORIES.get(skill, skill) for skill in person.skills]
    return Colleague(person.id, person.name, titles, order.category in person.skills, person.id == order.reporter_id)


def meant(session: Session, order: WorkOrder, name: str, who: Principal) -> int:
    """Return the one whom a name means. Raises InvalidInput when it means nobody or several."""
    called = _named(colleagues(session, order, who), name)
    if len(called) == 1:
        return called[0].id
    wrong = f"有{len(called)}位师傅都可能是「{name}」，请说全名" if called else f"本小区没有叫「{name}」的师傅"
    raise InvalidInput(f"{wrong}。", errors=[{"field": "to_name", "message": wrong}])


def _named(people: Sequence[Colleague], name: str) -> list[Colleague]:
    exact = [c for c in people if c.name == name]
    short = _AROUND.sub("", name)
    return exact or [c for c in people if short and c.name.startswith(short)]
