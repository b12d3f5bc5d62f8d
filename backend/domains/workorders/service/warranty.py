"""Work that was not good after all: the same technician again within the warranty, a new order after it."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from backend.domains.estate import service as estate
from backend.domains.workorders import repository, repository_acceptance
from backend.domains.workorders.domain import Report, Status
from backend.domains.workorders.models import WorkOrder
from backend.domains.workorders.models_acceptance import OrderAfterWarranty
from backend.domains.workorders.service import record
from backend.domains.workorders.service.report import report
from backend.domains.workorders.terms import warranty_days
from backend.domains.workorders.wording_acceptance import ANEW, OPENED_ANEW, TOLD_AGAIN
from backend.kit import audit, clock
from backend.kit.auth import Principal
from backend.kit.scope import system_scope


def days_of(session: Session, order: WorkOrder) -> int:
    """Return the days of warranty on an order's work."""
    with system_scope(session):
        return warranty_days(order.category, repository_acceptance.warranty(session, order.community_id))


def ends(session: Session, order: WorkOrder) -> datetime:
    """Return the last moment of the warranty on an order's work, from when it was judged last."""
    with system_scope(session):
        judged = repository_acceptance.last_judged(session, order.id) or order.updated_at
    return judged + timedelta(days=days_of(session, order))


def is_over(session: Session, order: WorkOrder) -> bool:
    """Tell whether an order is closed and its warranty has passed."""
    return order.status == Status.CLOSED and clock.now() > ends(session, order)


def open_anew(session: Session, order: WorkOrder, note: str | None, who: Principal) -> WorkOrder:
    """Open a new order for the fault of an old one; whoever says it again gets the one that is open."""
    with system_scope(session):
        repository.touch(session, order.id)  # so that two who say it at once get one order
        known = repository_acceptance.open_later(session, order.id)
        community = estate.community(session, order.community_id).code
    if known is not None:
        record.write(session, known, who, "note", "补充", note)
        return known
    days, until = days_of(session, order), ends(session, order)
    new = report(session, _same_fault(order, community), who)
    with system_scope(session):
        session.add(
            OrderAfterWarranty(
                community_id=order.community_id, work_order_id=new.id, earlier_id=order.id, until=until, days=days
            )
        )
        with audit.by_system(session):
            why = OPENED_ANEW.format(earlier=order.number, days=days, until=clock.in_words(until))
            record.write(session, new, None, "note", "关联工单", why)
            record.write(session, order, None, "note", "关联工单", TOLD_AGAIN.format(later=new.number))
    record.write(session, new, who, "note", "补充", note)
    return new


def _same_fault(order: WorkOrder, community: str) -> Report:
    return Report(
        category=order.category,
        urgency=order.urgency,
        scope=order.scope,
        fault=order.fault,
        community=community,
        building=order.building,
        unit=order.unit,
        floor=order.floor,
        room=order.room,
        place=order.place,
        asset_id=order.asset_id,
        reporter_id=order.reporter_id,
    )


def why_anew(session: Session, order: WorkOrder) -> str | None:
    """Return the words for who wanted an old order repaired again and got this one; None for an order like any other."""
    with system_scope(session):
        link = repository_acceptance.after_warranty(session, order.id)
        if link is None:
            return None
        earlier = repository.numbers(session, [link.earlier_id])[link.earlier_id]
    return ANEW.format(earlier=earlier, days=link.days, until=clock.in_words(link.until), number=order.number)
