"""Competent's crosswalks to ESCO: which way each relation points, and rows that are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from competences.errors import DataError
from competences.sources import competent
from competences.sources.esco import read_taxonomy
from competences.taxonomy.concept import ConceptKind

HEADER = "vdab_id,vdab_nl,vdab_fr,rel,esco_id,esco_nl\n"
ROWS = (
    "KN-1,Binnenschrijnwerk,Menuiserie,broadMatch,wood,timmerwerk\n"
    "SK-2,Deeg kneden,,skos:exactMatch,dough,deeg kneden\n"
    "SK-2,Deeg kneden,,closeMatch,bread,\n"
    "SO-3,Zin voor orde,Ordre,narrowMatch,tidy,netjes werken\n"
)
SKILL = competent.SKILLS


@pytest.fixture
def crosswalk(tmp_path: Path) -> Path:
    path = tmp_path / "competent.csv"
    path.write_text(HEADER + ROWS, encoding="utf-8")
    return path


def test_each_relation_says_what_the_other_one_is(crosswalk: Path) -> None:
    taxonomy = competent.read_competences(crosswalk)
    assert taxonomy.relations("KN-1") == {SKILL + "wood": "broader"}
    assert taxonomy.relations(SKILL + "wood") == {"KN-1": "narrower"}
    assert taxonomy.relations("SK-2") == {SKILL + "dough": "exact", SKILL + "bread": "close"}
    assert taxonomy.relations("SO-3") == {SKILL + "tidy": "narrower"}


def test_concepts_keep_their_scheme_and_labels(crosswalk: Path) -> None:
    taxonomy = competent.read_competences(crosswalk)
    one = taxonomy.concept("KN-1")
    assert (one.scheme, one.version, one.kind) == ("competent", "3.8", ConceptKind.KNOWLEDGE)
    assert one.labels == {"nl": "Binnenschrijnwerk", "fr": "Menuiserie"}
    assert taxonomy.concept("SO-3").kind is ConceptKind.ATTITUDE
    assert taxonomy.concept(SKILL + "dough").scheme == "esco"
    assert taxonomy.report().missing == {"nl": (SKILL + "bread",), "fr": ("SK-2",)}


def test_occupations_and_the_german_list_read_the_same_way(tmp_path: Path) -> None:
    path = tmp_path / "op.csv"
    path.write_text(
        "op,op_nl,op_fr,rel,esco_id,esco_nl\nOP-1,Inspecteur,,skos:narrowMatch,x,keurder\n", encoding="utf-8"
    )
    taxonomy = competent.read_occupations(path)
    assert taxonomy.relations("OP-1") == {competent.OCCUPATIONS + "x": "narrower"}
    assert {one.kind for one in taxonomy.concepts()} == {ConceptKind.OCCUPATION}
    path.write_text("uri,esco_de,ba_id,ba_label,rel\nhttp://e/1,Kleidung,K 1,Hosen,skos:broadMatch\n", encoding="utf-8")
    taxonomy = competent.read_german_competences(path)
    assert taxonomy.relations("K 1") == {"http://e/1": "broader"}
    assert taxonomy.label("http://e/1", "de") == "Kleidung"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("vdab_id,rel\n", r":1: vdab_nl: expected this column"),
        (HEADER + "KN-1,a,b,sameAs,x,y\n", r":2: rel: expected one of exactMatch, .*, found 'sameAs'"),
        (HEADER + "KN-1,a,b,exactMatch,,y\n", r":2: esco_id: expected a value, found nothing"),
        (HEADER + ROWS + ",a,b,exactMatch,x,y\n", r":6: vdab_id: expected a value, found nothing"),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "competent.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        competent.read_competences(path)


def test_the_real_crosswalks_join_esco(shared_data: Path) -> None:
    own = competent.read_competences(shared_data / "competent/competent_esco.csv")
    assert sum(one.scheme == "competent" for one in own.concepts()) == 4048
    joined = read_taxonomy(shared_data / "esco").merge(own)
    assert joined.report().dangling == ()
    physiology = joined.relations("KN-10")
    assert physiology == {SKILL + "60e0ed61-6340-4372-984a-416d1fe0010c": "exact"}
    assert "animal" in joined.label(next(iter(physiology)), "en")
    jobs = competent.read_occupations(shared_data / "competent/competent_occupations_esco.csv")
    assert sum(one.scheme == "competent" for one in jobs.concepts()) == 305
    german = competent.read_german_competences(shared_data / "competent/german_skills_esco.csv")
    assert joined.merge(jobs).merge(german).report().dangling == ()
