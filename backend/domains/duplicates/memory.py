"""The vectors of each estate in this process: filled from the database, refreshed at each look-up.

Other processes add and delete vectors, too. What was added is read at the next look-up (ids of transactions that run at
once may appear out of order, so it looks back over ``LOOK_BACK`` ids). What was deleted does no harm, because an answer
is judged by its order; it is dropped when the index is built anew, beside the old one that goes on answering.
"""

import logging
import time
from collections.abc import Iterator
from threading import Lock, Thread

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from backend.domains.duplicates import repository
from backend.kit import db
from backend.kit.scope import system_scope
from backend.kit.vector_index import EXACT_UP_TO, Near, VectorIndex

log = logging.getLogger("guanjia.duplicates")

Vector = npt.NDArray[np.float32]
LOOK_BACK = 200
READ_AT_ONCE = 2000
COUNT_EVERY_S = 60.0


class Memory:
    """The vectors of one estate and one encoder. Safe to use from several threads."""

    def __init__(self, community_id: int, encoder: str, dimensions: int) -> None:
        self.community_id, self.encoder, self.dimensions = community_id, encoder, dimensions
        self._index = VectorIndex(dimensions)
        self._rows: set[int] = set()
        self._newest = 0
        self._lock = Lock()
        self._counted_at = time.monotonic()
        self._rebuilding: Thread | None = None

    def __len__(self) -> int:
        """How many vectors are held."""
        return len(self._index)

    def search(self, vector: Vector, most: int) -> list[Near]:
        """Return the orders with the nearest words, best first; none when the index fails, which a report survives."""
        try:
            return self._index.search(vector, most)
        except Exception:
            log.exception("the index of estate %s could not be searched", self.community_id)
            return []

    def remove(self, order_id: int) -> None:
        """Forget an order."""
        self._index.remove([order_id])

    def refresh(self, session: Session) -> None:
        """Read what was added since the last time. System work."""
        with self._lock:
            self._read(session)
        if time.monotonic() - self._counted_at > COUNT_EVERY_S:
            self._counted_at = time.monotonic()
            if len(self._index) > repository.count(session, self.community_id, self.encoder):
                self._rebuild_beside()

    def _read(self, session: Session) -> None:
        found = repository.keys_after(session, self.community_id, self.encoder, max(self._newest - LOOK_BACK, 0))
        fresh = [(row, order) for row, order in found if row not in self._rows]
        if not fresh:
            return
        if not self._rows and len(fresh) > EXACT_UP_TO:
            ids, vectors = _all(session, fresh, self.encoder)
            self._index = VectorIndex.filled(ids, vectors)
        else:
            for ids, vectors in _parts(session, fresh, self.encoder):
                self._index.add(ids.tolist(), vectors)
        self._rows.update(row for row, _ in fresh)
        self._newest = max(self._newest, *(row for row, _ in fresh))

    def rebuild(self, session: Session) -> None:
        """Build the index anew; the old one answers until it is ready. System work."""
        made = Memory(self.community_id, self.encoder, self.dimensions)
        made._read(session)
        with self._lock:
            self._index, self._rows, self._newest = made._index, made._rows, made._newest

    def _rebuild_beside(self) -> None:
        if self._rebuilding is None or not self._rebuilding.is_alive():
            self._rebuilding = Thread(target=self._rebuild, name="rebuild the vectors", daemon=True)
            self._rebuilding.start()

    def _rebuild(self) -> None:
        try:
            with db.transaction(read_only=True) as session, system_scope(session):
                self.rebuild(session)
        except Exception as error:  # the old index goes on, and the next count tries again
            log.warning("not rebuilt: %s: %s", type(error).__name__, error)


def _parts(
    session: Session, keys: list[tuple[int, int]], encoder: str
) -> Iterator[tuple[npt.NDArray[np.int64], Vector]]:
    for start in range(0, len(keys), READ_AT_ONCE):
        orders = [order for _, order in keys[start : start + READ_AT_ONCE]]
        rows = repository.vectors(session, orders, encoder)
        if rows:
            yield (
                np.array([order for order, _ in rows], dtype=np.int64),
                np.stack([np.frombuffer(raw, dtype=np.float32) for _, raw in rows]),
            )


def _all(session: Session, keys: list[tuple[int, int]], encoder: str) -> tuple[npt.NDArray[np.int64], Vector]:
    parts = list(_parts(session, keys, encoder))
    return np.concatenate([ids for ids, _ in parts]), np.concatenate([vectors for _, vectors in parts])


_held: dict[tuple[str, int, str], Memory] = {}
_guard = Lock()


def of(session: Session, community_id: int, encoder: str, dimensions: int) -> Memory:
    """Return the memory of an estate in this process and database."""
    key = (str(session.get_bind().engine.url), community_id, encoder)
    with _guard:
        return _held.setdefault(key, Memory(community_id, encoder, dimensions))


def held(session: Session, community_id: int) -> list[Memory]:
    """Return what this process holds of an estate, for any encoder."""
    url = str(session.get_bind().engine.url)
    with _guard:
        return [m for (where, community, _), m in _held.items() if (where, community) == (url, community_id)]
