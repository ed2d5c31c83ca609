"""The fields that offers and credentials of the European Learning Model have in common."""

from __future__ import annotations

from collections.abc import Iterable

from competences.sources.documents import listed, text_of
from competences.sources.iso import iso_hours
from competences.sources.json_ld import Index, Node, id_of, number_of
from competences.sources.quantities import unread

_ECTS = "6fcec5c5af"
"""European Credit Transfer System in the list of education credits."""


def outcomes(node: Node, index: Index) -> list[tuple[str, str]]:
    """(competence, title of the outcome): the related ESCO skills, or the outcome in words where there are none."""
    found: list[tuple[str, str]] = []
    for outcome in index.all(node.get("learningOutcome")):
        title = text_of(outcome.get("title")) or text_of(outcome.get("prefLabel")) or ""
        skills = [key for one in listed(outcome.get("relatedESCOSkill")) if (key := id_of(one))]
        found.extend((name[:500], title) for name in skills or ([title] if title else []))
    return list({name: (name, title) for name, title in reversed(found)}.values())[::-1]


def first_hours(values: Iterable[object], notes: list[str]) -> float | None:
    """The first length that is hours of work; each other one is named."""
    for value in values:
        for text in listed(value):
            hours, note = iso_hours(text) if isinstance(text, str) else (None, unread(str(text)))
            if hours is not None:
                return hours
            notes.append(f"volume of learning {note}")
    return None


def ects(node: Node, index: Index, notes: list[str]) -> float | None:
    """The credit points that are ECTS; points of another system are named."""
    for credit in index.all(node.get("creditPoint")):
        points = number_of(credit.get("point"))
        framework = index.first(credit.get("framework"))
        name = f"{id_of(credit.get('framework')) or id_of(framework) or ''} {text_of(framework.get('prefLabel')) or ''}"
        european = _ECTS in name or "ECTS" in name or "European Credit Transfer" in name
        if european and points is not None and 0 <= points <= 240:
            return points
        notes.append(unread(f"{credit.get('point')} credit points", "no number of ECTS credits"))
    return None


def eqf_level(node: Node, index: Index, notes: list[str]) -> int | None:
    """The level in the European Qualifications Framework, which VKS runs parallel to."""
    for level in listed(node.get("eqfLevel")):
        number = number_of((id_of(level) or "").rstrip("/").rpartition("/")[2])
        if number is not None and number in range(1, 9):
            return int(number)
        notes.append(unread(str(id_of(level)), "expected an EQF level from 1 to 8"))
    return None


def names_of(organisations: Iterable[Node]) -> str | None:
    """Legal names, or the names in use."""
    names = [name for one in organisations if (name := text_of(one.get("legalName")) or text_of(one.get("prefLabel")))]
    return ", ".join(dict.fromkeys(names)) or None
