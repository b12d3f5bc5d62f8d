"""Reporting a repair: open the orders, or ask the one thing that must be known first.

The form is active only while that question is open. Slots: ``repair_items`` {"items", "attachments"},
``repair_question`` (a Question of the backend; with ``asked`` how often, ``missed`` the words that were no answer,
``reminded`` after an interruption), ``repair_answer`` (never filled: ``_form`` reads the message).
"""

from typing import Any, cast

from rasa_sdk.events import ActiveLoop, SlotSet
from rasa_sdk.forms import REQUESTED_SLOT

from actions._again import ask_again, is_again
from actions._base import BackendAction, Events, Turn, as_if
from actions._calls import tidy
from actions._client import Question
from actions._form import AT_HOME, Item, Kept, Reading, reading
from actions._opening import announce, everything, not_the_fault_of, report, report_separately
from actions._words import spoken
from actions.emergency import faults

FORM = "repair_form"
ANSWER = "repair_answer"
SHOWN_WORDS = 20
AT_HOME_TOO = "这几处都在您家里吗？是的话点「我家里」，不是请说一下在哪儿。"
ABANDONED = "好的，这次先不报了，没有新开工单。需要时随时跟我说。"


ALWAYS_PUBLIC = frozenset({"elevator", "greening", "parking", "fire_safety", "access_security"})
"""Categories of things that stand in no home."""


def _asking(turn: Turn, asked: Question, items: list[Item], attachments: list[str], **more: Any) -> Events:
    asked = cast(Question, {**asked, "options": _options(turn, asked, items), **more})
    return [
        SlotSet("repair_items", {"items": items, "attachments": attachments, "message": turn.said.message_id}),
        SlotSet("repair_question", asked),
        SlotSet(ANSWER, None),
    ]


def _options(turn: Turn, asked: Question, items: list[Item]) -> list[str]:
    """Return the answers to tap; who lives here may always mean their home, but for what no home has."""
    options, about = list(asked.get("options") or []), int(asked.get("item") or 0)
    category = items[about].get("category") if about < len(items) else None
    at_home = asked["about"] == "place" and turn.said.home and category not in ALWAYS_PUBLIC
    return [AT_HOME, *options] if at_home and AT_HOME not in options else options


def _cleared() -> Events:
    return [SlotSet("repair_items", None), SlotSet("repair_question", None), SlotSet(ANSWER, None)]


def _ended() -> Events:
    return [*_cleared(), SlotSet(REQUESTED_SLOT, None)]


def _fault(item: Item) -> str:
    return str(tidy(item).get("fault") or item.get("text"))


class ReportRepair(BackendAction):
    """Runs when a repair is reported and no question about another one is open."""

    action = "action_report_repair"
    intents = ("report_repair",)

    async def act(self, turn: Turn) -> Events:
        """Open an order for each fault and say when somebody comes, or let the form ask."""
        if (number := not_the_fault_of(turn)) is not None:
            await report_separately(turn, number)
            return []
        items, attachments = turn.said.items, turn.said.attachments
        if is_again(turn.said.words):
            if turn.said.cause is None and await ask_again(turn):
                return []
            items = []  # 「不是，另外报修」: nothing is known yet
        if turn.said.cause == "report_emergency":  # asked whether there is danger, and there is none
            slot = turn.tracker.get_slot("repair_items") or {}
            kept = slot if slot.get("danger") else {}
            items = [*(kept.get("items") or []), *faults(items)]
            attachments = [*(kept.get("attachments") or []), *attachments]
        reported = await report(turn, items, attachments=attachments)
        if reported["question"]:
            return [*_asking(turn, reported["question"], items, attachments), ActiveLoop(FORM)]
        announce(turn, reported)
        return _cleared()


class ValidateRepairForm(BackendAction):
    """Runs at each message while the question is open.

    An interruption returns nothing, so that the form lets another rule speak.
    """

    action = "validate_repair_form"
    listens = False

    async def act(self, turn: Turn) -> Events:
        """Open the orders with the answer; another question comes only when nothing was reported yet."""
        if (number := not_the_fault_of(turn)) is not None:  # beside the question, which stays open
            await report_separately(turn, number)
            return [SlotSet(ANSWER, None)]
        slot = turn.tracker.get_slot("repair_items") or {}
        if slot.get("message") == turn.said.message_id:  # the report itself is no answer to what it made us ask
            return [SlotSet(ANSWER, None)]
        kept = Kept(slot.get("items") or [], turn.tracker.get_slot("repair_question") or {})
        attachments = [*(slot.get("attachments") or []), *turn.said.attachments]
        found = reading(turn.said, kept)
        if found.kind == "interruption" or (found.kind == "danger" and turn.said.intent == "report_emergency"):
            return []
        if found.kind == "danger":  # no rule hears it below the threshold of the fallback
            return [*await as_if(turn, "report_emergency"), SlotSet(ANSWER, None), SlotSet(REQUESTED_SLOT, None)]
        if found.kind == "given_up":
            turn.say(ABANDONED)
            return _ended()
        if found.kind == "missed":
            return await self._missed(turn, kept, attachments)
        if found.kind == "another":
            return await self._another(turn, kept, found.more, attachments)
        items, answer = self._known(turn, kept, found)
        return await self._go_on(turn, items, attachments, answer)

    @staticmethod
    def _known(turn: Turn, kept: Kept, found: Reading) -> tuple[list[Item], str | None]:
        """Return the items as they are now, and the answer to the question; None where it must be asked afresh."""
        if found.kind == "dropped":
            turn.say(f"好的，「{_fault(kept.items[found.item])}」先不报。")
            return [item for n, item in enumerate(kept.items) if n != found.item], None
        if not kept.items:
            return found.more or [{"text": found.answer, "fault": found.answer}], None
        return [*kept.items, *found.more], found.answer

    @staticmethod
    async def _go_on(turn: Turn, items: list[Item], attachments: list[str], answer: str | None) -> Events:
        reported = await report(turn, items, answer, attachments)
        if reported["question"]:
            return [*_asking(turn, reported["question"], items, attachments), SlotSet(REQUESTED_SLOT, ANSWER)]
        announce(turn, reported)
        return _ended()

    @staticmethod
    async def _another(turn: Turn, kept: Kept, more: list[Item], attachments: list[str]) -> Events:
        """Take the fault along and ask on; the second time ask whether it is all at home."""
        items = [*kept.items, *more]
        reported = await report(turn, items, None, attachments)
        asked = reported["question"]
        if not asked:
            announce(turn, reported)
            return _ended()
        turn.say("、".join(f"「{_fault(item)}」" for item in more) + "也记下了，说完位置一起登记。")
        times = int(kept.question.get("another") or 0) + 1
        text = {"text": AT_HOME_TOO, "at_home": True} if times > 1 and AT_HOME in _options(turn, asked, items) else {}
        return [*_asking(turn, asked, items, attachments, another=times, **text), SlotSet(REQUESTED_SLOT, ANSWER)]

    async def _missed(self, turn: Turn, kept: Kept, attachments: list[str]) -> Events:
        """Ask again once; then open the orders as they are, with the words as a remark."""
        words = turn.said.words or ""
        if not kept.question.get("missed"):
            return [SlotSet("repair_question", {**kept.question, "missed": words}), SlotSet(ANSWER, None)]
        items = kept.items or [{"text": words, "fault": words}]
        reported = await report(turn, items, "", attachments)
        announce(turn, reported)
        orders = everything(reported)
        if kept.items and orders:
            about = min(int(kept.question.get("item") or 0), len(orders) - 1)
            await turn.backend.note(orders[about]["number"], f"报修人还说：{words}")
            turn.say("您后面说的我没听明白，原话已记在工单上，客服会看；位置不对请告诉我。")
        return _ended()

    def after_failure(self) -> Events:
        """End the form: what went wrong has been said."""
        return _ended()


class AskRepairAnswer(BackendAction):
    """Asks the one question, with its answers to tap."""

    action = "action_ask_repair_answer"
    listens = False

    async def act(self, turn: Turn) -> Events:
        """Ask; after an interruption remind once, after words that were no answer say which."""
        asked = turn.tracker.get_slot("repair_question") or {}
        text = asked.get("text") or "哪里坏了？说一句就行，例如「厨房水龙头一直滴水」。"
        times, missed = int(asked.get("asked") or 0), str(asked.get("missed") or "")
        reminding = times > 0 and (not missed or times > 1)
        if reminding and asked.get("reminded"):
            return []
        if reminding:
            text = f"刚才的报修还差一点：{text}"
        elif missed:
            text = f"「{missed[:SHOWN_WORDS]}」我没听出来是哪里。{text}"
        turn.say(text, [spoken(option) for option in asked.get("options") or []])
        return [SlotSet("repair_question", {**asked, "asked": times + 1, "reminded": reminding})]


class RepairAbandon(BackendAction):
    """The speaker does not want to report after all."""

    action = "action_repair_abandon"
    listens = False

    async def act(self, turn: Turn) -> Events:
        """Say that nothing was opened."""
        turn.say(ABANDONED)
        return _cleared()
