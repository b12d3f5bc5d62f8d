"""Questions about rules and procedures: answered with what the estate's documents say, or honestly not at all."""

import re
from datetime import datetime

from actions._base import BackendAction, Turn
from actions._client import Passage
from actions._words import SHANGHAI, Button, button, spoken
from actions.common import colleague

QUOTED = 2
QUESTION_CHARS = 500
TOPIC_CHARS = 40
EXAMPLES = ("装修押金多少", "几点可以倒垃圾", "门禁卡丢了怎么补")

FOLLOWS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (re.compile("装修申请"), "申请装修", "apply_renovation"),
    (re.compile("物业费.*(?:缴|交)|缴纳|逾期"), "去缴费", "pay_bill"),
    (re.compile("发票"), "开发票", "request_invoice"),
    (re.compile("场地|羽毛球|会议室|健身房"), "订场地", "book_facility"),
    (re.compile("访客"), "邀请访客", "invite_visitor"),
    (re.compile("车辆登记"), "登记车辆", "register_vehicle"),
    (re.compile("车位月租"), "订车位", "book_parking"),
    (re.compile("报修"), "我要报修", "report_repair"),
)
"""What one may want to do after reading a section with such a heading: the first that fits."""


class AnswerQuestion(BackendAction):
    """Quotes the documents, with their source; what they do not say goes to customer service."""

    action = "action_answer_question"
    intents = ("ask_faq",)

    async def act(self, turn: Turn) -> None:
        """Quote at most two passages; without one say so and tell customer service what was asked."""
        question = (turn.said.words or "")[:QUESTION_CHARS].strip()
        if not question:
            turn.say("想了解小区的哪项规定？直接问我就行，例如：", [spoken(example) for example in EXAMPLES])
            return
        passages = (await turn.backend.look_up(question))[:QUOTED]
        if passages:
            turn.say(quoted(passages), [*follows(passages[0]), button("转人工", "handoff")])
            return
        told = await turn.backend.hand_over("topic", f"咨询：{question[:TOPIC_CHARS]}")
        text = f"这个问题小区的规定里没有写到，我不能随便答。已转给{colleague(told)}，会在这里回复您。"
        turn.say(text, [button("转人工", "handoff")])


def quoted(passages: list[Passage]) -> str:
    """Return the passages, each with its source; the estate is named when they are of several."""
    several = len({passage["community"] for passage in passages}) > 1
    return "\n\n".join(f"{passage['text']}\n{source(passage, several)}" for passage in passages)


def source(passage: Passage, name_estate: bool = False) -> str:
    """Return where a passage stands: ——《住户服务手册》› 门禁卡（2026-11-25 更新）."""
    where = f"《{passage['document']}》" + (f"› {passage['section']}" if passage["section"] else "")
    day = datetime.fromisoformat(passage["updated_at"]).astimezone(SHANGHAI)
    estate = passage["community_name"] if name_estate else ""
    return f"——{estate}{where}（{day:%Y-%m-%d} 更新）"


def follows(passage: Passage) -> list[Button]:
    """Return a button for what obviously follows from a section, if anything does."""
    return next(([button(title, intent)] for what, title, intent in FOLLOWS if what.search(passage["section"])), [])
