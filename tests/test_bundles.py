"""F-06: an online module and a task at work join where neither reaches the level alone, and are shown as one step."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competences.records.competence import Outcome, Requirement
from competences.records.hours import TimeBudget, TimeDemand
from competences.records.learners import LearnerProfile
from competences.records.offers import Access, DeliveryMode, LearningOffer
from competences.records.roles import Goal
from matching.explanation.bundles import parts_of
from matching.explanation.explanation import explain
from matching.matcher import Matcher
from matching.report.page import page_of
from plan_worlds import PlanWorld, plan_worlds
from strategies import TODAY, few
from toy_encoder import ToyEncoder

TOY = ToyEncoder()
LEVEL = 3.0
GOAL = Goal(requirements=(Requirement(competence="x", level=LEVEL),))


def module(level: float, hours: float = 10, bundle: str | None = "both") -> LearningOffer:
    return LearningOffer(
        id="module", title="Online module", outcomes=(Outcome(competence="x", level=level),), bundle=bundle,
        mode=DeliveryMode.ONLINE, time=TimeDemand(contact_hours=0, self_study_hours=hours),
    )  # fmt: skip


def task(asks: float | None, hours: float = 2, at_work: float = 20) -> LearningOffer:
    """`asks`: the level at entry, so that the module comes before it; None: it comes together with the module."""
    relation = {"corequisites": ("module",)} if asks is None else {"entry": (Requirement(competence="x", level=asks),)}
    return LearningOffer(
        id="task", title="Task at work", outcomes=(Outcome(competence="x", level=LEVEL),), bundle="both",
        mode=DeliveryMode.WORKPLACE, access=Access(host_required=True), **relation,
        time=TimeDemand(contact_hours=hours, self_study_hours=0, workplace_hours=at_work),
    )  # fmt: skip


def evidence_of(*offers: LearningOffer, has_host: bool | None = True) -> dict[str, Any]:
    person = LearnerProfile(
        id="l", goal=GOAL, has_host=has_host, budget=TimeBudget(hours_per_week=5, work_hours_per_week=10, weeks=30)
    )
    return explain(Matcher.from_offers(offers, encoder=TOY).plan(person, on=TODAY), language="en").to_dict()


@given(
    st.sampled_from([1.0, 2.0]), st.sampled_from([None, 1.0, 2.0]), st.sampled_from([None, True, False]),
    st.integers(1, 60), st.integers(0, 30), st.integers(1, 80),
)  # fmt: skip
def test_module_and_task_join_where_neither_reaches_the_level(
    level: float, asks: float | None, host: bool | None, hours: int, guided: int, at_work: int
) -> None:
    """Together within 150 own hours; without a host the module alone; where the module is too low, it alone as well."""
    first, second = module(level, hours), task(asks, guided, at_work)
    joins = host is not False and (asks is None or level >= asks)
    evidence = evidence_of(first, second, has_host=host)
    (step,) = evidence["steps"]
    found = [part["offer_id"] for part in parts_of([step])]
    assert sorted(found) == (["module", "task"] if joins else ["module"])
    assert asks is None or found[0] == "module"
    assert evidence["coverage"] == pytest.approx(1.0 if joins else level / LEVEL)
    assert step["own_hours"] == hours + (guided if joins else 0)
    assert step["bill"]["workplace"] == (at_work if joins else 0)
    assert max(cover["value"] for cover in step["covers"]) == pytest.approx(evidence["coverage"])
    (alone,) = evidence_of(first)["steps"]
    assert max(cover["value"] for cover in alone["covers"]) < 1
    assert evidence_of(second)["steps"] == []


@given(plan_worlds(max_offers=5), st.lists(st.sampled_from([None, "b1", "b1", "b2"]), min_size=5, max_size=5))
@few
def test_what_belongs_together_is_one_step_and_nothing_is_lost(world: PlanWorld, labels: list[str | None]) -> None:
    offers = [of.model_copy(update={"bundle": label}) for of, label in zip(world.offers, labels, strict=False)]
    plan = Matcher.from_offers(offers, encoder=TOY).plan(world.learner, on=TODAY)
    explanation = explain(plan, language="nl")
    steps = explanation.to_dict()["steps"]
    bundles = [step["bundle"] for step in steps if step["bundle"]]
    assert len(bundles) == len(set(bundles))
    assert {part["offer_id"] for part in parts_of(steps)} == {step.offer_id for step in plan.steps}
    assert len(parts_of(steps)) == len(plan.steps)
    assert [step["number"] for step in steps] == list(range(1, len(steps) + 1))
    assert sum(step["own_hours"] for step in steps) == pytest.approx(plan.own_hours)
    assert sum(step["bill"]["own_hours"] for step in steps) == pytest.approx(plan.own_hours)
    assert sum(week["hours"] for step in steps for week in step["weeks"]) == pytest.approx(plan.own_hours, abs=1e-4)
    for step in steps:
        for cover in step["covers"]:
            given_by = [one for part in parts_of([step]) for one in part["covers"] if asked(one) == asked(cover)]
            assert cover["value"] == max(one["value"] for one in given_by)
        assert str(explanation).count(f"{step['number']}. {step['title']}") == 1


def asked(cover: dict[str, Any]) -> tuple[str, float | None]:
    return cover["requirement"], cover["requirement_level"]


def test_a_person_reads_one_step_with_its_parts() -> None:
    person = LearnerProfile(id="l", goal=GOAL, has_host=True, budget=TimeBudget(hours_per_week=5, weeks=30))
    plan = Matcher.from_offers([module(1.0), task(1.0)], encoder=TOY).plan(person, on=TODAY)
    assert [step.offer_id for step in plan.steps] == ["module", "task"]
    text, page = str(explain(plan, language="nl")), page_of(plan, language="en")
    assert "1. Online module + Task at work" in text
    assert "2. " not in text
    assert "Een deel ervan: Online module, van 24" in text
    assert "<h3>1. Online module + Task at work</h3>" in page
    assert page.count("Part of it: ") == 2
    assert "12 own hours" in page
    for_others = explain(plan, language="en", audience="organisation")
    assert "Part of it: Task at work" in str(for_others)
    assert "travel" not in for_others.to_dict()["steps"][0]["parts"][0]["bill"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "together with Online module: a plan proposes both"),
        ("nl", "samen met Online module: een plan stelt beide voor"),
        ("fr", "avec Online module : un plan propose les deux"),
    ],
)
def test_why_not_says_that_a_plan_proposes_both(language: str, words: str) -> None:
    person = LearnerProfile(id="l", goal=GOAL, has_host=True)
    result = Matcher.from_offers([module(1.0), task(None)], encoder=TOY).match(person, on=TODAY)
    assert words in str(explain(result, language=language))
