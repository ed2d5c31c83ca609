"""Goals in free text against the slow twin: float vectors, counted letters, one offer after the other."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from competences.encoders.text import normalise, phrases
from competences.records.competence import Outcome
from competences.records.learners import LearnerProfile
from competences.records.offers import LearningOffer
from competences.records.roles import Goal
from matching.index.text_arrays import full_text
from matching.index.text_kernels import cosines, quantised
from matching.index.texts import FULL, NOTHING, PHRASES, OfferTexts
from matching.matcher import Matcher
from strategies import TODAY, few
from toy_encoder import Counting, ToyEncoder

TOY = ToyEncoder()
words = st.lists(
    st.sampled_from(["brood", "bakken", "lassen", "Excel", "koken", "en,", "met:", "deeg"]), min_size=1, max_size=6
)
texts = words.map(" ".join)
described = st.builds(
    lambda title, text, taught: LearningOffer(
        id="x", title=title, description=text, outcomes=tuple(Outcome(competence=one) for one in taught)
    ),
    texts, st.none() | texts, st.lists(texts, max_size=2),
)  # fmt: skip


def grams(text: str) -> Counter[str]:
    """3- to 5-letter grams of each word between spaces; a padded word shorter than 3 letters counts whole."""
    found: Counter[str] = Counter()
    for word in normalise(text).split():
        padded = f" {word} "
        for n in (3, 4, 5):
            found.update(padded[at : at + n] for at in range(max(1, len(padded) - n + 1)) if len(padded) >= n or n == 3)
    return found


def twin(offers: list[LearningOffer], text: str) -> list[float]:
    full = [full_text(offer) for offer in offers]
    holding = Counter(gram for one in full for gram in grams(one))

    def weighted(one: str) -> dict[str, float]:
        counts = grams(one)
        row = {g: (1 + math.log(n)) * (math.log((1 + len(full)) / (1 + holding[g])) + 1) for g, n in counts.items()}
        length = math.sqrt(sum(value * value for value in row.values())) or 1.0
        return {gram: value / length for gram, value in row.items()}

    def cosine(one: str, other: str) -> float:
        return max(0.0, float(TOY.encode([one])[0] @ TOY.encode([other])[0]))

    wanted, out = weighted(text), []
    for whole in full:
        row = weighted(whole)
        pieces = [whole[one.start : one.end] for one in phrases(whole)] or [whole]
        best = sorted((cosine(one, text) for one in pieces), reverse=True)[:PHRASES]
        letters = sum(value * row.get(gram, 0.0) for gram, value in wanted.items())
        mix = (sum(best) / len(best) + letters) / 2
        out.append(min(1.0, max(0.0, (mix - NOTHING) / (FULL - NOTHING))))
    return out


@given(st.lists(described, max_size=5), texts)
def test_values_equal_the_twin(offers: list[LearningOffer], text: str) -> None:
    assert OfferTexts.from_offers(offers, TOY).values(text) == pytest.approx(twin(offers, text), abs=0.02)


@given(st.integers(0, 40), st.integers(1, 70))
@few
def test_a_cosine_with_int8_rows_is_off_by_little(n: int, d: int) -> None:
    draw = np.random.default_rng(n * 100 + d)
    vectors = draw.normal(size=(n + 1, d)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    exact = np.maximum(vectors[:n] @ vectors[n], 0)
    assert cosines(quantised(vectors[:n]), vectors[n]) == pytest.approx(exact, abs=0.015)
    assert cosines(quantised(np.zeros((1, d), np.float32)), vectors[n]).tolist() == [0.0]


def test_a_text_goal_is_ranked_by_its_values_and_alike_in_a_batch() -> None:
    offers = [
        LearningOffer(id=f"o{i}", title=title) for i, title in enumerate(("brood bakken", "lassen", "deeg bakken"))
    ]
    matcher = Matcher.from_offers(offers, encoder=TOY)
    learner = LearnerProfile(id="l", goal=Goal(text="bakken"))
    matches = matcher.match(learner, on=TODAY).matches
    values = OfferTexts.from_offers(offers, TOY).values("bakken")
    assert [match.offer_id for match in matches] == [
        f"o{i}" for i in np.argsort(-values, kind="stable") if values[i] > 0
    ]
    table = matcher.match_many([learner] * 3, on=TODAY, threads=2)
    assert table.column("score").to_pylist() == [match.score for match in matches] * 3


@given(
    st.lists(
        st.tuples(st.lists(described, max_size=4), st.sets(st.integers(0, 9), max_size=3), st.booleans()),
        min_size=1,
        max_size=4,
    ),
    texts,
)
def test_texts_of_a_changed_catalogue_equal_new_ones(
    changes: list[tuple[list[LearningOffer], set[int], bool]], text: str
) -> None:
    offers = dict[str, LearningOffer]()
    matcher = Matcher.from_offers([], encoder=TOY)
    for put, places, asks in changes:
        new = {f"o{place}": one.model_copy(update={"id": f"o{place}"}) for place, one in enumerate(put)}
        gone = sorted({f"o{place}" for place in places} & offers.keys())
        matcher.upsert(new.values())
        matcher.remove(one for one in gone if one not in new)
        offers = {key: one for key, one in offers.items() if key not in gone} | new
        if asks:  # what is known of the texts from here on may be used again, or not
            matcher._generation.texts.values(text)
    said = OfferTexts.from_offers([offers[key] for key in sorted(offers)], TOY)
    assert np.array_equal(matcher._generation.texts.values(text), said.values(text))


def test_a_change_encodes_only_what_is_new() -> None:
    encoder = Counting()
    matcher = Matcher.from_offers([LearningOffer(id=f"o{i}", title=f"brood {i}") for i in range(9)], encoder=encoder)
    texts = matcher._generation.texts
    texts.values("deeg")
    encoder.asked.clear()
    for i in (20, 21):
        matcher.upsert([LearningOffer(id=f"o{i}", title=f"deeg {i}")])
    assert len(matcher._generation.texts.values("deeg")) == 11
    assert sorted(encoder.asked) == ["deeg", "deeg 20", "deeg 21"]
