"""Where the next fault begins in a report of several: learned from reports with marked borders.

A conditional random field over the words (Lafferty et al., 2001; `sklearn-crfsuite`). It sees the words around a
place, which of them name things, places or faults, and what the field model makes of both sides: how alike their
categories are, and whether each would be a report by itself. Knows no Rasa.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn_crfsuite import CRF

from bot.components.lexicon import CONNECTIVES, FAULTS
from bot.components.places import PLACE
from bot.components.task_splitter import THING, kind_of
from bot.components.zh_normalizer import clean
from bot.components.zh_tokenizer import spans

REPORTS = Path(__file__).parents[1] / "data" / "several_faults.txt"
MARK = "|"
SURE = 0.5
"""From when on a border is believed. Splitting wrongly makes two orders of one fault, so it is not lower."""
BEGINS, GOES_ON = "B", "I"
SEEN = 3  # words to each side
AHEAD = 6  # words in which the next thing is looked for
STEPS = 5  # shares are told in so many steps
_BREAK = re.compile("[,，。;；!！?？、…:： ]")

Matrix = npt.NDArray[np.float32]
Meaning = Callable[[list[str]], tuple[Matrix, Matrix]]
"""Of each text by its words alone: probabilities of the categories (n, k), and that it reports something (n)."""


def marked_reports(path: Path = REPORTS) -> list[str]:
    """Return the reports with their marks."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


@dataclass
class Borders:
    """The learned field."""

    field: CRF

    @classmethod
    def learn(cls, reports: Sequence[str], meaning: Meaning) -> Borders:
        """Fit on reports with marks."""
        described, labels = [], []
        for report in reports:
            parts = [clean(part) for part in report.split(MARK)]
            text = "".join(parts)
            words = _words(text)
            marks = np.cumsum([len(part) for part in parts])[:-1].tolist()
            first = {min(range(len(words)), key=lambda n: abs(words[n].start - mark)) for mark in marks}
            described.append(_describe(text, words, meaning))
            labels.append([BEGINS if n in first else GOES_ON for n in range(len(words))])
        field = CRF(algorithm="lbfgs", c1=0.1, c2=0.3, max_iterations=100, all_possible_transitions=True)
        return cls(field.fit(described, labels))

    def beginnings(self, text: str, meaning: Meaning) -> list[int]:
        """Return where in the clean text another fault begins; nothing when there is one fault."""
        words = _words(text)
        if len(words) < 2:
            return []
        (shares,) = self.field.predict_marginals([_describe(text, words, meaning)])
        return [w.start for w, share in zip(words[1:], shares[1:], strict=True) if share.get(BEGINS, 0.0) >= SURE]


@dataclass(frozen=True)
class _Word:
    """A word and what it is: `signs` has k (names a thing), f (fault), p (place), c (connects), u (punctuation), d (digits)."""

    text: str
    start: int
    kinds: frozenset[str]
    signs: str


def _words(text: str) -> list[_Word]:
    def covered(pattern: re.Pattern[str]) -> set[int]:
        return {at for match in pattern.finditer(text) for at in range(*match.span())}

    things = {at: kind_of(match) for match in THING.finditer(text) for at in range(*match.span())}
    fault, place, joins = covered(FAULTS), covered(PLACE), covered(CONNECTIVES)
    found = []
    for word, start, end in spans(text):
        here = set(range(start, end))
        kinds = frozenset(things[at] for at in here if at in things)
        signs = {
            "k": bool(kinds),
            "f": bool(here & fault),
            "p": bool(here & place),
            "c": bool(here & joins),
            "u": bool(_BREAK.match(word)),
            "d": word.isdigit(),
        }
        found.append(_Word(word, start, kinds, "".join(sign for sign, holds in signs.items() if holds)))
    return found


def _describe(text: str, words: Sequence[_Word], meaning: Meaning) -> list[list[str]]:
    """Return the signs of each word."""
    sides = _sides(text, words, meaning)
    rows = []
    named: set[str] = set()
    failed = False
    for n, word in enumerate(words):
        row = ["any"]
        for far in range(-SEEN, SEEN + 1):
            other = words[n + far] if 0 <= n + far < len(words) else None
            row += [f"{far}w={other.text}", f"{far}s={other.signs}"] if other else [f"{far}w=$"]
            row += [f"{far}k={kind}" for kind in sorted(other.kinds)] if other else []
        row.append("two=" + "|".join(w.text for w in words[max(0, n - 1) : n + 1]))
        row.append("three=" + "|".join(w.text for w in words[max(0, n - 2) : n + 1]))
        fails = sum("f" in w.signs for w in words[n:])
        ahead = next((w.kinds for w in words[n : n + AHEAD] if w.kinds), frozenset())
        last = next((w.kinds for w in reversed(words[:n]) if w.kinds), frozenset())
        there = next((w.text for w in words[n : n + AHEAD] if "p" in w.signs), "")
        here = next((w.text for w in reversed(words[:n]) if "p" in w.signs), "")
        row += [
            f"new={bool(word.kinds - named)}",
            f"again={bool(word.kinds & named)}",
            f"failed={failed}",
            f"fails={min(fails, 2)}",
            f"things={bool(last)}{bool(ahead)}{ahead == last}",
            f"places={bool(here)}{bool(there)}{here == there}",
            f"all={bool(last)}{failed}{bool(ahead)}{fails > 0}",
        ]
        broken = n > 0 and "u" in words[n - 1].signs
        row += [sign for side in sides[n] for sign in (side, f"{side}{broken}")]
        named |= word.kinds
        failed = failed or "f" in word.signs
        rows.append(row)
    return rows


def _sides(text: str, words: Sequence[_Word], meaning: Meaning) -> list[list[str]]:
    """Return for each word what lies left and right of its beginning: in all, and up to the next break."""
    starts = [word.start for word in words[1:]]
    if not starts:
        return [[] for _ in words]
    breaks = [match.start() for match in _BREAK.finditer(text)]
    texts = []
    for at in starts:
        nearest = next((b for b in breaks if b > at), len(text))
        before = next((b + 1 for b in reversed(breaks) if b < at - 1), 0)
        texts.append((text[:at], text[at:], text[at:nearest], text[before:at]))
    categories, reports = meaning([one for column in zip(*texts, strict=True) for one in column])
    n = len(starts)
    left, right, own, last = (categories[n * k : n * (k + 1)] for k in range(4))
    tells = [[f"{share > 0.5:d}" for share in reports[n * k : n * (k + 1)]] for k in range(4)]
    made: list[list[str]] = [[]]
    for i in range(n):
        alike = {"lr": _shared(left[i], right[i]), "lo": _shared(left[i], own[i]), "qo": _shared(last[i], own[i])}
        shares = {**alike, "ml": float(left[i].max()), "mo": float(own[i].max())}
        shares |= {f"t{k}": float(reports[n * k + i]) for k in range(4)}
        in_left, in_right, in_own, in_last = (column[i] for column in tells)
        made.append(
            [
                *(f"{name}={min(int(share * STEPS), STEPS - 1)}" for name, share in shares.items()),
                f"tlo={in_left}{in_own}{alike['lo'] > 0.4:d}",
                f"tqo={in_last}{in_own}{alike['qo'] > 0.4:d}",
                f"tell={in_left}{in_last}{in_own}{in_right}",
            ]
        )
    return made


def _shared(one: Matrix, other: Matrix) -> float:
    return float(np.minimum(one, other).sum())
