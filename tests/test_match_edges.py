"""Matches at the edges of what numbers can say, by hand."""

from __future__ import annotations

import numba
import pytest

from competences.records.claims import ClaimStatus, CompetenceClaim
from competences.records.competence import Outcome, Requirement
from competences.records.learners import LearnerProfile
from competences.records.offers import LearningOffer
from competences.records.roles import Goal
from matching.index.catalogue import Catalogue
from matching.index.columns import packed
from matching.matcher import Matcher
from matching.settings import Settings
from strategies import TODAY
from toy_encoder import ToyEncoder

TOY = ToyEncoder()
EXACT = Settings(coverage_threshold=1.0)


def teaching(identifier: str, level: float | None = None) -> LearningOffer:
    return LearningOffer(id=identifier, title=identifier, outcomes=(Outcome(competence="c0", level=level),))


def wanting(asked: float | None = None, **claim: object) -> LearnerProfile:
    claims = (CompetenceClaim(competence="c0", **claim),) if claim else ()
    return LearnerProfile(id="l", goal=Goal(requirements=(Requirement(competence="c0", level=asked),)), claims=claims)


def matcher(*offers: LearningOffer) -> Matcher:
    return Matcher.from_offers(offers, encoder=TOY, settings=EXACT)


@pytest.mark.parametrize("steps", [1, 2, 3, 7, 8, 23, 24, 100])
def test_the_smallest_gains_are_ranked_like_any(steps: int) -> None:
    """Whoever is nearly sure of all that a goal asks leaves hardly anything to gain."""
    found = matcher(teaching("a"), teaching("b"))
    nearly = wanting(status=ClaimStatus.CERTIFIED, confidence=1 - steps * 2.0**-50)
    assert [(one.offer_id, one.gain) for one in found.match(nearly, on=TODAY)] == [
        ("a", steps * 2.0**-50), ("b", steps * 2.0**-50),
    ]  # fmt: skip


@pytest.mark.parametrize("level", [0.1, 0.7, 1.1, 2.3, 3.3, 99.9])
def test_equal_levels_are_equal_whatever_their_last_digit(level: float) -> None:
    found = matcher(teaching("a", level), teaching("b"))
    assert [(one.offer_id, one.gain) for one in found.match(wanting(level), on=TODAY)] == [("a", 1.0), ("b", 1.0)]
    holding = wanting(100, status=ClaimStatus.CERTIFIED, level=level)
    assert [one.offer_id for one in found.match(holding, on=TODAY)] == ["b"]
    assert found.match(holding, on=TODAY).why_not("a")[0].code == "no_gain"


def test_what_is_compiled_for_one_catalogue_serves_any() -> None:
    """To numba an array of one row or none is of another type, unless someone sees to it: a minute of compiling."""
    some = [teaching(f"o{i}") for i in range(3)]
    kinds = {numba.typeof(packed(Catalogue.from_offers(some[:n], EXACT).columns)) for n in range(4)}
    assert len(kinds) == 1
