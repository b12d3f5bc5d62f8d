"""Nearest vectors by FAISS: exact while there are few, clustered when there are many, changed while it answers.

Vectors are unit length, so the inner product is the cosine. An index is memory only: whoever owns the vectors keeps
them in the database and fills the index at start.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import RLock

import faiss
import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
_THREADS = faiss.omp_get_max_threads()

EXACT_UP_TO = 20_000
"""More vectors than this are kept in clusters, one byte a number."""
PROBES = 16
"""Clusters that a search looks into."""
LEARN_FROM = 48
"""Vectors a cluster is learned from."""
ROUNDS = 6
"""Rounds of learning; more make no clusters that find more."""


@dataclass(frozen=True, slots=True)
class Near:
    """A vector that was found; ``score`` is the cosine."""

    id: int
    score: float


class VectorIndex:
    """Vectors by id. Safe to use from several threads."""

    def __init__(self, dimensions: int, exact_up_to: int = EXACT_UP_TO) -> None:
        self.dimensions, self._exact_up_to = dimensions, exact_up_to
        self._lock = RLock()
        self._index = _exact(dimensions)
        self._clustered = False

    def __len__(self) -> int:
        """How many vectors there are."""
        return int(self._index.ntotal)

    def add(self, ids: Sequence[int], vectors: Vectors) -> None:
        """Add vectors, shape (n, dimensions); one with a known id takes the place of the old."""
        if not len(ids):
            return
        keys = np.asarray(ids, dtype=np.int64)
        with self._lock:
            self._index.remove_ids(keys)
            self._index.add_with_ids(np.ascontiguousarray(vectors, dtype=np.float32), keys)
            if not self._clustered and len(self) > self._exact_up_to:
                self._cluster()

    def remove(self, ids: Sequence[int]) -> None:
        """Forget vectors; unknown ids are ignored."""
        if len(ids):
            with self._lock:
                self._index.remove_ids(np.asarray(ids, dtype=np.int64))

    def search(self, vector: Vectors, most: int, among: Sequence[int] | None = None) -> list[Near]:
        """Return the nearest, best first; ``among`` limits the ids that count."""
        if among is not None and not len(among):
            return []
        chosen = faiss.IDSelectorBatch(np.asarray(among, dtype=np.int64)) if among is not None else None
        with self._lock:
            if not len(self):
                return []
            faiss.omp_set_num_threads(1)  # one query gains nothing from more and waits for them on a busy machine
            query = np.ascontiguousarray(vector, dtype=np.float32).reshape(1, -1)
            scores, ids = self._index.search(query, min(most, len(self)), params=self._how(chosen))
        return [Near(int(i), float(s)) for i, s in zip(ids[0], scores[0], strict=True) if i >= 0]

    def _how(self, chosen: "faiss.IDSelector | None") -> "faiss.SearchParameters | None":
        if self._clustered:
            return faiss.SearchParametersIVF(nprobe=PROBES, sel=chosen)
        return faiss.SearchParameters(sel=chosen) if chosen is not None else None

    def _cluster(self) -> None:
        exact = self._index
        vectors = exact.index.reconstruct_n(0, exact.ntotal)
        ids = faiss.vector_to_array(exact.id_map)
        self._index = _clustered(self.dimensions, vectors)
        self._index.add_with_ids(vectors, ids)
        self._clustered = True

    @classmethod
    def filled(cls, ids: npt.NDArray[np.int64], vectors: Vectors, exact_up_to: int = EXACT_UP_TO) -> "VectorIndex":
        """Return an index of many vectors at once."""
        made = cls(vectors.shape[1], exact_up_to)
        if len(ids) > exact_up_to:
            made._index, made._clustered = _clustered(vectors.shape[1], vectors), True
        made._index.add_with_ids(vectors, ids)
        return made


def _exact(dimensions: int) -> "faiss.Index":
    return faiss.IndexIDMap2(faiss.IndexFlatIP(dimensions))


def _clustered(dimensions: int, vectors: Vectors) -> "faiss.Index":
    clusters = int(min(4096, max(64, 4 * len(vectors) ** 0.5)))
    sample = vectors
    if len(vectors) > clusters * LEARN_FROM:
        chosen = np.random.default_rng(7).choice(len(vectors), clusters * LEARN_FROM, replace=False)
        sample = vectors[np.sort(chosen)]
    made = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(dimensions), dimensions, clusters, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT
    )
    made.cp.niter = ROUNDS
    faiss.omp_set_num_threads(_THREADS)
    made.train(sample)
    made.set_direct_map_type(faiss.DirectMap.Hashtable)
    return made
