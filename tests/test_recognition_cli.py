"""`leermatch recognise` and `leermatch screen`, as a person meets them."""

from __future__ import annotations

import json

import pytest

from commands import run
from competences.errors import MisuseError
from matching.demo import demo_world

WORLD = demo_world()
LABELS = ["--competences", str(WORLD / "competences.jsonl")]
PEOPLE = ["--learner", str(WORLD / "learners.jsonl"), "--id"]
OFFERS = ["--offers", str(WORLD / "offers.jsonl"), "--roles", str(WORLD / "roles.jsonl")]
STANDARDS = ["--standards", str(WORLD / "roles.jsonl")]
ON = ["--on", "2026-11-24"]


def test_experience_leads_to_a_standard_with_what_is_missing() -> None:
    found = run("recognise", *STANDARDS, *LABELS, "--text", "Zes jaar brood bakken en deeg kneden.", "-k", "1", *ON)
    assert "een voorstel, geen erkenning" in found
    assert "brood bakken: in eigen woorden" in found
    assert "een beoordeling in een EVC-testcentrum" in found
    assert "Nog niet ter sprake" in found


def test_a_profile_as_json() -> None:
    found = json.loads(run("recognise", *STANDARDS, *LABELS, *PEOPLE, "l:evc-heftruck", "-k", "3", "--json", *ON))
    assert [one["rank"] for one in found] == [1, 2, 3]
    assert "role:heftruckbestuurder" in [one["standard_id"] for one in found]
    assert {"competence", "support", "probability", "span", "missing"} <= found[0]["competences"][0].keys()


@pytest.mark.parametrize("language", ["nl", "en", "fr"])
def test_questions_in_every_language(language: str) -> None:
    found = run("screen", *OFFERS, *LABELS, *PEOPLE, "l:digitale-start", "-k", "2", "--language", language, *ON)
    assert "l:digitale-start" in found
    assert "1. " in found
    assert "2. " in found


def test_an_answer_changes_the_next_questions() -> None:
    asked = ["screen", *OFFERS, *LABELS, *PEOPLE, "l:digitale-start", "-k", "1", "--json", *ON]
    before = json.loads(run(*asked))
    (first,) = before["questions"]
    after = json.loads(run(*asked, "--yes", first["competence"]))
    assert after["askable"] == before["askable"] - 1
    assert after["own_hours"] == pytest.approx(first["hours_if_yes"])


def test_a_goal_in_free_text_has_nothing_to_ask() -> None:
    assert "niets te vragen" in run("screen", *OFFERS, *PEOPLE, "l:moestuin", *ON)


def test_what_recognition_saves_for_a_person_and_a_group() -> None:
    one = run("savings", *OFFERS, *LABELS, *PEOPLE, "l:evc-heftruck", *ON)
    assert "o:evc-heftruck" in one
    group = json.loads(run("savings", *OFFERS, *LABELS, *PEOPLE[:2], "--json", *ON))
    assert group["count"] == len(group["people"]) > 20
    assert group["with_route"] == sum(bool(each["routes"]) for each in group["people"]) >= 3
    saved = sum(each["hours_saved"] for each in group["people"] if each["comparable"] and each["hours_saved"] > 1e-6)
    assert group["hours_saved"] == pytest.approx(saved)


def test_misuse_is_said() -> None:
    with pytest.raises(MisuseError, match="one of the two"):
        run("recognise", *STANDARDS)
