"""The XML of the European Learning Model (LOQ) as the nodes that its JSON-LD would have."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

from competences.errors import DataError

_RENAMED = {"type": "dcType", "contentUrl": "contentURL"}
MOST_DEPTH = 100


def read_xml(path: str | Path) -> dict[str, Any]:
    """The document as nodes. Raises `DataError` with the line where the XML is broken; entities are refused."""
    try:
        text = Path(path).read_bytes()
    except OSError as error:
        raise DataError(f"cannot be opened: {error.strerror}", file=path) from error
    if re.search(rb"<!(?:DOCTYPE|ENTITY)", text):
        raise DataError("expected XML without a document type or entities of its own", file=path)
    try:
        root = ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        line = error.position[0] if isinstance(error, ElementTree.ParseError) else None
        raise DataError(f"expected XML: {error}", file=path, line=line) from error
    return _node(root, path, 0)


def _node(element: ElementTree.Element, path: str | Path, depth: int) -> dict[str, Any]:
    """Children under their names; texts in several languages become one map."""
    if depth > MOST_DEPTH:
        raise DataError(f"expected at most {MOST_DEPTH} elements within one another", file=path)
    name = _local(element.tag)
    node: dict[str, Any] = {"type": name[:1].upper() + name[1:]}
    key = element.get("id") or element.get("idref") or element.get("uri")
    if key:
        node["id"] = key
    for child in element:
        field = _RENAMED.get(_local(child.tag), _local(child.tag))
        text, language = (child.text or "").strip(), child.get("language")
        if len(child) == 0 and text and language:
            said = node.setdefault(field, {})
            if isinstance(said, dict):
                said.setdefault(language, text)
        elif len(child) == 0 and text:
            node.setdefault(field, []).append(text)
        elif isinstance(node.setdefault(field, []), list):
            node[field].append(_node(child, path, depth + 1))
    return node


def _local(tag: object) -> str:
    return str(tag).rpartition("}")[2]
