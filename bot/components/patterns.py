"""Patterns of order numbers, addresses, people and quantities in clean text. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.components.lexicon import THINGS
from bot.components.places import PLACE
from bot.components.zh_numbers import NUMERAL, to_digits

N = NUMERAL
BUILDING_WORD = "(?:号楼|栋楼|幢楼|座楼|号栋|栋|幢|座|#楼|#)"


@dataclass(frozen=True)
class Found:
    """One entity: its name, normal value and place in the text."""

    entity: str
    value: str
    start: int
    end: int

    def as_dict(self) -> dict[str, str | int]:
        """Return Rasa's form."""
        return {"entity": self.entity, "value": self.value, "start": self.start, "end": self.end}


ADDRESS_DASHED = re.compile(r"(?<![\d-])(\d{1,2})[-.](\d{1,2})[-.](\d{3,4})(?![\d-])")
ADDRESS_SHORT = re.compile(r"(?<![\d-])(\d{1,2})-(\d{3,4})(?![\d-])")
BUILDING = re.compile(rf"({N}{{1,3}}|[a-h])(?:{BUILDING_WORD})")
BUILDING_BARE = re.compile(rf"({N}{{1,3}})(?:号)?(?={N}{{1,2}}(?:单元|门洞))|(\d{{1,2}})号(?=\d{{3,4}}(?!\d))")
UNIT = re.compile(rf"({N}{{1,3}})(?:单元|门洞)")
FLOOR_ROOM = re.compile(rf"({N}{{1,3}})(?:楼|层)[的]?(0[1-9]|[零][一二三四五六])(?:室|房|号|户)?(?!\d)")
BASEMENT = re.compile(r"(?:负|地下)([一二三123])(?:楼|层)|(?<![a-z])b([123])(?:层|楼)?(?![a-z\d])|-([123])(?:楼|层)")
FLOOR = re.compile(rf"(?<![号栋幢座负这那])({N}{{1,3}})(?:楼|层)(?!长)")
ROOM = re.compile(
    r"(?<![\d.\-a-z尾号¥])(?!1(?:10|19|20)(?!\d))(\d{3,4})(?:室|房间|房|号房|户|号|家)?"
    r"(?!\d|\.\d|[元块度吨平米方年天分月日点%k]|多|个|号楼|号梯|号线|w|万|公里|毫|-\d|[a-z])"
)
ROOM_SPOKEN = re.compile(
    r"([一二三四五六七八九幺]{1,2}[零][一二三四五六]|[一幺][一二三四五六七八零幺][零][一二三四])(?:室|房|号|户)?"
)
ORDER_NUMBER = re.compile(r"(?<![a-z0-9])([a-z]{2})\s?(\d{4})[-_ ]?(\d{4,5})(?!\d)")
PHONE = re.compile(r"(?<!\d)(1[3-9]\d)[- ]?(\d{4})[- ]?(\d{4})(?!\d)")
PLATE = re.compile(
    r"([京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼])\s?([a-z])[·. ]?([a-z0-9]{5,6})(?![a-z0-9])"
)
AMOUNT = re.compile(r"(?:¥\s*)(\d+(?:\.\d{1,2})?)|(\d+(?:\.\d{1,2})?)\s*(?:元|块钱|块|rmb)")
QUANTITY = re.compile(
    r"(\d{1,4}|[一二三四五六七八九十两俩]{1,3})\s*(?:个|只|根|米|卷|套|块|把|条|台|支|瓶|桶|包|节|颗|盏|副|片|组|盒|张|截|段|袋)(?!月|星|小时|钟|人|老|事)"
)
STARS = re.compile(r"([1-5一二三四五两])\s*(?:颗)?\s*(?:星|分(?!钟))|(满分|全五星|五星)")
STAR_WORDS = (
    (re.compile("非常不满|很不满|太差|差评|极差|垃圾|糟糕|恶劣|气死"), "1"),
    (re.compile("不满意|不太行|不怎么样|不太满意|不行|较差|敷衍"), "2"),
    (re.compile("一般|还行|凑合|马马虎虎|中评|过得去|差不多吧"), "3"),
    (re.compile("比较满意|还不错|还可以|挺好|蛮好|可以的"), "4"),
    (re.compile("满意|好评|点赞|赞|很好|非常好|专业|好得很|给力|棒|不错|优秀|到位"), "5"),
)
PERSON = re.compile(
    r"(?:(?<=给)|(?<=让)|(?<=叫)|(?<=找)|(?<=由)|(?<=是)|(?<=派)|^|(?<=[,。 ]))?([\u4e00-\u9fa5])(?:师傅|师父|工(?=[来去吧,。])|经理|主任|队长)"
)
PERSON_NAMED = re.compile(
    r"(?:转给|派给|交给|指派给|让)((?:小|老|阿)[\u4e00-\u9fa5])|(?:访客|朋友|客人)(?:叫|是|姓名)([\u4e00-\u9fa5]{2,3})"
)
_DAY = "(?:今天|明天|后天|大后天|今晚|明晚|今早|明早|昨天|昨晚|前天|(?:这|下|上|本)?(?:周|星期|礼拜)[一二三四五六日天末]|下周|\\d{1,2}月\\d{1,2}[日号]|\\d{1,2}号(?!楼|梯|线|栋|房|单))"
_PART = "(?:早上|上午|中午|下午|傍晚|晚上|凌晨|夜里|早晨|午后)"
_CLOCK = f"(?:{N}{{1,3}}[点::](?:半|一刻|三刻|整|{N}{{1,3}}分?)?(?:钟)?)"
TIME = re.compile(f"{_DAY}(?:{_PART})?(?:{_CLOCK})?|{_PART}(?:{_CLOCK})?|{_CLOCK}(?:以后|之后|前|之前|左右)?")
THING = re.compile("|".join(re.escape(t) for t in sorted((t for t, c in THINGS.items() if c), key=len, reverse=True)))
PART_WORDS = "灯泡 灯管 灯座 阀门 角阀 三角阀 水龙头 龙头 密封圈 垫片 生料带 水管 软管 插座 开关 空开 电线 锁芯 合页 门把手 电池 保险丝 继电器 接触器 按钮 主板 门机 钢丝绳 读卡器 电源 网线 水晶头 探头 螺丝 胶 玻璃胶 镇流器 驱动器 led灯 漏保 浮球 水泵 轴承 皮带 滤网 闭门器 花洒 下水管 弯头 接头 pvc管 ppr管 止回阀 变压器 光电开关 感应器 门吸 铰链 膨胀螺丝 扎带 绝缘胶布 电容 风机 马桶配件 水件 摄像头 硬盘 交换机 电机 遥控器 滑轮 编码器"
PART = re.compile("|".join(re.escape(p) for p in sorted(PART_WORDS.split(), key=len, reverse=True)))

Pattern = tuple[re.Pattern[str], Callable[[re.Match[str]], list[Found]]]


def _numbered(entity: str) -> Callable[[re.Match[str]], list[Found]]:
    def build(match: re.Match[str]) -> list[Found]:
        words = next(group for group in match.groups() if group)
        value = words.upper() if words.isalpha() and words.isascii() else to_digits(words)
        return [Found(entity, value, match.start(), match.end())] if value else []

    return build


def _joined(entity: str, *groups: int) -> Callable[[re.Match[str]], list[Found]]:
    def build(match: re.Match[str]) -> list[Found]:
        return [Found(entity, "".join(match.group(g) or "" for g in groups).upper(), match.start(), match.end())]

    return build


def _address(*names: str) -> Callable[[re.Match[str]], list[Found]]:
    def build(match: re.Match[str]) -> list[Found]:
        return [Found(n, match.group(i), match.start(i), match.end(i)) for i, n in enumerate(names, 1)]

    return build


def _order_number(match: re.Match[str]) -> list[Found]:
    value = f"{match.group(1).upper()}{match.group(2)}-{match.group(3)}"
    return [Found("order_number", value, match.start(), match.end())]


def _basement(match: re.Match[str]) -> list[Found]:
    level = to_digits(next(group for group in match.groups() if group))
    return [Found("floor", f"B{level}", match.start(), match.end())]


def _floor_room(match: re.Match[str]) -> list[Found]:
    floor, door = to_digits(match.group(1)), to_digits(match.group(2))
    if not floor or not door:
        return []
    return [
        Found("floor", floor, match.start(), match.end(1) + 1),
        Found("room", f"{floor}{int(door):02d}", match.start(), match.end()),
    ]


def _whole(entity: str) -> Callable[[re.Match[str]], list[Found]]:
    def build(match: re.Match[str]) -> list[Found]:
        words = next((group for group in match.groups() if group), match.group())
        return [Found(entity, words.strip(), match.start(), match.end())]

    return build


# In this order; a pattern never reads what an earlier one has taken.
ADDRESSES: tuple[Pattern, ...] = (
    (ORDER_NUMBER, _order_number),
    (PHONE, _joined("phone", 1, 2, 3)),
    (PLATE, _joined("plate", 1, 2, 3)),
    (ADDRESS_DASHED, _address("building", "unit", "room")),
    (ADDRESS_SHORT, _address("building", "room")),
    (BUILDING, _numbered("building")),
    (BUILDING_BARE, _numbered("building")),
    (UNIT, _numbered("unit")),
    (FLOOR_ROOM, _floor_room),
    (BASEMENT, _basement),
    (FLOOR, _numbered("floor")),
    (AMOUNT, _numbered("amount")),
    (TIME, _whole("time")),
    (STARS, lambda m: [Found("stars", _stars(m), m.start(), m.end())]),
    (ROOM, _numbered("room")),
    (ROOM_SPOKEN, _numbered("room")),
    (QUANTITY, _numbered("quantity")),
)
WORDS: tuple[Pattern, ...] = (
    (PLACE, _whole("place")),
    (PERSON, lambda m: [Found("person", m.group().strip(), m.start(1), m.end())]),
    (PERSON_NAMED, _whole("person")),
    (PART, _whole("part")),
    (THING, _whole("device")),
)


def _stars(match: re.Match[str]) -> str:
    return "5" if match.group(2) else to_digits(match.group(1)) or "5"


def _scan(text: str, patterns: tuple[Pattern, ...]) -> Iterator[Found]:
    free = text
    for pattern, build in patterns:
        for match in pattern.finditer(free):
            found = build(match)
            yield from found
            if found:
                start = min(f.start for f in found)
                free = free[:start] + "\0" * (match.end() - start) + free[match.end() :]


def find(text: str, intent: str | None = None) -> list[Found]:
    """Return the entities of the clean text, in order; star words only count in a rating."""
    found = [*_scan(text, ADDRESSES), *_scan(text, WORDS)]
    if intent == "rate_work_order" and not any(f.entity == "stars" for f in found):
        for pattern, value in STAR_WORDS:
            match = pattern.search(text)
            if match:
                found.append(Found("stars", value, match.start(), match.end()))
                break
    return sorted(found, key=lambda f: (f.start, f.end))
