"""Taxonomy: labels, relations in both directions, roles, merging, and a report of what did not join."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competences.errors import UnknownIdError
from competences.records.competence import Competence, CompetenceKind
from competences.taxonomy.concept import NO_LANGUAGE, Concept, ConceptKind, Relation
from competences.taxonomy.taxonomy import OPTIONAL_WEIGHT, Taxonomy

BAKE = Concept(
    "s:bake",
    ConceptKind.SKILL,
    {"nl": "brood bakken", "en": "bake bread"},
    alternatives={"nl": ("bakken van brood",), "en": ("bread baking",)},
    hidden={"nl": ("broot bakken",)},
    descriptions={"en": "Make bread in an oven."},
    scheme="toy",
    version="2",
    reuse_level="sector-specific",
)
KNEAD = Concept("s:knead", ConceptKind.SKILL, {"nl": "deeg kneden"}, scheme="toy", version="2")
COOK = Concept("s:cook", ConceptKind.SKILL, {"nl": "koken", "en": "cook"}, scheme="toy", version="2")
BAKER = Concept("o:baker", ConceptKind.OCCUPATION, {"nl": "bakker", "en": "baker"}, scheme="toy", version="2")
OLD = Concept("s:old", ConceptKind.SKILL, {"nl": "oven stoken"}, scheme="toy", version="1", current=False)


@pytest.fixture
def taxonomy() -> Taxonomy:
    return Taxonomy(
        [BAKE, KNEAD, COOK, BAKER, OLD],
        broader=[("s:bake", "s:cook")],
        needs=[("o:baker", "s:bake", True), ("o:baker", "s:knead", False), ("o:baker", "s:gone", True)],
        crosswalks=[("s:bake", "x:1", Relation.CLOSE), ("s:cook", "x:2", Relation.NARROWER)],
        successors={"s:old": "s:older", "s:older": "s:bake"},
        languages=("nl", "en"),
    )


def test_labels_come_in_the_language_asked_for(taxonomy: Taxonomy) -> None:
    assert taxonomy.labels("s:bake") == ("brood bakken", "bake bread")
    assert taxonomy.label("s:bake", "en") == "bake bread"
    assert taxonomy.label("s:knead", "en") == "deeg kneden"
    assert taxonomy.all_labels("s:bake", "nl") == ("brood bakken", "bakken van brood", "broot bakken")
    assert set(taxonomy.all_labels("s:bake")) == {
        "brood bakken", "bake bread", "bakken van brood", "bread baking", "broot bakken",
    }  # fmt: skip


def test_an_unknown_id_has_no_label_and_is_an_error_where_a_record_is_asked_for(taxonomy: Taxonomy) -> None:
    assert taxonomy.labels("nowhere") == ()
    assert taxonomy.all_labels("nowhere") == ()
    assert taxonomy.relations("nowhere") == {}
    assert "nowhere" not in taxonomy
    with pytest.raises(UnknownIdError, match="unknown concept 'nowhere': not in toy 1, toy 2"):
        taxonomy.competence("nowhere")


def test_relations_say_what_the_other_one_is(taxonomy: Taxonomy) -> None:
    assert taxonomy.relations("s:bake") == {"s:cook": "broader", "x:1": "close"}
    assert taxonomy.relations("s:cook") == {"s:bake": "narrower", "x:2": "narrower"}
    assert taxonomy.relations("x:2") == {"s:cook": "broader"}
    assert taxonomy.broader("s:bake") == ("s:cook",)
    assert taxonomy.narrower("s:cook") == ("s:bake",)
    assert taxonomy.crosswalk("s:bake") == {"x:1": Relation.CLOSE}


def test_the_strongest_of_several_crosswalks_counts() -> None:
    pairs = [("a", "b", Relation.BROADER), ("a", "b", Relation.EXACT), ("b", "a", Relation.CLOSE)]
    assert Taxonomy([], crosswalks=pairs).relations("a") == {"b": "exact"}
    assert Taxonomy([], crosswalks=pairs[::-1]).relations("b") == {"a": "exact"}


def test_a_concept_becomes_a_record(taxonomy: Taxonomy) -> None:
    record = taxonomy.competence("s:bake")
    assert record == Competence(
        id="s:bake",
        label="brood bakken",
        labels={"nl": "brood bakken", "en": "bake bread"},
        alternative_labels=("bakken van brood", "bread baking"),
        description="Make bread in an oven.",
        kind=CompetenceKind.SKILL,
        reuse_level="sector-specific",
        scheme="toy",
        version="2",
    )
    assert [one.id for one in taxonomy.competences()] == ["s:bake", "s:knead", "s:cook", "s:old"]


def test_an_occupation_becomes_a_role_of_what_it_asks(taxonomy: Taxonomy) -> None:
    role = taxonomy.role("o:baker")
    assert (role.title, role.titles["en"], role.occupation) == ("bakker", "baker", "o:baker")
    assert [(one.competence, one.weight) for one in role.requirements] == [
        ("s:bake", 1.0), ("s:knead", OPTIONAL_WEIGHT),
    ]  # fmt: skip
    assert [one.id for one in taxonomy.roles()] == ["o:baker"]
    assert taxonomy.essential("o:baker") == ("s:bake", "s:gone")
    assert taxonomy.optional("o:baker") == ("s:knead",)


def test_what_did_not_join_is_reported(taxonomy: Taxonomy) -> None:
    report = taxonomy.report()
    assert report.missing == {"nl": (), "en": ("s:knead", "s:old")}
    assert report.outdated == ("s:old",)
    assert set(report.dangling) == {
        ("o:baker", "essential", "s:gone"), ("s:bake", "close", "x:1"), ("s:cook", "narrower", "x:2"),
    }  # fmt: skip
    assert report.lines() == [
        "2 concepts have no label in 'en', such as s:knead",
        "1 concepts are missing from the newest version, such as s:old",
        "3 relations lead to an unknown concept, such as o:baker essential s:gone",
    ]


def test_an_outdated_concept_leads_to_the_one_in_its_place(taxonomy: Taxonomy) -> None:
    assert taxonomy.successor("s:old") == "s:bake"
    assert taxonomy.successor("s:bake") == "s:bake"
    assert Taxonomy([OLD]).successor("s:old") is None
    assert Taxonomy([OLD], successors={"s:old": "s:x", "s:x": "s:old"}).successor("s:old") is None


def test_merging_fills_in_and_joins_what_dangled(taxonomy: Taxonomy) -> None:
    other = Taxonomy(
        [
            Concept("s:knead", ConceptKind.SKILL, {"nl": "kneden van deeg", "en": "knead dough"}, scheme="other"),
            Concept("x:1", ConceptKind.SKILL, {"nl": "brood maken"}, scheme="x", version="7"),
        ],
        languages=("fr",),
    )
    both = taxonomy.merge(other)
    assert both.labels("s:knead") == ("deeg kneden", "knead dough")
    assert both.all_labels("s:knead", "nl") == ("deeg kneden", "kneden van deeg")
    assert both.concept("s:knead").scheme == "toy"
    assert both.languages == ("nl", "en", "fr")
    assert both.version == "toy 1, toy 2, x 7"
    assert ("s:bake", "close", "x:1") not in both.report().dangling
    assert both.relations("x:1") == {"s:bake": "close"}


def test_a_language_that_a_scheme_does_not_speak_is_not_missed() -> None:
    french = Concept("f", ConceptKind.SKILL, {"fr": "cuire"}, scheme="french")
    report = Taxonomy([BAKE, KNEAD, french], languages=("nl", "en", "fr")).report()
    assert report.missing == {"nl": (), "en": ("s:knead",), "fr": ()}


def test_the_fingerprint_follows_content_and_not_order(taxonomy: Taxonomy) -> None:
    assert Taxonomy([BAKE, COOK]).fingerprint == Taxonomy([COOK, BAKE]).fingerprint
    assert len(taxonomy.fingerprint) == 16
    changed = Taxonomy([BAKE, COOK], broader=[("s:bake", "s:cook")])
    assert changed.fingerprint != Taxonomy([BAKE, COOK]).fingerprint


def test_records_from_anywhere_make_a_taxonomy() -> None:
    record = Competence(id="c", label="lassen", labels={"en": "weld"}, kind=CompetenceKind.KNOWLEDGE, scheme="mine")
    taxonomy = Taxonomy.from_competences([record])
    assert taxonomy.labels("c") == ("lassen", "weld")
    assert taxonomy.concept("c").labels[NO_LANGUAGE] == "lassen"
    assert taxonomy.competence("c").kind == CompetenceKind.KNOWLEDGE
    assert taxonomy.version == "mine"


IDS = st.sampled_from("abcdef")


@given(st.lists(st.tuples(IDS, IDS, st.sampled_from(Relation))), st.lists(st.tuples(IDS, IDS)))
def test_every_relation_has_its_inverse(
    crosswalks: list[tuple[str, str, Relation]], broader: list[tuple[str, str]]
) -> None:
    crosswalks = [one for one in crosswalks if one[0] != one[1]]
    taxonomy = Taxonomy([], crosswalks=crosswalks, broader=[pair for pair in broader if pair[0] < pair[1]])
    for identifier in "abcdef":
        for other, relation in taxonomy.relations(identifier).items():
            assert taxonomy.relations(other)[identifier] in (relation.inverse, relation)
    for source, target, _ in crosswalks:
        assert taxonomy.crosswalk(target)[source] == taxonomy.crosswalk(source)[target].inverse
