"""A signature on the phone at the door: proof that somebody came and showed the work. Accepting it stays the owner's."""

from datetime import datetime

from sqlalchemy.orm import Session

from backend.domains.media import service as media
from backend.domains.workorders import repository_work
from backend.domains.workorders.domain import HOLDER
from backend.domains.workorders.models import WorkOrder
from backend.domains.workorders.models_work import WorkOrderSignature
from backend.domains.workorders.on_site import SIGNATURE_BYTES, SIGNED_IN, happened_at
from backend.domains.workorders.service import record
from backend.domains.workorders.service.work.common import locked, require_part, require_state
from backend.domains.workorders.wording_work import SIGNED
from backend.kit import clock, once
from backend.kit.auth import Principal
from backend.kit.problems import InvalidInput
from backend.kit.scope import system_scope

DRAWN_AS = "image/png"


def sign(
    session: Session,
    number: str,
    media_id: str,
    name: str,
    who: Principal,
    key: str | None = None,
    at: datetime | None = None,
) -> WorkOrder:
    """Keep a signature that was drawn on the holder's phone. The same picture again changes nothing.

    Raises NotYourMove, IllegalTransition, InvalidInput (not a small PNG of one's own).
    """
    order = locked(session, number)
    require_part(session, order, who, {HOLDER}, "签字要在接单师傅的手机上签。")
    if not once.claim(session, who.person_id, f"signature:{order.number}", key, [media_id, name, at]):
        return order
    require_state(order, SIGNED_IN, "签字，到场后才可以")
    media.require(session, [media_id], "media_id")
    drawn = media.about(session, media_id, who)
    if drawn.content_type != DRAWN_AS or drawn.size_bytes > SIGNATURE_BYTES:
        raise InvalidInput("签名要用页面上画的小图（PNG）。", errors=[{"field": "media_id", "message": "不是签名图"}])
    with system_scope(session):
        there = repository_work.of_order(session, WorkOrderSignature, order.id)
    if any(row.media_id == media_id for row in there):
        return order
    now = clock.now()
    session.add(
        WorkOrderSignature(
            work_order_id=order.id,
            community_id=order.community_id,
            media_id=media_id,
            name=name,
            person_id=who.person_id,
            at=now,
            happened_at=happened_at(at, now),
        )
    )
    line = record.write(session, order, who, "signature", "现场签字", name)
    record.tell(session, order, [SIGNED], f"order:{order.id}:{line.id}", name, [who.person_id])
    record.show_live(session, order)
    return order
