"""Orders as a viewer may see them: names, titles, legal next moves."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import Session

from backend.domains.equipment import service as equipment
from backend.domains.estate import service as estate
from backend.domains.identity import service as identity
from backend.domains.workorders import privacy, repository, repository_again, repository_work
from backend.domains.workorders.domain import (
    CATEGORIES,
    DESK,
    FOLLOWER,
    HOLDER,
    JUDGED,
    MATE,
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
from backend.domains.workorders.on_site import STAFF_ONLY_KINDS
from backend.kit.auth import Principal, Role
from backend.kit.scope import system_scope
from backend.kit.statemachine import moves_from


def actors_of(order: WorkOrder, who: Principal, follows: bool = False) -> frozenset[str]:
    """Return what ``who`` is for this order, in the words of the moves' table; ``follows`` if they do."""
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
    elif follows and is_neighbour(order, who) and not judges_own_work:
        actors.add(FOLLOWER)
    return frozenset(actors)


def is_neighbour(order: WorkOrder, who: Principal) -> bool:
    """Tell whether ``who`` may only see what everybody may see who waits for a public repair."""
    return (
        order.scope == estate.PUBLIC
        and order.reporter_id != who.person_id
        and order.community_id not in who.staff_community_ids
    )


def follows(session: Session, order: WorkOrder, who: Principal) -> bool:
    """Tell whether ``who`` follows this order."""
    with system_scope(session):
        return bool(repository_again.followed_by(session, who.person_id, [order.id]))


def parts_of(session: Session, order: WorkOrder, who: Principal) -> frozenset[str]:
    """Return what ``who`` is for this order, with what only the database knows: a follower, a mate."""
    found = actors_of(order, who, follows(session, order, who))
    with system_scope(session):
        helps = Role.TECHNICIAN in who.roles and who.person_id in repository_work.mate_ids(session, order.id)
    return found | {MATE} if helps and order.community_id in who.staff_community_ids else found


def _allowed(order: WorkOrder, who: Principal, follows: bool) -> list[AllowedMove]:
    return list(_moves(Status(order.status), actors_of(order, who, follows)))


@lru_cache(maxsize=1024)
def _moves(status: Status, actors: frozenset[str]) -> tuple[AllowedMove, ...]:
    return tuple(AllowedMove(m.to, m.title, m.needs_note, m.primary) for m in moves_from(MOVES, status, actors))


def location_of(order: WorkOrder, community: str) -> estate.Location:
    """Return the order's location as in the contract."""
    return estate.Location(community, order.building, order.unit, order.floor, order.room, order.place, order.raw)


def views(session: Session, orders: Sequence[WorkOrder], who: Principal) -> list[OrderView]:
    """Return orders as ``who`` sees them."""
    ids = {i for o in orders for i in (o.reporter_id, o.technician_id) if i is not None}
    people = identity.contacts(session, sorted(ids))
    asset_ids = sorted({o.asset_id for o in orders if o.asset_id})
    with system_scope(session):
        assets = equipment.views(session, asset_ids) if asset_ids else {}
        codes = {c.id: c.code for c in estate.communities(session)}
        around = _around(session, [o.id for o in orders], who)
    return [_shown(o, _view(o, who, people, assets, codes[o.community_id], around), who, around) for o in orders]


@dataclass(frozen=True, slots=True)
class _Around:
    """Who else reported the orders, and what they said."""

    followers: dict[int, int]
    followed: set[int]
    words: dict[int, list[repository_again.Words]]


def _around(session: Session, order_ids: list[int], who: Principal) -> _Around:
    words: dict[int, list[repository_again.Words]] = {}
    for said in repository_again.words(session, order_ids):
        words.setdefault(said.work_order_id, []).append(said)
    followers = repository_again.followers_of(session, order_ids)
    mine = {order for order, people in followers.items() if who.person_id in people}
    return _Around({order: len(people) for order, people in followers.items()}, mine, words)


def _shown(order: WorkOrder, view: OrderView, who: Principal, around: _Around) -> OrderView:
    """Return the view with what else was said of it, or without what a neighbour must not see."""
    said = around.words.get(order.id, [])
    if not said and not is_neighbour(order, who):
        return view
    mine = [s for s in said if s.person_id == who.person_id]
    if is_neighbour(order, who):
        pictures = [a for s in mine for a in s.attachments]
        return privacy.neighbour_view(view, mine[-1].fault if mine else None, pictures)
    heard = said if order.community_id in who.staff_community_ids else mine
    return replace(view, attachments=[*view.attachments, *(a for s in heard for a in s.attachments)])


def _person(person_id: int | None, people: dict[int, identity.Contact], with_phone: bool) -> PersonRef | None:
    person = people.get(person_id) if person_id is not None else None
    return PersonRef(person.id, person.name, person.phone if with_phone else None) if person else None


def _view(
    o: WorkOrder,
    who: Principal,
    people: dict[int, identity.Contact],
    assets: dict[int, equipment.AssetView],
    community: str,
    around: _Around,
) -> OrderView:
    location = location_of(o, community)
    status = Status(o.status)
    own = o.reporter_id == who.person_id
    reporter = _person(o.reporter_id, people, identity.may_call(who)) if own or who.is_staff else None
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
        promised_from=o.promised_from,
        promised_at=o.promised_at,
        suspended_until=o.suspended_until if status is Status.SUSPENDED else None,
        version=o.version,
        steps=steps(status),
        rating=rating,
        merged_into=o.merged_into,
        confirmation=o.confirmation,
        followers=around.followers.get(o.id, 0),
        following=o.id in around.followed and not own,
        allowed=_allowed(o, who, o.id in around.followed),
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


def residents_of(session: Session, order: WorkOrder) -> list[privacy.Resident]:
    """Return the residents who reported an order, first or later. System work."""
    ids = [i for i in (order.reporter_id, *repository.follower_ids(session, order.id)) if i is not None]
    people = identity.views(session, ids)
    rooms = {r.id: r.home.room for p in people.values() for r in estate.rooms(session, p.room_ids)}
    return [
        privacy.Resident(p.id, p.name, tuple(rooms[i] for i in p.room_ids if i in rooms))
        for p in people.values()
        if p.room_ids
    ]


def timeline(session: Session, order: WorkOrder, who: Principal) -> list[TimelineEntry]:
    """Return the order's history as ``who`` may read it, oldest first. System work."""
    lines = [
        TimelineEntry(e.at, e.actor_name, e.actor_kind, e.kind, e.title, e.text, e.from_status, e.to_status, e.actor_id)
        for e in repository.timeline(session, order.id)
    ]
    if order.community_id in who.staff_community_ids:
        return lines
    lines = [line for line in lines if line.kind not in STAFF_ONLY_KINDS]
    if order.scope == estate.PRIVATE:
        return lines
    own = order.reporter_id == who.person_id
    return privacy.neighbour_timeline(lines, who.person_id, residents_of(session, order), own)
