"""What an owner does with an order: ask, urge, add to it, cancel, accept the work, refuse it, rate it."""

import re
from collections.abc import Awaitable, Callable

from actions._again import ask_again, is_again
from actions._base import BackendAction, Turn
from actions._choosing import ALWAYS, Which, choose, one, pointed_at, prefer, told, within
from actions._client import BackendError, Order
from actions._lately import last_shown
from actions._replies import reply_for
from actions._said import Said
from actions._words import (
    Button,
    button,
    card,
    owner_buttons,
    progress,
    star_buttons,
    technician,
    technician_buttons,
    title,
    what,
)

MOST_CARDS = 5
SURE = 0.6
"""Below this nothing is cancelled without asking."""
NOTHING_OPEN = "您现在没有进行中的工单。哪里坏了直接告诉我，我马上登记。"
LIKELIEST = 2
"""How far down the guesses of what a message means are taken seriously."""
AGAIN = "返修"
"""Says that an order's work was refused."""
_MARK = re.compile(r"[1-5一二三四五]\s*颗?星|差评")
BEFORE_WORK_ENDS = ("reported", "triaged", "dispatched", "accepted", "on_site", "suspended", "reopened")


class QueryWorkOrder(BackendAction):
    """Shows where orders stand."""

    action = "action_query_work_order"
    intents = ("query_work_order",)

    async def act(self, turn: Turn) -> None:
        """Show the orders that are pointed at, or all open ones of the speaker."""
        mine = await turn.backend.mine_open()
        orders = await pointed_at(turn, mine)
        if not orders and not turn.dispatcher.messages:
            turn.say(NOTHING_OPEN, [button("我要报修", "report_repair")])
            return
        buttons = technician_buttons if turn.said.is_technician else owner_buttons
        for found in orders[:MOST_CARDS]:
            turn.say(progress(found), buttons(found), card(found))
        if len(orders) > MOST_CARDS:
            turn.say(f"还有 {len(orders) - MOST_CARDS} 张，发单号给我就能查。")


async def _before_end(turn: Turn, which: Which) -> list[Order]:
    return await choose(turn, within(await turn.backend.mine_open(), *BEFORE_WORK_ENDS), which)


async def _each(turn: Turn, orders: list[Order], do: Callable[[Order], Awaitable[Order]]) -> list[Order]:
    """Do it to each order; say what could not be done. Raises when nothing could."""
    done: list[Order] = []
    refused: list[BackendError] = []
    for order in orders:
        try:
            done.append(await do(order))
        except BackendError as error:
            refused.append(error)
            if len(refused) == len(orders):
                raise
    if refused:
        turn.say("有的没办成：" + "；".join(reply_for(e) or "系统暂时没有回应" for e in refused))
    return done


def _say_all(turn: Turn, text: str, orders: list[Order]) -> None:
    """Say one reply, with a card for each order."""
    turn.say(text, None, card(orders[0]))
    for order in orders[1:]:
        turn.dispatcher.utter_message(json_message={"card": card(order)})


def _names(orders: list[Order]) -> str:
    return "、".join(o["number"] for o in orders)


class UrgeWorkOrder(BackendAction):
    """Passes the owner's impatience on."""

    action = "action_urge_work_order"
    intents = ("urge_work_order",)

    async def act(self, turn: Turn) -> None:
        """Urge, then say how things stand."""
        orders = await _before_end(turn, Which("您想催哪一张？", NOTHING_OPEN, recent=ALWAYS, several=True))
        orders = await _each(
            turn, orders, lambda o: turn.backend.note(o["number"], told(turn, o) or "业主催单", "urge")
        )
        if len(orders) == 1:
            order = orders[0]
            urged = order.get("answer") or "让您久等了，我已经去催。"
            turn.say(f"{urged}{progress(order)}", owner_buttons(order), card(order))
        elif orders:
            lines = "\n".join(progress(o) for o in orders)
            _say_all(turn, f"让您久等了，这 {len(orders)} 张我都去催了：\n{lines}", orders)


def _anew(said: Said) -> list[Button]:
    """Return the button that reports the words as a fault of its own, where they may have been meant so."""
    if not said.words or "report_repair" not in said.ranking[:LIKELIEST]:
        return []
    return [{"title": "另外报修", "payload": f"另外报修：{said.words}"}]


class AmendWorkOrder(BackendAction):
    """Adds the owner's words to an order, or corrects it."""

    action = "action_amend_work_order"
    intents = ("amend_work_order",)

    async def act(self, turn: Turn) -> None:
        """Add the words as they were said; say what they have changed."""
        if is_again(turn.said.words) and await ask_again(turn):
            return
        if not turn.said.words:
            turn.say("想补充什么？直接说一句，例如「补充一下，明天下午家里有人」。")
            return
        anew = _anew(turn.said)
        which = Which("这句补充到哪一张？", NOTHING_OPEN, recent=ALWAYS, others=tuple(anew))
        for order in await _before_end(turn, which):
            made = await turn.backend.amend(order["number"], told(turn, order) or turn.said.words)
            if made["changes"]:
                text, anew = f"改好了：{'；'.join(made['changes'])}。工单 {made['number']}，师傅那边也改了。", []
            else:
                text = f"记下了，已补充到工单 {made['number']}，师傅看得到。"
            turn.say(f"{text}{made.get('answer') or ''}", anew, card(made))


class CancelWorkOrder(BackendAction):
    """Cancels an order."""

    action = "action_cancel_work_order"
    intents = ("cancel_work_order",)
    which = Which(
        "您想撤哪一张？",
        "您没有可以撤的工单。师傅已经到场的，请直接跟师傅说，或者发「转人工」。",
        recent=1,
        several=True,
    )

    async def act(self, turn: Turn) -> None:
        """Cancel the orders that are meant, or the only one that can still be cancelled."""
        orders = await choose(turn, await turn.backend.movable("cancelled"), self.which)
        if orders and turn.said.confidence < SURE:
            self._make_sure(turn, orders)
            return
        orders = await _each(turn, orders, lambda o: turn.backend.move(o["number"], "cancelled", told(turn, o)))
        if orders:
            _say_all(turn, f"工单 {_names(orders)} 已撤，师傅不会再来。", orders)

    @staticmethod
    def _make_sure(turn: Turn, orders: list[Order]) -> None:
        if len(orders) > 1:
            turn.say(CancelWorkOrder.which.question, [_cancel(o, title(o)) for o in orders])
            return
        order = orders[0]
        turn.say(
            f"您是要撤掉 {order['number']}（{what(order)}）吗？要撤请点一下，不撤不用管。", [_cancel(order, "撤单")]
        )


def _cancel(order: Order, text: str) -> Button:
    return button(text, "cancel_work_order", order_number=order["number"])


async def _rated(turn: Turn, order: Order, stars: int) -> None:
    order = await turn.backend.rate(order["number"], stars, told(turn, order))
    feeling = "谢谢您的评价" if stars >= 3 else "这次没让您满意，抱歉"
    turn.say(f"{feeling}。工单 {order['number']} 已记下 {stars} 星。", None, card(order))


class ConfirmWorkOrder(BackendAction):
    """The owner accepts the work."""

    action = "action_confirm_work_order"
    intents = ("confirm_work_order",)

    async def act(self, turn: Turn) -> None:
        """Accept, and ask for stars unless they came along."""
        which = Which("哪一张修好了？", "现在没有等您验收的工单。师傅完工后，我会马上请您看。", several=True)
        orders = await choose(turn, await turn.backend.movable("accepted_by_owner"), which)
        orders = await _each(turn, orders, lambda o: turn.backend.move(o["number"], "accepted_by_owner"))
        if len(orders) > 1:
            _say_all(turn, f"好的，工单 {_names(orders)} 都验收通过了。想评价哪一张，说一声就行。", orders)
        elif orders and orders[0].get("following"):  # who reported it first gives the stars
            turn.say(f"好的，工单 {orders[0]['number']} 已确认修好，谢谢您。", None, card(orders[0]))
        elif orders and turn.said.stars:
            await _rated(turn, orders[0], turn.said.stars)
        elif orders:
            text = f"好的，工单 {orders[0]['number']} 验收通过。这次服务您打几星？"
            turn.say(text, star_buttons(orders[0]["number"]), card(orders[0]))


class RejectWorkOrder(BackendAction):
    """The work is not good yet."""

    action = "action_reject_work_order"
    intents = ("reject_work_order",)
    which = Which(
        "哪一张没修好？",
        "没有找到已完工的工单。哪里还有问题，直接告诉我，我马上登记。",
        likely=("finished", "accepted_by_owner"),
    )

    async def act(self, turn: Turn) -> None:
        """Reopen with the owner's words as the reason; what was closed already is asked about first."""
        orders = await turn.backend.movable("reopened")
        judged = within(orders, "finished", "accepted_by_owner")
        if not judged and not turn.said.order_number and await ask_again(turn):
            return
        order = await one(turn, judged, self.which)
        if order is None:
            return
        him = technician(order) if order["technician"] else "师傅"
        order = await turn.backend.move(order["number"], "reopened", told(turn, order) or "没修好")
        if anew := order.get("answer"):  # its warranty was over
            turn.say(anew, owner_buttons(order), card(order))
            return
        text = f"没修好，给您添麻烦了。工单 {order['number']}（{what(order)}）已登记返修，{him}和客服都已收到。"
        turn.say(text, None, card(order))


class RateWorkOrder(BackendAction):
    """Stars for the work."""

    action = "action_rate_work_order"
    intents = ("rate_work_order",)

    async def act(self, turn: Turn) -> None:
        """Rate, or ask for the stars."""
        ratable = await self._ratable(turn)
        if (again := await self._not_yet(turn, ratable)) is not None:
            words = turn.said.words or f"业主打 {turn.said.stars} 星"
            again = await turn.backend.note(again["number"], f"业主评价：{words}")
            text = f"工单 {again['number']} 还在返修，修好后再请您打星。您这句话已记在工单上，客服和师傅都看得到。"
            turn.say(text, None, card(again))
            return
        which = Which("您想评价哪一张？", "现在没有可以评价的工单，修好后我会请您评价。")
        order = await one(turn, ratable, which)
        if order is None:
            return
        if turn.said.stars:
            await _rated(turn, order, turn.said.stars)
            return
        turn.say(f"工单 {order['number']}（{what(order)}），您打几星？", star_buttons(order["number"]))

    @staticmethod
    async def _not_yet(turn: Turn, ratable: list[Order]) -> Order | None:
        """Return the order whose work was refused and that the mark is for: shown last, or the only one without others."""
        said = turn.said
        if not said.stars and not _MARK.search(said.words or ""):
            return None
        told_of = {line.number for line in said.lately if line.number and AGAIN in line.text}
        mine = within(await turn.backend.mine_open(), *BEFORE_WORK_ENDS)
        refused = [o for o in mine if o["status"] == "reopened" or o["number"] in told_of]
        if said.order_number:
            return next((o for o in refused if o["number"] == said.order_number), None)
        last = last_shown(said.lately, ALWAYS)
        found = [o for o in refused if o["number"] == last] or ([] if ratable else refused)
        return found[0] if len(found) == 1 else None

    @staticmethod
    async def _ratable(turn: Turn) -> list[Order]:
        found = [
            o for o in within(await turn.backend.mine_open(), "accepted_by_owner", "finished") if not o.get("following")
        ]
        if found:
            return prefer(found, "accepted_by_owner")
        closed = await turn.backend.orders(mine=True, status="closed")
        return [o for o in closed if not o["rating"] and not o.get("following")][:1]
