"""Nearest vectors: exact and clustered give the same, while vectors come and go."""

import numpy as np
import numpy.typing as npt
import pytest

from backend.kit.vector_index import VectorIndex

Vectors = npt.NDArray[np.float32]


def unit(count: int, seed: int = 1, dimensions: int = 24) -> Vectors:
    made = np.random.default_rng(seed).normal(size=(count, dimensions)).astype(np.float32)
    return made / np.linalg.norm(made, axis=1, keepdims=True)


@pytest.fixture(params=[10_000, 200], ids=["exact", "clustered"])
def index(request: pytest.FixtureRequest) -> VectorIndex:
    made = VectorIndex(24, exact_up_to=request.param)
    made.add(range(1, 501), unit(500))
    return made


def test_a_vector_finds_itself(index: VectorIndex) -> None:
    best = index.search(unit(500)[41], 3)[0]
    assert best.id == 42
    assert best.score == pytest.approx(1.0, abs=0.02)


def test_what_was_removed_is_not_found(index: VectorIndex) -> None:
    index.remove([42, 9999])
    assert 42 not in {near.id for near in index.search(unit(500)[41], 5)}


def test_only_the_chosen_count(index: VectorIndex) -> None:
    found = index.search(unit(500)[41], 5, among=[7, 8])
    assert {near.id for near in found} <= {7, 8}
    assert index.search(unit(500)[41], 5, among=[]) == []


def test_a_known_id_takes_the_new_vector(index: VectorIndex) -> None:
    fresh = unit(1, seed=5)
    index.add([42], fresh)
    assert len(index) == 500
    assert index.search(fresh[0], 1)[0].id == 42


def test_an_empty_index_finds_nothing() -> None:
    assert VectorIndex(24).search(unit(1)[0], 5) == []


def test_filled_at_once_is_the_same(index: VectorIndex) -> None:
    made = VectorIndex.filled(np.arange(1, 501, dtype=np.int64), unit(500), exact_up_to=200)
    assert made.search(unit(500)[10], 1)[0].id == 11
