"""A title for both genders is one title: "Verkäufer/Verkäuferin", "monteur / monteuse", "LehrerIn", "vendeur(se)"."""

from __future__ import annotations

import re

_ENDING = "(?:e|ne|le|te|se|euse|trice|ère|ière)"
MARKED = re.compile(
    r"(?<=[^\W\d_])(?:"
    r"(?:[*:_]|/-?)in(?:nen)?(?!\w)"  # Lehrer:in, Lehrer*innen, Lehrer/-in, Lehrer/in
    r"|(?-i:(?<=er|or|nt|st|rt|og|at|ar|nd)In(?:nen)?)(?!\w)"  # LehrerIn
    rf"|\((?:{_ENDING}|in|innen)\)s?"  # vendeur(se), Lehrer(in)
    rf"|/-?{_ENDING}(?!\w)"  # agent/e
    rf"|·{_ENDING}(?:·?s)?(?!\w))",  # étudiant·e·s
    re.IGNORECASE,
)
"""Marks of gender that are written into a word, as they stand before case and accents are folded."""

_ENDINGS = {
    "": ("e", "in", "ne", "le", "te", "sse", "ess", "ster", "es"),
    "e": ("in",), "r": ("", "se", "use"), "er": ("in", "ere", "ster", "rice", "ress"), "eur": ("rice", "euse"),
    "or": ("ress",), "ar": ("res",), "f": ("ve",), "x": ("se",), "o": ("a",), "og": ("ge",), "man": ("woman", "vrouw"),
    "mann": ("frau",), "heer": ("vrouw",), "pfleger": ("schwester",),
}  # fmt: skip
"""What a second form puts in the place of the end of the first."""
_WORD = re.compile(r"[\w'’+#]+(?:-[\w'’+#]+)*")
_SHARED = 3
"""Letters that two forms of one word begin with, at least."""


def one_form(text: str) -> str:
    """A folded text without the second of two forms around a slash: "staatlich geprufter techniker/staatlich geprufte
    technikerin fachrichtung holz" keeps its first three words and the last two. Other slashes stay."""
    kept, *others = text.split("/")
    for other in others:
        left, right = _WORD.findall(kept), list(_WORD.finditer(other))
        end = 0
        for length in range(min(len(left), len(right)), 0, -1):
            if all(_is_form(a, b.group()) for a, b in zip(left[-length:], right[:length], strict=True)):
                end = right[length - 1].end()
                break
        kept += (" " if end else "/") + other[end:]
    return kept


def _is_form(first: str, second: str) -> bool:
    """Whether two words are equal or two forms of one word, whichever comes first; compounds part by part."""
    if first == second:
        return True
    if "-" in first or "-" in second:
        parts, others = first.split("-"), second.split("-")
        return len(parts) == len(others) and all(map(_is_form, parts, others))
    shared = 0
    for a, b in zip(first, second, strict=False):
        if a != b:
            break
        shared += 1
    one, other = first[shared:], second[shared:]
    return shared >= _SHARED and (other in _ENDINGS.get(one, ()) or one in _ENDINGS.get(other, ()))
