"""Danger that only the model sees: ask once, then an order and a card with what to do until help comes.

The backend's own danger check answers clear words before the bot. What comes here it has not recognised, and anger
(「气炸了」) or a what-if looks like danger to the model, however sure it is; staff are told while the question is open.
"""

import logging
import re
from dataclasses import replace
from typing import Any

from rasa_sdk.events import SlotSet

from actions._base import BackendAction, Events, Turn, as_if
from actions._calls import calls
from actions._client import BackendError, Order
from actions._opening import report
from actions._said import Said, just_offered
from actions._words import arrival, button, what

logger = logging.getLogger(__name__)

FIRE, MEDICAL, POLICE = (
    {"title": "火警", "number": "119"},
    {"title": "急救", "number": "120"},
    {"title": "报警", "number": "110"},
)
CARDS: dict[str, tuple[str, tuple[str, str, str], tuple[dict[str, str], ...]]] = {
    "elevator": (
        "电梯困人，请先稳住",
        ("不要扒门，也不要自己爬出来", "按轿厢里的警铃或对讲，靠壁站稳", "电梯里通风，请保持通话，等人来开门"),
        (FIRE, MEDICAL),
    ),
    "fire_safety": (
        "起火，先离开",
        ("马上离开，走楼梯，不要坐电梯", "弯腰捂住口鼻，随手关门", "到安全的地方打 119，讲清楼栋和楼层"),
        (FIRE, MEDICAL),
    ),
    "gas": (
        "闻到燃气，先别碰开关",
        ("不要开关任何电器，不要点火", "能碰到就关掉燃气阀门，开窗", "人先到楼外，再打电话"),
        (FIRE, POLICE),
    ),
    "plumbing": (
        "大量跑水，先关水断电",
        ("关掉进户总阀", "水漫到插座附近就不要靠近，先断总闸", "电梯口进水时不要坐电梯"),
        (FIRE,),
    ),
    "electrical": (
        "有触电危险，先别伸手",
        ("不要直接碰触电的人", "先拉下总闸，拉不到就用干燥的木棍拨开电线", "人没有反应时马上打 120"),
        (MEDICAL, FIRE),
    ),
}
OTHER = (
    "请先保证自己安全",
    ("离开有危险的地方", "有人受伤或晕倒，先打 120，不要随意搬动", "在安全处等人，保持手机畅通"),
    (MEDICAL, FIRE, POLICE),
)


def danger_card(category: str) -> dict[str, Any]:
    """Return what to do for a kind of danger."""
    title, lines, phones = CARDS.get(category, OTHER)
    return {"type": "danger", "title": title, "lines": list(lines), "phones": list(phones)}


QUESTION = "您那边现在有危险吗？有的话先离开危险的地方，火警 119，急救 120，报警 110。"
YES = button("有危险，快来人", "report_emergency")
NO = button("没有危险", "deny")
NO_BUT_BROKEN = button("没有危险，正常报修", "report_repair")
NO_GO_ON = button("没有危险，接着报修", "report_repair")
TOPIC = "可能有紧急情况"
KNOWN_FAULT = 0.7
"""Confidence of the category from which words are a fault to repair; anger has none."""
HARMLESS = 0.12
"""Below this the backend hears no danger."""
_WHAT_IF = re.compile(r"如果|万一|要是|假如|怎么办|会不会|[吗呢][?？]?$|[?？]$")


def faults(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the items that are something to repair, at most of high urgency: there is no danger."""
    return [
        {**item, "urgency": "high" if item.get("urgency") == "emergency" else item.get("urgency", "normal")}
        for item in items
        if item.get("category", "other") != "other"
        and float(item.get("category_confidence", 1.0)) >= KNOWN_FAULT
        and not _WHAT_IF.search(str(item.get("text") or ""))
    ]


def plain_faults(said: Said) -> list[dict[str, Any]]:
    """Return the faults of a message that only a call for somebody (「快叫个人来瞧瞧」) makes sound like danger, else none."""
    found = faults(said.items)
    harmless = said.danger is not None and said.danger < HARMLESS
    return found if harmless and len(found) == len(said.items) and calls(said.words) else []


def half_reported(turn: Turn) -> dict[str, Any] | None:
    """Return the report whose question was open when this message came, None when there was none."""
    for event in reversed(turn.tracker.events):
        ended = event.get("event") == "active_loop" and event.get("name") is None
        if ended or turn.tracker.active_loop_name == "repair_form":
            kept: dict[str, Any] | None = turn.tracker.get_slot("repair_items")
            return kept if kept and kept.get("items") else None
        if event.get("event") == "user":
            return None
    return None


class ReportEmergency(BackendAction):
    """Asks whether there is danger; then opens an emergency order, and the card comes even when that fails."""

    action = "action_report_emergency"
    intents = ("report_emergency",)

    async def act(self, turn: Turn) -> Events:
        """Ask, or open and say what to do."""
        if not just_offered(turn.tracker, YES["payload"]):
            plain = plain_faults(turn.said)
            kept = half_reported(turn) or {}
            if plain:
                items = [*(kept.get("items") or []), *plain]
                media = [*(kept.get("attachments") or []), *turn.said.attachments]
                return await as_if(
                    replace(turn, said=replace(turn.said, items=items, attachments=media)), "report_repair"
                )
            return await self._ask(turn)
        words = turn.said.words or "紧急情况"
        items = [{**i, "urgency": "emergency"} for i in turn.said.items] or [
            {"text": words, "category": "other", "urgency": "emergency", "fault": words}
        ]
        shown = danger_card(str(items[0].get("category")))
        try:
            opened = (await report(turn, items, answer=""))["orders"]
        except BackendError:
            logger.exception("no order for an emergency")
            turn.say(await self._without_order(turn), None, shown)
            return []
        turn.say(self._text(opened), None, shown)
        return []

    @staticmethod
    async def _ask(turn: Turn) -> Events:
        """Ask. A no goes on with the fault of the message, or with the report that was half made."""
        try:
            staff = (await turn.backend.hand_over("topic", TOPIC))["staff_name"]
        except BackendError:
            logger.exception("staff could not be told of a possible emergency")
            staff = None
        kept = half_reported(turn)
        no = NO_GO_ON if kept else NO_BUT_BROKEN if faults(turn.said.items) else NO
        turn.say(QUESTION + (f"我也请客服{staff}看着。" if staff else ""), [YES, no])
        return [SlotSet("repair_items", {**kept, "danger": True} if kept else None)]

    @staticmethod
    async def _without_order(turn: Turn) -> str:
        try:
            await turn.backend.hand_over("failed", "紧急情况")
        except BackendError:
            return "我这边一时联系不上值班人员，请直接打下面的电话。"
        return "我已通知客服，请先照下面做，需要时直接打下面的电话。"

    @staticmethod
    def _text(orders: list[Order]) -> str:
        lines = [f"紧急工单 {o['number']}，{what(o)}，{arrival(o)}。" for o in orders]
        return "\n".join(["我已通知值班人员，请先照下面做。", *lines])
