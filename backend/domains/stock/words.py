"""Which items of the store words name, with how many: 「换了两个角阀」 → 角阀, 2. Only beyond doubt. Pure.

A name counts when it stands as a whole word, means exactly one item, and a number with a fitting measure word stands
right beside it. Everything else stays words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from backend.domains.stock.domain import LARGEST_MILLI, ItemView, to_milli

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2, "俩": 2, "仨": 3}
_COUNTERS = frozenset("个只支根条把套块盏颗片枚")
"""Measure words that all count pieces."""
_UNIT = r"(?:平方米|厘米|公斤|千克|[个只支根条把套块盏颗片枚米卷瓶包袋桶盒张台副对节段升斤克组])"
_NUMBER = r"(?:\d{1,5}(?:\.\d{1,3})?|半|[一二两俩仨三四五六七八九]?十[一二三四五六七八九]?|[一二两俩仨三四五六七八九])"
_COUNTED = re.compile(rf"(?<![第米斤元\d.零一二两三四五六七八九十半])(?P<number>{_NUMBER})\s?(?P<unit>{_UNIT}?)")
_BEFORE = re.compile(rf"{_COUNTED.pattern}\s?$")
_AFTER = re.compile(rf"\s?[x×*]?\s?{_COUNTED.pattern}")
_LEFT = re.compile(r"(?:^|[，,。;；：:、\s和跟及与还换用装补加料了是]|另外)$")
_RIGHT = re.compile(r"$|[，,。.;；、\s！!和跟及与还又另修好搞弄已都换装用了吧啊呢]")
_SEPARATOR = re.compile(r"[，,。;；、！!\n]|和|跟|及|还有")


@dataclass(frozen=True, slots=True)
class Part:
    """An item that was named with a number."""

    item: ItemView
    quantity_milli: int


@dataclass(frozen=True, slots=True)
class Read:
    """What words name: parts of the store, and the rest that is counted but not in the store or not clear."""

    parts: tuple[Part, ...]
    rest: tuple[str, ...]


def number_milli(text: str) -> int:
    """Return a number in digits or Chinese (半, 两, 十二) in thousandths."""
    if text == "半":
        return 500
    if text[0].isascii():
        return to_milli(Decimal(text))
    if "十" not in text:
        return _DIGITS[text] * 1000
    tens, _, ones = text.partition("十")
    return (10 * (_DIGITS[tens] if tens else 1) + (_DIGITS[ones] if ones else 0)) * 1000


def _names(items: Sequence[ItemView]) -> dict[str, set[int]]:
    names: dict[str, set[int]] = {}
    for at, item in enumerate(items):
        for name in (item.name, *item.aliases):
            if len(name.strip()) >= 2:
                names.setdefault(name.strip().casefold(), set()).add(at)
    return names


def _fits(said: str, unit: str) -> bool:
    return said in ("", unit) or (said in _COUNTERS and unit in _COUNTERS)


def _count(text: str, start: int, end: int) -> tuple[re.Match[str], int, int] | None:
    """Return the number beside a name and the span of both together."""
    before = _BEFORE.search(text[:start])
    if before and _RIGHT.match(text[end:]):
        return before, before.start(), end
    after = _AFTER.match(text[end:])
    if after and _LEFT.search(text[:start]) and _RIGHT.match(text[end + after.end() :]):
        return after, start, end + after.end()
    return None


def read_parts(words: str, items: Sequence[ItemView]) -> Read:
    """Return what the words name. An item that is named twice counts twice."""
    text, names = words.casefold(), _names(items)
    if len(text) != len(words):  # a character that has no one lower case: offsets would lie
        text = words
    parts: list[Part] = []
    left = list(text)
    pattern = "|".join(re.escape(n) for n in sorted(names, key=len, reverse=True))
    for match in re.finditer(pattern, text) if pattern else ():
        meant, counted = names[match.group()], _count(text, match.start(), match.end())
        if counted is None or len(meant) != 1:
            continue
        number, start, end = counted
        item, quantity = items[next(iter(meant))], number_milli(number["number"])
        if not _fits(number["unit"], item.unit) or not 0 < quantity <= LARGEST_MILLI:
            continue
        parts.append(Part(item, quantity))
        left[start:end] = "，" * (end - start)
    rest = [piece.strip() for piece in _SEPARATOR.split("".join(left))]
    return Read(tuple(parts), tuple(p for p in rest if _COUNTED.search(p) and len(p) > 2))
