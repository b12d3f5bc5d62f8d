"""One report that is work for two crafts becomes two orders."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from backend.domains.dispatch import service as dispatch
from backend.domains.duplicates import service as duplicates
from backend.domains.identity import service as identity
from backend.domains.notices import service as notices
from backend.domains.workorders import repository
from backend.domains.workorders import repository_incidents as rows
from backend.domains.workorders.domain import ACTIVE, CATEGORIES, Confirmation, Status, Step
from backend.domains.workorders.errors import NothingToSplit
from backend.domains.workorders.models import WorkOrder
from backend.domains.workorders.service import dispatching, following, holding, record, relating
from backend.domains.workorders.service.membership import NOBODY_FITS
from backend.domains.workorders.service.moves import get, move
from backend.domains.workorders.service.report import report
from backend.domains.workorders.service.vectors import embed_again
from backend.domains.workorders.wording import ON_MOVE
from backend.domains.workorders.wording_incidents import SPLIT, SPLIT_PART
from backend.kit import once
from backend.kit.auth import Principal
from backend.kit.scope import system_scope


@dataclass(frozen=True, slots=True)
class Part:
    """One of the faults; without an urgency it is as urgent as the whole was."""

    category: str
    fault: str
    urgency: str | None = None


def split(
    session: Session, number: str, parts: Sequence[Part], who: Principal, key: str | None = None
) -> list[WorkOrder]:
    """Leave the first part in the order and open one for each other, for the same people, place and pictures.

    Returns all of them, the first first. The same ``key`` splits once. Raises NothingToSplit, NoSuchOrder, KeyReused.
    """
    who.require("workorders.manage")
    order = get(session, number)
    sent = [[p.category, p.fault, p.urgency] for p in parts]
    if not once.claim(session, who.person_id, f"split:{order.number}", key, sent):
        return [order, *_split_before(session, order)]
    repository.touch(session, order.id)
    session.refresh(order)
    _require_splittable(order)
    heard = record.reporters(session, order)
    with record.without_telling(session, heard):
        line = record.write(
            session, order, who, "split", "拆分", "；".join(f"{CATEGORIES[p.category]}：{p.fault}" for p in parts)
        )
        opened = [
            _open(session, order, part, f"split:{order.id}:{line.id}:{n}", who) for n, part in enumerate(parts[1:])
        ]
        _keep(session, order, parts[0], who)
    _tell(session, [order, *opened], heard, line.id)
    record.show_live(session, order)
    return [order, *opened]


def _split_before(session: Session, order: WorkOrder) -> list[WorkOrder]:
    found = [r.second_id for r in rows.relations(session, order.id) if r.kind == "split" and r.first_id == order.id]
    return rows.orders(session, found)


def _require_splittable(order: WorkOrder) -> None:
    if order.confirmation == Confirmation.PENDING:
        raise NothingToSplit("这张工单还没核实是谁家的，请先核实再拆分。")
    if order.status not in ACTIVE:
        raise NothingToSplit("这张工单已经做完或结束了，不能再拆分。")


def _open(session: Session, order: WorkOrder, part: Part, key: str, who: Principal) -> WorkOrder:
    with system_scope(session):
        whole = following.report_of(session, order)
        followers = repository.follower_ids(session, order.id)
    wanted = replace(
        whole,
        category=part.category,
        fault=part.fault,
        urgency=part.urgency or order.urgency,
        asset_id=None if part.category != order.category else order.asset_id,
        source_key=key,
        reporter_id=order.reporter_id,
    )
    nobody = replace(who, person_id=0) if order.reporter_id is None else who
    opened = report(session, wanted, nobody)
    for person_id in followers:
        following.follow(session, opened, person_id)
    with system_scope(session):
        relating.relate(session, order.id, opened, "split", who)
    duplicates.say_different(session, order.id, opened.id, order.community_id, who)
    record.write(session, opened, who, "split", "拆分", f"从 {order.number} 拆出")
    return opened


def _keep(session: Session, order: WorkOrder, part: Part, who: Principal) -> None:
    """Let the order be its first part only; a technician without the craft is replaced where one fits."""
    changed = order.category != part.category
    order.category, order.fault = part.category, part.fault
    order.urgency = part.urgency or order.urgency
    session.flush()
    embed_again(session, order)
    holding.in_danger(session, order)
    if order.held_by is not None or not (order.technician_id is None or (changed and _lacks_craft(session, order))):
        return
    if order.status in (Status.TRIAGED, Status.DISPATCHED, Status.ACCEPTED, Status.SUSPENDED):
        chosen = dispatching.best(session, order)
        if chosen is None:
            record.tell(session, order, ON_MOVE[Status.TRIAGED], f"order:{order.id}:split:unassigned", NOBODY_FITS)
        elif chosen != order.technician_id:
            move(session, order.number, Step(Status.DISPATCHED, technician_id=chosen), who)


def _lacks_craft(session: Session, order: WorkOrder) -> bool:
    if order.technician_id is None or not dispatch.is_technician(session, order.community_id, order.technician_id):
        return True
    person = identity.views(session, [order.technician_id])[order.technician_id]
    return order.category not in person.skills


def _tell(session: Session, orders: Sequence[WorkOrder], people: Sequence[int], line_id: int) -> None:
    parts = "、".join(
        SPLIT_PART.format(number=o.number, category=CATEGORIES[o.category], fault=o.fault) for o in orders
    )
    text = SPLIT.format(count=len(orders), parts=parts)
    telling = notices.Telling(orders[0].community_id, text, f"order:{orders[0].id}:split:{line_id}")
    notices.tell(session, people, telling)
