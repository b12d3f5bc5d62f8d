"""Which orders belong together: split from one, the same again, related, once under one incident."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.domains.workorders import repository
from backend.domains.workorders import repository_incidents as rows
from backend.domains.workorders.domain import OrderView
from backend.domains.workorders.models import WorkOrder
from backend.domains.workorders.models_incidents import Incident, WorkOrderRelation
from backend.domains.workorders.service import membership, record
from backend.domains.workorders.service.moves import get
from backend.domains.workorders.service.views import views
from backend.kit import clock
from backend.kit.auth import Principal
from backend.kit.problems import InvalidInput
from backend.kit.scope import system_scope

RELATIONS: dict[str, str] = {"split": "同一次报修拆开", "again": "又坏了", "related": "相关", "incident": "同一事件"}
BY_DESK = ("again", "related")
"""The kinds that the desk gives and takes away; the others come from what was done."""


@dataclass(frozen=True, slots=True)
class Related:
    """Another order, how it belongs here, and whether it came before."""

    kind: str
    kind_title: str
    earlier: bool
    order: OrderView


@dataclass(frozen=True, slots=True)
class Under:
    """The incident that an order lies under, as its reporter may know it: no names, no homes."""

    incident: Incident
    homes: int
    is_master: bool


@dataclass(frozen=True, slots=True)
class Relations:
    """What belongs to an order."""

    items: list[Related]
    under: Under | None


def relations(session: Session, number: str, who: Principal) -> Relations:
    """Return the orders that belong to this one, of those that ``who`` may read, and its incident. Raises NoSuchOrder."""
    order = get(session, number)
    found = rows.relations(session, order.id)
    others = {r.id: r.second_id if r.first_id == order.id else r.first_id for r in found}
    seen = rows.orders(session, list(others.values()))
    shown = {o.id: v for o, v in zip(seen, views(session, seen, who), strict=True)}
    items = [
        Related(r.kind, RELATIONS[r.kind], others[r.id] == r.first_id, shown[others[r.id]])
        for r in found
        if others[r.id] in shown
    ]
    return Relations(items, _under(session, order))


def _under(session: Session, order: WorkOrder) -> Under | None:
    if order.incident_id is None:
        return None
    with system_scope(session):
        incident = rows.incident(session, order.incident_id)
        if incident is None:
            return None
        homes = membership.affected(session, rows.members(session, incident.id)).homes
    return Under(incident, homes, incident.master_id == order.id)


def relate(session: Session, first_id: int, second: WorkOrder, kind: str, who: Principal | None) -> None:
    """Remember that two orders belong together; said again it changes nothing. System work."""
    if first_id == second.id or rows.relation(session, first_id, second.id, kind) is not None:
        return
    session.add(
        WorkOrderRelation(
            community_id=second.community_id,
            first_id=first_id,
            second_id=second.id,
            kind=kind,
            at=clock.now(),
            said_by_id=who.person_id if who else None,
        )
    )
    session.flush()


def say_related(session: Session, number: str, other: str, kind: str, who: Principal) -> Relations:
    """Say, at the desk, that two orders of an estate belong together. Raises InvalidInput, NoSuchOrder."""
    first, second = _pair(session, number, other, kind, who)
    repository.touch(session, first.id)  # said twice at once it is one line
    if rows.relation(session, first.id, second.id, kind) is None:
        with system_scope(session):
            relate(session, first.id, second, kind, who)
        for one, another in ((first, second), (second, first)):
            record.write(session, one, who, "relation", RELATIONS[kind], another.number)
    return relations(session, number, who)


def say_unrelated(session: Session, number: str, other: str, kind: str, who: Principal) -> Relations:
    """Take a relation back that the desk has given; one that is not there changes nothing."""
    first, second = _pair(session, number, other, kind, who)
    row = rows.relation(session, first.id, second.id, kind)
    if row is not None:
        session.delete(row)
        for one, another in ((first, second), (second, first)):
            record.write(session, one, who, "relation", f"取消{RELATIONS[kind]}", another.number)
    return relations(session, number, who)


def _pair(session: Session, number: str, other: str, kind: str, who: Principal) -> Sequence[WorkOrder]:
    who.require("workorders.manage")
    pair = [get(session, number), get(session, other)]
    if pair[0].id == pair[1].id or pair[0].community_id != pair[1].community_id or kind not in BY_DESK:
        raise InvalidInput("只能关联本小区的另一张工单。", errors=[{"field": "number", "message": "不能关联"}])
    return sorted(pair, key=lambda o: o.id)
