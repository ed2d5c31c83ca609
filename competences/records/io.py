"""Records to and from JSON Lines, streaming; an error names file, line, field and what was expected."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, TypeVar, cast

from pydantic import ValidationError

from competences.errors import DataError, StorageError
from competences.records.base import Record
from competences.records.competence import Competence
from competences.records.learners import LearnerProfile
from competences.records.offers import LearningOffer
from competences.records.roles import JobRole

R = TypeVar("R", bound=Record)


def open_text(path: str | Path) -> IO[str]:
    """Open a file for reading as UTF-8 (a byte order mark is skipped), gzipped where its name ends in .gz."""
    return io.TextIOWrapper(open_bytes(path), encoding="utf-8-sig")


def open_bytes(path: str | Path) -> IO[bytes]:
    """Open a file for reading, gzipped where its name ends in .gz."""
    try:
        return cast(IO[bytes], gzip.open(path, "rb") if str(path).endswith(".gz") else open(path, "rb"))
    except OSError as error:
        raise DataError(f"cannot be opened: {error.strerror}", file=path) from error


def numbered_lines(path: str | Path) -> Iterator[tuple[int, str]]:
    """(line number from 1, text) of each line that is not blank."""
    number = 0
    with open_bytes(path) as lines:
        try:
            for number, line in enumerate(lines, start=1):
                said = line.decode("utf-8-sig" if number == 1 else "utf-8")
                if said.strip():
                    yield number, said
        except UnicodeDecodeError as error:
            raise DataError(f"expected UTF-8 text: {error.reason}", file=path, line=number) from error
        except (OSError, EOFError) as error:
            raise DataError(f"cannot be read: {error}", file=path, line=number + 1) from error


def first_problem(error: ValidationError) -> tuple[str, str]:
    """(field path, what was expected) of the first thing that pydantic found wrong."""
    problem = error.errors(include_url=False)[0]
    field = ".".join(str(part) for part in problem["loc"])
    got = "" if problem["type"] in ("missing", "extra_forbidden", "json_invalid") else f", not {problem['input']!r:.80}"
    return field, problem["msg"].removeprefix("Value error, ") + got


def read(path: str | Path, record: type[R]) -> Iterator[R]:
    """Yield one record per line; blank lines are skipped. Raises `DataError` at the first line that is wrong,
    an id that occurs twice included."""
    seen: dict[str, int] = {}
    for number, line in numbered_lines(path):
        try:
            one = record.model_validate_json(line)
        except ValidationError as error:
            field, expected = first_problem(error)
            raise DataError(expected, file=path, line=number, field=field or None) from error
        identifier = getattr(one, "id", None)
        if identifier in seen:
            raise DataError(
                f"{identifier!r} was used before, on line {seen[identifier]}", file=path, line=number, field="id"
            )
        if identifier is not None:
            seen[identifier] = number
        yield one


def write(path: str | Path, records: Iterable[Record]) -> int:
    """Write one record per line, unset fields left out; returns how many. Raises `StorageError`."""
    count = 0
    try:
        with open(path, "w", encoding="utf-8") as out:
            for count, one in enumerate(records, start=1):  # noqa: B007
                out.write(one.model_dump_json(exclude_unset=True) + "\n")
    except OSError as error:
        raise StorageError(f"{path}: cannot be written: {error.strerror}") from error
    return count


def read_offers(path: str | Path) -> list[LearningOffer]:
    """Offers from JSON Lines."""
    return list(read(path, LearningOffer))


def read_learners(path: str | Path) -> list[LearnerProfile]:
    """Learner profiles from JSON Lines."""
    return list(read(path, LearnerProfile))


def read_roles(path: str | Path) -> list[JobRole]:
    """Job roles from JSON Lines."""
    return list(read(path, JobRole))


def read_competences(path: str | Path) -> list[Competence]:
    """Competences from JSON Lines."""
    return list(read(path, Competence))
