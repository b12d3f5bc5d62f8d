"""A message that answers what was just offered, in words: the button it means, whatever the model took it for."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from actions import _lately
from actions._lately import meaning
from actions._pointing import bare, count_of, likeness, means_all, ordinal, short_numbers, without_pointing
from actions._said import Said
from actions._words import Button

DANGER, REPAIR = "/report_emergency", "/report_repair"
LONGEST = 16
EVEN_LONG = 2
"""How many of the ways are open to longer messages."""
PICKING = 10
REST = 2
"""Characters: an answer in words is short, one in a button's words shorter; little else stands beside 「第二张」."""
SEVERAL = frozenset({"cancel_work_order", "confirm_work_order", "urge_work_order"})
"""What can be done to all of a list at once."""
YES = re.compile(
    r"^(?:嗯+|恩+|是|对|好|行|可以|没问题|没错|ok|okay|要|有|确认|同意|修好|已经|了|的|啊|吧)+$", re.IGNORECASE
)
NO = re.compile(r"^(?:还|没有?|没修?好|没有?危险|不是?|不行|不对|不用|不可以|不要|不好|呢|了|的|啊)+$")


_GIVEN_UP = re.compile(r"^(?:还是|那就?)?(?:算了|不报了?|不修了?|不用报了?|不用管了?|没事了?|取消)+$")
_WHEN = re.compile(
    r"(?:什么时候|啥时候|何时|多久|几点|哪天).{0,6}(?:来|到|上门|修|好)|(?:来|到|上门|修|等)[^，,。]{0,6}(?:什么时候|啥时候|何时|多久|几点|哪天)"
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a message answers: a button's payload. ``own_words``: its own words count on, not those that made us ask."""

    payload: str
    own_words: bool = False


def answer_to(said: Said) -> Answer | None:
    """Return what was just offered and is picked by the message, None when it says something of its own."""
    words = said.typed
    if not words or not said.lately:
        return None
    for find in _WAYS if len(words) <= LONGEST else _WAYS[:EVEN_LONG]:
        if (found := find(said, words)) is not None and meaning(found.payload) is not None:
            return found
    return None


def _titled(said: Said, words: str) -> Answer | None:
    """「没修好」, 「大堂」: the whole title of one button, or a whole word of it."""
    buttons = [b for line in _lately.just_said(said.lately) for b in line.buttons]
    spoken = {words.strip(), bare(words)}
    whole = {b["payload"] for b in buttons if b["title"] in spoken}
    part = {b["payload"] for b in buttons if spoken & {w for w in b["title"].split() if len(w) > 1}}
    return next((Answer(found.pop()) for found in (whole, part) if len(found) == 1), None)


def _yes_or_no(said: Said, words: str) -> Answer | None:
    """The first button of a question is its yes, the second its no."""
    asked = [line for line in _lately.just_said(said.lately) if line.buttons and "吗？" in line.text]
    if len({line.number or line.text for line in asked}) != 1:
        return None
    spoken, buttons = bare(words), asked[0].buttons
    return _chosen(said, spoken, buttons)


def _after_danger(said: Said, words: str) -> Answer | None:
    """Who gives up reports nothing; who asks when somebody comes has no danger, and the fault is reported."""
    for line in _lately.just_said(said.lately):
        payloads = [b["payload"] for b in line.buttons]
        if payloads[:1] == [DANGER] and _GIVEN_UP.match(bare(words)):
            return Answer("/deny", own_words=True)
        if payloads == [DANGER, REPAIR] and _WHEN.search(words):
            return Answer(REPAIR)
    return None


def _chosen(said: Said, spoken: str, buttons: tuple[Button, ...]) -> Answer | None:
    if YES.match(spoken) or (said.intent == "affirm" and len(spoken) <= PICKING):
        return Answer(buttons[0]["payload"])
    if len(buttons) > 1 and (NO.match(spoken) or (said.intent == "deny" and len(spoken) <= PICKING)):
        return Answer(buttons[1]["payload"])
    return None


def _stars(said: Said, words: str) -> Answer | None:
    match = re.match(r"^([1-5一二三四五])(?:颗?星|分)?$", bare(words))
    wanted = str(count_of(match[1])) if match else ""
    return _one([b for b in _lately.listed(said.lately) if _of(b).get("stars") == wanted])


def _numbered(said: Said, words: str) -> Answer | None:
    ends = tuple(short.digits for short in short_numbers(words))
    if not ends or len(without_pointing(words)) > REST:
        return None
    return _one([b for b in _lately.listed(said.lately) if _of(b).get("order_number", "").endswith(ends)])


def _in_order(said: Said, words: str) -> Answer | None:
    buttons = _lately.listed(said.lately)
    at = ordinal(words, len(buttons))
    if at is None or "stars" in _of(buttons[at]) or len(without_pointing(words)) > REST:
        return None
    return Answer(buttons[at]["payload"])


def _all(said: Said, words: str) -> Answer | None:
    intents = {m[0] for b in _lately.listed(said.lately) if (m := meaning(b["payload"]))}
    if len(intents) == 1 and intents <= SEVERAL and means_all(words):
        return Answer(f"/{intents.pop()}", own_words=True)
    return None


def _telling(said: Said, words: str) -> Answer | None:
    """「门铃那个」: nearly all of the words stand in one title."""
    spoken = bare(words)
    if not 2 <= len(spoken) <= PICKING:
        return None
    buttons = _lately.listed(said.lately)
    likest = [(likeness(spoken, b["title"]), b) for b in buttons]
    best = max((like for like, _ in likest), default=0)
    return _one([b for like, b in likest if like == best]) if best >= max(2, len(spoken) - 1) else None


def _of(button: Button) -> dict[str, str]:
    meant = meaning(button["payload"])
    return meant[1] if meant else {}


def _one(buttons: list[Button]) -> Answer | None:
    payloads = {b["payload"] for b in buttons}
    return Answer(payloads.pop()) if len(payloads) == 1 else None


_WAYS: tuple[Callable[[Said, str], Answer | None], ...] = (
    _titled,
    _after_danger,
    _stars,
    _numbered,
    _in_order,
    _all,
    _yes_or_no,
    _telling,
)
