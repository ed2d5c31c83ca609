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
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sentence_transformers import SentenceTransformer

from competences.encoders.hashing import Codes, Offsets, codes_of, features
from competences.encoders.lexicon import MOST_WORDS, find, share_of
from competences.encoders.shipped import ShippedEncoder
from competences.encoders.text import normalise

# The base class moved in sentence-transformers 6, and its annotations differ between versions.
_modules: Any = import_module(
    "sentence_transformers.base.modules" if find_spec("sentence_transformers.base") else "sentence_transformers.models"
)
Hashes = np.ndarray[Any, np.dtype[np.uint64]]
Ids = np.ndarray[Any, np.dtype[np.int64]]
Floats = np.ndarray[Any, np.dtype[np.float32]]
KNOWN = "known.npz"


class HashedRows(_modules.InputModule):  # type: ignore[misc]
    """Sums the rows of a text's features, and moves known labels towards their concepts; both are trainable."""

    modalities = ("text",)

    def __init__(
        self, rows: torch.Tensor, words: Hashes, concepts: torch.Tensor, labels: Hashes, owners: Any,
        weight: float, part_weight: float,
    ) -> None:  # fmt: skip
        super().__init__()
        self.embedding = _bag(rows)
        self.concepts = _bag(concepts)
        self.words, self.labels, self.owners = words, labels, owners
        self.weight, self.part_weight = weight, part_weight
        self.tokenizer = None

    def preprocess(self, inputs: list[str], prompt: str | None = None, **_: Any) -> dict[str, torch.Tensor]:
        """Texts to rows, weights and offsets."""
        codes, offsets = codes_of([normalise((prompt or "") + text) for text in inputs])
        rows, weights, indptr = features(codes, offsets, self.words, self.embedding.num_embeddings)
        concepts, concept_offsets, letters, label_offsets, shares = self._known(codes, offsets)
        return {
            "input_ids": torch.from_numpy(rows.astype(np.int64)),
            "weights": torch.from_numpy(weights.copy()),
            "offsets": torch.from_numpy(indptr),
            "concept_ids": torch.from_numpy(concepts),
            "concept_offsets": torch.from_numpy(concept_offsets),
            "letters": torch.from_numpy(letters),
            "label_offsets": torch.from_numpy(label_offsets),
            "shares": torch.from_numpy(shares),
        }

    def _known(self, codes: Codes, offsets: Offsets) -> tuple[Ids, Ids, Floats, Ids, Floats]:
        """Concepts of all labels in a row, where each label starts; the share of letters of each label, where each
        text starts; the share of the concepts in each text."""
        places, letters = np.empty(MOST_WORDS, np.int64), np.empty(MOST_WORDS, np.float32)
        labels: list[int] = []
        taken: list[float] = []
        shares, starts = np.zeros(len(offsets) - 1, np.float32), np.zeros(len(offsets), np.int64)
        for i, (start, end) in enumerate(pairwise(offsets)):
            count = find(self.labels, codes, start, end, places, letters)
            labels.extend(places[:count])
            taken.extend(letters[:count])
            shares[i] = share_of(letters[:count], self.weight, self.part_weight)
            starts[i + 1] = len(labels)
        wanted = self.labels[np.array(labels, np.int64)]
        first, last = (np.searchsorted(self.labels, wanted, side=side) for side in ("left", "right"))
        owners = [self.owners[a:b].astype(np.int64) for a, b in zip(first, last, strict=True)]
        bounds = np.concatenate(([0], np.cumsum(last - first))).astype(np.int64)
        return np.concatenate([*owners, np.empty(0, np.int64)]), bounds, np.array(taken, np.float32), starts, shares

    tokenize = preprocess

    def forward(self, features: dict[str, torch.Tensor], **_: Any) -> dict[str, torch.Tensor]:
        """Adds `sentence_embedding`, (n, dim) float32 unit rows."""
        summed = self.embedding(features["input_ids"], features["offsets"], per_sample_weights=features["weights"])
        unit, concept = torch.nn.functional.normalize(summed, dim=1), torch.zeros_like(summed)
        if len(features["concept_ids"]):
            labels = torch.nn.functional.normalize(
                self.concepts(features["concept_ids"], features["concept_offsets"]), dim=1
            )
            texts = torch.repeat_interleave(features["label_offsets"].diff())
            concept = concept.index_add(0, texts, labels * features["letters"][:, None])
        share = features["shares"][:, None]
        moved = (1 - share) * unit + share * torch.nn.functional.normalize(concept, dim=1)
        features["sentence_embedding"] = torch.nn.functional.normalize(moved, dim=1)
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
        weights = {"rows": self.embedding.weight, "concepts": self.concepts.weight}
        torch.save({name: one.detach().cpu() for name, one in weights.items()}, Path(output_path) / "rows.pt")
        np.savez(
            Path(output_path) / KNOWN, words=self.words, labels=self.labels, owners=self.owners,
            weight=self.weight, part_weight=self.part_weight,
        )  # fmt: skip

    @classmethod
    def load(cls, model_name_or_path: str, subfolder: str = "", **_: Any) -> HashedRows:
        """What `save` wrote."""
        folder = Path(model_name_or_path) / subfolder
        weights = torch.load(folder / "rows.pt", weights_only=True)
        with np.load(folder / KNOWN, allow_pickle=False) as known:
            shares = float(known["weight"]), float(known["part_weight"])
            parts = known["words"], weights["concepts"], known["labels"], known["owners"]
        return cls(weights["rows"], *parts, *shares)


def as_sentence_transformer(encoder: ShippedEncoder) -> SentenceTransformer:
    """The same vectors, up to rounding, from a SentenceTransformer on the CPU."""
    words, rows, scales = encoder.weights
    lexicon = encoder.lexicon
    table = torch.from_numpy(rows.astype(np.float32) * scales[:, None])
    concepts = torch.from_numpy(lexicon.means.astype(np.float32) * lexicon.scales[:, None])
    module = HashedRows(table, words, concepts, lexicon.hashes, lexicon.owners, lexicon.weight, lexicon.part_weight)
    return SentenceTransformer(modules=[module], device="cpu")


def _bag(rows: torch.Tensor) -> torch.nn.EmbeddingBag:
    return torch.nn.EmbeddingBag.from_pretrained(rows, freeze=False, mode="sum", include_last_offset=True)
