"""English course catalogues as they are published in CSV: edX and Coursera, with effort per week and length."""

from __future__ import annotations

import re
from pathlib import Path

from competences.records.competence import Outcome
from competences.records.hours import TimeDemand
from competences.records.offers import DeliveryMode, LearningOffer
from competences.sources.documents import cleaned, distinct, located, words_in
from competences.sources.durations import Reading, read_duration
from competences.sources.json_ld import language_tag
from competences.sources.quantities import unread
from competences.sources.tables import Row, filled, rows

_EDX = ("title", "course_url", "language", "course_effort", "course_length", "price", "course_description", "subject")
_COURSERA = ("ID", "Title", "Organization", "Skills", "Difficulty", "Type", "Duration")
_NOTHING = {"", "pending", "none", "no abstract available", "n/a"}


def read_edx(path: str | Path) -> list[LearningOffer]:
    """The edX catalogue, ids `edx:<last part of the address>`. A course that can be audited is free."""
    return distinct((_edx(Path(path), line, row) for line, row in rows(Path(path), _EDX)), path)


def read_coursera(path: str | Path) -> list[LearningOffer]:
    """The Coursera catalogue, ids `coursera:<ID>`; its length is calendar time, its hours are not stated.

    The descriptions are left out: in the published file many of them belong to another course."""
    return distinct((_coursera(Path(path), line, row) for line, row in rows(Path(path), _COURSERA)), path)


def _edx(path: Path, line: int, row: Row) -> LearningOffer:
    slug = filled(path, line, row, "course_url").rstrip("/").rpartition("/")[2]
    time, notes = _alone(read_duration(f"{row['course_effort']}, {row['course_length']}"))
    price, price_notes = _price(row["price"])
    language = language_tag(row["language"].strip())
    if language is None and row["language"].strip():
        notes = (*notes, unread(row["language"], "a language without a tag here"))
    with located(path, line=line):
        return LearningOffer(
            id=f"edx:{slug}",
            title=cleaned(filled(path, line, row, "title")),
            description=_said(row, "summary", "course_description", "course_syllabus"),
            time=time,
            provider=row.get("institution", "").strip() or None,
            language=language,
            mode=DeliveryMode.ONLINE,
            open_entry=row.get("course_type", "").startswith("Self-paced"),
            price=price,
            keywords=tuple(word for word in (row["subject"].strip(), row.get("Level", "").strip()) if word),
            url=row["course_url"].strip(),
            source="edx",
            notes=(*notes, *price_notes),
        )


def _coursera(path: Path, line: int, row: Row) -> LearningOffer:
    time, notes = _alone(read_duration(row["Duration"]))
    with located(path, line=line):
        return LearningOffer(
            id=f"coursera:{filled(path, line, row, 'ID')}",
            title=cleaned(filled(path, line, row, "Title")),
            outcomes=tuple(Outcome(competence=skill) for skill in words_in(row["Skills"])),
            time=time,
            provider=row["Organization"].strip() or None,
            mode=DeliveryMode.ONLINE,
            keywords=tuple(word for word in (row["Type"].strip(), row["Difficulty"].strip()) if word),
            url=row.get("course_url", "").strip() or None,
            source="coursera",
            notes=(
                *notes,
                *(["description left out: not surely of this course"] if _said(row, "course_description") else []),
            ),
        )


def _alone(reading: Reading) -> Reading:
    """An online course is studied alone: its hours are no contact hours."""
    hours = reading.time.contact_hours
    time = reading.time.model_copy(update={"contact_hours": None, "self_study_hours": hours}) if hours else reading.time
    return Reading(TimeDemand.model_validate(time.model_dump(exclude_none=True)), reading.notes)


def _price(text: str) -> tuple[float | None, tuple[str, ...]]:
    """Free where the course itself is; a certificate in dollars is named, for there is no rate of exchange here."""
    said = " ".join(text.split())
    if re.match(r"free\b", said, re.IGNORECASE):
        rest = said[4:].lstrip(" -")
        return 0.0, ((f"a certificate costs extra: {rest}",) if rest else ())
    return None, ((unread(said, "no price in euro"),) if said else ())


def _said(row: Row, *columns: str) -> str | None:
    texts = [cleaned(row.get(column, "")) for column in columns]
    return "\n\n".join(dict.fromkeys(text for text in texts if text.lower() not in _NOTHING)) or None
