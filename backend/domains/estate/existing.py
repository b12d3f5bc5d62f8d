"""Whether the building, unit, floor and room of a location exist in the estate, and on which floor a room is."""

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from backend.domains.estate import repository
from backend.domains.estate.domain import Location
from backend.domains.estate.errors import NoSuchPlace


@dataclass(frozen=True, slots=True)
class Absent:
    """The first part of a location that the estate does not have, and how a person is told."""

    field: str
    words: str


_WITHOUT = {
    "building": ("building", "unit", "floor", "room"),
    "unit": ("unit", "room"),
    "room": ("room",),
    "floor": ("floor",),
}
"""What is not known any more when a part does not exist."""


def absent(session: Session, community_id: int, where: Location) -> Absent | None:
    """Return what the building's estate does not have, None when all that is named exists. System work."""
    if not where.building:
        return None
    estate = repository.community(session, community_id).name
    name = f"{estate}{where.building}号楼"
    building = repository.building(session, community_id, where.building)
    if building is None:
        return Absent("building", f"{estate}没有{where.building}号楼")
    if where.unit and where.unit not in map(str, range(1, building.units + 1)):
        return Absent("unit", f"{name}没有{where.unit}单元")
    if where.room and not repository.has_room(session, community_id, where.building, where.unit, where.room):
        unit = f"{where.unit}单元" if where.unit else ""
        return Absent("room", f"{name}{unit}没有{where.room}室")
    if where.floor and not where.room and not _has_floor(building.floors, where.floor):
        return Absent("floor", f"{name}没有{where.floor}层")
    return None


def _has_floor(floors: int, said: str) -> bool:
    """Tell whether a building has a floor; how deep its cellars go is not in the estate's tables."""
    return not said.isdigit() or 1 <= int(said) <= floors


def with_floor(session: Session, community_id: int, where: Location) -> Location:
    """Return the location on the floor of its room; as it is where the estate does not know the room. System work."""
    if not (where.building and where.room):
        return where
    floors = repository.floors_of_room(session, community_id, where.building, where.unit, where.room)
    return replace(where, floor=floors[0]) if len(floors) == 1 else where


def require_existing(session: Session, community_id: int, where: Location, inside: str = "location.") -> None:
    """Raise NoSuchPlace when the estate has no such building, unit, floor or room, or the room is elsewhere. System work.

    The field is named as one ``inside`` the sender's body.
    """
    found = absent(session, community_id, where)
    if not where.building and (where.unit or where.room):
        found = Absent("building", "请写是几号楼")
    if found is None and where.floor:
        found = _elsewhere(where, with_floor(session, community_id, where), session, community_id)
    if found is not None:
        raise NoSuchPlace(f"{found.words}。", errors=[{"field": f"{inside}{found.field}", "message": found.words}])


def _elsewhere(where: Location, there: Location, session: Session, community_id: int) -> Absent | None:
    if there.floor == where.floor:
        return None
    unit = f"{where.unit}单元" if where.unit else ""
    room = f"{repository.community(session, community_id).name}{where.building}号楼{unit}{where.room}室"
    return Absent("floor", f"{room}在{there.floor}层，不在{where.floor}层")


def without_absent(session: Session, community_id: int, where: Location) -> tuple[Location, str | None]:
    """Return the location without what does not exist, and what that is in words (None: all exists). System work.

    The floor is that of the room, whatever was said.
    """
    said: str | None = None
    while (found := absent(session, community_id, where)) is not None:
        said = said or found.words
        where = replace(where, **dict.fromkeys(_WITHOUT[found.field]))
    return with_floor(session, community_id, where), said
