"""JSON documents of others: open them, walk them (a node is an object or a list), complain with file and field."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from competences.errors import DataError
from competences.records.io import first_problem, numbered_lines, open_text

LANGUAGES = ("nl", "en", "fr", "de")
"""Which language of a text in several is taken, best first."""
_STOPWORDS = {
    "nl": "de het een en van je met voor op in is dat niet wordt deze ook zijn aan naar tot bij door als over uit",
    "en": "the a and of you with for on in is that not will this also are to by as about from your",
    "fr": "le la les un une et de du des vous avec pour sur dans est que pas sera cette aussi sont au par comme",
    "de": "der die das ein eine und von sie mit für auf in ist dass nicht wird diese auch sind zu bei durch als",
}
_BLOCK = re.compile(r"<\s*(?:br|/?p|/?div|/?ul|/?ol|/li|/?h[1-6]|/?tr|/?table)\b[^<>]*>", re.IGNORECASE)
_ITEM = re.compile(r"<\s*li\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--.*?-->", re.DOTALL)
_BULLET = re.compile("[\ue000-\uf8ff\u2022\u25cf\u25a0\u25aa\u25e6]")


class HasId(Protocol):
    @property
    def id(self) -> str: ...


R = TypeVar("R", bound=HasId)
M = TypeVar("M", bound=BaseModel)


T = TypeVar("T")


class Noted(NamedTuple, Generic[T]):
    """Records that have no notes of their own, and what the reader could not interpret, in words."""

    records: list[T]
    notes: tuple[str, ...]


def read_json(path: str | Path) -> Any:
    """The JSON document in a file. Raises `DataError` with the line where it is broken."""
    with open_text(path) as file:
        try:
            text = file.read()
        except (UnicodeDecodeError, OSError, EOFError) as error:
            raise DataError(f"cannot be read as UTF-8 text: {error}", file=path) from error
    return parse_json(text, path)


def parse_json(text: str, path: str | Path, line: int | None = None) -> Any:
    """One JSON text of a file, that begins on `line` (None: at the start of the file)."""
    try:
        return json.loads(text, parse_constant=_refuse, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        at = error.lineno if line is None else line
        raise DataError(f"expected JSON: {error.msg}", file=path, line=at) from error
    except (ValueError, RecursionError) as error:
        raise DataError(f"expected JSON: {error}", file=path, line=line) from error


def json_lines(path: str | Path) -> Iterator[tuple[int, Any]]:
    """(line, value) of each line of a JSON Lines file."""
    for line, text in numbered_lines(path):
        yield line, parse_json(text, path, line)


def validated(model: type[M], raw: object, path: str | Path, *, line: int | None = None, where: str = "") -> M:
    """`raw` as a model, or a `DataError` that names the field below `where`."""
    with located(path, line=line, where=where):
        return model.model_validate(raw)


class located:  # noqa: N801 (read as a word of the sentence: with located(path, line=3): …)
    """Whatever pydantic refuses inside becomes a `DataError` with file, line and field."""

    def __init__(self, path: str | Path, *, line: int | None = None, where: str = "") -> None:
        self.path, self.line, self.where = path, line, where

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ValidationError):
            field, expected = first_problem(error)
            at = ".".join(part for part in (self.where, field) if part)
            raise DataError(expected, file=self.path, line=self.line, field=at or None) from error


def distinct(records: Iterable[R], path: str | Path) -> list[R]:
    """The records, or a `DataError` that names the id that occurs twice."""
    found: dict[str, R] = {}
    for record in records:
        if record.id in found:
            raise DataError(f"{record.id!r} occurs twice", file=path, field="id")
        found[record.id] = record
    return list(found.values())


def listed(value: object) -> list[Any]:
    """A node that is an object or a list, as a list; None is empty."""
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def text_of(value: object, languages: Iterable[str] = LANGUAGES) -> str | None:
    """A text out of a string, a language map, a JSON-LD value or a list of them; None where there is none."""
    if isinstance(value, str):
        return cleaned(value) or None
    if isinstance(value, list | tuple):
        texts = [text for item in value if (text := text_of(item, languages))]
        return texts[0] if texts else None
    if isinstance(value, Mapping):
        if "@value" in value:
            return text_of(value["@value"])
        for language in (*languages, *value):
            if isinstance(language, str) and isinstance(value.get(language), str | list):
                text = text_of(value[language])
                if text:
                    return text
    return None


def cleaned(text: str) -> str:
    """Plain text: tags gone, list items on lines of their own, entities and symbol-font bullets read."""
    text = _TAG.sub("", _ITEM.sub("\n- ", _BLOCK.sub("\n", text)))
    text = _BULLET.sub("-", html.unescape(text)).replace("\xa0", " ")
    lines = (" ".join(line.split()) for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def words_in(text: str | None, separators: str = r"[;,]") -> tuple[str, ...]:
    """The parts of a list in one text ("a; b, c"), in order and once; commas within brackets do not separate."""
    if not text:
        return ()
    parts = re.split(rf"{separators}(?![^()]*\))", text)
    return tuple(dict.fromkeys(part for part in (" ".join(part.split()).strip(" .") for part in parts) if part))


def language_of(text: str) -> str | None:
    """The language that a text is in by its small words, or None where it is too short or mixed to tell."""
    words = re.findall(r"[^\W\d_]+", text.lower())
    counts = {language: sum(word in stops for word in words) for language, stops in _SMALL_WORDS.items()}
    best, second, *_ = sorted(counts, key=lambda language: -counts[language])
    return best if counts[best] >= 3 and counts[best] >= 1.5 * counts[second] else None


_SMALL_WORDS = {language: frozenset(words.split()) for language, words in _STOPWORDS.items()}


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object; a key that occurs twice would lose the first value silently."""
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"{next(key for key in keys if keys.count(key) > 1)!r:.80} occurs twice in one object")
    return found


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is no number")
