"""The one place where text is made ready: normalised for comparing, cut into phrases for linking."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from competences.encoders.forms import MARKED, one_form

_GENDER = re.compile(
    r"[(\[]?(?<![^\W_])(?:[mvfhwdx]\s?/\s?){1,2}[mvfhwdx](?![^\W_])[)\]]?"  # m/v/x, (h/f), m/w/d
)
_EXCEPT = re.compile(
    r"[,(]?\s*(?<=[\s,(])(?:except(?! for\b)|excluding|behalve|uitgezonderd|m\.u\.v\.|met uitzondering van|sauf|"
    r"a l['’]exception d|ausgenommen|mit ausnahme|(?:and )?all others?$|n\.e\.c\.|not elsewhere classified)"
    r"[^;.)\n]*"
)
_LETTERS = str.maketrans(
    {"ß": "ss", "œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l"}
)
_NOT_WORD = re.compile(r"[^\w+#]+|_")
_BREAK = re.compile(r"[\n\r\t;:•·▪●|!?()]+|\.(?=\s|$)|,(?=\s)|\s[-–—]+\s|(?:^|(?<=\n))\s*[-*–—]\s*")
MAX_WORDS = 12
"""A longer phrase is cut at conjunctions, then into windows: a blurred mean of many words names nothing."""
_JOINER = re.compile(r"\s(?:en|of|and|or|et|ou|und|oder|alsook|evenals|sowie)\s", re.IGNORECASE)


class Phrase(NamedTuple):
    """A piece of a text that may name a competence, and where it stands: text[start:end]."""

    text: str
    start: int
    end: int


def normalise(text: str) -> str:
    """Lower case, no accents, no gender marks ("m/v/x"), one title of two ("monteur/monteuse"), nothing that a text
    says it leaves out ("except …"), single spaces; + and # are kept (C++, C#)."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", MARKED.sub("", text).translate(_LETTERS))
        text = "".join(letter for letter in text if not unicodedata.combining(letter))
    elif not text.isalnum() or "In" in text:
        text = MARKED.sub("", text)
    text = text.casefold()
    if "/" in text:
        text = one_form(_GENDER.sub(" ", text))
    return _NOT_WORD.sub(" ", _EXCEPT.sub(" ", text)).strip()


def phrases(text: str) -> list[Phrase]:
    """The phrases of a text in order: cut at sentence ends, list marks, commas and line ends."""
    found: list[Phrase] = []
    start = 0
    for mark in [*_BREAK.finditer(text), None]:
        end = mark.start() if mark else len(text)
        found.extend(_short(text, start, end))
        start = mark.end() if mark else end
    return found


def _short(text: str, start: int, end: int) -> list[Phrase]:
    piece = text[start:end]
    start, end = start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())
    if not any(letter.isalnum() for letter in text[start:end]):
        return []
    words = list(re.finditer(r"\S+", text[start:end]))
    if len(words) <= MAX_WORDS:
        return [Phrase(text[start:end], start, end)]
    joiner = _JOINER.search(text, start, end)
    if joiner:
        return _short(text, start, joiner.start()) + _short(text, joiner.end(), end)
    windows = [
        words[at : at + MAX_WORDS] for at in range(0, len(words), MAX_WORDS // 2) if at + MAX_WORDS // 2 < len(words)
    ]
    spans = [(start + group[0].start(), start + group[-1].end()) for group in windows]
    return [Phrase(text[low:high], low, high) for low, high in spans]
