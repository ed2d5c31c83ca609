"""F-04: the few questions whose answers change the plan most."""

from __future__ import annotations

from datetime import date
from statistics import fmean

import pytest
from hypothesis import given

from competences.encoders.protocol import Encoder
from competences.errors import MisuseError, UnknownIdError
from competences.records.claims import ClaimStatus, CompetenceClaim, Provenance
from competences.records.competence import Outcome, Requirement
from competences.records.hours import TimeBudget, TimeDemand
from competences.records.io import read_competences, read_learners, read_offers, read_roles
from competences.records.learners import LearnerProfile
from competences.records.offers import LearningOffer, OfferKind
from competences.records.roles import Goal
from competences.taxonomy.taxonomy import Taxonomy
from matching.demo import demo_world
from matching.matcher import Matcher
from matching.screening import Question, Screening, answer, screen
from matching.settings import Settings
from strategies import TODAY, World, few, worlds
from toy_encoder import ToyEncoder

ON = date(2026, 11, 24)
EXACT = Settings(coverage_threshold=1.0)
PEOPLE = ("l:mantelzorger-zorg", "l:evc-heftruck", "l:digitale-start", "l:nieuwkomer-snel", "l:elektricien-zon",
          "l:schoonmaak-bewijs", "l:lasser-in-spe")  # fmt: skip


def course(identifier: str, hours: float, *taught: str, kind: OfferKind = OfferKind.COURSE) -> LearningOffer:
    return LearningOffer(
        id=identifier, title=identifier, kind=kind, time=TimeDemand(contact_hours=hours),
        outcomes=tuple(Outcome(competence=one) for one in taught),
    )  # fmt: skip


def someone(*asked: str, claims: tuple[CompetenceClaim, ...] = ()) -> LearnerProfile:
    goal = Goal(requirements=tuple(Requirement(competence=one) for one in asked))
    return LearnerProfile(id="l", goal=goal, budget=TimeBudget(hours_per_week=10, weeks=50), claims=claims)


def small(*offers: LearningOffer) -> Matcher:
    return Matcher.from_offers(offers, encoder=ToyEncoder(), settings=EXACT)


class Counting:
    """A planner that counts how often it is asked."""

    def __init__(self, matcher: Matcher) -> None:
        self.matcher, self.plans = matcher, 0

    def plan(self, learner: LearnerProfile, *, goal: Goal | None = None, on: date | None = None):  # type: ignore[no-untyped-def]
        self.plans += 1
        return self.matcher.plan(learner, goal=goal, on=on)


def changes(matcher: Matcher, learner: LearnerProfile, on: date) -> dict[str, float]:
    """For every question: own hours by which the plan changes, in expectation; worked out apart from `screen`."""
    everything = screen(matcher, learner, questions=99, worked_out=99, on=on)
    now = matcher.plan(learner, on=on).own_hours
    found = {}
    for one in everything:
        yes = matcher.plan(answer(learner, {one: True}), on=on).own_hours
        no = matcher.plan(answer(learner, {one: False}), on=on).own_hours
        found[one.competence] = one.probability * abs(yes - now) + (1 - one.probability) * abs(no - now)
    return found


@pytest.fixture(scope="module")
def demo(encoder: Encoder) -> Matcher:
    world = demo_world()
    labels = Taxonomy.from_competences(read_competences(world / "competences.jsonl"))
    return Matcher.from_offers(
        read_offers(world / "offers.jsonl"), encoder=encoder, taxonomy=labels, roles=read_roles(world / "roles.jsonl")
    )


@pytest.fixture(scope="module")
def people() -> dict[str, LearnerProfile]:
    return {one.id: one for one in read_learners(demo_world() / "learners.jsonl")}


def test_the_first_question_changes_more_plan_hours_than_a_random_one(
    demo: Matcher, people: dict[str, LearnerProfile]
) -> None:
    first, random = [], []
    for identifier in PEOPLE:
        found = changes(demo, people[identifier], ON)
        chosen = screen(demo, people[identifier], questions=1, on=ON).questions[0]
        assert chosen.expected_change == pytest.approx(found[chosen.competence])
        first.append(found[chosen.competence])
        random.append(fmean(found.values()))
        assert first[-1] >= random[-1] - 1e-9, identifier
    assert fmean(first) > 2 * fmean(random)


@few
@given(worlds(max_offers=6, max_learners=1))
def test_in_any_world_the_first_question_changes_at_least_as_much_as_a_random_one(world: World) -> None:
    matcher = Matcher.from_offers(world.offers, encoder=ToyEncoder())
    learner = world.learners[0]
    found = changes(matcher, learner, TODAY)
    asked = screen(matcher, learner, questions=1, on=TODAY)
    if found:
        (chosen,) = asked.questions
        assert found[chosen.competence] >= max(found.values()) - 1e-6
    else:
        assert len(asked) == asked.askable == 0


def test_the_question_about_a_longer_assessable_competence_comes_first() -> None:
    """Only a competence that can be assessed saves hours: the longer course it replaces, the earlier it is asked."""
    world = small(
        course("lang", 60, "a"), course("kort", 10, "b"), course("zonder", 90, "c"),
        course("evc a", 4, "a", kind=OfferKind.RECOGNITION), course("evc b", 4, "b", kind=OfferKind.RECOGNITION),
    )  # fmt: skip
    found = screen(world, someone("a", "b", "c"), on=ON)
    assert [one.competence for one in found] == ["a", "b", "c"]
    assert [one.hours_if_yes for one in found] == [104.0, 154.0, 160.0]
    assert [one.expected_saved for one in found] == pytest.approx([0.3 * 56, 0.3 * 6, 0.0])


def test_answers_that_only_pay_together_are_ordered_by_what_they_change_together() -> None:
    """One assessment of two competences pays only for whoever can do both; the third has nothing to do with it."""
    world = small(
        course("a", 10, "a"), course("b", 10, "b"), course("c", 30, "c"),
        course("evc", 15, "a", "b", kind=OfferKind.RECOGNITION),
    )  # fmt: skip
    found = screen(world, someone("c", "b", "a"), on=ON)
    assert [one.expected_change for one in found] == [0.0, 0.0, 0.0]
    assert [one.competence for one in found] == ["a", "b", "c"]
    assert found.questions[0].together == pytest.approx(0.3 * 5)


def test_nothing_is_asked_about_what_is_certain() -> None:
    certified = CompetenceClaim(competence="a", status=ClaimStatus.CERTIFIED)
    declared = CompetenceClaim(competence="b")
    found = screen(small(course("x", 9, "a", "b", "c")), someone("a", "b", "c", claims=(certified, declared)), on=ON)
    assert [one.competence for one in found] == ["c"]


def test_a_claim_that_comes_near_makes_a_yes_more_probable() -> None:
    near = CompetenceClaim(competence="a", confidence=0.5)
    found = {one.competence: one.probability for one in screen(small(), someone("a", "b", claims=(near,)), on=ON)}
    assert found["a"] > found["b"] == pytest.approx(0.3)


def test_few_plans_are_made() -> None:
    names = [f"c{i}" for i in range(30)]
    counting = Counting(small(*(course(one, 5 + i, one) for i, one in enumerate(names))))
    found = screen(counting, someone(*names), questions=3, worked_out=5, on=ON)
    assert counting.plans <= 1 + 5 + 6
    assert (len(found), found.askable) == (3, 30)


def test_a_goal_in_free_text_has_no_questions() -> None:
    world = small(course("x", 9, "a"))
    assert len(screen(world, LearnerProfile(id="l"), Goal(text="brood bakken"), on=ON)) == 0


def test_the_answers_lead_to_the_plan_that_was_foretold(demo: Matcher, people: dict[str, LearnerProfile]) -> None:
    learner = people["l:mantelzorger-zorg"]
    top = screen(demo, learner, questions=1, on=ON).questions[0]
    assert top.label != top.competence
    told = answer(learner, {top: True}, on=ON)
    assert demo.plan(told, on=ON).own_hours == pytest.approx(top.hours_if_yes)
    assert top.competence not in [one.competence for one in screen(demo, told, on=ON)]


def test_a_yes_is_declared_and_no_more_and_a_no_withdraws_only_what_was_declared() -> None:
    paper = CompetenceClaim(competence="a", status=ClaimStatus.DOCUMENTED)
    said = CompetenceClaim(competence="a", confidence=0.5)
    lower = CompetenceClaim(competence="a", level=1)
    question = Question("a", "a", 2.0, 0.3, 0, 0, 0, 0, 0)
    before = someone("a", claims=(paper, said, lower))
    yes = answer(before, {question: True}, on=ON)
    (new,) = (one for one in yes.claims if one not in before.claims)
    assert (new.status, new.provenance, new.level) == (ClaimStatus.IDENTIFIED, Provenance.SELF_DECLARED, 2.0)
    assert answer(before, {question: False}).claims == (paper, lower)
    assert before.claims == (paper, said, lower)
    assert answer(before, {}) == before


def test_misuse_is_said() -> None:
    world, learner = small(course("x", 9, "a")), someone("a")
    with pytest.raises(MisuseError, match="at least 1"):
        screen(world, learner, questions=0, on=ON)
    with pytest.raises(UnknownIdError, match="question"):
        screen(world, learner, on=ON).question("z")
    assert isinstance(screen(world, learner, on=ON), Screening)
