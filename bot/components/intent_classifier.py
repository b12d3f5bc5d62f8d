"""Which intent a message has: small networks over n-grams, words and meaning.

In: `clean`. Out: `intent` {name, confidence} and `intent_ranking` (best first, confidences sum to 1), and `asides`, what
each clause said in passing (「顺便问下…」) wants by itself: {(start, end): (intent, confidence)}.
Text that starts with "/" is left to Rasa (button payloads).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier as RasaIntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components import trainable
from bot.components.clauses import asides
from bot.components.features import TextFeatures
from bot.components.network import Voters
from bot.components.zh_normalizer import CLEAN, clean

ASIDES = "asides"


@dataclass
class IntentModel:
    """The learned features and weights."""

    features: TextFeatures
    classifier: Voters

    @classmethod
    def learn(cls, texts: list[str], intents: list[str]) -> IntentModel:
        """Fit on clean texts and their intents."""
        features = TextFeatures()
        return cls(features, Voters.learn(features.fit(texts), intents))

    def probabilities(self, texts: list[str]) -> np.ndarray:
        """One row of class probabilities a text, in the order of `names`."""
        return self.classifier.probabilities(self.features.transform(texts))

    @property
    def names(self) -> list[str]:
        """The intents, in the order of the columns."""
        return self.classifier.classes


def set_ranking(message: Message, ranking: list[tuple[str, float]]) -> None:
    """Write an intent ranking (best first) to the message."""
    ranked = [{"name": name, "confidence": float(confidence)} for name, confidence in ranking]
    message.set(INTENT, ranked[0] if ranked else {"name": None, "confidence": 0.0}, add_to_output=True)
    message.set(INTENT_RANKING_KEY, ranked, add_to_output=True)


def is_payload(message: Message) -> bool:
    """Say whether the text is a button payload or empty."""
    text = message.get(TEXT)
    return not text or text.startswith("/")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(GraphComponent, RasaIntentClassifier):
    """Pipeline step around `IntentModel`."""

    def __init__(self, storage: ModelStorage, resource: Resource, model: IntentModel | None = None) -> None:
        """Without a model nothing is predicted."""
        self._storage, self._resource, self._model = storage, resource, model

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentClassifier:
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
    ) -> IntentClassifier:
        """Return the trained step."""
        model: IntentModel | None = trainable.load(model_storage, resource)
        if model is not None:
            model.probabilities(["你好"])  # the encoder and jieba load now, not in the first conversation
        return cls(model_storage, resource, model)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples that have an intent."""
        examples = [e for e in training_data.intent_examples if e.get(TEXT) and e.get(INTENT)]
        texts = [clean(e.get(TEXT)) for e in examples]
        self._model = IntentModel.learn(texts, [e.get(INTENT) for e in examples])
        trainable.store(self._model, self._storage, self._resource)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Predict the intents of all messages at once."""
        wanted = [m for m in messages if not is_payload(m)]
        for message in messages:
            if self._model is None or is_payload(message):
                set_ranking(message, [])
        if self._model is None or not wanted:
            return messages
        texts = [m.get(CLEAN) or clean(m.get(TEXT)) for m in wanted]
        beside = [asides(text) for text in texts]
        rows = self._model.probabilities([*texts, *(words for found in beside for words in found.values())])
        for message, row in zip(wanted, rows, strict=False):
            order = np.argsort(row)[::-1]
            set_ranking(message, [(self._model.names[i], row[i]) for i in order])
        guesses = iter([(self._model.names[int(np.argmax(row))], float(row.max())) for row in rows[len(texts) :]])
        for message, found in zip(wanted, beside, strict=True):
            message.set(ASIDES, {span: next(guesses) for span in found})
        return messages
