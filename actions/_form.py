"""What a message means while the one question about a report is open. A table of readings; the first that fits holds.

An answer is an option, words that name a place, or the fault said again; what the model is sure means something else is
an interruption; a place is never made of words that name none.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from actions._answers import YES
from actions._pointing import bare, likeness, ordinal
from actions._said import Said

SURE = 0.6
SURER = 0.8
"""Confidence of an intent that is an interruption; more is needed where a place is named."""
WAYS_OUT = frozenset({"handoff", "cancel_work_order", "deny"})
"""Intents that leave the form even when they are uncertain."""
ABOUT_THIS = frozenset({"report_repair", "report_emergency", "amend_work_order", "affirm", "nlu_fallback"})
"""Intents that an answer may be taken for."""
EMERGENCY = "report_emergency"
PLACES = frozenset({"place", "building", "unit", "floor", "room"})
_WHERE = re.compile(
    r"家[里中]|我们?家|屋里|[室户][内外]|外面|公共|公区|楼|门口|大门|[东西南北]门|车库|车位|小区|单元|电梯|走廊|过道|走道|这一?层|本层|院子|花园|"
    r"厨房|[卫厕浴洗]|客?厅|卧|阳台|书房|玄关|顶"
)
_DROP = re.compile(r"不(?:用|要|必|需要)?(?:报|修|弄|管|登记)|不要了|不用了|去掉|取消|算了|撤")
_THINGS = "灯门窗锁墙树网水电管"
_GIVE_UP = re.compile(r"^(?:还是|那就?|都|全都?)?(?:算了|不报了?|不修了?|不用报了?|都?不要了|取消吧?)+$")

AT_HOME = "我家里"
Item = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kept:
    """The report as far as it is known, and what was asked."""

    items: list[Item]
    question: dict[str, Any]

    @property
    def options(self) -> list[str]:
        """The answers that can be tapped."""
        return [str(option) for option in self.question.get("options") or []]


@dataclass(frozen=True, slots=True)
class Reading:
    """What it is: danger, dropped (``item``), given_up, answer (``answer``, and ``more`` faults), another (``more`` faults
    and no answer), interruption, missed."""

    kind: str
    answer: str = ""
    item: int = 0
    more: list[Item] = field(default_factory=list)


def reading(said: Said, kept: Kept) -> Reading:
    """Return what the message means for the open question."""
    found = (read(said, kept) for read in _READINGS)
    return next((one for one in found if one is not None), Reading("missed"))


def first_guess(said: Said) -> str:
    """Return the likeliest intent, however unsure."""
    guesses = [name for name in (said.intent, *said.ranking) if name != "nlu_fallback"]
    return guesses[0] if guesses else ""


def _danger(said: Said, _kept: Kept) -> Reading | None:
    return Reading("danger") if first_guess(said) == EMERGENCY else None


def _option(said: Said, kept: Kept) -> Reading | None:
    words = said.words or ""
    spoken = bare(words)
    if kept.question.get("at_home") and YES.match(spoken):
        return Reading("answer", AT_HOME)
    if words in kept.options:
        return Reading("answer", words)
    at = ordinal(words, len(kept.options)) if not _DROP.search(words) else None
    if at is not None:
        return Reading("answer", kept.options[at])
    near = [option for option in kept.options if len(spoken) > 1 and spoken in option]
    return Reading("answer", words) if near else None


def _dropped(said: Said, kept: Kept) -> Reading | None:
    """「第一个不修了」, 「灯不修了」: one of several."""
    words = said.words or ""
    if len(kept.items) < 2 or not (_DROP.search(words) or said.intent in WAYS_OUT - {"handoff"}):
        return None
    at = ordinal(words, len(kept.items))
    if at is None:
        like = [likeness(words, str(item.get("text") or item.get("fault") or ""), _THINGS) for item in kept.items]
        best = max(like)
        at = like.index(best) if best and like.count(best) == 1 else None
    return Reading("dropped", item=at) if at is not None else None


def _given_up(said: Said, _kept: Kept) -> Reading | None:
    return Reading("given_up") if _GIVE_UP.match(bare(said.words or "")) else None


def _interruption(said: Said, _kept: Kept) -> Reading | None:
    if said.words is None or said.intent in WAYS_OUT:
        return Reading("interruption")
    needed = SURER if names_place(said) else SURE
    return Reading("interruption") if said.intent not in ABOUT_THIS and said.confidence >= needed else None


def _fault_itself(said: Said, kept: Kept) -> Reading | None:
    """Nothing was known yet: the answer is the report."""
    if kept.items:
        return None
    reported = said.intent in {"report_repair", "complain"} or bool(said.items)
    return Reading("answer", said.words or "", more=said.items) if reported else None


def _another_fault(said: Said, kept: Kept) -> Reading | None:
    """「马桶也堵了」 after a question about a light is a fault of its own and no place of the light.

    Where the place is asked it is asked on; where only home or outside is asked, the home is likely.
    """
    if said.intent != "report_repair" or said.confidence < SURE or not said.items:
        return None
    known = {item.get("category") for item in kept.items}
    more = [item for item in said.items if item.get("category") not in known or _differs(said, item, kept)]
    if len(more) == len(said.items) and kept.question.get("about") == "place":
        return Reading("another", more=more)
    return Reading("answer", said.words or "" if len(more) < len(said.items) else "", more=more)


def _differs(said: Said, item: Item, kept: Kept) -> bool:
    """Whether a fault of the same craft is of another thing: it shares no word with what is known, and names no place."""
    words = str(item.get("text") or item.get("fault") or "")
    same = (likeness(words, str(one.get("text") or one.get("fault") or ""), _THINGS) for one in kept.items)
    return not names_place(said) and not any(same)


def _place(said: Said, _kept: Kept) -> Reading | None:
    return Reading("answer", said.words or "") if names_place(said) else None


def names_place(said: Said) -> bool:
    """Whether the words name a place."""
    return bool(PLACES & set(said.entities)) or bool(_WHERE.search(said.words or ""))


_READINGS: tuple[Callable[[Said, Kept], Reading | None], ...] = (
    _danger,
    _option,
    _dropped,
    _given_up,
    _interruption,
    _fault_itself,
    _another_fault,
    _place,
)
