"""F-07: every offer reaches somebody of a population, or is listed with the rules that keep it from everyone."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from commands import run
from competences.errors import MisuseError
from competences.records.competence import Outcome
from competences.records.hours import TimeBudget, TimeDemand
from competences.records.learners import LearnerProfile
from competences.records.offers import LearningOffer
from matching.demo import demo_world
from matching.insight import reach
from matching.matcher import Matcher
from matching.query.conditions import FORM_CONDITIONS
from matching.query.why_not import _RUN_REASONS
from matching.settings import Settings
from matching.wording.say import LANGUAGES, templates
from oracle import Oracle
from oracle_days import runs_of
from strategies import TODAY, World, worlds
from test_features_time import GOAL, offer
from toy_encoder import ToyEncoder

TOY = ToyEncoder()
BUSY = LearnerProfile(id="busy", goal=GOAL, budget=TimeBudget(hours_per_week=1, weeks=10))
POOR = LearnerProfile(id="poor", goal=GOAL, max_price=10)
WORLD = demo_world()
POPULATION = ["--offers", str(WORLD / "offers.jsonl"), "--roles", str(WORLD / "roles.jsonl"),
              "--learners", str(WORLD / "learners.jsonl"), "--on", "2026-11-24"]  # fmt: skip


@given(worlds())
def test_every_offer_reaches_somebody_or_names_what_blocks_it(world: World) -> None:
    found = reach(Matcher.from_offers(world.offers, encoder=TOY), world.learners, on=TODAY)
    oracle = Oracle(world.offers, TOY, Settings())
    proposed = [{one.offer_id for one in oracle.match(person, TODAY, 99)} for person in world.learners]
    assert [one.offer_id for one in found.offers] == [of.id for of in world.offers]
    for one, of in zip(found.offers, world.offers, strict=True):
        wanting = [person for person in world.learners if oracle.gain(of, person, TODAY) > 0]
        assert (one.reached, one.wanted) == (sum(of.id in ids for ids in proposed), len(wanting))
        assert bool(one.rules) != bool(one.reached)
        if one.reached:
            continue
        if not wanting:
            assert one.rules == {"no_gain": len(world.learners)}
            continue
        fails = [[oracle.failing(of, run, person, TODAY) for run in runs_of(of)] for person in wanting]
        always = [set.intersection(*runs) for runs in fails]
        ever = [set.union(*runs) | ({"variant"} if not all(runs) else set()) for runs in fails]
        for rule in set().union(*ever) | one.rules.keys():
            least, most = (sum(rule in rules for rules in each) for each in (always, ever))
            assert least <= one.rules.get(rule, 0) <= most, rule
        assert sum(one.rules.values()) >= len(wanting)


def test_the_most_wanted_comes_first_with_its_rules() -> None:
    ten = TimeDemand(contact_hours=10, self_study_hours=0)
    other = LearningOffer(id="other", title="Other", outcomes=(Outcome(competence="x"),), time=ten)
    long, dear, fits = offer("long", TimeDemand(contact_hours=50)), offer("dear", ten, price=99), offer("fits", ten)
    matcher = Matcher.from_offers([long, dear, fits, other], encoder=TOY, settings=Settings(coverage_threshold=1.0))
    found = reach(matcher, [BUSY, POOR], on=TODAY)
    assert {one.offer_id: one.reached for one in found.offers} == {"dear": 1, "fits": 2, "long": 1, "other": 0}
    assert [(one.offer_id, dict(one.rules)) for one in found.unreached] == [("other", {"no_gain": 2})]
    alone = reach(matcher, [BUSY.model_copy(update={"max_price": 10.0})], on=TODAY)
    assert [(one.offer_id, dict(one.rules)) for one in alone.unreached] == [
        ("dear", {"price": 1}), ("long", {"hours_total": 1}), ("other", {"no_gain": 1}),
    ]  # fmt: skip
    assert alone.rules == {"hours_total": 1, "no_gain": 1, "price": 1}


def test_a_longer_variant_reaches_nobody_beside_a_shorter_one() -> None:
    slow, fast = (offer(f"h{n}", TimeDemand(contact_hours=n, self_study_hours=0), outcome_group="g") for n in (9, 5))
    found = reach(Matcher.from_offers([slow, fast], encoder=TOY), [BUSY, POOR], on=TODAY)
    assert [(one.offer_id, one.wanted, dict(one.rules)) for one in found.unreached] == [("h9", 2, {"variant": 2})]


def test_nobody_and_nothing() -> None:
    with pytest.raises(MisuseError, match="one learner at least"):
        reach(Matcher.from_offers([], encoder=TOY), [])
    with pytest.raises(MisuseError, match="'l' has no goal"):
        reach(Matcher.from_offers([], encoder=TOY), [LearnerProfile(id="l")])
    empty = reach(Matcher.from_offers([], encoder=TOY), [BUSY], on=TODAY)
    assert (empty.unreached, empty.rules) == ((), {})


def test_the_command_lists_every_offer_that_reaches_nobody() -> None:
    found = json.loads(run("insight", "reach", *POPULATION, "--json"))
    unreached = [one for one in found["offers"] if not one["reached"]]
    assert (len(found["offers"]) - len(unreached), found["learners"]) == (found["reached"], 34)
    assert all(one["rules"] for one in unreached)
    assert any("hours_per_week" in one["rules"] for one in unreached)
    for language, words in (("nl", "eigen uren per week"), ("en", "own hours a week")):
        text = run("insight", "reach", *POPULATION, "--language", language)
        assert words in text
        assert all(f"({one['offer_id']})" in text for one in unreached)
    assert "Example: leermatch insight reach" in run("insight", "reach", "--help")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_has_a_name(language: str) -> None:
    with_offers = {condition.__name__ for condition in FORM_CONDITIONS}
    in_runs = {words.__name__.removeprefix("_") for words in _RUN_REASONS.values()} - {"hours_week"}
    others = {"hours_per_week", "price", "entry", "together", "no_gain", "variant"}
    named = {key.removeprefix("rule.") for key in templates(language) if key.startswith("rule.")}
    assert named == with_offers | in_runs | others
