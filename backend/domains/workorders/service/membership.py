"""Orders under an incident: who lies there, who is told, which one order is sent, and how one comes out again.

All of it is system work (the caller lifts the limits): it concerns orders of people other than the one who speaks.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.domains.dispatch import service as dispatch
from backend.domains.estate import service as estate
from backend.domains.identity import service as identity
from backend.domains.notices import service as notices
from backend.domains.workorders import repository_incidents as rows
from backend.domains.workorders.domain import IN_HAND, Status
from backend.domains.workorders.incident_rules import SYSTEM_MOVES, Area, Told
from backend.domains.workorders.models import WorkOrder, WorkOrderEvent
from backend.domains.workorders.models_incidents import Incident, IncidentUpdate
from backend.domains.workorders.service import dispatching, record
from backend.domains.workorders.service.views import card_for
from backend.domains.workorders.wording import ON_MOVE, tap
from backend.domains.workorders.wording_incidents import EXPECTED, KNOWN, NOT_YET_EXPECTED, PULLED_BACK
from backend.kit import audit, clock, live
from backend.kit.auth import Claims, Principal
from backend.kit.statemachine import find_move

NOBODY_FITS = "没有对口的师傅"
ON_THE_WAY = (Status.DISPATCHED, Status.ACCEPTED)
WAITING = (Status.REPORTED, Status.TRIAGED)
KIND = "incident"


@dataclass(frozen=True, slots=True)
class Affected:
    """Who is told about orders, each with the order that is theirs, and how many homes that is."""

    people: Mapping[int, WorkOrder]
    homes: int


def area_of(incident: Incident) -> Area:
    """Return where an incident is."""
    return Area(incident.building, incident.unit, incident.zone)


def affected(session: Session, orders: Sequence[WorkOrder]) -> Affected:
    """Return the reporters of orders, first and later, and count their homes."""
    by_id = {o.id: o for o in orders}
    pairs = [(o.id, o.reporter_id) for o in orders if o.reporter_id is not None]
    pairs += rows.follower_pairs(session, list(by_id))
    views = identity.views(session, sorted({person for _, person in pairs}))
    people: dict[int, WorkOrder] = {}
    homes: set[str] = set()
    for order_id, person in pairs:
        order, rooms = by_id[order_id], views[person].room_ids
        if order.scope == estate.PRIVATE and person != order.reporter_id and order.room_id not in rooms:
            continue
        people.setdefault(person, order)
        homes.add(_home(order, person, rooms))
    return Affected(people, len(homes))


def told(session: Session, orders: Sequence[WorkOrder]) -> list[Told]:
    """Return orders as the rules see them; what nobody reported counts for no home."""
    views = identity.views(session, sorted({o.reporter_id for o in orders if o.reporter_id is not None}))
    return [
        Told(o.id, o.building, o.unit, _home(o, o.reporter_id, views[o.reporter_id].room_ids))
        for o in orders
        if o.reporter_id is not None
    ]


def _home(order: WorkOrder, person: int, rooms: Sequence[int]) -> str:
    if order.scope == estate.PRIVATE and order.room_id is not None:
        return f"room {order.room_id}"
    return f"room {min(rooms)}" if rooms else f"person {person}"


def move_itself(
    session: Session, order: WorkOrder, to: Status, text: str | None, kind: str = "transition"
) -> WorkOrderEvent:
    """Make a move of the system's own table."""
    legal = find_move(SYSTEM_MOVES, Status(order.status), to)
    if legal is None:
        raise ValueError(f"{order.number}: {order.status} → {to}")
    with audit.by_system(session):
        return record.write(session, order, None, kind, legal.title, text, record.moved(order, to))


def put_under(session: Session, incident: Incident, orders: Iterable[WorkOrder]) -> list[WorkOrder]:
    """Put orders under an incident. One of them stays or gets on its way; technicians of the others are called back."""
    taken = list(orders)
    for order in taken:
        order.incident_id = incident.id
    if incident.master_id is None and taken:
        incident.master_id = next((o for o in taken if o.status in IN_HAND), taken[0]).id
    for order in taken:
        if order.id == incident.master_id:
            note_on(session, order, f"属于「{incident.title}」，由这张工单统一处理")
        else:
            _hold(session, incident, order)
            note_on(session, order, f"属于「{incident.title}」，统一处理")
        record.show_live(session, order)
    session.flush()
    return taken


def note_on(session: Session, order: WorkOrder, text: str) -> None:
    """Add a line about the incident to an order's history."""
    with audit.by_system(session):
        record.write(session, order, None, KIND, "多户同报", text)


def _hold(session: Session, incident: Incident, order: WorkOrder) -> None:
    if order.status in ON_THE_WAY:
        order.held_by = incident.id
        record.tell(session, order, PULLED_BACK, f"incident:{incident.id}:back:{order.id}", incident.title)
        move_itself(session, order, Status.TRIAGED, incident.title)
        order.technician_id = None
    elif order.status in WAITING:
        dispatch.close_offers(session, order.id, None)
        order.held_by = incident.id


def take_out(session: Session, order: WorkOrder) -> Incident | None:
    """Let an order stand alone again; the incident's work goes on with another order, if it was this one. Sends nobody."""
    incident = rows.incident(session, order.incident_id) if order.incident_id is not None else None
    order.incident_id = order.held_by = None
    session.flush()
    if incident is not None and incident.master_id == order.id and incident.open_key is not None:
        promote(session, incident)
    return incident


def promote(session: Session, incident: Incident) -> None:
    """Send a technician for another of the orders, the one that waits longest."""
    waiting = [o for o in rows.members(session, incident.id) if o.held_by is not None]
    incident.master_id = waiting[0].id if waiting else None
    session.flush()
    if waiting:
        waiting[0].held_by = None
        send(session, waiting[0])


def send(session: Session, order: WorkOrder) -> None:
    """Send the technician who fits best; the desk hears where nobody does."""
    chosen = dispatching.best(session, order)
    if chosen is None:
        key = f"order:{order.id}:{order.version}:unassigned"
        record.tell(session, order, ON_MOVE[Status.TRIAGED], key, NOBODY_FITS)
        return
    order.technician_id = chosen
    line = move_itself(session, order, Status.DISPATCHED, record.holder_name(session, order), "assign")
    record.tell(session, order, ON_MOVE[Status.DISPATCHED], f"order:{order.id}:{line.id}")
    record.show_live(session, order)


def add_line(session: Session, incident: Incident, who: Principal | None, kind: str, text: str) -> IncidentUpdate:
    """Append a line to an incident's history and show it to the desk."""
    line = IncidentUpdate(
        community_id=incident.community_id,
        incident_id=incident.id,
        at=clock.now(),
        actor_id=who.person_id if who else None,
        actor_name=who.name if who else "系统",
        kind=kind,
        text=text,
        expected_at=incident.expected_at,
    )
    session.add(line)
    session.flush()
    data = {"number": incident.number, "state": incident.state}
    live.publish(session, "incident", data, community_id=incident.community_id, permission="workorders.read")
    return line


def expected_words(incident: Incident, otherwise: str = "") -> str:
    """Return when it is expected to be over, in words that go on from a sentence."""
    return EXPECTED.format(at=clock.in_words(incident.expected_at)) if incident.expected_at else otherwise


def tell_known(session: Session, incident: Incident, orders: Sequence[WorkOrder]) -> None:
    """Tell the reporters of these orders once that it is known, how many homes have it and until when."""
    homes = affected(session, rows.members(session, incident.id)).homes
    text = {"homes": str(homes), "expected": expected_words(incident, NOT_YET_EXPECTED)}
    tell(session, incident, affected(session, orders).people, "known", KNOWN, text)


def tell(
    session: Session,
    incident: Incident,
    people: Mapping[int, WorkOrder],
    key: str,
    words: str,
    fields: Mapping[str, str],
    buttons: Sequence[tuple[str, str]] = (),
) -> None:
    """Tell each person once, about their own order."""
    for person_id, order in people.items():
        card = card_for(session, order, identity.load_principal(session, Claims(person_id)))
        text = words.format(title=incident.title, number=order.number, **fields)
        taps = tuple(tap(title, intent, order.number) for title, intent in buttons)
        telling = notices.Telling(incident.community_id, text, f"incident:{incident.id}:{key}", taps, card)
        notices.tell(session, [person_id], telling)


def tell_desk(session: Session, community_id: int, key: str, text: str) -> None:
    """Tell the desk of an estate."""
    desk = identity.staff_ids(session, community_id, list(record.DESK_ROLES))
    notices.tell(session, desk, notices.Telling(community_id, text, key))
