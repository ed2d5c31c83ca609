"""Open Onderwijs API (version 5): courses, with their offerings, to learning offers.

A file holds one course, a list, or the answer of a service (`items`); offerings may stand beside or inside.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from competences.errors import DataError
from competences.records.competence import Outcome
from competences.records.hours import TimeDemand
from competences.records.offers import DeliveryMode, LearningOffer, Run
from competences.records.places import Place
from competences.sources.documents import distinct, listed, located, read_json, text_of
from competences.sources.durations import read_duration
from competences.sources.fields import belgian_postcode, delivery, euro, hours_in_all, period, stated_language
from competences.sources.iso import iso_weeks
from competences.sources.json_ld import Node, day_of, nodes, number_of
from competences.sources.quantities import unread

_MODES = {
    "online": DeliveryMode.ONLINE,
    "distance-learning": DeliveryMode.ONLINE,
    "hybrid": DeliveryMode.BLENDED,
    "blended": DeliveryMode.BLENDED,
    "on campus": DeliveryMode.ONSITE,
    "on-campus": DeliveryMode.ONSITE,
    "situated": DeliveryMode.WORKPLACE,
    "coaching": None,
    "lecture": None,
    "self-study": None,
}
SBU_PER_ECTS = 28
"""One ECTS credit is 28 hours of study (studiebelastingsuur) in the Netherlands (WHW, article 7.4)."""


def read_courses(path: str | Path) -> list[LearningOffer]:
    """The courses of a file, ids `ooapi:<courseId>`."""
    document = read_json(path)
    courses = [node for node in nodes(document) if "courseId" in node and "offeringId" not in node and "name" in node]
    if not courses:
        raise DataError("expected a course with a courseId and a name", file=path, field="courseId")
    offerings = [node for node in nodes(document) if "offeringId" in node]
    return distinct((_offer(course, offerings, path) for course in courses), path)


def _offer(course: Node, offerings: list[Node], path: str | Path) -> LearningOffer:
    identifier = course["courseId"]
    if not isinstance(identifier, str) or not identifier.strip():
        raise DataError(f"expected a text, not {identifier!r:.80}", file=path, field="courseId")
    title = said(course.get("name"))
    if title is None:
        raise DataError("expected a name", file=path, field=f"{identifier}.name")
    notes: list[str] = []
    own = [one for one in offerings if _course_of(one) == identifier or one in listed(course.get("offerings"))]
    runs = [_run(one, identifier, path, notes) for one in own]
    places = {run.place for run in runs if run.place}
    with located(path, where=identifier):
        return LearningOffer(
            id=f"ooapi:{identifier}",
            title=title,
            description=said(course.get("description")),
            outcomes=tuple(Outcome(competence=text[:500]) for text in _outcomes(course)),
            time=_time(course, notes),
            provider=_provider(course),
            language=stated_language([node.get("teachingLanguage") for node in (course, *own)], notes),
            mode=delivery(_all((course, *own), "modeOfDelivery"), _MODES, notes),
            place=places.pop() if len(places) == 1 else None,
            runs=tuple(runs),
            price=_price(own, notes),
            url=course.get("link") if isinstance(course.get("link"), str) else None,
            source="ooapi",
            notes=tuple(dict.fromkeys((*notes, *_asides(course)))),
        )


def said(value: object) -> str | None:
    """A text in the first language at hand out of [{"language": "nl-NL", "value": "…"}]."""
    by_language = {
        str(item.get("language", "")).partition("-")[0].lower(): item.get("value")
        for item in reversed(listed(value))
        if isinstance(item, dict)
    }
    return text_of({tag: text for tag, text in by_language.items() if isinstance(text, str)}) or text_of(value)


def _outcomes(course: Node) -> list[str]:
    found = [said(outcome) for outcome in listed(course.get("learningOutcomes"))]
    return list(dict.fromkeys(text for text in found if text))


def _time(course: Node, notes: list[str]) -> TimeDemand:
    """ECTS or hours of study, contact hours, and calendar weeks."""
    parts: dict[str, float | None] = {}
    for load in (one for one in listed(course.get("studyLoad")) if isinstance(one, dict)):
        unit, value = str(load.get("studyLoadUnit", "")).lower(), number_of(load.get("value"))
        if unit in ("ects", "sp") and value is not None and 0 <= value <= 240:
            parts["ects"] = value
        elif unit == "sbu" and value is not None and 0 <= value <= 240 * SBU_PER_ECTS:
            parts["self_study_hours"] = value
            notes.append(hours_in_all(value))
        elif unit in ("hour", "hours") and value is not None and 0 <= value <= 10_000:
            parts["contact_hours"] = value
        else:
            notes.append(unread(f"{load.get('value')} {load.get('studyLoadUnit')}", "study load"))
    duration = course.get("duration")
    if isinstance(duration, str) and duration.strip():
        weeks, note = iso_weeks(duration)
        if note:
            reading = read_duration(duration)
            parts["weeks"] = reading.time.weeks
            notes.extend(reading.notes)
        else:
            parts["weeks"] = weeks
    return TimeDemand.model_validate(parts)


def _run(offering: Node, identifier: str, path: str | Path, notes: list[str]) -> Run:
    name = str(offering["offeringId"])
    start = day_of(offering.get("startDateTime") or offering.get("startDate"), path, f"{name}.startDateTime")
    end = day_of(offering.get("endDateTime") or offering.get("endDate"), path, f"{name}.endDateTime")
    start, end = period(start, end, notes)
    seats, taken = number_of(offering.get("maxNumberStudents")), number_of(offering.get("enrolledNumberStudents"))
    with located(path, where=f"{identifier}.{name}"):
        return Run(
            id=name,
            start=start,
            end=end,
            enrol_by=day_of(offering.get("enrollEndDateTime"), path, f"{name}.enrollEndDateTime"),
            place=_place(offering),
            full=seats is not None and taken is not None and 0 <= seats <= taken,
        )


def _place(offering: Node) -> Place | None:
    for address in (one for one in listed(offering.get("addresses")) if isinstance(one, dict)):
        code = belgian_postcode(address.get("postalCode"), address.get("countryCode"))
        city = text_of(address.get("city"))
        if code or city:
            return Place(postcode=code, municipality=city)
    return None


def _price(offerings: Iterable[Node], notes: list[str]) -> float | None:
    prices = []
    for one in _all(offerings, "priceInformation"):
        price = one if isinstance(one, dict) else {"amount": one}
        prices.append((number_of(price.get("amount")), _text(price.get("currency", "EUR")), price.get("amount")))
    return euro(prices, notes)


def _all(holders: Iterable[Node], key: str) -> list[Any]:
    return [one for holder in holders for one in listed(holder.get(key))]


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _provider(course: Node) -> str | None:
    organisation: Any = course.get("organization")
    return said(organisation.get("name")) if isinstance(organisation, dict) else None


def _course_of(offering: Node) -> str | None:
    course = offering.get("course")
    stated = course.get("courseId") if isinstance(course, dict) else course
    return stated if isinstance(stated, str) else None


def _asides(course: Node) -> list[str]:
    keys = ("admissionRequirements", "qualificationRequirements")
    return [f"asks: {text}" for key in keys if (text := said(course.get(key)))]
