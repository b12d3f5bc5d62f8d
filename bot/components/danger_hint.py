"""The backend's own danger score is evidence beside the classifier: it raises a danger that the words speak of, and damps one
that they do not. Odds are multiplied, as of two witnesses.

In: `intent_ranking`, metadata["danger"] (0–1, absent when the backend has no score). Out: the same ranking, `report_emergency`
moved.
"""

from __future__ import annotations

import math
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
LEADS_AT = 0.16
"""From when on danger goes before everything else. What only sounds like danger is asked about, so it is low: a question too
many costs a moment."""
LED = 0.55
"""The confidence it then has at least, so that it is not taken for ambiguous."""
NEVER_SURER = 0.003


def weigh(ranking: list[dict[str, Any]], score: float) -> list[tuple[str, float]]:
    """Return (intent, confidence), best first, with danger where both opinions put it."""
    own = next((float(r["confidence"]) for r in ranking if r["name"] == DANGER), 0.0)
    danger = 1 / (1 + math.exp(-MODEL_WEIGHT * _log_odds(own) - (1 - MODEL_WEIGHT) * _log_odds(score)))
    lead = danger >= LEADS_AT
    danger = max(danger, LED) if lead else danger
    others = [(str(r["name"]), float(r["confidence"])) for r in ranking if r["name"] != DANGER]
    total = sum(confidence for _, confidence in others) or 1.0
    weighed = [(DANGER, danger), *((name, c / total * (1 - danger)) for name, c in others)]
    return sorted(weighed, key=lambda r: r[1], reverse=True)


def _log_odds(share: float) -> float:
    kept = min(max(share, NEVER_SURER), 1 - NEVER_SURER)
    return math.log(kept / (1 - kept))


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
