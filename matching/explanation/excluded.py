"""The offers that would give most and are left out: who they are, and what keeps each of them out."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np

from matching.query.conditions import Reason
from matching.query.person import Person
from matching.query.why_not import reasons

LOOKED_AT = 2000
"""Offers with most gain that are looked at: a person reads a handful of them."""


@dataclass(frozen=True)
class LeftOut:
    """One offer that adds something to the goal, and why it is not proposed."""

    row: int
    gain: float
    reasons: tuple[Reason, ...]


def left_out(person: Person, proposed: Collection[str], most: int) -> tuple[LeftOut, ...]:
    """Up to `most` offers with something in their way, most gain first, ties by id; `proposed` are not among them."""
    found: list[LeftOut] = []
    for row, gain in _by_gain(person):
        if len(found) == most:
            break
        if person.generation.catalogue.offers[row].id in proposed:
            continue
        why = reasons(person, row)
        if why:
            found.append(LeftOut(row, gain, why))
    return tuple(found)


def _by_gain(person: Person) -> Iterator[tuple[int, float]]:
    gains = person.gains
    order = np.lexsort((np.arange(len(gains)), -gains))[:LOOKED_AT]
    for row in order[gains[order] > 1e-9].tolist():
        yield row, float(gains[row])
