"""Which order is meant: the number that was said, the only one it can be, or one question."""

from collections.abc import Sequence

from actions._base import Turn
from actions._client import Order
from actions._words import button, title

MOST = 6
PLACES = ("building", "unit", "floor", "room")


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


def _at_said_place(turn: Turn, orders: list[Order]) -> list[Order]:
    said = {p: turn.said.entities[p] for p in PLACES if p in turn.said.entities}
    found = [o for o in orders if all(o["location"].get(p) == value for p, value in said.items())]
    return found or orders


async def named(turn: Turn) -> Order | None:
    """Return the order whose number was said. Raises BackendError when there is none for the speaker."""
    number = turn.said.order_number
    return await turn.backend.order(number) if number else None


def only(turn: Turn, orders: list[Order], question: str, nothing: str) -> Order | None:
    """Return the one order it can be; else ask which, or say that there is none, and return None."""
    if not orders:
        turn.say(nothing)
        return None
    orders = _at_said_place(turn, orders)
    if len(orders) == 1:
        return orders[0]
    stars = {"stars": str(turn.said.stars)} if turn.said.stars else {}
    buttons = [button(title(o), turn.said.intent, order_number=o["number"], **stars) for o in orders[:MOST]]
    turn.say(question, buttons)
    return None
