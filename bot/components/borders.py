"""Where the next fault begins in a report of several: learned from reports with marked borders.

`Borders.learn(reports, category, rule)` fits boosted trees on what lies left and right of each clause's beginning: how
alike the categories of both sides are, what the rules of `task_splitter` say, connecting words, named things, lengths.
`begins(text, clauses, …)` says for each clause whether a new fault begins with it. Knows no Rasa.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier

from bot.components.task_splitter import Clause, clauses_of, split
from bot.components.zh_normalizer import clean

REPORTS = Path(__file__).parents[1] / "data" / "several_faults.txt"
MARK = "|"
SURE, AGREED = 0.9, 0.3
"""From when on a border is believed: alone, and where the rules see it, too. Splitting wrongly makes two orders of one fault."""
RULED = 8  # the column that says what the rules see
NEAR = 6  # a mark stands this many characters before its clause at most: a connecting word lies between

Matrix = npt.NDArray[np.float32]
Categories = Callable[[list[str]], Matrix]
"""Probabilities of the categories of each text."""


def marked_reports(path: Path = REPORTS) -> list[str]:
    """Return the reports with their marks."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


@dataclass
class Borders:
    """The learned trees."""

    trees: HistGradientBoostingClassifier

    @classmethod
    def learn(cls, reports: Sequence[str], categories: Categories) -> Borders:
        """Fit on reports with marks."""
        rows: list[list[float]] = []
        begins: list[bool] = []
        for report in reports:
            parts = [clean(part) for part in report.split(MARK)]
            text = "".join(parts)
            marks = np.cumsum([len(part) for part in parts])[:-1].tolist()
            clauses = clauses_of(text)
            if len(clauses) < 2:
                continue
            beginnings = {_nearest(mark, clauses) for mark in marks}
            rows += _describe(text, clauses, categories)
            begins += [number in beginnings for number in range(1, len(clauses))]
        trees = HistGradientBoostingClassifier(max_iter=80, learning_rate=0.07, max_leaf_nodes=12, random_state=7)
        return cls(trees.fit(np.array(rows), np.array(begins)))

    def begins(self, text: str, clauses: Sequence[Clause], categories: Categories) -> list[bool]:
        """Return for each clause whether a new fault begins with it; the first always does."""
        if len(clauses) < 2:
            return [True] * len(clauses)
        rows = np.array(_describe(text, clauses, categories))
        sure = self.trees.predict_proba(rows)[:, 1]
        enough = np.where(rows[:, RULED] > 0, AGREED, SURE)
        return [True, *(sure >= enough).tolist()]


def _nearest(mark: int, clauses: Sequence[Clause]) -> int | None:
    return next((n for n, c in enumerate(clauses) if n and mark - 1 <= c.start <= mark + NEAR), None)


def _describe(text: str, clauses: Sequence[Clause], categories: Categories) -> list[list[float]]:
    """Return one row of numbers for the beginning of each clause but the first."""
    later = clauses[1:]
    before, after = [text[: c.start] for c in later], [text[c.start :] for c in later]
    own, last = [c.text for c in later], [c.text for c in clauses[:-1]]
    found = categories([*before, *own, *after, *last])
    lefts, owns, rights, lasts = (found[n * len(later) : (n + 1) * len(later)] for n in range(4))
    ruled = {task.start for task in split(text)}
    rows = []
    for n, clause in enumerate(later):
        left, mine, right = lefts[n], owns[n], rights[n]
        named = set().union(*(c.kinds for c in clauses[: n + 1]))
        shared, shared_right, shared_last = _shared(left, mine), _shared(left, right), _shared(lasts[n], right)
        gap = text[clauses[n].end : clause.start]
        rows.append(
            [
                shared, shared_right, shared_last,
                float(left.max()), float(mine.max()), float(right.max()),
                float(left.argmax() == mine.argmax()), float(left.argmax() == right.argmax()),
                float(any(place in ruled for place in range(clauses[n].end, clause.start + 1))),
                float(clause.connected), float(clause.linked), float(clause.fault), float(bool(clause.kinds)),
                float(bool(clause.kinds - named)), float(bool(named)), float(bool(clause.kinds & named)),
                float(bool(clause.place)), float(any(c.fault for c in clauses[: n + 1])),
                min(len(clause.text), 20) / 20, min(len(before[n]), 30) / 30, min(len(after[n]), 30) / 30,
                float(len(later)), float("。" in gap or ";" in gap), float(not gap.strip()),
            ]
        )  # fmt: skip
    return rows


def _shared(one: Matrix, other: Matrix) -> float:
    return float(np.minimum(one, other).sum())
