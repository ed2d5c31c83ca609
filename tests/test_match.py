"""The fast match against its slow obvious twin, and what every ranking promises."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.matcher import TABLE, Matcher
from matching.settings import Settings
from oracle import Oracle
from strategies import TODAY, World, many, worlds
from toy_encoder import ToyEncoder

TOY = ToyEncoder()


def matcher_of(world: World, **options: object) -> Matcher:
    return Matcher.from_offers(world.offers, encoder=TOY, settings=Settings(**options))


@given(worlds(), st.sampled_from([None, 0.7, 1.0]), st.integers(1, 4))
@many
def test_a_match_equals_brute_force_over_all_offers(world: World, threshold: float | None, k: int) -> None:
    chosen = Settings(coverage_threshold=threshold)
    oracle, matcher = Oracle(world.offers, TOY, chosen), Matcher.from_offers(world.offers, encoder=TOY, settings=chosen)
    for learner in world.learners:
        expected = oracle.match(learner, TODAY, k)
        found = matcher.match(learner, k, on=TODAY).matches
        assert [m.score for m in found] == pytest.approx([one.score for one in expected], abs=1e-6)
        for match, one in zip(found, expected, strict=True):
            if match.offer_id == one.offer_id:  # another order is allowed only between equal scores
                assert (match.gain, match.own_hours) == pytest.approx((one.gain, one.own_hours), abs=1e-6)
            else:
                assert match.score == pytest.approx(one.score, abs=1e-9)


@given(worlds(max_learners=4), st.integers(1, 3))
def test_a_batch_equals_its_members_on_any_number_of_threads(world: World, threads: int) -> None:
    matcher = matcher_of(world)
    table = matcher.match_many(world.learners, k=3, on=TODAY, threads=threads)
    assert table.schema == TABLE
    rows = [row for row in table.to_pylist() if row["offer_id"] is not None]
    alone = [
        {"learner_id": learner.id, "rank": rank, "offer_id": m.offer_id, "score": m.score, "gain": m.gain,
         "own_hours": m.own_hours, "reason": None}
        for learner in world.learners
        for rank, m in enumerate(matcher.match(learner, 3, on=TODAY).matches, start=1)
    ]  # fmt: skip
    assert rows == alone
    empty = [row["learner_id"] for row in table.to_pylist() if row["offer_id"] is None]
    assert empty == [one.id for one in world.learners if not matcher.match(one, 3, on=TODAY).matches]


@given(worlds())
def test_answering_through_faiss_gives_the_same_as_the_materialised_join(world: World) -> None:
    kept, asked = matcher_of(world), matcher_of(world, materialise=False)
    for learner in world.learners:
        assert kept.match(learner, on=TODAY).matches == asked.match(learner, on=TODAY).matches


@given(worlds(), st.integers(1, 3), st.integers(0, 4))
def test_a_shorter_list_is_the_head_of_a_longer_one(world: World, k: int, more: int) -> None:
    matcher = matcher_of(world)
    for learner in world.learners:
        longer = matcher.match(learner, k + more, on=TODAY).matches
        assert matcher.match(learner, k, on=TODAY).matches == longer[:k]


@given(worlds())
def test_every_offer_is_either_proposed_or_has_a_reason(world: World) -> None:
    matcher = matcher_of(world)
    for learner in world.learners:
        result = matcher.match(learner, max(1, len(world.offers)), on=TODAY)
        proposed = {match.offer_id for match in result.matches}
        assert set(result.excluded) == {offer.id for offer in world.offers} - proposed
        assert all(not result.why_not(offer_id) for offer_id in proposed)
