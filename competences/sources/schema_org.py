"""schema.org Course and CourseInstance, in JSON-LD, to learning offers."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from competences.errors import DataError
from competences.records.competence import Outcome, Requirement
from competences.records.hours import TimeDemand
from competences.records.offers import DeliveryMode, LearningOffer, Run
from competences.records.places import Place
from competences.sources.documents import distinct, listed, located, read_json, text_of, words_in
from competences.sources.durations import read_duration
from competences.sources.fields import belgian_postcode, delivery, euro, hours_in_all, period, stated_language
from competences.sources.iso import iso_hours, iso_weeks
from competences.sources.json_ld import Index, Node, day_of, id_of, number_of, of_type
from competences.sources.quantities import unread

_LANGUAGES = ("inLanguage", "availableLanguage")
_MODES = {
    "online": DeliveryMode.ONLINE,
    "onsite": DeliveryMode.ONSITE,
    "onlineeventattendancemode": DeliveryMode.ONLINE,
    "offlineeventattendancemode": DeliveryMode.ONSITE,
    "mixedeventattendancemode": DeliveryMode.BLENDED,
    "blended": DeliveryMode.BLENDED,
    "mooc": DeliveryMode.ONLINE,
}


def read_courses(path: str | Path) -> list[LearningOffer]:
    """The courses of a document, wherever they stand in it; ids `schema_org:<@id, url, courseCode or name>`."""
    document = read_json(path)
    courses = of_type(document, "Course")
    if not courses:
        raise DataError("expected a node of type Course", file=path, field="@type")
    index = Index(document)
    return distinct((_offer(course, index, path) for course in courses), path)


def _offer(course: Node, index: Index, path: str | Path) -> LearningOffer:
    title = text_of(course.get("name"))
    if title is None:
        raise DataError("expected a name", file=path, field=f"{id_of(course) or 'Course'}.name")
    address = text_of(course.get("url"))
    identifier = id_of(course) or address or text_of(course.get("courseCode")) or title
    notes: list[str] = []
    instances = index.all(course.get("hasCourseInstance"))
    runs = tuple(_run(one, f"{identifier[:480]}#{at}", index, path, notes) for at, one in enumerate(instances, start=1))
    places = {run.place for run in runs if run.place}
    with located(path, where=identifier):
        return LearningOffer(
            id=f"schema_org:{identifier}",
            title=title,
            description=text_of(course.get("description")),
            outcomes=tuple(Outcome(competence=name) for name in _terms(course, index, "teaches")),
            entry=tuple(Requirement(competence=name) for name in _terms(course, index, "competencyRequired")),
            time=_time(course, instances, index, notes),
            provider=_provider(course, index),
            language=stated_language([node.get(key) for node in (course, *instances) for key in _LANGUAGES], notes),
            mode=delivery(_forms(instances), _MODES, notes),
            place=places.pop() if len(places) == 1 else None,
            runs=runs,
            price=_price([course, *instances], index, notes),
            keywords=tuple(
                dict.fromkeys(word for one in listed(course.get("keywords")) for word in words_in(text_of(one)))
            ),
            url=address,
            source="schema_org",
            notes=tuple(dict.fromkeys((*notes, *_asides(course, index)))),
        )


def _terms(course: Node, index: Index, key: str) -> list[str]:
    """Texts, or defined terms by their address where it is one of ESCO."""
    found = []
    for item in listed(course.get(key)):
        node = index.first(item)
        address = id_of(node) or (id_of(item) if isinstance(item, dict) else None)
        name = text_of(node.get("name")) or text_of(item)
        term = address if address and "/esco/" in address else name or address
        if term:
            found.append(term[:500])
    return list(dict.fromkeys(found))


def _time(course: Node, instances: list[Node], index: Index, notes: list[str]) -> TimeDemand:
    """Workload and study time in hours, credits, and what the schedule repeats."""
    parts: dict[str, float | None] = {}
    total = _hours(
        [node.get(key) for node in (course, *instances) for key in ("courseWorkload", "timeRequired")], notes
    )
    if total is not None:
        parts["self_study_hours"] = total
        notes.append(hours_in_all(total))
    credits = number_of(course.get("numberOfCredits"))
    unit = index.first(course.get("numberOfCredits"))
    if credits is not None and (not unit or "ECTS" in str(dict(unit)).upper()) and 0 <= credits <= 240:
        parts["ects"] = credits
    elif course.get("numberOfCredits") is not None:
        notes.append(unread(str(course["numberOfCredits"])[:80], "no number of ECTS credits"))
    schedules = [one for instance in instances for one in index.all(instance.get("courseSchedule"))]
    if schedules:
        parts.update(_schedule(schedules[0], notes))
    time = {key: value for key, value in parts.items() if value is not None}
    return TimeDemand.model_validate(time)


def _hours(values: Iterable[object], notes: list[str]) -> float | None:
    """The first length that is hours; in words it must be hours too."""
    for text in (text for value in values for text in listed(value)):
        if not isinstance(text, str) or not text.strip():
            continue
        if re.match(r"\s*P", text):
            hours, note = iso_hours(text)
            notes.extend([note] if note else [])
        else:
            reading = read_duration(text)
            hours = reading.time.contact_hours
            notes.extend(reading.notes or (() if hours else (unread(text, "expected hours"),)))
        if hours:
            return hours
    return None


def _schedule(schedule: Node, notes: list[str]) -> dict[str, float | None]:
    """Sessions and weeks of a schedule that repeats so many times."""
    count, every = number_of(schedule.get("repeatCount")), schedule.get("repeatFrequency")
    found: dict[str, float | None] = {}
    if count is not None and 0 <= count <= 2000 and count == int(count):
        found["sessions"] = count
    elif schedule.get("repeatCount") is not None:
        notes.append(unread(str(schedule["repeatCount"])[:80], "expected how often it repeats"))
    if count and every in ("P1W", "Weekly", "weekly") and 0 < count <= 520:
        found["weeks"] = count
    elif isinstance(every, str) and iso_weeks(every)[0] is None:
        notes.append(unread(every, "how often it repeats"))
    return found


def _run(instance: Node, identifier: str, index: Index, path: str | Path, notes: list[str]) -> Run:
    schedule = index.first(instance.get("courseSchedule"))
    start = day_of(instance.get("startDate") or schedule.get("startDate"), path, f"{identifier}.startDate")
    end = day_of(instance.get("endDate") or schedule.get("endDate"), path, f"{identifier}.endDate")
    start, end = period(start, end, notes)
    with located(path, where=identifier):
        return Run(id=identifier, start=start, end=end, place=_place(instance, index))


def _place(instance: Node, index: Index) -> Place | None:
    for location in index.all(instance.get("location")):
        address, geo = index.first(location.get("address")), index.first(location.get("geo"))
        latitude, longitude = number_of(geo.get("latitude")), number_of(geo.get("longitude"))
        on_earth = latitude is not None and longitude is not None and abs(latitude) <= 90 and abs(longitude) <= 180
        place = Place(
            postcode=belgian_postcode(text_of(address.get("postalCode")), text_of(address.get("addressCountry"))),
            municipality=text_of(address.get("addressLocality")),
            latitude=latitude if on_earth else None,
            longitude=longitude if on_earth else None,
            address=text_of(address.get("streetAddress")) or text_of(location.get("name")),
        )
        if place != Place():
            return place
    return None


def _price(holders: Iterable[Node], index: Index, notes: list[str]) -> float | None:
    holders = list(holders)
    stated = [
        (number_of(offer.get("price")), text_of(offer.get("priceCurrency")), offer["price"])
        for holder in holders
        for offer in index.all(holder.get("offers"))
        if offer.get("price") is not None
    ]
    if not stated and any(holder.get("isAccessibleForFree") is True for holder in holders):
        return 0.0
    return euro(stated, notes)


def _forms(instances: Iterable[Node]) -> list[object]:
    return [one for node in instances for key in ("courseMode", "eventAttendanceMode") for one in listed(node.get(key))]


def _provider(course: Node, index: Index) -> str | None:
    for key in ("provider", "creator", "publisher"):
        for node in index.all(course.get(key)):
            if name := text_of(node.get("name")):
                return name
        if isinstance(course.get(key), str):
            return text_of(course[key])
    return None


def _asides(course: Node, index: Index) -> list[str]:
    asked = _terms(course, index, "coursePrerequisites")
    awarded = _terms(course, index, "educationalCredentialAwarded")
    return [*(f"asks: {text}" for text in asked), *(f"ends with: {text}" for text in awarded)]
