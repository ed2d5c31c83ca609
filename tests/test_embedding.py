"""Embedding: one row per phrase or claim, a mean per record, ids resolved by a taxonomy."""

from __future__ import annotations

from typing import cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from competences.embedding import MINOR, Embeddable, embed
from competences.encoders.protocol import Encoder
from competences.errors import MisuseError
from competences.records.claims import CompetenceClaim, Credential, CredentialKind
from competences.records.competence import Competence, Outcome, Requirement
from competences.records.learners import LearnerProfile
from competences.records.offers import LearningOffer
from competences.records.roles import Goal, JobRole
from competences.taxonomy.taxonomy import Taxonomy
from strategies import few

BREAD = Competence(id="c:bread", label="brood bakken", labels={"nl": "brood bakken", "en": "bake bread"})
DOUGH = Competence(
    id="c:dough", label="deeg kneden", alternative_labels=("deeg maken",), description="Meel afwegen. Deeg kneden."
)
BAKER = JobRole(
    id="r:baker",
    title="bakker",
    requirements=(Requirement(competence="c:bread", weight=3), Requirement(competence="deeg kneden")),
)
COURSE = LearningOffer(
    id="o:1", title="Bakken voor beginners", outcomes=(Outcome(competence="c:bread"),), description="Je leert bakken."
)
DIPLOMA = Credential(
    id="d:1", kind=CredentialKind.BADGE, title="Bakkersbadge", confidence=0.5, competences=("c:bread",)
)
LEARNER = LearnerProfile(
    id="p:1",
    goal=Goal(text="chocolatier worden"),
    claims=(CompetenceClaim(competence="deeg kneden", confidence=0.8),),
    credentials=(DIPLOMA,),
)
TAXONOMY = Taxonomy.from_competences([BREAD])


def direction(*rows: np.ndarray) -> np.ndarray:
    total = np.sum(rows, axis=0)
    return cast(np.ndarray, total / np.linalg.norm(total))


def test_shapes_and_owners(letters: Encoder) -> None:
    found = embed([BREAD, DOUGH, BAKER, COURSE, LEARNER, DIPLOMA, "brood; gebak"], letters, taxonomy=TAXONOMY)
    n = len(found.texts)
    assert found.vectors.shape == (n, letters.dim)
    assert found.means.shape == (7, letters.dim)
    assert found.vectors.dtype == found.means.dtype == found.weights.dtype == np.float32
    assert found.owners.tolist() == [0] + [1] * 4 + [2] * 3 + [3] * 3 + [4] * 2 + [5] * 2 + [6] * 2
    assert found.texts[found.of(6)] == ("brood", "gebak")
    np.testing.assert_allclose(np.linalg.norm(found.vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(found.means, axis=1), 1, atol=1e-5)


def test_preferred_labels_are_one_row_and_the_rest_weighs_less(letters: Encoder) -> None:
    bread, dough = embed([BREAD], letters), embed([DOUGH], letters)
    rows = letters.encode(["brood bakken", "bake bread"])
    np.testing.assert_allclose(bread.vectors[0], direction(*rows), atol=1e-6)
    assert dough.texts == ("deeg kneden", "deeg maken", "Meel afwegen", "Deeg kneden")
    np.testing.assert_allclose(dough.weights, [1, MINOR, MINOR / 2, MINOR / 2])


def test_a_mean_is_the_direction_of_the_weighted_sum(letters: Encoder) -> None:
    found = embed([BAKER], letters)
    assert found.weights.tolist() == [1, 3, 1]
    np.testing.assert_allclose(found.means[0], direction(*(found.vectors * found.weights[:, None])), atol=1e-6)


def test_ids_become_labels_where_a_taxonomy_has_them(letters: Encoder) -> None:
    plain, resolved = embed([BAKER], letters), embed([BAKER], letters, taxonomy=TAXONOMY)
    assert plain.texts == ("bakker", "c:bread", "deeg kneden")
    assert resolved.texts == ("bakker", "brood bakken", "deeg kneden")
    np.testing.assert_allclose(resolved.vectors[1], embed([BREAD], letters).vectors[0], atol=1e-6)


def test_a_learner_is_what_they_can_and_not_what_they_want(letters: Encoder) -> None:
    found = embed([LEARNER], letters, taxonomy=TAXONOMY)
    assert found.texts == ("deeg kneden", "brood bakken")
    np.testing.assert_allclose(found.weights, [0.8, 0.5])


@pytest.mark.parametrize(
    ("goal", "texts"),
    [
        (Goal(text="brood bakken\ngebak versieren"), ("brood bakken", "gebak versieren")),
        (Goal(role=BAKER), ("bakker", "c:bread", "deeg kneden")),
        (Goal(role="c:bread"), ("c:bread",)),
        (Goal(requirements=(Requirement(competence="lassen"),)), ("lassen",)),
    ],
)
def test_a_goal_is_its_text_role_or_requirements(goal: Goal, texts: tuple[str, ...], letters: Encoder) -> None:
    assert embed([goal], letters).texts == texts


def test_what_says_nothing_is_a_zero_row(letters: Encoder) -> None:
    found = embed([LearnerProfile(id="nobody"), "", "?!", BREAD], letters)
    assert found.owners.tolist() == [3]
    assert not found.means[:3].any()
    assert found.means[3].any()


def test_nothing_is_an_empty_result(letters: Encoder) -> None:
    found = embed([], letters)
    assert found.vectors.shape == found.means.shape == (0, letters.dim)
    assert found.texts == ()


def test_a_claim_without_confidence_leaves_no_direction(letters: Encoder) -> None:
    doubt = LearnerProfile(id="p", claims=(CompetenceClaim(competence="lassen", confidence=0),))
    found = embed([doubt], letters)
    assert found.vectors[0].any()
    assert not found.means.any()


def test_what_is_no_record_is_refused(letters: Encoder) -> None:
    with pytest.raises(MisuseError, match="cannot embed a int: expected Competence, JobRole"):
        embed(cast("list[Embeddable]", [3]), letters)


def test_one_record_is_a_list_of_one(letters: Encoder) -> None:
    np.testing.assert_array_equal(embed("brood bakken", letters).means, embed(["brood bakken"], letters).means)


RECORDS = st.sampled_from([BREAD, DOUGH, BAKER, COURSE, LEARNER, DIPLOMA, "brood, gebak", ""])


@few
@given(records=st.lists(RECORDS, max_size=6))
def test_each_record_is_embedded_as_if_alone(letters: Encoder, records: list[Embeddable]) -> None:
    together = embed(records, letters)
    for row, record in enumerate(records):
        alone = embed([record], letters)
        np.testing.assert_array_equal(together.vectors[together.of(row)], alone.vectors)
        np.testing.assert_array_equal(together.means[row], alone.means[0])


def test_meaning_crosses_languages(encoder: Encoder) -> None:
    means = embed(["brood bakken", "bake bread", "een belastingaangifte invullen"], encoder).means
    assert means[0] @ means[1] > means[0] @ means[2] + 0.2
