"""A generation as a folder of files, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from competences.encoders.protocol import Encoder
from competences.errors import IncompatibleIndexError
from competences.records.roles import JobRole
from matching.index.concepts import Concepts, Meanings, NoTaxonomy, Strengths
from matching.index.coverage import Coverage, Teaching
from matching.index.generation import Generation
from matching.index.store.catalogue import read_catalogue, write_catalogue
from matching.index.store.checked import Checked
from matching.index.store.files import sha256, sync_folder, write
from matching.index.store.manifest import MANIFEST, FileEntry, Manifest, check_taxonomy, fingerprint_of
from matching.index.store.meanings import StoredMeanings, stored
from matching.index.store.records import read_records, write_records
from matching.index.text_arrays import TextArrays
from matching.index.texts import OfferTexts
from matching.index.vocabulary import Vocabulary
from matching.settings import Settings
from matching.version import __version__

Arrays = dict[str, NDArray[Any]]


def write_generation(folder: Path, generation: Generation) -> bytes:
    """Fill an existing, empty folder; returns the manifest, which is written last. Everything is on disk then."""
    concepts = generation.coverage.concepts
    arrays, values = write_catalogue(folder, generation.catalogue)
    roles = list(generation.roles.values())
    arrays |= write_records(folder, "roles", roles)
    arrays |= _coverage_arrays(generation.coverage)
    arrays |= {f"texts.{name}": array for name, array in generation.texts.arrays._asdict().items()}
    values |= {"concept_ids": concepts.vocabulary.ids, "role_ids": [role.id for role in roles]}
    if (meanings := stored(concepts.taxonomy)) is not None:
        values["taxonomy"] = meanings
    for name, array in arrays.items():
        write(folder / f"{name}.npy", partial(np.save, arr=array, allow_pickle=False))
    for name, value in values.items():
        write(folder / f"{name}.json", partial(_dump, value))
    manifest = Manifest(
        library=__version__,
        encoder=concepts.encoder.fingerprint,
        dim=concepts.encoder.dim,
        taxonomy=fingerprint_of(concepts.taxonomy),
        taxonomy_version=str(getattr(concepts.taxonomy, "version", "")),
        settings=concepts.settings.model_dump(mode="json"),
        counts=_counts(generation, values),
        files={path.name: FileEntry(bytes=path.stat().st_size, sha256=sha256(path)) for path in folder.iterdir()},
    ).to_bytes()
    write(folder / MANIFEST, lambda out: out.write(manifest))
    sync_folder(folder)
    return manifest


def read_generation(folder: Path, manifest: Manifest, encoder: Encoder, taxonomy: Meanings | None) -> Generation:
    """A generation that serves what its files hold; each file is compared with the manifest before it is used."""
    files = Checked(folder, manifest)
    files.check_small()
    settings = Settings.model_validate_json(json.dumps(manifest.settings))
    meanings = _meanings(files) if taxonomy is None else taxonomy
    check_taxonomy(folder / MANIFEST, manifest, meanings)
    vocabulary = Vocabulary(files.json("concept_ids"))
    concepts = Concepts(vocabulary, encoder, meanings, settings, files.array("concept_vectors"))
    vars(concepts.index)["recall"] = float(files.array("concept_recall")[0])
    courses, routes = (_tuple(files, part, Teaching) for part in ("courses", "routes"))
    strengths = _tuple(files, "strengths", Strengths) if settings.materialise else None
    coverage = Coverage(concepts, courses, routes, strengths)
    catalogue = read_catalogue(files, settings)
    texts = OfferTexts(len(catalogue), encoder, lambda: _tuple(files, "texts", TextArrays), stored=True)
    return Generation(catalogue, coverage, _roles(files), texts)


def _coverage_arrays(coverage: Coverage) -> Arrays:
    parts = {"courses": coverage.courses, "routes": coverage.routes, "strengths": coverage.strengths}
    index = coverage.concepts.index
    arrays: Arrays = {"concept_vectors": index.vectors, "concept_recall": np.array([index.recall])}
    for part, held in parts.items():
        if held is not None:
            arrays |= {f"{part}.{name}": array for name, array in held._asdict().items()}
    return arrays


def _tuple(files: Checked, part: str, kind: Any) -> Any:
    return kind(**{name: files.array(f"{part}.{name}") for name in kind._fields})


def _dump(value: Any, out: IO[bytes]) -> None:
    out.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def _counts(generation: Generation, values: Mapping[str, Any]) -> dict[str, int]:
    counts = {name: len(value) for name, value in values.items() if isinstance(value, list)}
    return counts | {"offers": len(generation.catalogue), "outcomes": len(generation.courses.offers)}


def _roles(files: Checked) -> Mapping[str, JobRole]:
    # Roles are few beside offers, and every batch may name any of them.
    return dict(zip(files.json("role_ids"), read_records(files, "roles", JobRole), strict=True))


def _meanings(files: Checked) -> Meanings:
    manifest = files.manifest
    if "taxonomy.json" in manifest.files:
        return StoredMeanings(lambda: files.json("taxonomy"), manifest.taxonomy, manifest.taxonomy_version)
    if not manifest.taxonomy:
        return NoTaxonomy()
    raise IncompatibleIndexError(
        f"{files.folder / MANIFEST}: was made with taxonomy {manifest.taxonomy_version or manifest.taxonomy}, "
        "which the index does not hold; pass it as taxonomy="
    )
