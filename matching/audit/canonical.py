"""One way to write a value as bytes, so that equal values have equal digests."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def canonical(value: Any) -> bytes:
    """JSON in UTF-8, keys in order, no spaces; NaN and infinity are errors."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def digest(value: Any) -> str:
    """Hexadecimal SHA-256 of the canonical bytes."""
    return hashlib.sha256(canonical(value)).hexdigest()
