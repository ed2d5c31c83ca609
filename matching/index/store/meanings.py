"""The labels and relations of a taxonomy, kept beside the index that was joined under it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from competences.errors import MisuseError
from competences.taxonomy.taxonomy import Taxonomy
from matching.index.concepts import Meanings, NoTaxonomy


class StoredMeanings:
    """What `Meanings` asks of a taxonomy, read when something is asked."""

    def __init__(self, read: Callable[[], dict[str, Any]], fingerprint: str, version: str) -> None:
        self._read, self.fingerprint, self.version = read, fingerprint, version

    @cached_property
    def stored(self) -> dict[str, Any]:
        """languages, and per id its labels by language and its relations."""
        return self._read()

    def labels(self, identifier: str) -> Sequence[str]:
        """All preferred labels; none where the id is unknown."""
        return tuple(dict.fromkeys(self._labels(identifier).values()))

    def label(self, identifier: str, language: str | None = None) -> str:
        """The preferred label in a language, else in the first that the taxonomy prefers, else any, else the id."""
        labels = self._labels(identifier)
        wanted = (one for one in (language or "", *self.stored["languages"]) if one in labels)
        return labels[found] if (found := next(wanted, None)) else next(iter(labels.values()), identifier)

    def relations(self, identifier: str) -> Mapping[str, str]:
        """b → what b is to this one."""
        found: Mapping[str, str] = self.stored["relations"].get(identifier, {})
        return found

    def _labels(self, identifier: str) -> dict[str, str]:
        found: dict[str, str] = self.stored["labels"].get(identifier, {})
        return found


def stored(taxonomy: Meanings) -> dict[str, Any] | None:
    """What `StoredMeanings` reads; None where the taxonomy cannot list its concepts and must be given at loading."""
    if isinstance(taxonomy, StoredMeanings):
        return taxonomy.stored
    if isinstance(taxonomy, Taxonomy):
        concepts = list(taxonomy.concepts())
        relations = ((one.id, taxonomy.relations(one.id)) for one in concepts)
        return {
            "languages": list(taxonomy.languages),
            "labels": {one.id: dict(one.labels) for one in concepts},
            "relations": {a: {b: str(relation) for b, relation in found.items()} for a, found in relations if found},
        }
    if not isinstance(taxonomy, NoTaxonomy) and not getattr(taxonomy, "fingerprint", ""):
        raise MisuseError("a taxonomy without fingerprint cannot be saved: nothing could tell it from another one")
    return None
