"""Which order is meant: narrowed step by step by what the message says, else one question.

The steps are a table, each a function of the turn and the orders that are left; it returns those it points at, or
nothing where the message does not say. The first that leaves one order ends the search.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from actions import _lately
from actions._base import Turn
from actions._client import Order
from actions._pointing import likeness, means_all, ordinal, points_back, short_numbers, without_number
from actions._words import Button, button, title

MOST = 9
PLACES = ("building", "unit", "floor", "room")
ALWAYS = 20
"""Turns back to look for the order that was shown last."""


@dataclass(frozen=True, slots=True)
class Which:
    """How to choose: what to ask, what to say when there is none, and which states are likelier, in this order.

    ``recent``: without a hint, the order shown at most so many turns ago is meant. ``several``: 都 means all of them.
    ``others`` are buttons for who means none of them.
    """

    question: str
    nothing: str
    likely: tuple[str, ...] = ()
    recent: int = 0
    several: bool = False
    others: tuple[Button, ...] = ()


def prefer(orders: Sequence[Order], *statuses: str) -> list[Order]:
    """Return the orders in the first of the states that any is in; all of them when none is."""
    for status in statuses:
        found = [o for o in orders if o["status"] == status]
        if found:
            return found
    return list(orders)


def within(orders: Sequence[Order], *statuses: str) -> list[Order]:
    """Return the orders in one of the states."""
    return [o for o in orders if o["status"] in statuses]


async def named(turn: Turn) -> Order | None:
    """Return the order whose number was said. Raises BackendError when there is none for the speaker."""
    number = turn.said.order_number
    return await turn.backend.order(number) if number else None


def _by_number(turn: Turn, orders: list[Order]) -> list[Order]:
    """The end of an order number: 「0001 到了」. The same digits may be a room."""
    ends = tuple(short.digits for short in short_numbers(turn.said.words or ""))
    return [o for o in orders if o["number"].endswith(ends) or o["location"].get("room") in ends] if ends else []


def _by_list(turn: Turn, orders: list[Order]) -> list[Order]:
    """A place in what was shown last: 「第二张」, 「最后一个」, 「1」."""
    shown = _lately.offered(turn.said.lately)
    at = ordinal(turn.said.words or "", len(shown))
    return [o for o in orders if at is not None and o["number"] == shown[at]]


def _by_place(turn: Turn, orders: list[Order]) -> list[Order]:
    said = {p: turn.said.entities[p] for p in PLACES if p in turn.said.entities}
    return [o for o in orders if all(o["location"].get(p) == value for p, value in said.items())] if said else []


def _by_words(turn: Turn, orders: list[Order]) -> list[Order]:
    """The words of the order: 「催催空调」, 「门铃那个」."""
    like = [likeness(turn.said.words or "", words_of(o)) for o in orders]
    best = max(like, default=0)
    return [o for o, score in zip(orders, like, strict=True) if score == best] if best else []


def _by_pointing(turn: Turn, orders: list[Order]) -> list[Order]:
    """「刚才那张」, 「这个」."""
    shown = _lately.last_shown(turn.said.lately, ALWAYS) if points_back(turn.said.words or "") else None
    return [o for o in orders if o["number"] == shown]


def _by_offer(turn: Turn, orders: list[Order]) -> list[Order]:
    """The orders whose button for just this stands before the person."""
    meant = [
        found
        for line in _lately.just_said(turn.said.lately)
        for b in line.buttons
        if (found := _lately.meaning(b["payload"])) and found[0] == turn.said.intent
    ]
    numbers = {entities.get("order_number") for _, entities in meant}
    return [o for o in orders if o["number"] in numbers]


Step = Callable[[Turn, list[Order]], list[Order]]
HINTS: tuple[Step, ...] = (_by_number, _by_list, _by_place, _by_words, _by_pointing)
STEPS: tuple[Step, ...] = (*HINTS, _by_offer)


def words_of(order: Order) -> str:
    """Return the words that an order may be called by."""
    parts = (
        order["fault"],
        order["place_text"],
        order["location"].get("place"),
        order.get("category_title"),
        order.get("asset_name"),
    )
    return "|".join(str(part) for part in parts if part)


async def choose(turn: Turn, orders: Sequence[Order], which: Which) -> list[Order]:
    """Return the orders that are meant; empty when it was asked which, or said that there is none."""
    found = await named(turn)
    if found:
        return [found]
    left = list(orders)
    if not _by_number(turn, left) and (elsewhere := await _elsewhere(turn)) is not None:
        return elsewhere
    if not left:
        turn.say(which.nothing)
        return []
    if which.several and len(left) > 1 and means_all(turn.said.words or ""):
        shown = _lately.offered(turn.said.lately)
        return [o for o in left if o["number"] in shown] or left
    left = prefer(_narrowed(turn, left, STEPS), *which.likely)
    last = _lately.last_shown(turn.said.lately, which.recent)
    left = [o for o in left if o["number"] == last] or left
    if len(left) > 1:
        _ask(turn, left, which)
        return []
    return left


async def pointed_at(turn: Turn, orders: Sequence[Order]) -> list[Order]:
    """Return the orders that the message points at, all of them where it does not; nothing is asked."""
    found = await named(turn)
    if found:
        return [found]
    left = list(orders)
    if not _by_number(turn, left) and (elsewhere := await _elsewhere(turn)) is not None:
        return elsewhere
    return _narrowed(turn, left, HINTS)


async def one(turn: Turn, orders: Sequence[Order], which: Which) -> Order | None:
    """Return the one order that is meant; else ask which, or say that there is none, and return None."""
    found = await choose(turn, orders, which)
    return found[0] if found else None


def told(turn: Turn, order: Order) -> str | None:
    """Return the words for an order, without its number in front of them."""
    return without_number(turn.said.words, order["number"]) if turn.said.words else None


def _narrowed(turn: Turn, left: list[Order], steps: tuple[Step, ...]) -> list[Order]:
    for step in steps:
        if len(left) > 1:
            left = step(turn, left) or left
    return left


async def _elsewhere(turn: Turn) -> list[Order] | None:
    """Return an order outside the candidates whose end was said beyond doubt, [] when there is none, None if not said."""
    sure = [short.digits for short in short_numbers(turn.said.words or "") if short.sure]
    if not sure:
        return None
    for digits in sure:
        seen = await turn.backend.orders(q=f"-{digits}")
        found = [o for o in seen if o["number"].endswith(f"-{digits}")]
        if found:
            return found[:1]
    turn.say(f"没有找到尾号 {sure[0]} 的工单，请核对一下单号。")
    return []


def _ask(turn: Turn, orders: list[Order], which: Which) -> None:
    shown = _lately.numbers(sorted(turn.said.lately, key=lambda line: line.turn))
    rank = {number: at for at, number in enumerate(shown)}
    newest = sorted(orders, key=lambda o: o["updated_at"], reverse=True)
    likeliest = sorted(newest, key=lambda o: rank.get(o["number"], len(rank)))
    stars = {"stars": str(turn.said.stars)} if turn.said.stars else {}
    buttons = [button(title(o), turn.said.intent, order_number=o["number"], **stars) for o in likeliest[:MOST]]
    more = f"还有 {len(orders) - MOST} 张没列出，说单号后四位也行。" if len(orders) > MOST else ""
    turn.say(which.question + more, [*buttons, *which.others])
