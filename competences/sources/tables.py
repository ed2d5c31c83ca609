"""CSV files with a header: the columns that a reader counts on are there, or the error says which is not."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from competences.errors import DataError
from competences.records.io import open_text

Row = Mapping[str, str]


def rows(path: Path, required: Iterable[str], *, ragged: bool = False) -> Iterator[tuple[int, Row]]:
    """(last line of the row, row) of a CSV file with a header; empty rows are skipped.

    Raises `DataError` where a column is missing, a row is longer or shorter than the header (a `ragged` file
    may leave out values at the end of a row), or the file is not UTF-8 CSV.
    """
    with open_text(path) as lines:
        reader = csv.reader(lines, strict=True)
        try:
            header = next(reader, [])
            for column in required:
                if column not in header:
                    found = ", ".join(header[:12]) or "an empty file"
                    raise DataError(f"expected this column, found {found}", file=path, line=1, field=column)
            for values in reader:
                if not values:
                    continue
                if ragged:
                    values += [""] * (len(header) - len(values))
                if len(values) != len(header):
                    short = f"expected {len(header)} values, found {len(values)}"
                    raise DataError(short, file=path, line=reader.line_num)
                yield reader.line_num, dict(zip(header, values, strict=True))
        except (csv.Error, UnicodeDecodeError) as error:
            raise DataError(f"cannot be read as CSV: {error}", file=path, line=reader.line_num) from error


def filled(path: Path, line: int, row: Row, column: str) -> str:
    """The value of a column that may not be empty."""
    value = row[column].strip()
    if not value:
        raise DataError("expected a value, found nothing", file=path, line=line, field=column)
    return value
