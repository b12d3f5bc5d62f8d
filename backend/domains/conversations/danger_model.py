"""How much a message sounds like danger: a small model of the words' characters that needs neither the bot nor its model.

A logistic regression over runs of one to three characters, learned from ``nlu_data`` (``report_emergency`` against all
else) when the data changes, kept as JSON. Scoring is plain Python: some hundred look-ups.
"""

import hashlib
import json
import logging
import math
import re
import unicodedata
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from threading import Thread

import yaml

from backend.settings import get_settings

log = logging.getLogger("guanjia.danger")

DANGER = "report_emergency"
LONGEST = 3
KNOWN_UP_TO = 3
"""Characters of an example that says by itself what it is; in so short a message a single rare run decides too much."""
_DIGITS = re.compile(r"\d+")
_GAPS = re.compile(r"\s+")


def shape(text: str) -> str:
    """Return the text in half width, small letters, numbers alike."""
    return _GAPS.sub(" ", _DIGITS.sub("0", unicodedata.normalize("NFKC", text).lower())).strip()


def grams(text: str) -> list[str]:
    """Return the runs of one to ``LONGEST`` characters of the shaped text, repeats included."""
    made = shape(text)
    return [made[i : i + n] for n in range(1, LONGEST + 1) for i in range(len(made) - n + 1)]


@dataclass(frozen=True, slots=True)
class DangerModel:
    """Rarity and weight of each run of characters, and the short messages that are known to be harmless."""

    rarity: Mapping[str, float]
    weight: Mapping[str, float]
    intercept: float
    harmless: frozenset[str] = frozenset()

    def score(self, text: str) -> float:
        """Return from 0 (harmless) to 1 (danger)."""
        if shape(text) in self.harmless:
            return 0.0
        counts: dict[str, int] = {}
        for gram in grams(text):
            if gram in self.rarity:
                counts[gram] = counts.get(gram, 0) + 1
        values = {gram: (1 + math.log(n)) * self.rarity[gram] for gram, n in counts.items()}
        length = math.sqrt(sum(v * v for v in values.values())) or 1.0
        total = self.intercept + sum(v / length * self.weight[gram] for gram, v in values.items())
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def learn(texts: Sequence[str], dangerous: Sequence[bool]) -> DangerModel:
    """Fit on texts and whether each is danger."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    vectorizer = TfidfVectorizer(analyzer=grams, min_df=2, sublinear_tf=True)
    rows = vectorizer.fit_transform(texts)
    fitted = LogisticRegression(C=10.0, class_weight="balanced", max_iter=200).fit(rows, list(dangerous))
    names = vectorizer.get_feature_names_out()
    weights = {str(n): round(float(w), 4) for n, w in zip(names, fitted.coef_[0], strict=True)}
    rarity = {str(n): round(float(v), 4) for n, v in zip(names, vectorizer.idf_, strict=True)}
    return DangerModel(rarity, weights, float(fitted.intercept_[0]), _harmless(texts, dangerous))


def _harmless(texts: Sequence[str], dangerous: Sequence[bool]) -> frozenset[str]:
    shaped = [(shape(text), is_danger) for text, is_danger in zip(texts, dangerous, strict=True)]
    danger = {text for text, is_danger in shaped if is_danger}
    return frozenset(text for text, _ in shaped if len(text) <= KNOWN_UP_TO) - danger


def examples(folder: Path) -> tuple[list[str], list[bool]]:
    """Return the training examples of the bot and whether each is danger."""
    texts: list[str] = []
    dangerous: list[bool] = []
    for path in sorted(folder.glob("*.yml")):
        for block in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("nlu") or []:
            lines = [line.strip()[2:] for line in str(block.get("examples", "")).splitlines() if line.strip()]
            texts += lines
            dangerous += [block["intent"] == DANGER] * len(lines)
    return texts, dangerous


def digest(folder: Path) -> str:
    """Return what a model from this data is called."""
    total = hashlib.sha256(Path(__file__).read_bytes())
    for path in sorted(folder.glob("*.yml")):
        total.update(path.read_bytes())
    return total.hexdigest()[:16]


_current: DangerModel | None = None


def score(text: str) -> float | None:
    """Return how much the text sounds like danger, None while no model is there."""
    return _current.score(text) if _current is not None else None


def use(model: DangerModel | None) -> None:
    """Let ``score`` answer by this model."""
    global _current
    _current = model


def warm() -> None:
    """Load or learn the model in a thread of its own; until then, and when it fails, ``score`` knows nothing."""
    Thread(target=_warm, name="danger-model", daemon=True).start()


def _warm() -> None:
    settings = get_settings()
    try:
        use(load(settings.training_data, settings.var_dir))
    except Exception:  # the words and the bot still see danger
        log.exception("the danger model could not be loaded")


@lru_cache(maxsize=1)
def load(folder: Path, kept: Path) -> DangerModel:
    """Return the model of the data in ``folder``: the one in ``kept`` when it is of this data, else learned anew."""
    path = kept / f"danger-{digest(folder)}.json"
    if path.exists():
        stored = json.loads(path.read_text(encoding="utf-8"))
        return DangerModel(stored["rarity"], stored["weight"], stored["intercept"], frozenset(stored["harmless"]))
    made = learn(*examples(folder))
    kept.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{uuid.uuid4().hex}.new")  # the API and the worker may learn it at the same time
    draft.write_text(json.dumps({**asdict(made), "harmless": sorted(made.harmless)}), encoding="utf-8")
    draft.replace(path)
    for old in kept.glob("danger-*.json"):
        if old != path:
            old.unlink(missing_ok=True)
    log.info("danger model learned from %s", folder)
    return made
