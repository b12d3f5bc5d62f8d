"""Every SQL statement about the work on site."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from backend.domains.workorders.domain import JUDGED, Status
from backend.domains.workorders.models import WorkOrder, WorkOrderEvent
from backend.domains.workorders.models_work import (
    PENDING,
    ChecklistTemplate,
    WorkOrderArrival,
    WorkOrderChecklist,
    WorkOrderChecklistItem,
    WorkOrderMate,
    WorkOrderPhoto,
    WorkOrderSignature,
    WorkOrderTransfer,
    shared_with,
)
from backend.kit.auth import Principal
from backend.kit.memo import remembered

Of = TypeVar("Of", WorkOrderArrival, WorkOrderMate, WorkOrderPhoto, WorkOrderSignature, WorkOrderTransfer)


def of_order(session: Session, table: type[Of], order_id: int) -> Sequence[Of]:
    """Return the rows of an order, oldest first."""
    return session.scalars(select(table).where(table.work_order_id == order_id).order_by(table.id)).all()


def mate_ids(session: Session, order_id: int) -> Sequence[int]:
    """Return who does the job together with its holder."""
    query = select(WorkOrderMate.person_id).where(WorkOrderMate.work_order_id == order_id)
    query = query.order_by(WorkOrderMate.id)
    return remembered(session, (WorkOrderMate,), ("mates", order_id), lambda: session.scalars(query).all())


def remove_mates(session: Session, order_id: int, person_id: int | None = None) -> None:
    """Take one mate off an order, or all of them."""
    for row in of_order(session, WorkOrderMate, order_id):
        if person_id in (None, row.person_id):
            session.delete(row)
    session.flush()


def photos_of(session: Session, media_id: str) -> Sequence[WorkOrderPhoto]:
    """Return where a picture is a photo of the work."""
    return session.scalars(select(WorkOrderPhoto).where(WorkOrderPhoto.media_id == media_id)).all()


def photographed(session: Session, order_id: int, media_ids: Sequence[str]) -> set[str]:
    """Return those of the pictures that are photos of an order already."""
    query = select(WorkOrderPhoto.media_id).where(
        WorkOrderPhoto.work_order_id == order_id, WorkOrderPhoto.media_id.in_(media_ids)
    )
    return set(session.scalars(query))


def signatures_of(session: Session, media_id: str) -> Sequence[WorkOrderSignature]:
    """Return where a picture is a signature."""
    return session.scalars(select(WorkOrderSignature).where(WorkOrderSignature.media_id == media_id)).all()


def items_showing(session: Session, media_id: str) -> Sequence[WorkOrderChecklistItem]:
    """Return the items of checklists that a picture answers."""
    return session.scalars(select(WorkOrderChecklistItem).where(WorkOrderChecklistItem.media_id == media_id)).all()


def readable(session: Session, order_ids: Sequence[int]) -> Sequence[WorkOrder]:
    """Return those of the orders that the session's principal may read."""
    return session.scalars(select(WorkOrder).where(WorkOrder.id.in_(order_ids))).all() if order_ids else []


def shared(session: Session, who: Principal, limit: int) -> Sequence[WorkOrder]:
    """Return the orders that somebody helps with or is asked to take over, newest first."""
    query = select(WorkOrder).where(WorkOrder.id.in_(shared_with(who)))
    return session.scalars(query.order_by(WorkOrder.id.desc()).limit(limit)).all()


def finished(session: Session, holder_id: int, since: datetime, limit: int) -> Sequence[tuple[WorkOrder, datetime]]:
    """Return what somebody holds that is done, and when it was finished last, the newest first."""
    last = (
        select(WorkOrderEvent.work_order_id, func.max(WorkOrderEvent.at).label("at"))
        .where(WorkOrderEvent.to_status == Status.FINISHED, WorkOrderEvent.at >= since)
        .group_by(WorkOrderEvent.work_order_id)
        .subquery()
    )
    query = (
        select(WorkOrder, last.c.at)
        .join(last, last.c.work_order_id == WorkOrder.id)
        .where(WorkOrder.technician_id == holder_id, WorkOrder.status.in_(JUDGED))
    )
    rows = session.execute(query.order_by(last.c.at.desc(), WorkOrder.id.desc()).limit(limit))
    return [(order, at) for order, at in rows]


def pending_transfer(session: Session, order_id: int) -> WorkOrderTransfer | None:
    """Return the transfer of an order that waits for an answer."""
    return session.scalar(select(WorkOrderTransfer).where(WorkOrderTransfer.pending_id == order_id))


def transfer(session: Session, order_id: int, transfer_id: int) -> WorkOrderTransfer | None:
    """Return one transfer of an order."""
    return session.scalar(
        select(WorkOrderTransfer).where(
            WorkOrderTransfer.id == transfer_id, WorkOrderTransfer.work_order_id == order_id
        )
    )


def decide_transfer(session: Session, transfer_id: int, values: dict[str, Any]) -> bool:
    """Write the answer to a transfer unless there is one. Tells whether this was the first."""
    done = session.execute(
        update(WorkOrderTransfer)
        .where(WorkOrderTransfer.id == transfer_id, WorkOrderTransfer.status == PENDING)
        .values(pending_id=None, **values)
        .execution_options(synchronize_session="fetch")
    )
    return int(done.rowcount) == 1  # type: ignore[attr-defined]


def checklist(session: Session, order_id: int) -> WorkOrderChecklist | None:
    """Return the checklist of an order."""
    return session.scalar(select(WorkOrderChecklist).where(WorkOrderChecklist.work_order_id == order_id))


def checklist_items(session: Session, order_id: int) -> Sequence[WorkOrderChecklistItem]:
    """Return the items of an order's checklist, in their order."""
    query = select(WorkOrderChecklistItem).where(WorkOrderChecklistItem.work_order_id == order_id)
    return session.scalars(query.order_by(WorkOrderChecklistItem.position)).all()


def drop_checklist(session: Session, order_id: int) -> None:
    """Delete an order's checklist."""
    for table in (WorkOrderChecklistItem, WorkOrderChecklist):
        session.execute(delete(table).where(table.work_order_id == order_id))


def template(session: Session, community_id: int, category: str) -> ChecklistTemplate | None:
    """Return an estate's own checklist for a category."""
    return session.scalar(
        select(ChecklistTemplate).where(
            ChecklistTemplate.community_id == community_id, ChecklistTemplate.category == category
        )
    )


def templates(session: Session, community_id: int) -> Sequence[ChecklistTemplate]:
    """Return an estate's own checklists."""
    return session.scalars(select(ChecklistTemplate).where(ChecklistTemplate.community_id == community_id)).all()


def to_resume(session: Session, moment: datetime, limit: int) -> Sequence[WorkOrder]:
    """Return suspended orders whose day has come and whose holder has not been reminded."""
    query = select(WorkOrder).where(
        WorkOrder.status == Status.SUSPENDED, WorkOrder.suspended_until <= moment, WorkOrder.resume_told_at.is_(None)
    )
    return session.scalars(query.order_by(WorkOrder.suspended_until).limit(limit)).all()


def take_reminder(session: Session, order: WorkOrder, moment: datetime) -> bool:
    """Note that the holder is being reminded. Tells whether nobody else has done so, and it is suspended as it was."""
    done = session.execute(
        update(WorkOrder)
        .where(
            WorkOrder.id == order.id,
            WorkOrder.version == order.version,
            WorkOrder.status == Status.SUSPENDED,
            WorkOrder.resume_told_at.is_(None),
        )
        .values(resume_told_at=moment)
        .execution_options(synchronize_session=False)
    )
    return int(done.rowcount) == 1  # type: ignore[attr-defined]
