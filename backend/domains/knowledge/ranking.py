"""Which sections answer a question, by meaning and by words, and the line below which none does. Pure.

Measured with ``python -m tests.understanding.faq``; the figures stand in docs/adr and are printed by it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from backend.domains.knowledge.domain import Hit

TITLE, WHOLE, SENTENCE = 0.3, 0.3, 0.4
"""Shares of the three vectors in the meaning: heading, whole section, its nearest sentence."""
WORDS = 0.1
"""Weight of the words beside the meaning."""
UNKNOWN_THING = 0.02
"""Taken off when the question is about a thing that no document of the estate names."""

LINE = 0.5
"""A score below this is no answer."""
TOGETHER = 0.12
"""A second passage is quoted when its score is no further below the first."""
PASSAGES = 2


@dataclass(frozen=True, slots=True)
class Scale:
    """Where the line lies in the raw sum of an encoder, and how much a tenth of the score is."""

    line: float
    tenth: float


SCALES: Mapping[str, Scale] = {"built-in": Scale(0.88, 0.02)}
"""Measured per encoder. Cosines of different encoders do not mean the same."""
BY_WORDS = Scale(0.1, 0.06)
"""Without vectors: of the words alone."""
RELATIVE = Scale(0.25, 0.06)
"""For an encoder that was not measured: of the meaning above that of an unrelated section, as a share of the possible."""
ENOUGH = 3
"""Fewer sections with vectors (indexing has just begun) do not show what is unrelated to an encoder not measured."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """Cosines of a question with the vectors of one section; ``sentence`` is the number of the nearest sentence."""

    title: float
    whole: float
    nearest: float
    sentence: int | None

    @property
    def together(self) -> float:
        """The three as one."""
        return TITLE * self.title + WHOLE * self.whole + SENTENCE * self.nearest


def rank(
    meanings: Mapping[int, Meaning], by_words: Mapping[int, float], encoder: str, unknown: bool, most: int = 8
) -> list[Hit]:
    """Return the best sections. A section without vectors is ranked by its words alone."""
    scale = SCALES.get(encoder, RELATIVE)
    if encoder not in SCALES and len(meanings) < ENOUGH:
        meanings = {}
    floor = 0.0 if encoder in SCALES else _floor(meanings.values())
    hits = []
    for section_id in meanings.keys() | by_words.keys():
        words = by_words.get(section_id, 0.0)
        meaning = meanings.get(section_id)
        penalty = UNKNOWN_THING if unknown else 0.0
        if meaning is None:
            score = _score(words - penalty * 4, BY_WORDS)
            hits.append(Hit(section_id, score, None, round(words, 4)))
            continue
        raw = (meaning.together - floor) / (1 - floor)
        score = _score(raw + WORDS * words - penalty / (1 - floor), scale)
        hits.append(Hit(section_id, score, round(meaning.together, 4), round(words, 4), meaning.sentence))
    return sorted(hits, key=lambda hit: (-hit.score, hit.section_id))[:most]


def _floor(meanings: Iterable[Meaning]) -> float:
    found = sorted(m.together for m in meanings)
    return min(found[len(found) // 2], 0.95) if found else 0.0


def _score(raw: float, scale: Scale) -> float:
    return round(min(1.0, max(0.0, LINE + (raw - scale.line) / scale.tenth / 10)), 4)


def answering(hits: Sequence[Hit]) -> list[Hit]:
    """Return those that answer: the best above the line, and the second when it is nearly as good."""
    return [hit for hit in hits[:PASSAGES] if hit.score >= LINE and hit.score >= hits[0].score - TOGETHER]
