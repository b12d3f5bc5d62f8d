"""Category, urgency and scope of a fault, learned and blended with the lexicon. Knows no Rasa."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.components import lexicon
from bot.components.borders import Borders, Matrix, marked_reports
from bot.components.features import TextFeatures
from bot.components.network import Rows, Voters
from bot.components.task_splitter import Task, split, things_in
from bot.components.zh_tokenizer import is_word_end

FIELDS = ("category", "urgency", "scope")
THING_WEIGHT = 0.35  # how much a named thing adds to its category
WORD_WEIGHT = 0.35  # how much a telling word adds to urgency or scope
SURE_SCOPE = 0.55
FIELD_VOTERS = 3
COMPLAINT = "complain"
TELLS, TELLS_NOTHING = "yes", "no"
TELLING = 0.1  # words below it are no report by themselves
PLAIN = 1500  # reports of one fault among those that the borders are learned from
_EDGES = " ,，。;；!?！？的啊呀吧呢、"

Labelled = tuple[str, str, dict[str, Any]]


@dataclass
class FieldModel:
    """The learned features and one classifier a field."""

    features: TextFeatures
    classifiers: dict[str, Voters]
    tells: Voters  # whether words report something
    borders: Borders

    @classmethod
    def learn(cls, rows: list[Labelled], others: list[str]) -> FieldModel:
        """Fit on (clean text, intent, fields) of reports, and on texts that report nothing. Reports are seen with and
        without their sentence vector, so that a clause can later be judged by its words alone."""
        features = TextFeatures()
        whole = features.fit([text for text, _, _ in rows])
        classifiers = {}
        for name in FIELDS:
            known = [i for i, (_, _, fields) in enumerate(rows) if fields.get(name)]
            labels = [str(rows[i][2][name]) for i in known]
            classifiers[name] = Voters.learn(whole.some(known), labels, voters=FIELD_VOTERS, blind=0.5)
        told = [i for i, (_, intent, _) in enumerate(rows) if intent != COMPLAINT]
        all_told = [rows[i][0] for i in told] + others
        labels = [TELLS] * len(told) + [TELLS_NOTHING] * len(others)
        tells = Voters.learn(features.transform(all_told, with_meaning=False), labels, voters=1)
        reports = marked_reports() + _plain(rows)
        borders = Borders.learn(reports, lambda texts: _meaning(features, classifiers["category"], tells, texts))
        return cls(features, classifiers, tells, borders)

    def items(self, text: str, danger: bool = False, original: str | None = None) -> list[dict[str, Any]]:
        """Return one draft a task of the clean text, in the words of `original`. `danger` says that it is one for sure."""
        beginnings = self.borders.beginnings(text, self._meaning)
        tasks = split(text, beginnings, lambda part: float(self._meaning([part])[1][0]) >= TELLING)
        words = original if original and len(original) == len(text) else text
        rows = self.features.transform([task.text for task in tasks], with_meaning=len(tasks) == 1)
        return [self._item(task, rows.some([i]), danger, words) for i, task in enumerate(tasks)]

    def _meaning(self, texts: list[str]) -> tuple[Matrix, Matrix]:
        return _meaning(self.features, self.classifiers["category"], self.tells, texts)

    def _item(self, task: Task, row: Rows, danger: bool, words: str) -> dict[str, Any]:
        category, sure = _best(blend_category(self._probabilities("category", row), task.text))
        urgency, _ = _best(blend_urgency(self._probabilities("urgency", row), task.text, danger))
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


def _plain(rows: list[Labelled]) -> list[str]:
    """Return reports of one fault in several clauses, evenly from all of them."""
    plain = [text for text, intent, _ in rows if intent != COMPLAINT and any(c in text for c in ",。;!? ")]
    return plain[:: max(1, len(plain) // PLAIN)]


def _meaning(features: TextFeatures, categories: Voters, tells: Voters, texts: list[str]) -> tuple[Matrix, Matrix]:
    """Return what the borders want to know of texts, by their words alone."""
    rows = features.transform(texts, with_meaning=False)
    return categories.probabilities(rows), tells.probabilities(rows)[:, tells.classes.index(TELLS)]


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


def blend_urgency(probabilities: dict[str, float], text: str, danger: bool) -> dict[str, float]:
    """Danger, danger words and patient words move the urgency."""
    if danger:
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
