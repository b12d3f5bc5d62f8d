"""Words that point at one of several things: a short number, a place in a list, 都, 刚才那张, or words of the thing. Pure."""

import re
from dataclasses import dataclass

_CN = {c: n for n, c in enumerate("零一二三四五六七八九十")} | {"〇": 0, "幺": 1, "两": 2}
_SPOKEN = str.maketrans({c: str(n) for c, n in _CN.items() if n < 10})

_FOUR = re.compile(
    r"(?<![\d-])(\d{4})(?![\d元块度米年%-])|(?<![零〇一二三四五六七八九幺])([零〇][零〇一二三四五六七八九幺]{3})(?![零〇一二三四五六七八九幺])"
)
_OF_ORDER = re.compile(
    r"(?:单号|尾号|工单|单子|单)(?:是|为|号)?\s*(\d{1,4})(?![\d个只盏根米块张套天次小点元])|(?<![\d-])(\d{1,4})号?(?:工单|单子|单)(?!元)"
)
_CLOCK_BEFORE = re.compile(r"(?:早上|上午|中午|下午|晚上|今天|明天|后天|[周期拜][一二三四五六日天])\s*$")

_ORDINAL = re.compile(
    r"第(\d{1,2}|[一二三四五六七八九十]{1,2})(?:[张个条单项件份种]|(?![次天遍期层栋医\d]))"
    r"|(最后|末尾?|最下面)(?:那|这)?一?[张个条单项]|倒数第([一二三])[张个条单]?|(头一?)[张个条单]"
)
_BARE_NUMBER = re.compile(r"^(\d{1,2}|[一二三四五六七八九十]{1,2})$")
_ALL = re.compile(
    r"全部|全都|统统|通通|所有的?|[两俩三](?:个|张|单)?都|[两三][个张单]一起|一起(?:撤|催|取消|验收)|"
    r"都(?:撤|取消|不要|不用|不修|不需要|催|验收|通过|好了|修好|可以|行|是|要|满意|没问题)|^都$|全(?:撤|取消|催|要)"
)
_BACK = re.compile(r"刚才|刚刚|上面[那这]?|上一[张个单]|前面那|[那这][张个单条]")

_PUNCTUATION = re.compile(r"[\s,，.。!！?？~～、;；:：…]+")
_LEADING = re.compile(r"^(?:嗯+|哦+|噢|那么?|就|我?选|我说的?|说的|应该|是|要|看|麻烦|请)+")
_TRAILING = re.compile(r"(?:的?[那这][个张条单]|的|吧|啊|呀|呢|哈|啦|哦|嘛|谢谢|号)+$")

STOP = sorted(
    (
        "工单 单子 订单 师傅 业主 管家 物业 客服 一下 催催 催单 撤单 取消 撤掉 什么 怎么 怎样 时候 还没 没修 修好 好了 完工 搞定 验收 通过 "
        "不用 不要 不行 不是 没有 没好 还是 还在 一直 又坏 坏了 今天 明天 后天 昨天 上午 下午 晚上 现在 刚才 刚刚 自己 我们 你们 咱们 我家 家里 "
        "可以 已经 需要 这个 那个 这张 那张 这单 那单 处理 过来 上门 维修 报修 问题 帮我 麻烦 补充 满意 到了 到场 接单 换了 用料 快点 尽快 赶紧 "
        "来了 来人 安排 进度 一个 一张 两个 三个 星期"
    ).split(),
    key=len,
    reverse=True,
)
"""Words that say what is wanted, not which thing is meant."""
_STOP = re.compile("|".join(map(re.escape, STOP)))
_LONE = "灯窗锁树墙网"
"""Things whose name is one character and stands in no other thing's name."""
_COMPARED = 120


@dataclass(frozen=True, slots=True)
class Short:
    """The end of an order number, four digits. ``sure``: it cannot be a room or anything else."""

    digits: str
    sure: bool


def count_of(words: str) -> int:
    """Return a small number as said: 3, 三, 十二."""
    if words.isdigit():
        return int(words)
    tens, _, ones = words.rpartition("十") if "十" in words else ("", "", words)
    if "十" in words:
        return (_CN[tens] if tens else 1) * 10 + (_CN[ones] if ones else 0)
    return _CN[ones] if len(ones) == 1 else 0


def short_numbers(words: str) -> list[Short]:
    """Return the ends of order numbers that are said, those with 单 beside them first."""
    found = {next(g for g in m.groups() if g).zfill(4): True for m in _OF_ORDER.finditer(words)}
    for match in _FOUR.finditer(words):
        if not _CLOCK_BEFORE.search(words[: match.start()]):
            digits = (match[1] or match[2]).translate(_SPOKEN)
            found.setdefault(digits, digits.startswith("0"))
    return [Short(digits, sure) for digits, sure in found.items()]


def ordinal(words: str, count: int) -> int | None:
    """Return the index that 「第二张」, 「最后一个」 or a bare 「2」 means in a list of ``count``, None when none."""
    number = _BARE_NUMBER.match(bare(words))
    match = None if number else _ORDINAL.search(words)
    if number:
        index = count_of(number[1]) - 1
    elif match is None:
        return None
    elif match[1]:
        index = count_of(match[1]) - 1
    elif match[3]:
        index = count - count_of(match[3])
    else:
        index = count - 1 if match[2] else 0
    return index if 0 <= index < count else None


def bare(words: str) -> str:
    """Return the words without signs, and without what people put around an answer."""
    text = _PUNCTUATION.sub("", words)
    return _TRAILING.sub("", _LEADING.sub("", text)) or text


def without_pointing(words: str) -> str:
    """Return what is left when ordinals and short numbers are taken out."""
    return bare(_FOUR.sub("", _OF_ORDER.sub("", _ORDINAL.sub("", words))))


def means_all(words: str) -> bool:
    """Whether all of several are meant."""
    return bool(_ALL.search(words))


def points_back(words: str) -> bool:
    """Whether the thing spoken of last is meant."""
    return bool(_BACK.search(words))


def likeness(words: str, thing: str, lone: str = _LONE) -> int:
    """Return how many characters in a row of the telling words stand in the thing's words, at least two, else 0.

    A single character of ``lone`` counts as two.
    """
    said = _STOP.sub("\0", words[:_COMPARED])
    best = _common(said, thing)
    return best if best >= 2 else 2 * any(c in said and c in thing for c in lone)


def _common(a: str, b: str) -> int:
    best, row = 0, [0] * (len(b) + 1)
    for x in a:
        above, row = row, [0] * (len(b) + 1)
        for j, y in enumerate(b):
            if x == y and x != "\0":
                row[j + 1] = above[j] + 1
                best = max(best, row[j + 1])
    return best


def without_number(words: str, number: str) -> str:
    """Return the words without the order's number in front of them, whole or its last digits."""
    head = re.compile(rf"^\s*(?:{re.escape(number)}|{re.escape(number[-4:])}(?!\d))[\s,，:：、]*", re.IGNORECASE)
    return head.sub("", words) or words
