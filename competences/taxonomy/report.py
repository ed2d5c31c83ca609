"""What a taxonomy could not join: shown, never dropped silently."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple


class Dangling(NamedTuple):
    """A relation to an id that the taxonomy does not hold."""

    source: str
    relation: str
    target: str


@dataclass(frozen=True)
class Report:
    """What was not joined. Relations to unknown ids stay, labels of other languages serve."""

    missing: Mapping[str, tuple[str, ...]]
    """Language → ids without a preferred label in it."""
    outdated: tuple[str, ...]
    """Ids that a newer version no longer holds."""
    dangling: tuple[Dangling, ...]

    def lines(self) -> list[str]:
        """One sentence per finding, with counts and one example."""
        found = [
            f"{len(ids)} concepts have no label in {language!r}, such as {ids[0]}"
            for language, ids in self.missing.items()
            if ids
        ]
        if self.outdated:
            example = self.outdated[0]
            found.append(f"{len(self.outdated)} concepts are missing from the newest version, such as {example}")
        if self.dangling:
            example = " ".join(self.dangling[0])
            found.append(f"{len(self.dangling)} relations lead to an unknown concept, such as {example}")
        return found
