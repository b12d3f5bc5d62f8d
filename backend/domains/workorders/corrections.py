"""Corrections in words: 「不是灯，是插座」, 「搞错了，是5号楼」, 「口误，是洗手池」, 「应该是厨房漏水」. Pure."""

import re
from dataclasses import dataclass, field

from backend.domains.estate.service import Location

_END = r"[^，,。.;；！!？?\n]"
_NOT_BUT = re.compile(rf"不是(?P<wrong>{_END}{{1,20}})[，,、。\s]*(?:而|应该|其实)?(?:是|在)(?P<right>{_END}{{1,40}})")
_BUT_NOT = re.compile(rf"(?<!不)是(?P<right>{_END}{{1,40}}?)[，,、\s]*不是(?P<wrong>{_END}{{1,20}})")
_SLIP = re.compile(
    r"(?:(?:[搞说弄写报打讲记看听]错|[搞弄]混|错)(?:了?(?:房号|地方|位置|字))?了?[，,。、\s]*)+|口误|(?:不对(?![劲头付])[，,。、\s]*)+|"
    r"(?:更正|纠正|修正|改)一?下"
)
"""What opens a correction. 「错」 alone only where it opens the sentence or is said of something (see ``find``)."""
_AFTER_SLIP = re.compile(
    rf"[，,。、：:\s]*(?:哦|啊|哈)?[，,。、\s]*(?:应该|其实|是说|[坏漏堵]水?了?的)*(?P<is>是|在)?(?P<right>{_END}{{1,40}})"
)
_SHOULD_BE = re.compile(rf"(?:应该是|应该在|更正为?|改成|改为)(?P<right>{_END}{{1,40}})")
_TAIL = re.compile(r"(?:才对|才是|的|吧|啊|呀|哦|哈|呢)+$")
_FAULT = re.compile(
    r"坏|漏|堵|不亮|不[热冷凉暖转响动通出制]|断|掉|裂|松|响|停|没[电水气网声反信]|跳闸|渗|冒|溢|闪|关不|开不|打不|用不|卡|臭|味|烧|鼓|霉|脏|短路|故障|失灵|生锈|滴水|在滴|流水|虫|鼠|蟑|吵"
)
_AT_START = re.compile(rf"(?:刚才|刚刚|我|前面|哎呀?|不好意思|抱歉)*[，,\s]*(?:{_SLIP.pattern})")
"""Without 是 a slip is one only where the message opens with it: 「写错房号了 1202」, not 「灯开关错位了」."""
_NOT_A_THING = re.compile(
    r"[0-9]{3,}|[0-9一二三四五六七八九十]+[栋幢号楼层单元室点]|[你我他她您们]|师傅|今天|明天|上午|下午|晚上"
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
    """What is right, and what was said wrongly if that is named. ``slip``: the speaker says that they misspoke."""

    right: str
    wrong: str | None = None
    slip: bool = field(default=False, compare=False)


def find(text: str) -> Correction | None:
    """Return the correction that the words make, None when they only add something."""
    for pattern in (_NOT_BUT, _BUT_NOT):
        if match := pattern.search(text):
            return Correction(_core(match["right"]), _core(match["wrong"]))
    slip = _SLIP.search(text)
    if slip and (after := _AFTER_SLIP.match(text, slip.end())) and (after["is"] or _AT_START.match(text)):
        return Correction(_core(after["right"]), slip=True)
    if match := _SHOULD_BE.search(text):
        return Correction(_core(match["right"]))
    return None


def _core(words: str) -> str:
    return _TAIL.sub("", words.strip()) or words.strip()


def corrected_fault(fault: str, said: Correction, is_place: bool = False) -> str | None:
    """Return the fault with what is right in it, None where the correction is about something else.

    ``is_place``: what is right names a place. Who misspoke and names a thing means that thing instead, in the same
    trouble: 「厨房水龙头漏水」, 「说错了，是洗手池」 → 「洗手池漏水」.
    """
    if said.wrong and said.wrong in fault:
        return fault.replace(said.wrong, said.right, 1)
    if is_fault(said.right):
        return said.right if said.right != fault else None
    trouble = _FAULT.search(fault)
    is_thing = said.slip and not is_place and 2 <= len(said.right) <= 8 and not _NOT_A_THING.search(said.right)
    return said.right + fault[trouble.start() :] if is_thing and trouble else None


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
