"""Hypothesis strategy: a valid JSON document with something wrong in one or a few places."""

from __future__ import annotations

import copy
from typing import Any

from hypothesis import strategies as st

junk = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
    | st.sampled_from(
        ["", " ", "P60M", "PT8H", "2025-02-30", "2025-01-01", "-1", "99999999999", "nl", "é\u0000", "12 uur"]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=4,
)


def _places(value: Any, found: list[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """(container, key) of everything inside a document."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(items):
        found.append((value, key))
        _places(inner, found)
    return found


@st.composite
def broken(draw: st.DrawFn, document: Any) -> Any:
    """A copy of the document in which one to three values are replaced, removed or wrapped in a list."""
    root = {"": copy.deepcopy(document)}
    for _ in range(draw(st.integers(1, 3))):
        container, key = draw(st.sampled_from(_places(root, [])))
        how = draw(st.sampled_from(["replace", "remove", "wrap", "repeat"]))
        if how == "remove" and container is not root:
            del container[key]
        elif how == "wrap":
            container[key] = [container[key]]
        elif how == "repeat" and isinstance(container, list):
            container.append(copy.deepcopy(container[key]))
        else:
            container[key] = draw(junk)
    return root[""]
