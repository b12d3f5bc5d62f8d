"""Photos of the work: before, after, other; and who sees them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from backend.domains.estate import service as estate
from backend.domains.media import service as media
from backend.domains.workorders import repository_work
from backend.domains.workorders.domain import DESK, HOLDER, MATE
from backend.domains.workorders.models import WorkOrder
from backend.domains.workorders.models_work import WorkOrderPhoto
from backend.domains.workorders.on_site import PHOTO_KINDS, SHOWN_TO_OWNERS, WORKED_ON, happened_at
from backend.domains.workorders.service import record
from backend.domains.workorders.service.views import is_neighbour
from backend.domains.workorders.service.work.common import locked, require_part, require_state
from backend.domains.workorders.service.work.mates import helps_with_picture
from backend.kit import clock, once
from backend.kit.auth import Principal, Role
from backend.kit.problems import Conflict
from backend.kit.scope import system_scope

MOST_PHOTOS = 60
PHOTO, PHOTO_FOR_STAFF = "photo", "work"
"""Kinds of lines: photos that owners do not see have a line that they do not read."""


def add(
    session: Session,
    number: str,
    media_ids: Sequence[str],
    kind: str,
    who: Principal,
    key: str | None = None,
    at: datetime | None = None,
) -> WorkOrder:
    """Put pictures with the work; one that is there already stays as it is.

    Raises NotYourMove, IllegalTransition, InvalidInput (not one's own pictures), Conflict (too many).
    """
    order = locked(session, number)
    require_part(session, order, who, {HOLDER, MATE, DESK}, "照片由接单师傅、同行师傅或客服来传。")
    wanted = list(dict.fromkeys(media_ids))
    if not once.claim(session, who.person_id, f"photos:{order.number}", key, [wanted, kind, at]):
        return order
    require_state(order, WORKED_ON, "传现场照片")
    media.require(session, wanted, "media_ids")
    with system_scope(session):
        there = repository_work.photographed(session, order.id, wanted)
        count = len(repository_work.of_order(session, WorkOrderPhoto, order.id))
    fresh = [media_id for media_id in wanted if media_id not in there]
    if count + len(fresh) > MOST_PHOTOS:
        raise Conflict(f"一张工单最多 {MOST_PHOTOS} 张现场照片。")
    now = clock.now()
    for media_id in fresh:
        session.add(
            WorkOrderPhoto(
                work_order_id=order.id,
                community_id=order.community_id,
                media_id=media_id,
                kind=kind,
                person_id=who.person_id,
                at=now,
                happened_at=happened_at(at, now),
            )
        )
    if fresh:
        line = PHOTO if kind in SHOWN_TO_OWNERS else PHOTO_FOR_STAFF
        record.write(session, order, who, line, "现场照片", f"{PHOTO_KINDS[kind]} {len(fresh)} 张")
        record.show_live(session, order)
    return order


def works_on(session: Session, order: WorkOrder, who: Principal) -> bool:
    """Tell whether ``who`` runs or does this order, or is asked to: not every technician who could take it."""
    if order.community_id not in who.staff_community_ids:
        return False
    if who.is_desk or order.technician_id == who.person_id:
        return True
    if Role.TECHNICIAN not in who.roles:
        return False
    with system_scope(session):
        waiting = repository_work.pending_transfer(session, order.id)
    return who.person_id in record.mates(session, order) or (waiting is not None and waiting.to_id == who.person_id)


def is_owners(order: WorkOrder, who: Principal) -> bool:
    """Tell whether a reader of the order is of the home it is about, or reported it; not who reported another's home."""
    resident = order.reporter_id == who.person_id or order.community_id not in who.staff_community_ids
    return resident and (order.confirmation is None if order.scope == estate.PRIVATE else not is_neighbour(order, who))


def kinds_seen(session: Session, order: WorkOrder, who: Principal) -> frozenset[str]:
    """Return the kinds of photos that a reader of the order sees. Everybody who waits sees those of a public repair."""
    if works_on(session, order, who):
        return frozenset(PHOTO_KINDS)
    return SHOWN_TO_OWNERS if is_owners(order, who) or is_neighbour(order, who) else frozenset()


def seen(session: Session, media_id: str, who: Principal) -> bool:
    """Tell whether a picture is part of the work of an order, and ``who`` may see that part."""
    with system_scope(session):
        photos = {p.work_order_id: p.kind for p in repository_work.photos_of(session, media_id)}
        signed = {s.work_order_id for s in repository_work.signatures_of(session, media_id)}
        asked = {i.work_order_id for i in repository_work.items_showing(session, media_id)}
    for order in repository_work.readable(session, sorted({*photos, *signed, *asked})):
        if photos.get(order.id) in kinds_seen(session, order, who) or works_on(session, order, who):
            return True
        if order.id in signed and is_owners(order, who):
            return True
    return helps_with_picture(session, media_id, who) if Role.TECHNICIAN in who.roles else False


media.also_seen(seen)
