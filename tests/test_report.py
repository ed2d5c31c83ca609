"""The page about one plan: the same bytes for the same input, nothing but text from files, nothing from other hosts."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings

from competences.errors import MisuseError, StorageError
from competences.records.learners import LearnerProfile
from competences.records.offers import LearningOffer
from matching.matcher import Matcher
from matching.report.page import page_of
from matching.report.writing import write_page
from matching.wording.say import LANGUAGES
from strategies import TODAY, World, worlds
from toy_encoder import ToyEncoder

NASTY = "<script>document.title='taken'</script> & \"quotes\" $x^2$"


def nasty_page(language: str = "nl") -> str:
    """A plan in which every text that comes from a file holds markup; one offer is taken, another is out."""
    offers = [
        LearningOffer.model_validate(one)
        for one in (
            {
                "id": "o1", "title": NASTY, "provider": NASTY, "outcomes": [{"competence": NASTY}], "source": NASTY,
                "time": {"contact_hours": 12, "self_study_hours": 4, "workplace_hours": 20, "weeks": 6, "sessions": 4},
                "place": {"postcode": "2000"},
            },
            {"id": "o2", "title": f"Too dear {NASTY}", "outcomes": [{"competence": "bread"}], "price": 900},
        )
    ]  # fmt: skip
    learner = LearnerProfile.model_validate(
        {
            "id": NASTY, "goal": {"requirements": [{"competence": NASTY}, {"competence": "bread", "gate": True}]},
            "max_price": 100, "home": {"postcode": "9000"}, "budget": {"hours_per_week": 12, "weeks": 30},
        }
    )  # fmt: skip
    matcher = Matcher.from_offers(offers, encoder=ToyEncoder())
    return page_of(matcher.plan(learner, on=TODAY), matcher.alternatives(learner, on=TODAY), language=language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_comes_from_files_is_text(language: str) -> None:
    page = nasty_page(language)
    assert page.count("<script>") == 1, "only the page's own script"
    assert "&lt;script&gt;document.title=" in page
    assert f'<html lang="{language}">' in page


def test_the_page_asks_nothing_of_other_hosts() -> None:
    page = nasty_page()
    named = set(re.findall(r'(?:src|href|action|data|poster|srcset)="([^"]*)"', page))
    assert all(target.startswith("#") for target in named), named
    assert "@import" not in page
    assert not re.findall(r"url\((?!#)", page)
    assert "default-src 'none'" in page


def test_colours_are_names_that_the_page_fills_in() -> None:
    page = nasty_page()
    assert "#0a00" not in page
    assert {"--held", "--added", "--own", "--travel", "--work"} <= set(re.findall(r"var\((--\w+)\)", page))


@given(worlds(max_offers=6, max_learners=1))
@settings(max_examples=8, deadline=None)
def test_the_same_input_gives_the_same_bytes_and_each_id_once(world: World) -> None:
    pages = []
    for _ in range(2):
        matcher = Matcher.from_offers(world.offers, encoder=ToyEncoder())
        pages.append(page_of(matcher.plan(world.learners[0], on=TODAY)))
    assert pages[0] == pages[1]
    ids = re.findall(r'\bid="([^"]+)"', pages[0])
    assert len(ids) == len(set(ids))


def test_a_plan_without_steps_says_why() -> None:
    matcher = Matcher.from_offers([], encoder=ToyEncoder())
    learner = LearnerProfile.model_validate({"id": "l", "goal": {"text": "bread"}})
    page = page_of(matcher.plan(learner, on=TODAY), language="en")
    assert "The catalogue is empty." in page


def test_a_language_that_is_not_written_is_refused(tmp_path: Path) -> None:
    matcher = Matcher.from_offers([], encoder=ToyEncoder())
    learner = LearnerProfile.model_validate({"id": "l", "goal": {"text": "bread"}})
    with pytest.raises(MisuseError, match="nl, en, fr"):
        page_of(matcher.plan(learner, on=TODAY), language="de")  # type: ignore[arg-type]


def test_a_page_that_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(StorageError):
        write_page(tmp_path / "file" / "page.html", "page")
    write_page(tmp_path / "new" / "page.html", "päge")
    assert (tmp_path / "new" / "page.html").read_bytes() == "päge".encode()


def test_the_command_writes_the_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from matching.cli.report import report

    offers, learner = tmp_path / "offers.jsonl", tmp_path / "learner.jsonl"
    offers.write_text('{"id": "o", "title": "Brood bakken", "outcomes": [{"competence": "brood"}]}\n', encoding="utf-8")
    learner.write_text('{"id": "l", "goal": {"requirements": [{"competence": "brood"}]}}\n', encoding="utf-8")
    report(str(offers), tmp_path / "page.html", learner=str(learner), language="en", as_json=True)
    said = json.loads(capsys.readouterr().out)
    assert said["coverage"] == 1.0
    assert "Brood bakken" in Path(said["page"]).read_text(encoding="utf-8")
