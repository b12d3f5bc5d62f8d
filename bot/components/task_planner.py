"""Several things in one message: 「灯坏了，顺便把物业费交了，明天再约个羽毛球场」 is three, in this order.

In: `clean`, `intent`, `intent_ranking`, `asides`. Out: `tasks`, one {intent, text, start, end} a thing, when the message wants things of
different kinds; else an empty list. The message's intent is then that of the first. Faults stay together in one task: their
splitting is the business of `order_fields`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.clauses import EDGES, Span, clauses
from bot.components.danger_hint import DANGER
from bot.components.intent_classifier import ASIDES, is_payload, set_ranking
from bot.components.lexicon import FAULTS
from bot.components.task_splitter import things_in
from bot.components.wants import wanted
from bot.components.zh_normalizer import CLEAN, clean

TASKS = "tasks"
REPORT = "report_repair"
REPORTING = frozenset({"report_repair", "report_emergency", "complain"})
SURE = 0.9
BESIDE = 0.7
"""How sure the model must be of what a clause in passing wants, where no words of the table say it."""
NOT_BESIDE = REPORTING | {
    "amend_work_order", "nlu_fallback", "chitchat", "thank", "greet", "goodbye", "affirm", "deny", "feedback",
    "out_of_scope", "bot_challenge", "confirm_work_order",
}  # fmt: skip
"""What a clause in passing may sound like without being a thing of its own."""


@dataclass
class Part:
    """A run of clauses that want one thing."""

    intent: str
    start: int
    end: int


def plan(text: str, first: str, beside: dict[Span, tuple[str, float]] | None = None) -> list[Part]:
    """Return the parts of the clean text when it wants things of different kinds, else nothing.

    ``first`` is the intent of the whole message: what its reporting clauses are. ``beside`` is what the model makes of
    the clauses said in passing.
    """
    parts: list[Part] = []
    for start, end in clauses(text):
        words, guess = text[start:end], (beside or {}).get((start, end))
        reports = _tells_fault(words) or _is_sure(guess, REPORTING) or (not parts and beside and first in REPORTING)
        intent = wanted(words) or _said_beside(guess) or (_report(first) if reports else None)
        if intent is None or (parts and parts[-1].intent == intent):
            if parts:
                parts[-1].end = end
            continue
        parts.append(Part(intent, start, end))
    if len({part.intent for part in parts}) < 2:
        return []
    parts[0].start = 0
    return parts


def opening(beside: dict[Span, tuple[str, float]] | None, whole: dict[str, Any]) -> str | None:
    """Return the report that the message opens with where all of it together was taken for something else.

    「水管爆了 对了谢谢你们」 is no thanks.
    """
    guess = next(iter((beside or {}).values()), None)
    if guess and _is_sure(guess, REPORTING) and whole.get("name") not in REPORTING:
        return guess[0]
    return None


def _is_sure(guess: tuple[str, float] | None, among: frozenset[str]) -> bool:
    return guess is not None and guess[1] >= BESIDE and guess[0] in among


def _said_beside(guess: tuple[str, float] | None) -> str | None:
    return guess[0] if guess and guess[1] >= BESIDE and guess[0] not in NOT_BESIDE else None


def _report(first: str) -> str:
    return first if first in REPORTING else REPORT


def _tells_fault(words: str) -> bool:
    return bool(FAULTS.search(words)) and bool(things_in(words))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class TaskPlanner(GraphComponent, RasaIntentClassifier):
    """Pipeline step around `plan`."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TaskPlanner:
        """Nothing to configure."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `tasks` on each message; lead its ranking with the first task's intent."""
        for message in messages:
            tasks: list[dict[str, Any]] = []
            if not is_payload(message):
                tasks = self._tasks(message)
            message.set(TASKS, tasks, add_to_output=True)
        return messages

    @staticmethod
    def _tasks(message: Message) -> list[dict[str, Any]]:
        text = message.get(CLEAN) or clean(message.get(TEXT))
        said = message.get(TEXT) if len(message.get(TEXT)) == len(text) else text
        first = str((message.get(INTENT) or {}).get("name"))
        beside = None if first == DANGER else message.get(ASIDES)  # nothing comes before a danger
        parts = plan(text, first, beside)
        lead = parts[0].intent if parts else opening(beside, message.get(INTENT) or {})
        if lead is not None and first != DANGER:
            others = [(r["name"], r["confidence"]) for r in message.get(INTENT_RANKING_KEY) or [] if r["name"] != lead]
            total = sum(confidence for _, confidence in others) or 1.0
            set_ranking(message, [(lead, SURE), *((n, c / total * (1 - SURE)) for n, c in others)])
        return [
            {
                "intent": part.intent,
                "text": said[part.start : part.end].strip(EDGES),
                "start": part.start,
                "end": part.end,
            }
            for part in parts
        ]
