"""Linker: the best concepts over all labels and descriptions, exactly; abstaining; spans as evidence."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from competences.encoders.protocol import Encoder
from competences.errors import MisuseError
from competences.linking import labels
from competences.linking.labels import DESCRIPTION_WEIGHT, LabelIndex, Names
from competences.linking.linker import EXACT, Linker
from competences.records.competence import Competence
from competences.sources.esco import read_taxonomy
from competences.taxonomy.concept import Concept, ConceptKind
from competences.taxonomy.taxonomy import Taxonomy
from strategies import few

CONCEPTS = [
    Competence(id="c:weld", label="lassen", labels={"en": "weld metal"}, scheme="toy", version="1"),
    Competence(id="c:dough", label="deeg kneden", alternative_labels=("deeg bereiden",), scheme="toy", version="1"),
    Competence(id="c:bread", label="brood bakken", labels={"en": "bake bread"}, scheme="toy", version="1"),
    Competence(id="c:python", label="Python", scheme="toy", version="2"),
]


@pytest.fixture(scope="module")
def linker(letters: Encoder) -> Linker:
    return Linker(CONCEPTS, letters)


def brute(names: list[Names], queries: np.ndarray, encoder: Encoder) -> np.ndarray:
    """(n queries, n concepts): the formula of the score, written out."""
    scores = np.zeros((len(queries), len(names)))
    for row, one in enumerate(names):
        preferred = encoder.encode(one.preferred)
        closest = (queries @ encoder.encode([*one.preferred, *one.others]).T).max(axis=1)
        whole = preferred.sum(axis=0) / max(float(np.linalg.norm(preferred.sum(axis=0))), 1e-9)
        if one.description:
            whole = whole + DESCRIPTION_WEIGHT * encoder.encode([one.description])[0]
            whole = whole / np.linalg.norm(whole)
        scores[:, row] = (closest + queries @ whole) / 2
    return scores


WORDS = st.sampled_from("brood deeg oven gist lassen metaal bakken kneden snijden meten bread weld".split())
TEXTS = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
NAMES = st.builds(
    Names,
    preferred=st.lists(TEXTS, min_size=1, max_size=3).map(tuple),
    others=st.lists(TEXTS, max_size=4).map(tuple),
    description=st.one_of(st.just(""), TEXTS),
)


@given(
    names=st.lists(NAMES, min_size=1, max_size=120), texts=st.lists(TEXTS, min_size=1, max_size=4), k=st.integers(1, 6)
)
def test_the_best_are_the_best_of_all(letters: Encoder, names: list[Names], texts: list[str], k: int) -> None:
    queries = letters.encode(texts)
    found = LabelIndex(names, letters).nearest(queries, k)
    scores = brute(names, queries, letters)
    for query in range(len(texts)):
        rows, similarities = found.of(query)
        assert len(rows) == len(set(rows.tolist())) == min(k, len(names))
        np.testing.assert_allclose(similarities, np.sort(scores[query])[::-1][:k], atol=3e-5)
        np.testing.assert_allclose(similarities, scores[query, rows], atol=3e-5)
        assert [(-s, r) for s, r in zip(similarities, rows, strict=True)] == sorted(
            (-s, r) for s, r in zip(similarities, rows, strict=True)
        )


class PlaneEncoder:
    """A text is an angle in degrees."""

    dim = 2
    fingerprint = "plane"

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        angles = np.radians([float(text) for text in texts])
        return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def test_a_concept_that_leads_neither_list_can_be_the_best(monkeypatch: pytest.MonkeyPatch) -> None:
    """Best by direction are labels on both sides of the query, best by label those with one stray label on it."""
    monkeypatch.setattr(labels, "DEPTH", 1)
    monkeypatch.setattr(labels, "LABELS", 1)
    around = [Names((str(60 + i), str(-60 - i))) for i in range(4)]
    stray = [Names((str(90 + i),), ("0",)) for i in range(4)]
    index = LabelIndex([*around, *stray, Names(("30",))], PlaneEncoder())
    rows, similarities = index.nearest(np.array([[1, 0]], np.float32), 1).of(0)
    assert rows.tolist() == [8]
    assert similarities[0] == pytest.approx(np.cos(np.radians(30)), abs=1e-5)


def test_a_label_in_any_language_or_writing_is_an_exact_link(linker: Linker) -> None:
    for text, identifier in (
        ("Weld  METAL", "c:weld"),
        ("deeg bereiden", "c:dough"),
        ("brood bakken (m/v/x)", "c:bread"),
    ):
        first = linker.link([text], k=2)[0][0]
        assert (first.id, first.similarity, first.probability) == (identifier, 1.0, EXACT)


def test_links_keep_label_scheme_and_version(linker: Linker) -> None:
    link = linker.link(["python"])[0][0]
    assert (link.label, link.scheme, link.version) == ("Python", "toy", "2")


def test_links_are_sorted_and_complete(linker: Linker) -> None:
    (links,) = linker.link(["brood kneden"], k=10, min_probability=0.0)
    assert {link.id for link in links} == {one.id for one in CONCEPTS}
    assert [link.similarity for link in links] == sorted((link.similarity for link in links), reverse=True)
    assert linker.link(["brood kneden"], k=2, min_probability=0.0)[0] == links[:2]


def test_no_match_is_a_legal_answer(linker: Linker) -> None:
    assert linker.link(["zzz qqq", "", "!?", "brood bakken"], k=1)[:3] == [[], [], []]
    assert linker.link(["", "…"], min_probability=0.0) == [[], []]
    assert linker.link([]) == []
    assert linker.calibration.link_threshold == 0.5
    assert all(link.probability >= 0.5 for links in linker.link(["brood", "deeg"]) for link in links)


def test_a_batch_links_like_one_at_a_time(linker: Linker) -> None:
    texts = ["brood", "deeg bakken", "lassen met metaal", "pithon"] * 12
    assert linker.link(texts, min_probability=0.0) == [linker.link([text], min_probability=0.0)[0] for text in texts]


def test_ties_do_not_depend_on_the_order_of_concepts(letters: Encoder) -> None:
    twins = [Competence(id=f"t:{i}", label="meten") for i in (3, 1, 2)]
    for concepts in (twins, twins[::-1]):
        links = Linker(concepts, letters).link(["meten"], k=2)[0]
        assert [link.id for link in links] == ["t:1", "t:2"]


def test_only_what_can_be_learned_is_linked_and_hidden_labels_help(letters: Encoder) -> None:
    taxonomy = Taxonomy(
        [
            Concept("s", ConceptKind.SKILL, {"nl": "solderen"}, hidden={"nl": ("soldeeren",)}),
            Concept("o", ConceptKind.OCCUPATION, {"nl": "soldeerder"}),
        ]
    )
    links = Linker(taxonomy, letters).link(["soldeeren"], min_probability=0.0)[0]
    assert [(link.id, link.label, link.similarity) for link in links] == [("s", "solderen", 1.0)]


def test_a_description_helps_to_choose(letters: Encoder) -> None:
    same = [
        Competence(id="a", label="snijden", description="hout en planken zagen"),
        Competence(id="b", label="snijden", description="groenten en vlees in de keuken"),
    ]
    links = Linker(same, letters).link(["groenten snijden"], min_probability=0.0)[0]
    assert [link.id for link in links] == ["b", "a"]


def test_no_concepts_no_links(letters: Encoder) -> None:
    assert Linker([], letters).link(["brood"], min_probability=0.0) == [[]]
    assert Linker([], letters).extract("brood bakken") == []


def test_misuse_is_said(linker: Linker, letters: Encoder) -> None:
    with pytest.raises(MisuseError, match="not one text"):
        linker.link("brood")
    with pytest.raises(MisuseError, match="at least 1, not 0"):
        linker.link(["brood"], k=0)
    for wrong in (1.5, -0.1, float("nan")):
        with pytest.raises(MisuseError, match="between 0 and 1"):
            linker.link(["brood"], min_probability=wrong)
    with pytest.raises(MisuseError, match="'c:weld' twice"):
        Linker([CONCEPTS[0], CONCEPTS[0]], letters)


TEXT = """Programma
- brood bakken en deeg bereiden;
- Je maakt kennis met Python, en we vertellen over zzz.
"""


def test_extraction_shows_where(linker: Linker) -> None:
    mentions = linker.extract(TEXT, min_probability=0.9)
    assert [(one.link.id, one.text) for one in mentions] == [
        ("c:bread", "brood bakken"), ("c:dough", "deeg bereiden"), ("c:python", "Python"),
    ]  # fmt: skip
    assert all(TEXT[one.start : one.end] == one.text for one in mentions)


def test_the_same_words_show_one_concept_unless_all_are_asked_for(letters: Encoder) -> None:
    linker = Linker(
        [Competence(id=label, label=label) for label in ("technische tekeningen", "technische tekeningen lezen")],
        letters,
    )
    text = "U leert technische tekeningen lezen"
    assert [one.text for one in linker.extract(text)] == ["technische tekeningen lezen"]
    both = linker.extract(text, overlapping=True)
    assert [one.text for one in both] == ["technische tekeningen", "technische tekeningen lezen"]


def test_extraction_takes_the_best_span_of_each_concept(linker: Linker) -> None:
    (mention,) = linker.extract("Wat brood bakken betreft: brood bakken", min_probability=0.9)
    assert (mention.start, mention.end, mention.link.probability) == (4, 16, EXACT)


@few
@given(
    text=st.lists(st.one_of(WORDS, st.sampled_from([", ", ". ", "\n- ", " en ", "; ", "é ", "(m/v)"]))).map(" ".join)
)
def test_spans_are_pieces_of_the_text(linker: Linker, text: str) -> None:
    mentions = linker.extract(text, min_probability=0.2)
    assert len({one.link.id for one in mentions}) == len(mentions)
    assert all(text[one.start : one.end] == one.text and one.text for one in mentions)
    assert [one.start for one in mentions] == sorted(one.start for one in mentions)
    ids = {one.link.id for one in linker.extract(text, min_probability=0.2, overlapping=True)}
    assert {one.link.id for one in mentions} <= ids


@pytest.fixture(scope="module")
def esco(shared_data: Path, encoder: Encoder) -> Linker:
    return Linker(read_taxonomy(shared_data / "esco"), encoder)


def test_competent_links_to_esco(shared_data: Path, esco: Linker) -> None:
    """A floor far below what the benchmark measures: 200 labels a language against the whole taxonomy."""
    with (shared_data / "competent/competent_esco.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["rel"] == "exactMatch"][:200]
    known = {one.id for one in esco.concepts}
    for column, least in (("vdab_nl", 0.6), ("vdab_fr", 0.5)):
        found = esco.link([row[column] for row in rows], min_probability=0.0)
        hits = [any(link.id.endswith(row["esco_id"]) for link in links) for row, links in zip(rows, found, strict=True)]
        assert np.mean(hits) > least
        assert {link.id for links in found for link in links} <= known
    batch = esco.link([row["vdab_nl"] for row in rows[:40]])
    assert batch == [esco.link([row["vdab_nl"]])[0] for row in rows[:40]]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ervaring met Python is een plus, en je kan een team leiden.", {"Python", "een team leiden"}),
        ("Vous apprendrez à gérer une équipe. Maîtrise de la comptabilité.", {"gérer une équipe", "comptabilité"}),
        ("Sie lernen technische Zeichnungen lesen und Maschinen warten.", {"technische Zeichnungen lesen"}),
        ("You will manage staff and speak French with customers.", {"manage staff"}),
    ],
)
def test_extraction_reads_four_languages(text: str, shown: set[str], esco: Linker, shared_data: Path) -> None:
    assert shown <= {one.text for one in esco.extract(text)}
