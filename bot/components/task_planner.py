"""Several things in one message: 「灯坏了，顺便把物业费交了，明天再约个羽毛球场」 is three, in this order.

In: `clean`, `intent`, `intent_ranking`. Out: `tasks`, one {intent, text, start, end} a thing, when the message wants things of
different kinds; else an empty list. The message's intent is then that of the first. Faults stay together in one task: their
splitting is the business of `order_fields`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.intent_classifier import is_payload, set_ranking
from bot.components.lexicon import CONNECTIVES, FAULTS
from bot.components.task_splitter import things_in
from bot.components.wants import wanted
from bot.components.zh_normalizer import CLEAN, clean

TASKS = "tasks"
REPORT = "report_repair"
REPORTING = frozenset({"report_repair", "report_emergency", "complain"})
SURE = 0.9
_BREAK = re.compile(rf"[,，。;；!！?？\n]+|\s+|(?={CONNECTIVES.pattern})|(?:然后|再(?=[帮给订约查交缴开看]))")
_EDGES = " ,，。;；!！?？、"


@dataclass
class Part:
    """A run of clauses that want one thing."""

    intent: str
    start: int
    end: int


def plan(text: str, first: str) -> list[Part]:
    """Return the parts of the clean text when it wants things of different kinds, else nothing.

    ``first`` is the intent of the whole message: what its reporting clauses are.
    """
    parts: list[Part] = []
    for start, end in _clauses(text):
        words = text[start:end]
        intent = wanted(words) or (_report(first) if _tells_fault(words) else None)
        if intent is None or (parts and parts[-1].intent == intent):
            if parts:
                parts[-1].end = end
            continue
        parts.append(Part(intent, start, end))
    if len({part.intent for part in parts}) < 2:
        return []
    parts[0].start = 0
    return parts


def _report(first: str) -> str:
    return first if first in REPORTING else REPORT


def _tells_fault(words: str) -> bool:
    return bool(FAULTS.search(words)) and bool(things_in(words))


def _clauses(text: str) -> list[tuple[int, int]]:
    found, position = [], 0
    for match in [*_BREAK.finditer(text), None]:
        end = match.start() if match else len(text)
        if text[position:end].strip(_EDGES):
            found.append((position, end))
        if match:
            position = match.end() if match.group().strip(_EDGES) == "" else match.start()
    return found


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
        parts = plan(text, str((message.get(INTENT) or {}).get("name")))
        if parts:
            lead = parts[0].intent
            others = [(r["name"], r["confidence"]) for r in message.get(INTENT_RANKING_KEY) or [] if r["name"] != lead]
            total = sum(confidence for _, confidence in others) or 1.0
            set_ranking(message, [(lead, SURE), *((n, c / total * (1 - SURE)) for n, c in others)])
        return [
            {
                "intent": part.intent,
                "text": said[part.start : part.end].strip(_EDGES),
                "start": part.start,
                "end": part.end,
            }
            for part in parts
        ]
