"""Texts as people type them. The same text is always changed in the same way."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from random import Random

_WORD = re.compile(r"[^\W\d_]{4,}")
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"


def mistyped(text: str) -> str:
    """One typo in every word of four letters or more: two letters swapped, one dropped, one doubled, a wrong one."""
    random = Random(text)
    return _WORD.sub(lambda word: _typo(word.group(), random), text)


def _typo(word: str, random: Random) -> str:
    at = random.randrange(len(word))
    before, letter, after = word[:at], word[at], word[at + 1 :]
    unlike = [i for i in range(len(word) - 1) if word[i] != word[i + 1]]
    kind = random.choice(["drop", "double", "wrong", *(["swap"] if unlike else [])])
    if kind == "swap":
        at = random.choice(unlike)
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == "wrong":
        return before + random.choice(_ALPHABET.replace(letter.lower(), "")) + after
    return before + letter * (2 if kind == "double" else 0) + after


def without_accents(text: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))


def reordered(text: str) -> str:
    """The words in another order, wherever there is one."""
    words = text.split()
    if len(set(words)) < 2:
        return text
    random, mixed = Random(text), words
    while mixed == words:
        mixed = random.sample(words, len(words))
    return " ".join(mixed)


CHANGES: dict[str, Callable[[str], str]] = {
    "one typo in every word of four letters or more": mistyped,
    "accents removed": without_accents,
    "UPPER CASE": str.upper,
    '" (m/v/x)" appended': lambda text: f"{text} (m/v/x)",
    "words in another order": reordered,
}
