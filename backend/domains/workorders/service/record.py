"""What goes with every change of an order: its line of history, the notices, the live update."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy.orm import Session

from backend.domains.estate import service as estate
from backend.domains.identity import service as identity
from backend.domains.notices import service as notices
from backend.domains.workorders import repository, repository_work
from backend.domains.workorders.domain import CATEGORIES, URGENCIES, Status
from backend.domains.workorders.models import WorkOrder, WorkOrderEvent
from backend.domains.workorders.privacy import discreet
from backend.domains.workorders.service.views import card_for, is_neighbour, location_of, residents_of
from backend.domains.workorders.wording import FOLLOWERS, MATES, REPORTER, REPORTERS, TECHNICIAN, Tell, tap
from backend.domains.workorders.wording_clocks import interval_words
from backend.kit import clock, live
from backend.kit.auth import Claims, Principal, Role
from backend.kit.scope import system_scope

DESK_ROLES = (Role.CUSTOMER_SERVICE, Role.MANAGER)

_QUIET = "not_told_now"
AfterMove = Callable[[Session, WorkOrder, WorkOrderEvent], None]
_after_moves: list[AfterMove] = []


def after_move(rule: AfterMove) -> AfterMove:
    """Have a rule called after every change of state, in its transaction: ``from_status`` and ``to_status`` are on the
    line, and the order is as it is then. Clocks, dispatch and acceptance hang on this."""
    _after_moves.append(rule)
    return rule


@contextmanager
def without_telling(session: Session, people: Sequence[int]) -> Iterator[None]:
    """Tell these people nothing of what changes inside the block: they hear of it in one notice of its own."""
    before = session.info.get(_QUIET, ())
    session.info[_QUIET] = (*before, *people)
    try:
        yield
    finally:
        session.info[_QUIET] = before


def actor_kind(order: WorkOrder, who: Principal | None) -> str:
    """Return how the history names the kind of actor."""
    if who is None:
        return "system"
    if who.is_desk and order.reporter_id != who.person_id:
        return "staff"
    return "technician" if Role.TECHNICIAN in who.roles else "person"


def write(
    session: Session,
    order: WorkOrder,
    who: Principal | None,
    kind: str,
    title: str,
    text: str | None = None,
    moved: tuple[str | None, str] | None = None,
) -> WorkOrderEvent:
    """Append a line to the order's history; ``moved`` is (from, to). ``who`` None is the system."""
    line = WorkOrderEvent(
        work_order_id=order.id,
        community_id=order.community_id,
        at=clock.now(),
        actor_id=who.person_id or None if who else None,
        actor_name=who.name if who else "系统",
        actor_kind=actor_kind(order, who),
        kind=kind,
        title=title,
        text=text,
        from_status=moved[0] if moved else None,
        to_status=moved[1] if moved else None,
    )
    session.add(line)
    order.updated_at = line.at
    session.flush()
    if line.to_status is not None:
        for rule in _after_moves:
            rule(session, order, line)
    return line


def holder_name(session: Session, order: WorkOrder) -> str | None:
    """Return how the order's technician is called (李师傅), None when nobody has it."""
    if order.technician_id is None:
        return None
    person = identity.contacts(session, [order.technician_id]).get(order.technician_id)
    return identity.called(person.name, Role.TECHNICIAN) if person else None


def reporters(session: Session, order: WorkOrder) -> list[int]:
    """Return who is told about the order: the reporter and those who follow it."""
    return [i for i in (order.reporter_id, *followers(session, order)) if i is not None]


def followers(session: Session, order: WorkOrder) -> list[int]:
    """Return who is told besides the reporter: of a fault inside a home only those who live there."""
    with system_scope(session):
        ids = repository.follower_ids(session, order.id)
    if order.scope != estate.PRIVATE or not ids:
        return list(ids)
    people = identity.views(session, ids)
    return [i for i in ids if order.room_id is not None and order.room_id in people[i].room_ids]


def mates(session: Session, order: WorkOrder) -> list[int]:
    """Return who does the job together with its holder."""
    with system_scope(session):
        return list(repository_work.mate_ids(session, order.id))


def _hearers(session: Session, order: WorkOrder, one: Tell) -> list[int]:
    heard = _audience(session, order, one.audience)
    return [*heard, *mates(session, order)] if one.audience == TECHNICIAN and not one.buttons else heard


def _audience(session: Session, order: WorkOrder, audience: str) -> list[int]:
    if audience == REPORTERS:
        return reporters(session, order)
    if audience == FOLLOWERS:
        return followers(session, order)
    if audience == REPORTER:
        return [order.reporter_id] if order.reporter_id is not None else []
    if audience == MATES:
        return mates(session, order)
    if audience == TECHNICIAN:
        return [order.technician_id] if order.technician_id is not None else []
    return identity.staff_ids(session, order.community_id, list(DESK_ROLES))


def _fields(session: Session, order: WorkOrder, note: str | None) -> dict[str, str]:
    with system_scope(session):
        community = estate.community(session, order.community_id).code
    return {
        "number": order.number,
        "place": estate.in_words(location_of(order, community)),
        "fault": order.fault,
        "category": CATEGORIES[order.category],
        "urgency": URGENCIES[order.urgency],
        "technician": holder_name(session, order) or "师傅",
        "note": note or "",
        "reason": f"：{note.rstrip('。！')}" if note else "",
        "expected": interval_words(order.promised_from, order.promised_at),
        "into": order.merged_into or "",
        "until": f"预计 {clock.in_words(order.suspended_until)} 继续。" if order.suspended_until else "",
        "followers": str(len(followers(session, order))),
    }


def tell(
    session: Session,
    order: WorkOrder,
    tells: Iterable[Tell],
    key: str,
    note: str | None = None,
    skip: Sequence[int] = (),
) -> None:
    """Queue the notices of a change, each person once; ``skip`` are those who did or just heard it."""
    fields = _fields(session, order, note)
    skip = (*skip, *session.info.get(_QUIET, ()))
    for number, one in enumerate(tells):
        if one.only_if_followed and fields["followers"] == "0":
            continue
        for person_id in _hearers(session, order, one):
            if person_id in skip:
                continue
            _tell_one(session, order, one, person_id, f"{key}:{number}", fields)


def tell_person(
    session: Session, order: WorkOrder, one: Tell, person_id: int, key: str, note: str | None = None
) -> None:
    """Queue a notice about an order for one person, whatever its audience."""
    _tell_one(session, order, one, person_id, key, _fields(session, order, note))


def tell_people(
    session: Session, order: WorkOrder, one: Tell, person_ids: Iterable[int], key: str, note: str | None = None
) -> None:
    """Queue one notice for these people, whoever they are for the order."""
    fields = _fields(session, order, note)
    for person_id in person_ids:
        _tell_one(session, order, one, person_id, key, fields)


def _tell_one(session: Session, order: WorkOrder, one: Tell, person_id: int, key: str, fields: dict[str, str]) -> None:
    with system_scope(session):
        person = identity.load_principal(session, Claims(person_id))
        card = card_for(session, order, person) if one.with_card else None
        if is_neighbour(order, person) and fields["note"]:
            fields = {**fields, "note": discreet(fields["note"], residents_of(session, order))}
    notices.tell(
        session,
        [person_id],
        notices.Telling(
            community_id=order.community_id,
            text=one.text.format(**fields),
            key=key,
            buttons=tuple(tap(title, intent, order.number) for title, intent in one.buttons),
            card=card,
        ),
    )


def show_live(session: Session, order: WorkOrder, also: Sequence[int | None] = ()) -> None:
    """Push the change to the desk, the technicians and the reporters."""
    data = {"number": order.number, "status": order.status, "version": order.version}
    live.publish(session, "work_order", data, community_id=order.community_id, permission="workorders.read")
    people = {*reporters(session, order), order.technician_id, *mates(session, order), *also} - {None}
    for person_id in sorted(p for p in people if p is not None):
        live.publish(session, "work_order", data, community_id=order.community_id, person_id=person_id)


def moved(order: WorkOrder, to: Status) -> tuple[str, str]:
    """Set the order's status, the one place that does, and return (from, to)."""
    before = order.status
    order.status = to
    return before, to


__all__ = ["actor_kind", "after_move", "moved", "reporters", "show_live", "tell", "tell_people", "tell_person", "write"]
