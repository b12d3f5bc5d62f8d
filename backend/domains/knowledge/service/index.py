"""What this process remembers of each estate: the words of its sections and, in FAISS, their vectors.

The database is the truth. Each search reads one version row; when another process has changed something, what differs
is loaded before the search goes on, so nothing deleted is quoted and nobody waits for a rebuild.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock, RLock

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from backend.domains.knowledge import repository
from backend.domains.knowledge.domain import Hit
from backend.domains.knowledge.lexical import Lexicon
from backend.domains.knowledge.ranking import Meaning, rank
from backend.kit import db
from backend.kit.encoder import Encoder
from backend.kit.scope import system_scope
from backend.kit.vector_index import VectorIndex

Vectors = npt.NDArray[np.float32]

PARTS = 64
"""Vector number ``section * PARTS + part``; part 0 is the heading, 1 the whole, the others its units."""
CANDIDATES = 800
"""Vectors of an estate that a question is compared with in full."""
AT_ONCE = 200
ATTEMPTS = 5


@dataclass
class EstateIndex:
    """The memory of one estate. Safe to use from several threads."""

    community_id: int
    lock: RLock = field(default_factory=RLock)
    version: int = -1
    encoder: str | None = None
    known: dict[int, tuple[str, str | None]] = field(default_factory=dict)
    parts: dict[int, int] = field(default_factory=dict)
    words: Lexicon = field(default_factory=Lexicon)
    vectors: VectorIndex | None = None

    def search(self, session: Session, question: str, encoder: Encoder | None, vector: Vectors | None) -> list[Hit]:
        """Return the best sections of the estate; without an encoder by their words alone."""
        with self.lock:
            self.refresh(session, encoder)
            by_words = self.words.scores(question)
            meanings = self._meanings(vector) if vector is not None else {}
            unknown = self.words.unknown(question)
        return rank(meanings, by_words, encoder.name if encoder else "", unknown)

    def refresh(self, session: Session, encoder: Encoder | None) -> None:
        """Load what has changed since the last time, again when somebody changes more meanwhile."""
        for _ in range(ATTEMPTS):
            version = repository.version(session, self.community_id)
            if version == self.version and (encoder is None or encoder.name == self.encoder):
                return
            self._catch_up(session, encoder)
            self.version = version

    def _catch_up(self, session: Session, encoder: Encoder | None) -> None:
        if encoder is not None and self.encoder != encoder.name:
            self.vectors, self.parts = VectorIndex(encoder.dimensions), {}
            self.known = {section_id: (digest, None) for section_id, (digest, _) in self.known.items()}
            self.encoder = encoder.name
        found = repository.signatures(session, self.community_id)
        # Vectors of another encoder are as good as none.
        wanted = {i: (digest, by if by == self.encoder else None) for i, (digest, by) in found.items()}
        self._forget([i for i in self.known if i not in wanted])
        changed = [i for i, signature in wanted.items() if self.known.get(i) != signature]
        for at in range(0, len(changed), AT_ONCE):
            self._load(session, changed[at : at + AT_ONCE])

    def _load(self, session: Session, section_ids: Sequence[int]) -> None:
        numbers: list[int] = []
        rows: list[Vectors] = []
        for section in repository.load(session, section_ids):
            if self.known.get(section.id, ("", None))[0] != section.digest:
                self._forget([section.id])
                self.words.add(section.id, section.title, section.text)
            self._forget_vectors([section.id])
            usable = section.encoder is not None and section.encoder == self.encoder
            if usable and section.vectors and self.vectors is not None:
                own = np.frombuffer(section.vectors, dtype=np.float32).reshape(-1, self.vectors.dimensions)[:PARTS]
                self.parts[section.id] = len(own)
                numbers += range(section.id * PARTS, section.id * PARTS + len(own))
                rows.append(own)
            self.known[section.id] = (section.digest, section.encoder if usable else None)
            session.expunge(section)
        if rows and self.vectors is not None:
            self.vectors.add(numbers, np.concatenate(rows))

    def _forget(self, section_ids: Sequence[int]) -> None:
        self.words.remove(section_ids)
        self._forget_vectors(section_ids)
        for section_id in section_ids:
            self.known.pop(section_id, None)

    def _forget_vectors(self, section_ids: Sequence[int]) -> None:
        numbers = [i * PARTS + part for i in section_ids for part in range(self.parts.pop(i, 0))]
        if numbers and self.vectors is not None:
            self.vectors.remove(numbers)

    def _meanings(self, vector: Vectors) -> dict[int, Meaning]:
        if self.vectors is None or not len(self.vectors):
            return {}
        near = self.vectors.search(vector, CANDIDATES)
        farthest = near[-1].score
        found: dict[int, dict[int, float]] = {}
        for one in near:
            found.setdefault(one.id // PARTS, {})[one.id % PARTS] = one.score
        return {section_id: _meaning(scores, farthest) for section_id, scores in found.items()}


def _meaning(scores: dict[int, float], otherwise: float) -> Meaning:
    whole = scores.get(1, otherwise)
    units = {part: score for part, score in scores.items() if part > 1}
    if not units:
        return Meaning(scores.get(0, otherwise), whole, whole, None)
    best = max(units, key=lambda part: units[part])
    return Meaning(scores.get(0, otherwise), whole, units[best], best - 2)


_indexes: dict[tuple[str, int], EstateIndex] = {}
_lock = Lock()


def of(community_id: int) -> EstateIndex:
    """Return this process's memory of an estate in the database of the settings."""
    key = (str(db.get_engine().url), community_id)
    with _lock:
        return _indexes.setdefault(key, EstateIndex(community_id))


def search(
    session: Session, community_id: int, question: str, encoder: Encoder | None, vector: Vectors | None
) -> list[Hit]:
    """Return the best sections of an estate, whoever asks: the asker's estates are the caller's business."""
    with system_scope(session):
        return of(community_id).search(session, question, encoder, vector)


def fill(session: Session, community_id: int, encoder: Encoder | None) -> None:
    """Load an estate ahead, so that nobody's question waits for it. System work."""
    index = of(community_id)
    with index.lock:
        index.refresh(session, encoder)
        index.words.unknown("物业服务中心的电话")  # loads the dictionaries
