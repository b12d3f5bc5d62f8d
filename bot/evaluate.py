"""Measure the understanding: `python -m bot.evaluate [--folds 5] [--holdout FILE] [--wrong]`.

Cross-validates intents and work-order fields on nlu_data and, when asked, trains on all of it and
scores a tab-separated file (text, role, intent, category, n_items). Prints figures, changes nothing.
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

from bot.settings import ROOT, prepare_environment

prepare_environment()
warnings.filterwarnings("ignore")

import numpy as np  # noqa: E402
from rasa.shared.utils.io import read_yaml_file  # noqa: E402
from sklearn.model_selection import StratifiedKFold  # noqa: E402

from bot.components.danger_hint import DANGER  # noqa: E402
from bot.components.field_model import FieldModel  # noqa: E402
from bot.components.intent_classifier import IntentModel  # noqa: E402
from bot.components.order_fields import REPORTS  # noqa: E402
from bot.components.role_reranker import rerank  # noqa: E402
from bot.components.zh_normalizer import clean  # noqa: E402


def say(*words: str) -> None:
    """Print a line at once."""
    sys.stdout.write(" ".join(words) + "\n")
    sys.stdout.flush()


Row = tuple[str, str, dict[str, Any]]


def examples(folder: Path = ROOT / "nlu_data") -> list[Row]:
    """Return (clean text, intent, fields) of every example."""
    rows: list[Row] = []
    for path in sorted(folder.glob("*.yml")):
        for block in (read_yaml_file(str(path)) or {}).get("nlu") or []:
            fields = dict(block.get("metadata") or {})
            lines = [line.strip()[2:].strip() for line in block["examples"].splitlines() if line.strip()]
            rows += [(clean(line), block["intent"], fields) for line in lines]
    return rows


def cross_validate(rows: list[Row], folds: int, show: bool) -> None:
    """Print intent accuracy over stratified folds and the confusions."""
    texts, intents = np.array([r[0] for r in rows]), np.array([r[1] for r in rows])
    hits, third, missed, confidences = 0, 0, Counter[tuple[str, str]](), []
    for learn, test in StratifiedKFold(folds, shuffle=True, random_state=7).split(texts, intents):
        model = IntentModel.learn(list(texts[learn]), list(intents[learn]))
        for i, row in zip(test, model.probabilities(list(texts[test])), strict=True):
            order = np.argsort(row)[::-1]
            guess = model.names[order[0]]
            right = guess == intents[i]
            hits += right
            third += intents[i] in [model.names[k] for k in order[:3]]
            confidences.append((row[order[0]], row[order[0]] - row[order[1]], right))
            if not right:
                missed[(intents[i], guess)] += 1
                if show:
                    say(f"  {intents[i]:20} {guess:20} {row[order[0]]:.2f} {texts[i]}")
    say(f"intent {hits / len(rows):.3f}  top-3 {third / len(rows):.3f}  n={len(rows)}")
    say("most confused:", ", ".join(f"{a}→{b} {n}" for (a, b), n in missed.most_common(12)))
    for limit in (0.2, 0.25, 0.3, 0.35, 0.4, 0.5):
        kept = [right for c, _, right in confidences if c >= limit]
        say(f"  threshold {limit}: answers {len(kept) / len(rows):.2f}, of these right {np.mean(kept):.3f}")


def _apart(rows: list[Row]) -> tuple[list[Row], list[str]]:
    """Return the reports that have fields, and the texts that report nothing."""
    nothing = [text for text, intent, _ in rows if intent not in REPORTS]
    return [row for row in rows if row[2].get("category")], nothing


def cross_validate_fields(rows: list[Row], folds: int, show: bool) -> None:
    """Print the accuracy of category, urgency and scope on labelled examples."""
    rows, others = _apart(rows)
    labels = [row[2]["category"] for row in rows]
    hits, known = Counter[str](), Counter[str]()
    several = 0
    for learn, test in StratifiedKFold(folds, shuffle=True, random_state=7).split(labels, labels):
        model = FieldModel.learn([rows[i] for i in learn], others)
        for i in test:
            text, intent, fields = rows[i]
            items = model.items(text, intent == DANGER)
            several += len(items) > 1
            for name in ("category", "urgency", "scope"):
                if fields.get(name):
                    known[name] += 1
                    hits[name] += items[0][name] == fields[name]
                    if show and items[0][name] != fields[name] and name == "category":
                        say(f"  {fields[name]:16} {items[0][name]:16} {text}")
    figures = "  ".join(f"{name} {hits[name] / known[name]:.3f}" for name in known)
    say(f"{figures}  n={len(rows)}  split wrongly: {several}")


def score(rows: list[Row], holdout: Path, show: bool) -> None:
    """Train on all examples; print accuracy and time a message on an independent file."""
    model = IntentModel.learn([r[0] for r in rows], [r[1] for r in rows])
    fields = FieldModel.learn(*_apart(rows))
    hits, known, took = Counter[str](), Counter[str](), []
    with holdout.open(encoding="utf-8") as lines:
        for case in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            started = time.perf_counter()
            text = clean(case["text"])
            row = model.probabilities([text])[0]
            order = np.argsort(row)[::-1]
            ranking = [{"name": model.names[i], "confidence": float(row[i])} for i in order]
            ranked = rerank(ranking, [case["role"]])
            items = fields.items(text, ranked[0][0] == DANGER)
            took.append(time.perf_counter() - started)
            checks = {"intent": ranked[0][0] == case["intent"], "top-3": case["intent"] in [n for n, _ in ranked[:3]]}
            if case["category"]:
                checks["category"] = items[0]["category"] == case["category"]
                checks["items"] = len(items) == int(case["n_items"] or 1)
            for name, right in checks.items():
                known[name] += 1
                hits[name] += right
            if show and not all(checks.values()):
                say(
                    f"  {case['text']} | {case['intent']} → {ranked[0]} | {[i['category'] for i in items]} {case['category']}"
                )
    say("holdout: " + "  ".join(f"{name} {hits[name] / known[name]:.3f} of {known[name]}" for name in known))
    say(f"time a message: p50 {np.percentile(took, 50) * 1000:.0f} ms, p95 {np.percentile(took, 95) * 1000:.0f} ms")


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--holdout", type=Path)
    parser.add_argument("--wrong", action="store_true", help="list what was misunderstood")
    options = parser.parse_args()
    rows = examples()
    if options.folds > 1:
        cross_validate(rows, options.folds, options.wrong)
        cross_validate_fields(rows, options.folds, options.wrong)
    if options.holdout:
        score(rows, options.holdout, options.wrong)
    return 0


if __name__ == "__main__":
    sys.exit(main())
