"""Explanations are a view of stored evidence: each number is there, and another number makes another sentence."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from competences.errors import MisuseError
from matching.explanation.explanation import Explanation, explain
from matching.matcher import Matcher
from matching.wording.say import LANGUAGES
from strategies import TODAY, World, worlds
from toy_encoder import ToyEncoder

SPOKEN = {
    "plan": ["own_hours", "coverage", "gain", "hours_available"],
    "steps": ["own_hours", "title", "start"],
    "matches": ["own_hours", "gain", "title"],
}
"""What the text must follow."""


def explained(world: World, language: str) -> list[Explanation]:
    matcher = Matcher.from_offers(world.offers, encoder=ToyEncoder())
    return [
        explain(subject, language=language)
        for learner in world.learners
        for subject in (matcher.plan(learner, on=TODAY), matcher.match(learner, on=TODAY))
    ]


@given(worlds(max_offers=5, max_learners=1), st.sampled_from(LANGUAGES))
@settings(max_examples=25, deadline=None)
def test_every_explanation_is_json_and_text(world: World, language: str) -> None:
    for explanation in explained(world, language):
        assert json.loads(json.dumps(explanation.to_dict())) == explanation.to_dict()
        assert "{" not in str(explanation)
        assert str(explanation) == str(explanation)


@given(worlds(max_offers=5, max_learners=1), st.data())
@settings(max_examples=30, deadline=None)
def test_changing_the_evidence_changes_the_sentence(world: World, data: st.DataObject) -> None:
    for explanation in explained(world, "en"):
        evidence: Any = copy.deepcopy(explanation.to_dict())
        places = [(evidence, name) for name in SPOKEN["plan"] if evidence["kind"] == "plan" and evidence["steps"]]
        places += [(item, name) for part in ("steps", "matches") for item in evidence.get(part, ()) for name in SPOKEN[part]]
        if not places:
            continue
        holder, name = data.draw(st.sampled_from(places))
        if holder[name] is None:
            continue
        other = {"title": "Another title", "start": "2031-05-06"}
        holder[name] = other[name] if name in other else holder[name] + 0.37
        assert str(Explanation(evidence, "en")) != str(explanation)


def test_only_results_and_plans_are_explained() -> None:
    with pytest.raises(MisuseError, match="a match result or a plan can be explained, not str"):
        explain("plan")  # type: ignore[arg-type]
