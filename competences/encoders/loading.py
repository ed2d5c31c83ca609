"""One name for every encoder: the shipped one, one trained here, or any sentence-transformers model."""

from __future__ import annotations

from pathlib import Path

from competences.encoders.protocol import Encoder
from competences.encoders.shipped import CONFIG, ROWS, ShippedEncoder

SHIPPED = Path(__file__).parent / "model"


def load_encoder(name: str | Path | None = None) -> Encoder:
    """None: the shipped encoder. A folder that `leermatch train` wrote: that one. Else a sentence-transformers model.

    MisuseError where the extra that the last needs is not installed, or where no such model can be had.
    """
    if name is None:
        return ShippedEncoder(SHIPPED)
    folder = Path(name)
    if (folder / CONFIG).is_file() and (folder / ROWS).is_file():
        return ShippedEncoder(folder)
    from competences.encoders.transformer import TransformerEncoder

    return TransformerEncoder.from_name(str(name))
