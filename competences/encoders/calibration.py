"""From cosine to meaning: how probably two texts name the same competence, and how far one gives the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from competences.errors import MisuseError

Knots = tuple[tuple[float, ...], tuple[float, ...]]
"""(cosines ascending, values ascending): linear between, constant outside."""


@dataclass(frozen=True)
class Calibration:
    """Monotone maps of an encoder's cosines. Fitted on pairs whose relation is known."""

    link: Knots
    """Cosine to the probability that both name the same competence."""
    coverages: Knots
    """Cosine to coverage strength: how far holding one gives the other."""
    link_threshold: float = 0.5
    coverage_threshold: float = 0.5
    fitted: bool = True
    """False for the default that stands in for an encoder nobody calibrated."""

    def __post_init__(self) -> None:
        """MisuseError where a map does not rise, or leaves [0, 1]: whoever ranks relies on both."""
        for name, (cosines, values) in (("link", self.link), ("coverages", self.coverages)):
            rising = all(list(side) == sorted(side) for side in (cosines, values))
            if not (len(cosines) == len(values) > 0 and rising and values[0] >= 0.0 and values[-1] <= 1.0):
                raise MisuseError(
                    f"{name}: expected as many cosines as values, both ascending, and values in [0, 1], "
                    f"not {cosines} and {values}"
                )

    def link_probability(self, cosines: ArrayLike) -> NDArray[np.float32]:
        """Probabilities, float32 in [0, 1], of the shape of `cosines`."""
        return np.interp(np.asarray(cosines, np.float64), *self.link).astype(np.float32)

    def coverage(self, cosines: ArrayLike) -> NDArray[np.float32]:
        """Strengths, float32 in [0, 1], of the shape of `cosines`."""
        return np.interp(np.asarray(cosines, np.float64), *self.coverages).astype(np.float32)

    def least_similarity(self, strength: float) -> float:
        """The lowest cosine at which coverage can reach `strength`; above 1 where it never does."""
        cosines, values = (np.asarray(side, np.float64) for side in self.coverages)
        if values[-1] < strength:
            return 1.01
        if values[0] >= strength:
            return -1.0
        at = int(np.searchsorted(values, strength, side="left"))
        low, high = values[at - 1], values[at]
        share = (strength - low) / (high - low)
        # Rounding must not lose a pair at the edge: the exact comparison is made on the strength itself.
        return float(cosines[at - 1] + share * (cosines[at] - cosines[at - 1])) - 1e-5


UNFITTED = Calibration(
    link=((0.3, 0.9), (0.0, 1.0)), coverages=((0.5, 0.95), (0.0, 1.0)), fitted=False
)  # fmt: skip
"""For an encoder that nobody calibrated: cautious, and marked as such in every result."""


def calibration_of(encoder: object) -> Calibration:
    """The calibration that an encoder carries, else the cautious default."""
    found = getattr(encoder, "calibration", None)
    return found if isinstance(found, Calibration) else UNFITTED
