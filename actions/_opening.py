"""Opening the orders of a message, joining those that are there already, and how both are announced."""

from collections.abc import Sequence
from typing import Any

from actions._base import Turn
from actions._calls import tidy
from actions._client import Known, Order, Reported
from actions._lately import meaning
from actions._words import arrival, button, card, progress, stands, what

NOT_THE_SAME = "不是同一个"
NOT_THERE_YET = frozenset({"reported", "triaged", "dispatched", "accepted"})


async def report(
    turn: Turn, items: list[dict[str, Any]], answer: str | None = None, attachments: list[str] | None = None
) -> Reported:
    """Report the items with what came along; the same message never opens its orders twice."""
    media = turn.said.attachments if attachments is None else attachments
    items = [tidy(item) for item in items]
    return await turn.backend.report(items, turn.said.message_id, answer, attachments=media, source=turn.said.channel)


def not_the_fault_of(turn: Turn) -> str | None:
    """Return the number of the order whose fault is not the speaker's, as a button says; a number in words does not."""
    tapped = meaning(turn.said.tap) if turn.said.tap else None
    return tapped[1].get("order_number") if tapped and tapped[0] == "report_repair" else None


async def report_separately(turn: Turn, number: str) -> None:
    """Open the order that the speaker's earlier words would have opened, and say so."""
    announce(turn, await turn.backend.report_separately(number, turn.said.message_id))


def announce(turn: Turn, reported: Reported) -> None:
    """Say what was opened in one reply, and what was there already in one each; a card for each order."""
    _opened(turn, reported["orders"])
    for known in reported["known"]:
        _known(turn, known)


def everything(reported: Reported) -> list[Order]:
    """Return the orders of a message, new ones first."""
    return [*reported["orders"], *(known["order"] for known in reported["known"])]


def _known(turn: Turn, known: Known) -> None:
    order = known["order"]
    if known["own"]:
        text = f"这个问题您已经报过了，不用再报。{progress(order)}不是同一个问题？"
    else:
        soon = arrival(order) if order["status"] in NOT_THERE_YET else stands(order)
        text = (
            f"这个问题已有邻居报修（{order['number']}，{soon}），我把您也加进去了，有进展同样告诉您。不是同一个问题？"
        )
    turn.say(text, [button(NOT_THE_SAME, "report_repair", order_number=order["number"])], card(order))


def _opened(turn: Turn, orders: Sequence[Order]) -> None:
    if not orders:
        return
    first, *others = orders
    if not others:
        turn.say(
            f"收到，{what(first)}，工单 {first['number']}，{arrival(first)}。{first.get('answer') or ''}",
            _buttons(first),
            card(first),
        )
        return
    lines = [
        f"{n}. {what(o)}，工单 {o['number']}，{arrival(o)}。{o.get('answer') or ''}" for n, o in enumerate(orders, 1)
    ]
    turn.say("\n".join([f"收到，给您登记了 {len(orders)} 张工单：", *lines]), None, card(first))
    for order in others:
        turn.dispatcher.utter_message(json_message={"card": card(order)})


def _buttons(order: Order) -> list[dict[str, str]]:
    legal = {move["to"] for move in order["allowed"]}
    return [button("撤单", "cancel_work_order", order_number=order["number"])] if "cancelled" in legal else []
