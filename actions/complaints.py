"""Complaints: sorry first, the order it is about, and who answers by when. Opening an order is left to the person."""

import re
from datetime import UTC, datetime, timedelta

from actions._base import BackendAction, Turn
from actions._choosing import pointed_at, words_of
from actions._client import Order
from actions._pointing import likeness
from actions._words import button, card, owner_buttons, progress, when
from actions.common import colleague
from actions.emergency import faults

ANSWER_WITHIN = timedelta(hours=24)
"""When a complaint is answered at the latest, as the residents' handbook promises."""
TOPIC = "投诉"
_ABOUT_REPAIR = re.compile(r"修|师傅|没人[来管]|不来|没来|还没|几天|[一二三四五六七八九十\d]+天|拖|工单|报的|上门|催")


class Complain(BackendAction):
    """Passes a complaint on."""

    action = "action_complain"
    intents = ("complain",)

    async def act(self, turn: Turn) -> None:
        """Say sorry, name the open order and its promise, and say who answers by when."""
        order = await self._about(turn)
        told = await turn.backend.hand_over("topic", TOPIC)
        until = when((datetime.now(UTC) + ANSWER_WITHIN).isoformat())
        text = f"{colleague(told)}会在 {until} 前在这里答复您。"
        if order is not None:
            text = f"很抱歉，让您遇到这样的事。您说的是这张单吧：{progress(order)}\n投诉也已经转到，{text}"
            turn.say(text, owner_buttons(order), card(order))
            return
        offer = [button("顺便报修", "report_repair")] if faults(turn.said.items) else []
        turn.say(f"很抱歉，让您遇到这样的事。投诉已经转到，{text}", offer)

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
