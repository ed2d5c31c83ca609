"""Explanations are a view of stored evidence: each number is there, and another number makes another sentence."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competences.errors import MisuseError
from competences.records.learners import LearnerProfile
from competences.records.offers import LearningOffer
from matching.explanation.audiences import AUDIENCES
from matching.explanation.explanation import Explanation, explain
from matching.explanation.held import held_through
from matching.matcher import Matcher
from matching.wording import say as saying
from matching.wording.say import LANGUAGES
from strategies import TODAY, World, few, worlds
from toy_encoder import ToyEncoder

NUMBERS = {"h", "n", "n3", "%", "€"}
PERSONAL = ("claim", "profile_fields_used", "excluded", "travel", "paid_leave", "own_hours", "hours_available", "price")


def explained(world: World, language: str, audience: str = "counsellor") -> list[Explanation]:
    matcher = Matcher.from_offers(world.offers, encoder=ToyEncoder())
    return [
        explain(subject, language=language, audience=audience)
        for learner in world.learners
        for subject in (matcher.plan(learner, on=TODAY), matcher.match(learner, on=TODAY))
    ]


def leaves(evidence: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """(path, value) of everything that holds no other thing."""
    if not isinstance(evidence, dict | list):
        yield path, evidence
        return
    for name, value in evidence.items() if isinstance(evidence, dict) else enumerate(evidence):
        yield from leaves(value, (*path, name))


def numbers_said(explanation: Explanation, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, float]]:
    """(name in the template, value) of every number that was written while the text was made."""
    said: list[tuple[str, float]] = []

    class Listening(saying._Writer):
        def get_field(self, name: str, args: Any, kwargs: Any) -> Any:
            self.name = name
            return super().get_field(name, args, kwargs)

        def format_field(self, value: Any, kind: str) -> str:
            if kind in NUMBERS and value is not None:
                said.append((self.name, value))
            return super().format_field(value, kind)

    with monkeypatch.context() as patch:
        patch.setattr(saying, "_Writer", Listening)
        str(explanation)
    return said


def changed_at(evidence: Any, path: tuple[Any, ...]) -> Any:
    other = copy.deepcopy(evidence)
    holder = other
    for name in path[:-1]:
        holder = holder[name]
    holder[path[-1]] += 3.37
    return other


@given(worlds(max_offers=5, max_learners=1), st.sampled_from(LANGUAGES), st.sampled_from(AUDIENCES))
@few
def test_every_explanation_is_json_text_and_html(world: World, language: str, audience: str) -> None:
    for explanation in explained(world, language, audience):
        assert json.loads(json.dumps(explanation.to_dict())) == explanation.to_dict()
        assert "{" not in str(explanation)
        assert str(explanation) == str(explanation)
        shown = TextOf(explanation.to_html())
        lines = [re.sub(r"^ *(- )?", "", line) for line in str(explanation).splitlines() if line]
        assert shown.texts == lines
        assert shown.levels[0] == 2
        assert all(next_ <= level + 1 for level, next_ in zip(shown.levels, shown.levels[1:], strict=False))


class TextOf(HTMLParser):
    """The pieces of text of a page, and the levels of its headings."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.levels: list[int] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if re.fullmatch(r"h\d", tag):
            self.levels.append(int(tag[1]))

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append(data)


@given(worlds(max_offers=5, max_learners=1), st.sampled_from(LANGUAGES), st.sampled_from(AUDIENCES), st.data())
@few
def test_every_number_stands_in_the_evidence_under_its_name_and_another_one_makes_another_sentence(
    world: World, language: str, audience: str, data: st.DataObject
) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        for explanation in explained(world, language, audience):
            stored = list(leaves(explanation.to_dict()))
            said = numbers_said(explanation, monkeypatch)
            for name, value in said:
                places = [path for path, one in stored if path[-1] == name and one == value]
                assert places, f"{name} = {value} is said, and stands nowhere in the evidence"
            if said:
                name, value = data.draw(st.sampled_from(said))
                texts = [
                    str(Explanation(changed_at(explanation.to_dict(), path), language, audience))
                    for path, one in stored
                    if path[-1] == name and one == value
                ]
                assert any(text != str(explanation) for text in texts)


@given(worlds(max_offers=5, max_learners=1))
@few
def test_the_claims_that_are_named_give_what_is_held(world: World) -> None:
    matcher = Matcher.from_offers(world.offers, encoder=ToyEncoder())
    person = matcher.person(world.learners[0], on=TODAY)
    named = [0.0 if one is None else one.value for one in held_through(person)]
    assert named == pytest.approx(person.demand.arrays.held.tolist(), abs=1e-6)


@given(worlds(max_offers=6, max_learners=1))
@few
def test_an_excluded_offer_has_reasons_and_is_not_proposed(world: World) -> None:
    for explanation in explained(world, "en"):
        evidence = explanation.to_dict()
        proposed = {one["offer_id"] for part in ("steps", "matches") for one in evidence.get(part, ())}
        assert len(evidence["excluded"]) <= 5
        for one in evidence["excluded"]:
            assert one["reasons"]
            assert one["gain"] > 0
            assert one["offer_id"] not in proposed
        gains = [one["gain"] for one in evidence["excluded"]]
        assert gains == sorted(gains, reverse=True)


@given(worlds(max_offers=6, max_learners=1))
@few
def test_the_weeks_of_a_plan_hold_all_of_its_hours(world: World) -> None:
    matcher = Matcher.from_offers(world.offers, encoder=ToyEncoder())
    plan = matcher.plan(world.learners[0], on=TODAY)
    weeks = explain(plan).to_dict()["weeks"]
    assert sum(week["own_hours"] for week in weeks) == pytest.approx(plan.own_hours, abs=1e-6)
    assert sum(week["workplace"] for week in weeks) == pytest.approx(plan.workplace_hours, abs=1e-6)
    assert all(0 <= week["travel"] <= week["own_hours"] + 1e-9 for week in weeks)


@given(worlds(max_offers=5, max_learners=1))
@few
def test_an_organisation_learns_nothing_about_the_person(world: World) -> None:
    for explanation in explained(world, "en", "organisation"):
        names = {name for path, _ in leaves(explanation.to_dict()) for name in path}
        assert not names & set(PERSONAL)


def test_a_title_with_markup_shows_as_text() -> None:
    matcher = Matcher.from_offers([offer(title="<script>alert(1)</script>")], encoder=ToyEncoder())
    learner = LearnerProfile.model_validate({"id": "l", "goal": {"requirements": [{"competence": "bread"}]}})
    html = explain(matcher.match(learner, on=TODAY)).to_html()
    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def offer(**stated: Any) -> LearningOffer:
    return LearningOffer.model_validate({"id": "o", "outcomes": [{"competence": "bread"}], **stated})


def test_an_empty_result_says_who_would_fit_and_what_is_in_the_way() -> None:
    matcher = Matcher.from_offers([offer(title="Bread", price=80)], encoder=ToyEncoder())
    learner = LearnerProfile.model_validate(
        {"id": "l", "goal": {"requirements": [{"competence": "bread"}]}, "max_price": 30}
    )
    text = str(explain(matcher.match(learner, on=TODAY), language="en"))
    assert "No offer fits now. These would if something changes." in text
    assert "Bread: 100 % of your goal" in text.replace("\xa0", " ")
    assert "€50.00 more" in text


def test_only_results_and_plans_are_explained_for_known_readers() -> None:
    with pytest.raises(MisuseError, match="a match result or a plan can be explained, not str"):
        explain("plan")  # type: ignore[arg-type]
    with pytest.raises(MisuseError, match="learner, counsellor, organisation, not for 'press'"):
        explain("plan", audience="press")  # type: ignore[arg-type]
