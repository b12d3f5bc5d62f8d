"""Parts that are named with their number: 「换了两个灯泡」 → 灯泡 2 个. From the entities part and quantity. Pure."""

import re
from collections.abc import Sequence

from actions._said import Entity

_USED = re.compile(r"换|用[了掉上]|用料|装|加了|补[了上]|接[了上]")
_PUT_IN = re.compile(r"(?:更?换|用|装|加)[了上过](?!一?下|人|时间)|用料|配件|材料")
_NAMED = re.compile(r"^[\u4e00-\u9fffA-Za-z]{1,8}?(?=[，,。;；、\s和跟及]|修|好|搞|弄|已|都|$)")
_NEAR = 1
"""Characters between a number and its part."""


def used(words: str, found: Sequence[Entity]) -> list[str]:
    """Return the parts that were used, as 名称 数量 单位; empty where the words speak of no work with parts."""
    if not _USED.search(words):
        return []
    names = [e for e in found if e.name == "part"]
    amounts = [e for e in found if e.name == "quantity" and not _is_ordinal(words, e)]
    parts: dict[int, str] = {}
    for amount in amounts:
        name = next((p for p in names if _beside(amount, p) and p.start not in parts), None)
        if name is not None:
            parts[name.start] = f"{name.text or name.value} {_counted(amount)}"
        elif amount.end > 0 and (match := _NAMED.match(words[amount.end :])):
            parts[amount.start] = f"{match.group()} {_counted(amount)}"
    for name in names:
        parts.setdefault(name.start, name.text or name.value)
    return [parts[at] for at in sorted(parts)]


def speaks_of_parts(words: str) -> bool:
    """Whether the words say that something was put in: 「换了水箱配件」."""
    return bool(_PUT_IN.search(words))


def _is_ordinal(words: str, amount: Entity) -> bool:
    return amount.start > 0 and words[amount.start - 1] == "第"


def _beside(amount: Entity, part: Entity) -> bool:
    return 0 <= part.start - amount.end <= _NEAR or 0 <= amount.start - part.end <= _NEAR


def _counted(amount: Entity) -> str:
    unit = amount.text[-1:] if amount.text[-1:] and not amount.text[-1].isdigit() else ""
    return f"{amount.value} {unit}".strip()
