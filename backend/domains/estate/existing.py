"""Whether the building, unit and room of a location exist in the estate."""

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
    return None


def require_existing(session: Session, community_id: int, where: Location, inside: str = "location.") -> None:
    """Raise NoSuchPlace when the estate has no such building, unit or room. System work.

    The field is named as one ``inside`` the sender's body.
    """
    found = absent(session, community_id, where)
    if not where.building and (where.unit or where.room):
        found = Absent("building", "请写是几号楼")
    if found is not None:
        raise NoSuchPlace(f"{found.words}。", errors=[{"field": f"{inside}{found.field}", "message": found.words}])


def without_absent(session: Session, community_id: int, where: Location) -> tuple[Location, str | None]:
    """Return the location without what does not exist, and what that is in words (None: all exists). System work."""
    said: str | None = None
    while (found := absent(session, community_id, where)) is not None:
        said = said or found.words
        where = replace(where, **dict.fromkeys(_WITHOUT[found.field]))
    return where, said
