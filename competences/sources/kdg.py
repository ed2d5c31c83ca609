"""Courses of Karel de Grote Hogeschool (JSON) to learning offers.

The file states lengths in mixed units. Hours are hours and days are days; a day counts as hours only where the
daily timetable is stated beside it; years and months say how long something runs, which its dates say better.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, StringConstraints

from competences.errors import DataError
from competences.records.competence import Outcome
from competences.records.hours import Slot, Weekday
from competences.records.offers import Access, DeliveryMode, LearningOffer, OfferKind, Run
from competences.records.places import Place
from competences.sources.documents import cleaned, distinct, located, read_json, validated, words_in
from competences.sources.fields import belgian_postcode
from competences.sources.quantities import unread
from competences.sources.timetable import Times, demand, span, times_of

_NO_PRICE = re.compile(r"geen prijs|n\.?v\.?t|op aanvraag", re.IGNORECASE)
_NO_ENTRY = re.compile(
    r"geen (?:specifieke|formele)? ?(?:toelatingsvoorwaarden|voorkennis)(?: vermeld| vereist)?\.?", re.I
)
_ECTS = re.compile(r"(?P<before>.{0,40}?)\b(?P<credits>\d{1,3})[ -]studiepunten", re.IGNORECASE | re.DOTALL)
_IN_COMPANY = re.compile(r"^op locatie in jouw (?!.*\bcampus\b)", re.IGNORECASE)
_ONLINE = re.compile(r"\bonline\b", re.IGNORECASE)
_CAMPUS = re.compile(r"\bcampus\b", re.IGNORECASE)
_BLENDED = re.compile(r"\bblended\b|deels online", re.IGNORECASE)

Required = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Loose = Annotated[str, BeforeValidator(lambda value: str(value) if isinstance(value, int | float) else value)]
"""A text that the file sometimes writes as a number."""


class _Edition(BaseModel):
    date_start: str = ""
    date_end: str = ""
    hours: Loose = ""
    location_name: str = ""
    location_address: str = ""
    location_city: str = ""
    location_zip: Loose = ""


class _Session(BaseModel):
    date: str = ""


class _Course(BaseModel):
    internal_id: Required
    title: Required
    language: str = ""
    description: str = ""
    description_program: str = ""
    description_extrainfo: str = ""
    price: Loose = ""
    certificate_name: str = ""
    job_title: str = ""
    skills: str = ""
    audience: str = ""
    domain_category: str = ""
    domain_subcategory: str = ""
    required_knowledge: str = ""
    government_subsidy: str = ""
    webaddress: str = ""
    duration_length: Loose = ""
    duration_type: str = ""
    provider: str = ""
    location_and_date: list[_Edition] = Field(default_factory=list)
    sessions: list[_Session] = Field(default_factory=list)

    @property
    def description_text(self) -> str:
        texts = (self.description, self.description_program, self.description_extrainfo)
        return "\n\n".join(text for text in map(cleaned, texts) if text)


def read_courses(path: str | Path) -> list[LearningOffer]:
    """The courses of a KdG file, ids `kdg:<internal_id>`."""
    document = read_json(path)
    if not isinstance(document, list):
        raise DataError(f"expected a list of courses, not {type(document).__name__}", file=path)
    return distinct((_offer(raw, path, f"[{at}]") for at, raw in enumerate(document)), path)


def _offer(raw: Any, path: str | Path, where: str) -> LearningOffer:
    course = validated(_Course, raw, path, where=where)
    notes: list[str] = []
    editions = course.location_and_date
    times = [times_of(edition.date_start, edition.date_end, edition.hours, notes) for edition in editions]
    places = [_place(edition, notes) for edition in editions]
    time = demand(course.duration_length, course.duration_type, times, notes)
    ects = _ects(course.description_text, notes)
    with located(path, where=where):
        return LearningOffer(
            id=f"kdg:{course.internal_id}",
            title=cleaned(course.title),
            description=course.description_text or None,
            kind=_kind(course),
            outcomes=tuple(Outcome(competence=skill) for skill in words_in(course.skills)),
            time=time.model_copy(update={"ects": ects}) if ects is not None else time,
            provider=course.provider or None,
            language=course.language.lower() or None,
            mode=_mode(editions),
            place=places[0] if len({place for place in places if place}) == 1 else None,
            runs=_runs(course, times, places, notes),
            price=_price(course.price, notes),
            access=Access(host_required=all(_in_company(e) for e in editions) and bool(editions)),
            support=_support(course.government_subsidy),
            keywords=_keywords(course),
            url=course.webaddress or None,
            source="kdg",
            notes=tuple(dict.fromkeys((*notes, *_asides(course)))),
        )


def _kind(course: _Course) -> OfferKind:
    said = f"{course.webaddress} {course.certificate_name}".lower()
    if re.search(r"micro-?(?:credential|degree)", said):
        return OfferKind.MICROCREDENTIAL
    if re.search(r"\bmodule binnen\b", course.description.lower()):
        return OfferKind.MODULE
    return OfferKind.EVENT if "studiedag" in course.title.lower() else OfferKind.COURSE


def _mode(editions: list[_Edition]) -> DeliveryMode | None:
    """From where it takes place: on a campus, online, both, or on the premises of the organisation that asks."""
    names = " ; ".join(edition.location_name for edition in editions)
    online, campus = bool(_ONLINE.search(names)), bool(_CAMPUS.search(names))
    if any(_BLENDED.search(edition.hours) for edition in editions) or (online and campus):
        return DeliveryMode.BLENDED
    if online:
        return DeliveryMode.ONLINE
    if editions and all(_in_company(edition) for edition in editions):
        return DeliveryMode.WORKPLACE
    return DeliveryMode.ONSITE if names.strip(" ;") else None


def _in_company(edition: _Edition) -> bool:
    return bool(_IN_COMPANY.match(edition.location_name))


def _place(edition: _Edition, notes: list[str]) -> Place | None:
    """The campus; a postcode only where it is a Belgian one. What is somewhere else each time has no place."""
    code, address = edition.location_zip.strip(), edition.location_address.strip()
    postcode = belgian_postcode(code)
    if postcode is None:
        if code and code != "N/A":
            notes.append(unread(code, "no Belgian postcode"))
        return None
    said = ", ".join(part for part in (edition.location_name.strip(), address) if part)
    return Place(postcode=postcode, municipality=edition.location_city.strip() or None, address=said or None)


def _runs(course: _Course, times: list[Times], places: list[Place | None], notes: list[str]) -> tuple[Run, ...]:
    days = tuple(day for session in course.sessions if (day := _session_day(session.date, notes)))
    runs = []
    for at, (when, place) in enumerate(zip(times, places, strict=True), start=1):
        if when.start is None and when.end is None:
            continue
        dates = days if len(times) == 1 else ()
        first, last = span(when, dates)
        slots = when.slots or _slots_of_days(when, dates) or None
        runs.append(Run(id=f"{course.internal_id}-{at}", start=first, end=last, slots=slots, dates=dates, place=place))
    return tuple(runs)


def _slots_of_days(when: Times, dates: tuple[dt.date, ...]) -> tuple[Slot, ...]:
    """The hours of the day as slots, where every day is known: session days, or the one day that it lasts."""
    days = dates or ((when.start,) if when.start and when.start == when.end else ())
    if when.daily is None:
        return ()
    start, end = when.daily
    return tuple(Slot(weekday=Weekday(one), start=start, end=end) for one in sorted({day.weekday() for day in days}))


def _session_day(text: str, notes: list[str]) -> dt.date | None:
    try:
        return dt.datetime.strptime(text.strip(), "%d/%m/%Y").date()
    except ValueError:
        notes.append(unread(text, "expected a day as dd/mm/yyyy"))
        return None


def _price(text: str, notes: list[str]) -> float | None:
    text = text.strip()
    if re.fullmatch(r"\d{1,6}(?:[.,]\d+)?", text):
        return float(text.replace(",", "."))
    if text and not _NO_PRICE.search(text):
        notes.append(unread(text, "expected a price"))
    return None


def _ects(text: str, notes: list[str]) -> float | None:
    """The credits of the whole; those of one of its courses do not count."""
    found = {
        float(match["credits"])
        for match in _ECTS.finditer(text)
        if not re.search(r"\b(?:elk|extra vak)\b", match["before"], re.IGNORECASE)
    }
    if len(found) > 1:
        notes.append(unread(", ".join(f"{one:g} studiepunten" for one in sorted(found)), "several numbers of credits"))
    return found.pop() if len(found) == 1 else None


def _support(text: str) -> tuple[str, ...]:
    """Subsidies under one spelling each: "Vlaams opleidingsverlof (VOV)" and "Kmo-portefeuille" have several."""
    names = (re.sub(r"\s*\([^()]*\)", "", name) for name in words_in(text))
    return tuple(dict.fromkeys(re.sub("^kmo-", "KMO-", name, flags=re.IGNORECASE) for name in names if name))


def _keywords(course: _Course) -> tuple[str, ...]:
    found = (course.domain_category, course.domain_subcategory, *words_in(course.job_title))
    return tuple(dict.fromkeys(word.strip() for word in found if word.strip()))


def _asides(course: _Course) -> list[str]:
    """What has no field of its own, in words."""
    entry = course.required_knowledge.strip()
    asks = entry and not _NO_ENTRY.fullmatch(entry)
    return [
        *([f"asks: {entry}"] if asks else []),
        *([f"ends with: {course.certificate_name.strip()}"] if course.certificate_name.strip() else []),
        *([f"meant for: {course.audience.strip()}"] if course.audience.strip() else []),
    ]
