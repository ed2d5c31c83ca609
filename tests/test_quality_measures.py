"""The measures behind `make bench-quality`, on cases that can be counted by hand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from benchmarks.quality.calibration import brier, reliability
from benchmarks.quality.extraction import read_sentences
from benchmarks.quality.measures import (
    Mean,
    first_ranks,
    ndcg,
    rank_precision,
    recall,
    reciprocal_rank,
    share,
    top,
)
from benchmarks.quality.noise import CHANGES, mistyped, reordered, without_accents
from benchmarks.quality.occupations import melo, robustness
from benchmarks.quality.section import Section, Setting
from benchmarks.quality.systems import System, bm25, letters


def test_reciprocal_rank() -> None:
    assert reciprocal_rank([False, False, True, True]) == pytest.approx(1 / 3)
    assert reciprocal_rank([False, False]) == 0
    assert reciprocal_rank([]) == 0


def test_ndcg_by_hand() -> None:
    # Found at ranks 1 and 3; three are relevant, so the best order fills ranks 1 to 3.
    best = 1 + 1 / math.log2(3) + 1 / math.log2(4)
    assert ndcg([True, False, True], 3, 10) == pytest.approx((1 + 1 / math.log2(4)) / best)
    assert ndcg([True, True, False], 2, 10) == pytest.approx(1)
    assert ndcg([False] * 10 + [True], 1, 10) == 0
    assert ndcg([True] * 10, 25, 10) == pytest.approx(1)
    assert ndcg([], 4, 10) == 0


def test_recall_and_rank_precision_by_hand() -> None:
    hits = [True, False, True, False, False, True]
    assert recall(hits, 4, 5) == pytest.approx(2 / 4)
    assert rank_precision(hits, 4, 5) == pytest.approx(2 / 4)
    assert rank_precision(hits, 8, 5) == pytest.approx(2 / 5)
    assert rank_precision(hits, 8, 10) == pytest.approx(3 / 8)
    assert rank_precision([True], 1, 5) == 1


def test_ties_stand_in_the_order_of_the_corpus() -> None:
    similarities = np.array([[0.5, 0.9, 0.5, 0.5], [0.0, 0.0, 0.0, 0.0]])
    assert first_ranks(similarities, [(2, 3), (3,)]).tolist() == [3, 4]
    assert top(similarities, 3) == [[1, 0, 2], []]


@given(
    arrays(np.float64, (3, 7), elements=st.integers(0, 3).map(float)),
    st.lists(st.lists(st.integers(0, 6), min_size=1), min_size=3, max_size=3),
)
def test_first_ranks_are_those_of_a_sorted_list(similarities: np.ndarray, relevant: list[list[int]]) -> None:
    ranks = []
    for line, wanted in zip(similarities, relevant, strict=True):
        order = sorted(range(7), key=lambda row: (-line[row], row))
        ranks.append(1 + next(at for at, row in enumerate(order) if row in wanted))
    assert first_ranks(similarities, relevant).tolist() == ranks


def test_mean_and_standard_error() -> None:
    mean = Mean.of([0.0, 1.0, 1.0, 0.0])
    assert (mean.value, mean.n) == (0.5, 4)
    assert mean.error == pytest.approx(math.sqrt((1 / 3) / 4))
    assert share(1, 2).value == 0.5
    assert share(3, 3).error > 0.1


def test_sets_with_the_same_queries_are_one_sample() -> None:
    values, other = np.array([0.0, 1.0, 1.0, 0.0]), np.array([1.0, 1.0, 0.0, 0.0])
    alone = Mean.of(values).error
    apart = Mean.over_sets([(["a", "b", "c", "d"], values), (["e", "f", "g", "h"], other)])
    assert apart.value == 0.5
    assert apart.error == pytest.approx(math.sqrt(alone**2 + Mean.of(other).error ** 2) / 2)
    asked = ["a", "b", "c", "d"]
    assert Mean.over_sets([(asked, values), (asked, values)]).error == pytest.approx(alone)
    assert Mean.over_sets([(asked, values), (asked, 1 - values)]).error == pytest.approx(0)


def _edits(before: str, after: str) -> int:
    """Restricted Damerau–Levenshtein distance: drops, insertions, other letters and swaps of neighbours."""
    rows = [list(range(len(after) + 1))]
    for i, letter in enumerate(before, start=1):
        row = [i]
        for j, other in enumerate(after, start=1):
            best = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (letter != other))
            if i > 1 and j > 1 and (letter, before[i - 2]) == (after[j - 2], other):
                best = min(best, rows[-2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]


@given(st.lists(st.text("aeinrst", min_size=1, max_size=9), min_size=1, max_size=5))
def test_each_word_of_four_letters_or_more_gets_one_typo(words: list[str]) -> None:
    after = mistyped(" ".join(words)).split(" ")
    assert [_edits(*pair) for pair in zip(words, after, strict=True)] == [int(len(word) >= 4) for word in words]
    assert mistyped(" ".join(words)) == " ".join(after)


def test_all_four_kinds_of_typo_are_made() -> None:
    word = "lasser"
    made = {mistyped(f"{word} {i}").split()[0] for i in range(300)}
    assert {"assser", "lsaser", "lassr", "laasser"} & made
    assert any(sorted(one) == sorted(word) for one in made)
    assert any(len(one) == 5 for one in made)
    assert any(len(one) == 7 for one in made)
    assert any(len(one) == 6 and set(one) - set(word) for one in made)


def test_the_other_changes() -> None:
    assert without_accents("Énergie à l'œuvre, Kühe") == "Energie a l'œuvre, Kuhe"
    assert [CHANGES[name]("bakker") for name in ("UPPER CASE", '" (m/v/x)" appended')] == ["BAKKER", "bakker (m/v/x)"]
    assert reordered("bakker") == "bakker"
    assert reordered("bakker van brood") != "bakker van brood"
    assert sorted(reordered("bakker van brood").split()) == ["bakker", "brood", "van"]


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    """Two sets that ask the same two titles, and a similarity that counts the letters in common at the start."""
    for name, labels in (("one", ["baker", "bake", "welder"]), ("two", ["bakery", "welding", "weld"])):
        folder = tmp_path / "melo" / name
        folder.mkdir(parents=True)
        (folder / "queries.tsv").write_text("q1\tbaker\nq2\twelder\n", encoding="utf-8")
        lines = [f"c{row}\t{label}\n" for row, label in enumerate(labels)]
        (folder / "corpus_elements.tsv").write_text("".join(lines), encoding="utf-8")
        (folder / "annotations.tsv").write_text("q1\t0\tc1\t1\nq2\t0\tc2\t1\n", encoding="utf-8")
    rows = "big,one,0.9\nbig,two,0.7\nsmall,one,0.5\nelsewhere,three,1.0\n"
    (tmp_path / "melo/published_results.csv").write_text(f"model,dataset,recip_rank\n{rows}", encoding="utf-8")

    def common(query: str, label: str) -> int:
        return next((i for i, pair in enumerate(zip(query, label, strict=False)) if pair[0] != pair[1]), len(label))

    def prefix(corpus: tuple[str, ...]):  # type: ignore[no-untyped-def]
        return lambda queries: np.array([[common(one, label) for label in corpus] for one in queries], float)

    return Setting(tmp_path, (System("prefix", prefix),))


def test_a_report_on_made_up_sets(setting: Setting) -> None:
    section: Section = melo(setting)
    (rows,) = section.tables
    # Set one: "baker" finds c1 second, "welder" c2 first; set two: c1 is nowhere near, c2 ties with the row before.
    assert [row["prefix"].value for row in rows] == pytest.approx([0.75, 0.5, 0.625])
    assert [row["big, published"] for row in rows] == pytest.approx([0.9, 0.7, 0.8])
    assert section.more["published"] == {"big": {"one": 0.9, "two": 0.7}, "small": {"one": 0.5}}
    assert "| one | 2 | 3 | 0.750 ± 0.250 |" in section.as_markdown()
    assert section.as_dict()["tables"][0][0]["prefix"] == {"value": 0.75, "error": 0.25, "n": 2}


def test_loss_is_a_share_of_the_clean_figure(setting: Setting) -> None:
    rows = {row["change"]: row for row in robustness(setting).tables[0]}
    upper = rows["UPPER CASE"]
    # No letter in common: the rank is the place in the corpus, (1/2 + 1/3) / 2 in both sets.
    assert upper["prefix"].value == pytest.approx(5 / 12)
    assert upper["prefix: loss"].value == pytest.approx(100 * (1 - (5 / 12) / 0.625))
    assert rows["accents removed"]["prefix: loss"].value == 0
    assert rows["accents removed"]["of them changed"] == "0%"


def test_sentences_without_a_label_do_not_count(tmp_path: Path) -> None:
    path = tmp_path / "some.csv"
    lines = ["sentence,span,sub_span,label", "s,web development,web,HTML", "s,web development,,CSS"]
    lines += ["s,smart,,LABEL NOT PRESENT", "t,tools,,UNDERSPECIFIED", "s,web,,PHP"]
    path.write_text("\n".join(lines), encoding="utf-8")
    sentences, spans = read_sentences(path)
    assert sentences == {"s": {"HTML", "CSS", "PHP"}}
    assert spans == {"web": {"HTML", "PHP"}, "web development": {"CSS"}}


def test_brier_and_reliability_by_hand() -> None:
    said, right = np.array([[0.1, 0.5], [0.12, 1.0]]), np.array([[0.0, 1.0], [1.0, 1.0]])
    found = brier(said, right)
    assert found["Brier"].value == pytest.approx((0.01 + 0.25 + 0.88**2 + 0) / 4)  # type: ignore[attr-defined]
    assert found["Brier of the base rate"] == pytest.approx(0.75 * 0.25)
    rows = reliability(said.ravel(), right.ravel(), [{"from": 0.3, "pairs": 7, "predicted": 0.31, "observed": 0.3}])
    assert [(row["probability"], row["links"]) for row in rows] == [
        ("0.1–0.2", 2), ("0.3–0.4", 0), ("0.5–0.6", 1), ("0.9–1.0", 1),
    ]  # fmt: skip
    assert rows[0]["said"] == pytest.approx(0.11)
    assert rows[0]["right"].value == 0.5  # type: ignore[attr-defined]
    assert rows[1]["card: right"] == 0.3


LABELS = ("brood bakken", "brood verkopen", "metaal lassen")


def _order(scores: np.ndarray) -> Sequence[int]:
    return top(scores, 3)[0]


def test_letters_find_the_longer_word() -> None:
    assert _order(letters(LABELS)(["Metaallasser"]))[0] == 2


def test_bm25_follows_its_formula() -> None:
    pytest.importorskip("bm25s", reason="bm25s comes with the extra `bench`")
    scores = bm25(LABELS)(["Brood bakken!", "zwemmen", "..."])
    # Lucene's: ln(1 + (N - df + 0.5) / (df + 0.5)) · tf / (tf + k1 (1 - b + b len / mean)), every label two words long.
    once, twice = (math.log(1 + (3 - df + 0.5) / (df + 0.5)) / (1 + 1.5) for df in (1, 2))
    assert scores[0] == pytest.approx([once + twice, twice, 0])
    assert not scores[1:].any()
