"""What other domains may ask about the estate."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from backend.domains.estate import repository
from backend.domains.estate.domain import Home, Location, PlaceName, in_words
from backend.domains.estate.existing import require_existing, with_floor, without_absent
from backend.domains.estate.models import Community, Place, Room
from backend.domains.estate.numerals import as_address, normalise
from backend.domains.estate.places import PRIVATE, PUBLIC, Resolved, address_before, home_location, resolve
from backend.kit.geo import Point
from backend.kit.problems import InvalidInput

__all__ = [
    "PRIVATE",
    "PUBLIC",
    "BuildingView",
    "CommunityView",
    "Home",
    "Location",
    "PlaceName",
    "PlaceView",
    "Resolved",
    "RoomView",
    "address_before",
    "as_address",
    "building_names",
    "buildings",
    "communities",
    "community",
    "community_by_code",
    "doors",
    "filter_id",
    "find_room_id",
    "find_rooms",
    "home_location",
    "in_words",
    "normalise",
    "place_names",
    "places",
    "places_by_id",
    "position_of",
    "positions",
    "require_existing",
    "resolve",
    "rooms",
    "vocabulary_changed",
    "vocabulary_version",
    "with_floor",
    "without_absent",
]


SHORTEST_ADDRESS = 3
"""Characters below which words are no address: 「3」 is in every second room number."""


@dataclass(frozen=True, slots=True)
class CommunityView:
    """A community outside its session."""

    id: int
    code: str
    name: str
    number_prefix: str
    phone: str


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A named place outside its session."""

    id: int
    community_id: int
    name: str
    building: str | None
    unit: str | None
    floor: str | None


@dataclass(frozen=True, slots=True)
class RoomView:
    """A room outside its session."""

    id: int
    community_id: int
    home: Home
    label: str


@dataclass(frozen=True, slots=True)
class BuildingView:
    """A building outside its session."""

    number: str
    units: int
    floors: int


def _community_view(row: Community) -> CommunityView:
    return CommunityView(row.id, row.code, row.name, row.number_prefix, row.phone)


def communities(session: Session) -> list[CommunityView]:
    """Return all communities of the company."""
    return [_community_view(c) for c in repository.communities(session)]


def community(session: Session, community_id: int) -> CommunityView:
    """Return one community by id."""
    return _community_view(repository.community(session, community_id))


def community_by_code(session: Session, code: str, among: Collection[int] | None = None) -> CommunityView:
    """Return one community by code. Raises InvalidInput for a code that does not exist, or is not ``among`` these."""
    row = repository.community_by_code(session, code)
    if row is None or (among is not None and row.id not in among):
        raise InvalidInput("没有这个小区。", errors=[{"field": "community", "message": "没有这个小区"}])
    return _community_view(row)


def filter_id(session: Session, code: str | None, among: Collection[int]) -> int | None:
    """Return the estate that a list is limited to, None for all. An estate of others is as good as absent.

    Raises InvalidInput.
    """
    return community_by_code(session, code, among).id if code else None


def _room_view(session: Session, row: Room) -> RoomView:
    code = repository.community(session, row.community_id).code
    return RoomView(row.id, row.community_id, Home(code, row.building, row.unit, row.floor, row.number), row.label)


def rooms(session: Session, room_ids: Sequence[int]) -> list[RoomView]:
    """Return rooms by id, in the order of their ids."""
    return [_room_view(session, r) for r in repository.rooms(session, room_ids)]


def find_room_id(session: Session, community_id: int, location: Location) -> int | None:
    """Return the id of the room that a location names, None when it names none of this estate."""
    if not (location.building and location.room):
        return None
    room = repository.find_room(session, community_id, location.building, location.unit, location.room)
    return room.id if room else None


def find_rooms(session: Session, words: str, limit: int = 500) -> list[RoomView]:
    """Return the rooms an address in any writing may mean (三号楼1201, 3-2-1201, 1201); none for words without one."""
    address = as_address(words)
    if len(address) < SHORTEST_ADDRESS or not any(c.isdigit() for c in address):
        return []
    return [_room_view(session, r) for r in repository.rooms_called(session, address, limit)]


def doors(session: Session, community_id: int, home: Home) -> frozenset[str]:
    """Return the numbers of the rooms of a home's unit."""
    return frozenset(repository.doors(session, community_id, home.building, home.unit))


def place_names(session: Session, community_id: int) -> list[PlaceName]:
    """Return what people may call the places of an estate."""
    return [
        PlaceName(p.name, tuple(p.aliases), p.building, p.unit, p.floor)
        for p in repository.places(session, community_id)
    ]


def _place_view(row: Place) -> PlaceView:
    return PlaceView(row.id, row.community_id, row.name, row.building, row.unit, row.floor)


def places(session: Session, community_id: int) -> list[PlaceView]:
    """Return the named places of an estate."""
    return [_place_view(p) for p in repository.places(session, community_id)]


def places_by_id(session: Session, ids: Sequence[int]) -> dict[int, PlaceView]:
    """Return named places by id."""
    return {p.id: _place_view(p) for p in repository.places_by_id(session, ids)} if ids else {}


def building_names(session: Session, community_id: int) -> list[str]:
    """Return the buildings' names (3号楼)."""
    return [f"{b.number}号楼" for b in repository.buildings(session, community_id)]


@dataclass(frozen=True, slots=True)
class Positions:
    """Where the buildings and named places of an estate are; what has no coordinates is left out."""

    buildings: dict[str, Point]
    places: dict[str, Point]

    def of(self, building: str | None, place: str | None = None) -> Point | None:
        """Return where something is: its building or, outside of one, its place."""
        return self.buildings.get(building) if building else self.places.get(place or "")


def positions(session: Session, community_id: int) -> Positions:
    """Return where everything of an estate is."""
    buildings, places = repository.positions(session, community_id)
    return Positions(buildings, places)


def position_of(session: Session, community_id: int, building: str | None) -> Point | None:
    """Return where a building stands, None when there is none or nobody has measured it."""
    return positions(session, community_id).of(building)


def buildings(session: Session, community_id: int) -> list[BuildingView]:
    """Return the buildings of an estate, in the order of their numbers."""
    found = [BuildingView(b.number, b.units, b.floors) for b in repository.buildings(session, community_id)]
    return sorted(found, key=lambda b: (len(b.number), b.number))


def vocabulary_changed(session: Session, community_id: int) -> None:
    """Say that a name people may use was added or changed in this estate."""
    repository.bump_vocabulary(session, community_id)


def vocabulary_version(session: Session, community_id: int) -> int:
    """Return the version of the estate's names, to know whether a cached matcher is fresh."""
    return repository.vocabulary_version(session, community_id)
