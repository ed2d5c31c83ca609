"""Neighbours against all pairs; the approximate index against its own promise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from competences.errors import MisuseError
from competences.vectors import DECIMALS, MARGIN, ApproximateIndex, VectorIndex, index_of, unit_rows

matrices = st.integers(1, 6).flatmap(
    lambda d: arrays.arrays(
        np.float32, st.tuples(st.integers(0, 12), st.just(d)), elements=st.sampled_from([-1, 0, 0.5, 2])
    )
)


def cosines(queries: NDArray[np.float32], rows: NDArray[np.float32]) -> NDArray[np.float64]:
    return np.round(unit_rows(queries).astype(np.float64) @ unit_rows(rows).astype(np.float64).T, DECIMALS)


@given(matrices, st.integers(1, 5))
def test_nearest_are_the_most_similar_of_all_pairs(vectors: NDArray[np.float32], k: int) -> None:
    found, all_pairs = VectorIndex(vectors).nearest(vectors, k), cosines(vectors, vectors)
    for query in range(len(vectors)):
        rows, similarities = found.of(query)
        assert similarities == pytest.approx(np.sort(all_pairs[query])[::-1][:k], abs=2e-5)
        assert similarities == pytest.approx(all_pairs[query][rows], abs=2e-5)
        assert len(set(rows.tolist())) == min(k, len(vectors))


@given(matrices, st.sampled_from([-1.0, 0.0, 0.3, 0.99]))
def test_within_finds_every_pair_that_is_similar_enough(vectors: NDArray[np.float32], least: float) -> None:
    found, all_pairs = VectorIndex(vectors).within(vectors, least), cosines(vectors, vectors)
    for query in range(len(vectors)):
        rows = set(found.of(query)[0].tolist())
        assert set(np.flatnonzero(all_pairs[query] >= least + MARGIN).tolist()) <= rows
        assert rows <= set(np.flatnonzero(all_pairs[query] >= least - MARGIN).tolist())


@given(matrices.filter(lambda m: len(m) > 0), st.integers(1, 3))
def test_a_query_gets_the_same_bytes_alone_and_in_a_batch(vectors: NDArray[np.float32], k: int) -> None:
    index = VectorIndex(vectors)
    many = index.within(np.repeat(vectors, 40, axis=0), 0.1)
    for query in range(len(vectors)):
        alone = index.within(vectors[query : query + 1], 0.1)
        assert alone.of(0)[0].tolist() == many.of(40 * query)[0].tolist()
        assert alone.of(0)[1].tobytes() == many.of(40 * query)[1].tobytes()


def clustered(n: int, d: int = 24) -> NDArray[np.float32]:
    draw = np.random.default_rng(1)
    centres = draw.normal(size=(60, d))
    return unit_rows((centres[draw.integers(0, 60, n)] + 0.4 * draw.normal(size=(n, d))).astype(np.float32))


def test_the_approximate_index_measures_its_recall_and_keeps_it() -> None:
    vectors = clustered(6000)
    index = index_of(vectors, exact_up_to=1000)
    assert isinstance(index, ApproximateIndex)
    assert 0.99 <= index.recall <= 1
    exact = VectorIndex(vectors)
    queries = vectors[7::50]
    hit = wanted = 0
    for found, right in ((index.nearest(queries, 10), exact.nearest(queries, 10)),):
        for query in range(len(queries)):
            hit += len(set(found.of(query)[0].tolist()) & set(right.of(query)[0].tolist()))
            wanted += len(right.of(query)[0])
    assert hit / wanted >= 0.97
    rows, similarities = index.within(queries[:1], 0.5).of(0)
    assert similarities.tobytes() == dict_of(exact, queries[:1], rows).tobytes()


def dict_of(index: VectorIndex, query: NDArray[np.float32], rows: NDArray[np.int64]) -> NDArray[np.float32]:
    """The similarities that the exact index gives for these rows."""
    found, similarities = index.within(query, 0.5).of(0)
    at = dict(zip(found.tolist(), similarities, strict=True))
    return np.array([at[row] for row in rows.tolist()], np.float32)


def test_few_rows_are_searched_exactly() -> None:
    index = index_of(clustered(50))
    assert type(index) is VectorIndex
    assert index.recall == 1.0


@pytest.mark.parametrize("bad", [np.zeros(3, np.float32), np.full((1, 2), np.nan, np.float32)])
def test_what_is_no_matrix_of_numbers_is_refused(bad: NDArray[np.float32]) -> None:
    with pytest.raises(MisuseError):
        VectorIndex(bad)
