"""Who reported an order's fault as well: they join it, and what they said is kept with all that an own order would need."""

from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from backend.domains.dispatch import service as dispatch
from backend.domains.estate import service as estate
from backend.domains.workorders import repository_again
from backend.domains.workorders.domain import URGENCIES, Report
from backend.domains.workorders.models import WorkOrder, WorkOrderFollower, WorkOrderRepeat
from backend.domains.workorders.service import clocks, holding, record
from backend.domains.workorders.wording import EMERGENCY
from backend.kit import audit, clock
from backend.kit.scope import system_scope

MOST_URGENT_FIRST = tuple(URGENCIES)


def follow(session: Session, order: WorkOrder, person_id: int) -> None:
    """Let somebody hear how an order goes; the reporter does anyway."""
    with system_scope(session):
        if person_id == order.reporter_id or repository_again.follower(session, order.id, person_id) is not None:
            return
        session.add(WorkOrderFollower(community_id=order.community_id, work_order_id=order.id, person_id=person_id))


def unfollow(session: Session, order: WorkOrder, person_id: int) -> None:
    """Let somebody hear no more of an order."""
    with system_scope(session):
        found = repository_again.follower(session, order.id, person_id)
        if found is not None:
            session.delete(found)


def keep_words(
    session: Session, order: WorkOrder, person_id: int, said: Report, *, own: bool, score: float | None = None
) -> WorkOrderRepeat:
    """Keep what somebody said about an order that was there already."""
    row = WorkOrderRepeat(
        community_id=order.community_id,
        work_order_id=order.id,
        person_id=person_id,
        source_key=said.source_key,
        at=clock.now(),
        own=own,
        fault=said.fault,
        report=_stored(said),
        attachments=list(said.attachments),
        score=score,
    )
    with system_scope(session):
        session.add(row)
    return row


def _stored(said: Report) -> dict[str, Any]:
    fields = asdict(replace(said, source_key=None, attachments=()))
    moment = said.preferred_time
    return {**fields, "attachments": [], "preferred_time": moment.isoformat() if moment else None}


def said_again(row: WorkOrderRepeat) -> Report:
    """Return the report that was kept, as an order of its own would be opened from it."""
    fields = dict(row.report)
    moment = fields.pop("preferred_time", None)
    fields["attachments"] = tuple(str(a) for a in row.attachments)
    return Report(**fields, preferred_time=datetime.fromisoformat(moment) if moment else None)


def report_of(session: Session, order: WorkOrder) -> Report:
    """Return an order as the report it came from. System work."""
    return Report(
        category=order.category,
        urgency=order.urgency,
        scope=order.scope,
        fault=order.fault,
        community=estate.community(session, order.community_id).code,
        building=order.building,
        unit=order.unit,
        floor=order.floor,
        room=order.room,
        place=order.place,
        raw=order.raw,
        asset_id=order.asset_id,
        preferred_time=order.preferred_time,
        attachments=tuple(str(a) for a in order.attachments),
        source=order.source,
    )


def raise_urgency(session: Session, order: WorkOrder, urgency: str) -> None:
    """Make an order as urgent as what was reported of the same fault; it never becomes less urgent."""
    rank = MOST_URGENT_FIRST.index
    if rank(urgency) >= rank(order.urgency):
        return
    before, order.urgency = order.urgency, urgency
    clocks.recompute(session, order, more_urgent_since=clock.now())
    with audit.by_system(session):
        text = f"{URGENCIES[before]} → {URGENCIES[urgency]}"
        line = record.write(session, order, None, "edit", "紧急程度提高", text)
    dispatch.changed(session, order.community_id)
    if urgency == "emergency":
        holding.in_danger(session, order)
        record.tell(session, order, [EMERGENCY], f"order:{order.id}:{line.id}:emergency")
