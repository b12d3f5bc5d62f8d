"""Orders as dispatch knows them, and the estate around them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from sqlalchemy.orm import Session

from backend.domains.dispatch import service as dispatch
from backend.domains.workorders import repository, repository_dispatch
from backend.domains.workorders.domain import Status
from backend.domains.workorders.models import WorkOrder
from backend.domains.workorders.repository_dispatch import Held
from backend.domains.workorders.wording_dispatch import REPLANNED
from backend.kit import clock
from backend.kit.scope import system_scope

CAN_WAIT = frozenset({"normal", "low"})
LOOKED_AT = 300
"""Orders of an estate that are reckoned with; one that has more has other troubles."""
WORKED_LATELY = timedelta(hours=12)


def errand_of(session: Session, order: WorkOrder) -> dispatch.Errand:
    """Return one order, with who refused it."""
    with system_scope(session):
        refused = repository_dispatch.refusals(session, [order.id]).get(order.id, frozenset())
    return replace(_errand(repository_dispatch.of(order)), refused=refused)


def _errand(held: Held) -> dispatch.Errand:
    return dispatch.Errand(
        order_id=held.id,
        category=held.category,
        urgency=held.urgency,
        building=held.building,
        place=held.place,
        floor=held.floor,
        due_at=held.promised_at,
        wished_at=held.preferred_time if held.urgency in CAN_WAIT else None,
        holder_id=held.technician_id,
        stays=held.status != Status.DISPATCHED,
    )


def situation(session: Session, community_id: int) -> dispatch.Situation:
    """Return an estate as it is now, with what its technicians have to do: for one choice, at once."""
    with system_scope(session):
        held = repository_dispatch.held(session, community_id, LOOKED_AT)
        return _around(session, community_id, _with_starts(session, held))


def whole_situation(session: Session, community_id: int) -> dispatch.Situation:
    """Return an estate as it is now with all that a new plan may change: what waits, and why what is held stays where
    it is. System work."""
    held = repository_dispatch.held(session, community_id, LOOKED_AT)
    offered = dispatch.on_offer(session, community_id)
    modes = {c: r.mode for c, r in dispatch.rules(session, community_id).items()}
    waiting = [
        h
        for h in repository_dispatch.waiting(session, community_id, LOOKED_AT)
        if h.urgency == "emergency" or (h.id not in offered and modes[h.category] is not dispatch.Mode.ASSIGN)
    ]
    free = [h.id for h in held if h.status == Status.DISPATCHED]
    chosen = repository_dispatch.chosen_by_staff(session, free)
    moves = repository_dispatch.times_titled(session, free, REPLANNED)
    refused = repository_dispatch.refusals(session, [*free, *(h.id for h in waiting)])
    errands = [
        replace(
            e,
            stays=e.stays or e.order_id in chosen,
            moves=moves.get(e.order_id, 0),
            refused=refused.get(e.order_id, frozenset()),
        )
        for e in _with_starts(session, held)
    ]
    errands += [replace(_errand(h), refused=refused.get(h.id, frozenset()), stays=False) for h in waiting]
    return _around(session, community_id, errands)


def _with_starts(session: Session, held: Iterable[Held]) -> list[dispatch.Errand]:
    held = list(held)
    on_site = [h.id for h in held if h.status == Status.ON_SITE]
    started = repository_dispatch.moved_at(session, on_site, Status.ON_SITE) if on_site else {}
    now = clock.now()
    return [
        replace(_errand(h), started_at=started.get(h.id, now) if h.status == Status.ON_SITE else None) for h in held
    ]


def _around(session: Session, community_id: int, errands: list[dispatch.Errand]) -> dispatch.Situation:
    last: dict[int, dispatch.LastJob] = {}
    since = clock.now() - WORKED_LATELY
    for person, building, place in repository_dispatch.last_places(session, community_id, since, LOOKED_AT):
        last.setdefault(person, dispatch.LastJob(building, place))
    load = repository.load_by_technician(session, community_id)
    return dispatch.situation(session, community_id, errands, load, last)
