"""What learners ask for as the kernels read it, and, compiled, how much of it is held already."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.index.concepts import Strengths
from matching.index.coverage import Outcomes, Teaching
from matching.index.generation import Generation
from matching.query.persons import compiled, inlined

ONE = 2.0**50
"""A gain of 1: gains are whole multiples of 2 ** -50, which is below every difference that a float64 of this size
shows, so that sums do not depend on their order and offers of equal worth tie exactly."""
NO_VALUES = np.zeros(0)
"""Gains follow from what is asked and what is taught."""


class Demands(NamedTuple):
    """Open requirements of a batch of learners, by `start`; requirement i asks for concept `row[i]`."""

    start: NDArray[np.int64]
    row: NDArray[np.int64]
    weight: NDArray[np.float64]
    level: NDArray[np.float64]
    """0 where any level will do."""
    held: NDArray[np.float64]
    recognisable: NDArray[np.float64]
    """The learner's best uncertified claim on it, for recognition routes."""


class Asking(NamedTuple):
    """What the gain of an offer follows from."""

    demands: Demands
    listed: Strengths
    """Of requirement rows below the listed concepts."""
    new: Strengths
    """Of the others."""
    courses: Teaching
    routes: Teaching
    outcomes: Outcomes
    values: NDArray[np.float64] = NO_VALUES
    """(offers,) gains that are known beforehand, as of a goal in free text."""

    @classmethod
    def of(cls, demands: Demands, new: Strengths, now: Generation) -> Asking:
        """Of one state of a catalogue."""
        return cls(demands, now.coverage.listed, new, now.courses, now.routes, now.outcomes)


@inlined
def level_factor(level: float, asked: float) -> float:
    """min(level, asked) / asked; 1 where either is unknown (0)."""
    if level <= 0.0 or asked <= 0.0 or level >= asked:
        return 1.0
    return level / asked


@inlined
def gained(share: float, value: float, held: float) -> float:
    """What a requirement of this share adds to a gain where it is covered so far; nothing where that is negative."""
    return share * (value - held)


@inlined
def lists_of(row: int, listed: Strengths, new: Strengths) -> tuple[Strengths, int, int]:
    """(strengths, first, end) of a requirement row: in `listed` below the listed concepts, else in `new`."""
    strengths, n_listed = listed, len(listed.indptr) - 1
    if row >= n_listed:
        strengths, row = new, row - n_listed
    return strengths, strengths.indptr[row], strengths.indptr[row + 1]


@compiled
def hold(
    strengths: Strengths, row: NDArray[np.int64], level: NDArray[np.float64], req_start: NDArray[np.int64],
    claim_start: NDArray[np.int64], claim_row: NDArray[np.int64], claim_level: NDArray[np.float64],
    trust: NDArray[np.float64], uncertified: NDArray[np.float64],
    held: NDArray[np.float64], recognisable: NDArray[np.float64],
) -> None:  # fmt: skip
    """Raise `held` and `recognisable` of each requirement to what the learner's listed claims give (in place)."""
    for learner in range(len(req_start) - 1):
        for i in range(req_start[learner], req_start[learner + 1]):
            if row[i] < 0 or row[i] >= len(strengths.indptr) - 1:
                continue
            low, high = strengths.indptr[row[i]], strengths.indptr[row[i] + 1]
            for j in range(claim_start[learner], claim_start[learner + 1]):
                if claim_row[j] < 0:
                    continue
                at = low + np.searchsorted(strengths.rows[low:high], claim_row[j])
                if at < high and strengths.rows[at] == claim_row[j]:
                    value = strengths.values[at] * level_factor(claim_level[j], level[i])
                    held[i] = max(held[i], trust[j] * value)
                    recognisable[i] = max(recognisable[i], uncertified[j] * value)
