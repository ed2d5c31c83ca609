"""What is recorded of one result: enough to make it again, nothing that names the person."""

from __future__ import annotations

from typing import Any, Literal

from competences.records.base import Record
from matching.audit.canonical import digest

Kind = Literal["match", "plan", "override", "pruned"]


class AuditRecord(Record):
    """One line of the trail. `hash` is over all other fields, `previous` among them: a change anywhere shows."""

    format: Literal[1] = 1
    id: str
    at: str
    """UTC, ISO 8601."""
    kind: Kind
    person: str = ""
    """Pseudonym: an HMAC under the person's own key."""
    input: str = ""
    """HMAC of profile, goal, day and options, under the same key."""
    sealed: str | None = None
    """Encrypted with the person's key: reasons of an override, and the input where it is kept."""
    on: str = ""
    options: dict[str, Any] = {}
    """What was asked beside the profile: how many, and which offers were let in, left out, pinned."""
    versions: dict[str, Any] = {}
    result: dict[str, Any] = {}
    override: dict[str, Any] | None = None
    """Who overruled which record, and which offers were pinned or excluded."""
    previous: str = ""
    hash: str = ""

    def hashed(self, previous: str) -> AuditRecord:
        """The same record, chained to the one before it."""
        chained = self.model_copy(update={"previous": previous, "hash": ""})
        return chained.model_copy(update={"hash": chained.own_hash()})

    def own_hash(self) -> str:
        """What `hash` must be."""
        return digest(self.model_dump(mode="json", exclude={"hash"}))
