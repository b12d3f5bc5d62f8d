"""Coming to the place: the steps up to 处理中, where the phone was, and how far that is from the building."""

from datetime import datetime

from sqlalchemy.orm import Session

from backend.domains.estate import service as estate
from backend.domains.workorders.domain import DESK, HOLDER, MATE, TECHNICIAN, Status, Step
from backend.domains.workorders.models import WorkOrder
from backend.domains.workorders.models_work import WorkOrderArrival
from backend.domains.workorders.on_site import ON_THE_WAY_THERE, Fix, arrival_in_words, happened_at
from backend.domains.workorders.service import record
from backend.domains.workorders.service.moves import move
from backend.domains.workorders.service.work.common import locked, require_part
from backend.kit import clock, geo, once
from backend.kit.auth import Principal
from backend.kit.scope import system_scope


def arrive(
    session: Session,
    number: str,
    fix: Fix | None,
    who: Principal,
    key: str | None = None,
    at: datetime | None = None,
) -> WorkOrder:
    """Be on site, through the steps before it, and keep where the phone was. Far away is kept as well, not refused.

    Who is there already, or helps the holder, only leaves where they are. Raises NotYourMove, IllegalTransition.
    """
    order = locked(session, number)
    parts = require_part(
        session, order, who, {HOLDER, MATE, TECHNICIAN, DESK}, "到场要由接单师傅、同行师傅或客服来记。"
    )
    if not once.claim(session, who.person_id, f"arrival:{order.number}", key, [fix, at]):
        return order
    if order.status != Status.ON_SITE and not (MATE in parts and order.status in (Status.DISPATCHED, Status.ACCEPTED)):
        for step in ON_THE_WAY_THERE.get(Status(order.status), ()):
            move(session, number, Step(step, quiet=True), who)
        move(session, number, Step(Status.ON_SITE), who)
    elif not parts & {HOLDER, MATE, DESK}:
        require_part(session, order, who, {HOLDER, MATE, DESK}, "这张单在别的师傅手上。")
    _keep(session, order, fix, who, at)
    record.show_live(session, order)
    return order


def _keep(session: Session, order: WorkOrder, fix: Fix | None, who: Principal, at: datetime | None) -> None:
    now = clock.now()
    distance = _distance(session, order, fix)
    session.add(
        WorkOrderArrival(
            work_order_id=order.id,
            community_id=order.community_id,
            person_id=who.person_id,
            lat=fix.lat if fix else None,
            lng=fix.lng if fix else None,
            accuracy_m=fix.accuracy_m if fix else None,
            distance_m=distance,
            at=now,
            happened_at=happened_at(at, now),
        )
    )
    session.flush()
    if fix is not None and distance is not None and order.building:
        text = arrival_in_words(order.building, distance, fix.accuracy_m)
        record.write(session, order, who, "arrival", "到场", text)


def _distance(session: Session, order: WorkOrder, fix: Fix | None) -> float | None:
    if fix is None or not order.building:
        return None
    with system_scope(session):
        there = estate.position_of(session, order.community_id, order.building)
    return round(geo.distance_m((fix.lat, fix.lng), there), 1) if there else None
