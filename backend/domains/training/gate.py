"""May a trained model be promoted? Two sets of figures in, refusals in words out. Pure.

Figures are those of ``bot.score``: [right, tests] a name. Points are percent of the tests.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ENOUGH_TESTS = 10
INTENT_MAY_LOSE = 2.0
WHOLE_MAY_LOSE = 1.0
TINY = 1e-9

Figures = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Refusal:
    """One reason not to promote. ``before`` and ``after`` are percent; ``intent`` names which one lost."""

    about: str
    text: str
    tests: int = 0
    before: float | None = None
    after: float | None = None
    intent: str | None = None


def percent(tally: Sequence[int]) -> float:
    """Return the share that was right, in percent; 0 when there were no tests."""
    right, tests = tally
    return 100.0 * right / tests if tests else 0.0


def judge(old: Figures | None, new: Figures, titles: Mapping[str, str]) -> list[Refusal]:
    """Return why the new model must not answer people; nothing when it may. ``old`` None: there is none to compare with."""
    missing = [name for name in ("intent", "danger") if not new[name][1]]
    if missing:
        return [Refusal("tests", "没有找到锁定的测试集，没法判断新模型好不好，所以不启用。")]
    if old is None:
        return []
    if any(old[name][1] != new[name][1] for name in ("intent", "danger")):
        return [Refusal("tests", "两个模型做的测试不一样，没法比较，请重新训练。")]
    return [*_danger(old, new), *_whole(old, new), *_intents(old, new, titles)]


def _danger(old: Figures, new: Figures) -> list[Refusal]:
    before, after = old["danger"], new["danger"]
    if after[0] >= before[0]:
        return []
    text = f"紧急情况认得更少了：{before[1]} 条里原来认出 {before[0]} 条，新模型 {after[0]} 条。危险一条也不能少认。"
    return [Refusal("danger", text, before[1], percent(before), percent(after))]


def _whole(old: Figures, new: Figures) -> list[Refusal]:
    before, after = percent(old["intent"]), percent(new["intent"])
    if before - after <= WHOLE_MAY_LOSE + TINY:
        return []
    tests = new["intent"][1]
    text = (
        f"总的准确率掉了 {before - after:.1f} 个点（{before:.1f}% → {after:.1f}%），最多允许 {WHOLE_MAY_LOSE:g} 个点。"
    )
    return [Refusal("whole", text, tests, before, after)]


def _intents(old: Figures, new: Figures, titles: Mapping[str, str]) -> list[Refusal]:
    lost = []
    for name, tally in old["intents"].items():
        before, after = percent(tally), percent(new["intents"].get(name) or [0, tally[1]])
        if tally[1] < ENOUGH_TESTS or before - after <= INTENT_MAY_LOSE + TINY:
            continue
        text = (
            f"「{titles.get(name, name)}」掉了 {before - after:.1f} 个点（{before:.1f}% → {after:.1f}%，"
            f"{tally[1]} 条测试），最多允许 {INTENT_MAY_LOSE:g} 个点。"
        )
        lost.append(Refusal("intent", text, tally[1], before, after, name))
    return sorted(lost, key=lambda refusal: (refusal.after or 0) - (refusal.before or 0))


def changes(old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]], at_most: int) -> list[dict[str, Any]]:
    """Return the messages that the two models understand differently: place, what differs, both understandings."""
    found = []
    for at, (before, after) in enumerate(zip(old, new, strict=True)):
        differs = [name for name, read in _READ.items() if read(before) != read(after)]
        if differs:
            found.append({"at": at, "differs": differs, "old": _short(before), "new": _short(after)})
    return found[:at_most]


def _items(prediction: Mapping[str, Any], name: str) -> list[Any]:
    return [item.get(name) for item in prediction.get("items") or []]


_READ: dict[str, Callable[[Mapping[str, Any]], Any]] = {
    "intent": lambda p: p["intent"],
    "items": lambda p: len(p.get("items") or []),
    "category": lambda p: _items(p, "category"),
    "urgency": lambda p: _items(p, "urgency"),
}


def _short(prediction: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "intent": prediction["intent"],
        "confidence": prediction["confidence"],
        "categories": _items(prediction, "category"),
        "urgencies": _items(prediction, "urgency"),
    }
