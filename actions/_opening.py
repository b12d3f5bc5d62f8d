"""From drafts to open orders, and how they are announced."""

from collections.abc import Sequence
from typing import Any

from actions._base import Turn
from actions._client import Draft, Order
from actions._words import arrival, button, card, what

FIELDS = ("category", "urgency", "scope", "location", "fault", "asset_id", "preferred_time")


async def open_orders(turn: Turn, drafts: Sequence[Draft], attachments: list[str]) -> list[Order]:
    """Open an order for each draft; the same message never opens them twice."""
    opened = []
    for n, draft in enumerate(drafts):
        fields: dict[str, Any] = {name: draft.get(name) for name in FIELDS}
        fields |= {"attachments": attachments, "source": turn.said.channel}
        opened.append(await turn.backend.open_order(fields, f"{turn.said.message_id}:{n}"))
    return opened


def announce(turn: Turn, orders: list[Order]) -> None:
    """Say what was opened: one reply, a card for each order."""
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
