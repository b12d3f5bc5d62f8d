"""Orders as a viewer may see them: names, titles, legal next moves."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from backend.domains.equipment import service as equipment
from backend.domains.estate import service as estate
from backend.domains.identity import service as identity
from backend.domains.workorders import repository
from backend.domains.workorders.domain import (
    CATEGORIES,
    DESK,
    HOLDER,
    JUDGED,
    MOVES,
    REPORTER,
    SCOPES,
    SOURCES,
    STATUS_TITLES,
    STATUS_TONES,
    TECHNICIAN,
    URGENCIES,
    AllowedMove,
    Confirmation,
    OrderView,
    PersonRef,
    Status,
    TimelineEntry,
    steps,
)
from backend.domains.workorders.models import WorkOrder
from backend.kit.auth import Principal, Role
from backend.kit.scope import system_scope
from backend.kit.statemachine import moves_from


def actors_of(order: WorkOrder, who: Principal) -> frozenset[str]:
    """Return what ``who`` is for this order, in the words of the moves' table."""
    actors: set[str] = set()
    here = order.community_id in who.staff_community_ids
    if here and who.is_desk:
        actors.add(DESK)
    if here and Role.TECHNICIAN in who.roles:
        if order.technician_id == who.person_id:
            actors.add(HOLDER)
        if order.category in who.skills and order.confirmation != Confirmation.PENDING:
            actors.add(TECHNICIAN)
    household = order.scope == "private" and order.room_id in who.room_ids and order.confirmation is None
    judges_own_work = order.technician_id == who.person_id and order.status in JUDGED
    if (order.reporter_id == who.person_id or household) and not judges_own_work:
        actors.add(REPORTER)
    return frozenset(actors)


def _allowed(order: WorkOrder, who: Principal) -> list[AllowedMove]:
    return [
        AllowedMove(m.to, m.title, m.needs_note, m.primary)
        for m in moves_from(MOVES, Status(order.status), actors_of(order, who))
    ]


def location_of(order: WorkOrder, community: str) -> estate.Location:
    """Return the order's location as in the contract."""
    return estate.Location(community, order.building, order.unit, order.floor, order.room, order.place, order.raw)


def views(session: Session, orders: Sequence[WorkOrder], who: Principal) -> list[OrderView]:
    """Return orders as ``who`` sees them."""
    ids = {i for o in orders for i in (o.reporter_id, o.technician_id) if i is not None}
    people = identity.views(session, sorted(ids))
    with system_scope(session):
        assets = equipment.views(session, sorted({o.asset_id for o in orders if o.asset_id}))
        codes = {i: estate.community(session, i).code for i in {o.community_id for o in orders}}
    return [_view(o, who, people, assets, codes[o.community_id]) for o in orders]


def _person(person_id: int | None, people: dict[int, identity.PersonView], with_phone: bool) -> PersonRef | None:
    person = people.get(person_id) if person_id is not None else None
    return PersonRef(person.id, person.name, person.phone if with_phone else None) if person else None


def _view(
    o: WorkOrder,
    who: Principal,
    people: dict[int, identity.PersonView],
    assets: dict[int, equipment.AssetView],
    community: str,
) -> OrderView:
    location = location_of(o, community)
    status = Status(o.status)
    own = o.reporter_id == who.person_id
    reporter = _person(o.reporter_id, people, who.is_staff) if own or who.is_staff else None
    asset = assets.get(o.asset_id) if o.asset_id else None
    rating = {"stars": o.rating_stars, "words": o.rating_words} if o.rating_stars else None
    return OrderView(
        number=o.number,
        community=community,
        status=status,
        status_title=STATUS_TITLES[status],
        status_tone=STATUS_TONES[status],
        category=o.category,
        category_title=CATEGORIES[o.category],
        urgency=o.urgency,
        urgency_title=URGENCIES[o.urgency],
        scope=o.scope,
        scope_title=SCOPES[o.scope],
        location=location.as_dict(),
        place_text=estate.in_words(location),
        asset_id=o.asset_id,
        asset_name=asset.name if asset else None,
        fault=o.fault,
        reporter=reporter,
        technician=_person(o.technician_id, people, True),
        preferred_time=o.preferred_time,
        attachments=[str(a) for a in o.attachments],
        source=o.source,
        source_title=SOURCES[o.source],
        created_at=o.created_at,
        updated_at=o.updated_at,
        promised_at=o.promised_at,
        version=o.version,
        steps=steps(status),
        rating=rating,
        merged_into=o.merged_into,
        confirmation=o.confirmation,
        allowed=_allowed(o, who),
    )


def card_for(session: Session, order: WorkOrder, person: Principal) -> dict[str, Any]:
    """Return the chat card of an order for one person, plain JSON."""
    view = views(session, [order], person)[0]
    return {"type": "work_order", **_plain(asdict(view))}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_plain(v) for v in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def timeline(session: Session, order: WorkOrder) -> list[TimelineEntry]:
    """Return the order's history, oldest first."""
    return [
        TimelineEntry(e.at, e.actor_name, e.actor_kind, e.kind, e.title, e.text, e.from_status, e.to_status)
        for e in repository.timeline(session, order.id)
    ]
