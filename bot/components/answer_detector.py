"""A message that only says where, when or by which number adds to an order; it starts nothing new.

In: `clean` and `intent_ranking`. Out: for 「3号楼2单元1201」, 「在大堂」 or 「明天下午三点以后」 the ranking is
led by amend_work_order. The classifier cannot learn this: numbers look alike to it.
"""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.shared.nlu.constants import INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.intent_classifier import is_payload, set_ranking
from bot.components.patterns import find
from bot.components.zh_normalizer import CLEAN, clean

ANSWERING = frozenset({"building", "unit", "floor", "room", "place", "time", "phone"})
SURE = 0.9
_FILLERS = re.compile(
    "我们家|我家|家里|就是|就在|在|是|的|那个|那边|那里|这边|里面|里|外面|门口|旁边|附近|以后|之后|之前|左右|前|后|吧|啊|哦|呢|嗯|和|跟|到|[ ,.。,、!?~-]"
)


def only_answers(text: str) -> bool:
    """Say whether the clean text holds places, times and numbers and nothing else."""
    found = [f for f in find(text) if f.entity in ANSWERING]
    if not found:
        return False
    rest = list(text)
    for entity in found:
        rest[entity.start : entity.end] = "\0" * (entity.end - entity.start)
    return not _FILLERS.sub("", "".join(rest).replace("\0", ""))


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class AnswerDetector(GraphComponent, RasaIntentClassifier):
    """Pipeline step around `only_answers`."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> AnswerDetector:
        """Nothing to configure."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Lead the ranking of bare answers with amend_work_order."""
        for message in messages:
            ranking = message.get(INTENT_RANKING_KEY)
            if is_payload(message) or not ranking or not only_answers(message.get(CLEAN) or clean(message.get(TEXT))):
                continue
            others = [(r["name"], r["confidence"]) for r in ranking if r["name"] != "amend_work_order"]
            total = sum(confidence for _, confidence in others) or 1.0
            scaled = [(name, confidence / total * (1 - SURE)) for name, confidence in others]
            set_ranking(message, [("amend_work_order", SURE), *scaled])
        return messages
