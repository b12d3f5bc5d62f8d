"""Take a merge back that was a mistake: for a short time, and whole."""

from datetime import timedelta

from sqlalchemy.orm import Session

from backend.domains.workorders import repository
from backend.domains.workorders import repository_incidents as rows
from backend.domains.workorders.domain import ENDED, Status
from backend.domains.workorders.errors import TooLateToUndo
from backend.domains.workorders.incident_rules import SYSTEM_MOVES
from backend.domains.workorders.models import WorkOrder
from backend.domains.workorders.models_incidents import WorkOrderMerge
from backend.domains.workorders.service import following, holding, merging, record, restoring
from backend.domains.workorders.service.membership import WAITING, send
from backend.domains.workorders.service.moves import get
from backend.domains.workorders.wording_incidents import SEPARATED_AGAIN
from backend.kit import clock
from backend.kit.auth import Principal
from backend.kit.scope import system_scope
from backend.kit.statemachine import find_move

UNDO_WITHIN = timedelta(minutes=10)


def unmerge(session: Session, number: str, who: Principal) -> WorkOrder:
    """Make a merged order what it was, and the other without it; taken back twice changes nothing.

    Raises NoSuchOrder, TooLateToUndo.
    """
    who.require("workorders.manage")
    order = get(session, number)
    with system_scope(session):
        merging.claim(session, order, order.merged_into)
    if order.status != Status.MERGED:
        return order
    with system_scope(session):
        merge = rows.last_merge(session, order.id)
        master = repository.by_number(session, order.merged_into or "")
    if merge is None or master is None or merge.at < clock.now() - UNDO_WITHIN:
        raise TooLateToUndo("合并已经超过 10 分钟，不能撤销了。请另开一张工单。")
    if master.status in ENDED:
        raise TooLateToUndo(f"{master.number} 已经结束，不能再从它那里分开。")
    before = Status(_status_before(session, order))
    with system_scope(session):
        _give_back(session, master, merge)
    order.merged_into = None
    move = find_move(SYSTEM_MOVES, Status.MERGED, before)
    title = move.title if move else "撤销合并"
    line = record.write(session, order, who, "transition", title, master.number, record.moved(order, before))
    record.write(session, master, who, "edit", title, f"{order.number} 已分开")
    record.tell(session, order, SEPARATED_AGAIN, f"order:{order.id}:{line.id}", master.number, [who.person_id])
    if before in WAITING and order.technician_id is None and not holding.is_held(session, order):
        with system_scope(session):
            send(session, order)
    record.show_live(session, order)
    record.show_live(session, master)
    return order


def _status_before(session: Session, order: WorkOrder) -> str:
    last = repository.last_move(session, order.id)
    return (last.from_status if last is not None else None) or Status.TRIAGED


def _give_back(session: Session, master: WorkOrder, merge: WorkOrderMerge) -> None:
    """Take out of the master what the merge brought: people, words, urgency."""
    for person_id in merge.followers:
        following.unfollow(session, master, int(person_id))
    for row in rows.repeats(session, [int(i) for i in merge.repeats]):
        session.delete(row)
    restoring.restore(session, master, merge)
    merge.undone_at = clock.now()
