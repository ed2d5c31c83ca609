"""Labels that the encoder knows by heart."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from competences.encoders.hashing import codes_of
from competences.encoders.lexicon import MOST_WORDS, Lexicon, label_hashes, read_lexicon, recall, write_lexicon
from competences.encoders.loading import load_encoder
from competences.encoders.shipped import ShippedEncoder
from competences.errors import DataError


@pytest.fixture
def lexicon() -> Lexicon:
    """ "a" names concept 0, "b" names both, "empty" names a concept without direction."""
    hashes, owners = label_hashes(["a", "b", "b", "empty"]), np.array([0, 0, 1, 2], np.uint16)
    order = np.argsort(hashes, kind="stable")
    means = np.array([[127, 0], [0, 127], [0, 0]], np.int8)
    return Lexicon(hashes[order], owners[order], means, np.full(3, 1 / 127, np.float32), 0.5, 0.3)


def recalled(lexicon: Lexicon, text: str, vector: list[float]) -> np.ndarray:
    codes, offsets = codes_of([text])
    moved = np.array(vector, np.float32)
    recall(lexicon, codes, offsets[0], offsets[1], moved)
    return moved


def test_a_known_label_moves_towards_its_concept(lexicon: Lexicon) -> None:
    np.testing.assert_allclose(recalled(lexicon, "a", [0, 1]), [0.5**0.5, 0.5**0.5], atol=1e-6)


def test_a_label_of_several_concepts_moves_between_them(lexicon: Lexicon) -> None:
    np.testing.assert_allclose(recalled(lexicon, "b", [-1, 0])[1], 0.92, atol=0.01)


def test_a_plural_is_the_same_label() -> None:
    plural, single, other, kiss = label_hashes(["registered nurses", "registered nurse", "register nurse", "kiss"])
    assert plural == single != other
    assert kiss != label_hashes(["kis"])[0]


@pytest.mark.parametrize("text", ["", "c", "a a", "empty"])
def test_any_other_text_stays_where_it_is(lexicon: Lexicon, text: str) -> None:
    np.testing.assert_allclose(recalled(lexicon, text, [0, 1]), [0, 1])


def with_labels(*labels: str) -> Lexicon:
    """Label i names concept i; directions are the axes, the last one is free."""
    hashes = label_hashes(labels)
    order = np.argsort(hashes, kind="stable")
    means = (127 * np.eye(len(labels), len(labels) + 1)).astype(np.int8)
    scales = np.full(len(labels), 1 / 127, np.float32)
    return Lexicon(hashes[order], order.astype(np.uint16), means, scales, 0.5, 0.3)


def test_labels_within_a_text_move_it_by_their_letters() -> None:
    lexicon = with_labels("bread baker", "baker", "pastry")
    moved = recalled(lexicon, "senior bread bakers pastry", [0, 0, 0, 1])
    bread, pastry = 12 / 26, 6 / 26
    share = 0.3 * (bread + pastry)
    towards = np.array([bread, 0, pastry, 0]) / np.hypot(bread, pastry)
    expected = (1 - share) * np.array([0, 0, 0, 1]) + share * towards
    np.testing.assert_allclose(moved, expected / np.linalg.norm(expected), atol=1e-6)


def test_the_longest_label_takes_its_words_and_a_whole_one_all_of_them() -> None:
    lexicon = with_labels("bread baker", "baker")
    assert recalled(lexicon, "the bread baker", [0, 0, 1])[1] == 0
    np.testing.assert_allclose(recalled(lexicon, "bread baker", [0, 0, 1]), [0.5**0.5, 0, 0.5**0.5], atol=1e-6)


def test_no_parts_in_running_text() -> None:
    text = " ".join(["word"] * MOST_WORDS)
    lexicon = with_labels("baker")
    assert recalled(lexicon, f"baker {text}", [0, 1])[0] == 0
    assert recalled(lexicon, f"baker {text[5:]}", [0, 1])[0] > 0


def test_written_and_read_again(lexicon: Lexicon, tmp_path: Path) -> None:
    write_lexicon(lexicon, tmp_path)
    again = read_lexicon(tmp_path, 0.5, 0.3)
    for one, other in zip(lexicon, again, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-3)
    np.save(tmp_path / "label_owners.npy", np.array([7], np.uint16))
    with pytest.raises(DataError, match="do not fit together"):
        read_lexicon(tmp_path, 0.5, 0.3)


def test_the_shipped_encoder_knows_the_labels_of_esco() -> None:
    encoder = load_encoder()
    assert isinstance(encoder, ShippedEncoder)
    assert len(encoder.lexicon.hashes) > 100_000
    dutch, french, other = encoder.encode(["gerechtsdeurwaarder", "huissier de justice", "bakker"])
    assert dutch @ french > dutch @ other + 0.3
