"""What a ranking is worth, query by query, and means with their standard errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Mean:
    """The mean of a value per query, and the standard error of that mean; NaN where one value is all there is."""

    value: float
    error: float
    n: int

    @classmethod
    def of(cls, values: Sequence[float] | Values) -> Mean:
        n = len(values)
        return cls(float(np.mean(values)), float(np.std(values, ddof=1) / np.sqrt(n)) if n > 1 else float("nan"), n)

    @classmethod
    def over_sets(cls, sets: Sequence[tuple[Sequence[str], Values]]) -> Mean:
        """The mean of the means of some sets, each given as its queries and a value for each of them.

        Sets that ask the same queries (of another corpus) are no independent witnesses: their values are added up,
        query by query, before the spread is taken.
        """
        groups: dict[tuple[str, ...], list[Values]] = {}
        for queries, values in sets:
            groups.setdefault(tuple(queries), []).append(values)
        errors = [cls.of(np.sum(group, axis=0)).error for group in groups.values()]
        value = float(np.mean([values.mean() for _, values in sets]))
        return cls(value, float(np.sqrt(np.sum(np.square(errors))) / len(sets)), sum(len(q) for q, _ in sets))

    def __str__(self) -> str:
        return f"{self.value:.3f} ± {self.error:.3f}"


class Percent(Mean):
    """The same in hundredths."""

    def __str__(self) -> str:
        return f"{self.value:.1f} % ± {self.error:.1f}"


def share(right: int, n: int) -> Mean:
    """`right` of n; the standard error is that of Agresti and Coull (1998), which none or all of few do not make 0."""
    near = (right + 2) / (n + 4)
    return Mean(right / n, float(np.sqrt(near * (1 - near) / (n + 4))), n)


def first_ranks(similarities: NDArray[np.floating], relevant: Sequence[Sequence[int]]) -> NDArray[np.int64]:
    """(n,) rank, from 1, of the first relevant row of (n, corpus) similarities; ties in the order of the corpus."""
    first = [rows[int(np.argmax(line[rows]))] for line, rows in zip(similarities, map(sorted, relevant), strict=True)]
    best = similarities[np.arange(len(first)), first][:, None]
    earlier = np.arange(similarities.shape[1]) < np.array(first)[:, None]
    return 1 + ((similarities > best) | ((similarities == best) & earlier)).sum(axis=1)


def top(similarities: NDArray[np.floating], k: int) -> list[list[int]]:
    """At most k rows of the corpus for each query, the most similar first, ties in the order of the corpus; none
    that has nothing in common with the query."""
    order = np.argsort(-similarities, axis=1, kind="stable")[:, :k]
    return [[int(row) for row in rows if line[row] > 0] for line, rows in zip(similarities, order, strict=True)]


def reciprocal_rank(hits: Sequence[bool]) -> float:
    """1 / rank of the first hit in a ranked list, 0 without any."""
    return 1 / (hits.index(True) + 1) if True in hits else 0.0


def ndcg(hits: Sequence[bool], wanted: int, k: int) -> float:
    """Discounted gain of the first k against that of the best order, with `wanted` relevant items in all."""
    discounts = 1 / np.log2(np.arange(k) + 2)
    return float(discounts[: len(hits[:k])] @ np.array(hits[:k], float) / discounts[:wanted].sum())


def recall(hits: Sequence[bool], wanted: int, k: int) -> float:
    """Share of all relevant items that is among the first k."""
    return sum(hits[:k]) / wanted


def rank_precision(hits: Sequence[bool], wanted: int, k: int) -> float:
    """RP@k: hits among the first k over how many there could be, the smaller of k and `wanted`."""
    return sum(hits[:k]) / min(k, wanted)
