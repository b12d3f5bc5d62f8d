"""What every capability shares: greeting, yes and no, a person, and not having understood."""

import re

from rasa_sdk.events import UserUtteranceReverted

from actions._again import ask_again, is_again
from actions._base import BackendAction, Events, Turn, as_if
from actions._choosing import within
from actions._client import HandedOver
from actions._intents import SMALL_TALK, TITLES
from actions._lately import numbers
from actions._refusals import CALM, HOMES, is_rude
from actions._words import button, owner_buttons, technician_buttons, what

GUESSES = 3
EXAMPLES = [
    button("我要报修", "report_repair"),
    button("我的工单到哪一步了", "query_work_order"),
    button("转人工", "handoff"),
]
_WORKS = re.compile(r"好了|修好|正常了|能用了|没问题了")
_BROKEN = re.compile(r"没修?好|修不好|还是(?:坏|不|漏)|不行")


def colleague(told: HandedOver) -> str:
    """Return who of customer service has been told."""
    return f"客服{told['staff_name']}" if told["staff_name"] else "客服"


class Greet(BackendAction):
    """Greets by name and shows what one can say."""

    action = "action_greet"
    intents = ("greet",)

    async def act(self, turn: Turn) -> None:
        """Greet as befits the role."""
        hello = f"{turn.said.name}，您好" if turn.said.name else "您好"
        if turn.said.is_technician:
            text = "要看手上的活点「我的任务」；到场、用料、完工，直接说一声就行。"
            turn.say(f"{hello}。{text}", [button("我的任务", "list_tasks")])
        elif not turn.said.roles or HOMES & set(turn.said.roles):
            text = "我是您的管家。哪里坏了、想查进度，直接告诉我。"
            turn.say(f"{hello}，{text}", EXAMPLES)
        else:
            turn.say(f"{hello}。发工单号给我，就能查到它到哪一步了。")


class Affirm(BackendAction):
    """A yes that answers no question of ours: ask what it is meant for, if anything waits."""

    action = "action_affirm"
    intents = ("affirm",)

    async def act(self, turn: Turn) -> Events:
        """Ask about the one order that waits for a yes; never decide by a bare 好的. 「好了」 means the finished one."""
        if turn.said.is_technician:
            waiting = within(await turn.backend.movable("accepted"), "dispatched")
            question, buttons = "这张单您接吗？", technician_buttons
        else:
            waiting = await turn.backend.movable("accepted_by_owner")
            question, buttons = "修好了吗？", owner_buttons
        if len(waiting) == 1 and not turn.said.is_technician and _WORKS.search(turn.said.words or ""):
            return await as_if(turn, "confirm_work_order", order_number=waiting[0]["number"])
        if len(waiting) == 1:
            turn.say(f"{waiting[0]['number']} {what(waiting[0])}，{question}", buttons(waiting[0]))
        else:
            turn.say("好的，有事随时叫我。")
        return []


class Deny(BackendAction):
    """A no that answers no question of ours."""

    action = "action_deny"
    intents = ("deny",)

    async def act(self, turn: Turn) -> Events:
        """Leave it there, unless it says that the one finished order is not good yet."""
        if _BROKEN.search(turn.said.words or "") and not turn.said.is_technician:
            waiting = await turn.backend.movable("accepted_by_owner")
            if len(waiting) == 1 and waiting[0]["number"] in numbers(turn.said.lately):
                return await as_if(turn, "reject_work_order", order_number=waiting[0]["number"])
        turn.say("好的，那先这样。有需要随时跟我说。")
        return []


class HandOver(BackendAction):
    """The speaker wants a person: the bot falls silent."""

    action = "action_hand_over"
    intents = ("handoff",)

    async def act(self, turn: Turn) -> None:
        """Hand over; say who and how many are ahead."""
        told = await turn.backend.hand_over("asked", take=True)
        if not told["open"]:
            turn.say("您自己就在客服岗位上，转来的会话都在工作台的「会话」里；要找同事请直接联系。")
            return
        queue = f"前面还有 {told['ahead']} 位，" if told["ahead"] else ""
        turn.say(f"好的，已为您转给{colleague(told)}，{queue}请稍等。", [button("还是问管家", "resume_bot")])


class PassToStaff(BackendAction):
    """What only customer service can do; the bot goes on listening."""

    action = "action_pass_to_staff"
    intents = (
        *("query_bill", "pay_bill", "dispute_bill", "request_invoice"),
        *("book_facility", "book_parking", "query_booking", "cancel_booking"),
        *("invite_visitor", "open_door", "register_vehicle", "apply_renovation"),
        *("query_announcement", "join_event", "feedback"),
        *("complete_inspection", "record_reading", "query_alarm", "ack_alarm", "query_metric", "trigger_plan"),
    )

    async def act(self, turn: Turn) -> None:
        """Tell customer service what it is about."""
        topic = TITLES.get(turn.said.intent, "您说的")
        told = await turn.backend.hand_over("topic", topic)
        turn.say(f"{topic}这件事我已转给{colleague(told)}，会在这里回复您。")


class AskAffirmation(BackendAction):
    """Not sure: offer the likeliest meanings."""

    action = "action_default_ask_affirmation"

    async def act(self, turn: Turn) -> None:
        """Offer up to three meanings and the way out; a calm word where somebody only swears."""
        if is_again(turn.said.words) and await ask_again(turn):
            return
        if is_rude(turn.said.words):
            turn.say(CALM, [button("转人工", "handoff")])
            return
        likely = [name for name in turn.said.ranking if name in TITLES and name not in SMALL_TALK][:GUESSES]
        buttons = [button(TITLES[name], name) for name in likely]
        turn.say("我没太听准，您是想：", [*buttons, button("都不是", "out_of_scope")])


class AskRephrase(BackendAction):
    """None of the meanings: ask for other words."""

    action = "action_default_ask_rephrase"

    async def act(self, turn: Turn) -> None:
        """Ask once more."""
        turn.say("抱歉，没听明白。换个说法再说一次？例如「厨房水龙头漏水」。")


class DefaultFallback(BackendAction):
    """Not understood twice: a person reads it; the bot goes on listening."""

    action = "action_default_fallback"

    async def act(self, turn: Turn) -> Events:
        """Tell customer service; take the message back so that the dialogue starts afresh."""
        told = await turn.backend.hand_over("not_understood")
        turn.say(f"这句我没听懂，已请{colleague(told)}来看，会在这里回复您。")
        return [UserUtteranceReverted()]

    def after_failure(self) -> Events:
        """Start afresh as well."""
        return [UserUtteranceReverted()]
