"""Move an order along its table, with what each move brings about."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from backend.domains.workorders import repository
from backend.domains.workorders.domain import (
    ACTOR_TITLES,
    MOVES,
    ON_THE_WAY,
    STATUS_TITLES,
    SYSTEM,
    Status,
    Step,
)
from backend.domains.workorders.errors import (
    IllegalTransition,
    NoSuchOrder,
    NotYourMove,
)
from backend.domains.workorders.models import WorkOrder, WorkOrderEvent
from backend.domains.workorders.service import dispatching, grabbing, merging, record, warranty
from backend.domains.workorders.service.views import actors_of, follows
from backend.domains.workorders.service.work import checklists, suspending, transfers
from backend.domains.workorders.wording import ACCEPT_FOR_US, ON_MOVE
from backend.kit.auth import Principal
from backend.kit.problems import Conflict, InvalidInput
from backend.kit.statemachine import Move, find_move


def get(session: Session, number: str) -> WorkOrder:
    """Return an order that the session's principal may see. Raises NoSuchOrder."""
    order = repository.by_number(session, number.strip().upper())
    if order is None:
        raise NoSuchOrder()
    return order


def move(session: Session, number: str, step: Step, who: Principal) -> WorkOrder:
    """Make a move. The same move again by the same person changes nothing but keeps what they say this time.
    What is not repaired after its warranty becomes an order of its own, which is returned then.

    Raises IllegalTransition, NotYourMove, Conflict (stale version), InvalidInput (note or technician missing).
    """
    order = _got(session, number, step, who)
    if step.version is not None and step.version != order.version:
        raise Conflict("这张工单刚刚有人动过，请看一下最新状态再操作。", version=order.version)
    if transfers.answered_by_move(session, order, step, who):
        return order
    if (before := _repeated(session, order, step, who)) is not None:
        if step.to is Status.SUSPENDED:
            suspending.suspended_again(session, order, step, who)
        if step.note and step.note != before.text:
            record.write(session, order, who, "note", "补充", step.note)
            record.show_live(session, order)
        return order
    legal = _legal(session, order, step, who)
    if step.to is Status.REOPENED and warranty.is_over(session, order):
        return warranty.open_anew(session, order, step.note, who)
    before_technician = order.technician_id
    words = _EFFECTS.get(step.to, _nothing)(session, order, step, who)
    title = legal.title if step.to is not Status.MERGED else f"合并到 {step.into}"
    line = record.write(session, order, who, "transition", title, step.note or words, record.moved(order, step.to))
    skip = [who.person_id]
    tells = () if step.quiet and step.to in ON_THE_WAY else ON_MOVE.get(step.to, ())
    note = step.note or ("师傅退回" if step.to is Status.TRIAGED else None)
    if step.to is not Status.TRIAGED or not dispatching.again(session, order, before_technician):
        record.tell(session, order, tells, f"order:{order.id}:{line.id}", note, skip)
    if step.to is Status.FINISHED and order.reporter_id == order.technician_id:
        record.tell(session, order, [ACCEPT_FOR_US], f"order:{order.id}:{line.id}:desk", note, skip)
    record.show_live(session, order, [before_technician])
    return order


def _got(session: Session, number: str, step: Step, who: Principal) -> WorkOrder:
    """Return the order, locked for who takes it if it is free, or merges it. Raises NoSuchOrder, TakenByAnother."""
    try:
        order = get(session, number)
    except NoSuchOrder:
        grabbing.refuse_late(session, number, step, who)
        raise
    if step.to is Status.ACCEPTED:
        grabbing.claim(session, order, who)
    if step.to is Status.MERGED:
        merging.claim(session, order, step.into)
    return order


def _repeated(session: Session, order: WorkOrder, step: Step, who: Principal) -> WorkOrderEvent | None:
    """Return the line of the same move by the same person, when nothing has moved since."""
    if order.status != step.to or step.technician_id not in (None, order.technician_id):
        return None
    if step.to is Status.MERGED and not merging.is_into(order, step.into):
        return None
    last = repository.last_move(session, order.id)
    return last if last is not None and last.actor_id == who.person_id and last.to_status == step.to else None


def _legal(session: Session, order: WorkOrder, step: Step, who: Principal) -> Move:
    found = find_move(MOVES, Status(order.status), step.to)
    if found is None:
        if order.status == step.to == Status.MERGED:
            raise IllegalTransition(
                f"这张工单已经合并到 {order.merged_into} 了，不能再合并。", frm=order.status, to=step.to
            )
        now, then = STATUS_TITLES[Status(order.status)], STATUS_TITLES[step.to]
        raise IllegalTransition(f"这张工单现在是「{now}」，不能变成「{then}」。", frm=order.status, to=step.to)
    if not found.actors & actors_of(order, who, follows(session, order, who)):
        people = "、".join(ACTOR_TITLES[a] for a in sorted(found.actors - {SYSTEM}))
        raise NotYourMove(f"「{found.title}」要由{people}来做。")
    if found.needs_note and not (step.note or "").strip():
        raise InvalidInput(f"「{found.title}」请写一句说明。", errors=[{"field": "note", "message": "必填"}])
    return found


def _nothing(session: Session, order: WorkOrder, step: Step, who: Principal) -> None:
    """Most moves bring nothing else about, and say nothing by themselves."""


def _take(_session: Session, order: WorkOrder, _step: Step, who: Principal) -> None:
    if order.technician_id is None:
        order.technician_id = who.person_id


def _release(_session: Session, order: WorkOrder, _step: Step, _who: Principal) -> None:
    order.technician_id = None


def _merge(session: Session, order: WorkOrder, step: Step, who: Principal) -> None:
    merging.merge(session, order, step.into, who)


_EFFECTS: dict[Status, Callable[[Session, WorkOrder, Step, Principal], str | None]] = {
    Status.DISPATCHED: dispatching.assign,
    Status.ACCEPTED: _take,
    Status.TRIAGED: _release,
    Status.MERGED: _merge,
    Status.SUSPENDED: suspending.suspend,
    Status.FINISHED: checklists.finish,
}


def move_back_to_technician(session: Session, order: WorkOrder) -> None:
    """A reopened order goes back to the technician who did it, if they are there."""
    dispatching.back_to_technician(session, order)
