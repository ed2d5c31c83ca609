"""The engine card is generated, and the risks name tests that exist."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

from competences.encoders.loading import load_encoder
from competences.errors import DataError
from competences.records.io import read_offers
from matching.demo import demo_world
from matching.report.card import card_of
from matching.settings import Settings
from toy_encoder import ToyEncoder

ROOT = Path(__file__).parents[1]


def test_every_test_that_a_risk_names_exists() -> None:
    text = (ROOT / "RISKS.md").read_text(encoding="utf-8")
    named = re.findall(r"`(tests/\w+\.py)::(\w+)`", text)
    assert len(named) > 20
    for file, name in named:
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}, f"{file}::{name}"
    rows = re.findall(r"^\| (R\d+) \|.*$", text, flags=re.MULTILINE)
    assert rows == [f"R{number}" for number in range(1, len(rows) + 1)]


def test_the_card_names_what_it_is_made_of_and_where_it_fails(tmp_path: Path) -> None:
    results = tmp_path / "speed.json"
    measured = {"machine": "m", "deep": {"er": [1, 2], "n": {str(i): i for i in range(40)}}}
    results.write_text(json.dumps(measured), encoding="utf-8")
    encoder, offers = load_encoder(), read_offers(demo_world() / "offers.jsonl")
    card = card_of(offers, encoder, "141 concepts", Settings(), [results])
    assert card == card_of(offers, encoder, "141 concepts", Settings(), [results])
    assert encoder.fingerprint in card
    assert f"| offers | {len(offers)} |" in card
    assert "| deep / er | 2 entries |" in card
    assert "more in the file" in card
    assert card.count("*Where it shows:*") >= 5
    assert all(f"| {name} |" in card for name in Settings.model_fields)


def test_another_encoder_needs_no_training_card() -> None:
    card = card_of([], ToyEncoder(), None, Settings())
    assert "toy-1" in card
    assert "No results were given." in card


def test_a_results_file_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("{", encoding="utf-8")
    with pytest.raises(DataError, match=r"x\.json"):
        card_of([], ToyEncoder(), None, Settings(), [tmp_path / "x.json"])


def test_the_card_in_the_documentation_was_generated() -> None:
    written = (ROOT / "docs" / "engine_card.md").read_text(encoding="utf-8")
    fresh = card_of([], ToyEncoder(), None, Settings())
    headings = [re.findall(r"^## .+$", text, flags=re.MULTILINE) for text in (written, fresh)]
    assert headings[0] == headings[1]
