"""What the words for a place mean for this speaker. Pure: words, the speaker's home and the estate's names in, Location out.

Rules (see the contract): 楼下 of a home is a public place of its unit without a floor; 我这层 and 楼道 outside a home have
that home's floor; 楼上 and 对门 are the neighbour's home where that is what is meant (noise, leaks). Only the words that
tell of the fault count (``telling``); what they are called is in ``place_words``.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from backend.domains.estate import place_words
from backend.domains.estate.domain import Home, Location, PlaceName
from backend.domains.estate.numerals import normalise, written_out
from backend.domains.estate.telling import address, clauses, names_address, where_told

PRIVATE, PUBLIC = "private", "public"

_DASHED_SHORT = re.compile(r"(?<![\d-])(\d{1,2})-(\d{3,4})(?![\d-])")
_BUILDING_BARE = re.compile(r"(?<!\d)(\d{1,2})(?:号(?=\d单元)|(?=-?\d单元))")
_ROOM = re.compile(r"(?<!\d)(\d{3,4})(?:室|号房|房|户)?(?![\d号栋元块米年])")
_FLOOR_DOOR = re.compile(r"(?<![\d号Bb负])(\d{1,2})[楼层]的?(?:(0[1-9])(?!\d)|(\d{1,2})(?:室|号(?![楼电梯机线])))")
_SAID_TO_BE_A_ROOM = re.compile(r"\d{3,4}(?:室|房|号房|户| ?家)|#\d{3,4}")


@dataclass(frozen=True, slots=True)
class Resolved:
    """A location, and what its words say about private or public (None: they say nothing)."""

    location: Location
    scope: str | None


def resolve(
    words: str,
    home: Home | None,
    community: str | None = None,
    names: Sequence[PlaceName] = (),
    doors: Collection[str] = (),
) -> Resolved:
    """Return where ``words`` point for somebody who lives at ``home`` (None for people without a home here).

    ``doors`` are the rooms of the home's unit: a bare number that is one of them names it.
    """
    text = place_words.BETWEEN_UNITS.sub("", where_told(written_out(normalise(words))))
    base = Location(community=home.community if home else community, raw=words.strip() or None)
    base = _read_numbers(text, base, doors)
    for rule in _RULES:
        found = rule(text, base, home, names)
        if found is not None:
            return found
    if base.room:
        return Resolved(_household(text, _room_said(base, home)), PRIVATE)
    if place_words.MY_HOME.search(text) or _names_home(text):
        return Resolved(_household(text, _at_home(base, home)), PRIVATE)
    if base.floor and home and not base.building:
        return Resolved(_in_own_unit(base, home), None)
    return Resolved(base, None)


def address_before(place: str | None, words: str) -> str:
    """Return the address of a place that was said before ``words``, empty when they have their own."""
    said, here = (written_out(normalise(text)) for text in (place or "", words))
    return "" if said.lower() in here.lower() or names_address(here) else address(said)


def home_location(home: Home, words: str | None = None) -> Location:
    """Return the speaker's home as a location."""
    return Location(home.community, home.building, home.unit, home.floor, home.room, None, words or None)


def _read_numbers(text: str, base: Location, doors: Collection[str]) -> Location:
    if (m := _DASHED_SHORT.search(text)) and _floor_of(m[2]):
        return replace(base, building=m[1], room=m[2], floor=_floor_of(m[2]))
    building = place_words.BUILDING.search(text) or _BUILDING_BARE.search(text)
    unit = place_words.UNIT.search(text)
    rest = place_words.BUILDING.sub("#", place_words.UNIT.sub("#", text))
    number = _room(rest, bool(building or unit), doors)
    floor: str | None = None
    if m := place_words.CELLAR.search(rest):
        floor = f"B{next((level for level in m.groups() if level), '1')}"
    elif m := place_words.FLOOR.search(rest):
        floor = m[1]
    return replace(
        base,
        building=building[1] if building else None,
        unit=unit[1] if unit else None,
        room=number,
        floor=floor or (_floor_of(number) if number else None),
    )


def _room(rest: str, after_address: bool, doors: Collection[str]) -> str | None:
    """Return the room that is said, by its floor and door or by its number."""
    if m := _FLOOR_DOOR.search(rest):
        return f"{m[1]}{int(m[2] or m[3]):02d}"
    numbers = [m[1] for m in _ROOM.finditer(rest)]
    if after_address or _SAID_TO_BE_A_ROOM.search(rest):
        return next(iter(numbers), None)
    return next((number for number in numbers if number in doors), None)


def _floor_of(room: str) -> str | None:
    return str(int(room[:-2])) if len(room) in (3, 4) and room[:-2].isdigit() and int(room[:-2]) else None


def _at_home(base: Location, home: Home | None) -> Location:
    if home is None or base.building:
        return base
    return replace(base, building=home.building, unit=home.unit, floor=home.floor, room=base.room or home.room)


def _in_own_unit(base: Location, home: Home | None) -> Location:
    """Fill building and unit from the home where the words name no building."""
    if home is None or (base.building and base.building != home.building):
        return base
    return replace(base, building=home.building, unit=base.unit or home.unit)


def _household(text: str, base: Location) -> Location:
    m = place_words.ROOMS_AT_HOME.search(text)
    return replace(base, place=m[0]) if m else base


def _room_said(base: Location, home: Home | None) -> Location:
    """Return the room with its building and unit: 「1101」 and 「五栋302」 of who lives at 5号楼1单元302 are in that unit."""
    own = home is not None and (base.building, base.room) == (home.building, home.room)
    return _in_own_unit(base, home) if own or not base.building else base


def _names_home(text: str) -> bool:
    return bool(place_words.ROOMS_AT_HOME.search(text) or place_words.THINGS_AT_HOME.search(text))


def _lives_there(base: Location, home: Home | None) -> bool:
    """Tell whether the words name no other unit than the speaker's."""
    return home is not None and not base.building and base.unit in (None, home.unit)


def _neighbour(text: str, base: Location, home: Home | None, _names: Sequence[PlaceName]) -> Resolved | None:
    if home is None or base.building or base.room:
        return None
    if place_words.DOWNSTAIRS_HOME.search(text):
        return _other_home(base, home, -1)
    if place_words.UPSTAIRS_HOME.search(text):
        return _other_home(base, home, +1)
    if not place_words.NEIGHBOUR_MEANT.search(text):
        return None
    if place_words.UPSTAIRS.search(text):
        return _other_home(base, home, +1)
    if place_words.OPPOSITE.search(text):
        last = {"01": "02", "02": "01", "03": "04", "04": "03"}.get(home.room[-2:], home.room[-2:])
        there = replace(base, building=home.building, unit=home.unit, floor=home.floor)
        return Resolved(replace(there, room=home.room[:-2] + last, place="对门"), PRIVATE)
    return None


def _other_home(base: Location, home: Home, step: int) -> Resolved:
    floor = int(home.floor) + step if home.floor.isdigit() else 0
    word = "楼上" if step > 0 else "楼下"
    if floor < 1:
        return Resolved(replace(base, building=home.building, unit=home.unit, place=word), PUBLIC)
    return Resolved(
        replace(
            base,
            building=home.building,
            unit=home.unit,
            floor=str(floor),
            room=f"{floor}{home.room[-2:]}",
            place=word,
        ),
        PRIVATE,
    )


def _garage(text: str, base: Location, home: Home | None, _names: Sequence[PlaceName]) -> Resolved | None:
    zone = place_words.ZONE.search(text)
    parked = place_words.CAR_PARK.search(text) or (zone and place_words.PARKED.search(text))
    below = place_words.CELLAR.search(text)
    if not (parked or below):
        return None
    if not parked and (base.building or base.unit or place_words.MY_UNIT.search(text)):
        there = base if base.building else _in_own_unit(base, home)
        return _unit_place(text, there, home, ()) or Resolved(replace(there, room=None, place="地下室"), PUBLIC)
    cellar = below is not None and below[0] == "地下室" and not parked
    place = f"地下车库{zone[1].upper()}区" if zone else "地下室" if cellar else "地下车库"
    return Resolved(replace(base, floor=base.floor or "B1", room=None, place=place), PUBLIC)


def _named(text: str, base: Location, home: Home | None, names: Sequence[PlaceName]) -> Resolved | None:
    best: tuple[int, PlaceName] | None = None
    for name in names:
        for word in (name.name, *name.aliases):
            if word and _says(text, normalise(word)) and (best is None or len(word) > best[0]):
                best = (len(word), name)
    if best is None:
        return None
    name = best[1]
    here = replace(base, place=name.name, room=None)
    if name.building:
        here = replace(here, building=name.building, unit=name.unit, floor=name.floor)
    return Resolved(replace(here, floor=name.floor or _outside(base).floor), PUBLIC)


def _says(text: str, name: str) -> bool:
    """Tell whether the text has the name; 篮球场 is no 球场."""
    return re.search(rf"(?<![篮足网排门]){re.escape(name)}", text) is not None


def _outside(base: Location) -> Location:
    """Return the place of the garden without a floor: that is one of its own, 会所二楼."""
    return base if base.building else replace(base, floor=None, room=None)


def _home_first(text: str, base: Location, home: Home | None, _names: Sequence[PlaceName]) -> Resolved | None:
    """「厨房漏水，都流到楼道了」 is in the kitchen: the first place that is named is inside a home."""
    for clause in clauses(text):
        if place_words.PUBLIC_PLACE.search(clause):
            return None
        if _names_home(clause):
            return Resolved(_household(clause, _room_said(base, home) if base.room else _at_home(base, home)), PRIVATE)
    return None


def _apart(text: str, base: Location, _home: Home | None, _names: Sequence[PlaceName]) -> Resolved | None:
    for pattern, place in place_words.APART:
        if re.search(pattern, text):
            return Resolved(replace(_outside(base), place=place), PUBLIC)
    return None


def _downstairs(text: str, base: Location, home: Home | None, _names: Sequence[PlaceName]) -> Resolved | None:
    if not place_words.DOWNSTAIRS.search(text):
        return None
    here = replace(_in_own_unit(base, home), room=None, place="楼下")
    return Resolved(replace(here, floor=None), PUBLIC)


def _own_floor(text: str, base: Location, home: Home | None, _names: Sequence[PlaceName]) -> Resolved | None:
    if not place_words.MY_FLOOR.search(text):
        return None
    here = _in_own_unit(base, home)
    floor = base.floor or (home.floor if home and _lives_there(base, home) else None)
    return Resolved(replace(here, floor=floor, room=None, place="楼道"), PUBLIC)


def _unit_place(text: str, base: Location, home: Home | None, _names: Sequence[PlaceName]) -> Resolved | None:
    if _names_home(text) and place_words.MY_HOME.search(text):
        return None
    for pattern, place, has_floor in place_words.UNIT_PLACES:
        if re.search(pattern, text):
            here = replace(_in_own_unit(base, home), room=None, place=place)
            if _is_other_lift(text, base, here):
                here = replace(here, unit=None)
            floor = base.floor or (home.floor if home and has_floor and _lives_there(base, home) else None)
            return Resolved(replace(here, floor=floor), PUBLIC)
    return None


def _is_other_lift(text: str, base: Location, here: Location) -> bool:
    """Tell whether a lift of another unit is named: which unit it is in says the ledger."""
    lift = place_words.LIFT.search(text)
    return lift is not None and base.unit is None and lift[1] != here.unit


def _estate_place(text: str, base: Location, _home: Home | None, _names: Sequence[PlaceName]) -> Resolved | None:
    for pattern, place in place_words.ESTATE_PLACES:
        if re.search(pattern, text):
            return Resolved(replace(_outside(base), room=None, place=place), PUBLIC)
    return None


_RULES = (
    _neighbour,
    _garage,
    _named,
    _home_first,
    _downstairs,
    _apart,
    _own_floor,
    _unit_place,
    _estate_place,
)
