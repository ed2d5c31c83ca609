"""Working memory of a match: what each offer gains at most, and what is near what a learner asks for."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

NUMBER_BITS = 8
NUMBER = (1 << NUMBER_BITS) - 1
"""The lowest bits of a tally say which requirement raised it last, from 1 to `NUMBER`; the bound stands above them."""
BOUND_ONE = 2.0**23
"""A gain of 1 in a bound: of the 24 bits above the number, one is left for rounding up, by 1 a requirement."""
NEAR = np.dtype(
    [
        ("concept", np.int32), ("requirement", np.int32), ("next", np.int32), ("top", np.int32),
        ("strength", np.float64), ("share", np.float64), ("best", np.int64),
    ],
    align=True,
)  # fmt: skip
"""A concept that gives something of a requirement: how far, and the share of the goal that the requirement is. `next`:
the place of another one of the same concept, 0 for none. `top`: the place of the strongest one of the requirement,
whose `best` is what an offer gains of it so far, in
steps of 1 / `ONE`."""


class Workspace(NamedTuple):
    """Memory of one thread."""

    glance: NDArray[np.void]
    """(offers,) as `query.glance` reads them; many threads share it."""
    tally: NDArray[np.uint32]
    """(offers,) bound and number of each; zeros between learners. Four bytes each, so that those of 100,000 offers stay
    in the cache of one core."""
    touched: NDArray[np.int32]
    """Room for one more than there are offers, here and in the next two: without branches, what does not count is
    written past the end."""
    bounds: NDArray[np.uint32]
    """Of the touched offers, in their order."""
    band: NDArray[np.int32]
    """Which of the touched offers are looked at next."""
    near: NDArray[np.void]
    """`NEAR` of the learner at hand, from place 1 on."""
    heads: NDArray[np.int32]
    """(concepts,) the place in `near` of one of each, 0 for none; zeros between learners."""
    met: NDArray[np.uint8]
    """Per entry atom whether the learner at hand meets it; zeros between learners."""

    @classmethod
    def of(cls, glance: NDArray[np.void], concepts: int, atoms: int) -> Workspace:
        """For offers with these glances; there is room for nothing near yet."""
        offers = len(glance)
        return cls(
            glance, np.zeros(offers, np.uint32), np.empty(offers + 1, np.int32), np.empty(offers + 1, np.uint32),
            np.empty(offers + 1, np.int32), np.empty(2, NEAR), np.zeros(concepts, np.int32),
            np.zeros(atoms, np.uint8),
        )  # fmt: skip

    def roomy(self, near: int) -> Workspace:
        """The same with room for so many near concepts."""
        return self if near < len(self.near) else self._replace(near=np.empty(2 * near + 1, NEAR))
