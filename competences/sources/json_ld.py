"""Nodes of a linked-data document: found by type wherever they stand, read without fetching a context."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from competences.errors import DataError
from competences.sources.documents import listed

Node = Mapping[str, Any]

_LANGUAGES = {
    "nl": "nld dut dutch nederlands néerlandais niederländisch flemish vlaams",
    "en": "eng english engels anglais englisch",
    "fr": "fra fre french frans français französisch",
    "de": "deu ger german duits allemand deutsch",
    "es": "spa spanish spaans espagnol spanisch español",
    "it": "ita italian italiaans italien italienisch italiano",
    "pt": "por portuguese portugees portugais portugiesisch português",
    "pl": "pol polish pools polonais polnisch",
    "ro": "ron rum romanian roemeens",
    "tr": "tur turkish turks turc türkisch",
    "ar": "ara arabic arabisch arabe اللغة العربية",
    "uk": "ukr ukrainian oekraïens ukrainien",
    "ru": "rus russian russisch russe",
    "zh": "zho chi chinese chinees chinois 中文",
    "ja": "jpn japanese japans japonais 日本語",
    "bg": "bul bulgarian bulgaars",
}
_TAG_OF = {name: tag for tag, names in _LANGUAGES.items() for name in (tag, *names.split())}


def nodes(document: object) -> Iterator[Node]:
    """Every object in a document, outer before inner, in order; without recursion, however deep."""
    waiting: list[object] = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Mapping):
            yield value
            waiting.extend(reversed(list(value.values())))
        elif isinstance(value, list):
            waiting.extend(reversed(value))


def types_of(node: Node) -> frozenset[str]:
    """The names of a node's types, without their vocabulary: "schema:Course" is Course."""
    named = [*listed(node.get("type")), *listed(node.get("@type"))]
    return frozenset(re.split(r"[/#:]", name)[-1] for name in named if isinstance(name, str))


def of_type(document: object, *wanted: str) -> list[Node]:
    """The nodes of the wanted types in order; one that is repeated with the same id counts once, the fullest."""
    found: dict[str, Node] = {}
    for at, node in enumerate(nodes(document)):
        if types_of(node) & set(wanted):
            key = id_of(node) or f"#{at}"
            if key not in found or len(node) > len(found[key]):
                found[key] = node
    return list(found.values())


def id_of(node: object) -> str | None:
    """The id of a node, or of a reference to one."""
    if isinstance(node, str):
        return node.strip() or None
    if isinstance(node, Mapping):
        for key in ("id", "@id"):
            if isinstance(node.get(key), str) and node[key].strip():
                return str(node[key]).strip()
    return None


class Index:
    """References by id to the node that says most about them."""

    def __init__(self, document: object) -> None:
        self._nodes: dict[str, Node] = {}
        for node in nodes(document):
            key = id_of(node)
            if key is not None and (key not in self._nodes or len(node) > len(self._nodes[key])):
                self._nodes[key] = node

    def all(self, value: object) -> list[Node]:
        """The nodes behind a value: an object, a reference, or a list of them."""
        found = []
        for item in listed(value):
            known = self._nodes.get(id_of(item) or "")
            if isinstance(item, Mapping):
                found.append(known if known is not None and len(known) > len(item) else item)
            elif known is not None:
                found.append(known)
        return found

    def first(self, value: object) -> Node:
        """The first node behind a value; an empty one where there is none."""
        found = self.all(value)
        return found[0] if found else {}


def number_of(value: object) -> float | None:
    """A number as a number, a text or a node with a value; None where there is none."""
    for item in listed(value):
        if isinstance(item, Mapping):
            item = next((item[key] for key in ("value", "@value", "maxValue") if key in item), None)
        if isinstance(item, str) and re.fullmatch(r"\s*-?\d{1,9}(?:[.,]\d{1,9})?\s*", item):
            return float(item.replace(",", "."))
        if isinstance(item, int | float) and not isinstance(item, bool) and abs(item) < 1e9 and math.isfinite(item):
            return float(item)
    return None


def day_of(value: object, path: str | Path, where: str) -> dt.date | None:
    """The day of an ISO 8601 date or moment, as it is written; `DataError` where there is none in it."""
    for item in listed(value):
        text = item.get("@value") if isinstance(item, Mapping) else item
        if text in (None, ""):
            continue
        match = re.match(r"(\d{4}-\d{2}-\d{2})(?:$|[T ])", text) if isinstance(text, str) else None
        try:
            if match:
                return dt.date.fromisoformat(match[1])
        except ValueError:
            pass
        raise DataError(f"expected an ISO 8601 date, not {text!r:.80}", file=path, field=where)
    return None


def language_tag(value: object) -> str | None:
    """The tag of a language that is given as a tag, a three-letter code, a name or an address that ends in one."""
    for item in listed(value):
        text = id_of(item) if not isinstance(item, Mapping) else id_of(item) or item.get("name") or item.get("notation")
        if isinstance(text, str):
            name = text.rstrip("/").rpartition("/")[2].strip().lower()
            tag = _TAG_OF.get(re.split(r"[-_ ]", name)[0])
            if tag:
                return tag
    return None
