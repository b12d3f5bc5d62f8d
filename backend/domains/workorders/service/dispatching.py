"""Who gets an order: when it is opened, given back, reopened, when staff ask for a choice, when nobody took it in time."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from backend.domains.dispatch import service as dispatch
from backend.domains.workorders import repository_dispatch
from backend.domains.workorders.domain import Confirmation, Status, Step
from backend.domains.workorders.errors import NoTechnician
from backend.domains.workorders.models import WorkOrder, WorkOrderEvent
from backend.domains.workorders.service import grabbing, record
from backend.domains.workorders.service.errands import errand_of, situation
from backend.domains.workorders.wording import EMERGENCY, ON_MOVE
from backend.domains.workorders.wording_acceptance import GONE
from backend.domains.workorders.wording_dispatch import NOBODY_FITS, NOBODY_WORKS, TO_ASSIGN, why_chosen
from backend.kit import audit, db
from backend.kit.auth import Principal
from backend.kit.problems import InvalidInput
from backend.kit.scope import system_scope


def open_new(session: Session, order: WorkOrder, who: Principal) -> None:
    """Dispatch an order that ``who`` has just reported, in the way its category goes in its estate."""
    if order.urgency == "emergency":
        record.tell(session, order, [EMERGENCY], f"order:{order.id}:emergency")
    heard = [who.person_id] if order.reporter_id == who.person_id else []
    if not find_somebody(session, order, heard):
        key = f"order:{order.id}:unassigned"
        record.tell(session, order, ON_MOVE[Status.TRIAGED], key, _why_nobody(session, order))


def find_somebody(
    session: Session, order: WorkOrder, heard: Sequence[int] = (), title: str = "派单", had_it: int | None = None
) -> bool:
    """Offer an order, leave it to staff or send somebody, as the rule of its category says. False: nobody is there.

    ``heard`` are those who hear of it anyway; who just ``had_it`` does not get it back.
    """
    errand = errand_of(session, order)
    errand = replace(errand, refused=errand.refused | {had_it}) if had_it is not None else errand
    with system_scope(session):
        rule = dispatch.rules(session, order.community_id)[order.category]
    if order.urgency != "emergency":
        if rule.mode is dispatch.Mode.ASSIGN:
            record.tell(session, order, [TO_ASSIGN], f"order:{order.id}:{order.version}:assign")
            return True
        if rule.mode is dispatch.Mode.GRAB and grabbing.offer(session, order, errand, rule):
            return True
    return send_best(session, order, errand, heard, title)


def send_best(
    session: Session, order: WorkOrder, errand: dispatch.Errand, heard: Sequence[int] = (), title: str = "派单"
) -> bool:
    """Send the best technician who works now. False: nobody fits."""
    choice = dispatch.choose(situation(session, order.community_id), errand)
    if choice is None:
        return False
    with audit.by_system(session):
        order.technician_id = choice.candidate.technician.person_id
        words = why_chosen(choice, errand)
        line = record.write(session, order, None, "assign", title, words, record.moved(order, Status.DISPATCHED))
    record.tell(session, order, ON_MOVE[Status.DISPATCHED], f"order:{order.id}:{line.id}", skip=heard)
    return True


def _why_nobody(session: Session, order: WorkOrder) -> str:
    here = situation(session, order.community_id)
    return NOBODY_WORKS if any(order.category in t.skills for t in here.technicians) else NOBODY_FITS


def assign(session: Session, order: WorkOrder, step: Step, _who: Principal) -> str | None:
    """Give an order to whom staff chose or, when they chose nobody, to the best; return what the history says of it.

    Who gave it back gets it again only if nobody else is there. Raises NoTechnician, InvalidInput.
    """
    chosen, words = step.technician_id, None
    if chosen is None:
        errand = errand_of(session, order)
        here = situation(session, order.community_id)
        choice = dispatch.choose(here, errand, anybody=True, also_refused=True)
        if choice is None:
            raise NoTechnician()
        chosen, words = choice.candidate.technician.person_id, why_chosen(choice, errand)
    elif not dispatch.is_technician(session, order.community_id, chosen):
        raise InvalidInput("这位不是本小区的师傅。", errors=[{"field": "technician", "message": "不是本小区的师傅"}])
    order.technician_id = chosen
    if order.confirmation == Confirmation.PENDING:
        order.confirmation = Confirmation.CONFIRMED
    return words or record.holder_name(session, order)


def again(session: Session, order: WorkOrder, had_it: int | None) -> bool:
    """After an order was given back, find somebody who has not refused it. False when nobody else is there."""
    found = find_somebody(session, order, title="改派", had_it=had_it)
    record.show_live(session, order)
    return found


def best(session: Session, order: WorkOrder) -> int | None:
    """Return the technician who should do an order as it is now, None when nobody fits."""
    choice = dispatch.choose(situation(session, order.community_id), errand_of(session, order))
    return choice.candidate.technician.person_id if choice else None


def back_to_technician(session: Session, order: WorkOrder) -> None:
    """A reopened order goes back to the technician who did it, to another where they are gone or on leave."""
    if order.status != Status.REOPENED:
        return
    did_it = order.technician_id
    before = situation(session, order.community_id).technician(did_it) if did_it is not None else None
    if before is None or before.duty is dispatch.Duty.LEAVE:
        order.technician_id = None
        if not send_best(session, order, errand_of(session, order)):
            key = f"order:{order.id}:{order.version}:nobody"
            record.tell(session, order, ON_MOVE[Status.TRIAGED], key, GONE)
    else:
        with audit.by_system(session):
            words = record.holder_name(session, order)
            moved = record.moved(order, Status.DISPATCHED)
            line = record.write(session, order, None, "assign", "派回原师傅", words, moved)
        record.tell(session, order, ON_MOVE[Status.DISPATCHED][:1], f"order:{order.id}:{line.id}")
    record.show_live(session, order, [did_it])


def expire_offers() -> int:
    """Dispatch what nobody took in time, each in a transaction of its own. Returns how many were sent out."""
    with db.transaction(read_only=True) as session, system_scope(session):
        due = dispatch.due_offers(session)
    return sum(_expire(order_id) for order_id in due)


def _expire(order_id: int) -> bool:
    with db.transaction() as session, system_scope(session):
        order = repository_dispatch.by_id(session, order_id)
        free = order is not None and repository_dispatch.claim_free(session, order_id)
        if not dispatch.close_offers(session, order_id, None) or order is None or not free:
            return False  # somebody was faster: who took it, or another worker
        session.refresh(order)
        sent = send_best(session, order, errand_of(session, order))
        if not sent:
            key = f"order:{order.id}:untaken:{order.version}"
            record.tell(session, order, ON_MOVE[Status.TRIAGED], key, "发出抢单后没有人接")
        record.show_live(session, order)
        return sent


@record.after_move
def _plan_again(session: Session, order: WorkOrder, line: WorkOrderEvent) -> None:
    """Every move changes who could do what next."""
    if line.to_status != Status.REPORTED:
        dispatch.changed(session, order.community_id)
