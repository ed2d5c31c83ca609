"""How fast the encoders are, and how large."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import numba
import numpy as np

from benchmarks.machine import latencies
from benchmarks.quality.occupations import melo_sets
from benchmarks.quality.section import Section, Setting
from competences.encoders.protocol import Encoder

CORES = 2
TEXTS, SINGLE, ROUNDS = 50_000, 1000, 5
WARM = 300
"""Texts that are encoded before the clock runs: enough to compile, to map the weights and to start the threads."""
SLOW_MS, SLOW_TEXTS = 1.0, 200
"""From this time for one text on, a batch is this small."""


def speed(setting: Setting) -> Section:
    """Short texts in a batch and one by one."""
    sets = melo_sets(setting)
    texts = sorted({text for one in sets for text in (*one.queries, *one.corpus)})
    texts = [texts[at] for at in np.random.default_rng(0).permutation(len(texts))[:TEXTS]]
    threads = numba.get_num_threads()
    numba.set_num_threads(min(CORES, threads))
    rows = [{"encoder": one.name, **timed(one.encoder, texts)} for one in setting.systems if one.encoder]
    numba.set_num_threads(threads)
    return Section(
        "Speed and size",
        f"Occupation titles and labels of the MELO sets, in random order. A batch is encoded in one call on {CORES} "
        f"cores, the median of {ROUNDS} rounds: by the clock, which suffers from what else runs on the machine, and "
        f"by processor time, as {CORES} cores would do with nothing beside it. One text is one call, the median of "
        f"{SINGLE:,}. Size is all files of the encoder, 1 MB being 10^6 bytes. Targets: 30,000 texts a second, 100 µs, "
        "25 MB.",
        [rows],
    )


def timed(encoder: Encoder, texts: Sequence[str]) -> dict[str, object]:
    """One row of the table."""
    encoder.encode(texts[:WARM])
    one = latencies(lambda text: encoder.encode([text]), texts[:SLOW_TEXTS])
    slow = one["p50_ms"] > SLOW_MS
    if not slow:
        one = latencies(lambda text: encoder.encode([text]), texts[:SINGLE])
    batch = texts[:SLOW_TEXTS] if slow else texts
    wall, cpu = np.median([_round(encoder, batch) for _ in range(ROUNDS)], axis=0)
    return {
        "texts": len(batch),
        "texts a second": len(batch) / wall,
        "by processor time": len(batch) / (cpu / CORES),
        "one text, µs": one["p50_ms"] * 1e3,
        "by processor time, µs": one["p50_cpu_ms"] * 1e3,
        "MB on disk": size(encoder),
    }


def _round(encoder: Encoder, texts: Sequence[str]) -> tuple[float, float]:
    begin, used = time.perf_counter(), time.process_time()
    encoder.encode(texts)
    return time.perf_counter() - begin, time.process_time() - used


def size(encoder: Encoder) -> float | None:
    """MB of the files of an encoder that lies in a folder."""
    folder: Path | None = getattr(encoder, "folder", None)
    return sum(one.stat().st_size for one in folder.iterdir()) / 1e6 if folder else None
