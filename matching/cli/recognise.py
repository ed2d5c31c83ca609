"""`leermatch recognise`: which standards fit what a person brings, and what evidence is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from competences.encoders.loading import load_encoder
from competences.errors import MisuseError
from competences.recognition import Candidate, Recogniser
from competences.recognition.standard import Judged
from competences.recognition.statements import Experience
from competences.records.io import read_competences, read_roles
from competences.sources import vks
from competences.taxonomy.taxonomy import Taxonomy
from matching.cli import inputs, show
from matching.wording.say import say

Standards = Annotated[
    str, typer.Option("--standards", help="Roles (JSON Lines), or vks: and a folder of beroepskwalificaties.")
]


def recognise(
    standards: Standards,
    text: Annotated[str | None, typer.Option("--text", help="Experience in free text, in any language.")] = None,
    learner: inputs.Learner = None,
    identifier: inputs.LearnerId = None,
    competences: inputs.Competences = None,
    on: inputs.On = None,
    k: Annotated[int, typer.Option("-k", help="How many standards.")] = 3,
    language: inputs.LanguageOption = "nl",
    encoder: inputs.EncoderOption = None,
    as_json: inputs.Json = False,
) -> None:
    """Propose standards that fit what a person brings, competence by competence. Recognises nothing by itself.

    Example: leermatch recognise --standards roles.jsonl --text "Ik bakte zes jaar brood in een bakkerij."
    """
    spoken = show.known(language)
    labels = Taxonomy.from_competences(read_competences(competences)) if competences else None
    stated = _standards(standards)
    if not stated:
        raise MisuseError(f"--standards: {standards} holds none")
    recogniser = Recogniser(stated, load_encoder(encoder), labels=labels)
    found = recogniser.candidates(_experience(text, learner, identifier), k, on=inputs.day(on))
    evidence = [_evidence(rank, one) for rank, one in enumerate(found, start=1)]
    if as_json:
        show.json(evidence)
    elif evidence:
        show.lines(
            "\n".join([say(spoken, "recognise.head"), *(line for one in evidence for line in _lines(one, spoken))])
        )
    else:
        show.lines(say(spoken, "recognise.nothing"))


def _standards(spec: str) -> list[Judged]:
    if spec.startswith("vks:"):
        return list(vks.read_standards(spec.removeprefix("vks:")))
    return list(read_roles(Path(spec)))


def _experience(text: str | None, learner: str | None, identifier: str | None) -> Experience:
    if (text is None) == (learner is None):
        raise MisuseError("state --text or --learner, one of the two")
    return text if text is not None else inputs.load_learner(learner, identifier, None, None, None, None)


def _evidence(rank: int, one: Candidate) -> dict[str, Any]:
    return {
        "rank": rank,
        "standard_id": one.standard_id,
        "title": one.title,
        "shown": one.shown,
        "partials": [vars(part) for part in one.partials],
        "competences": [
            {
                "competence": each.requirement.competence,
                "label": each.label,
                "support": each.support.value,
                "probability": each.probability,
                "span": vars(each.span) if each.span else None,
                "missing": [what.value for what in each.missing],
            }
            for each in one.findings
        ],
    }


def _lines(one: Mapping[str, Any], language: str) -> Iterator[str]:
    yield ""
    yield say(language, "recognise.line", one)
    for part in one["partials"]:
        if part["complete"]:
            yield "   " + say(language, "recognise.partial", part)
    silent = [each for each in one["competences"] if "experience" in each["missing"]]
    for each in one["competences"]:
        if each in silent:
            continue
        words = {**each, "support": say(language, f"recognise.support_{each['support']}"), **(each["span"] or {})}
        yield "   - " + say(language, "recognise.span" if each["span"] else "recognise.finding", words)
        if each["missing"]:
            missing = [say(language, f"recognise.missing_{what}") for what in each["missing"]]
            yield "     " + say(language, "recognise.missing", {"missing": missing})
    if silent:
        yield "   - " + say(language, "recognise.silent", {"labels": "; ".join(each["label"] for each in silent)})
