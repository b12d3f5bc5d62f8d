"""What people are told about a complaint, as data."""

import json
from dataclasses import dataclass

COMPLAINANT, HANDLER, LEVEL = "complainant", "handler", "level"
"""LEVEL: those who have to see to it now; HANDLER: who answered last."""


@dataclass(frozen=True, slots=True)
class Tell:
    """One notice. Fields in the text: number, words, about, reply_by, answer_by, handler, level, text, due, reason."""

    audience: str
    text: str
    buttons: tuple[tuple[str, str], ...] = ()


FILED = (Tell(LEVEL, "新投诉 {number}：{words}{about}。请在 {reply_by} 前先回复业主，{answer_by} 前给出答复。"),)
FILED_FOR = (
    Tell(COMPLAINANT, "您的投诉已登记，编号 {number}。最晚 {reply_by} 前先回复您，{answer_by} 前给您处理结果。"),
)
ADDED = (Tell(LEVEL, "投诉 {number} 业主补充：{text}"),)
TAKEN = (Tell(COMPLAINANT, "您的投诉 {number} 由{handler}处理，最晚 {answer_by} 前给您处理结果。"),)
ANSWERED = {
    1: (
        Tell(
            COMPLAINANT,
            "您的投诉 {number} 有答复了：「{text}」。您认可吗？",
            (("认可", "accept_answer"), ("不认可", "refuse_answer")),
        ),
    ),
    2: (
        Tell(
            COMPLAINANT,
            "您的投诉 {number} 复查后的答复：「{text}」。没有别的意见就点「结束」；仍不满意可以打 12345 热线反映，我们配合处理。",
            (("结束", "accept_answer"),),
        ),
    ),
}
ACCEPTED = (Tell(HANDLER, "投诉 {number} 业主认可了答复，辛苦了。"),)
CLOSED = (Tell(HANDLER, "投诉 {number} 业主已点结束。"),)
WITHDRAWN = (Tell(LEVEL, "投诉 {number} 业主撤回了{reason}。"),)
REFUSED = (Tell(LEVEL, "投诉 {number} 业主不认可答复{reason}。请{level}复查，换人在 {answer_by} 前再答复。"),)
SILENCE = (Tell(COMPLAINANT, "您的投诉 {number} 答复后一直没有您的意见，先结束了。还有问题随时告诉我。"),)

REMINDER = (Tell(LEVEL, "投诉 {number} 快到期了：{due_at} 前要{due}。"),)
LATE = (Tell(LEVEL, "投诉 {number} 超时：该在 {due_at} 前{due}，还没有。请{level}马上看。"),)

BECAUSE_OF = "（工单 {number}）"


def tap(title: str, intent: str, number: str) -> dict[str, str]:
    """Return a button about a complaint."""
    return {"title": title, "payload": f"/{intent}{json.dumps({'complaint_number': number})}"}
