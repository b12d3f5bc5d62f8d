"""Opening the orders of a message, and how they are announced."""

from collections.abc import Sequence
from typing import Any

from actions._base import Turn
from actions._client import Order, Reported
from actions._words import arrival, button, card, what


async def report(
    turn: Turn, items: list[dict[str, Any]], answer: str | None = None, attachments: list[str] | None = None
) -> Reported:
    """Report the items with what came along; the same message never opens its orders twice."""
    media = turn.said.attachments if attachments is None else attachments
    return await turn.backend.report(items, turn.said.message_id, answer, attachments=media, source=turn.said.channel)


def announce(turn: Turn, orders: Sequence[Order]) -> None:
    """Say what was opened: one reply, a card for each order."""
    if not orders:
        return
    first, *others = orders
    if not others:
        turn.say(f"收到，{what(first)}，工单 {first['number']}，{arrival(first)}。", _buttons(first), card(first))
        return
    lines = [f"{n}. {what(o)}，工单 {o['number']}，{arrival(o)}。" for n, o in enumerate(orders, 1)]
    turn.say("\n".join([f"收到，给您登记了 {len(orders)} 张工单：", *lines]), None, card(first))
    for order in others:
        turn.dispatcher.utter_message(json_message={"card": card(order)})


def _buttons(order: Order) -> list[dict[str, str]]:
    legal = {move["to"] for move in order["allowed"]}
    return [button("撤单", "cancel_work_order", order_number=order["number"])] if "cancelled" in legal else []
