"""Training on a tiny made-up taxonomy."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from competences.encoders.hashing import codes_of, features, known_words
from competences.encoders.loading import load_encoder
from competences.errors import DataError
from competences.training import Schedule, train
from competences.training.calibrate import monotone
from competences.training.corpus import read_esco
from competences.training.crosswalks import add_links, is_held_back, read_links, read_titles
from competences.training.kernels import batch_features
from competences.training.objective import info_nce

VERBS = {"en": ["bake", "sell", "repair", "clean"], "nl": ["bakken", "verkopen", "herstellen", "reinigen"]}
NOUNS = {"en": ["bread", "shoes", "pumps", "windows", "cheese"], "nl": ["brood", "schoenen", "pompen", "ramen", "kaas"]}
SMALL = Schedule(rows=2_048, dim=32, epochs=30, batch=64)


@pytest.fixture
def esco(tmp_path: Path) -> Path:
    folder = tmp_path / "esco"
    folder.mkdir()
    with (folder / "parallel_skills.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["conceptUri", "en", "en_alt", "en_desc", "nl", "nl_alt", "nl_desc"])
        for v, (verb, werkwoord) in enumerate(zip(*VERBS.values(), strict=True)):
            for n, (noun, ding) in enumerate(zip(*NOUNS.values(), strict=True)):
                row = [f"http://example.org/skill/{v}-{n}", f"{verb} {noun}", f"{noun}: {verb}\n{verb} fine {noun}"]
                writer.writerow([*row, f"How to {verb} {noun}.", f"{ding} {werkwoord}", "", ""])
    with (folder / "occupations_nl.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["conceptType", "conceptUri", "preferredLabel", "altLabels", "description"])
        writer.writerow(["Occupation", "http://example.org/occupation/b", "bakker/bakster", "broodbakker", ""])
    return folder


@pytest.fixture
def crosswalk(tmp_path: Path) -> Path:
    path = tmp_path / "other.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["other_id", "other_nl", "rel", "esco_id", "esco_nl"])
        for v, verb in enumerate(VERBS["nl"]):
            for n, noun in enumerate(NOUNS["nl"]):
                writer.writerow([f"K-{v}{n}", f"het {verb} van {noun}", "exactMatch", f"{v}-{n}", ""])
    return path


def test_same_seed_same_encoder_other_seed_another(esco: Path, tmp_path: Path) -> None:
    cards = [
        train(esco, tmp_path / name, seed=seed, schedule=SMALL, epochs=2, progress=False)
        for name, seed in (("a", 1), ("b", 1), ("c", 2))
    ]
    assert cards[0].fingerprint == cards[1].fingerprint != cards[2].fingerprint
    assert (tmp_path / "a" / "rows.npy").read_bytes() == (tmp_path / "b" / "rows.npy").read_bytes()


def test_learns_translations_and_writes_a_card(esco: Path, crosswalk: Path, tmp_path: Path) -> None:
    out = tmp_path / "model"
    card = train(esco, out, crosswalks=[crosswalk], schedule=SMALL, progress=False)
    encoder = load_encoder(out)
    english = [f"{verb} {noun}" for verb in VERBS["en"] for noun in NOUNS["en"]]
    dutch = [f"{noun} {verb}" for verb in VERBS["nl"] for noun in NOUNS["nl"]]
    nearest = np.argmax(encoder.encode(dutch) @ encoder.encode(english).T, axis=1)
    assert float(np.mean(nearest == np.arange(20))) > 0.9
    assert card.fingerprint == encoder.fingerprint
    assert card.held_back_labels == sum(is_held_back(f"K-{v}{n}") for v in range(4) for n in range(5))
    text = (out / "README.md").read_text(encoding="utf-8")
    assert "This service uses the ESCO classification of the European Commission." in text
    assert card.fingerprint in text
    assert json.loads((out / "card.json").read_text())["settings"]["epochs"] == 30


def test_a_teacher_guides(esco: Path, tmp_path: Path) -> None:
    schedule = Schedule(rows=2_048, dim=32, epochs=1, guided_epochs=3, batch=64)
    card = train(esco, tmp_path / "taught", schedule=schedule, teacher=load_encoder(), progress=False)
    assert card.teacher == load_encoder().fingerprint


def test_held_back_and_excluded_titles_are_not_read(esco: Path, crosswalk: Path, tmp_path: Path) -> None:
    titles = tmp_path / "queries.tsv"
    titles.write_text("Q1\tHet bakken van BROOD\n", encoding="utf-8")
    corpus, links = read_esco(esco), read_links([crosswalk])
    assert add_links(corpus, links, read_titles([titles])) == 1
    assert "het bakken van brood" not in corpus.texts
    trained = {link.text for link in links if not link.held_back and link.text != "het bakken van brood"}
    assert {link.text for link in links if link.text in corpus.texts} == trained


def test_gender_forms_are_texts_of_their_own(esco: Path) -> None:
    corpus = read_esco(esco)
    assert {"bakker", "bakster", "broodbakker"} <= set(corpus.texts)


def test_plurals_are_drawn_of_english_words_only() -> None:
    codes, offsets = codes_of(["nurse and gas"])
    words = known_words([])
    shares = np.array([1.0], np.float32)
    seeds = np.array([7], np.uint64)
    drawn = batch_features(codes, offsets, np.array([0]), words, 1 << 20, 1e-9, 0.0, 0.0, shares, seeds)
    expected = features(*codes_of(["nurses and gas"]), words, 1 << 20)
    np.testing.assert_array_equal(drawn[0], expected[0])


def test_nothing_to_train_on(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no file to train on"):
        train(tmp_path, tmp_path / "out", progress=False)


def test_a_file_that_is_no_crosswalk(esco: Path) -> None:
    with pytest.raises(DataError, match="not a crosswalk"):
        read_links([esco / "parallel_skills.csv"])


def test_gradient_is_that_of_the_loss() -> None:
    rng = np.random.default_rng(0)
    left, right = rng.standard_normal((2, 6, 5), np.float32)
    ids = np.arange(6)
    concepts = np.array([0, 1, 1, 2, 3, 4])
    _, gradient, _ = info_nce(left, right, concepts, ids, ids + 6, 0.5)
    numeric = np.zeros_like(left)
    for place in np.ndindex(*left.shape):
        for sign in (1, -1):
            moved = left.copy()
            moved[place] += sign * np.float32(1e-2)
            numeric[place] += sign * info_nce(moved, right, concepts, ids, ids + 6, 0.5)[0] / 2e-2
    np.testing.assert_allclose(gradient, numeric, atol=2e-3)


def test_monotone_curves_rise_and_fit() -> None:
    rng = np.random.default_rng(1)
    cosines = rng.uniform(0, 1, 4000)
    same = (rng.uniform(0, 1, 4000) < cosines**2).astype(np.float64)
    x, y = monotone(cosines, same, np.ones(4000))
    assert all(np.diff(y) >= 0)
    assert np.interp(0.7, x, y) == pytest.approx(0.49, abs=0.06)
