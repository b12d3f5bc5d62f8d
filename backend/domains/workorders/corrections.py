"""Corrections in words: 「不是灯，是插座」, 「搞错了，是5号楼」, 「应该是厨房漏水」. Pure."""

import re
from dataclasses import dataclass

from backend.domains.estate.service import Location

_END = r"[^，,。.;；！!？?\n]"
_NOT_BUT = re.compile(rf"不是(?P<wrong>{_END}{{1,20}})[，,、。\s]*(?:而|应该|其实)?(?:是|在)(?P<right>{_END}{{1,40}})")
_BUT_NOT = re.compile(rf"(?<!不)是(?P<right>{_END}{{1,40}}?)[，,、\s]*不是(?P<wrong>{_END}{{1,20}})")
_RIGHT = re.compile(
    rf"(?:[搞说弄写报打讲]错了?|不对)[，,。、：:\s]*(?:应该|其实|是说)?(?:是|在)?(?P<right>{_END}{{1,40}})|"
    rf"(?:应该是|应该在|更正为?|改成|改为)(?P<other>{_END}{{1,40}})"
)
_TAIL = re.compile(r"(?:才对|才是|的|吧|啊|呀|哦|哈|呢)+$")
_FAULT = re.compile(
    r"坏|漏|堵|不亮|不[热冷凉暖转响动通出制]|断|掉|裂|松|响|停|没[电水气网声反信]|跳闸|渗|冒|溢|闪|关不|开不|打不|用不|卡|臭|味|烧|鼓|霉|脏|短路|故障|失灵|生锈|滴水|流水|虫|鼠|蟑|吵"
)
PARTS = ("building", "unit", "floor", "room", "place")
_INSIDE = {
    "building": ("unit", "floor", "room"),
    "unit": ("floor", "room"),
    "floor": ("room",),
}
"""What is not known any more when a part becomes another; the place in words (大堂, 楼下) goes along."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What is right, and what was said wrongly if that is named."""

    right: str
    wrong: str | None = None


def find(text: str) -> Correction | None:
    """Return the correction that the words make, None when they only add something."""
    for pattern in (_NOT_BUT, _BUT_NOT):
        if match := pattern.search(text):
            return Correction(_core(match["right"]), _core(match["wrong"]))
    if match := _RIGHT.search(text):
        right = _core(match["right"] or match["other"])
        return Correction(right) if right else None
    return None


def _core(words: str) -> str:
    return _TAIL.sub("", words.strip()) or words.strip()


def corrected_fault(fault: str, said: Correction) -> str | None:
    """Return the fault with what is right in it, None where the correction is about something else."""
    if said.wrong and said.wrong in fault:
        return fault.replace(said.wrong, said.right, 1)
    return said.right if is_fault(said.right) and said.right != fault else None


def is_fault(words: str) -> bool:
    """Tell whether words say what is broken and how."""
    return len(words) >= 3 and bool(_FAULT.search(words))


def corrected_location(before: Location, meant: Location) -> dict[str, str | None]:
    """Return the parts of a location as they are when what is meant replaces what was said."""
    given = {name: value for name in PARTS if (value := getattr(meant, name))}
    after = {name: getattr(before, name) for name in PARTS}
    for name in PARTS:
        if name in given and given[name] != after[name]:
            after.update(dict.fromkeys(_INSIDE.get(name, ())))
            after[name] = given[name]
    return after
