"""European Learning Model: learning opportunities to offers, European Digital Credentials to credentials.

Reads JSON-LD and the XML that course catalogues exchange (LOQ). `volumeOfLearning` is the expected study time in
hours: the official samples write P60M, sixty months, where they mean hours; such a length is refused and named.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from competences.errors import DataError
from competences.records.claims import CompetenceClaim, Credential, CredentialKind, Evidence
from competences.records.competence import Outcome
from competences.records.hours import TimeDemand
from competences.records.offers import DeliveryMode, LearningOffer, OfferKind, Run
from competences.records.places import Place
from competences.sources.documents import Noted, distinct, listed, located, read_json, text_of
from competences.sources.elm_xml import read_xml
from competences.sources.iso import iso_hours, iso_weeks
from competences.sources.json_ld import Index, Node, day_of, id_of, language_tag, number_of, of_type, types_of
from competences.sources.quantities import unread

OPPORTUNITY = ("LearningOpportunity",)
SPECIFICATIONS = ("Qualification", "LearningAchievementSpecification", "LearningActivitySpecification")
CREDENTIAL = "EuropeanDigitalCredential"
_ECTS = "6fcec5c5af"
"""European Credit Transfer System in the list of education credits."""
_MODES = {
    "920fbb3cbe": DeliveryMode.ONLINE,
    "e92d221e4d": DeliveryMode.BLENDED,
    "729f3bed4b": DeliveryMode.ONSITE,
    "online": DeliveryMode.ONLINE,
    "blended": DeliveryMode.BLENDED,
    "presential": DeliveryMode.ONSITE,
    "workbased": DeliveryMode.WORKPLACE,
}


def read_offers(path: str | Path) -> list[LearningOffer]:
    """The learning opportunities of a file as offers; where it holds none, what its specifications describe."""
    document = read_xml(path) if str(path).lower().endswith(".xml") else read_json(path)
    found = of_type(document, *OPPORTUNITY) or of_type(document, *SPECIFICATIONS)
    if not found:
        raise DataError(f"expected a node of type {OPPORTUNITY[0]}", file=path, field="type")
    index = Index(document)
    return distinct((_offer(node, index, path) for node in found), path)


def read_credentials(path: str | Path) -> Noted[Credential]:
    """The European Digital Credentials in a file: one per achievement or activity that they claim."""
    document = read_json(path)
    found = of_type(document, CREDENTIAL)
    if not found:
        raise DataError(f"expected a node of type {CREDENTIAL}", file=path, field="type")
    index = Index(document)
    notes: list[str] = []
    credentials = [one for node in found for one in _credentials(node, index, path, notes)]
    return Noted(distinct(credentials, path), tuple(dict.fromkeys(notes)))


def _offer(node: Node, index: Index, path: str | Path) -> LearningOffer:
    identifier, title = id_of(node), text_of(node.get("title"))
    if identifier is None or title is None:
        missing = "title" if identifier else "id"
        raise DataError(f"expected a {missing}", file=path, field=f"{identifier or 'learning opportunity'}.{missing}")
    notes: list[str] = []
    achieved = index.first(node.get("learningAchievementSpecification"))
    done = index.first(node.get("learningActivitySpecification"))
    parts = [node, achieved, done]
    runs = _runs(node, identifier, path, notes)
    with located(path, where=identifier):
        return LearningOffer(
            id=f"elm:{identifier}",
            title=title,
            description=text_of(node.get("description")) or text_of(achieved.get("description")),
            kind=OfferKind.MICROCREDENTIAL if "micro-credential" in title.lower() else OfferKind.COURSE,
            outcomes=tuple(Outcome(competence=name) for part in parts for name, _ in _outcomes(part, index)),
            time=_time(parts, index, notes),
            provider=_names(index.all(node.get("providedBy"))),
            language=_language(parts, notes),
            mode=_mode(parts, notes),
            place=_place(index, node),
            runs=runs,
            price=_price(node, index, notes),
            vks_level=_level(achieved or node, index, notes),
            url=id_of(index.first(node.get("homepage")).get("contentURL")),
            source="elm",
            notes=tuple(dict.fromkeys((*notes, *_entry(parts, index)))),
        )


def _outcomes(node: Node, index: Index) -> list[tuple[str, str]]:
    """(competence, title of the outcome): the related ESCO skills, or the outcome in words where there are none."""
    found: list[tuple[str, str]] = []
    for outcome in index.all(node.get("learningOutcome")):
        title = text_of(outcome.get("title")) or text_of(outcome.get("prefLabel")) or ""
        skills = [key for one in listed(outcome.get("relatedESCOSkill")) if (key := id_of(one))]
        found.extend((name[:500], title) for name in skills or ([title] if title else []))
    return list({name: (name, title) for name, title in reversed(found)}.values())[::-1]


def _time(parts: Iterable[Node], index: Index, notes: list[str]) -> TimeDemand:
    """Contact hours, the rest of the study time, ECTS and calendar weeks, as far as they are stated."""
    parts = list(parts)
    total = _first_length([part.get("volumeOfLearning") for part in parts], notes)
    contact = next((hours for part in parts if (hours := _contact(part)) is not None), None)
    weeks = next((_weeks(text, notes) for part in parts for text in listed(part.get("duration")) if text), None)
    self_study = max(0.0, total - contact) if total is not None and contact is not None else total
    if total is not None and contact is None:
        notes.append(f"{total:g} hours of study in all: how many of them are contact hours is not stated")
    credits = [value for part in parts if (value := _ects(part, index, notes)) is not None]
    return TimeDemand(
        contact_hours=contact, self_study_hours=self_study, ects=credits[0] if credits else None, weeks=weeks
    )


def _first_length(values: Iterable[object], notes: list[str]) -> float | None:
    for value in values:
        for text in listed(value):
            hours, note = iso_hours(text) if isinstance(text, str) else (None, unread(str(text)))
            if hours is not None:
                return hours
            notes.append(f"volume of learning {note}")
    return None


def _contact(node: Node) -> float | None:
    hours = number_of(node.get("contactHour"))
    return hours if hours is not None and 0 <= hours <= 10_000 else None


def _weeks(text: object, notes: list[str]) -> float | None:
    weeks, note = iso_weeks(text) if isinstance(text, str) else (None, unread(str(text)))
    if note:
        notes.append(f"duration {note}")
    return weeks


def _ects(node: Node, index: Index, notes: list[str]) -> float | None:
    for credit in index.all(node.get("creditPoint")):
        points = number_of(credit.get("point"))
        framework = index.first(credit.get("framework"))
        name = f"{id_of(credit.get('framework')) or id_of(framework) or ''} {text_of(framework.get('prefLabel')) or ''}"
        ects = _ECTS in name or "ECTS" in name or "European Credit Transfer" in name
        if ects and points is not None and 0 <= points <= 240:
            return points
        notes.append(unread(f"{credit.get('point')} credit points", "no number of ECTS credits"))
    return None


def _level(node: Node, index: Index, notes: list[str]) -> int | None:
    for level in listed(node.get("eqfLevel")):
        number = number_of((id_of(level) or "").rstrip("/").rpartition("/")[2])
        if number is not None and number in range(1, 9):
            return int(number)
        notes.append(unread(str(id_of(level)), "expected an EQF level from 1 to 8"))
    return None


def _language(parts: Iterable[Node], notes: list[str]) -> str | None:
    stated = [part.get(key) for part in parts for key in ("language", "defaultLanguage") if part.get(key)]
    found = next((tag for value in stated if (tag := language_tag(value))), None)
    if stated and found is None:
        notes.append(unread(", ".join(id_of(one) or "?" for one in listed(stated[0])), "a language without a tag here"))
    return found


def _mode(parts: Iterable[Node], notes: list[str]) -> DeliveryMode | None:
    modes = [mode for part in parts for mode in listed(part.get("mode"))]
    known = [_MODES[key] for mode in modes if (key := (id_of(mode) or "").rpartition("/")[2].lower()) in _MODES]
    if modes and not known:
        notes.append(unread(", ".join(id_of(mode) or "?" for mode in modes), "an unknown delivery mode"))
    return DeliveryMode.BLENDED if len(set(known)) > 1 else next(iter(known), None)


def _runs(node: Node, identifier: str, path: str | Path, notes: list[str]) -> tuple[Run, ...]:
    runs = []
    for at, period in enumerate((one for one in listed(node.get("temporal")) if isinstance(one, dict)), start=1):
        start = day_of(period.get("startDate"), path, f"{identifier}.temporal.startDate")
        end = day_of(period.get("endDate"), path, f"{identifier}.temporal.endDate")
        if start and end and end < start:
            notes.append(unread(f"{start} to {end}", "ends before it starts"))
        elif start or end:
            runs.append(Run(id=f"{identifier}#{at}"[-500:], start=start, end=end))
    return tuple(runs)


def _price(node: Node, index: Index, notes: list[str]) -> float | None:
    prices = []
    for detail in index.all(node.get("priceDetail")):
        amount = index.first(detail.get("amount"))
        value = number_of(amount.get("value"))
        currency = (id_of(amount.get("unit")) or id_of(index.first(amount.get("unit"))) or "").rpartition("/")[2]
        if value is not None and value >= 0 and currency.upper() == "EUR":
            prices.append(value)
        else:
            notes.append(unread(f"{amount.get('value')} {currency}", "no price in euro"))
    if len(set(prices)) > 1:
        notes.append(unread(", ".join(f"{price:g} EUR" for price in prices), "several prices"))
    return prices[0] if len(set(prices)) == 1 else None


def _place(index: Index, node: Node) -> Place | None:
    for location in index.all(node.get("location")):
        address = index.first(location.get("address"))
        note = index.first(address.get("fullAddress"))
        text = text_of(note.get("noteLiteral")) or text_of(location.get("geographicName"))
        if text:
            return Place(address=text)
    return None


def _entry(parts: Iterable[Node], index: Index) -> list[str]:
    requirements = [note for part in parts for note in index.all(part.get("entryRequirement"))]
    return [f"asks: {text}" for note in requirements if (text := text_of(note.get("noteLiteral")))]


def _names(organisations: Iterable[Node]) -> str | None:
    names = [name for one in organisations if (name := text_of(one.get("legalName")) or text_of(one.get("prefLabel")))]
    return ", ".join(dict.fromkeys(names)) or None


def _credentials(node: Node, index: Index, path: str | Path, notes: list[str]) -> list[Credential]:
    identifier = id_of(node)
    if identifier is None:
        raise DataError("expected the credential's id", file=path, field="id")
    claims = [one for subject in index.all(node.get("credentialSubject")) for one in index.all(subject.get("hasClaim"))]
    if not claims:
        raise DataError("expected a claim", file=path, field=f"{identifier}.credentialSubject.hasClaim")
    ids = [identifier if at == 0 else f"{identifier}#{at + 1}" for at in range(len(claims))]
    return [_credential(one, name, node, index, path, notes) for one, name in zip(claims, ids, strict=True)]


def _credential(
    claim: Node, identifier: str, node: Node, index: Index, path: str | Path, notes: list[str]
) -> Credential:
    """An achievement implies its outcomes; an activity that was only attended implies nothing."""
    title = text_of(claim.get("title"))
    if title is None:
        raise DataError("expected the title of what is claimed", file=path, field=f"{identifier}.hasClaim.title")
    specified = index.first(claim.get("specifiedBy"))
    achieved = "LearningAchievement" in types_of(claim)
    _first_length([specified.get("volumeOfLearning")], notes)
    if not achieved:
        notes.append(f"{title!r} was attended, not assessed: it implies no competence")
    evidence = tuple(
        Evidence(kind="assessment", text=text, source=id_of(one))
        for one in index.all(claim.get("provenBy"))
        if (text := text_of(one.get("title")))
    )
    with located(path, where=identifier):
        return Credential(
            id=identifier,
            kind=_kind(specified, title) if achieved else CredentialKind.BADGE,
            title=title,
            issuer=_names(index.all(node.get("issuer"))),
            vks_level=_level(specified, index, notes),
            ects=_ects(specified, index, notes),
            awarded=day_of(node.get("validFrom") or node.get("issued"), path, f"{identifier}.validFrom"),
            expires=day_of(node.get("validUntil") or node.get("expirationDate"), path, f"{identifier}.validUntil"),
            competences=tuple(
                CompetenceClaim(
                    competence=name,
                    evidence=(*evidence, *((Evidence(kind="learning outcome", text=text),) if text else ())),
                )
                for name, text in (_outcomes(specified, index) if achieved else [])
            ),
        )


def _kind(specified: Node, title: str) -> CredentialKind:
    said = f"{title} {text_of(specified.get('title')) or ''}".lower()
    if "micro-credential" in said or "microcredential" in said:
        return CredentialKind.MICROCREDENTIAL
    if "Qualification" in types_of(specified):
        partial = str(specified.get("isPartialQualification", "")).lower() == "true"
        return CredentialKind.PARTIAL_QUALIFICATION if partial else CredentialKind.PROFESSIONAL_QUALIFICATION
    return CredentialKind.PROOF_OF_COMPETENCE
