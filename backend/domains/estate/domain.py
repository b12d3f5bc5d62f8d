"""Where something is: the location of the contract, and the homes and places it can refer to. Pure."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Location:
    """A place in an estate. Numbers are strings of digits, a basement is "B1", None is not known."""

    community: str | None = None
    building: str | None = None
    unit: str | None = None
    floor: str | None = None
    room: str | None = None
    place: str | None = None
    raw: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the fields as in the contract."""
        return {
            "community": self.community,
            "building": self.building,
            "unit": self.unit,
            "floor": self.floor,
            "room": self.room,
            "place": self.place,
            "raw": self.raw,
        }

    @property
    def is_known(self) -> bool:
        """True when somebody could walk there."""
        return bool(self.building or self.place)


@dataclass(frozen=True, slots=True)
class Home:
    """The home of the person who speaks."""

    community: str
    building: str
    unit: str
    floor: str
    room: str


@dataclass(frozen=True, slots=True)
class PlaceName:
    """A named place: what people may call it and where it is."""

    name: str
    aliases: tuple[str, ...] = ()
    building: str | None = None
    unit: str | None = None
    floor: str | None = None


def in_words(location: Location) -> str:
    """Return the location as people read it: 3号楼2单元12层 楼道."""
    parts: list[str] = []
    if location.building:
        parts.append(f"{location.building}号楼")
    if location.unit:
        parts.append(f"{location.unit}单元")
    if location.room:
        parts.append(location.room)
    elif location.floor and location.building:
        parts.append("地下" if location.floor.startswith("B") else f"{location.floor}层")
    address = "".join(parts)
    place = location.place or ""
    if address and place:
        return f"{address} {place}"
    return address or place or (location.raw or "地点待确认")
