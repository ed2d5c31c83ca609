"""What a saved generation is: format, encoder, taxonomy, settings, counts, and size and SHA-256 of each file."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from competences.encoders.protocol import Encoder
from competences.errors import IncompatibleIndexError
from competences.records.base import Record
from competences.records.io import first_problem
from matching.index.concepts import Meanings
from matching.index.store.files import damaged

FORMAT = "leermatch-index"
VERSION = 2
"""Goes up when an older program could no longer read what is written."""
MANIFEST = "manifest.json"


class FileEntry(Record):
    """One file of a generation."""

    bytes: int
    sha256: str


class Manifest(Record):
    """Everything that must fit before a generation is served."""

    format: str = FORMAT
    version: int = VERSION
    library: str
    """The version of leermatch that wrote it: for people, never compared."""
    encoder: str
    """Fingerprint."""
    dim: int
    taxonomy: str
    """Fingerprint; empty where ids are their own labels."""
    taxonomy_version: str = ""
    settings: dict[str, Any]
    counts: dict[str, int]
    files: dict[str, FileEntry]

    def to_bytes(self) -> bytes:
        """Sorted, so that the same generation has the same manifest."""
        return (json.dumps(self.model_dump(), indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def read_manifest(path: Path, digest: str) -> Manifest:
    """The manifest whose SHA-256 the pointer states."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise IncompatibleIndexError(f"{path}: is missing") from None
    if hashlib.sha256(data).hexdigest() != digest:
        raise damaged(path, "its SHA-256 is not the one that CURRENT states")
    check_format(path, json.loads(data))
    try:
        return Manifest.model_validate_json(data)
    except ValidationError as error:
        field, expected = first_problem(error)
        raise IncompatibleIndexError(f"{path}: {field}: {expected}") from error


def check_format(path: Path, stated: dict[str, Any]) -> None:
    """A foreign or newer format is refused before anything else is read."""
    if stated.get("format") != FORMAT:
        raise IncompatibleIndexError(f"{path}: is not a leermatch index")
    check_version(path, stated.get("version"), VERSION)


def check_version(path: Path, stated: object, ours: int) -> None:
    """What another version of this program wrote is refused, with what to do."""
    if stated != ours:
        older = isinstance(stated, int) and stated < ours
        raise IncompatibleIndexError(
            f"{path}: has format version {stated}; this leermatch reads version {ours}: "
            + ("build the index anew (leermatch index build)" if older else "use the leermatch that wrote it")
        )


def check_encoder(path: Path, manifest: Manifest, encoder: Encoder) -> None:
    """Vectors of another encoder mean something else: they are never served."""
    if encoder.fingerprint != manifest.encoder:
        raise IncompatibleIndexError(
            f"{path}: was made with encoder {manifest.encoder[:16]}, not with {encoder.fingerprint[:16]}; "
            "load it with that encoder, or build the index again"
        )


def check_taxonomy(path: Path, manifest: Manifest, taxonomy: Meanings) -> None:
    """Concepts that were joined under another taxonomy are never served."""
    if fingerprint_of(taxonomy) != manifest.taxonomy:
        raise IncompatibleIndexError(
            f"{path}: was made with taxonomy {manifest.taxonomy_version or manifest.taxonomy or 'none'}, not with "
            f"{getattr(taxonomy, 'version', '') or 'none'}; load it with that taxonomy, or build the index again"
        )


def fingerprint_of(taxonomy: Meanings) -> str:
    """Empty for a taxonomy that does not identify itself."""
    return str(getattr(taxonomy, "fingerprint", ""))
