"""A cheap encoder for tests: like words lie close together, whatever they mean. Loading the real one takes half a minute."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import numpy.typing as npt

from backend.kit import encoder

Vectors = npt.NDArray[np.float32]


class Bigrams:
    """Counts of characters and pairs of characters, hashed."""

    dimensions = 256

    def __init__(self, name: str = "bigrams") -> None:
        self.name = name
        self.asked: list[str] = []

    def queries(self, texts: list[str]) -> Vectors:
        self.asked += texts
        return np.stack([self._one(text) for text in texts])

    documents = queries

    def _one(self, text: str) -> Vectors:
        text = text.replace("了", "").replace("的", "")
        made = np.zeros(self.dimensions, dtype=np.float32)
        for part in (*text, *(text[i : i + 2] for i in range(len(text) - 1))):
            made[zlib.crc32(part.encode()) % self.dimensions] += 1
        return made / (np.linalg.norm(made) or 1)


class Broken(Bigrams):
    """Fails whenever it is asked."""

    def queries(self, texts: list[str]) -> Vectors:
        raise RuntimeError("no memory left")

    documents = queries


@contextmanager
def using(found: Bigrams | None) -> Iterator[Bigrams | None]:
    """Put an encoder into its place for a while."""
    encoder.use(found)  # type: ignore[arg-type]
    try:
        yield found
    finally:
        encoder.use(None)
