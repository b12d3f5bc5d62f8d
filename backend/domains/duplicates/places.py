"""Whether two reports speak of one place. Pure: tables of the places that ``estate`` resolves words to."""

from dataclasses import dataclass
from enum import StrEnum

FLOORED = frozenset({"楼道", "电梯厅", "楼梯间", "管井"})
"""Every floor has one of its own."""
OF_UNIT = FLOORED | {"楼下", "大堂", "单元门", "电梯", "楼顶", "外墙"}
"""Every unit has one; any other name is a place of the estate, wherever the speaker lives."""
WIDE = frozenset({"地下车库", "园区", "外墙"})
"""So large that the same name may be two spots."""
BESIDE: frozenset[frozenset[str]] = frozenset(
    frozenset(pair)
    for pair in (
        ("楼下", "大堂"),
        ("楼下", "单元门"),
        ("大堂", "单元门"),
        ("大堂", "电梯厅"),
        ("楼道", "电梯厅"),
        ("楼道", "楼梯间"),
        ("楼道", "管井"),
        ("电梯", "电梯厅"),
        ("楼下", "园区"),
        ("楼下", "垃圾点"),
        ("园区", "儿童乐园"),
        ("小区大门", "东门"),
        ("小区大门", "西门"),
        ("小区大门", "南门"),
        ("小区大门", "北门"),
    )
)
"""Names that people use for one spot: staff may look, nothing happens by itself."""
LIFT, LIFT_CATEGORY = "电梯", "elevator"


class Where(StrEnum):
    """How sure it is that two places are one, best first."""

    SAME = "same"
    WIDE = "wide"
    NEAR = "near"
    PARTLY = "partly"
    UNKNOWN = "unknown"
    APART = "apart"


WHERE_TITLES: dict[Where, str] = {
    Where.SAME: "同一位置",
    Where.WIDE: "同一片区域",
    Where.NEAR: "位置相近",
    Where.PARTLY: "位置可能相同",
    Where.UNKNOWN: "位置不明",
    Where.APART: "不同位置",
}


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a fault is. None is not known."""

    building: str | None = None
    unit: str | None = None
    floor: str | None = None
    place: str | None = None
    asset_id: int | None = None


def spot_of(
    category: str, building: str | None, unit: str | None, floor: str | None, place: str | None, asset_id: int | None
) -> Spot:
    """Return the spot of a public fault. A lift is one lift on every floor; a place of the estate is in no building."""
    if category == LIFT_CATEGORY and place in (None, "电梯厅", LIFT):
        place, floor = LIFT, None
    if place is not None and place not in OF_UNIT and not place.startswith("地下车库"):
        return Spot(place=place, asset_id=asset_id)
    return Spot(building, unit, floor if place in FLOORED or place is None else None, place, asset_id)


def spot_at_home(place: str | None) -> Spot:
    """Return the spot of a fault inside a home; which home is compared apart."""
    return Spot(building="home", place=place)


def compare(a: Spot, b: Spot) -> Where:
    """Return whether two spots of one estate are one. PARTLY: nothing contradicts, but one side knows less."""
    pairs = ((a.building, b.building), (a.unit, b.unit), (a.floor, b.floor), (a.asset_id, b.asset_id))
    if any(x is not None and y is not None and x != y for x, y in pairs):
        return Where.APART
    named = Where.SAME if a.asset_id is not None and a.asset_id == b.asset_id else _names(a.place, b.place)
    if named is Where.APART:
        return named
    if (a.place is None or b.place is None) and not (a.building and b.building):
        return Where.UNKNOWN
    if any((x is None) != (y is None) for x, y in pairs[:3]):
        return Where.PARTLY
    return Where.NEAR if named is Where.UNKNOWN else named


def _names(a: str | None, b: str | None) -> Where:
    if a is None and b is None:
        return Where.WIDE
    if a is None or b is None:
        return Where.UNKNOWN
    if a == b:
        return Where.WIDE if a in WIDE else Where.SAME
    if frozenset((a, b)) in BESIDE or a.startswith(b) or b.startswith(a):
        return Where.NEAR
    return Where.APART
