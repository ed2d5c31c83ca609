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
from competences.sources.elm_nodes import ects, eqf_level, first_hours, names_of, outcomes
from competences.sources.elm_xml import read_xml
from competences.sources.fields import delivery, euro, hours_in_all, period, stated_language
from competences.sources.iso import iso_weeks
from competences.sources.json_ld import Index, Node, day_of, id_of, number_of, of_type, types_of
from competences.sources.quantities import unread

OPPORTUNITY = ("LearningOpportunity",)
SPECIFICATIONS = ("Qualification", "LearningAchievementSpecification", "LearningActivitySpecification")
CREDENTIAL = "EuropeanDigitalCredential"
_LANGUAGES = ("language", "defaultLanguage")
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
            outcomes=tuple(Outcome(competence=name) for part in parts for name, _ in outcomes(part, index)),
            time=_time(parts, index, notes),
            provider=names_of(index.all(node.get("providedBy"))),
            language=stated_language([part.get(key) for part in parts for key in _LANGUAGES], notes),
            mode=delivery([one for part in parts for one in listed(part.get("mode"))], _MODES, notes),
            place=_place(index, node),
            runs=runs,
            price=_price(node, index, notes),
            vks_level=eqf_level(achieved or node, index, notes),
            url=id_of(index.first(node.get("homepage")).get("contentURL")),
            source="elm",
            notes=tuple(dict.fromkeys((*notes, *_entry(parts, index)))),
        )


def _time(parts: Iterable[Node], index: Index, notes: list[str]) -> TimeDemand:
    """Contact hours, the rest of the study time, ECTS and calendar weeks, as far as they are stated."""
    parts = list(parts)
    total = first_hours([part.get("volumeOfLearning") for part in parts], notes)
    contact = next((hours for part in parts if (hours := _contact(part)) is not None), None)
    weeks = next((_weeks(text, notes) for part in parts for text in listed(part.get("duration")) if text), None)
    self_study = max(0.0, total - contact) if total is not None and contact is not None else total
    if total is not None and contact is None:
        notes.append(hours_in_all(total))
    credits = [value for part in parts if (value := ects(part, index, notes)) is not None]
    return TimeDemand(
        contact_hours=contact, self_study_hours=self_study, ects=credits[0] if credits else None, weeks=weeks
    )


def _contact(node: Node) -> float | None:
    hours = number_of(node.get("contactHour"))
    return hours if hours is not None and 0 <= hours <= 10_000 else None


def _weeks(text: object, notes: list[str]) -> float | None:
    weeks, note = iso_weeks(text) if isinstance(text, str) else (None, unread(str(text)))
    if note:
        notes.append(f"duration {note}")
    return weeks


def _runs(node: Node, identifier: str, path: str | Path, notes: list[str]) -> tuple[Run, ...]:
    runs = []
    for at, span in enumerate((one for one in listed(node.get("temporal")) if isinstance(one, dict)), start=1):
        start = day_of(span.get("startDate"), path, f"{identifier}.temporal.startDate")
        end = day_of(span.get("endDate"), path, f"{identifier}.temporal.endDate")
        start, end = period(start, end, notes)
        if start or end:
            runs.append(Run(id=f"{identifier}#{at}"[-500:], start=start, end=end))
    return tuple(runs)


def _price(node: Node, index: Index, notes: list[str]) -> float | None:
    amounts = [index.first(detail.get("amount")) for detail in index.all(node.get("priceDetail"))]
    return euro(((number_of(one.get("value")), _currency(one, index), one.get("value")) for one in amounts), notes)


def _currency(amount: Node, index: Index) -> str:
    unit = next(iter(listed(amount.get("unit"))), None)
    return (id_of(unit) or id_of(index.first(unit)) or "").rpartition("/")[2]


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
    first_hours([specified.get("volumeOfLearning")], notes)
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
            issuer=names_of(index.all(node.get("issuer"))),
            vks_level=eqf_level(specified, index, notes),
            ects=ects(specified, index, notes),
            awarded=day_of(node.get("validFrom") or node.get("issued"), path, f"{identifier}.validFrom"),
            expires=day_of(node.get("validUntil") or node.get("expirationDate"), path, f"{identifier}.validUntil"),
            competences=tuple(
                CompetenceClaim(
                    competence=name,
                    evidence=(*evidence, *((Evidence(kind="learning outcome", text=text),) if text else ())),
                )
                for name, text in (outcomes(specified, index) if achieved else [])
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
