"""What an owner does with an order: ask, urge, add to it, cancel, accept the work, refuse it, rate it."""

from actions._base import BackendAction, Turn
from actions._choosing import named, only, prefer, within
from actions._client import Order
from actions._words import button, card, owner_buttons, progress, star_buttons, technician, technician_buttons, what

MOST_CARDS = 5
SURE = 0.6
"""Below this nothing is cancelled without asking."""
NOTHING_OPEN = "您现在没有进行中的工单。哪里坏了直接告诉我，我马上登记。"
BEFORE_WORK_ENDS = ("reported", "triaged", "dispatched", "accepted", "on_site", "suspended", "reopened")


class QueryWorkOrder(BackendAction):
    """Shows where orders stand."""

    action = "action_query_work_order"

    async def act(self, turn: Turn) -> None:
        """Show the order that was named, or the speaker's open ones."""
        order = await named(turn)
        orders = [order] if order else await turn.backend.mine_open()
        if not orders:
            turn.say(NOTHING_OPEN, [button("我要报修", "report_repair")])
            return
        buttons = technician_buttons if turn.said.is_technician else owner_buttons
        for found in orders[:MOST_CARDS]:
            turn.say(progress(found), buttons(found), card(found))
        if len(orders) > MOST_CARDS:
            turn.say(f"还有 {len(orders) - MOST_CARDS} 张，发单号给我就能查。")


async def _mine_before_end(turn: Turn, question: str) -> Order | None:
    order = await named(turn)
    if order:
        return order
    return only(turn, within(await turn.backend.mine_open(), *BEFORE_WORK_ENDS), question, NOTHING_OPEN)


class UrgeWorkOrder(BackendAction):
    """Passes the owner's impatience on."""

    action = "action_urge_work_order"

    async def act(self, turn: Turn) -> None:
        """Urge, then say how things stand."""
        order = await _mine_before_end(turn, "您想催哪一张？")
        if order:
            order = await turn.backend.note(order["number"], turn.said.words or "业主催单", "urge")
            urged = order.get("answer") or "让您久等了，我已经去催。"
            turn.say(f"{urged}{progress(order)}", owner_buttons(order), card(order))


class AmendWorkOrder(BackendAction):
    """Adds the owner's words to an order."""

    action = "action_amend_work_order"

    async def act(self, turn: Turn) -> None:
        """Add the words as they were said."""
        if not turn.said.words:
            turn.say("想补充什么？直接说一句，例如「补充一下，明天下午家里有人」。")
            return
        order = await _mine_before_end(turn, "这句补充到哪一张？")
        if order:
            order = await turn.backend.note(order["number"], turn.said.words)
            turn.say(f"记下了，已补充到工单 {order['number']}，师傅看得到。", None, card(order))


class CancelWorkOrder(BackendAction):
    """Cancels an order."""

    action = "action_cancel_work_order"

    async def act(self, turn: Turn) -> None:
        """Cancel the order that was named, or the only one that can still be cancelled."""
        order = await named(turn) or only(
            turn,
            await turn.backend.movable("cancelled"),
            "您想撤哪一张？",
            "您没有可以撤的工单。师傅已经到场的，请直接跟师傅说，或者发「转人工」。",
        )
        if order and turn.said.confidence < SURE:
            yes = button("撤单", "cancel_work_order", order_number=order["number"])
            turn.say(f"您是要撤掉 {order['number']}（{what(order)}）吗？要撤请点一下，不撤不用管。", [yes])
        elif order:
            order = await turn.backend.move(order["number"], "cancelled", turn.said.words)
            turn.say(f"工单 {order['number']} 已撤，师傅不会再来。", None, card(order))


async def _rated(turn: Turn, order: Order, stars: int) -> None:
    order = await turn.backend.rate(order["number"], stars, turn.said.words)
    feeling = "谢谢您的评价" if stars >= 3 else "这次没让您满意，抱歉"
    turn.say(f"{feeling}。工单 {order['number']} 已记下 {stars} 星。", None, card(order))


class ConfirmWorkOrder(BackendAction):
    """The owner accepts the work."""

    action = "action_confirm_work_order"

    async def act(self, turn: Turn) -> None:
        """Accept, and ask for stars unless they came along."""
        order = await named(turn) or only(
            turn,
            await turn.backend.movable("accepted_by_owner"),
            "哪一张修好了？",
            "现在没有等您验收的工单。师傅完工后，我会马上请您看。",
        )
        if order is None:
            return
        order = await turn.backend.move(order["number"], "accepted_by_owner")
        if turn.said.stars:
            await _rated(turn, order, turn.said.stars)
            return
        text = f"好的，工单 {order['number']} 验收通过。这次服务您打几星？"
        turn.say(text, star_buttons(order["number"]), card(order))


class RejectWorkOrder(BackendAction):
    """The work is not good yet."""

    action = "action_reject_work_order"

    async def act(self, turn: Turn) -> None:
        """Reopen with the owner's words as the reason."""
        order = await named(turn) or only(
            turn,
            prefer(await turn.backend.movable("reopened"), "finished", "accepted_by_owner"),
            "哪一张没修好？",
            "没有找到已完工的工单。哪里还有问题，直接告诉我，我马上登记。",
        )
        if order is None:
            return
        him = technician(order) if order["technician"] else "师傅"
        order = await turn.backend.move(order["number"], "reopened", turn.said.words or "没修好")
        text = f"没修好，给您添麻烦了。工单 {order['number']}（{what(order)}）已登记返修，{him}和客服都已收到。"
        turn.say(text, None, card(order))


class RateWorkOrder(BackendAction):
    """Stars for the work."""

    action = "action_rate_work_order"

    async def act(self, turn: Turn) -> None:
        """Rate, or ask for the stars."""
        order = await named(turn) or only(
            turn, await self._ratable(turn), "您想评价哪一张？", "现在没有可以评价的工单，修好后我会请您评价。"
        )
        if order is None:
            return
        if turn.said.stars:
            await _rated(turn, order, turn.said.stars)
            return
        turn.say(f"工单 {order['number']}（{what(order)}），您打几星？", star_buttons(order["number"]))

    @staticmethod
    async def _ratable(turn: Turn) -> list[Order]:
        found = within(await turn.backend.mine_open(), "accepted_by_owner", "finished")
        if found:
            return prefer(found, "accepted_by_owner")
        closed = await turn.backend.orders(mine=True, status="closed")
        return [order for order in closed if not order["rating"]][:1]
