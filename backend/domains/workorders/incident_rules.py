"""What makes an incident 事件 of many reports, as data. Pure.

A rule counts orders whose words say that a service is out, from different homes, within a short time: ``homes`` of them
in one area (a building, or a unit where the rule says so), or ``estate_homes`` over the whole estate. One building
alone never makes it the estate's: each counts with less than what would open an incident of its own.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TypeVar

from backend.domains.workorders.domain import SYSTEM, Status
from backend.kit.statemachine import Move

K = TypeVar("K")


class State(StrEnum):
    """Where an incident stands."""

    OPEN = "open"
    RESOLVED = "resolved"
    CLOSED = "closed"


STATE_TITLES: dict[State, str] = {State.OPEN: "抢修中", State.RESOLVED: "已恢复", State.CLOSED: "已关闭"}
STATE_TONES: dict[State, str] = {State.OPEN: "danger", State.RESOLVED: "waiting", State.CLOSED: "done"}

BUILDING, UNIT = "building", "unit"


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of incident. ``opens`` False only proposes it to the desk; ``level`` is the least area it can have."""

    category: str
    categories: tuple[str, ...]
    title: str
    says: re.Pattern[str]
    opens: bool = True
    level: str = BUILDING
    homes: int = 4
    estate_homes: int = 8
    within: timedelta = timedelta(minutes=20)


RULES: tuple[Rule, ...] = (
    Rule(
        "electrical", ("electrical", "lighting"), "停电",
        re.compile(r"停电|断电|没电|没有电|没来电|跳闸|电(?:都|也)?没了|灯(?:都|全).{0,4}(?:灭|不亮|黑)|[一全]片?(?:黑|漆黑)"),
    ),
    Rule(
        "plumbing", ("plumbing",), "停水",
        re.compile(r"停水|断水|没水|没有水|没来水|水(?:都|也)?没了|不出水|不来水|水压|水(?:很|太|特别|非常|变)小"),
    ),
    Rule(
        "elevator", ("elevator",), "电梯停运",
        re.compile(r"停梯|停运|电?梯.{0,8}(?:坏|停|不动|没反应|不走|用不了|不能用|不来|不下来|不上来|故障|黑屏|打不开)"),
        level=UNIT,
    ),
    Rule(
        "low_voltage", ("low_voltage",), "断网",
        re.compile(r"断网|没网|没有网|没信号|没有信号|上不了网|连不上网|网.{0,6}(?:断|没了|不通|连不上|用不了|坏)"),
    ),
    Rule(
        "hvac", ("hvac",), "停暖",
        re.compile(r"停暖|没暖|没有暖|暖气?.{0,6}(?:不热|冰|凉|停|没)|不供暖|没供暖|地暖.{0,4}(?:不热|凉|冰)"),
    ),
    Rule(
        "gas", ("gas",), "停气",
        re.compile(r"停气|断气|没气|没有气|没燃气|没煤气|打不着|点不着"),
        opens=False,
    ),
)  # fmt: skip

NEVER = re.compile(
    r"困|被关|着火|起火|失火|火灾|火苗|明火|冒烟|浓烟|火花|焦味|糊味|触电|漏电|爆|漏气|煤气味|燃气味|晕|受伤|救命"
)
"""Words of danger to a person: such an order is never folded, whatever urgency it was given."""


def rule_for(category: str, urgency: str, words: str) -> Rule | None:
    """Return the rule under which an order may lie with others, None when it stands alone."""
    if urgency == "emergency" or NEVER.search(words):
        return None
    return next((r for r in RULES if category in r.categories and r.says.search(words)), None)


def rule_of(category: str) -> Rule:
    """Return the rule of an incident's category."""
    return next(r for r in RULES if r.category == category)


@dataclass(frozen=True, slots=True)
class Area:
    """A part of an estate; without any field the whole of it."""

    building: str | None = None
    unit: str | None = None
    zone: str | None = None

    def covers(self, building: str | None, unit: str | None, place: str | None) -> bool:
        """Tell whether a place lies in the area for sure."""
        return (
            self.building in (None, building)
            and self.unit in (None, unit)
            and (self.zone is None or self.zone in (place or ""))
        )

    def contains(self, other: "Area") -> bool:
        """Tell whether another area lies in this one."""
        return self.covers(other.building, other.unit, other.zone)

    def in_words(self) -> str:
        """Return the area as people read it: 3号楼2单元, 地下车库B区, 全小区."""
        building = f"{self.building}号楼" if self.building else ""
        return f"{building}{self.unit + '单元' if self.unit else ''}{self.zone or ''}" or "全小区"

    def key(self, community_id: int, category: str) -> str:
        """Return what only one open incident may have."""
        return ":".join([str(community_id), category, *(part or "*" for part in (self.building, self.unit, self.zone))])


WHOLE = Area()


@dataclass(frozen=True, slots=True)
class Told:
    """One report as the rules see it: where, and from which home."""

    order_id: int
    building: str | None
    unit: str | None
    home: str


def storm(rule: Rule, told: Sequence[Told]) -> Area | None:
    """Return the area in which so many homes report the same that it is one thing; None while it is not."""
    spread = _homes_by(told, lambda t: t.building)
    alone = rule.homes - 1
    if sum(min(len(homes), alone) for homes in spread.values()) >= rule.estate_homes:
        return WHOLE
    areas = _homes_by((t for t in told if t.building), lambda t: _area(rule, t))
    found = [area for area, homes in areas.items() if len(homes) >= rule.homes]
    return max(found, key=lambda area: (len(areas[area]), area.key(0, rule.category)), default=None)


def _area(rule: Rule, told: Told) -> Area:
    return Area(told.building, told.unit if rule.level == UNIT else None)


def _homes_by(told: Iterable[Told], key: Callable[[Told], K]) -> dict[K, set[str]]:
    found: dict[K, set[str]] = defaultdict(set)
    for one in told:
        found[key(one)].add(one.home)
    return found


_S = Status
SYSTEM_MOVES: tuple[Move, ...] = tuple(
    Move(frm, to, frozenset({SYSTEM}), title)
    for title, to, sources in (
        ("并入事件", _S.TRIAGED, (_S.DISPATCHED, _S.ACCEPTED)),
        ("派单", _S.DISPATCHED, (_S.TRIAGED, _S.REOPENED)),
        ("随事件恢复", _S.FINISHED, (_S.TRIAGED, _S.DISPATCHED, _S.ACCEPTED, _S.ON_SITE, _S.SUSPENDED, _S.REOPENED)),
    )
    for frm in sources
) + tuple(
    Move(_S.MERGED, to, frozenset({SYSTEM}), "撤销合并")
    for to in (_S.REPORTED, _S.TRIAGED, _S.DISPATCHED, _S.ACCEPTED, _S.SUSPENDED, _S.REOPENED)
)
"""Moves that only the system makes, for an incident or to take a merge back: nobody is offered them as a button."""
