"""Reporting a repair: open the orders, or ask the one thing that must be known first.

The form is active only while that question is open. Slots: ``repair_items`` {"items", "attachments"},
``repair_question`` (a Question of the backend), ``repair_answer`` (the speaker's words).
"""

from typing import Any

from rasa_sdk.events import ActiveLoop, SlotSet
from rasa_sdk.forms import REQUESTED_SLOT

from actions._base import BackendAction, Events, Turn
from actions._client import Question
from actions._opening import announce, report
from actions._words import spoken

FORM = "repair_form"
ANSWER = "repair_answer"
UNSURE = 0.6
WAYS_OUT = frozenset({"handoff", "report_emergency", "cancel_work_order", "deny"})
"""Intents that leave the form even when they are uncertain."""


def _asking(asked: Question, items: list[dict[str, Any]], attachments: list[str]) -> Events:
    return [
        SlotSet("repair_items", {"items": items, "attachments": attachments}),
        SlotSet("repair_question", asked),
        SlotSet(ANSWER, None),
    ]


def _cleared() -> Events:
    return [SlotSet("repair_items", None), SlotSet("repair_question", None), SlotSet(ANSWER, None)]


class ReportRepair(BackendAction):
    """Runs when a repair is reported and no question about another one is open."""

    action = "action_report_repair"
    intents = ("report_repair",)

    async def act(self, turn: Turn) -> Events:
        """Open an order for each fault and say when somebody comes, or let the form ask."""
        items = turn.said.items
        reported = await report(turn, items)
        if reported["question"]:
            return [*_asking(reported["question"], items, turn.said.attachments), ActiveLoop(FORM)]
        announce(turn, reported["orders"])
        return []


def _short_answer(turn: Turn) -> str | None:
    """Return the message if it answers the question although its intent says otherwise.

    「我家里」 is too short to have an intent of its own. A tapped answer always counts.
    """
    asked = turn.tracker.get_slot("repair_question") or {}
    if turn.tracker.active_loop_name != FORM or not asked:
        return None
    words = turn.said.words
    if words in (asked.get("options") or []):
        return words
    return words if turn.said.confidence < UNSURE and turn.said.intent not in WAYS_OUT else None


def _beside(turn: Turn, items: list[dict[str, Any]]) -> tuple[bool, list[dict[str, Any]]]:
    """Return whether the answer answers, and the further faults that it reports.

    「马桶也堵了」 after a question about a light is a fault of its own: nothing that is reported gets lost.
    """
    if turn.said.intent != "report_repair" or turn.said.confidence < UNSURE:
        return True, []
    known = {item.get("category") for item in items}
    more = [item for item in turn.said.items if item.get("category") not in known]
    return len(more) < len(turn.said.items) or not more, more


class ValidateRepairForm(BackendAction):
    """Runs at each message while the question is open.

    An interruption (no answer was filled) returns nothing, so that the form lets another rule speak.
    """

    action = "validate_repair_form"
    listens = False

    async def act(self, turn: Turn) -> Events:
        """Open the orders with the answer; another question comes only when nothing was reported yet."""
        answer = turn.tracker.slots_to_validate().get(ANSWER) or _short_answer(turn)
        if not answer:
            return []
        kept = turn.tracker.get_slot("repair_items") or {}
        items: list[dict[str, Any]] = kept.get("items") or []
        attachments = [*(kept.get("attachments") or []), *turn.said.attachments]
        settles: str | None = None
        if items:
            place, more = _beside(turn, items)
            items, settles = [*items, *more], str(answer) if place else ""
        else:
            items = turn.said.items or [{"text": str(answer), "fault": str(answer)}]
        reported = await report(turn, items, settles, attachments)
        if reported["question"]:
            return [*_asking(reported["question"], items, attachments), SlotSet(REQUESTED_SLOT, ANSWER)]
        announce(turn, reported["orders"])
        return [*_cleared(), SlotSet(REQUESTED_SLOT, None)]

    def after_failure(self) -> Events:
        """End the form: what went wrong has been said."""
        return [*_cleared(), SlotSet(REQUESTED_SLOT, None)]


class AskRepairAnswer(BackendAction):
    """Asks the one question, with its answers to tap."""

    action = "action_ask_repair_answer"
    listens = False

    async def act(self, turn: Turn) -> None:
        """Ask."""
        asked = turn.tracker.get_slot("repair_question") or {}
        text = asked.get("text") or "哪里坏了？说一句就行，例如「厨房水龙头一直滴水」。"
        turn.say(text, [spoken(option) for option in asked.get("options") or []])


class RepairAbandon(BackendAction):
    """The speaker does not want to report after all."""

    action = "action_repair_abandon"
    listens = False

    async def act(self, turn: Turn) -> Events:
        """Say that nothing was opened."""
        turn.say("好的，这次先不报了，没有开工单。需要时随时跟我说。")
        return _cleared()
