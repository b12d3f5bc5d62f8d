"""The backend's own danger score is evidence beside the classifier: it raises a danger that the words speak of, and damps one
that they do not.

In: `intent_ranking`, metadata["danger"] (0–1, absent when the backend has no score). Out: the same ranking, `report_emergency`
moved.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.shared.nlu.constants import INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message

from bot.components.intent_classifier import is_payload, set_ranking

DANGER = "report_emergency"
MODEL_WEIGHT = 0.6
LEADS_AT = 0.4


def weigh(ranking: list[dict[str, Any]], score: float) -> list[tuple[str, float]]:
    """Return (intent, confidence), best first, with danger at the mean of both opinions."""
    own = next((float(r["confidence"]) for r in ranking if r["name"] == DANGER), 0.0)
    danger = MODEL_WEIGHT * own + (1 - MODEL_WEIGHT) * score
    others = [(str(r["name"]), float(r["confidence"])) for r in ranking if r["name"] != DANGER]
    total = sum(confidence for _, confidence in others) or 1.0
    weighed = [(DANGER, danger), *((name, c / total * (1 - danger)) for name, c in others)]
    lead = danger >= LEADS_AT
    return sorted(weighed, key=lambda r: (lead and r[0] == DANGER, r[1]), reverse=True)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class DangerHint(GraphComponent, RasaIntentClassifier):
    """Pipeline step around `weigh`."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> DangerHint:
        """Nothing to configure."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Weigh each message that has a ranking and a score."""
        for message in messages:
            score = (message.get("metadata") or {}).get("danger")
            ranking = message.get(INTENT_RANKING_KEY) or []
            if score is not None and ranking and not is_payload(message):
                set_ranking(message, weigh(ranking, float(score)))
        return messages
