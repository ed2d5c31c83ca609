"""Some of each: the best offers, spread over ways of learning, providers and lengths (F-07).

Offers are chosen one by one by maximal marginal relevance (Carbonell and Goldstein 1998): what an offer scores beside
the best, less its likeness to what was chosen before. They are shown by score, so what the spread costs is visible.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.index.catalogue import Catalogue

POOL = 10
"""Offers that k are chosen from: the best 10 · k."""
LENGTHS = (8.0, 40.0, 160.0)
"""Own hours at which a length becomes another one: a day, a week, a month of work."""
UNKNOWN, HALF = -1, 0.5
"""What is not stated may be alike or not."""


class Ranked(NamedTuple):
    """One offer of a ranking, by rows of the catalogue."""

    offer: int
    run: int
    score: float
    gain: float
    own_hours: float


Rank = Callable[[int, NDArray[np.uint8]], Sequence[Ranked]]
"""The n best offers, best first, without those that are blocked, (offers,) 1 or none at all."""


def varied(rank: Rank, k: int, weight: float, catalogue: Catalogue, blocked: NDArray[np.uint8]) -> list[Ranked]:
    """k offers, the best one among them, by score. As many as `rank` would give; where it gives more than one mode of
    delivery, at any place, so do these (of three or more offers, or where the mode of the best one is known)."""
    pool = list(rank(POOL * k, blocked))
    places = mmr(np.array([one.score for one in pool]), traits(pool, catalogue), k, weight)
    chosen = [pool[place] for place in places]
    modes = catalogue.columns.mode
    for place in range(len(chosen) - 1, 0, -1):
        shown = {int(modes[one.offer]) for at, one in enumerate(chosen) if at != place} - {UNKNOWN}
        if len(shown | ({int(modes[chosen[place].offer])} - {UNKNOWN})) > 1:
            break
        other = _of_another_mode(rank, pool, shown, catalogue, blocked, len(pool) == POOL * k)
        if other is None:
            break
        chosen[place] = other
    return sorted(chosen, key=lambda one: (-one.score, one.offer))


def mmr(scores: NDArray[np.float64], traits: NDArray[np.int64], k: int, weight: float) -> list[int]:
    """Positions of k of n offers in the order of choice, of equals the first. `scores` (n,) falling, `traits`
    (n, kinds), `weight` in [0, 1]: 0 takes the k first."""
    if not len(scores):
        return []
    worth, alike = (1 - weight) * scores / (scores[0] or 1.0), np.zeros(len(scores))
    left, chosen = np.ones(len(scores), bool), [0]
    while len(chosen) < min(k, len(scores)):
        last = traits[chosen[-1]]
        left[chosen[-1]] = False
        known = (traits != UNKNOWN) & (last != UNKNOWN)
        alike = np.maximum(alike, np.where(known, traits == last, HALF).mean(axis=1))
        chosen.append(int(np.argmax(np.where(left, worth - weight * alike, -np.inf))))
    return chosen


def traits(pool: Sequence[Ranked], catalogue: Catalogue) -> NDArray[np.int64]:
    """(n, 3) mode of delivery, provider and length of each offer, as numbers; −1 where it is not stated."""
    providers: dict[str, int] = {}
    found = np.full((len(pool), 3), UNKNOWN, np.int64)
    for at, one in enumerate(pool):
        provider = catalogue.offers[one.offer].provider
        found[at, 0] = catalogue.columns.mode[one.offer]
        if provider is not None:
            found[at, 1] = providers.setdefault(str(provider), len(providers))
        found[at, 2] = np.searchsorted(LENGTHS, one.own_hours, side="right")
    return found


def _of_another_mode(
    rank: Rank, pool: Sequence[Ranked], shown: set[int], catalogue: Catalogue, blocked: NDArray[np.uint8], full: bool
) -> Ranked | None:
    """The best offer of a known mode that is not among those shown; looked for beyond the pool where that is full."""
    columns = catalogue.columns
    for one in pool:
        if columns.mode[one.offer] not in {*shown, UNKNOWN}:
            return one
    out = np.isin(columns.mode, [*shown, UNKNOWN]).astype(np.uint8)
    if len(blocked):
        out |= blocked
    while full and (found := rank(1, out)):
        if _stands_alone(rank, found[0], catalogue, blocked):
            return found[0]
        out[found[0].offer] = 1
    return None


def _stands_alone(rank: Rank, one: Ranked, catalogue: Catalogue, blocked: NDArray[np.uint8]) -> bool:
    """Whether no variant of it, of whatever mode, would be proposed in its place."""
    columns = catalogue.columns
    group = columns.group[one.offer]
    if group < 0:
        return True
    others = np.ones(len(catalogue), np.uint8)
    others[columns.variants[columns.variant_start[group] : columns.variant_start[group + 1]]] = 0
    if len(blocked):
        others |= blocked
    return rank(1, others)[0].offer == one.offer
