"""Every SQL statement about the estate."""

from collections.abc import Sequence

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from backend.domains.estate.models import Building, Community, Company, Place, Room
from backend.kit.geo import Point
from backend.kit.memo import remembered


def company_by_code(session: Session, code: str) -> Company | None:
    """Return the company with this code."""
    return session.scalar(select(Company).where(Company.code == code))


def communities(session: Session) -> Sequence[Community]:
    """Return all communities, oldest first."""
    query = select(Community).order_by(Community.id)
    return remembered(session, (Community,), "communities", lambda: session.scalars(query).all())


def community_by_code(session: Session, code: str) -> Community | None:
    """Return the community with this code."""
    return next((row for row in communities(session) if row.code == code), None)


def community(session: Session, community_id: int) -> Community:
    """Return the community with this id."""
    return session.get_one(Community, community_id)


def bump_vocabulary(session: Session, community_id: int) -> None:
    """Mark the estate's names as changed."""
    session.execute(
        update(Community)
        .where(Community.id == community_id)
        .values(vocabulary_version=Community.vocabulary_version + 1)
    )


def vocabulary_version(session: Session, community_id: int) -> int:
    """Return the version of the estate's names."""
    return session.scalars(select(Community.vocabulary_version).where(Community.id == community_id)).one()


def buildings(session: Session, community_id: int) -> Sequence[Building]:
    """Return the buildings of a community."""
    return session.scalars(select(Building).where(Building.community_id == community_id).order_by(Building.id)).all()


def rooms(session: Session, room_ids: Sequence[int]) -> Sequence[Room]:
    """Return rooms by id."""
    return session.scalars(select(Room).where(Room.id.in_(room_ids)).order_by(Room.id)).all()


def find_room(session: Session, community_id: int, building: str, unit: str | None, number: str) -> Room | None:
    """Return the one room with this address; None when there is none or the unit is needed to tell."""
    query = select(Room).where(Room.community_id == community_id, Room.building == building, Room.number == number)
    if unit:
        query = query.where(Room.unit == unit)
    found = session.scalars(query.limit(2)).all()
    return found[0] if len(found) == 1 else None


def rooms_called(session: Session, words: str, limit: int) -> Sequence[Room]:
    """Return rooms whose address begins with the words: whole, without its unit, from its unit on, or the number."""
    building, room = Room.building + "号楼", Room.unit + "单元" + Room.number
    begins = [part.startswith(words, autoescape=True) for part in (building + room, building + Room.number, room)]
    query = select(Room).where(or_(*begins, Room.number.startswith(words, autoescape=True)))
    return session.scalars(query.order_by(Room.id).limit(limit)).all()


def building(session: Session, community_id: int, number: str) -> Building | None:
    """Return the building with this number."""
    return session.scalar(select(Building).where(Building.community_id == community_id, Building.number == number))


def has_room(session: Session, community_id: int, building: str, unit: str | None, number: str) -> bool:
    """Tell whether a building, or one of its units, has a room with this number."""
    query = select(Room.id).where(Room.community_id == community_id, Room.building == building, Room.number == number)
    if unit:
        query = query.where(Room.unit == unit)
    return session.scalar(query.limit(1)) is not None


def floors_of_room(session: Session, community_id: int, building: str, unit: str | None, number: str) -> Sequence[str]:
    """Return the floors on which a building, or one of its units, has a room with this number."""
    query = select(Room.floor).where(
        Room.community_id == community_id, Room.building == building, Room.number == number
    )
    if unit:
        query = query.where(Room.unit == unit)
    return session.scalars(query.distinct()).all()


def doors(session: Session, community_id: int, building: str, unit: str) -> Sequence[str]:
    """Return the numbers of the rooms of a unit."""
    query = select(Room.number).where(Room.community_id == community_id, Room.building == building, Room.unit == unit)
    return session.scalars(query).all()


def places_by_id(session: Session, ids: Sequence[int]) -> Sequence[Place]:
    """Return named places by id."""
    return session.scalars(select(Place).where(Place.id.in_(ids)).order_by(Place.id)).all()


def places(session: Session, community_id: int) -> Sequence[Place]:
    """Return the named places of a community."""
    return session.scalars(select(Place).where(Place.community_id == community_id).order_by(Place.id)).all()


def positions(session: Session, community_id: int) -> tuple[dict[str, Point], dict[str, Point]]:
    """Return the coordinates of a community's buildings by number and of its places by name."""
    houses = session.execute(
        select(Building.number, Building.lat, Building.lng).where(
            Building.community_id == community_id, Building.lat.is_not(None), Building.lng.is_not(None)
        )
    )
    named = session.execute(
        select(Place.name, Place.lat, Place.lng).where(
            Place.community_id == community_id, Place.lat.is_not(None), Place.lng.is_not(None)
        )
    )
    buildings, places = (
        {str(n): (float(lat), float(lng)) for n, lat, lng in rows if lat is not None and lng is not None}
        for rows in (houses, named)
    )
    return buildings, places
