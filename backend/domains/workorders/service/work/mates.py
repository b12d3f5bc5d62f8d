"""Jobs for two: colleagues who do an order together with its holder. The holder stays one."""

from datetime import datetime

from sqlalchemy.orm import Session

from backend.domains.dispatch import service as dispatch
from backend.domains.workorders import repository_work
from backend.domains.workorders.domain import DESK, HOLDER, IN_HAND, MATE, OrderView, Status
from backend.domains.workorders.errors import NotYourMove
from backend.domains.workorders.models import WorkOrder, WorkOrderEvent
from backend.domains.workorders.models_work import WorkOrderMate
from backend.domains.workorders.on_site import MOST_MATES, happened_at
from backend.domains.workorders.service import record
from backend.domains.workorders.service.views import views
from backend.domains.workorders.service.work.common import locked, require_part, require_state, technician_name
from backend.domains.workorders.wording_work import MATE_ADDED, MATE_GONE, MATES_HEAR
from backend.kit import clock, once
from backend.kit.auth import Principal
from backend.kit.problems import Conflict, InvalidInput
from backend.kit.scope import system_scope

SHOWN = 100


def add(
    session: Session, number: str, person_id: int, who: Principal, key: str | None = None, at: datetime | None = None
) -> WorkOrder:
    """Have a colleague do the job as well; twice changes nothing.

    Raises NotYourMove, IllegalTransition, InvalidInput (not a technician of the estate, the holder, who reported it).
    """
    order = locked(session, number)
    require_part(session, order, who, {HOLDER, DESK}, "同行师傅由接单师傅或客服来加。")
    if not once.claim(session, who.person_id, f"mate:{order.number}", key, [person_id, at]):
        return order
    require_state(order, IN_HAND, "加同行师傅")
    _require_fit(session, order, person_id)
    helping = record.mates(session, order)
    if person_id in helping:
        return order
    if len(helping) >= MOST_MATES:
        raise Conflict(f"一张工单最多 {MOST_MATES} 位同行师傅。")
    now = clock.now()
    session.add(
        WorkOrderMate(
            work_order_id=order.id,
            community_id=order.community_id,
            person_id=person_id,
            added_by_id=who.person_id,
            at=now,
            happened_at=happened_at(at, now),
        )
    )
    session.flush()
    line = record.write(session, order, who, "mate", "同行", f"{technician_name(session, person_id)}一起处理")
    record.tell_person(session, order, MATE_ADDED, person_id, f"order:{order.id}:{line.id}:mate")
    record.show_live(session, order)
    return order


def _require_fit(session: Session, order: WorkOrder, person_id: int) -> None:
    wrong = None
    if not dispatch.is_technician(session, order.community_id, person_id):
        wrong = "这位不是本小区的师傅。"
    elif person_id == order.technician_id:
        wrong = "这张单本来就是这位师傅的。"
    elif person_id == order.reporter_id:  # who does the work does not judge it
        wrong = "报修的是这位师傅本人，不能做同行。"
    if wrong:
        raise InvalidInput(wrong, errors=[{"field": "person_id", "message": wrong.rstrip("。")}])


def remove(session: Session, number: str, person_id: int, who: Principal) -> WorkOrder:
    """Take a colleague off the job; who is not on it stays so. Raises NotYourMove."""
    order = locked(session, number)
    parts = require_part(session, order, who, {HOLDER, DESK, MATE}, "同行师傅由接单师傅或客服来减。")
    if not parts & {HOLDER, DESK} and person_id != who.person_id:
        raise NotYourMove("您只能自己退出，别的同行师傅由接单师傅或客服来减。")
    if person_id not in record.mates(session, order):
        return order
    with system_scope(session):
        repository_work.remove_mates(session, order.id, person_id)
    line = record.write(session, order, who, "mate", "同行", f"{technician_name(session, person_id)}不一起去了")
    if person_id != who.person_id:
        record.tell_person(session, order, MATE_GONE, person_id, f"order:{order.id}:{line.id}:mate")
    record.show_live(session, order, [person_id])
    return order


def shared(session: Session, who: Principal) -> list[OrderView]:
    """Return the orders that ``who`` helps with or is asked to take over, newest first."""
    return views(session, repository_work.shared(session, who, SHOWN), who)


@record.after_move
def follow(session: Session, order: WorkOrder, line: WorkOrderEvent) -> None:
    """Mates hear how it goes; who becomes the holder is no mate any more; nobody helps where nobody holds."""
    helping = record.mates(session, order)
    if not helping:
        return
    told = MATES_HEAR.get(Status(line.to_status)) if line.to_status else None
    if told:
        skip = [line.actor_id] if line.actor_id is not None else []
        record.tell(session, order, [told], f"order:{order.id}:{line.id}:mates", line.text, skip)
    with system_scope(session):
        if line.to_status == Status.TRIAGED:
            repository_work.remove_mates(session, order.id)
        elif order.technician_id in helping:
            repository_work.remove_mates(session, order.id, order.technician_id)


def helps_with_picture(session: Session, media_id: str, who: Principal) -> bool:
    """Tell whether a picture was sent with an order that ``who`` helps with."""
    return any(media_id in order.attachments for order in repository_work.shared(session, who, SHOWN))
