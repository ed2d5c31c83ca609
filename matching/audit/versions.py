"""What a result was made with, so that a replay can say what has changed since."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from competences.records.base import Record
from matching.audit.canonical import digest
from matching.explanation.evidence import versions
from matching.index.generation import Generation
from matching.index.store.manifest import fingerprint_of
from matching.query.person import Person


def versions_of(person: Person) -> dict[str, Any]:
    """Program, libraries, encoder, taxonomy, settings, and digests of catalogue and roles."""
    generation = person.generation
    concepts = generation.coverage.concepts
    return {
        **versions(person),
        "taxonomy_fingerprint": fingerprint_of(concepts.taxonomy),
        "calibration": digest(repr(concepts.calibration)),
        "settings": generation.catalogue.settings.model_dump(mode="json"),
        "libraries": _libraries(),
        **_content(_Same(generation)),
    }


class _Same:
    """A generation never changes: equal where it is the same object."""

    def __init__(self, generation: Generation) -> None:
        self.generation = generation

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.generation is other.generation

    def __hash__(self) -> int:
        return id(self.generation)


@lru_cache(maxsize=2)
def _content(same: _Same) -> dict[str, str]:
    roles = [role for _, role in sorted(same.generation.roles.items())]
    return {"catalogue": _records(same.generation.catalogue.offers), "roles": _records(roles)}


def _records(records: Sequence[Record]) -> str:
    return digest([record.model_dump(mode="json", exclude_unset=True) for record in records])


@lru_cache(maxsize=1)
def _libraries() -> dict[str, str]:
    from importlib.metadata import version

    return {name: version(name) for name in ("numpy", "scipy", "faiss-cpu", "numba")}
