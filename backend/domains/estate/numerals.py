"""Numbers in Chinese addresses: 三号楼二单元 → 3号楼2单元, 幺二零一室 → 1201室, 负一楼 → B1. Pure."""

import re

import cn2an

_DIGITS = dict(zip("零〇一二三四五六七八九幺两", "0012345678912", strict=True))
_NUMBER = r"[零〇一二两三四五六七八九十百幺]+"
_BEFORE_UNIT = re.compile(rf"({_NUMBER})(?=号楼|号梯|号电梯|号车库|栋|幢|座|单元|楼|层|室|号房)")
_AFTER_FLOOR = re.compile(
    rf"(?<=[楼层])({_NUMBER})(?=室|号(?![楼电梯机线]))|(?<=[楼层])([零〇][一二三四五六七八九])(?!{_NUMBER})"
)
_THIS_ONE = re.compile(r"(?<=[这那同每哪])一(?:个(?=单元)|(?=[层楼栋幢单]))")  # 这一层 is no first floor
_NTH_UNIT = re.compile(rf"(?:第|(?<![里前后外上])头(?=一))({_NUMBER}|\d{{1,2}})个?(?=单元)")  # 头一个单元, 第二单元
_AFTER_PREFIX = re.compile(rf"(?<=负)({_NUMBER})|(?<=地下)({_NUMBER})(?=层|楼)")
_SPOKEN_ROOM = re.compile(
    r"(?<![零〇一二三四五六七八九幺])([零〇一二三四五六七八九幺]{3,4})(?![零〇一二三四五六七八九幺十百千万点])"
)
_ROOM_BY_FLOOR = re.compile(
    r"(?<![零〇一二三四五六七八九十幺])([一二两三]?十[一二三四五六七八九]?)([零〇][一二三四五六七八九])(?![零〇一二三四五六七八九十])"
)
"""十二零一 → 1201."""
_BY_DASHES = re.compile(r"(?<!\d)(\d{1,3})-(\d{1,2})-(\d{3,4})(?!\d)")
_HASH = re.compile(r"(?<=\d)#(?:楼|(?=[\d\s,，。单栋的]|$))")  # 3#2单元 names a building, 2#电梯 does not
_DOOR_AS_UNIT = re.compile(
    rf"(?<=[楼栋幢座])({_NUMBER}|\d{{1,2}})门(?:洞|(?![禁锁铃框缝卫诊]))|({_NUMBER}|\d{{1,2}})门洞"
)
_UNIT_BY_DASH = re.compile(r"(?<=[楼栋幢座])-?(\d{1,2})-(?=\d{3,4}(?!\d))")
_OTHER_BUILDING = re.compile(r"(?<=\d)(?:栋|幢|座)")
_AFTER_ROOM = re.compile(r"(?<=\d{3})(?:室|号房|房)$")


def to_digits(words: str) -> str:
    """Return a Chinese number as digits. Digit by digit where there is no 十 or 百 (一二零一 → 1201)."""
    if "十" not in words and "百" not in words:
        return "".join(_DIGITS[c] for c in words)
    try:
        return str(cn2an.cn2an(words.replace("两", "二").replace("幺", "一"), "smart"))
    except (ValueError, KeyError, IndexError):  # what cn2an raises for 〇十〇
        return words


def normalise(text: str) -> str:
    """Return the text with the numbers of addresses in digits and full-width digits made plain."""
    text = text.translate({c: c - 0xFEE0 for c in range(0xFF10, 0xFF1A)})
    text = re.sub(r"[－—–~～]", "-", text)
    text = _THIS_ONE.sub("", text)
    text = _NTH_UNIT.sub(r"\1", text)
    text = _BEFORE_UNIT.sub(lambda m: to_digits(m.group(1)), text)
    text = _AFTER_PREFIX.sub(lambda m: to_digits(m.group(0)), text)
    text = _AFTER_FLOOR.sub(lambda m: to_digits(m.group(0)), text)
    text = _ROOM_BY_FLOOR.sub(lambda m: to_digits(m[1]) + to_digits(m[2]), text)
    return _SPOKEN_ROOM.sub(lambda m: to_digits(m.group(1)), text)


def written_out(text: str) -> str:
    """Return normalised text with its short addresses whole: 3-2-1201, 3#2-1201, 三栋二门 → 3号楼2单元…"""
    text = _HASH.sub("号楼", text.replace("＃", "#"))
    text = _DOOR_AS_UNIT.sub(lambda m: f"{_plain(m[1] or m[2])}单元", text)
    text = _BY_DASHES.sub(r"\1号楼\2单元\3", text)
    return _UNIT_BY_DASH.sub(r"\1单元", text)


def _plain(number: str) -> str:
    return number if number.isdigit() else to_digits(number)


def as_address(words: str) -> str:
    """Return an address as it is written on rooms and devices: 三栋-2 - 1201室 → 3号楼2单元1201."""
    text = written_out(normalise("".join(words.split())))
    text = _OTHER_BUILDING.sub("号楼", text)
    return _AFTER_ROOM.sub("", text)
