"""A wrong kind of argument is an error of this library that names the argument and what was expected."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from competences.errors import MisuseError
from competences.records.offers import LearningOffer
from matching.matcher import Matcher
from strategies import TODAY
from test_plan_wishes import TOY, learner, matcher, offer

PERSON = learner("x")
FOUND = matcher(offer("a", "x"))

CALLS: dict[str, tuple[Callable[[Any], object], str]] = {
    "match a text": (lambda m: m.match("x"), "learner: expected LearnerProfile, not 'x'"),
    "k as text": (lambda m: m.match(PERSON, k="3"), "k: expected a whole number, not '3'"),
    "half a k": (lambda m: m.match_many([PERSON], k=2.5), "k: expected a whole number, not 2.5"),
    "too diverse": (lambda m: m.match(PERSON, diversity=2), "diversity lies between 0 and 1, not at 2"),
    "day as text": (lambda m: m.match(PERSON, on="2026-01-01"), "on: expected date, not '2026-01-01'"),
    "no day at all": (lambda m: m.match(PERSON, on=0), "on: expected date, not 0"),
    "a moment": (
        lambda m: m.match(PERSON, on=datetime(2026, 1, 1, 9)), "on: expected a day, not the moment 2026-01-01 09:00:00"
    ),
    "no threads": (lambda m: m.match_many([PERSON], threads=0), "threads is the number of threads to use, at least 1"),
    "threads as text": (lambda m: m.match_many([PERSON], threads="2"), "threads: expected a whole number, not '2'"),
    "exclude one as text": (lambda m: m.match(PERSON, exclude_ids="a"), "exclude_ids: expected a list of str, not 'a'"),
    "exclude nothing": (lambda m: m.match(PERSON, exclude_ids=None), "exclude_ids: expected a list of str, not None"),
    "allow one as text": (lambda m: m.match(PERSON, allow_ids="a"), "allow_ids: expected a list of str, not 'a'"),
    "allow numbers": (lambda m: m.match(PERSON, allow_ids=[1]), "allow_ids: expected str, not 1"),
    "no batches": (lambda m: list(m.match_batches(None)), "batches: expected Iterable, not None"),
    "goal as text": (lambda m: m.match(PERSON, goal="brood bakken"), "goal: expected Goal, not 'brood bakken'"),
    "an empty goal": (lambda m: m.match(PERSON, goal=""), "goal: expected Goal, not ''"),
    "plan a text": (lambda m: m.plan("x"), "learner: expected LearnerProfile, not 'x'"),
    "many as text": (lambda m: m.match_many("x"), "learners: expected a list of LearnerProfile, not 'x'"),
    "many as one": (lambda m: m.match_many(PERSON), "learners: expected a list"),
    "a number among many": (lambda m: m.match_many([PERSON, 5]), "learners: expected LearnerProfile, not 5"),
    "why not a number": (lambda m: m.match(PERSON, on=TODAY).why_not(5), "offer_id: expected str, not 5"),
    "offers as a path": (
        lambda m: Matcher.from_offers("offers.jsonl", encoder=TOY), "offers: expected a list of LearningOffer"
    ),
    "one offer": (lambda m: Matcher.from_offers(offer("a", "x"), encoder=TOY), "offers: expected LearningOffer"),
    "upsert a text": (lambda m: m.upsert("x"), "offers: expected a list of LearningOffer, not 'x'"),
    "upsert nothing": (lambda m: m.upsert(None), "offers: expected a list of LearningOffer, not None"),
    "remove a text": (lambda m: m.remove("a"), "ids: expected a list of str, not 'a'"),
    "roles as text": (
        lambda m: Matcher.from_offers([], roles="r", encoder=TOY), "roles: expected a list of JobRole, not 'r'"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CALLS)
def test_a_wrong_kind_of_argument_is_named(name: str) -> None:
    call, message = CALLS[name]
    with pytest.raises(MisuseError) as error:
        call(FOUND)
    assert str(error.value).startswith(message)


def test_offers_may_come_from_any_iterable() -> None:
    listed: list[LearningOffer] = [offer("a", "x"), offer("b", "x")]
    found = Matcher.from_offers(iter(listed), encoder=TOY)
    found.upsert(iter([offer("c", "x")]))
    found.remove(iter(["a"]))
    assert [one.id for one in found.offers] == ["b", "c"]
