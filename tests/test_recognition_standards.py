"""Recognition against real standards, with texts of others: the same measurement as the benchmark, as a floor."""

from __future__ import annotations

from pathlib import Path

from benchmarks.recognition import occupations, pairs, standards, which_competence, which_standard
from competences.encoders.protocol import Encoder


def test_the_right_standard_is_among_the_first_three_of_all(shared_data: Path, encoder: Encoder) -> None:
    found = which_standard(shared_data, encoder)
    assert found["standards"] == 274
    shipped = found["ways"]["title and phrases (shipped)"]
    assert shipped["texts"] == len(found["pairs"]) >= 60
    assert shipped["first 3"] >= 0.8


def test_pairs_are_made_without_an_encoder_and_each_standard_is_used_once(shared_data: Path) -> None:
    used = pairs(standards(shared_data / "vks-standards"), occupations(shared_data), shared_data)
    assert len({one.standard for one in used}) == len(used)
    assert {one.rule for one in used} <= {
        "preferred label", "alternative label", "Competent exact", "Competent close",
    }  # fmt: skip


def test_the_competence_that_refers_to_a_skill_is_found_above_chance(shared_data: Path, encoder: Encoder) -> None:
    found = which_competence(shared_data, encoder)
    assert found["texts"]["Competent label alone"]["first 3"] >= 0.6
    for row in found["how sure, how often right"]:
        if row["competences"] >= 100:
            assert abs(row["stated"] - row["right"]) < 0.1
