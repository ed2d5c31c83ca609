"""Rows of two catalogues in one order: how a changed catalogue comes out of the one before and what is new."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from matching.index.columns import Columns, variants_of

T = TypeVar("T")

OFFER = ("own", "contact", "work", "price", "form", "mode", "group")
RUN = ("start", "end", "enrol_by", "full", "place", "sessions", "trips", "weekly", "weeks", "evening")
ENTRY = ("entry_start", "group_start", "group_need", "group_atoms")
"""Columns by what they have one row for; all that is not listed here goes with the codes of sessions."""


GONE = -1
"""Place of a row that a changed catalogue no longer has."""


class Picked(Sequence[T]):
    """Items of several sequences in one order; none is read before someone asks for it."""

    def __init__(self, parts: Sequence[Sequence[T]], part: NDArray[np.int32], row: NDArray[np.int64]) -> None:
        self._parts, self._part, self._row = parts, part, row

    @classmethod
    def of(cls, before: Sequence[T], added: Sequence[T], order: NDArray[np.int64]) -> Picked[T]:
        """Positions below len(before) are its items, the others those of `added`. Picking from what was picked
        stays one step deep, and lets go of parts of which nothing is left."""
        if isinstance(before, Picked):
            parts, part, row = list(before._parts), before._part, before._row
        else:
            parts, part, row = [before], np.zeros(len(before), np.int32), np.arange(len(before))
        part = np.concatenate((part, np.full(len(added), len(parts), np.int32)))[order]
        row = np.concatenate((row, np.arange(len(added))))[order]
        used, place = np.unique(part, return_inverse=True)
        return cls([[*parts, added][i] for i in used.tolist()], place.astype(np.int32), row)

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> list[T]: ...
    def __getitem__(self, at: int | slice) -> T | list[T]:
        if isinstance(at, slice):
            return [self[i] for i in range(*at.indices(len(self)))]
        item: T = self._parts[int(self._part[at])][int(self._row[at])]
        return item

    def __len__(self) -> int:
        return len(self._row)


def merged_order(kept: Sequence[str], added: Sequence[str]) -> NDArray[np.int64]:
    """Positions in `kept` followed by `added`, both ascending and without a common id, so that ids ascend."""
    if not kept:
        return np.arange(len(added))
    places = np.searchsorted(np.array(kept, object), np.array(added, object))
    return np.insert(np.arange(len(kept)), places, len(kept) + np.arange(len(added)))


def places_of(order: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    """(n,) where each of n rows stands in this order, or `GONE`."""
    place = np.full(n, GONE, np.int64)
    place[order] = np.arange(len(order))
    return place


def starts_of(lengths: Iterable[int]) -> NDArray[np.int64]:
    """Where each of some groups begins that lie one after the other, and where the last one ends."""
    return np.cumsum([0, *lengths], dtype=np.int64)


def ragged(starts: NDArray[np.int64], order: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(starts of the groups in this order, positions of their items)."""
    lengths = np.diff(starts)[order]
    new = np.zeros(len(order) + 1, np.int64)
    np.cumsum(lengths, out=new[1:])
    return new, np.arange(new[-1]) + np.repeat(starts[:-1][order] - new[:-1], lengths)


def joined_starts(before: NDArray[np.int64], added: NDArray[np.int64]) -> NDArray[np.int64]:
    """Starts of the groups of both, one after the other."""
    return np.concatenate((before, before[-1] + added[1:]))


def picked_columns(before: Columns, added: Columns, order: NDArray[np.int64]) -> tuple[Columns, NDArray[np.int64]]:
    """(columns of the offers in this order, order of the run rows). Codes mean the same in both; columns of sessions
    are those of `added`, which knows the sessions of both."""
    both: dict[str, NDArray[Any]] = {
        name: np.concatenate((getattr(before, name), getattr(added, name))) for name in (*OFFER, *RUN, *ENTRY[2:])
    }
    run_start, runs = ragged(joined_starts(before.run_start, added.run_start), order)
    entry_start, groups = ragged(joined_starts(before.entry_start, added.entry_start), order)
    group_start, atoms = ragged(joined_starts(before.group_start, added.group_start), groups)
    columns = {name: both[name][order] for name in OFFER} | {name: both[name][runs] for name in RUN}
    variant_start, variants = variants_of(columns["group"], len(added.variant_start) - 1)
    return added._replace(
        run_start=run_start, entry_start=entry_start, group_start=group_start, group_need=both["group_need"][groups],
        group_atoms=both["group_atoms"][atoms], variant_start=variant_start,
        variants=variants, **columns,
    ), runs  # fmt: skip
