"""Open an order: once per source key, triaged and dispatched in the same transaction."""

from dataclasses import replace

from sqlalchemy.orm import Session

from backend.domains.duplicates.service import Vector
from backend.domains.estate import service as estate
from backend.domains.workorders import repository
from backend.domains.workorders.domain import Confirmation, Report, Status
from backend.domains.workorders.models import WorkOrder
from backend.domains.workorders.service import checks, dispatching, holding, record
from backend.domains.workorders.service.promising import promise
from backend.domains.workorders.service.vectors import remember, vectors_of_reports
from backend.domains.workorders.wording import CONFIRM_FIRST, CONFIRMING, NOT_THEIR_HOME
from backend.kit import audit, clock
from backend.kit.auth import Principal
from backend.kit.scope import system_scope


def report(session: Session, wanted: Report, who: Principal, vector: Vector | None = None) -> WorkOrder:
    """Open an order for ``who`` (or, by the desk, for ``reporter_id``). The same ``source_key`` gives the same order.

    ``vector`` is that of its words, if it is at hand; otherwise it is made here or, in an emergency, later.

    Raises InvalidInput for values outside the contract and for an estate, equipment or pictures that are not theirs.
    """
    checks.require_known(wanted)
    community = estate.community_by_code(session, wanted.community, who.community_ids)
    if (existing := _known(session, wanted)) is not None:
        return existing
    checks.require_asset(session, wanted.asset_id, community.id)
    checks.require_pictures(session, wanted.attachments)
    if vector is None and wanted.urgency != "emergency":
        (vector,) = vectors_of_reports([wanted])
    number = _next_number(session, community)
    if (existing := _known(session, wanted)) is not None:
        return existing  # the same request was faster while this one waited for its number, which stays unused
    order = _new_order(session, wanted, community, number, who)
    session.add(order)
    session.flush()
    if vector is not None:
        remember(session, order, vector)
    record.write(session, order, who, "reported", "报修", wanted.fault, (None, Status.REPORTED))
    if wanted.time_said:
        record.write(session, order, who, "note", "补充", f"说的时间：{wanted.time_said}")
    with audit.by_system(session):
        record.write(session, order, None, "transition", "受理", None, record.moved(order, Status.TRIAGED))
        _begin(session, order, who)
    record.show_live(session, order)
    return order


def _known(session: Session, wanted: Report) -> WorkOrder | None:
    if not wanted.source_key:
        return None
    with system_scope(session):
        return repository.by_source_key(session, wanted.source_key)


def _next_number(session: Session, community: estate.CommunityView) -> str:
    """Take a number. From here on, orders of the estate are opened one at a time."""
    prefix = _prefix(community)
    with system_scope(session):
        return f"{prefix}-{repository.next_number(session, prefix):04d}"


def lock_estate(session: Session, community: estate.CommunityView) -> None:
    """Let orders of the estate be opened one at a time from here on, and see what was opened until now."""
    with system_scope(session):
        repository.lock_numbers(session, _prefix(community))


def _prefix(community: estate.CommunityView) -> str:
    return f"{community.number_prefix}{clock.local(clock.now()):%y%m}"


def _new_order(
    session: Session, wanted: Report, community: estate.CommunityView, number: str, who: Principal
) -> WorkOrder:
    moment = clock.now()
    own = _own_home(session, wanted, community.id, who)
    if own:
        wanted = replace(wanted, unit=own.home.unit, floor=own.home.floor)
    location = estate.Location(community.code, wanted.building, wanted.unit, wanted.floor, wanted.room, wanted.place)
    with system_scope(session):
        room_id = own.id if own else estate.find_room_id(session, community.id, location)
        location = location if own else estate.with_floor(session, community.id, location)
    strange = checks.is_strangers_home(wanted, room_id, who)
    told = promise(session, community.id, wanted, moment)
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
        floor=location.floor,
        room=wanted.room,
        place=wanted.place,
        raw=wanted.raw,
        room_id=room_id,
        confirmation=Confirmation.PENDING if strange else None,
        asset_id=wanted.asset_id,
        fault=wanted.fault,
        reporter_id=wanted.reporter_id if wanted.reporter_id and who.is_desk else who.person_id or None,
        preferred_time=wanted.preferred_time,
        promised_from=told.start,
        promised_at=told.end,
        attachments=list(wanted.attachments),
        source=wanted.source or checks.source_of(who),
        created_at=moment,
        updated_at=moment,
    )


def room_meant(session: Session, wanted: Report, community_id: int, who: Principal) -> int | None:
    """Return the room that a report is about, None when it names none."""
    own = _own_home(session, wanted, community_id, who)
    location = estate.Location(None, wanted.building, wanted.unit, wanted.floor, wanted.room, wanted.place)
    with system_scope(session):
        return own.id if own else estate.find_room_id(session, community_id, location)


def _own_home(session: Session, wanted: Report, community_id: int, who: Principal) -> estate.RoomView | None:
    """Return the home of the reporter that is meant, also where its unit was left out."""
    with system_scope(session):
        homes = [r for r in estate.rooms(session, sorted(who.room_ids)) if r.community_id == community_id]
    said = (wanted.building, wanted.room)
    return next(
        (r for r in homes if (r.home.building, r.home.room) == said and wanted.unit in (None, r.home.unit)), None
    )


def _begin(session: Session, order: WorkOrder, who: Principal) -> None:
    """Send a technician; into a home that is not the reporter's only in an emergency or when the desk has confirmed."""
    if order.confirmation is None:
        if not holding.is_held(session, order):
            dispatching.open_new(session, order, who)
        return
    record.write(session, order, None, "note", NOT_THEIR_HOME, None)
    record.tell(session, order, [CONFIRM_FIRST], f"order:{order.id}:confirm")
    if order.urgency == "emergency":
        dispatching.open_new(session, order, who)
    elif who.via != "bot":  # in chat the answer says it
        record.tell(session, order, [CONFIRMING], f"order:{order.id}:confirming")
