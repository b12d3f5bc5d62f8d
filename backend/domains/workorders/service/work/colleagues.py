"""The other technicians of an order's estate, and which of them a name means: 「赵军」, 「老赵」, 「赵师傅」."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.domains.identity import service as identity
from backend.domains.workorders.models import WorkOrder
from backend.kit.auth import Principal
from backend.kit.problems import InvalidInput

_AROUND = re.compile(r"^[老小]|(?:师傅|师父|工|哥)$")


@dataclass(frozen=True, slots=True)
class Colleague:
    """A technician who could come along or take over; ``fits``: it is their trade."""

    person_id: int
    name: str
    fits: bool


def colleagues(session: Session, order: WorkOrder, who: Principal) -> list[Colleague]:
    """Return the other technicians of the order's estate, those of the trade first."""
    people = [t for t in identity.technicians(session, order.community_id) if t.id != who.person_id]
    found = [Colleague(t.id, t.name, order.category in t.skills) for t in people]
    return sorted(found, key=lambda c: (not c.fits, c.name))


def meant(session: Session, order: WorkOrder, name: str, who: Principal) -> int:
    """Return the one whom a name means. Raises InvalidInput when it means nobody or several."""
    found = _named(colleagues(session, order, who), name)
    if len(found) == 1:
        return found[0].person_id
    wrong = f"有{len(found)}位师傅都可能是「{name}」，请说全名" if found else f"本小区没有叫「{name}」的师傅"
    raise InvalidInput(f"{wrong}。", errors=[{"field": "to_name", "message": wrong}])


def _named(people: Sequence[Colleague], name: str) -> list[Colleague]:
    exact = [c for c in people if c.name == name]
    short = _AROUND.sub("", name)
    return exact or [c for c in people if short and c.name.startswith(short)]
