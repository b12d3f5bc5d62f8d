"""Why work waits 挂起: kinds of reasons, what a technician's words mean, and which of them stop the clocks. Pure."""

import re

WAITING_OWNER, WAITING_PARTS, OTHER = "waiting_owner", "waiting_parts", "other"
REASON_KINDS: dict[str, str] = {WAITING_OWNER: "等业主", WAITING_PARTS: "等配件", OTHER: "其他"}

PAUSING = frozenset({WAITING_OWNER, WAITING_PARTS})
"""Kinds that the technician cannot help."""

_SAID: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        re.compile(r"(?:等|约|联系不上|没联系上|找不到)(?:一下)?(?:业主|住户|租户|客户)|(?:业主|住户|租户|家里|屋里)(?:不在|没人)|没人开门|敲门没应"),
        WAITING_OWNER,
    ),
    (re.compile(r"等.{0,6}(?:配件|材料|料|货|零件)|(?:缺|没有?|没带|订|买)(?:了|个)?(?:配件|材料|料|货|零件)"), WAITING_PARTS),
)  # fmt: skip


def pauses_clocks(kind: str | None) -> bool:
    """Tell whether the clocks of an order stand still while it is suspended for a reason of this kind."""
    return kind in PAUSING


def kind_of(note: str | None) -> str:
    """Return the kind of a reason that was only said: 「业主不在家」, 「等配件」. What is not clear is ``other``."""
    return next((kind for pattern, kind in _SAID if pattern.search(note or "")), OTHER)
