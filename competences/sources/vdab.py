"""Trainings of the VDAB catalogue (JSON Lines) to learning offers.

The catalogue has no structured hours. `duur_in_tekst` lists every length that its text mentions, ages and access
periods among them; a length counts only where the text says that the training lasts so long, and every other one
is named in a note.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from competences.records.hours import TimeDemand
from competences.records.offers import DeliveryMode, LearningOffer
from competences.records.places import Place
from competences.sources.documents import cleaned, distinct, json_lines, language_of, located, validated, words_in
from competences.sources.durations import Reading, read_duration
from competences.sources.fields import belgian_postcode
from competences.sources.quantities import unread

_SENTENCE_END = re.compile(r"(?<!max)(?<!min)(?<!ca)\.(?=\s|[A-Z]|$)|\n(?!(?<=[:r]\n)\s*-?\s*\d)")
"""A full stop or a line end; "Duur:" and "Studieduur" go on with a number on the next line."""
_CUE = re.compile(r"\b(?:(?:studie)?duur(?:tijd|t)?|leertijd|telt|omvat|in totaal)\b", re.IGNORECASE)
_WEAK = re.compile(r"\s*(?:in totaal|ongeveer|maximaal|maximum|minimum|minimaal)?\s*\d[\d.,]*\s*\w+", re.IGNORECASE)
_OTHER = re.compile(
    r"\b(?:blok|module|lesdag|les|stage|deel|fase|verkorte?|reguliere?|week|werkdag|praktijk|presteert?)\b",
    re.IGNORECASE,
)
"""What lasts is then not the training itself."""
_ONE_YEAR = re.compile(r"\b\d\s?(?:ste|de|e)\s+jaar\b", re.IGNORECASE)
_ONLINE = re.compile(r"\bwebmodule\b|\bwebleercursus\b|\bonline cursus\b|24\s?u op 24 toegankelijk", re.IGNORECASE)


class _Point(BaseModel):
    lat: float | None = None
    lon: float | None = None


class _Occupation(BaseModel):
    naam: str


class _Listed(BaseModel):
    van: dt.date | None = None
    tot: dt.date | None = None


class _Training(BaseModel):
    code: Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
    naam: Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
    programma: str | None = None
    doelstelling: str | None = None
    attestering: str | None = None
    trefwoord: str | None = None
    getuigschrift: str | None = None
    vakgebieden: list[str] = Field(default_factory=list)
    beroepen: list[_Occupation] | None = None
    aanbieder: str | None = None
    postcode: str | None = None
    gemeente: str | None = None
    coordinaat: _Point | None = None
    publicatie: _Listed | None = None
    duur_in_tekst: list[str] | None = None

    @property
    def texts(self) -> list[str]:
        return [cleaned(text) for text in (self.programma, self.doelstelling, self.attestering) if text]


def read_trainings(path: str | Path) -> list[LearningOffer]:
    """The trainings of a VDAB catalogue file, ids `vdab:<code>`.

    The outcomes stay empty: the catalogue states none, matching derives them from the text.
    """
    return distinct((_offer(raw, path, line) for line, raw in json_lines(path)), path)


def _offer(raw: object, path: str | Path, line: int) -> LearningOffer:
    training = validated(_Training, raw, path, line=line)
    description = "\n\n".join(training.texts)
    time, notes = lengths(training.texts, training.duur_in_tekst or [], training.naam)
    online = bool(_ONLINE.search(description))
    if online:  # learned alone, at any hour of the day: no contact
        time = time.model_copy(update={"contact_hours": None, "self_study_hours": time.contact_hours})
    if training.getuigschrift:
        notes = (*notes, f"ends with: {training.getuigschrift}")
    listed = training.publicatie
    with located(path, line=line):
        place, place_notes = _place(training)
        return LearningOffer(
            id=f"vdab:{training.code}",
            title=cleaned(training.naam),
            description=description or None,
            language=language_of(f"{training.naam} {description}"),
            provider=training.aanbieder or None,
            mode=DeliveryMode.ONLINE if online else None,
            place=place,
            time=time,
            keywords=_keywords(training),
            published=(listed.van, listed.tot) if listed else None,
            source="vdab",
            notes=(*notes, *place_notes),
        )


def lengths(texts: list[str], mentioned: list[str], title: str = "") -> Reading:
    """What the texts state about the length of the training, and a note for each length that is mentioned only."""
    said = [_statements(text) for text in texts]
    whole = " ; ".join(dict.fromkeys(statement for statements in said for statement in statements))
    notes: list[str] = []
    time = TimeDemand()
    if whole and _ONE_YEAR.search(title):
        notes.append(unread(whole, "the length of a whole programme, of which this is one year"))
    elif any(len(set(statements)) < len(statements) for statements in said):
        notes.append(unread(whole, "stated more than once: the length of parts"))
    else:
        time, read_notes = read_duration(whole)
        notes.extend(read_notes)
    compact = _compact(whole)
    notes.extend(
        unread(length, "the text does not say that the training lasts so long")
        for length in dict.fromkeys(mentioned)
        if not re.search(rf"(?<!\d){re.escape(_compact(length))}", compact)
    )
    return Reading(time, tuple(dict.fromkeys(notes)))


def _statements(text: str) -> list[str]:
    """What the sentences of a text say after a word such as "duurt", where the training is what lasts."""
    found = []
    for sentence in _SENTENCE_END.split(re.sub(r"\n\n+", "\n", text)):
        cue = _CUE.search(sentence)
        if cue is None:
            continue
        said = sentence[cue.end() :]
        near = " ".join([*sentence[: cue.start()].split()[-3:], *said.split()[:4]])
        weak = cue.group().lower() in ("telt", "omvat", "in totaal")
        if re.search(r"\d", said) and not _OTHER.search(near) and (not weak or _WEAK.match(said)):
            found.append(said.strip(" :-\n"))
    return found


def _compact(text: str) -> str:
    return re.sub(r"\W+", "", text.lower())


def _keywords(training: _Training) -> tuple[str, ...]:
    """Search words, fields of study and attached occupations, once each."""
    occupations = [occupation.naam for occupation in training.beroepen or []]
    found = [*words_in(training.trefwoord), *training.vakgebieden, *occupations]
    return tuple(dict.fromkeys(word.strip() for word in found if word.strip()))


def _place(training: _Training) -> tuple[Place | None, tuple[str, ...]]:
    point = training.coordinaat or _Point()
    code = (training.postcode or "").strip()
    postcode = belgian_postcode(code)
    note = (unread(code, "no Belgian postcode"),) if code and not postcode else ()
    place = Place(
        postcode=postcode,
        municipality=training.gemeente or None,
        latitude=point.lat,
        longitude=point.lon,
    )
    return (place if place != Place() else None), note
