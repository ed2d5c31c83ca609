"""Open Badges 3.0 credentials to credentials with the claims that they imply.

A file holds one credential, a list, or any wrapping of them (a presentation, a learner record). A signature is
not checked here: who trusts a file decides that before reading it.
"""

from __future__ import annotations

import re
from pathlib import Path

from competences.errors import DataError
from competences.records.claims import CompetenceClaim, Credential, CredentialKind, Evidence
from competences.sources.documents import Noted, distinct, listed, located, read_json, text_of
from competences.sources.json_ld import Node, day_of, id_of, nodes, number_of, types_of
from competences.sources.quantities import unread

CREDENTIALS = ("OpenBadgeCredential", "AchievementCredential")
_SKILL_TARGETS = re.compile(r"^(?:CFItem|CTDL|CFRubricCriterion|ext:(?:ESCO|Skill|Competenc)\w*)", re.IGNORECASE)
_DEGREES = re.compile(r"degree|diploma", re.IGNORECASE)
_KIND_WORD = re.compile(
    r"^(?:micro-?credential|diploma|badge|certificaat|certificate)\s+(?:of\s+|in\s+)?", re.IGNORECASE
)
_MICRO = re.compile(r"micro-?credential", re.IGNORECASE)


def read_credentials(path: str | Path) -> Noted[Credential]:
    """The credentials in a file, and what could not be read in words."""
    document = read_json(path)
    found = _found(document)
    notes = [
        unread(f"{item[:20]}…", "a signed token: decode it before reading")
        for node in nodes(document)
        for item in listed(node.get("verifiableCredential"))
        if isinstance(item, str)
    ]
    if not found and not notes:
        raise DataError(f"expected a credential of type {' or '.join(CREDENTIALS)}", file=path, field="type")
    credentials = [one for node in found for one in _credentials(node, path, notes)]
    return Noted(distinct(credentials, path), tuple(dict.fromkeys(notes)))


def _found(document: object) -> list[Node]:
    """Every Open Badges credential, wherever it stands; two with one id are two, and `distinct` names them."""
    return [node for node in nodes(document) if types_of(node) & set(CREDENTIALS)]


def _credentials(node: Node, path: str | Path, notes: list[str]) -> list[Credential]:
    """One credential per achievement."""
    identifier = id_of(node)
    if identifier is None:
        raise DataError("expected the credential's id", file=path, field="id")
    subjects = [one for one in listed(node.get("credentialSubject")) if isinstance(one, dict)]
    achievements = [one for subject in subjects for one in listed(subject.get("achievement")) if isinstance(one, dict)]
    if not achievements:
        raise DataError("expected what was achieved", file=path, field=f"{identifier}.credentialSubject.achievement")
    ids = [identifier if at == 0 else f"{identifier}#{at + 1}" for at in range(len(achievements))]
    return [_credential(one, name, node, path, notes) for one, name in zip(achievements, ids, strict=True)]


def _credential(achievement: Node, identifier: str, node: Node, path: str | Path, notes: list[str]) -> Credential:
    title = text_of(achievement.get("name"))
    if title is None:
        raise DataError("expected the name of the achievement", file=path, field=f"{identifier}.achievement.name")
    issuer = node.get("issuer")
    with located(path, where=identifier):
        return Credential(
            id=identifier,
            kind=_kind(achievement, node, title),
            title=title,
            issuer=text_of(issuer.get("name")) if isinstance(issuer, dict) else id_of(issuer),
            vks_level=_level(achievement, notes),
            ects=number_of(achievement.get("ECTS")),
            awarded=day_of(node.get("validFrom") or node.get("issuanceDate"), path, f"{identifier}.validFrom"),
            expires=day_of(node.get("validUntil") or node.get("expirationDate"), path, f"{identifier}.validUntil"),
            competences=_claims(achievement, node, title),
        )


def _kind(achievement: Node, node: Node, title: str) -> CredentialKind:
    kind = text_of(achievement.get("achievementType")) or ""
    schemas = " ".join(id_of(schema) or "" for schema in listed(node.get("credentialSchema")))
    if _MICRO.search(f"{kind} {title} {schemas.rpartition('/')[2]}") or "/microcredential" in schemas:
        return CredentialKind.MICROCREDENTIAL
    if _DEGREES.search(kind) or title.lower().startswith("diploma "):
        return CredentialKind.DEGREE
    return CredentialKind.BADGE


def _alignments(achievement: Node) -> list[Node]:
    return [one for one in listed(achievement.get("alignment")) if isinstance(one, dict)]


def _level(achievement: Node, notes: list[str]) -> int | None:
    """The EQF level, which VKS runs parallel to."""
    for alignment in _alignments(achievement):
        if "eqf" in str(alignment.get("targetType", "")).lower():
            level = number_of(alignment.get("targetCode"))
            if level is not None and level in range(1, 9):
                return int(level)
            notes.append(unread(str(alignment.get("targetCode")), "expected an EQF level from 1 to 8"))
    return None


def _claims(achievement: Node, node: Node, title: str) -> tuple[CompetenceClaim, ...]:
    """A claim per skill that the achievement is aligned to; the achievement itself in words where there is none."""
    evidence = (*_criteria(achievement), *_evidence(node))
    skills = [
        name
        for one in _alignments(achievement)
        if _SKILL_TARGETS.match(str(one.get("targetType", ""))) or "/esco/skill/" in str(one.get("targetUrl", ""))
        if (name := _target(one)) is not None
    ]
    whole = _KIND_WORD.sub("", title) or title
    return tuple(CompetenceClaim(competence=name[:500], evidence=evidence) for name in skills or [whole])


def _target(alignment: Node) -> str | None:
    """An address in ESCO as it is; else the target's name, which the linker can place."""
    address = id_of(alignment.get("targetUrl"))
    return address if address and "/esco/" in address else text_of(alignment.get("targetName")) or address


def _criteria(achievement: Node) -> tuple[Evidence, ...]:
    criteria = achievement.get("criteria")
    narrative = text_of(criteria.get("narrative")) if isinstance(criteria, dict) else text_of(criteria)
    text = [part for part in (narrative or text_of(achievement.get("description")), *_study_load(achievement)) if part]
    return (Evidence(kind="criteria", text="; ".join(text), source=id_of(achievement)),) if text else ()


def _study_load(achievement: Node) -> list[str]:
    """Hours that a credential has no field for: Dutch study load (SBU) and time investment."""
    names = {"SBU": "study load", "timeInvestment": "time investment"}
    return [f"{name}: {hours:g} hours" for key, name in names.items() if (hours := number_of(achievement.get(key)))]


def _evidence(node: Node) -> tuple[Evidence, ...]:
    found = []
    for one in listed(node.get("evidence")):
        if isinstance(one, dict):
            said = [text for key in ("name", "description", "narrative") if (text := text_of(one.get(key)))]
            kind = text_of(one.get("genre")) or "evidence"
            found.append(Evidence(kind=kind, text=": ".join(said) or None, source=id_of(one)))
    return tuple(found)
