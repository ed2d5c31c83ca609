"""A catalogue on disk: columns as arrays, offers as lines; studies, runs and codes are made when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from competences.records.offers import LearningOffer, Run
from competences.records.places import Place
from matching.index.catalogue import Catalogue, startable
from matching.index.columns import Atom, Codes, Columns, Form, Sessions
from matching.index.session_columns import Slot
from matching.index.store.checked import Checked
from matching.index.store.records import PARSED, LazySequence, read_records, write_records
from matching.index.study import Study, study_hours
from matching.index.vocabulary import Vocabulary
from matching.settings import Settings

CODES: dict[str, Any] = {
    "forms": Form, "places": Place, "sessions": Sessions, "slots": Slot, "atoms": Atom, "groups": str,
}  # fmt: skip
"""Name of each code table of a catalogue, and what its values are."""

Values = dict[str, Any]
Arrays = dict[str, NDArray[Any]]


class StoredVocabulary(Vocabulary):
    """Ids that are read when one is asked for: most matches know offers by row alone."""

    def __init__(self, read: Callable[[], list[str]]) -> None:
        self._read = read

    @cached_property
    def ids(self) -> list[str]:  # type: ignore[override]
        return self._read()

    @cached_property
    def _rows(self) -> dict[str, int]:  # type: ignore[override]
        return {identifier: row for row, identifier in enumerate(self.ids)}


class StoredCodes(Codes[Any]):
    """Codes whose values are read when one is asked for."""

    def __init__(self, read: Callable[[], list[Any]], n: int) -> None:
        self._read, self._n = read, n

    @cached_property
    def values(self) -> list[Any]:  # type: ignore[override]
        return self._read()

    @cached_property
    def _codes(self) -> dict[Any, int]:  # type: ignore[override]
        return {value: code for code, value in enumerate(self.values)}

    def __len__(self) -> int:
        return len(self.values) if "values" in self.__dict__ else self._n


def write_catalogue(folder: Path, catalogue: Catalogue) -> tuple[Arrays, Values]:
    """Writes the offers; returns the arrays and the JSON values that go with them."""
    arrays: Arrays = dict(write_records(folder, "offers", catalogue.offers))
    arrays |= {f"columns.{name}": array for name, array in catalogue.columns._asdict().items()}
    values: Values = {"offer_ids": catalogue.vocabulary.ids, "modular": list(catalogue.modular)}
    for name, kind in CODES.items():
        values[name] = _adapter(kind).dump_python(getattr(catalogue, name).values, mode="json")
    return arrays, values


def read_catalogue(files: Checked, settings: Settings) -> Catalogue:
    """The catalogue as it was written."""
    offers = read_records(files, "offers", LearningOffer)
    columns = Columns(**{name: files.array(f"columns.{name}") for name in Columns._fields})
    return Catalogue(
        settings=settings,
        vocabulary=StoredVocabulary(lambda: files.json("offer_ids")),
        offers=offers,
        studies=_studies(offers, settings),
        runs=_runs(offers, columns.run_start),
        columns=columns,
        modular=files.json("modular"),
        **{name: _codes(files, name) for name in CODES},
    )


def _codes(files: Checked, name: str) -> StoredCodes:
    def values() -> list[Any]:
        return _adapter(CODES[name]).validate_json(files.path(f"{name}.json").read_bytes())

    return StoredCodes(values, files.manifest.counts[name])


def _adapter(kind: Any) -> TypeAdapter[list[Any]]:
    return TypeAdapter(list[kind])


def _studies(offers: Sequence[LearningOffer], settings: Settings) -> Sequence[Study]:
    def make(row: int) -> Study:
        return study_hours(offers[row].time, offers[row].kind, settings)

    return LazySequence(len(offers), lru_cache(PARSED)(make))


def _runs(offers: Sequence[LearningOffer], run_start: NDArray[np.int64]) -> Sequence[Run | None]:
    def make(row: int) -> Run | None:
        offer = int(np.searchsorted(run_start, row, side="right")) - 1
        return startable(offers[offer])[row - int(run_start[offer])]

    return LazySequence(int(run_start[-1]), make)
