"""The work-order fields of each fault in a message.

In: `clean`, `intent`, `intent_ranking`. Out: `items`, one a task (see `task_splitter`): {text,
category, category_confidence, urgency, scope, scope_confidence, place_words, fault}; an empty list
when nothing is reported. The backend resolves the place words.

Category, urgency and scope are networks like those of the intent classifier,
trained on the `metadata` of report_repair, report_emergency and complain blocks, and blended with the
lexicon.
"""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, METADATA, METADATA_INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components import trainable
from bot.components.danger_hint import DANGER, LED
from bot.components.field_model import FieldModel
from bot.components.intent_classifier import is_payload
from bot.components.task_planner import TASKS
from bot.components.zh_normalizer import CLEAN, clean

ITEMS = "items"
REPORTS = frozenset({"report_repair", "report_emergency", "complain"})
_BARE = re.compile(
    "(?:你好|您好|那个|喂|管家|物业)?[,， ]*(?:我|俺|咱)?(?:要|想|来|需要|得)?(?:报|申报|登记)(?:个|一个|一下|下)?(?:修|维修|故障)(?:一下|下|啊|吧|呗|了)?"
)
POSSIBLE = 0.15  # a report is also drafted when it is the second guess with at least this confidence


def reports_something(message: Message) -> bool:
    """Say whether a draft makes sense: a report is the first or a likely second guess."""
    intent = (message.get(INTENT) or {}).get("name")
    if intent in REPORTS:
        return True
    ranking = message.get(INTENT_RANKING_KEY) or []
    return any(r["name"] in REPORTS and r["confidence"] >= POSSIBLE for r in ranking[:3])


def labelled(training_data: TrainingData) -> list[tuple[str, str, dict[str, Any]]]:
    """Return (clean text, intent, fields) of the examples whose block has fields."""
    rows = []
    for example in training_data.intent_examples:
        fields = (example.get(METADATA) or {}).get(METADATA_INTENT)
        if example.get(TEXT) and isinstance(fields, dict) and fields.get("category"):
            rows.append((clean(example.get(TEXT)), str(example.get(INTENT)), fields))
    return rows


def _reporting_nothing(training_data: TrainingData) -> list[str]:
    examples = training_data.intent_examples
    return [clean(e.get(TEXT)) for e in examples if e.get(TEXT) and e.get(INTENT) not in REPORTS]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class OrderFields(GraphComponent, EntityExtractorMixin):
    """Pipeline step around `FieldModel`."""

    def __init__(self, storage: ModelStorage, resource: Resource, model: FieldModel | None = None) -> None:
        """Without a model there are no items."""
        self._storage, self._resource, self._model = storage, resource, model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> OrderFields:
        """Return an untrained step."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> OrderFields:
        """Return the trained step."""
        return cls(model_storage, resource, trainable.load(model_storage, resource))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the labelled blocks."""
        self._model = FieldModel.learn(labelled(training_data), _reporting_nothing(training_data))
        trainable.store(self._model, self._storage, self._resource)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set `items` on each message."""
        for message in messages:
            items: list[dict[str, Any]] = []
            if self._model is not None and not is_payload(message) and reports_something(message):
                first = message.get(INTENT) or {}
                danger = first.get("name") == DANGER and float(first.get("confidence") or 0.0) > LED
                text = message.get(CLEAN) or clean(message.get(TEXT))
                if not is_bare_report(text):
                    reported, said = _reported(message, text)
                    items = self._model.items(reported, danger, said)
            message.set(ITEMS, items, add_to_output=True)
        return messages


def is_bare_report(text: str) -> bool:
    """Say whether the clean text only says that something is to be reported: 「我要报修」."""
    return bool(_BARE.fullmatch(text.strip(" ,，。.!！?？~")))


def _reported(message: Message, text: str) -> tuple[str, str]:
    """Return the clean text that reports, and the same as it was said; the other tasks of the message left out."""
    said = message.get(TEXT) if len(message.get(TEXT)) == len(text) else text
    tasks = message.get(TASKS) or []
    parts = [t for t in tasks if t["intent"] in REPORTS] if tasks else []
    if not parts:
        return text, said
    return ",".join(text[t["start"] : t["end"]] for t in parts), "，".join(said[t["start"] : t["end"]] for t in parts)
