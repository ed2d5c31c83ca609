"""The shipped encoder, the adapter and the cache."""

from pathlib import Path

import numba
import numpy as np
import pytest

from competences.encoders.cache import CachedEncoder, VectorCache
from competences.encoders.calibration import UNFITTED, Calibration, Knots, calibration_of
from competences.encoders.hashing import codes_of, features, known_words
from competences.encoders.loading import SHIPPED, load_encoder
from competences.encoders.protocol import Encoder
from competences.encoders.shipped import ShippedEncoder
from competences.encoders.transformer import TransformerEncoder, prompt_for
from competences.errors import DataError, MisuseError

TEXTS = [
    "brood bakken",
    "bake bread",
    "Verpleegkundige (m/v/x)",
    "gérer le personnel musical",
    "Strafvollzugsverfahren beaufsichtigen",
    "",
    "?!",
    "x",
    "boekhouding voeren",
    "a" * 500,
    "日本語",
]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return load_encoder()


class EncoderContract:
    """What any encoder must do; a subclass gives the encoder."""

    def encoder(self) -> Encoder:
        raise NotImplementedError

    def test_unit_rows_and_zero_for_nothing(self) -> None:
        vectors = self.encoder().encode(TEXTS)
        assert vectors.dtype == np.float32
        assert vectors.shape == (len(TEXTS), self.encoder().dim)
        lengths = np.linalg.norm(vectors, axis=1)
        empty = np.array([not any(c.isalnum() for c in text) for text in TEXTS])
        np.testing.assert_allclose(lengths[~empty], 1, atol=1e-5)
        assert np.all(vectors[empty] == 0)

    def test_same_bytes_in_any_batch(self) -> None:
        encoder = self.encoder()
        whole = encoder.encode(TEXTS)
        alone = np.concatenate([encoder.encode([text]) for text in TEXTS])
        assert whole.tobytes() == alone.tobytes()

    def test_no_texts(self) -> None:
        assert self.encoder().encode([]).shape == (0, self.encoder().dim)

    def test_is_an_encoder(self) -> None:
        assert isinstance(self.encoder(), Encoder)
        assert len(self.encoder().fingerprint) == 64


class TestShipped(EncoderContract):
    def encoder(self) -> Encoder:
        return load_encoder()


class TestCached(EncoderContract):
    def encoder(self) -> Encoder:
        return CachedEncoder(load_encoder())


class TestTransformer(EncoderContract):
    def encoder(self) -> Encoder:
        return tiny_transformer()


_TINY: list[TransformerEncoder] = []


def tiny_transformer() -> TransformerEncoder:
    """A random static model, built here, so that nothing is downloaded."""
    if not _TINY:
        torch = pytest.importorskip("torch")
        modules = pytest.importorskip("sentence_transformers.sentence_transformer.modules")
        transformers = pytest.importorskip("sentence_transformers")
        tokenizers = pytest.importorskip("tokenizers")
        letters = {chr(c): i for i, c in enumerate([*range(32, 127), 0xFFFD])}
        tokenizer = tokenizers.Tokenizer(tokenizers.models.BPE(vocab=letters, merges=[], unk_token="\ufffd"))
        weights = torch.from_numpy(np.random.default_rng(3).standard_normal((len(letters), 16), np.float32))
        model = transformers.SentenceTransformer(modules=[modules.StaticEmbedding(tokenizer, weights)], device="cpu")
        _TINY.append(TransformerEncoder(model, "query: "))
    return _TINY[0]


def test_same_bytes_on_any_number_of_threads(encoder: Encoder) -> None:
    texts = [f"{text} {number}" for number in range(60) for text in TEXTS]
    before = numba.get_num_threads()
    try:
        numba.set_num_threads(1)
        one = encoder.encode(texts)
    finally:
        numba.set_num_threads(before)
    assert encoder.encode(texts).tobytes() == one.tobytes()
    assert encoder.encode(texts[:7]).tobytes() == one[:7].tobytes()


def cosine(encoder: Encoder, left: str, right: str) -> float:
    a, b = encoder.encode([left, right])
    return float(a @ b)


def test_meaning_across_languages(encoder: Encoder) -> None:
    assert cosine(encoder, "brood bakken", "bake bread") > cosine(encoder, "brood bakken", "boekhouding voeren") + 0.2


def test_unrelated_is_zero_and_near_is_much(encoder: Encoder) -> None:
    calibration = calibration_of(encoder)
    assert calibration.fitted
    unrelated = [("brood bakken", "boekhouding voeren"), ("lassen", "Franse taal"), ("nurse", "bricklayer")]
    near = [("brood bakken", "brood en banket bakken"), ("verpleegkundige", "infirmier"), ("lassen", "TIG-lassen")]
    assert [calibration.coverage(cosine(encoder, *pair)) for pair in unrelated] == [0, 0, 0]
    assert min(float(calibration.coverage(cosine(encoder, *pair))) for pair in near) > 0.7
    assert float(calibration.coverage(1.0)) == 1


@pytest.mark.parametrize(
    ("text", "mistyped"), [("verpleegkundige", "verpleegkunidge"), ("gérer le personnel", "gérrer le personel")]
)
def test_typos_keep_the_neighbourhood(encoder: Encoder, text: str, mistyped: str) -> None:
    others = [cosine(encoder, mistyped, other) for other in ("bricklayer", "Franse taal", "kassa", "lassen")]
    assert cosine(encoder, text, mistyped) > max(0.4, *others)


def test_case_accents_and_gender_marks_change_nothing(encoder: Encoder) -> None:
    left = encoder.encode(["Coördinator (m/v/x)"])
    assert left.tobytes() == encoder.encode(["COORDINATOR"]).tobytes()


def test_compounds_share_rows() -> None:
    words = known_words(["bakkerij", "medewerker"])
    found = [set(features(*codes_of([text]), words, 1 << 20)[0]) for text in ("bakkerijmedewerker", "medewerker")]
    whole_word = features(*codes_of(["medewerker"]), words, 1 << 20)[0][0]
    assert whole_word in found[0]
    assert whole_word in found[1]


def test_every_known_word_is_found_in_a_compound_however_many_there_are() -> None:
    """Hashes lie on both sides of 2 ** 63."""
    known = [f"woord{number}" for number in range(200)]
    words = known_words(known)
    for word in known:
        row = features(*codes_of([word]), words, 1 << 20)[0][0]
        assert row in features(*codes_of([f"xyz{word}"]), words, 1 << 20)[0]


def test_a_folder_is_an_encoder_and_a_broken_one_is_bad_data(tmp_path: Path) -> None:
    assert load_encoder(SHIPPED).fingerprint == load_encoder().fingerprint
    for name in ("config.json", "rows.npy"):
        (tmp_path / name).write_text("{}")
    with pytest.raises(DataError, match="format"):
        load_encoder(tmp_path).encode(["x"])


def test_weights_fit_in_25_mb() -> None:
    assert sum(path.stat().st_size for path in SHIPPED.iterdir()) <= 25_000_000


def test_unknown_model_is_misuse(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("sentence_transformers")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)  # else it tries the hub again and again
    with pytest.raises(MisuseError, match="no sentence-transformers model"):
        load_encoder("no-such-folder/and-no-such-model")


def test_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "sentence_transformers", None)
    with pytest.raises(MisuseError, match=r"leermatch\[transformers\]"):
        load_encoder("intfloat/multilingual-e5-small")


def test_prompts() -> None:
    assert prompt_for("intfloat/multilingual-e5-small", {}) == "query: "
    assert prompt_for("models/e5-base", {"query": "search: "}) == "search: "
    assert prompt_for("sentence-transformers/all-MiniLM-L6-v2", {}) == ""
    assert prompt_for("some/base5e5x", {}) == ""


def test_uncalibrated_is_marked() -> None:
    assert calibration_of(tiny_transformer()) is UNFITTED
    assert calibration_of(object()) is UNFITTED


def test_cache_is_keyed_by_fingerprint(encoder: Encoder) -> None:
    cache = VectorCache(capacity=3)
    cached, other = CachedEncoder(encoder, cache), CachedEncoder(tiny_transformer(), cache)
    assert cached.encode(["a", "b", "a"]).shape == (3, encoder.dim)
    assert other.encode(["a"]).shape == (1, 16)
    assert len(cache) == 3
    assert cached.encode(["a", "b", "c", "d"]).tobytes() == encoder.encode(["a", "b", "c", "d"]).tobytes()
    assert len(cache) == 3


def test_opens_as_a_sentence_transformer(encoder: Encoder, tmp_path: Path) -> None:
    sentence = pytest.importorskip("competences.encoders.sentence")
    assert isinstance(encoder, ShippedEncoder)
    model = sentence.as_sentence_transformer(encoder)
    longer = ["senior broodbakker in opleiding", "Financial Managers, All Other"]
    named = [*(text for text in TEXTS if text != ""), *longer]
    np.testing.assert_allclose(model.encode(named), encoder.encode(named), atol=1e-5)
    model.save(str(tmp_path / "saved"))
    again = type(model)(str(tmp_path / "saved"), device="cpu", trust_remote_code=True)
    np.testing.assert_allclose(again.encode(named), model.encode(named), atol=1e-6)


@pytest.mark.parametrize("knots", [((0.1, 0.9), (0.0, 1.5)), ((0.9, 0.1), (0.0, 1.0)), ((0.1,), (0.2, 0.3)), ((), ())])
def test_a_calibration_that_does_not_rise_within_0_and_1_is_refused(knots: Knots) -> None:
    with pytest.raises(MisuseError, match=r"^coverages: expected .* ascending, and values in \[0, 1\]"):
        Calibration(link=((0.0, 1.0), (0.0, 1.0)), coverages=knots)
