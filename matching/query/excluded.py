"""Every offer that is out: who they are at once, why when one is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

import numpy as np

from matching.query.conditions import Reason
from matching.query.person import Person
from matching.query.why_not import reasons


class Excluded(Mapping[str, tuple[Reason, ...]]):
    """Offer id → reasons, in order of id."""

    def __init__(self, person: Person) -> None:
        self._person = person

    def __getitem__(self, offer_id: str) -> tuple[Reason, ...]:
        row = self._person.generation.catalogue.row(offer_id)
        if row not in self.rows:
            raise KeyError(offer_id)
        return reasons(self._person, row)

    def __iter__(self) -> Iterator[str]:
        offers = self._person.generation.catalogue.offers
        return (offers[row].id for row in self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def rows(self) -> dict[int, None]:
        """Rows of all offers but those that add something, can be followed, and are the shortest of their group."""
        person = self._person
        gaining = np.flatnonzero(person.gains > 0)
        proposed = {int(row) for row in gaining[person.followable(gaining)] if person.variant(int(row)) == row}
        return {row: None for row in range(len(person.gains)) if row not in proposed}
