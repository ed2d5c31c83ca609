"""Variants of one outcome: of the paces that exist, the shortest that this person can follow (F-03)."""

from __future__ import annotations

import pytest
from hypothesis import given

from competences.records.claims import ClaimStatus, CompetenceClaim
from competences.records.competence import Outcome, Requirement
from competences.records.hours import PERIOD_HOURS, TimeBudget, TimeDemand
from competences.records.learners import LearnerProfile
from competences.records.offers import Access, LearningOffer
from competences.records.roles import Goal
from matching.matcher import Matcher
from matching.query.conditions import ReasonKind
from matching.settings import Settings
from strategies import TODAY, World, worlds
from toy_encoder import ToyEncoder

DUTCH = "Dutch at level A2"
READS = "reads and writes the Latin alphabet"
FAST = "learns a language at the pace of higher education"


def nt2(periods: int, weeks: int, *entry: str, literate: bool) -> LearningOffer:
    """One pace of Dutch as a second language, in teaching periods of 50 minutes."""
    return LearningOffer(
        id=f"nt2-{periods}",
        title=f"NT2 in {periods} periods",
        outcomes=(Outcome(competence=DUTCH),),
        time=TimeDemand(teaching_periods=periods, self_study_hours=0, weeks=weeks),
        access=Access(low_literacy=not literate),
        entry=tuple(Requirement(competence=one) for one in entry),
        outcome_group="nt2-a2",
    )


PACES = [
    nt2(600, 60, literate=False),
    nt2(240, 30, READS, literate=True),
    nt2(120, 15, READS, literate=True),
    nt2(90, 6, READS, FAST, literate=True),
]


def matcher(**options: object) -> Matcher:
    return Matcher.from_offers(PACES, encoder=ToyEncoder(), settings=Settings(coverage_threshold=1.0, **options))


def learner(*can: str, hours_per_week: float | None = None, needs: tuple[str, ...] = ()) -> LearnerProfile:
    claims = tuple(CompetenceClaim(competence=one, status=ClaimStatus.ASSESSED) for one in can)
    goal = Goal(requirements=(Requirement(competence=DUTCH),))
    budget = TimeBudget(hours_per_week=hours_per_week, weeks=100)
    return LearnerProfile(id="l", goal=goal, claims=claims, budget=budget, needs=needs)


@pytest.mark.parametrize(
    ("who", "chosen"),
    [
        (learner(needs=("low_literacy",)), "nt2-600"),
        (learner(), "nt2-600"),
        (learner(READS), "nt2-120"),
        (learner(READS, hours_per_week=6.7), "nt2-120"),  # 120 periods of 50 minutes in 15 weeks: 6.67 h a week
        (learner(READS, hours_per_week=6.66), "nt2-600"),  # the 240 ask 6.67 a week too; 600 periods 8.33
        (learner(READS, FAST), "nt2-90"),
        (learner(READS, FAST, hours_per_week=12.4), "nt2-120"),  # 90 periods in 6 weeks: 12.5 h a week
        (learner(READS, FAST, needs=("low_literacy",)), "nt2-600"),
    ],
)
def test_the_shortest_pace_that_one_can_follow(who: LearnerProfile, chosen: str) -> None:
    fits = (who.budget.hours_per_week or 168) >= 600 * PERIOD_HOURS / 60 or chosen != "nt2-600"
    assert [match.offer_id for match in matcher().match(who, on=TODAY)] == ([chosen] if fits else [])


def test_a_literacy_learner_never_gets_a_fast_pace_and_a_fast_learner_gets_it_first() -> None:
    every = matcher(one_variant=False)
    slow = every.match(learner(needs=("low_literacy",)), on=TODAY)
    assert [match.offer_id for match in slow] == ["nt2-600"]
    assert {reason.code for reason in slow.why_not("nt2-90")} == {"needs", "entry"}
    fast = every.match(learner(READS, FAST, hours_per_week=20), on=TODAY)
    assert [match.offer_id for match in fast] == ["nt2-90", "nt2-120", "nt2-240", "nt2-600"]


def test_teaching_periods_are_not_hours() -> None:
    (match,) = matcher().match(learner(READS, FAST), on=TODAY)
    assert match.own_hours == pytest.approx(75)


def test_a_longer_variant_says_that_a_shorter_one_fits() -> None:
    (reason,) = matcher().match(learner(READS, FAST), on=TODAY).why_not("nt2-120")
    assert (reason.code, reason.kind, reason.changes) == ("variant", ReasonKind.VARIANT, ())
    assert reason.text == "a shorter variant of the same outcome fits: NT2 in 90 periods, 75 own hours"


@given(worlds())
def test_at_most_one_variant_of_each_outcome_and_no_other_is_shorter(world: World) -> None:
    one = Matcher.from_offers(world.offers, encoder=ToyEncoder())
    every = Matcher.from_offers(world.offers, encoder=ToyEncoder(), settings=Settings(one_variant=False))
    group_of = {offer.id: offer.outcome_group for offer in world.offers}
    for learner in world.learners:
        proposed = {match.offer_id: match for match in one.match(learner, 99, on=TODAY)}
        groups = [group_of[offer_id] for offer_id in proposed if group_of[offer_id]]
        assert len(groups) == len(set(groups))
        for match in every.match(learner, 99, on=TODAY):
            group = group_of[match.offer_id]
            (chosen,) = [m for m in proposed.values() if (group_of[m.offer_id] == group if group else m == match)]
            assert chosen.own_hours <= match.own_hours
