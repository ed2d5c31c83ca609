"""Any sentence-transformers model in the place of the shipped encoder. Torch is imported here and nowhere at import."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from competences.encoders.calibration import UNFITTED, Calibration
from competences.errors import MisuseError

EXTRA = 'pip install "leermatch[transformers]"'
_E5 = "e5"


class TransformerEncoder:
    """A SentenceTransformer behind the one method `encode`; its cosines are not calibrated."""

    calibration: Calibration = UNFITTED

    def __init__(self, model: Any, prompt: str = "") -> None:
        self.model = model
        self.prompt = prompt

    @classmethod
    def from_name(cls, name: str) -> TransformerEncoder:
        """Loads a model by name or folder; names of E5-style models get the prompt that those were trained with."""
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise MisuseError(f"{name!r} needs sentence-transformers: {EXTRA}") from error
        try:
            model = SentenceTransformer(name)
        except (OSError, ValueError) as error:
            raise MisuseError(f"no sentence-transformers model {name!r}: {error}") from error
        return cls(model, prompt_for(name, getattr(model, "prompts", {}) or {}))

    @cached_property
    def dim(self) -> int:
        """Length of a vector."""
        named = getattr(self.model, "get_embedding_dimension", None) or self.model.get_sentence_embedding_dimension
        return int(named())

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 over prompt, configuration and weights."""
        digest = hashlib.sha256(json.dumps([self.prompt, str(self.model)]).encode())
        for key, weights in sorted(self.model.state_dict().items()):
            digest.update(key.encode())
            digest.update(weights.detach().cpu().contiguous().float().numpy().tobytes())
        return digest.hexdigest()

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """(n, dim) float32 unit rows. One text at a time: padding to the longest would change the last bits."""
        out = np.zeros((len(texts), self.dim), np.float32)
        for at, text in enumerate(texts):
            if any(letter.isalnum() for letter in text):
                out[at] = self.model.encode(
                    [self.prompt + text], normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True
                )[0]
        return out


def prompt_for(name: str, prompts: dict[str, str]) -> str:
    """The prompt of a model: what it brings itself, else "query: " for the E5 family, which was trained with it."""
    if prompts.get("query"):
        return prompts["query"]
    parts = name.replace("\\", "/").rsplit("/", 1)[-1].lower().replace("_", "-").split("-")
    return "query: " if _E5 in parts else ""
