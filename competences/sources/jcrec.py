"""JCRec's courses (required and provided skills with levels) and resumes, for comparing planners on its data.

Skills are numbers; where `taxonomy.csv` lies beside the file they become the ESCO concepts that it names.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel, RootModel

from competences.errors import DataError
from competences.records.claims import CompetenceClaim, Evidence
from competences.records.competence import Outcome, Requirement
from competences.records.learners import LearnerProfile
from competences.records.offers import LearningOffer
from competences.sources.documents import Noted, located, read_json, validated
from competences.sources.quantities import unread
from competences.sources.tables import rows

LEVELS = {"beginner": 1.0, "intermediate": 2.0, "expert": 3.0}
"""The scale of its `mastery_levels.json`; "unknown" is unknown, and any other word is named in a note."""


class _Course(BaseModel):
    required: list[tuple[int, str]]
    to_acquire: list[tuple[int, str]]


class _Courses(RootModel[dict[str, _Course]]):
    pass


class _Resumes(RootModel[dict[str, list[tuple[int, str]]]]):
    pass


class Skill(NamedTuple):
    """A skill with its level, None where it is unknown."""

    competence: str
    level: float | None


def read_courses(path: str | Path) -> list[LearningOffer]:
    """The courses of a `courses.json`, or of a folder that holds one; ids `jcrec:<number>`."""
    file = _file(path, "courses.json")
    names = _names(file)
    courses = validated(_Courses, read_json(file), file).root
    return [_offer(number, course, names, file) for number, course in courses.items()]


def read_learners(path: str | Path) -> Noted[LearnerProfile]:
    """The resumes of a `resumes.json`, or of a folder that holds one; ids `jcrec:<number>`."""
    file = _file(path, "resumes.json")
    names = _names(file)
    notes: list[str] = []
    learners = []
    for number, skills in validated(_Resumes, read_json(file), file).root.items():
        evidence = (Evidence(kind="resume", source="jcrec"),)
        with located(file, where=number):
            claims = tuple(
                CompetenceClaim(competence=competence, level=level, evidence=evidence)
                for competence, level in _skills(skills, names, notes)
            )
            learners.append(LearnerProfile(id=f"jcrec:{number}", claims=claims))
    return Noted(learners, tuple(dict.fromkeys(notes)))


def _offer(number: str, course: _Course, names: dict[int, str], file: Path) -> LearningOffer:
    notes: list[str] = []
    provided = _skills(course.to_acquire, names, notes)
    required = _skills(course.required, names, notes)
    with located(file, where=number):
        return LearningOffer(
            id=f"jcrec:{number}",
            title=f"JCRec course {number}",
            outcomes=tuple(Outcome(competence=name, level=level) for name, level in provided),
            entry=tuple(Requirement(competence=name, level=level) for name, level in required),
            source="jcrec",
            notes=tuple(dict.fromkeys(notes)),
        )


def _skills(stated: Iterable[tuple[int, str]], names: dict[int, str], notes: list[str]) -> list[Skill]:
    """Each skill once, at the highest level that is stated for it."""
    best: dict[str, float | None] = {}
    for number, word in stated:
        level = LEVELS.get(word.strip().lower())
        if level is None and word.strip().lower() != "unknown":
            notes.append(unread(word, "not a level of the scale"))
        competence = names.get(number, f"jcrec:{number}")
        before = best.get(competence)
        best[competence] = before if level is None else max(level, before or 0.0)
    return [Skill(competence, level) for competence, level in best.items()]


def _names(file: Path) -> dict[int, str]:
    """ESCO address per number, from the taxonomy beside the file; empty where there is none."""
    taxonomy = file.parent / "taxonomy.csv"
    if not taxonomy.is_file():
        return {}
    found: dict[int, str] = {}
    for line, row in rows(taxonomy, ("Source", "unique_id")):
        if not row["unique_id"].isdecimal():
            raise DataError(
                f"expected a number, not {row['unique_id']!r:.80}", file=taxonomy, line=line, field="unique_id"
            )
        found.setdefault(int(row["unique_id"]), row["Source"].strip() or f"jcrec:{row['unique_id']}")
    return found


def _file(path: str | Path, name: str) -> Path:
    path = Path(path)
    return path / name if path.is_dir() else path
