"""Ids at the rim, row numbers inside: the one class between them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import repeat


class Vocabulary:
    """Distinct ids in a fixed order; the row of an id is its position."""

    def __init__(self, ids: Iterable[str] = ()) -> None:
        self.ids: list[str] = list(dict.fromkeys(ids))
        self._rows = {identifier: row for row, identifier in enumerate(self.ids)}

    def copy(self) -> Vocabulary:
        """One that can grow while others read this one."""
        return Vocabulary(self.ids)

    def __len__(self) -> int:
        return len(self.ids)

    def __contains__(self, identifier: object) -> bool:
        return identifier in self._rows

    def row(self, identifier: str) -> int:
        """The row of an id, -1 where it is not listed."""
        return self._rows.get(identifier, -1)

    def rows(self, identifiers: Sequence[str]) -> list[int]:
        """The row of each id, -1 where one is not listed."""
        return list(map(self._rows.get, identifiers, repeat(-1)))

    def intern(self, identifier: str) -> int:
        """The row of an id, added at the end where it is new."""
        row = self._rows.setdefault(identifier, len(self.ids))
        if row == len(self.ids):
            self.ids.append(identifier)
        return row
