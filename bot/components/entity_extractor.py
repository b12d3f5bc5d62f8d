"""Find what can be pointed at: order numbers, house numbers, places, phones, plates, stars, parts.

In: `clean` and `intent`. Out: `entities` [{entity, value, start, end}], values in their normal form
(building "3", floor "B1", room "1201", order_number "SH2611-0032", stars "5"). Patterns and word
lists, no learning: house numbers have grammar, and three-figure amounts of annotations teach none.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.intent_classifier import is_payload
from bot.components.patterns import find
from bot.components.zh_normalizer import CLEAN, clean


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class EntityExtractor(GraphComponent, EntityExtractorMixin):
    """Pipeline step around `patterns.find`."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EntityExtractor:
        """Nothing to configure."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the entities of each message."""
        for message in messages:
            if is_payload(message):
                continue
            intent = (message.get(INTENT) or {}).get("name")
            found = find(message.get(CLEAN) or clean(message.get(TEXT)), intent)
            entities = [{**e.as_dict(), "extractor": self.name} for e in found]
            message.set(ENTITIES, message.get(ENTITIES, []) + entities, add_to_output=True)
        return messages
