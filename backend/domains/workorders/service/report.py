"""Open an order: once per source key, triaged and dispatched in the same transaction."""

from datetime import datetime

from sqlalchemy.orm import Session

from backend.domains.dispatch import service as dispatch
from backend.domains.equipment import service as equipment
from backend.domains.estate import service as estate
from backend.domains.workorders import repository
from backend.domains.workorders.domain import CATEGORIES, SCOPES, SOURCES, URGENCIES, Report, Status
from backend.domains.workorders.models import WorkOrder
from backend.domains.workorders.service import record
from backend.domains.workorders.wording import EMERGENCY, ON_MOVE
from backend.kit import clock
from backend.kit.auth import Principal
from backend.kit.problems import Forbidden, InvalidInput
from backend.kit.scope import system_scope


def report(session: Session, wanted: Report, who: Principal) -> WorkOrder:
    """Open an order for ``who`` (or, by the desk, for ``reporter_id``). The same ``source_key`` gives the same order.

    Raises InvalidInput for values outside the contract, Forbidden for an estate that is not theirs.
    """
    _check(wanted)
    community = estate.community_by_code(session, wanted.community)
    if community.id not in who.community_ids:
        raise Forbidden("这个小区不在您的范围内。")
    if (existing := _known(session, wanted)) is not None:
        return existing
    number = _next_number(session, community)
    if (existing := _known(session, wanted)) is not None:
        return existing  # the same request was faster while this one waited for its number, which stays unused
    order = _new_order(session, wanted, community, number, who)
    session.add(order)
    session.flush()
    record.write(session, order, who, "reported", "报修", wanted.fault, (None, Status.REPORTED))
    record.write(session, order, None, "transition", "受理", None, record.moved(order, Status.TRIAGED))
    _dispatch_new(session, order, who)
    record.show_live(session, order)
    return order


def _check(wanted: Report) -> None:
    allowed = {
        "category": (wanted.category, CATEGORIES),
        "urgency": (wanted.urgency, URGENCIES),
        "scope": (wanted.scope, SCOPES),
        "source": (wanted.source, SOURCES),
    }
    errors = [
        {"field": name, "message": "不在可选范围内"}
        for name, (value, options) in allowed.items()
        if value not in options
    ]
    if errors:
        raise InvalidInput(errors=errors)


def _known(session: Session, wanted: Report) -> WorkOrder | None:
    if not wanted.source_key:
        return None
    with system_scope(session):
        return repository.by_source_key(session, wanted.source_key)


def _next_number(session: Session, community: estate.CommunityView) -> str:
    """Take a number. From here on, orders of the estate are opened one at a time."""
    prefix = f"{community.number_prefix}{clock.local(clock.now()):%y%m}"
    with system_scope(session):
        return f"{prefix}-{repository.next_number(session, prefix):04d}"


def _new_order(
    session: Session, wanted: Report, community: estate.CommunityView, number: str, who: Principal
) -> WorkOrder:
    moment = clock.now()
    location = estate.Location(community.code, wanted.building, wanted.unit, wanted.floor, wanted.room, wanted.place)
    with system_scope(session):
        room_id = estate.find_room_id(session, community.id, location)
        known = equipment.views(session, [wanted.asset_id]) if wanted.asset_id else {}
    asset = known.get(wanted.asset_id or 0)
    return WorkOrder(
        community_id=community.id,
        number=number,
        source_key=wanted.source_key,
        status=Status.REPORTED,
        category=wanted.category,
        urgency=wanted.urgency,
        scope=wanted.scope,
        building=wanted.building,
        unit=wanted.unit,
        floor=wanted.floor,
        room=wanted.room,
        place=wanted.place,
        raw=wanted.raw,
        room_id=room_id,
        asset_id=asset.id if asset and asset.community_id == community.id else None,
        fault=wanted.fault,
        reporter_id=wanted.reporter_id if wanted.reporter_id and who.is_desk else who.person_id,
        preferred_time=wanted.preferred_time,
        promised_at=_promised(wanted, moment),
        attachments=list(wanted.attachments),
        source=wanted.source,
        created_at=moment,
        updated_at=moment,
    )


def _promised(wanted: Report, moment: datetime) -> datetime:
    target = dispatch.promised_arrival(wanted.urgency, moment)
    if wanted.preferred_time and wanted.urgency in ("normal", "low"):
        return max(wanted.preferred_time, moment)
    return target


def _dispatch_new(session: Session, order: WorkOrder, who: Principal) -> None:
    with system_scope(session):
        load = repository.load_by_technician(session, order.community_id)
    technician = dispatch.choose_technician(session, order.community_id, order.category, load)
    heard = [who.person_id] if order.reporter_id == who.person_id else []
    if order.urgency == "emergency":
        record.tell(session, order, [EMERGENCY], f"order:{order.id}:emergency")
    if technician is None:
        tells = ON_MOVE[Status.TRIAGED]
        record.tell(session, order, tells, f"order:{order.id}:unassigned", "没有对口的师傅")
        return
    order.technician_id = technician
    line = record.write(
        session,
        order,
        None,
        "assign",
        "派单",
        record.holder_name(session, order),
        record.moved(order, Status.DISPATCHED),
    )
    record.tell(session, order, ON_MOVE[Status.DISPATCHED], f"order:{order.id}:{line.id}", skip=heard)
