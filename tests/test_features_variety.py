"""Some of each (F-07): a match spread over modes, providers and lengths."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from competences.records.learners import LearnerProfile
from competences.records.offers import DeliveryMode, LearningOffer
from competences.records.roles import Goal
from matching.audit.audited import Audited
from matching.audit.replay import replay
from matching.matcher import Matcher
from matching.query.variety import HALF, POOL, UNKNOWN, mmr
from strategies import TODAY, World, worlds
from toy_encoder import ToyEncoder

TOY = ToyEncoder()
TRAITS = st.lists(st.tuples(*[st.integers(UNKNOWN, 2)] * 3), min_size=1, max_size=9)


def twin(scores: list[float], traits: list[tuple[int, ...]], k: int, weight: float) -> list[int]:
    """Maximal marginal relevance, word for word."""

    def alike(a: tuple[int, ...], b: tuple[int, ...]) -> float:
        return sum(HALF if UNKNOWN in (x, y) else float(x == y) for x, y in zip(a, b, strict=True)) / len(a)

    chosen = [0]
    while len(chosen) < min(k, len(scores)):
        rest = [i for i in range(len(scores)) if i not in chosen]
        worth = {
            i: (1 - weight) * scores[i] / scores[0] - weight * max(alike(traits[i], traits[j]) for j in chosen)
            for i in rest
        }
        chosen.append(max(rest, key=lambda i: (worth[i], -i)))
    return chosen


@given(TRAITS, st.integers(1, 6), st.sampled_from([0.0, 0.25, 0.5, 1.0]), st.data())
def test_chosen_by_maximal_marginal_relevance(
    traits: list[tuple[int, ...]], k: int, weight: float, data: st.DataObject
) -> None:
    n = len(traits)
    scores = sorted(data.draw(st.lists(st.integers(1, 16), min_size=n, max_size=n)), reverse=True)
    found = mmr(np.array(scores, float), np.array(traits), k, weight)
    assert found == twin([float(score) for score in scores], traits, k, weight)


@given(worlds(), st.integers(1, 5), st.sampled_from([0.1, 0.5, 1.0]))
def test_a_spread_match_is_a_choice_from_the_whole_ranking(world: World, k: int, diversity: float) -> None:
    matcher = Matcher.from_offers(world.offers, encoder=TOY)
    modes = {offer.id: offer.mode for offer in world.offers}
    for learner in world.learners:
        whole = matcher.match(learner, k=max(1, len(world.offers)), on=TODAY).matches
        spread = matcher.match(learner, k=k, on=TODAY, diversity=diversity).matches
        assert len(spread) == min(k, len(whole))
        assert set(spread) <= set(whole)
        assert list(spread) == [match for match in whole if match in spread], "in the order of the ranking"
        assert spread[:1] == whole[:1]
        possible = {modes[match.offer_id] for match in whole} - {None}
        known = k >= 3 or (whole and modes[whole[0].offer_id] is not None)
        if len(possible) > 1 and k > 1 and known:
            assert len({modes[match.offer_id] for match in spread} - {None}) > 1


def course(number: int, mode: DeliveryMode, group: str | None = None) -> LearningOffer:
    return LearningOffer.model_validate(
        {"id": f"o{number:03}", "title": f"course {number}", "mode": mode, "outcome_group": group,
         "outcomes": [{"competence": "kneed dough"}], "time": {"contact_hours": 10 + number / 100}}
    )  # fmt: skip


BAKER = LearnerProfile.model_validate(
    {"id": "l", "budget": {"hours_per_week": 5, "weeks": 40},
     "goal": Goal.model_validate({"requirements": [{"competence": "kneed dough"}, {"competence": "bake bread"}]})}
)  # fmt: skip


def test_another_mode_is_found_beyond_the_pool() -> None:
    crowd = [course(number, DeliveryMode.ONLINE) for number in range(3 * POOL + 5)]
    late = course(900, DeliveryMode.ONSITE)
    matcher = Matcher.from_offers([*crowd, late], encoder=TOY)
    assert "o900" in [match.offer_id for match in matcher.match(BAKER, 3, on=TODAY, diversity=0.2).matches]
    assert "o900" not in [match.offer_id for match in matcher.match(BAKER, 3, on=TODAY).matches]
    kept_out = matcher.match(BAKER, 3, on=TODAY, diversity=0.2, exclude_ids=["o900"])
    assert "o900" not in [match.offer_id for match in kept_out.matches]


def test_a_longer_variant_is_not_brought_in_for_its_mode() -> None:
    crowd = [course(number, DeliveryMode.ONLINE) for number in range(3 * POOL + 5)]
    short, long = course(800, DeliveryMode.ONLINE, group="g"), course(900, DeliveryMode.ONSITE, group="g")
    matcher = Matcher.from_offers([*crowd, short, long], encoder=TOY)
    assert "o900" not in [match.offer_id for match in matcher.match(BAKER, 3, on=TODAY, diversity=0.2).matches]


def test_a_spread_match_is_replayed(tmp_path: Path) -> None:
    matcher = Matcher.from_offers([course(n, DeliveryMode.ONLINE) for n in range(4)], encoder=TOY)
    audited = Audited(matcher, tmp_path, keep_inputs=True)
    told = audited.match(BAKER, on=date(2026, 1, 5), k=2, diversity=0.5)
    assert replay(told.record, matcher, audited.keys).same
