"""The answer to a complaint: accepted, or refused once, and then somebody above answers."""

import re

from actions._base import BackendAction, Turn
from actions._client import Complaint
from actions._words import button, when

NUMBER = re.compile(r"TS-[A-Z]{2,4}\d{4}-\d{4}", re.IGNORECASE)
NOTHING_ANSWERED = "现在没有等您表态的投诉答复。有不满意的地方，直接跟我说就行。"
MOST = 9


async def _meant(turn: Turn, question: str) -> Complaint | None:
    """Return the complaint whose answer is meant; else ask which, or say that there is none, and return None."""
    said = NUMBER.search(turn.said.words or "")
    number = turn.said.entities.get("complaint_number") or (said[0].upper() if said else None)
    if number:
        return await turn.backend.complaint(number)
    answered = await turn.backend.complaints(status="answered", mine=True)
    if not answered:
        turn.say(NOTHING_ANSWERED)
        return None
    if len(answered) == 1:
        return answered[0]
    intent = turn.said.intent
    turn.say(question, [button(_title(c), intent, complaint_number=c["number"]) for c in answered[:MOST]])
    return None


def _title(complaint: Complaint) -> str:
    return f"{complaint['number']} {complaint['words'][:12]}"


class AcceptAnswer(BackendAction):
    """Who complained is content with the answer."""

    action = "action_accept_answer"
    intents = ("accept_answer",)

    async def act(self, turn: Turn) -> None:
        """Accept it; after a second answer that is the end."""
        complaint = await _meant(turn, "您认可哪一件投诉的答复？")
        if complaint is None:
            return
        number, legal = complaint["number"], {move["to"] for move in complaint["allowed"]}
        to = next((to for to in ("accepted", "closed") if to in legal), None)
        if to is None:
            turn.say(f"投诉 {number} 现在是「{complaint['status_title']}」，这一步不用您再点。")
            return
        await turn.backend.move_complaint(number, to)
        turn.say(f"好的，投诉 {number} 已经结束，谢谢您给我们改进的机会。还有什么事随时跟我说。")


class RefuseAnswer(BackendAction):
    """Who complained is not content with the answer."""

    action = "action_refuse_answer"
    intents = ("refuse_answer",)

    async def act(self, turn: Turn) -> None:
        """Send it up, with the words as the reason. The backend says what is left after a second answer."""
        complaint = await _meant(turn, "哪一件投诉的答复您不认可？")
        if complaint is None:
            return
        complaint = await turn.backend.move_complaint(complaint["number"], "refused", turn.said.words)
        turn.say(
            f"没让您满意，抱歉。投诉 {complaint['number']} 已转{complaint['level_title']}复查，"
            f"会换人在 {when(complaint['answer_by'])} 前再答复您。"
        )
