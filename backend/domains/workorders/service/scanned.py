"""Faults told at a device or a place itself, by scanning its label: with an account, or by somebody unknown."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from backend.domains.estate import service as estate
from backend.domains.workorders import repository
from backend.domains.workorders import repository_incidents as rows
from backend.domains.workorders.domain import Report
from backend.domains.workorders.models import WorkOrder
from backend.domains.workorders.service import checks, following, record
from backend.domains.workorders.service.report import lock_estate, report
from backend.domains.workorders.wording import EMERGENCY
from backend.kit import clock
from backend.kit.auth import Principal
from backend.kit.scope import system_scope

SOURCE = "scan"
JOINED_WITHIN = timedelta(hours=24)
MOST_PICTURES = 18


@dataclass(frozen=True, slots=True)
class Scanned:
    """The order, and whether it was there before."""

    order: WorkOrder
    joined: bool


def report_scanned(session: Session, wanted: Report, who: Principal, phone: str | None = None) -> Scanned:
    """Open an order for a device or a public place, or add to the open one of the last day.

    ``who`` without an id is nobody that we know: the order has no reporter, and what they say is read by staff only.
    An emergency joins only an emergency of the same category. Raises what ``report`` raises.
    """
    checks.require_known(wanted)
    checks.require_pictures(session, wanted.attachments)
    community = estate.community_by_code(session, wanted.community, who.community_ids)
    lock_estate(session, community)
    with system_scope(session):
        there = _there(session, wanted, community.id)
        if there is not None:
            repository.touch(session, there.id)
            session.refresh(there)
    if there is not None and (wanted.source_key is None or there.source_key != wanted.source_key):
        _join(session, there, wanted, who)
        found = Scanned(there, True)
    else:
        found = Scanned(report(session, wanted, who), False)
    if phone:
        record.write(session, found.order, who, "note", "联系电话", phone)
    return found


def scanned_before(session: Session, wanted: Report, community_id: int) -> Scanned | None:
    """Return what the same request came to before: its own order, or the one that it joined. System work."""
    own = repository.by_source_key(session, wanted.source_key) if wanted.source_key else None
    if own is not None:
        return Scanned(own, False)
    there = _there(session, wanted, community_id)
    return Scanned(there, True) if there is not None else None


def _there(session: Session, wanted: Report, community_id: int) -> WorkOrder | None:
    """Return the open order of the device or, without one, of the same craft at the place."""
    since = clock.now() - JOINED_WITHIN
    for order in rows.active_at(session, community_id, wanted.asset_id, since):
        place = (order.building, order.unit, order.place, order.category)
        here = (wanted.building, wanted.unit, wanted.place, wanted.category)
        if wanted.asset_id is None and place != here:
            continue
        if wanted.urgency != "emergency" or (order.urgency, order.category) == ("emergency", wanted.category):
            return order
    return None


def _join(session: Session, order: WorkOrder, wanted: Report, who: Principal) -> None:
    own = bool(who.person_id) and order.reporter_id == who.person_id
    if who.person_id:
        if not own:
            following.follow(session, order, who.person_id)
        following.keep_words(session, order, who.person_id, wanted, own=own)
        title = "又说了一次" if own else f"又有业主反映（第 {len(record.reporters(session, order))} 位）"
    else:
        order.attachments = [*order.attachments, *wanted.attachments][:MOST_PICTURES]
        title = "扫码又有人反映"
    line = record.write(session, order, who, "again", title, wanted.fault)
    following.raise_urgency(session, order, wanted.urgency)
    if wanted.urgency == "emergency":
        record.tell(session, order, [EMERGENCY], f"order:{order.id}:{line.id}:emergency")
    record.show_live(session, order)
