"""A storm of reports is one incident: the rules that fold new orders, and what follows when a folded order moves."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.domains.estate import service as estate
from backend.domains.workorders import repository
from backend.domains.workorders import repository_incidents as rows
from backend.domains.workorders.domain import ENDED, IN_HAND, Status
from backend.domains.workorders.incident_rules import Area, Rule, State, rule_for, storm
from backend.domains.workorders.models import WorkOrder, WorkOrderEvent
from backend.domains.workorders.models_incidents import Incident
from backend.domains.workorders.service import holding, record, relating
from backend.domains.workorders.service.membership import (
    add_line,
    area_of,
    put_under,
    send,
    take_out,
    tell_desk,
    tell_known,
    told,
)
from backend.domains.workorders.wording_incidents import (
    MASTER_DONE_FOR_DESK,
    OPENED_FOR_DESK,
    PROPOSED_FOR_DESK,
    STILL_OUT,
)
from backend.kit import clock
from backend.kit.auth import Principal
from backend.kit.scope import system_scope


@dataclass(frozen=True, slots=True)
class NewIncident:
    """What is needed to open an incident."""

    community_id: int
    category: str
    area: Area
    title: str
    expected_at: datetime | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Storm:
    """Orders that are one thing, and where."""

    rule: Rule
    area: Area
    orders: tuple[WorkOrder, ...]
    homes: int


@holding.hold_back
def fold(session: Session, order: WorkOrder) -> bool:
    """Put a new order under the open incident that covers it, or open one when so many report the same.

    True when the order waits with the others. Orders of an estate are opened one at a time, so nobody is overlooked.
    """
    rule = rule_for(order.category, order.urgency, order.fault)
    if rule is None:
        return False
    with system_scope(session):
        incident = covering(session, order, rule)
        if incident is None:
            return _fold_storm(session, order, rule)
        put_under(session, incident, [order])
        tell_known(session, incident, [order])
        return order.held_by is not None


def covering(session: Session, order: WorkOrder, rule: Rule) -> Incident | None:
    """Return the open incident whose area holds the order."""
    return next(
        (
            i
            for i in rows.open_incidents(session, order.community_id, rule.category)
            if area_of(i).covers(order.building, order.unit, order.place)
        ),
        None,
    )


def find_storm(session: Session, community_id: int, rule: Rule) -> Storm | None:
    """Return the orders of the last minutes that the rule takes for one thing."""
    found = [
        o
        for o in rows.lately(session, community_id, rule.categories, clock.now() - rule.within)
        if rule_for(o.category, o.urgency, o.fault) is rule
    ]
    reports = told(session, found)
    area = storm(rule, reports)
    if area is None:
        return None
    inside = tuple(o for o in found if area.covers(o.building, o.unit, o.place))
    ids = {o.id for o in inside}
    return Storm(rule, area, inside, len({t.home for t in reports if t.order_id in ids}))


def _fold_storm(session: Session, order: WorkOrder, rule: Rule) -> bool:
    found = find_storm(session, order.community_id, rule)
    if found is None or order not in found.orders:
        return False
    title = f"{found.area.in_words()}{rule.title}"
    if not rule.opens:
        key = f"incident:propose:{found.area.key(order.community_id, rule.category)}:{found.orders[0].id}"
        tell_desk(session, order.community_id, key, PROPOSED_FOR_DESK.format(homes=found.homes, title=title))
        return False
    incident = open_one(session, NewIncident(order.community_id, rule.category, found.area, title), None)
    gather(session, incident, found.orders)
    tell_desk(
        session,
        order.community_id,
        f"incident:{incident.id}:opened",
        OPENED_FOR_DESK.format(homes=found.homes, title=title, incident=incident.number),
    )
    return order.held_by is not None


def open_one(session: Session, new: NewIncident, who: Principal | None) -> Incident:
    """Open an incident, or return the open one of this area. Orders of the estate are opened one at a time meanwhile."""
    key = new.area.key(new.community_id, new.category)
    moment = clock.now()
    prefix = f"{estate.community(session, new.community_id).number_prefix}{clock.local(moment):%y%m}E"
    incident = Incident(
        community_id=new.community_id,
        number=f"{prefix}-{repository.next_number(session, prefix):03d}",
        open_key=key,
        category=new.category,
        building=new.area.building,
        unit=new.area.unit,
        zone=new.area.zone,
        title=new.title[:64],
        state=State.OPEN,
        started_at=moment,
        expected_at=new.expected_at,
        message=new.message,
    )
    try:
        with session.begin_nested():
            session.add(incident)
    except IntegrityError:  # somebody opened it at this moment
        return next(i for i in rows.open_incidents(session, new.community_id, new.category) if i.open_key == key)
    add_line(session, incident, who, "opened", new.message or new.title)
    _absorb(session, incident)
    return incident


def _absorb(session: Session, incident: Incident) -> None:
    """Take over what lies under narrower incidents of the same kind: one update, one end."""
    for other in rows.open_incidents(session, incident.community_id, incident.category):
        if other.id == incident.id or not area_of(incident).contains(area_of(other)):
            continue
        for order in rows.members(session, other.id):
            order.incident_id = incident.id
            order.held_by = incident.id if order.held_by is not None else None
        incident.master_id = incident.master_id or other.master_id
        incident.expected_at = incident.expected_at or other.expected_at
        other.state, other.open_key, other.resolved_at = State.CLOSED, None, clock.now()
        add_line(session, other, None, "closed", f"已并入 {incident.number} {incident.title}")
    session.flush()


def gather(session: Session, incident: Incident, orders: tuple[WorkOrder, ...]) -> list[WorkOrder]:
    """Put orders under an incident as they are now, and tell their reporters once."""
    taken = []
    for order in orders:
        if order.incident_id is not None:
            continue
        repository.touch(session, order.id)  # a technician may be taking it at this moment
        session.refresh(order)
        if order.status in rows.COUNTED and order.urgency != "emergency":
            taken.append(order)
    put_under(session, incident, taken)
    tell_known(session, incident, taken)
    return taken


@holding.end_holding
def let_go(session: Session, order: WorkOrder) -> None:
    """An order that has become an emergency stands alone, and somebody is sent at once."""
    with system_scope(session):
        was_held = order.held_by is not None
        take_out(session, order)
        if was_held:
            send(session, order)


@record.after_move
def moved(session: Session, order: WorkOrder, line: WorkOrderEvent) -> None:
    """Keep an incident right when one of its orders moves."""
    if order.incident_id is None:
        return
    with system_scope(session):
        to = Status(str(line.to_status))
        if to in IN_HAND:
            order.held_by = None  # somebody was sent for it after all
        elif to in (Status.CANCELLED, Status.MERGED):
            take_out(session, order)
        elif to is Status.REOPENED:
            _still_out(session, order, line)
        elif to is Status.FINISHED and line.actor_id is not None:
            _master_done(session, order, line)
        elif to in ENDED:
            close_when_over(session, order.incident_id)


def _still_out(session: Session, order: WorkOrder, line: WorkOrderEvent) -> None:
    """Somebody says that at their home it is not over: the order is their own from now on, and a technician comes."""
    incident = rows.incident(session, order.incident_id or 0)
    if incident is None or incident.state == State.OPEN:
        return
    order.incident_id = order.held_by = None
    if incident.master_id is not None:
        relating.relate(session, incident.master_id, order, "incident", None)
    record.tell(session, order, STILL_OUT, f"incident:{incident.id}:still:{line.id}", incident.title)
    if order.technician_id is None:
        send(session, order)
    close_when_over(session, incident.id)


def _master_done(session: Session, order: WorkOrder, line: WorkOrderEvent) -> None:
    incident = rows.incident(session, order.incident_id or 0)
    if incident is None or incident.state != State.OPEN or incident.master_id != order.id:
        return
    text = MASTER_DONE_FOR_DESK.format(incident=incident.number, title=incident.title, text=line.text or "")
    tell_desk(session, order.community_id, f"incident:{incident.id}:done:{line.id}", text)


def close_when_over(session: Session, incident_id: int) -> None:
    """Close a resolved incident when none of its orders goes on."""
    incident = rows.incident(session, incident_id)
    if incident is not None and incident.state == State.RESOLVED and not rows.count_going_on(session, incident_id):
        incident.state = State.CLOSED
        add_line(session, incident, None, "closed", "各户都已确认")
