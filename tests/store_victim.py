"""A process that changes an index until it is killed; each change that it was promised is on disk, it says aloud."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from store_worlds import apply, built, loaded

path, first, state = Path(sys.argv[1]), int(sys.argv[2]), json.loads(sys.argv[3])
matcher = loaded(path)
with tempfile.TemporaryDirectory() as elsewhere:
    # Imports are out of the way before the clock of the killer starts.
    built(state).save(elsewhere)
print("ready", flush=True)
for number in range(first, first + 10_000):
    state = apply(matcher, path, number, state)
    print(number, flush=True)
