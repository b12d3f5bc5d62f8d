"""Reporting a repair: draft, ask one thing if it must be known, open the orders.

Slots: ``repair_items`` {"drafts", "items", "attachments"}, ``repair_question`` (a Question of the backend),
``repair_answer`` (the speaker's words).
"""

from typing import Any

from rasa_sdk.events import SlotSet
from rasa_sdk.forms import REQUESTED_SLOT

from actions._base import BackendAction, Events, Turn
from actions._client import Drafts
from actions._opening import announce, open_orders
from actions._words import spoken

ANSWER = "repair_answer"
UNSURE = 0.6
WAYS_OUT = frozenset({"handoff", "report_emergency", "cancel_work_order", "deny"})
"""Intents that leave the form even when they are uncertain."""


def _kept(drafted: Drafts, items: list[dict[str, Any]], attachments: list[str]) -> Events:
    asked = drafted["question"]
    return [
        SlotSet("repair_items", {"drafts": drafted["drafts"], "items": items, "attachments": attachments}),
        SlotSet("repair_question", asked),
        SlotSet(ANSWER, None),
        SlotSet(REQUESTED_SLOT, ANSWER if asked else None),
    ]


def _cleared() -> Events:
    return [SlotSet("repair_items", None), SlotSet("repair_question", None), SlotSet(ANSWER, None)]


def _short_answer(turn: Turn) -> str | None:
    """Return the message if it answers the question although its intent says otherwise.

    「我家里」 is too short to have an intent of its own. A tapped answer always counts.
    """
    asked = turn.tracker.get_slot("repair_question") or {}
    if turn.tracker.active_loop_name != "repair_form" or not asked:
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
    """Runs when the form starts and at each answer; decides whether something must still be asked.

    An interruption (no answer was filled) returns nothing, so that the form lets another rule speak.
    """

    action = "validate_repair_form"

    async def act(self, turn: Turn) -> Events:
        """Draft the orders of the first message, or complete them with the answer."""
        answer = turn.tracker.slots_to_validate().get(ANSWER) or _short_answer(turn)
        if answer:
            return await self._answered(turn, str(answer))
        if turn.said.intent != "report_repair":
            return []
        items = turn.said.items
        drafted = await turn.backend.drafts(turn.said.words or "", items)
        return _kept(drafted, items, turn.said.attachments)

    @staticmethod
    async def _answered(turn: Turn, answer: str) -> Events:
        kept = turn.tracker.get_slot("repair_items") or {}
        items: list[dict[str, Any]] = kept.get("items") or []
        attachments = [*(kept.get("attachments") or []), *turn.said.attachments]
        if items:
            place, more = _beside(turn, items)
            drafted = await turn.backend.drafts(answer, [*items, *more], answer if place else None)
            return _kept({**drafted, "question": None}, items, attachments)
        items = turn.said.items or [{"text": answer, "fault": answer}]
        return _kept(await turn.backend.drafts(answer, items), items, attachments)

    def after_failure(self) -> Events:
        """End the form: what went wrong has been said."""
        return [*_cleared(), SlotSet(REQUESTED_SLOT, None)]


class AskRepairAnswer(BackendAction):
    """Asks the one question, with its answers to tap."""

    action = "action_ask_repair_answer"

    async def act(self, turn: Turn) -> None:
        """Ask."""
        asked = turn.tracker.get_slot("repair_question") or {}
        text = asked.get("text") or "哪里坏了？说一句就行，例如「厨房水龙头一直滴水」。"
        turn.say(text, [spoken(option) for option in asked.get("options") or []])


class RepairSubmit(BackendAction):
    """Opens the orders."""

    action = "action_repair_submit"

    async def act(self, turn: Turn) -> Events:
        """Open an order for each fault and say when somebody comes."""
        kept = turn.tracker.get_slot("repair_items") or {}
        if kept.get("drafts"):
            announce(turn, await open_orders(turn, kept["drafts"], kept.get("attachments") or []))
        return _cleared()

    def after_failure(self) -> Events:
        """Forget the report; customer service has been told."""
        return _cleared()


class RepairAbandon(BackendAction):
    """The speaker does not want to report after all."""

    action = "action_repair_abandon"

    async def act(self, turn: Turn) -> Events:
        """Say that nothing was opened."""
        turn.say("好的，这次先不报了，没有开工单。需要时随时跟我说。")
        return _cleared()
