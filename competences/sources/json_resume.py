"""JSON Resume documents to learner profiles: every claim is self-declared, with the lines of the CV as evidence.

Name, address, e-mail and telephone are not read: they have no place in a match.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import BaseModel, Field

from competences.errors import DataError
from competences.records.claims import CompetenceClaim, Evidence
from competences.records.learners import LearnerProfile
from competences.records.levels import CEFR
from competences.records.places import Place
from competences.sources.documents import Noted, cleaned, distinct, located, read_json, validated
from competences.sources.fields import belgian_postcode
from competences.sources.json_ld import language_tag
from competences.sources.quantities import unread

EXPERIENCE_CONFIDENCE = 0.5
"""A job title or field of study says less than a skill that is named."""
_NATIVE = re.compile(r"native|mother tongue|moedertaal|langue maternelle|muttersprache", re.IGNORECASE)
_CEFR = re.compile(r"\b([ABC][12])\b", re.IGNORECASE)


class _Location(BaseModel):
    postalCode: str | None = None  # noqa: N815
    city: str | None = None
    countryCode: str | None = None  # noqa: N815


class _Basics(BaseModel):
    label: str | None = None
    summary: str | None = None
    location: _Location | None = None


class _Skill(BaseModel):
    name: str | None = None
    level: str | None = None
    keywords: list[str] = Field(default_factory=list)


class _Experience(BaseModel):
    """Work, volunteering, a project, an education, a certificate: what was done, where, and in which words."""

    name: str | None = None
    organization: str | None = None
    institution: str | None = None
    issuer: str | None = None
    entity: str | None = None
    position: str | None = None
    roles: list[str] = Field(default_factory=list)
    area: str | None = None
    studyType: str | None = None  # noqa: N815
    summary: str | None = None
    description: str | None = None
    highlights: list[str] = Field(default_factory=list)
    keywords: list[str] = Field(default_factory=list)
    courses: list[str] = Field(default_factory=list)
    date: str | None = None
    endDate: str | None = None  # noqa: N815

    @property
    def text(self) -> str:
        said = (self.studyType, self.description, self.summary, *self.highlights, *self.courses, *self.keywords)
        return "; ".join(text for text in (cleaned(part) for part in said if part) if text)

    @property
    def where(self) -> str | None:
        return self.organization or self.institution or self.issuer or self.entity or self.name or None


class _Language(BaseModel):
    language: str | None = None
    fluency: str | None = None


class _Resume(BaseModel):
    basics: _Basics | None = None
    skills: list[_Skill] | None = None
    work: list[_Experience] | None = None
    volunteer: list[_Experience] | None = None
    projects: list[_Experience] | None = None
    education: list[_Experience] | None = None
    certificates: list[_Experience] | None = None
    languages: list[_Language] | None = None


SECTIONS = _Resume.model_fields.keys() | {"awards", "interests", "publications", "references"}
"""What a JSON Resume can hold, those included that say nothing for a match."""


def read_learners(path: str | Path) -> Noted[LearnerProfile]:
    """The person of a JSON Resume file (or the persons, where it holds a list), ids from the file's name."""
    document = read_json(path)
    many = isinstance(document, list)
    stem = Path(path).stem
    notes: list[str] = []
    for at, raw in enumerate(document if many else [document], start=1):
        if isinstance(raw, Mapping) and not raw.keys() & SECTIONS:
            raise DataError(
                f"expected a JSON Resume, which has at least one of {', '.join(sorted(SECTIONS))}",
                file=path, field=f"[{at}]" if many else None,
            )  # fmt: skip
    learners = [
        _learner(raw, f"json_resume:{stem}-{at}" if many else f"json_resume:{stem}", path, notes)
        for at, raw in enumerate(document if many else [document], start=1)
    ]
    return Noted(distinct(learners, path), tuple(dict.fromkeys(notes)))


def _learner(raw: object, identifier: str, path: str | Path, notes: list[str]) -> LearnerProfile:
    resume = validated(_Resume, raw, path)
    lines = list(_lines(resume, notes))
    with located(path, where=identifier):
        return LearnerProfile(
            id=identifier,
            claims=(*_skills(resume, lines), *_experiences(lines)),
            languages=_languages(resume.languages or [], notes),
            home=_home(resume.basics, notes),
        )


class _Line(BaseModel):
    """One entry of the CV: what was done, and the evidence that it is."""

    names: list[str]
    evidence: Evidence


def _lines(resume: _Resume, notes: list[str]) -> Iterator[_Line]:
    for kind in ("work", "volunteer", "projects", "education", "certificates"):
        for one in getattr(resume, kind) or []:
            done = {"education": [one.area], "certificates": [one.name], "projects": [one.name, *one.roles]}
            names = [cleaned(name) for name in [*done.get(kind, [one.position]), *one.courses] if name]
            day = _day(one.endDate or one.date, notes)
            evidence = Evidence(kind=kind, text=one.text or None, source=one.where, date=day)
            yield _Line(names=[name for name in names if name], evidence=evidence)
    if resume.basics and (resume.basics.label or resume.basics.summary):
        text = cleaned(resume.basics.summary or "")
        names = [cleaned(resume.basics.label)] if resume.basics.label else []
        yield _Line(names=[name for name in names if name], evidence=Evidence(kind="summary", text=text or None))


def _skills(resume: _Resume, lines: list[_Line]) -> list[CompetenceClaim]:
    """A claim per skill and per keyword, each with the lines of the CV that mention it."""
    found: dict[str, CompetenceClaim] = {}
    for skill in resume.skills or []:
        stated = f"{skill.name or ''}, level: {skill.level}" if skill.level else skill.name
        for name in (skill.name, *skill.keywords):
            name = cleaned(name or "")[:500]
            if name and name not in found:
                own = Evidence(kind="skills", text=stated)
                mentions = (line.evidence for line in lines if _mentions(line.evidence.text, name))
                found[name] = CompetenceClaim(competence=name, evidence=(own, *mentions))
    return list(found.values())


def _experiences(lines: list[_Line]) -> list[CompetenceClaim]:
    return [
        CompetenceClaim(competence=name[:500], confidence=EXPERIENCE_CONFIDENCE, evidence=(line.evidence,))
        for line in lines
        for name in dict.fromkeys(line.names)
    ]


def _mentions(text: str | None, name: str) -> bool:
    return bool(text) and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text or "", re.IGNORECASE) is not None


def _languages(stated: list[_Language], notes: list[str]) -> dict[str, CEFR] | None:
    """CEFR per language; unknown as a whole where one level is not stated, for an unlisted language counts as
    not spoken."""
    levels: dict[str, CEFR] = {}
    complete = True
    for one in stated:
        tag, level = language_tag(one.language), _cefr(one.fluency or "")
        if tag is None or level is None:
            notes.append(unread(f"{one.language}: {one.fluency}", "a language needs a known name and a CEFR level"))
            complete = False
        else:
            levels[tag] = level
    return levels if levels and complete else None


def _cefr(fluency: str) -> CEFR | None:
    match = _CEFR.search(fluency)
    if match:
        return CEFR.parse(match[1])
    return CEFR.C2 if _NATIVE.search(fluency) else None


def _home(basics: _Basics | None, notes: list[str]) -> Place | None:
    location = basics.location if basics else None
    if location is None or not (location.postalCode or location.city):
        return None
    code = (location.postalCode or "").strip()
    postcode = belgian_postcode(code, location.countryCode)
    if postcode:
        return Place(postcode=postcode, municipality=location.city or None)
    notes.append(unread(f"{code} {location.city or ''}", "no Belgian postcode"))
    return None


def _day(text: str | None, notes: list[str]) -> dt.date | None:
    """A day; a year or month alone is not one, and stays in the words of the CV."""
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        if not re.fullmatch(r"\d{4}(?:-\d{2})?", text):
            notes.append(unread(text, "expected an ISO 8601 date"))
        return None
