"""The shipped encoder as a sentence-transformers model, for what that library offers: evaluation, fine-tuning, saving.

    from competences.encoders.sentence import as_sentence_transformer

    model = as_sentence_transformer(load_encoder())
    model.save("folder")
    SentenceTransformer("folder", trust_remote_code=True)     # opens it again where leermatch is installed

Needs the extra `transformers`. Importing this file imports torch; nothing else in the library does.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sentence_transformers import SentenceTransformer

from competences.encoders.hashing import codes_of, features
from competences.encoders.shipped import ShippedEncoder
from competences.encoders.text import normalise

# The base class moved in sentence-transformers 6, and its annotations differ between versions.
_modules: Any = import_module(
    "sentence_transformers.base.modules" if find_spec("sentence_transformers.base") else "sentence_transformers.models"
)
WORDS = "words.npy"


class HashedRows(_modules.InputModule):  # type: ignore[misc]
    """Sums the rows of a text's features; the rows are trainable."""

    modalities = ("text",)

    def __init__(self, rows: torch.Tensor, words: np.ndarray[Any, np.dtype[np.uint64]]) -> None:
        super().__init__()
        self.embedding = torch.nn.EmbeddingBag.from_pretrained(rows, freeze=False, mode="sum", include_last_offset=True)
        self.words = words
        self.tokenizer = None

    def preprocess(self, inputs: list[str], prompt: str | None = None, **_: Any) -> dict[str, torch.Tensor]:
        """Texts to rows, weights and offsets."""
        codes, offsets = codes_of([normalise((prompt or "") + text) for text in inputs])
        rows, weights, indptr = features(codes, offsets, self.words, self.embedding.num_embeddings)
        return {
            "input_ids": torch.from_numpy(rows.astype(np.int64)),
            "weights": torch.from_numpy(weights.copy()),
            "offsets": torch.from_numpy(indptr),
        }

    tokenize = preprocess

    def forward(self, features: dict[str, torch.Tensor], **_: Any) -> dict[str, torch.Tensor]:
        """Adds `sentence_embedding`, (n, dim) float32 unit rows."""
        summed = self.embedding(features["input_ids"], features["offsets"], per_sample_weights=features["weights"])
        features["sentence_embedding"] = torch.nn.functional.normalize(summed, dim=1)
        return features

    @property
    def max_seq_length(self) -> int | None:
        """No limit."""
        return None

    def get_embedding_dimension(self) -> int:
        """Length of a vector."""
        return int(self.embedding.embedding_dim)

    get_sentence_embedding_dimension = get_embedding_dimension
    get_word_embedding_dimension = get_embedding_dimension

    def save(self, output_path: str, *_: Any, **__: Any) -> None:
        """Rows as they are now, and the words of compounds."""
        torch.save(self.embedding.weight.detach().cpu(), Path(output_path) / "rows.pt")
        np.save(Path(output_path) / WORDS, self.words)

    @classmethod
    def load(cls, model_name_or_path: str, subfolder: str = "", **_: Any) -> HashedRows:
        """What `save` wrote."""
        folder = Path(model_name_or_path) / subfolder
        rows = torch.load(folder / "rows.pt", weights_only=True)
        return cls(rows, np.load(folder / WORDS, allow_pickle=False))


def as_sentence_transformer(encoder: ShippedEncoder) -> SentenceTransformer:
    """The same vectors, up to rounding, from a SentenceTransformer on the CPU."""
    words, rows, scales = encoder.weights
    table = torch.from_numpy(rows.astype(np.float32) * scales[:, None])
    return SentenceTransformer(modules=[HashedRows(table, words)], device="cpu")
