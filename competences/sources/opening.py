"""A path, or `format:path`, to offers or learners: the one door that the command line uses."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from competences.errors import DataError, MisuseError
from competences.records.claims import Credential
from competences.records.io import read_learners, read_offers
from competences.records.learners import LearnerProfile
from competences.records.offers import LearningOffer
from competences.sources import courses_en, elm, jcrec, json_resume, kdg, ooapi, open_badges, schema_org, vdab
from competences.sources.documents import Noted

T = TypeVar("T")

log = logging.getLogger("leermatch")


def open_offers(spec: str | Path) -> list[LearningOffer]:
    """The offers of a file: our JSON Lines at a plain path, or another format as `format:path`.

    Raises `MisuseError` for a format that is not known, `DataError` for a file that is missing or broken.
    """
    return _open(spec, OFFERS, read_offers)


def open_learners(spec: str | Path) -> list[LearnerProfile]:
    """The learners of a file, in the same way. What a reader could not interpret is logged as a warning."""
    return _open(spec, LEARNERS, read_learners)


def credentials_as_learner(path: str | Path, read: Callable[[str | Path], Noted[Credential]]) -> Noted[LearnerProfile]:
    """The holder of the credentials in a file: one person, named after the file."""
    found = read(path)
    name = Path(path).name.partition(".")[0] or "holder"
    return Noted([LearnerProfile(id=f"credentials:{name}", credentials=tuple(found.records))], found.notes)


def _logged(read: Callable[[str | Path], Noted[LearnerProfile]]) -> Callable[[str | Path], list[LearnerProfile]]:
    def learners(path: str | Path) -> list[LearnerProfile]:
        found = read(path)
        for note in found.notes:
            log.warning("%s: %s", path, note)
        return found.records

    return learners


def _open(
    spec: str | Path, formats: Mapping[str, Callable[[str | Path], list[T]]], ours: Callable[[str | Path], list[T]]
) -> list[T]:
    """A path that exists is a path, whatever colons are in it."""
    name, colon, rest = str(spec).partition(":")
    if isinstance(spec, Path) or not colon or _exists(spec):
        return ours(_present(spec))
    if name in formats:
        if not rest:
            raise MisuseError(f"expected a path after {name!r}, as in {name}:courses.json")
        return formats[name](_present(rest))
    if len(name) == 1 or "/" in name or "\\" in name:
        raise DataError("no such file", file=spec)
    raise MisuseError(f"unknown format {name!r}: one of {', '.join(sorted(formats))}, or a path to our own JSON Lines")


def _present(path: str | Path) -> str | Path:
    if not _exists(path):
        raise DataError("no such file", file=path)
    return path


def _exists(path: str | Path) -> bool:
    try:
        return bool(str(path)) and Path(path).exists()
    except (OSError, ValueError):  # a name that no file can have
        return False


OFFERS: Mapping[str, Callable[[str | Path], list[LearningOffer]]] = {
    "vdab": vdab.read_trainings,
    "kdg": kdg.read_courses,
    "elm": elm.read_offers,
    "ooapi": ooapi.read_courses,
    "schema_org": schema_org.read_courses,
    "jcrec": jcrec.read_courses,
    "edx": courses_en.read_edx,
    "coursera": courses_en.read_coursera,
}
"""The formats of offers, by the name that stands before the path."""
LEARNERS: Mapping[str, Callable[[str | Path], list[LearnerProfile]]] = {
    "json_resume": _logged(json_resume.read_learners),
    "jcrec": _logged(jcrec.read_learners),
    "open_badges": _logged(lambda path: credentials_as_learner(path, open_badges.read_credentials)),
    "elm": _logged(lambda path: credentials_as_learner(path, elm.read_credentials)),
}
"""The formats of learners."""
