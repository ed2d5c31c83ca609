"""What a person asks beside hours: each condition alone, what is unknown, what conflicts, what one consents to."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from competences.records.claims import ClaimStatus, CompetenceClaim
from competences.records.competence import Outcome, Requirement
from competences.records.hours import TimeBudget, TimeDemand
from competences.records.learners import LearnerProfile
from competences.records.offers import Access, DeliveryMode, LearningOffer, Run, Unit
from competences.records.roles import Goal
from matching.matcher import Matcher
from matching.settings import Settings
from oracle import Oracle
from strategies import TODAY, World, learners, worlds
from toy_encoder import ToyEncoder

TOY = ToyEncoder()
GOAL = Goal(requirements=(Requirement(competence="c"),))
FIELDS = sorted(LearnerProfile.model_fields.keys() - {"id", "goal", "consent"})


def matcher(*offers: LearningOffer, **options: object) -> Matcher:
    return Matcher.from_offers(offers, encoder=TOY, settings=Settings(**options))


def offer(identifier: str = "o", **fields: object) -> LearningOffer:
    stated = {"time": TimeDemand(contact_hours=10, self_study_hours=0)} | fields
    return LearningOffer(id=identifier, title=identifier, outcomes=(Outcome(competence="c"),), **stated)


CONDITIONS = {
    "wheelchair": (offer(access=Access(wheelchair=False)), {"needs": ("wheelchair",)}),
    "childcare": (offer(access=Access(childcare=False)), {"needs": ("childcare",)}),
    "low_literacy": (offer(access=Access(low_literacy=False)), {"needs": ("low_literacy",)}),
    "region": (offer(access=Access(regions=("brussels",))), {"region": "flanders"}),
    "quota": (offer(runs=(Run(id="r", seats_left=0),)), {}),
    "price": (offer(price=100), {"max_price": 99.0}),
    "host": (offer(access=Access(host_required=True)), {"has_host": False}),
}


@pytest.mark.parametrize("name", CONDITIONS)
def test_each_condition_stands_alone(name: str) -> None:
    of, person = CONDITIONS[name]
    for other, (_, fields) in CONDITIONS.items():
        kept_out = not matcher(of).match(LearnerProfile(id="l", goal=GOAL, **fields), on=TODAY).matches
        assert kept_out == (name in (other, "quota")), f"{name} and {other}"
    silent = matcher(offer()).match(LearnerProfile(id="l", goal=GOAL, **person), on=TODAY)
    assert len(silent) == 1


def test_free_seats_let_in_and_none_is_unknown() -> None:
    for seats in (None, 1):
        assert matcher(offer(runs=(Run(id="r", seats_left=seats),))).match(LearnerProfile(id="l", goal=GOAL), on=TODAY)


def test_what_is_unknown_is_shown() -> None:
    bare = LearnerProfile(id="l", goal=GOAL)
    (match,) = matcher(offer()).match(bare, on=TODAY)
    assert match.unknown == ("price", "dates")
    asking = bare.model_copy(update={"needs": ("wheelchair",), "max_travel_km": 10.0, "modes": (DeliveryMode.ONSITE,)})
    (match,) = matcher(offer(price=0, open_entry=True)).match(asking, on=TODAY)
    assert match.unknown == ("mode", "place", "wheelchair", "home")
    (match,) = matcher(offer(price=0, open_entry=True, access=Access(host_required=True))).match(bare, on=TODAY)
    assert match.unknown == ("host",)


@given(worlds())
def test_a_conflict_is_the_smallest_set_that_keeps_everything_out(world: World) -> None:
    fast, slow = matcher(*world.offers), Oracle(world.offers, TOY, Settings())
    for learner in world.learners:
        result = fast.match(learner, on=TODAY)
        size = slow.conflict(learner, TODAY)
        assert len(result.conflict()) == (0 if result.matches or size is None else size)


def test_coming_together_is_a_condition_of_its_own() -> None:
    """Whoever cannot enter and lacks the other offer too is kept out by two conditions; a smaller set goes first."""
    entering = offer("a", entry=(Requirement(competence="far", level=2),), corequisites=("o0",))
    stern = LearnerProfile(id="l", goal=GOAL, max_price=0)
    alone, both = matcher(entering), matcher(entering, offer("o0", price=1))
    assert alone.match(stern, on=TODAY).conflict() == ("entry", "together")
    assert both.match(stern, on=TODAY).conflict() == ("price",)


def test_the_smallest_conflict_among_variants_that_come_with_another() -> None:
    """o1 asks for one thing (o0), o3 for two (o0, and c at entry): the first is the smallest set."""
    first = LearningOffer(id="o0", title="o0", outcome_group="g1", time=TimeDemand(weeks=0.5))
    asks = {"corequisites": ("o0",)}
    others = (
        offer("o1", outcome_group="g1", **asks), offer("o2", outcome_group="g1", **asks),
        offer("o3", entry=(Requirement(competence="c"),), **asks),
    )  # fmt: skip
    assert matcher(first, others[2]).match(LearnerProfile(id="l", goal=GOAL), on=TODAY).conflict() == (
        "entry", "together",
    )  # fmt: skip
    assert matcher(first, *others).match(LearnerProfile(id="l", goal=GOAL), on=TODAY).conflict() == ("together",)


def test_a_conflict_by_hand() -> None:
    dear_and_far = offer("a", price=500, mode=DeliveryMode.ONSITE)
    dear = offer("b", price=400)
    person = LearnerProfile(id="l", goal=GOAL, max_price=10, modes=(DeliveryMode.ONLINE,))
    assert matcher(dear_and_far, dear).match(person, on=TODAY).conflict() == ("price",)
    assert matcher(dear_and_far).match(person, on=TODAY).conflict() == ("mode", "price")


@given(worlds(max_learners=1), learners("l0"), st.sets(st.sampled_from(FIELDS)))
def test_what_one_does_not_consent_to_changes_nothing(world: World, other: LearnerProfile, consent: set[str]) -> None:
    found = matcher(*world.offers)
    (one,) = world.learners
    hidden = {name: getattr(other, name) for name in FIELDS if name not in consent}
    mine = one.model_copy(update={"consent": tuple(sorted(consent))})
    theirs = mine.model_copy(update=hidden)
    before, after = found.match(mine, 9, on=TODAY), found.match(theirs, 9, on=TODAY)
    assert before.matches == after.matches
    assert before.learner == after.learner
    assert dict(before.excluded) == dict(after.excluded)
    assert found.match_many([mine], on=TODAY) == found.match_many([theirs], on=TODAY)


def test_consent_names_fields() -> None:
    with pytest.raises(ValidationError, match="shoe_size is none"):
        LearnerProfile(id="l", consent=("shoe_size",))


@given(worlds(max_learners=1), st.sampled_from([None, "job_seeker", "employee", "student"]))
def test_status_never_changes_a_score(world: World, status: str | None) -> None:
    found = matcher(*world.offers, one_variant=False)
    (one,) = world.learners
    other = one.model_copy(update={"status": status})
    scores, others = ({m.offer_id: m for m in found.match(who, 99, on=TODAY)} for who in (one, other))
    for offer_id in scores.keys() & others.keys():
        assert (scores[offer_id].score, scores[offer_id].gain) == (others[offer_id].score, others[offer_id].gain)
    rules = {of.id for of in world.offers if of.access.statuses is not None}
    assert scores.keys() ^ others.keys() <= rules


@pytest.mark.parametrize(
    ("claims", "exempted"),
    [
        ([], 0),
        ([("u1", ClaimStatus.IDENTIFIED)], 0),
        ([("u1", ClaimStatus.CERTIFIED)], 4),
        ([("u1", ClaimStatus.ASSESSED), ("u2", ClaimStatus.ASSESSED)], 4),  # the second unit also asks for u3
        ([("u2", ClaimStatus.ASSESSED), ("u3", ClaimStatus.CERTIFIED)], 5),
        ([("u1", ClaimStatus.ASSESSED), ("u2", ClaimStatus.ASSESSED), ("u3", ClaimStatus.CERTIFIED)], 9),
    ],
)
def test_units_that_are_proven_shorten_the_hours(claims: list[tuple[str, ClaimStatus]], exempted: float) -> None:
    units = (
        Unit(id="1", outcomes=(Outcome(competence="u1"),), hours=4),
        Unit(id="2", outcomes=(Outcome(competence="u2"), Outcome(competence="u3")), hours=5),
    )
    held = tuple(CompetenceClaim(competence=name, status=status) for name, status in claims)
    who = LearnerProfile(id="l", goal=GOAL, claims=held, budget=TimeBudget(hours_per_week=1))
    result = matcher(offer(units=units), coverage_threshold=1.0).match(who, on=TODAY)
    assert result.matches[0].own_hours == 10 - exempted
    assert result.bill("o").exempted == exempted
    assert result.bill("o").own_hours == 10 - exempted


def test_the_conditions_of_form_are_independent() -> None:
    """Two conditions that fail together give exactly the two reasons that each gives alone."""
    names = [name for name in CONDITIONS if name in ("region", "price", "host")]
    for one, other in combinations(names, 2):
        both = CONDITIONS[one][0].model_dump(exclude_defaults=True)
        more = CONDITIONS[other][0].model_dump(exclude_defaults=True)
        access = {**both.get("access", {}), **more.get("access", {})}
        of = LearningOffer.model_validate({**both, **more, "access": access})
        who = LearnerProfile(id="l", goal=GOAL, **CONDITIONS[one][1], **CONDITIONS[other][1])
        assert {reason.code for reason in matcher(of).match(who, on=TODAY).why_not("o")} == {one, other}
