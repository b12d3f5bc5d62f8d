"""Orders that are offered to all who fit (抢单): of any number who take one at once exactly one gets it."""

from sqlalchemy.orm import Session

from backend.domains.dispatch import service as dispatch
from backend.domains.identity import service as identity
from backend.domains.workorders import repository, repository_dispatch
from backend.domains.workorders.domain import Status, Step
from backend.domains.workorders.errors import TakenByAnother
from backend.domains.workorders.models import WorkOrder, WorkOrderEvent
from backend.domains.workorders.service import record
from backend.domains.workorders.service.errands import situation
from backend.domains.workorders.wording_dispatch import OFFERED
from backend.kit import live
from backend.kit.auth import Principal, Role
from backend.kit.scope import system_scope

ACROSS_THE_ESTATE = "workorders.work"


def offer(session: Session, order: WorkOrder, errand: dispatch.Errand, rule: dispatch.Rule) -> bool:
    """Offer an order to everybody who fits and works now. False when nobody does."""
    ranked = dispatch.rank(situation(session, order.community_id), errand)
    fitting = [c for c in ranked if c.fits and not c.refused and c.technician.duty is dispatch.Duty.ON]
    if not fitting:
        return False
    people = [c.technician.person_id for c in fitting]
    made = dispatch.open_offer(session, order.community_id, order.id, len(people), rule.grab_minutes)
    record.tell_people(session, order, OFFERED, people, f"order:{order.id}:offer:{made.round}")
    show_all(session, order)
    return True


def show_all(session: Session, order: WorkOrder) -> None:
    """Push to every technician of the estate that an order is there to be taken, or no longer: one event for all."""
    data = {"number": order.number, "status": order.status, "version": order.version}
    live.publish(session, "work_order", data, community_id=order.community_id, permission=ACROSS_THE_ESTATE)


def claim(session: Session, order: WorkOrder, who: Principal) -> None:
    """Take an order that nobody has, before anybody else does; other orders are left as they are.

    The row is locked by a conditional update, so that whoever is slower waits for the faster one and is then told who
    it was. Raises TakenByAnother.
    """
    if order.status != Status.TRIAGED or order.technician_id is not None:
        return
    with system_scope(session):
        repository_dispatch.claim_free(session, order.id)
        session.refresh(order)
    if order.technician_id not in (None, who.person_id):
        raise TakenByAnother(_too_late(session, order))


def refuse_late(session: Session, number: str, step: Step, who: Principal) -> None:
    """Tell a technician to whom an order was offered who took it; they do not see the order any more.

    Raises TakenByAnother, or nothing when it was not so.
    """
    if step.to is not Status.ACCEPTED or Role.TECHNICIAN not in who.roles:
        return
    with system_scope(session):
        order = repository.by_number(session, number.strip().upper())
        if order is None or order.community_id not in who.staff_community_ids or order.category not in who.skills:
            return
        last = dispatch.last_offer(session, order.id)
        if last is not None and last.taken_by_id is not None and last.taken_by_id == order.technician_id:
            raise TakenByAnother(_too_late(session, order))


def _too_late(session: Session, order: WorkOrder) -> str:
    name = identity.views(session, [order.technician_id])[order.technician_id].name if order.technician_id else ""
    return f"手慢了一步，{identity.called(name, Role.TECHNICIAN)}已经接了。"


@record.after_move
def _end_offer(session: Session, order: WorkOrder, line: WorkOrderEvent) -> None:
    """What leaves the queue, however, is no longer on offer."""
    if line.from_status != Status.TRIAGED:
        return
    taken_by = order.technician_id if line.to_status == Status.ACCEPTED else None
    if dispatch.close_offers(session, order.id, taken_by):
        show_all(session, order)
