"""Complaints: sorry first, the order it is about, its number, and who answers by when. Opening an order is left to the
person."""

import logging
import re
from datetime import UTC, datetime, timedelta

from actions._base import BackendAction, Turn
from actions._choosing import pointed_at, words_of
from actions._client import BackendError, Complaint, Order
from actions._pointing import likeness
from actions._words import button, card, owner_buttons, progress, when
from actions.common import colleague
from actions.emergency import faults

logger = logging.getLogger(__name__)

ANSWER_WITHIN = timedelta(hours=24)
"""When a complaint is answered at the latest, as the residents' handbook promises; for what could not be filed."""
TOPIC = "投诉"
SORRY = "很抱歉，让您遇到这样的事。"
_ABOUT_REPAIR = re.compile(r"修|师傅|没人[来管]|不来|没来|还没|几天|[一二三四五六七八九十\d]+天|拖|工单|报的|上门|催")
_MANNERS = re.compile(r"态度|没礼貌|不礼貌|骂人|[吼凶]我|爱[答搭]不理|甩脸")
KINDS = {"noise": "noise", "parking": "parking", "cleaning": "cleaning", "access_security": "security"}
"""What a complaint is about, by the category of what it says; with an order it is about the repair, unless about somebody's manners."""


class Complain(BackendAction):
    """Files a complaint and passes it on."""

    action = "action_complain"
    intents = ("complain",)

    async def act(self, turn: Turn) -> None:
        """Say sorry, name the open order and its promise, the complaint's number, and who answers by when."""
        order = await self._about(turn)
        filed = await self._file(turn, order)
        who = colleague(await turn.backend.hand_over("topic", TOPIC))
        text = self._promise(filed, who)
        if order is not None:
            turn.say(f"{SORRY}您说的是这张单吧：{progress(order)}\n{text}", owner_buttons(order), card(order))
            return
        offer = [button("顺便报修", "report_repair")] if faults(turn.said.items) else []
        turn.say(f"{SORRY}{text}", offer)

    @staticmethod
    def _promise(filed: Complaint | None, who: str) -> str:
        if filed is None:
            until = when((datetime.now(UTC) + ANSWER_WITHIN).isoformat())
            return f"投诉已经转到，{who}会在 {until} 前在这里答复您。"
        known = "这句也记在投诉 {} 里了" if filed.get("joined") else "投诉已登记，编号 {}"
        return (
            f"{known.format(filed['number'])}。{who}会在 {when(filed['reply_by'])} 前在这里答复您，"
            f"处理结果最晚 {when(filed['answer_by'])} 给您。"
        )

    @staticmethod
    async def _file(turn: Turn, order: Order | None) -> Complaint | None:
        """File the words; None when there are none, or when it fails: customer service reads them all the same."""
        if not turn.said.words:
            return None
        categories = [str(item.get("category")) for item in turn.said.items]
        kind = "repair" if order else next((KINDS[c] for c in categories if c in KINDS), "other")
        if _MANNERS.search(turn.said.words):
            kind = "service"
        try:
            return await turn.backend.complain(turn.said.words, kind, order["number"] if order else None)
        except BackendError as error:
            logger.warning("complaint not filed: %s, trace %s", error, error.trace_id)
            return None

    @staticmethod
    async def _about(turn: Turn) -> Order | None:
        """Return the speaker's open order that the words are about, None when there is none or it is not clear which."""
        words = turn.said.words or ""
        mine = await turn.backend.mine_open()
        about = await pointed_at(turn, mine) if len(mine) > 1 else mine
        if len(about) != 1:
            return None
        known = turn.said.order_number or likeness(words, words_of(about[0])) or _ABOUT_REPAIR.search(words)
        return about[0] if known else None
