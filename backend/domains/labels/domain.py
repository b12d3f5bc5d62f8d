"""Kinds of labels, what a device is repaired as, and how often a stranger may use one. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a label is on."""

    ORDER = "order"
    ASSET = "asset"
    PLACE = "place"


KIND_TITLES: dict[Kind, str] = {Kind.ORDER: "工单", Kind.ASSET: "设备", Kind.PLACE: "公共区域"}

CATEGORY_OF: dict[str, str] = {
    "elevator": "elevator",
    "light": "lighting",
    "pump": "plumbing",
    "fire_panel": "fire_safety",
    "transformer": "electrical",
    "hvac": "hvac",
    "door": "access_security",
    "camera": "access_security",
}
"""Kind of device → category of a fault told at it; any other is ``other``."""
OTHER = "other"

STRANGER = "扫码的人"
"""How the history names somebody who is not logged in."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How often something may be done within a window, by address or by label."""

    by: str
    most: int
    window_s: int


LIMITS: dict[str, tuple[Limit, ...]] = {
    "report": (Limit("address", 5, 600), Limit("label", 3, 600)),
    "picture": (Limit("address", 12, 600), Limit("label", 12, 600)),
}
"""For whoever is not logged in. Windows are fixed: the first moment of each is a multiple of its length."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a label is on, as it is printed."""

    kind: Kind
    id: int
    community_id: int
    name: str
    code: str
    place_text: str
    building: str | None = None
    unit: str | None = None
    floor: str | None = None
    place: str | None = None
    category: str = OTHER


@dataclass(frozen=True, slots=True)
class Printed:
    """One label as it is printed."""

    target: Target
    estate: str
    url: str
    token: str


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says at a label. ``key`` makes it once."""

    words: str
    category: str | None = None
    phone: str | None = None
    media: tuple[str, ...] = ()
    key: str | None = None
