"""Text out of data, made safe to show: what a file says never moves the cursor, colours the screen or turns lines."""

from __future__ import annotations

import re

SHOWN = "\ufffd"
"""Stands where something was that cannot be shown."""
_SPACES = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]+")
# C0 and C1 controls, half surrogates, and the marks that turn the direction of what follows.
_UNSHOWN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def plain(text: str) -> str:
    """One line without control characters; line ends and tabs become spaces."""
    return _UNSHOWN.sub(SHOWN, _SPACES.sub(" ", text))


def plain_lines(text: str) -> str:
    """The same of several lines."""
    return "\n".join(map(plain, text.split("\n")))


def plain_json(text: str) -> str:
    """JSON whose strings hold no character that a terminal would act on; means the same."""
    return _UNSHOWN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
