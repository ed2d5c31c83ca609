"""An offer that must be followed together with another: by itself it is no proposal, in a plan both come or none."""

from __future__ import annotations

import pytest

from matching.explanation.explanation import explain
from matching.plan.plan import Plan
from matching.query.conditions import ReasonKind, applied
from strategies import TODAY
from test_plan_wishes import ids, learner, matcher, offer


@pytest.mark.parametrize("listed", [True, False])
def test_a_corequisite_is_one_answer_in_match_and_plan(listed: bool) -> None:
    """`match` proposes single offers, so it leaves the offer out with the reason; a plan takes both, or neither where
    the catalogue does not hold the other; whoever has followed the other can follow it in both."""
    found = matcher(offer("task", "x", corequisites=("other",)), *([offer("other", "y")] if listed else []))
    person = learner("x")
    result = found.match(person, on=TODAY)
    assert result.matches == ()
    (reason,) = result.why_not("task")
    assert (reason.code, reason.kind) == ("together" if listed else "together_unlisted", ReasonKind.EARNABLE)
    assert ids(found.plan(person, on=TODAY)) == (["task", "other"] if listed else [])
    admitted = applied(person, [reason])
    assert admitted.completed == ("other",)
    assert [one.offer_id for one in found.match(admitted, on=TODAY).matches] == ["task"]
    assert ids(found.plan(admitted, on=TODAY)) == ["task"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "only together with other, which is not in this catalogue"),
        ("nl", "alleen samen met other, dat niet in deze catalogus staat"),
        ("fr", "seulement avec other, qui n'est pas dans ce catalogue"),
    ],
)
def test_a_plan_that_leaves_it_out_says_why(language: str, words: str) -> None:
    plan: Plan = matcher(offer("task", "x", corequisites=("other",))).plan(learner("x"), on=TODAY)
    assert plan.steps == ()
    assert words in str(explain(plan, language=language))
