"""What the desk does with incidents: open one by hand, tell all at once, take an order in or out, resolve, close."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from backend.domains.estate import service as estate
from backend.domains.workorders import repository
from backend.domains.workorders import repository_incidents as rows
from backend.domains.workorders.domain import IN_HAND, STATUS_TITLES, Status
from backend.domains.workorders.errors import IncidentOpen, IncidentOver, NeverFolded
from backend.domains.workorders.incident_rules import NEVER, State, rule_for, rule_of
from backend.domains.workorders.models import WorkOrder
from backend.domains.workorders.models_incidents import Incident
from backend.domains.workorders.service import folding, membership, record
from backend.domains.workorders.service.folding import NewIncident
from backend.domains.workorders.service.incident_views import find
from backend.domains.workorders.service.moves import get
from backend.domains.workorders.service.report import lock_estate
from backend.domains.workorders.wording_incidents import (
    DONE_WITH_IT,
    ON_ITS_OWN,
    RECOVERED,
    RECOVERED_BUTTONS,
    UPDATE,
)
from backend.kit import clock, once
from backend.kit.auth import Principal
from backend.kit.scope import system_scope

STILL_THERE = (Status.TRIAGED, Status.DISPATCHED, Status.ACCEPTED, Status.ON_SITE, Status.SUSPENDED, Status.REOPENED)


def open_by_hand(
    session: Session, new: NewIncident, numbers: Sequence[str], who: Principal, key: str | None = None
) -> Incident:
    """Open an incident, with the orders named and all of the last minutes that its rule finds in the area.

    Raises IncidentOpen, NoSuchOrder, NoSuchPlace, NeverFolded.
    """
    who.require("workorders.manage")
    area_key = new.area.key(new.community_id, new.category)
    first = once.claim(session, who.person_id, "incident", key, [area_key, new.title, list(numbers)])
    with system_scope(session):
        place = estate.Location(None, new.area.building, new.area.unit)
        estate.require_existing(session, new.community_id, place, "")
        lock_estate(session, estate.community(session, new.community_id))
        there = [i for i in rows.open_incidents(session, new.community_id, new.category) if i.open_key == area_key]
    if there and not first:
        return there[0]
    if there:
        raise IncidentOpen(f"{there[0].title}已经有事件 {there[0].number} 了。", number=there[0].number)
    rule = rule_of(new.category)
    named = [_foldable(session, get(session, n), new.community_id) for n in numbers]
    with system_scope(session):
        title = new.title or f"{new.area.in_words()}{rule.title}"
        incident = folding.open_one(session, replace(new, title=title), who)
        lately = [
            o
            for o in rows.lately(session, new.community_id, rule.categories, clock.now() - rule.within)
            if rule_for(o.category, o.urgency, o.fault) is rule
            and new.area.covers(o.building, o.unit, o.place)
            and o.incident_id is None
        ]
        found = {o.id: o for o in (*named, *lately)}
        folding.gather(session, incident, tuple(found[i] for i in sorted(found)))
        _have_master_sent(session, incident)
    return incident


def _have_master_sent(session: Session, incident: Incident) -> None:
    master = rows.orders(session, [incident.master_id]) if incident.master_id is not None else []
    if master and master[0].technician_id is None and master[0].status == Status.TRIAGED:
        membership.send(session, master[0])


def _foldable(session: Session, order: WorkOrder, community_id: int) -> WorkOrder:
    if order.community_id != community_id:
        raise NeverFolded("那张工单是别的小区的，不能放在一起。")
    if order.urgency == "emergency" or NEVER.search(order.fault):
        raise NeverFolded(f"{order.number} 关系到人身安全，要单独派人，不能并入事件。")
    if order.status not in rows.COUNTED:
        raise NeverFolded(f"{order.number} 现在是「{STATUS_TITLES[Status(order.status)]}」，不能并入事件。")
    return order


def _open(session: Session, number: str, who: Principal) -> Incident:
    """Return an open incident, locked, while no order of its estate is opened."""
    who.require("workorders.manage")
    incident = find(session, number)
    with system_scope(session):
        lock_estate(session, estate.community(session, incident.community_id))
    rows.touch_incident(session, incident.id)
    session.refresh(incident)
    if incident.state != State.OPEN:
        raise IncidentOver()
    return incident


def add_orders(session: Session, number: str, numbers: Sequence[str], who: Principal) -> Incident:
    """Put orders under an incident; those that lie there already stay. Raises IncidentOver, NeverFolded, NoSuchOrder."""
    incident = _open(session, number, who)
    wanted = [o for n in numbers if (o := get(session, n)).incident_id != incident.id]
    for order in wanted:
        _foldable(session, order, incident.community_id)
        if order.incident_id is not None:
            raise NeverFolded(f"{order.number} 已经在另一个事件里，请先从那里移出。")
    with system_scope(session):
        taken = folding.gather(session, incident, tuple(wanted))
        _have_master_sent(session, incident)
        if taken:
            membership.add_line(session, incident, who, "added", "并入 " + "、".join(o.number for o in taken))
    return incident


def detach(session: Session, number: str, order_number: str, who: Principal) -> Incident:
    """Take an order out that is something else and send somebody for it; one that is not there changes nothing.

    Raises NoSuchOrder, IncidentOver.
    """
    incident = _open(session, number, who)
    order = get(session, order_number)
    if order.incident_id != incident.id:
        return incident
    with system_scope(session):
        was_held = order.held_by is not None
        membership.take_out(session, order)
        record.write(session, order, who, membership.KIND, "移出多户同报", f"不属于「{incident.title}」")
        record.tell(session, order, ON_ITS_OWN, f"incident:{incident.id}:out:{order.id}", incident.title)
        if was_held:
            membership.send(session, order)
        membership.add_line(session, incident, who, "removed", f"移出 {order.number}")
        record.show_live(session, order)
    return incident


def say(
    session: Session, number: str, text: str, expected_at: datetime | None, who: Principal, key: str | None = None
) -> Incident:
    """Tell the reporters of all the orders something, each once. Raises IncidentOver, KeyReused."""
    who.require("workorders.manage")
    if not once.claim(session, who.person_id, f"incident:{number}:update", key, [text, expected_at]):
        return find(session, number)
    incident = _open(session, number, who)
    incident.expected_at = expected_at or incident.expected_at
    incident.message = text
    with system_scope(session):
        line = membership.add_line(session, incident, who, "update", text)
        people = membership.affected(session, rows.members(session, incident.id)).people
        fields = {"text": text.rstrip("。！!"), "expected": membership.expected_words(incident)}
        membership.tell(session, incident, people, f"update:{line.id}", UPDATE, fields)
    return incident


def resolve(session: Session, number: str, note: str, who: Principal) -> Incident:
    """Finish all the orders with a note and ask each home whether it works again. Raises IncidentOver."""
    incident = _open(session, number, who)
    with system_scope(session):
        done = [o for o in rows.members(session, incident.id) if _finish(session, incident, o, note)]
        incident.state, incident.open_key, incident.resolved_at = State.RESOLVED, None, clock.now()
        membership.add_line(session, incident, who, "resolved", note)
        people = membership.affected(session, done).people
        membership.tell(session, incident, people, "resolved", RECOVERED, {"text": note}, RECOVERED_BUTTONS)
        folding.close_when_over(session, incident.id)
    return incident


def _finish(session: Session, incident: Incident, order: WorkOrder, note: str) -> bool:
    repository.touch(session, order.id)
    session.refresh(order)
    order.held_by = None
    if order.status not in STILL_THERE:
        return False
    if order.status in IN_HAND:
        key = f"incident:{incident.id}:done:{order.id}"
        record.tell(session, order, DONE_WITH_IT, key, incident.title)
    membership.move_itself(session, order, Status.FINISHED, note)
    record.show_live(session, order)
    return True


def close(session: Session, number: str, who: Principal) -> Incident:
    """Close a resolved incident though somebody has not answered; closing twice changes nothing. Raises IncidentOver."""
    who.require("workorders.manage")
    incident = find(session, number)
    if incident.state == State.OPEN:
        raise IncidentOver("这个事件还没恢复，请先点「已恢复」。")
    if incident.state == State.RESOLVED:
        incident.state = State.CLOSED
        membership.add_line(session, incident, who, "closed", "客服关闭")
    return incident
