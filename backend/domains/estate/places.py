"""What the words for a place mean for this speaker. Pure: words, the speaker's home and the estate's names in, Location out.

Rules (see the contract): 楼下 of a home is a public place of its unit without a floor; 我这层 and 楼道 outside a home have
that home's floor; 楼上 and 对门 are the neighbour's home where that is what is meant (noise, leaks).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from backend.domains.estate.domain import Home, Location, PlaceName
from backend.domains.estate.numerals import normalise

PRIVATE, PUBLIC = "private", "public"

_DASHED = re.compile(r"(?<!\d)(\d{1,2})-(\d{1,2})-(\d{3,4})(?!\d)")
_DASHED_SHORT = re.compile(r"(?<![\d-])(\d{1,2})-(\d{3,4})(?![\d-])")
_BUILDING = re.compile(r"(\d{1,2})(?:号楼|栋|幢|座)")
_BUILDING_BARE = re.compile(r"(?<!\d)(\d{1,2})(?:号(?=\d单元)|(?=-?\d单元))")
_UNIT = re.compile(r"(\d{1,2})单元")
_BASEMENT = re.compile(r"负(\d)|地下(\d)|[Bb](\d)(?!\d)")
_FLOOR = re.compile(r"(?<![\d号Bb负])(\d{1,2})(?:楼|层)(?!梯|道灯号)")
_ROOM = re.compile(r"(?<!\d)(\d{3,4})(?:室|号房|房|户)?(?![\d号栋元块米年])")
_ZONE = re.compile(r"([A-Za-z])区")

_UNIT_PLACES: tuple[tuple[str, str, bool], ...] = (
    # words, place, has the speaker's floor
    (r"大堂|大厅|门厅|一楼大堂", "大堂", False),
    (r"电梯厅|电梯口|电梯间", "电梯厅", True),
    (r"电梯|号梯", "电梯", False),
    (r"楼梯间|楼梯|消防通道|安全通道", "楼梯间", True),
    (r"楼道|走廊|过道|过廊|走道", "楼道", True),
    (r"单元门|楼门|门禁|入户门口", "单元门", False),
    (r"楼顶|天台|屋顶|屋面|顶楼平台", "楼顶", False),
    (r"外墙", "外墙", False),
    (r"水表井|管道井|电井|弱电井|强电井", "管井", True),
)
_ESTATE_PLACES: tuple[tuple[str, str], ...] = (
    (r"东大?门", "东门"),
    (r"西大?门", "西门"),
    (r"南大?门", "南门"),
    (r"北大?门", "北门"),
    (r"小区大?门口?|大门口?|岗亭|门岗", "小区大门"),
    (r"羽毛球[场馆]", "羽毛球场"),
    (r"健身房", "健身房"),
    (r"会议室", "会议室"),
    (r"儿童乐园|游乐[场区]|滑梯|儿童区", "儿童乐园"),
    (r"花园|草坪|绿化带|花坛|小路|广场|凉亭|景观", "园区"),
    (r"垃圾[站房桶点]|垃圾分类", "垃圾点"),
    (r"充电桩|充电棚|车棚", "充电区"),
    (r"泵房|水泵房", "水泵房"),
    (r"配电[房室]", "配电房"),
)
_ROOMS_AT_HOME = re.compile(
    r"厨房|卫生间|洗手间|厕所|浴室|客厅|阳台|主卧|次卧|卧室|书房|餐厅|玄关|飘窗|马桶|淋浴|洗脸盆|洗手池|花洒|灶台|油烟机|热水器"
)
_GARAGE = re.compile(r"地下车库|地下停车场|地库|车库|停车场|负\d[楼层]|[Bb]\d层?")
_MY_HOME = re.compile(r"我们?家(?!楼下|楼上|门口|对门|这层|楼道|外面)|家里|家中|屋里|室内|房间里|户内|我屋")
_MY_FLOOR = re.compile(r"我们?家?这一?层|这一?层|本层|同层|我家门口|家门口")
_DOWNSTAIRS = re.compile(r"楼下|楼底下?|单元楼?门口|楼栋门口")
_UPSTAIRS = re.compile(r"楼上")
_OPPOSITE = re.compile(r"对门|对面(?:邻居|那?户|人家|家)|隔壁")
_NEIGHBOUR_MEANT = re.compile(r"吵|噪|响|闹|装修|跳|拖|漏|渗|滴|水|扔|烟|味|狗|麻将|音乐|唱|哭|砸|敲|电钻")
_DOWNSTAIRS_HOME = re.compile(r"楼下(?:邻居|那?户|人家|住户|业主|家)")


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
) -> Resolved:
    """Return where ``words`` point for somebody who lives at ``home`` (None for people without a home here)."""
    text = normalise(words)
    base = Location(community=home.community if home else community, raw=words.strip() or None)
    base = _read_numbers(text, base)
    for rule in (_neighbour, _garage, _named, _downstairs, _own_floor, _unit_place, _estate_place):
        found = rule(text, base, home, names)
        if found is not None:
            return found
    if base.room:
        return Resolved(_household(text, base), PRIVATE)
    if _MY_HOME.search(text) or _ROOMS_AT_HOME.search(text):
        return Resolved(_household(text, _at_home(base, home)), PRIVATE)
    if base.floor and home and not base.building:
        return Resolved(_in_own_unit(base, home), None)
    return Resolved(base, None)


def home_location(home: Home, words: str | None = None) -> Location:
    """Return the speaker's home as a location."""
    return Location(home.community, home.building, home.unit, home.floor, home.room, None, words or None)


def _read_numbers(text: str, base: Location) -> Location:
    if m := _DASHED.search(text):
        return replace(base, building=m[1], unit=m[2], room=m[3], floor=_floor_of(m[3]))
    if (m := _DASHED_SHORT.search(text)) and _floor_of(m[2]):
        return replace(base, building=m[1], room=m[2], floor=_floor_of(m[2]))
    building = _BUILDING.search(text) or _BUILDING_BARE.search(text)
    unit = _UNIT.search(text)
    rest = _BUILDING.sub("#", _UNIT.sub("#", text))
    room = (
        _ROOM.search(rest) if (building or unit or re.search(r"\d{3,4}(?:室|房|号房|户)|#\d{3,4}|家", rest)) else None
    )
    floor: str | None = None
    if m := _BASEMENT.search(rest):
        floor = f"B{m[1] or m[2] or m[3]}"
    elif m := _FLOOR.search(rest):
        floor = m[1]
    number = room[1] if room else None
    return replace(
        base,
        building=building[1] if building else None,
        unit=unit[1] if unit else None,
        room=number,
        floor=floor or (_floor_of(number) if number else None),
    )


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
    m = _ROOMS_AT_HOME.search(text)
    return replace(base, place=m[0]) if m else base


def _neighbour(text: str, base: Location, home: Home | None, _names: Sequence[PlaceName]) -> Resolved | None:
    if home is None or base.building:
        return None
    if _DOWNSTAIRS_HOME.search(text):
        return _other_home(base, home, -1)
    if not _NEIGHBOUR_MEANT.search(text):
        return None
    if _UPSTAIRS.search(text):
        return _other_home(base, home, +1)
    if _OPPOSITE.search(text):
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


def _garage(text: str, base: Location, _home: Home | None, _names: Sequence[PlaceName]) -> Resolved | None:
    if not _GARAGE.search(text):
        return None
    zone = _ZONE.search(text)
    place = f"地下车库{zone[1].upper()}区" if zone else "地下车库"
    return Resolved(replace(base, floor=base.floor or "B1", room=None, place=place), PUBLIC)


def _named(text: str, base: Location, home: Home | None, names: Sequence[PlaceName]) -> Resolved | None:
    best: tuple[int, PlaceName] | None = None
    for name in names:
        for word in (name.name, *name.aliases):
            if word and normalise(word) in text and (best is None or len(word) > best[0]):
                best = (len(word), name)
    if best is None:
        return None
    name = best[1]
    here = replace(base, place=name.name, room=None)
    if name.building:
        here = replace(here, building=name.building, unit=name.unit, floor=name.floor)
    return Resolved(replace(here, floor=name.floor or base.floor), PUBLIC)


def _downstairs(text: str, base: Location, home: Home | None, _names: Sequence[PlaceName]) -> Resolved | None:
    if not _DOWNSTAIRS.search(text):
        return None
    here = replace(_in_own_unit(base, home), room=None, place="楼下")
    return Resolved(replace(here, floor=None), PUBLIC)


def _own_floor(text: str, base: Location, home: Home | None, _names: Sequence[PlaceName]) -> Resolved | None:
    if not _MY_FLOOR.search(text):
        return None
    here = _in_own_unit(base, home)
    floor = base.floor or (home.floor if home and not base.building else None)
    return Resolved(replace(here, floor=floor, room=None, place="楼道"), PUBLIC)


def _unit_place(text: str, base: Location, home: Home | None, _names: Sequence[PlaceName]) -> Resolved | None:
    if _ROOMS_AT_HOME.search(text) and _MY_HOME.search(text):
        return None
    for pattern, place, has_floor in _UNIT_PLACES:
        if re.search(pattern, text):
            here = replace(_in_own_unit(base, home), room=None, place=place)
            own = bool(home) and not base.building
            floor = base.floor or (home.floor if home and own and has_floor else None)
            return Resolved(replace(here, floor=floor), PUBLIC)
    return None


def _estate_place(text: str, base: Location, _home: Home | None, _names: Sequence[PlaceName]) -> Resolved | None:
    for pattern, place in _ESTATE_PLACES:
        if re.search(pattern, text):
            return Resolved(replace(base, room=None, place=place), PUBLIC)
    return None
