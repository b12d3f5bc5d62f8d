"""Handing an order over to a named colleague 转单: asked, then taken or not; until then the holder stays the holder."""

from datetime import datetime

from sqlalchemy.orm import Session

from backend.domains.dispatch import service as dispatch
from backend.domains.workorders import repository, repository_work
from backend.domains.workorders.domain import DESK, HOLDER, IN_HAND, Status, Step
from backend.domains.workorders.errors import NotYourMove, TransferDecided
from backend.domains.workorders.models import WorkOrder, WorkOrderEvent
from backend.domains.workorders.models_work import PENDING, WorkOrderTransfer
from backend.domains.workorders.on_site import happened_at
from backend.domains.workorders.service import record
from backend.domains.workorders.service.views import actors_of
from backend.domains.workorders.service.work import colleagues, common
from backend.domains.workorders.wording_work import (
    TRANSFER_ASKED,
    TRANSFER_ASKED_DESK,
    TRANSFER_DECLINED,
    TRANSFER_DECLINED_DESK,
    TRANSFER_OVER,
    TRANSFER_TAKEN,
    TRANSFER_TAKEN_DESK,
    TRANSFER_TAKEN_REPORTERS,
)
from backend.kit import clock, once
from backend.kit.auth import Principal, Role
from backend.kit.problems import Conflict, InvalidInput, NotFound
from backend.kit.scope import system_scope

ACCEPT, DECLINE, WITHDRAW = "accept", "decline", "withdraw"
LAPSED = "lapsed"
BECOMES = {ACCEPT: "accepted", DECLINE: "declined", WITHDRAW: "withdrawn"}
TITLES = {PENDING: "等答复", "accepted": "已接手", "declined": "没接", "withdrawn": "已取消", LAPSED: "已失效"}
SAID_BY_MOVE = {Status.ACCEPTED: ACCEPT, Status.TRIAGED: DECLINE}
"""In chat the buttons 接单 and 不接 ask for these moves; for who is asked to take over they are the answer."""


def ask(
    session: Session,
    number: str,
    to: int | str,
    reason: str,
    who: Principal,
    key: str | None = None,
    at: datetime | None = None,
) -> WorkOrder:
    """Ask a colleague, by id or by name, to take the order over. The same again changes nothing.

    Raises NotYourMove, IllegalTransition, InvalidInput, Conflict (somebody else is being asked).
    """
    order = common.locked(session, number)
    if HOLDER not in actors_of(order, who):
        raise NotYourMove("转单要由接单师傅来提；客服请直接改派。")
    if not once.claim(session, who.person_id, f"transfer:{order.number}", key, [to, reason, at]):
        return order
    to_id = to if isinstance(to, int) else colleagues.meant(session, order, to, who)
    common.require_state(order, IN_HAND, "转单")
    if to_id == who.person_id or not dispatch.is_technician(session, order.community_id, to_id):
        wrong = "这张单本来就在您手上。" if to_id == who.person_id else "这位不是本小区的师傅。"
        raise InvalidInput(wrong, errors=[{"field": "to_person_id", "message": wrong.rstrip("。")}])
    if (waiting := _pending(session, order)) is not None:
        if waiting.to_id == to_id:
            return order
        raise Conflict(f"已经在等{common.technician_name(session, waiting.to_id)}答复，先取消再转给别人。")
    _ask(session, order, to_id, reason, who, at)
    return order


def _ask(session: Session, order: WorkOrder, to_id: int, reason: str, who: Principal, at: datetime | None) -> None:
    now = clock.now()
    row = WorkOrderTransfer(
        work_order_id=order.id,
        pending_id=order.id,
        community_id=order.community_id,
        from_id=who.person_id,
        to_id=to_id,
        reason=reason,
        status=PENDING,
        at=now,
        happened_at=happened_at(at, now),
    )
    session.add(row)
    session.flush()
    name = common.technician_name(session, to_id)
    record.write(session, order, who, "transfer", "请求转单", f"转给{name}：{reason}")
    key = f"order:{order.id}:transfer:{row.id}"
    record.tell_person(session, order, TRANSFER_ASKED, to_id, f"{key}:asked", reason)
    record.tell(session, order, [TRANSFER_ASKED_DESK], f"{key}:asked:desk", f"转给{name}：{reason}", [who.person_id])
    record.show_live(session, order, [to_id])


def _pending(session: Session, order: WorkOrder) -> WorkOrderTransfer | None:
    with system_scope(session):
        return repository_work.pending_transfer(session, order.id)


def decide(
    session: Session, number: str, transfer_id: int, decision: str, who: Principal, words: str | None = None
) -> WorkOrderTransfer:
    """Take over, decline, or (the holder, the desk) withdraw. The same answer again changes nothing.

    Raises NotFound, NotYourMove, TransferDecided.
    """
    with system_scope(session):
        order = repository.by_number(session, number.strip().upper())
        row = repository_work.transfer(session, order.id, transfer_id) if order else None
    here = order is not None and order.community_id in who.staff_community_ids
    mine = row is not None and who.person_id in (row.from_id, row.to_id)
    if order is None or row is None or not here or not (mine or who.is_desk):
        raise NotFound("没有找到这次转单。")
    common.lock(session, order)
    session.refresh(row)
    if decision == WITHDRAW:
        if who.person_id != row.from_id and not who.is_desk:
            raise NotYourMove("取消转单要由提出的师傅或客服来做。")
    elif who.person_id != row.to_id:
        raise NotYourMove("这次转单要由对方师傅来答复。")
    _decide(session, order, row, decision, who, words)
    return row


def answered_by_move(session: Session, order: WorkOrder, step: Step, who: Principal) -> bool:
    """Take 「接单」 or 「不接」 of somebody who was asked to take the order over as their answer. False for all others."""
    decision = SAID_BY_MOVE.get(step.to)
    if decision is None or order.technician_id == who.person_id or Role.TECHNICIAN not in who.roles:
        return False
    row = _pending(session, order)
    if row is None or row.to_id != who.person_id:
        return False
    common.lock(session, order)
    with system_scope(session):
        session.refresh(row)
    _decide(session, order, row, decision, who, step.note)
    return True


def _decide(
    session: Session, order: WorkOrder, row: WorkOrderTransfer, decision: str, who: Principal, words: str | None
) -> None:
    if row.status != PENDING:
        if row.status == BECOMES[decision]:
            return
        raise TransferDecided(f"这次转单已经有结果了：{TITLES[row.status]}。", decision=row.status)
    _close(row, BECOMES[decision], who.person_id, words)
    with system_scope(session):
        session.flush()
    if decision == ACCEPT:
        _take_over(session, order, row, who)
    else:
        _stays(session, order, row, decision, who, words)
    record.show_live(session, order, [row.from_id, row.to_id])


def _close(row: WorkOrderTransfer, status: str, by: int | None, words: str | None) -> None:
    row.status, row.pending_id = status, None
    row.decided_at, row.decided_by_id, row.answer = clock.now(), by, words


def _take_over(session: Session, order: WorkOrder, row: WorkOrderTransfer, who: Principal) -> None:
    """Change the holder. What was only dispatched is accepted with it; all else stays as it stands."""
    order.technician_id = who.person_id
    with system_scope(session):
        repository_work.remove_mates(session, order.id, who.person_id)
    moved = record.moved(order, Status.ACCEPTED) if order.status == Status.DISPATCHED else None
    name = common.technician_name(session, who.person_id)
    line = record.write(session, order, who, "assign", "转单", f"改由{name}处理", moved)
    key = f"order:{order.id}:{line.id}:taken"
    record.tell_person(session, order, TRANSFER_TAKEN, row.from_id, key, name)
    before = common.technician_name(session, row.from_id)
    tells = [TRANSFER_TAKEN_DESK, TRANSFER_TAKEN_REPORTERS]
    record.tell(session, order, tells, f"{key}:told", f"{before} → {name}", [who.person_id])


def _stays(
    session: Session, order: WorkOrder, row: WorkOrderTransfer, decision: str, who: Principal, words: str | None
) -> None:
    name = common.technician_name(session, row.to_id)
    said = f"{name}没接" if decision == DECLINE else "已取消"
    said += f"（{words}）" if words else ""
    line = record.write(session, order, who, "transfer", "转单没成", said)
    key = f"order:{order.id}:{line.id}"
    if decision == DECLINE:
        record.tell_person(session, order, TRANSFER_DECLINED, row.from_id, f"{key}:from", said)
        record.tell(session, order, [TRANSFER_DECLINED_DESK], f"{key}:desk", said)
    else:
        record.tell_person(session, order, TRANSFER_OVER, row.to_id, f"{key}:to")


@record.after_move
def lapse(session: Session, order: WorkOrder, line: WorkOrderEvent) -> None:
    """A question is over when the order is no longer in the hands of who asked it."""
    if line.from_status not in IN_HAND:
        return  # nobody had it to hand over
    row = _pending(session, order)
    if row is None or (order.status in IN_HAND and order.technician_id == row.from_id):
        return
    _close(row, LAPSED, None, None)
    with system_scope(session):
        session.flush()
    if row.to_id != order.technician_id:
        record.tell_person(session, order, TRANSFER_OVER, row.to_id, f"order:{order.id}:{line.id}:lapsed")


def may_decide(row: WorkOrderTransfer, order: WorkOrder, who: Principal) -> list[str]:
    """Return the answers that ``who`` may give now."""
    if row.status != PENDING:
        return []
    found = [ACCEPT, DECLINE] if who.person_id == row.to_id else []
    desk = DESK in actors_of(order, who)
    return [*found, WITHDRAW] if who.person_id == row.from_id or desk else found
