"""Category, urgency and scope of a fault, learned and blended with the lexicon. Knows no Rasa."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.components import lexicon
from bot.components.borders import Borders, Categories, marked_reports
from bot.components.features import TextFeatures
from bot.components.network import Rows, Voters
from bot.components.task_splitter import Clause, Task, split, things_in
from bot.components.zh_tokenizer import is_word_end

FIELDS = ("category", "urgency", "scope")
THING_WEIGHT = 0.35  # how much a named thing adds to its category
WORD_WEIGHT = 0.35  # how much a telling word adds to urgency or scope
SURE_SCOPE = 0.55
FIELD_VOTERS = 3
_EDGES = " ,，。;；!?！？的啊呀吧呢、"

Labelled = tuple[str, str, dict[str, Any]]


@dataclass
class FieldModel:
    """The learned features and one classifier a field."""

    features: TextFeatures
    classifiers: dict[str, Voters]
    borders: Borders

    @classmethod
    def learn(cls, rows: list[Labelled]) -> FieldModel:
        """Fit on (clean text, intent, fields). Texts are seen with and without their sentence vector, so that a clause
        can later be judged by its words alone."""
        features = TextFeatures()
        whole = features.fit([text for text, _, _ in rows])
        classifiers = {}
        for name in FIELDS:
            known = [i for i, (_, _, fields) in enumerate(rows) if fields.get(name)]
            labels = [str(rows[i][2][name]) for i in known]
            classifiers[name] = Voters.learn(whole.some(known), labels, voters=FIELD_VOTERS, blind=0.5)
        borders = Borders.learn(marked_reports(), _categories(features, classifiers["category"]))
        return cls(features, classifiers, borders)

    def items(self, text: str, intent: str, original: str | None = None) -> list[dict[str, Any]]:
        """Return one draft a task of the clean text, in the words of `original`."""
        tasks = split(text, self._begins)
        words = original if original and len(original) == len(text) else text
        rows = self.features.transform([task.text for task in tasks], with_meaning=len(tasks) == 1)
        return [self._item(task, rows.some([i]), intent, words) for i, task in enumerate(tasks)]

    def _begins(self, text: str, clauses: list[Clause]) -> list[bool]:
        return self.borders.begins(text, clauses, _categories(self.features, self.classifiers["category"]))

    def _item(self, task: Task, row: Rows, intent: str, words: str) -> dict[str, Any]:
        category, sure = _best(blend_category(self._probabilities("category", row), task.text))
        urgency, _ = _best(blend_urgency(self._probabilities("urgency", row), task.text, intent))
        scope, scope_sure = _best(blend_scope(self._probabilities("scope", row), task.text))
        return {
            "text": (task.text if task.joined else words[task.start : task.end]).strip(" ,，。;；"),
            "category": category,
            "category_confidence": round(sure, 3),
            "urgency": urgency,
            "scope": scope if scope_sure >= SURE_SCOPE else None,
            "scope_confidence": round(scope_sure, 3),
            "place_words": task.place_words,
            "fault": fault_words(task),
        }

    def _probabilities(self, name: str, row: Rows) -> dict[str, float]:
        classifier = self.classifiers[name]
        values = classifier.probabilities(row)[0]
        return {label: float(value) for label, value in zip(classifier.classes, values, strict=True)}


def _categories(features: TextFeatures, classifier: Voters) -> Categories:
    """Return what tells the categories of clauses, by their words alone."""
    return lambda texts: classifier.probabilities(features.transform(texts, with_meaning=False))


def _best(probabilities: dict[str, float]) -> tuple[str, float]:
    name = max(probabilities, key=lambda key: probabilities[key])
    return name, probabilities[name]


def _add(probabilities: dict[str, float], names: Iterable[str], weight: float) -> dict[str, float]:
    wanted = [name for name in names if name in probabilities]
    if not wanted:
        return probabilities
    share = weight / len(wanted)
    return {n: p * (1 - weight) + (share if n in wanted else 0.0) for n, p in probabilities.items()}


def blend_category(probabilities: dict[str, float], text: str) -> dict[str, float]:
    """A named thing speaks for its category."""
    return _add(probabilities, {kind for kind, _, _ in things_in(text) if kind}, THING_WEIGHT)


def blend_urgency(probabilities: dict[str, float], text: str, intent: str) -> dict[str, float]:
    """Danger words, an emergency intent and patient words move the urgency."""
    if intent == "report_emergency":
        return _add(probabilities, ["emergency"], 0.9)
    if lexicon.EMERGENCY.search(text):
        return _add(probabilities, ["emergency", "high"], WORD_WEIGHT)
    if lexicon.LOW.search(text):
        return _add(probabilities, ["low"], WORD_WEIGHT)
    if lexicon.HIGH.search(text):
        return _add(probabilities, ["high"], WORD_WEIGHT)
    return probabilities


def blend_scope(probabilities: dict[str, float], text: str) -> dict[str, float]:
    """Rooms of a home are private, halls and grounds public; when both are named the model decides."""
    private, public = bool(lexicon.PRIVATE.search(text)), bool(lexicon.PUBLIC.search(text))
    if private == public:
        return probabilities
    return _add(probabilities, ["private" if private else "public"], WORD_WEIGHT)


def fault_words(task: Task) -> str:
    """Return the words of the fault without greeting, wishes, and the place before it.

    The place goes only where a word ends and something that can break is left: 「单元门禁刷不开」 and
    「楼下草坪都秃了」 stay whole.
    """
    words = task.text
    for pattern in lexicon.POLITE:
        words = pattern.sub("", words)
    words = words.strip(_EDGES)
    place = task.place_words
    if place and words.startswith(place) and is_word_end(words, len(place)):
        rest = words[len(place) :].strip(_EDGES)
        if len(rest) >= 2 and (things_in(rest) or not things_in(words)):
            return rest
    return words or task.text.strip()
