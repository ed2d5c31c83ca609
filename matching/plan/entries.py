"""What candidates ask for first, in flat arrays that kernels read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.index.picking import starts_of

Asks = tuple[tuple[int, tuple[frozenset[int], ...]], ...]
"""Entry groups that are not met yet: how many atoms are lacking, and who earns each (candidate numbers)."""


class Entries(NamedTuple):
    """Candidate c asks for groups `groups[c]` to `groups[c + 1]`; group g wants `lacking[g]` of atoms `atoms[g]` to
    `atoms[g + 1]`; atom a is earned by any of `earners[start[a]]` to `earners[start[a + 1]]` (not included)."""

    groups: NDArray[np.int64]
    lacking: NDArray[np.int64]
    atoms: NDArray[np.int64]
    start: NDArray[np.int64]
    earners: NDArray[np.int64]

    @property
    def related(self) -> NDArray[np.bool_]:
        """(candidates,) whether each asks for another, or earns what another asks for."""
        found = self.groups[1:] > self.groups[:-1]
        found[self.earners] = True
        return found


def entries(asked: Sequence[Asks], number: Mapping[int, int]) -> Entries:
    """Those of some candidates, with these numbers; whoever has none earns nothing."""
    groups = [group for asks in asked for group in asks]
    earners = [[number[c] for c in sorted(atom) if c in number] for _, atoms in groups for atom in atoms]
    return Entries(
        starts_of(map(len, asked)), np.array([lacking for lacking, _ in groups], np.int64),
        starts_of(len(atoms) for _, atoms in groups), starts_of(map(len, earners)),
        np.array([c for some in earners for c in some], np.int64),
    )  # fmt: skip
