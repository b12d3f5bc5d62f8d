"""What a technician does with an order. Steps that were skipped on the way are made up for."""

import logging
import re

from actions import _checklist
from actions._base import BackendAction, Events, Turn, as_if
from actions._choosing import Which, one, told, within
from actions._client import BackendError, Order
from actions._parts import speaks_of_parts, used
from actions._words import button, card, day, promised, technician, technician_buttons, what, when

logger = logging.getLogger(__name__)

MOST_TASKS = 8
NO_TASK = "您手上现在没有工单，有新活我马上告诉您。"
PATH = {
    "on_site": {"dispatched": ["accepted"], "triaged": ["accepted"], "suspended": ["accepted"]},
    "finished": {
        "dispatched": ["accepted", "on_site"],
        "triaged": ["accepted", "on_site"],
        "suspended": ["accepted", "on_site"],
        "accepted": ["on_site"],
    },
    "suspended": {"dispatched": ["accepted"]},
}
"""Steps before a step, from a state: a technician who says 修好了 has been there."""
_DONE = re.compile(r"(?<!没)修好|搞定|弄好|完工|好了|处理完|(?<!没)修完")
_TO = re.compile(
    r"(?:转[给到]?|交给|派给|换成?|让给?|叫|给)((?:[老小])?[\u4e00-\u9fa5]{1,3}?(?:师傅|师父|工|哥)?)"
    r"(?=来|去|做|干|修|弄|接|处理|搞|吧|了|那[边里]|[,，。 ]|$)"
)
"""「这个转给老赵」, 「让赵师傅去」: who should do it."""
PARTS = "waiting_parts"
_PARTS_MISSING = re.compile(
    r"(?:配件|材料|零件|物料|料|货)(?:都|也)?(?:还|一直|暂时)?(?:没有?|未)(?:到|来|齐|送|发|买)|(?:没|未)到货|缺[货料]|"
    r"(?:等|缺)(?:着|个)?.{0,6}(?:配件|材料|零件|到货)"
)
_NOBODY = re.compile(r"别人|其他人|其他师傅|别的师傅|个?(?:人|师傅)|客服|公司|同事|他们|谁|[出走下回]|一下|单")
_COMMAND = re.compile(
    r"(?:请|想|要|所以|只能|能不能|可以)*(?:转[给到单出走]|转一?下|交给|派给|让给|换[成个]?(?:别?人|其他|[\u4e00-\u9fff]{1,3}(?:师傅|师父|工))|"
    r"(?:让|叫)[\u4e00-\u9fff]{1,4}?(?:师傅|师父)?(?:来|去|做|干|修|弄|接)|^给[\u4e00-\u9fff]{2,5}吧?$)"
)
_LEAD = re.compile(
    r"^(?:[A-Za-z]{2}\d{4}-\d{4}|\d{1,4}(?:号|这)?单?|把|将|我?想|帮[我忙]|麻烦|这[个张单]+|工单|因为|由于|主要是?|谢谢|好吗|可以吗|行吗|你好)+"
)
"""What stands around a reason: the command, and the order's number or a word of politeness in front of it."""
FINISHED = {"finished": "等业主验收", "accepted_by_owner": "业主也验收了"}
UNPROCESSABLE = 422
IN_HAND = ("on_site", "accepted", "dispatched", "suspended")


async def walk(turn: Turn, order: Order, to: str, note: str | None = None, reason_kind: str | None = None) -> Order:
    """Move an order to a state through the steps between, of which the owner does not hear one by one."""
    for step in PATH.get(to, {}).get(order["status"], []):
        order = await turn.backend.move(order["number"], step, quiet=True)
    return await turn.backend.move(order["number"], to, note, reason_kind=reason_kind)


async def in_hand(turn: Turn, question: str, *statuses: str) -> Order | None:
    """Return the order that is meant among those in hand; the states are in order of likelihood."""
    mine = within(await turn.backend.mine_open(), *statuses)
    return await one(turn, mine, Which(question, NO_TASK, likely=statuses))


async def waits_until(turn: Turn, order: Order) -> str | None:
    """Return the day on which suspended work goes on; None when none was said, or it cannot be learned."""
    try:
        waiting = await turn.backend.suspended(order["number"])
    except BackendError as error:
        logger.warning("no day of %s: %s", order["number"], error)
        return None
    return day(waiting["until"]) if waiting and waiting["until"] else None


async def _awaited(turn: Turn, order: Order) -> str:
    """Return until when a technician must be there, or when suspended work goes on."""
    if order["status"] != "suspended":
        return due(order)
    until = await waits_until(turn, order)
    return f"，挂起到 {until}" if until else ""


def due(order: Order) -> str:
    """Return until when a technician must be there."""
    if order["preferred_time"]:
        return f"，业主约 {when(order['preferred_time'])}"
    return f"，请在 {promised(order)}场" if order["promised_at"] else ""


class ListTasks(BackendAction):
    """Shows what a technician has in hand."""

    action = "action_list_tasks"
    intents = ("list_tasks",)

    async def act(self, turn: Turn) -> None:
        """Show the soonest first, each with its next step."""
        orders = within(await turn.backend.mine_open(), *IN_HAND)
        if not orders:
            turn.say(NO_TASK)
            return
        orders.sort(key=lambda o: (o["urgency"] != "emergency", o["promised_at"] or "9"))
        for n, order in enumerate(orders[:MOST_TASKS], 1):
            text = f"{n}. {order['number']} {what(order)}（{order['status_title']}）{await _awaited(turn, order)}。"
            turn.say(text, technician_buttons(order), card(order))
        if len(orders) > MOST_TASKS:
            turn.say(f"您手上共有 {len(orders)} 张，先做上面这些。")


class AcceptOrder(BackendAction):
    """Takes an order."""

    action = "action_accept_order"
    intents = ("accept_order",)

    async def act(self, turn: Turn) -> None:
        """Accept what was dispatched to the technician, or an order of their craft that nobody has."""
        if (
            turn.said.order_number
        ):  # asked for before it is looked at: who is late hears who has it, not that it is gone
            self._taken(turn, await turn.backend.move(turn.said.order_number, "accepted"))
            return
        mine = await turn.backend.movable("accepted")
        free = mine or await turn.backend.movable("accepted", mine=False)
        which = Which("接哪一张？", "现在没有等您接的工单。", likely=("dispatched", "triaged"))
        if order := await one(turn, free, which):
            self._taken(turn, await turn.backend.move(order["number"], "accepted"))

    @staticmethod
    def _taken(turn: Turn, order: Order) -> None:
        text = f"已接单 {order['number']}：{what(order)}{due(order)}。"
        turn.say(text, technician_buttons(order), card(order))


class DeclineOrder(BackendAction):
    """Gives an order back."""

    action = "action_decline_order"
    intents = ("decline_order",)

    async def act(self, turn: Turn) -> None:
        """Give back with the reason as it was said; declining a transfer leaves the order with who asked."""
        order = await in_hand(turn, "哪一张不接？", "dispatched", "accepted")
        if order:
            own, holder = any(move["to"] == "triaged" for move in order["allowed"]), technician(order)
            order = await turn.backend.move(order["number"], "triaged", told(turn, order) or "师傅不接单")
            if own:
                turn.say(f"好的，{order['number']} 已退回，客服会另派人。", None, card(order))
            else:  # a colleague asked; from now on it is no order of the speaker's to look at
                turn.say(f"好的，已回复{holder}您不接。{order['number']} 还由{holder}处理，不用您管了。")


class ArriveOnSite(BackendAction):
    """The technician is there."""

    action = "action_arrive_on_site"
    intents = ("arrive_on_site",)

    async def act(self, turn: Turn) -> None:
        """Arrive; an order not yet accepted is accepted first."""
        order = await in_hand(turn, "您到了哪一张的现场？", "accepted", "dispatched", "suspended")
        if order:
            order = await walk(turn, order, "on_site")
            text = f"已记到场，{order['number']}：{what(order)}。用了什么料、修好了，说一声就行。"
            turn.say(text, technician_buttons(order), card(order))


class RecordParts(BackendAction):
    """Parts that were used."""

    action = "action_record_parts"
    intents = ("record_parts",)

    async def act(self, turn: Turn) -> Events:
        """Write the parts on the order as they were said; 「修好了，换了两个角阀」 finishes it as well."""
        if not turn.said.words:
            turn.say("用了什么料？说一句就行，例如「换了两个角阀」。")
            return []
        if _DONE.search(turn.said.words):
            return await as_if(turn, "finish_order")
        order = await in_hand(turn, "料用在哪一张上？", *IN_HAND)
        if order:
            words = told(turn, order) or turn.said.words
            order = await turn.backend.note(order["number"], words, "parts")
            short = f"。{order['answer']}" if order.get("answer") else ""
            turn.say(f"用料已记到 {order['number']}：{words}{short}", technician_buttons(order), card(order))
        return []


class SuspendOrder(BackendAction):
    """The work has to wait."""

    action = "action_suspend_order"
    intents = ("suspend_order",)

    async def act(self, turn: Turn) -> None:
        """Suspend with the reason as it was said; the owner is told."""
        order = await in_hand(turn, "先暂停哪一张？", "on_site", "accepted", "dispatched")
        if order:
            why = told(turn, order) or "师傅先暂停处理"
            kind = PARTS if _PARTS_MISSING.search(why) else None
            order = await walk(turn, order, "suspended", why, kind)
            until = await waits_until(turn, order)
            reason = "，等配件" if kind else ""
            again = f"，{until} 继续" if until else ""
            text = f"{order['number']} 已挂起{reason}{again}，原因已告诉业主。能继续时说「接单 {order['number']}」。"
            turn.say(text, technician_buttons(order), card(order))


class FinishOrder(BackendAction):
    """The work is done."""

    action = "action_finish_order"
    intents = ("finish_order",)

    async def act(self, turn: Turn) -> None:
        """Finish with the technician's words, through the steps that were skipped; parts said in passing are recorded.

        What waits for something is gone on with only when that is meant; required items of the checklist come first.
        """
        order = await in_hand(turn, "哪一张修好了？", *IN_HAND)
        if order is None or self._asks_to_resume(turn, order):
            return
        if order["status"] in FINISHED:
            await self._told_again(turn, order)
            return
        number, note = order["number"], turn.said.entities.get("note") or told(turn, order) or "已修好"
        answered = await _checklist.answer(turn, number)
        parts = "" if answered else "、".join(used(turn.said.words or "", turn.said.found))
        problem = None
        try:
            order = await walk(turn, order, "finished", note)
        except BackendError as error:
            if error.type != _checklist.OPEN:
                raise
            problem = error
        if parts:
            order = await turn.backend.note(number, parts, "parts")
        if problem is not None:
            _checklist.ask(turn, number, problem, note, answered)
            return
        with_parts = f"，用料：{parts}" if parts else ""
        turn.say(f"{number} 已完工{with_parts}，等业主验收。辛苦了。", None, card(order))

    @staticmethod
    async def _told_again(turn: Turn, order: Order) -> None:
        """It was finished before: parts that are said now are recorded all the same."""
        number, words = order["number"], turn.said.words or ""
        parts = "、".join(used(words, turn.said.found)) or (told(turn, order) if speaks_of_parts(words) else "")
        if not parts:
            turn.say(f"{number} 已经报过完工了，{FINISHED[order['status']]}。", None, card(order))
            return
        order = await turn.backend.note(number, parts, "parts")
        short = f"。{order['answer']}" if order.get("answer") else ""
        turn.say(f"{number} 已经报过完工了。刚说的用料已补记：{parts}{short}", None, card(order))

    @staticmethod
    def _asks_to_resume(turn: Turn, order: Order) -> bool:
        """Ask whether suspended work is meant, unless its number was said."""
        if order["status"] != "suspended" or turn.said.order_number:
            return False
        text = f"{order['number']}（{what(order)}）还挂起着。是这张修好了，恢复并完工吗？"
        resume = button("恢复并完工", "finish_order", order_number=order["number"])
        turn.say(text, [resume, button("还没有", "list_tasks")])  # a card would stand for its steps
        return True


def _colleague(words: str) -> str | None:
    """Return the name of the colleague who should take over, None when none is named."""
    found = _TO.search(words)
    return found[1] if found and not _NOBODY.fullmatch(found[1]) else None


def _why_transfer(words: str) -> str:
    """Return the reason in the words of a transfer, without the command: 「把0024转给赵师傅，我手上活太多」 → 我手上活太多."""
    said = (_LEAD.sub("", _COMMAND.split(clause)[0]) for clause in re.split(r"[,，。;；!！\s]+", words))
    return "，".join(clause for clause in said if len(clause) > 1)


class TransferOrder(BackendAction):
    """Somebody else should do it."""

    action = "action_transfer_order"
    intents = ("transfer_order",)

    async def act(self, turn: Turn) -> None:
        """Ask the colleague who was named, who decides; without a name tell customer service."""
        order = await in_hand(turn, "要转哪一张？", *IN_HAND)
        if order is None:
            return
        number, why = order["number"], _why_transfer(turn.said.words or "")
        colleague = _colleague(turn.said.words or "")
        if colleague and await self._asked(turn, number, colleague, why):
            text = f"已经问{colleague}接不接 {number}（{what(order)}）。对方答应前这张单还在您手上。"
            turn.say(text, None, card(order))
            return
        order = await turn.backend.note(number, f"师傅请求转单：{why or '未说明原因'}")
        staff = await turn.backend.hand_over("topic", f"转单 {number}")
        who = f"客服{staff['staff_name']}" if staff["staff_name"] else "客服"
        turn.say(f"转单的事已报给{who}：{number} {what(order)}。改派前这张单还在您手上。", None, card(order))

    @staticmethod
    async def _asked(turn: Turn, number: str, colleague: str, why: str) -> bool:
        """Ask the colleague; False when the name means nobody here, or several."""
        try:
            await turn.backend.transfer(number, colleague, why or "请求转单")
        except BackendError as error:
            if error.status != UNPROCESSABLE:
                raise
            turn.say(error.detail or f"没有找到「{colleague}」。")
            return False
        return True
