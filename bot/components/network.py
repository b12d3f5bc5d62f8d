"""A few small neural networks that vote, over rows that are part sparse (n-grams) and part dense (vectors).

Each network adds up a vector of each n-gram (an embedding bag, as in fastText: Joulin et al., Bag of Tricks for
Efficient Text Classification, 2017) and a projection of the dense part, and has one hidden layer with a way past it.
Learned with dropout on n-grams, vectors and units, softened labels, and Adam (Kingma & Ba, 2015) that moves only the
n-grams of the batch. Classes are weighed by the root of their rarity, between "every class alike" and "every example
alike". Written out in NumPy: an answer takes a fraction of a millisecond and no framework is loaded for it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

Matrix = npt.NDArray[np.float32]

VOTERS = 4
UNITS = 64
ROUNDS = 10
BATCH = 256
RATE = 6e-3  # at the start; it falls to nothing in a straight line
SOFTENED = 0.05  # of each label is spread over all classes
GRAMS_DROPPED, VECTOR_DROPPED, UNITS_DROPPED = 0.3, 0.3, 0.4
FIRST_MOMENT, SECOND_MOMENT, TINY = 0.9, 0.999, 1e-8


@dataclass
class Rows:
    """One row a text: `sparse` (n, s) and `dense` (n, d), both 32 bit."""

    sparse: csr_matrix
    dense: Matrix

    def some(self, numbers: npt.NDArray[np.intp] | list[int]) -> Rows:
        """Return the rows of these texts."""
        return Rows(self.sparse[numbers], self.dense[numbers])


def _used(sparse: csr_matrix) -> tuple[csr_matrix, npt.NDArray[np.intp]]:
    """Return the matrix without the columns that are nowhere used, and the numbers of those that are left."""
    columns, places = np.unique(sparse.indices, return_inverse=True)
    return csr_matrix((sparse.data, places, sparse.indptr), shape=(sparse.shape[0], len(columns))), columns


class _Weights:
    """Weights on their way; rows that a step leaves out stay as they are."""

    def __init__(self, start: Matrix) -> None:
        self.now = start
        self._first, self._second = np.zeros_like(start), np.zeros_like(start)

    def move(self, gradient: Matrix, rate: float, rows: npt.NDArray[np.intp] | slice = slice(None)) -> None:
        first = self._first[rows] * np.float32(FIRST_MOMENT) + gradient * np.float32(1 - FIRST_MOMENT)
        second = self._second[rows] * np.float32(SECOND_MOMENT) + np.square(gradient) * np.float32(1 - SECOND_MOMENT)
        self._first[rows], self._second[rows] = first, second
        self.now[rows] -= np.float32(rate) * first / (np.sqrt(second) + np.float32(TINY))


@dataclass
class Network:
    """What one network has learned: `grams` (s, u) in 16 bit, `vector` (d + 1, u), `hidden` (u + 1, u), `out` (u + 1, k).

    The last row of the 32 bit ones are the intercepts.
    """

    grams: npt.NDArray[np.float16]
    vector: Matrix
    hidden: Matrix
    out: Matrix

    def probabilities(self, rows: Rows) -> Matrix:
        """One row of class probabilities a text."""
        sparse, columns = _used(rows.sparse)
        first = sparse @ self.grams[columns].astype(np.float32) + rows.dense @ self.vector[:-1] + self.vector[-1]
        first = np.maximum(first, 0)
        second = first + np.maximum(first @ self.hidden[:-1] + self.hidden[-1], 0)
        return _softmax(second @ self.out[:-1] + self.out[-1])


def _softmax(scores: Matrix) -> Matrix:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)


def _with_intercept(inputs: Matrix) -> Matrix:
    return np.concatenate([inputs, np.ones((len(inputs), 1), dtype=np.float32)], axis=1)


class _Learner:
    """One network while it learns."""

    def __init__(self, grams: int, dimensions: int, classes: int, chance: np.random.Generator) -> None:
        self._chance = chance

        def start(inputs: int, outputs: int, spread: float) -> _Weights:
            made = chance.normal(0, spread, (inputs, outputs)).astype(np.float32)
            return _Weights(made)

        def layer(inputs: int, outputs: int) -> _Weights:
            made = start(inputs + 1, outputs, float(np.sqrt(1 / (3 * inputs))))
            made.now[-1] = 0
            return made

        self.grams = start(grams, UNITS, 0.05)
        self.vector, self.hidden, self.out = layer(dimensions, UNITS), layer(UNITS, UNITS), layer(UNITS, classes)

    def step(self, rows: Rows, wanted: Matrix, weigh: Matrix, rate: float, blind: float) -> None:
        """Learn from one batch. `wanted` (n, k) are softened labels, `weigh` (n, 1) their weights."""
        sparse, columns = _used(rows.sparse)
        sparse.data *= self._kept(sparse.data.shape, GRAMS_DROPPED)
        dense = rows.dense * self._kept(rows.dense.shape, VECTOR_DROPPED)
        if blind:
            dense *= self._chance.random((len(dense), 1), dtype=np.float32) >= blind
        dense = _with_intercept(dense)
        before_first = sparse @ self.grams.now[columns] + dense @ self.vector.now
        keep_first = self._kept(before_first.shape, UNITS_DROPPED) * (before_first > 0)
        first = _with_intercept(before_first * keep_first)
        before_second = first @ self.hidden.now
        keep_second = self._kept(before_second.shape, UNITS_DROPPED) * (before_second > 0)
        second = _with_intercept(first[:, :-1] + before_second * keep_second)
        wrong = (_softmax(second @ self.out.now) - wanted) * weigh / np.float32(len(wanted))
        back = wrong @ self.out.now[:-1].T
        back_second = back * keep_second
        back_first = (back + back_second @ self.hidden.now[:-1].T) * keep_first
        self.out.move(second.T @ wrong, rate)
        self.hidden.move(first.T @ back_second, rate)
        self.vector.move(dense.T @ back_first, rate)
        self.grams.move(sparse.T @ back_first, rate, columns)

    def _kept(self, shape: tuple[int, ...], dropped: float) -> Matrix:
        kept = self._chance.random(shape, dtype=np.float32) >= dropped
        return kept * np.float32(1 / (1 - dropped))

    def learned(self) -> Network:
        """Return the network as it is now."""
        return Network(self.grams.now.astype(np.float16), self.vector.now, self.hidden.now, self.out.now)


@dataclass
class Voters:
    """Networks that learned the same in different order; their mean is what they say."""

    classes: list[str]
    networks: list[Network]

    @classmethod
    def learn(cls, rows: Rows, labels: list[str], voters: int = VOTERS, blind: float = 0.0) -> Voters:
        """Learn from at least one text. `blind` is the share of looks at a text without its dense part."""
        classes, numbers = np.unique(np.array(labels), return_inverse=True)
        count = np.bincount(numbers)
        weigh = (1 / np.sqrt(count)).astype(np.float32)[numbers][:, None]
        weigh /= weigh.mean()
        soft = np.full((len(classes), len(classes)), SOFTENED / len(classes), dtype=np.float32)
        soft[np.diag_indices(len(classes))] += 1 - SOFTENED
        made = []
        for voter in range(voters):
            chance = np.random.default_rng(voter)
            learner = _Learner(rows.sparse.shape[1], rows.dense.shape[1], len(classes), chance)
            batches = [b for _ in range(ROUNDS) for b in _batches(len(labels), chance)]
            for number, batch in enumerate(batches, 1):
                correction = np.sqrt(1 - SECOND_MOMENT**number) / (1 - FIRST_MOMENT**number)
                rate = RATE * (1 - (number - 1) / len(batches)) * correction
                learner.step(rows.some(batch), soft[numbers[batch]], weigh[batch], rate, blind)
            made.append(learner.learned())
        return cls([str(name) for name in classes], made)

    def probabilities(self, rows: Rows) -> Matrix:
        """One row of class probabilities a text, in the order of `classes`."""
        return np.asarray(np.mean([network.probabilities(rows) for network in self.networks], axis=0), dtype=np.float32)


def _batches(texts: int, chance: np.random.Generator) -> list[npt.NDArray[np.intp]]:
    order = chance.permutation(texts)
    return [order[at : at + BATCH] for at in range(0, texts, BATCH)]
