"""Kinds of equipment and the choice of the one that is meant. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

KINDS: dict[str, str] = {
    "elevator": "电梯",
    "light": "照明",
    "pump": "水泵",
    "fire_panel": "消防主机",
    "transformer": "变配电",
    "hvac": "空调暖通",
    "door": "门禁道闸",
    "camera": "监控",
    "meter": "表计",
    "facility": "公共设施",
    "other": "其他",
}

KIND_OF_CATEGORY: dict[str, tuple[str, ...]] = {
    "elevator": ("elevator",),
    "lighting": ("light",),
    "plumbing": ("pump",),
    "access_security": ("door", "camera"),
    "fire_safety": ("fire_panel",),
    "hvac": ("hvac",),
}
"""Which kinds a report of a category can be about when no device is named."""

STATUSES: dict[str, str] = {"up": "正常", "degraded": "带病运行", "down": "停用"}


@dataclass(frozen=True, slots=True)
class AssetView:
    """An asset outside its session."""

    id: int
    community_id: int
    code: str
    name: str
    aliases: tuple[str, ...]
    kind: str
    building: str | None
    unit: str | None
    floor: str | None
    place: str | None
    status: str


@dataclass(frozen=True, slots=True)
class NewAsset:
    """What is needed to enter an asset into the ledger."""

    name: str
    kind: str
    building: str | None = None
    unit: str | None = None
    floor: str | None = None
    place: str | None = None
    aliases: tuple[str, ...] = ()
    code: str | None = None
    same_name_meant: bool = False


@dataclass(frozen=True, slots=True)
class AssetEdit:
    """A correction; ``fields`` holds what is given, by name, a place that is emptied as None."""

    fields: Mapping[str, Any]
    same_name_meant: bool = False


_ADDRESS = re.compile(r"^(?:(\d{1,3})号楼)?(?:(\d{1,2})单元)?")


@dataclass(frozen=True, slots=True)
class Search:
    """What a search means: the words as given and as addresses are written; building, unit, kinds and the rest in them."""

    words: str
    address: str
    building: str | None
    unit: str | None
    rest: str
    kinds: tuple[str, ...]


def search_for(words: str, address: str) -> Search:
    """Take a search apart: 3号楼电梯 is building 3 and every kind that is called so."""
    found = _ADDRESS.match(address)
    building, unit = found.groups() if found else (None, None)
    rest = address[found.end() :] if found else address
    kinds = tuple(kind for kind, title in KINDS.items() if rest and rest in title)
    return Search(words, address, building, unit, rest, kinds)


def narrow(assets: Sequence[AssetView], building: str | None, unit: str | None, place: str | None) -> AssetView | None:
    """Return the one asset that fits the place, None when it is none or several."""
    fitting = [
        a
        for a in assets
        if (building is None or a.building in (None, building)) and (unit is None or a.unit in (None, unit))
    ]
    if len(fitting) > 1 and place:
        fitting = [a for a in fitting if a.place == place] or fitting
    return fitting[0] if len(fitting) == 1 else None
