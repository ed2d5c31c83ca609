"""The same job with what a user would otherwise assemble: one run, one machine, the same vectors, each tuned.

Vector stores hold one vector per (offer, outcome) with language, mode, dates and hours beside it. They are asked for
the neighbours of each requirement that pass the conditions; gains are added up over what comes back. How many to ask
for is raised until recall@10 reaches 0.99 on the first learners, or to what the store allows.

    python -m benchmarks.peers [instance] [learners]
"""

from __future__ import annotations

import sys
import tempfile
import time
import warnings
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from benchmarks.instances import ON, instance
from benchmarks.job import NEVER, Asked, Job, K, recall
from benchmarks.machine import latencies, resident_mib, write

GOOD = 0.99
DEPTHS = (50, 200, 1000, 4000)
"""Neighbours per requirement that are tried in turn."""
TUNED, PATIENCE = 5, 20
"""Learners that a depth is tried on, and seconds after which no larger one is."""
SLOW = 0.25
"""Seconds a learner from which on fewer learners are asked."""


class Peer(Protocol):
    """One way to do the job."""

    name: str
    depth: int | None
    """Neighbours per requirement; None where nothing is cut off."""

    def answer(self, one: Asked) -> list[str]:
        """Ids of the k best."""
        ...

    def answer_many(self, many: Sequence[Asked]) -> Any:
        """The fastest way to answer a batch: lists of ids, or a table."""
        ...


class Ours:
    """leermatch through its public calls: pydantic records in, result objects or an Arrow table out."""

    name, depth = "leermatch", None

    def __init__(self, job: Job) -> None:
        from matching.matcher import Matcher

        self.matcher = Matcher.from_offers(job.offers, encoder=job.instance.space.encoder).warm_up()

    def answer(self, one: Asked) -> list[str]:
        return [match.offer_id for match in self.matcher.match(one.learner, K, on=ON)]

    def answer_many(self, many: Sequence[Asked]) -> Any:
        return self.matcher.match_many([one.learner for one in many], K, on=ON)


def listed(found: Any) -> list[list[str]]:
    """Ids per learner, from such lists or from our table."""
    if isinstance(found, list):
        return found
    ids, ranks = found.column("offer_id").to_numpy(), found.column("rank").fill_null(1).to_numpy()
    return [[one for one in part if one] for part in np.split(ids, np.flatnonzero(ranks == 1)[1:])]


class ScipySparse:
    """(f) A sparse product with the very coverage matrix, conditions and argpartition on the touched columns."""

    name, depth = "scipy sparse product", None

    def __init__(self, job: Job) -> None:
        from scipy.sparse import csr_matrix

        from matching.matcher import Matcher

        self.job, matcher = job, Matcher.from_offers(job.offers, encoder=job.instance.space.encoder)
        _, found, _ = matcher._generation.coverage.of(job.instance.space.labels)
        parts = (found.strengths.astype(np.float64), found.rows, found.indptr)
        self.matrix = csr_matrix(parts, shape=(len(job.instance.space.labels), len(job.offers)))

    def answer(self, one: Asked) -> list[str]:
        return self.answer_many([one])[0]

    def answer_many(self, many: Sequence[Asked]) -> list[list[str]]:
        from scipy.sparse import csr_matrix

        out: list[list[str]] = []
        for at in range(0, len(many), 256):
            part = many[at : at + 256]
            weights = np.concatenate([one.weights for one in part])
            indices = np.concatenate([one.concepts for one in part])
            indptr = np.cumsum([0, *(len(one.concepts) for one in part)])
            gains = csr_matrix((weights, indices, indptr), shape=(len(part), self.matrix.shape[0])) @ self.matrix
            for i, one in enumerate(part):
                own = slice(gains.indptr[i], gains.indptr[i + 1])
                out.append(self.job.best(one, gains.data[own], gains.indices[own].astype(np.int64)))
        return out


class NumpyBrute:
    """(d) All similarities by one matrix product, all gains by fancy indexing, all conditions as masks."""

    name, depth = "numpy brute force", None

    def __init__(self, job: Job) -> None:
        self.job, self.vectors = job, np.vstack((job.vectors, np.zeros_like(job.vectors[:1])))
        self.everything = np.arange(len(job.offers))

    def answer(self, one: Asked) -> list[str]:
        calibration = self.job.instance.space.encoder.calibration  # type: ignore[attr-defined]
        strengths = calibration.coverage(self.vectors[one.concepts] @ self.vectors.T)
        strengths[strengths < calibration.coverage_threshold] = 0
        strengths[np.arange(len(one.concepts)), one.concepts] = 1
        gains = np.zeros(len(self.everything))
        for weight, row in zip(one.weights, strengths, strict=True):
            gains += weight * row[self.job.taught].max(axis=1)
        return self.job.best(one, gains, self.everything)

    def answer_many(self, many: Sequence[Asked]) -> list[list[str]]:
        return [self.answer(one) for one in many]


class Store:
    """What vector stores share: entries, and adding up what comes back."""

    depth: int | None = DEPTHS[0]

    def __init__(self, job: Job) -> None:
        self.job = job
        real = job.taught < len(job.vectors)
        self.owner = np.repeat(np.arange(len(job.offers)), real.sum(axis=1))
        self.entry = job.vectors[job.taught[real]]
        self.columns = {name: values[self.owner] for name, values in job.columns.items()}
        self.build()

    def build(self) -> None: ...

    def search(self, one: Asked) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """(requirements, depth) entries, −1 where there is none, and their similarities."""
        raise NotImplementedError

    def answer(self, one: Asked) -> list[str]:
        entries, similarities = self.search(one)
        calibration = self.job.instance.space.encoder.calibration  # type: ignore[attr-defined]
        values = calibration.coverage(similarities)
        values[similarities > 1 - 1e-5] = 1.0
        keep = (entries >= 0) & (values >= calibration.coverage_threshold)
        asked, at = np.nonzero(keep)
        offers = self.owner[entries[asked, at]]
        # Of the outcomes of one offer the best counts for a requirement: the last write is the largest.
        order = np.argsort(values[asked, at], kind="stable")
        pairs, last = np.unique((asked * len(self.job.offers) + offers)[order][::-1], return_index=True)
        best = values[asked, at][order][::-1][last]
        rows, place = np.unique(pairs % len(self.job.offers), return_inverse=True)
        gains = np.bincount(place, one.weights[pairs // len(self.job.offers)] * best, len(rows))
        return self.job.best(one, gains, rows)

    def answer_many(self, many: Sequence[Asked]) -> list[list[str]]:
        return [self.answer(one) for one in many]


class FaissFlat(Store):
    """(a) Exact search among the entries that pass, by a bitmap selector."""

    name = "FAISS flat + IDSelector"

    def build(self) -> None:
        import faiss

        self.index = faiss.IndexFlatIP(self.entry.shape[1])
        self.index.add(self.entry)

    def search(self, one: Asked) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        import faiss

        bits = np.packbits(self.job.eligible(one)[self.owner], bitorder="little")
        chosen = faiss.SearchParameters(sel=faiss.IDSelectorBitmap(bits))
        similarities, entries = self.index.search(self.job.vectors[one.concepts], self.depth, params=chosen)
        return entries, similarities


class Usearch(Store):
    """(c) HNSW without conditions: asks for more and filters afterwards."""

    name = "usearch HNSW, over-fetch"

    def build(self) -> None:
        from usearch.index import Index

        self.index = Index(ndim=self.entry.shape[1], metric="ip", dtype="f32", connectivity=16, expansion_add=128)
        self.index.add(np.arange(len(self.entry)), self.entry, threads=2)

    def search(self, one: Asked) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        self.index.expansion_search = max(64, self.depth or 0)
        found = self.index.search(self.job.vectors[one.concepts], self.depth)
        return found.keys.astype(np.int64), (1 - found.distances).astype(np.float32)


class Lance(Store):
    """(b) LanceDB: conditions as a prefilter, IVF over exact vectors."""

    name = "LanceDB IVF_FLAT, prefilter"

    def build(self) -> None:
        import lancedb
        import pyarrow as pa

        flat = pa.FixedSizeListArray.from_arrays(pa.array(self.entry.reshape(-1)), self.entry.shape[1])
        data = pa.table({"entry": np.arange(len(self.entry)), "vector": flat, **self.columns})
        self._folder = tempfile.TemporaryDirectory()
        self.table = lancedb.connect(self._folder.name).create_table("entries", data)
        self.table.create_index(metric="dot", vector_column_name="vector", index_type="IVF_FLAT", num_partitions=256)

    def search(self, one: Asked) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        found = (
            self.table.search(list(self.job.vectors[one.concepts])).distance_type("dot")
            .where(_sql(one), prefilter=True).nprobes(32).limit(self.depth).select(["entry", "_distance"]).to_arrow()
        )  # fmt: skip
        return _grid(
            found.column("query_index").to_numpy(), found.column("entry").to_numpy(),
            1 - found.column("_distance").to_numpy(), len(one.concepts),
        )  # fmt: skip


class Qdrant(Store):
    """(e) Qdrant's local mode: conditions as a payload filter."""

    name = "Qdrant local mode, filter"

    def build(self) -> None:
        from qdrant_client import QdrantClient, models

        self.client = QdrantClient(":memory:")
        size = models.VectorParams(size=self.entry.shape[1], distance=models.Distance.DOT)
        self.client.create_collection("entries", vectors_config=size)
        names = list(self.columns)
        rows = zip(*(self.columns[name].tolist() for name in names), strict=True)
        payload = [dict(zip(names, row, strict=True)) for row in rows]
        self.client.upload_collection("entries", vectors=self.entry, payload=payload, ids=range(len(self.entry)))

    def search(self, one: Asked) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        from qdrant_client import models

        chosen = _qdrant_filter(one)
        asked = [
            models.QueryRequest(query=vector.tolist(), filter=chosen, limit=self.depth)
            for vector in self.job.vectors[one.concepts]
        ]
        answers = self.client.query_batch_points("entries", asked)
        hits = [(i, point.id, point.score) for i, answer in enumerate(answers) for point in answer.points]
        columns = [np.array(column) for column in zip(*hits, strict=True)] if hits else [np.zeros(0, int)] * 3
        return _grid(columns[0], columns[1], columns[2], len(one.concepts))


def _grid(
    asked: NDArray[Any], entries: NDArray[Any], similarities: NDArray[Any], n: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Hits in one list as (requirements, most hits) arrays."""
    counts = np.bincount(asked.astype(np.int64), minlength=n)
    out = np.full((n, max(int(counts.max(initial=0)), 1)), -1, np.int64)
    values = np.zeros(out.shape, np.float32)
    order = np.argsort(asked, kind="stable")
    place = np.arange(len(order)) - np.repeat(np.cumsum(counts) - counts, counts)
    out[asked[order], place], values[asked[order], place] = entries[order], similarities[order]
    return out, values


def _sql(one: Asked) -> str:
    spoken, modes = (",".join(map(str, np.flatnonzero(ok))) for ok in (one.spoken, one.modes))
    return (
        f"language IN ({spoken}) AND mode IN ({modes}) AND start >= {one.not_before} "
        f'AND ("end" <= {one.last} OR "end" = {NEVER}) AND own <= {one.hours} AND weekly <= {one.hours_per_week}'
    )


def _qdrant_filter(one: Asked) -> Any:
    from qdrant_client import models as m

    end = [
        m.FieldCondition(key="end", range=m.Range(lte=one.last)),
        m.FieldCondition(key="end", match=m.MatchValue(value=NEVER)),
    ]
    return m.Filter(
        must=[
            m.FieldCondition(key="language", match=m.MatchAny(any=np.flatnonzero(one.spoken).tolist())),
            m.FieldCondition(key="mode", match=m.MatchAny(any=np.flatnonzero(one.modes).tolist())),
            m.FieldCondition(key="start", range=m.Range(gte=one.not_before)),
            m.FieldCondition(key="own", range=m.Range(lte=one.hours)),
            m.FieldCondition(key="weekly", range=m.Range(lte=one.hours_per_week)),
            m.Filter(should=end),
        ]
    )  # fmt: skip


def measure(kind: Any, job: Job, many: Sequence[Asked], truth: Sequence[dict[str, float]]) -> dict[str, Any]:
    """Build, tune on the first learners, then time and judge."""
    before, begin = resident_mib(), time.perf_counter()
    peer: Peer = kind(job)
    built = time.perf_counter() - begin
    if peer.depth is not None:
        for peer.depth in DEPTHS:
            begin = time.perf_counter()
            first = [recall(peer.answer(one), right) for one, right in zip(many[:TUNED], truth, strict=False)]
            if np.mean(first) >= GOOD or time.perf_counter() - begin > PATIENCE:
                break
    begin = time.perf_counter()
    peer.answer(many[0])
    some = many[:20] if time.perf_counter() - begin > SLOW else many
    timed = latencies(peer.answer, some)
    begin, batch = (
        time.perf_counter(),
        list(some) * (20 if len(some) == len(many) and kind in (Ours, ScipySparse) else 1),
    )
    used = time.process_time()
    found = peer.answer_many(batch)
    took, used = time.perf_counter() - begin, time.process_time() - used
    right = [recall(ids, one) for ids, one in zip(listed(found), truth, strict=False)]
    return {
        "system": peer.name, **timed, "learners_per_s": len(batch) / took,
        "learners_per_cpu_s": len(batch) / used,
        "recall@10": float(np.mean(right[: len(some)])), "depth": peer.depth, "learners": len(some),
        "build_s": built, "memory_MiB": max(0.0, resident_mib() - before),
    }  # fmt: skip


def main() -> None:
    name = sys.argv[1] if len(sys.argv) > 1 else "100k"
    n = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    warnings.filterwarnings("ignore", message="Local mode is not recommended")
    job = Job(instance(name))
    many = job.asked(n)
    truth = [job.oracle(one) for one in many]
    kinds = [Ours, ScipySparse, NumpyBrute, FaissFlat, Usearch, Lance, *([Qdrant] if len(job.offers) <= 10_000 else [])]
    rows = []
    for kind in kinds:
        rows.append(measure(kind, job, many, truth))
        print(rows[-1], file=sys.stderr, flush=True)
    ours = rows[0]["p50_ms"]
    for row in rows:
        row["times_ours_p50"], row["times_ours_batch"] = (
            row["p50_ms"] / ours,
            rows[0]["learners_per_s"] / row["learners_per_s"],
        )
    notes = [
        f"instance {job.instance.name}: {len(job.offers):,} offers, {len(many[0].concepts)} weighted requirements, "
        "k = 10, language, mode, date and hours as hard conditions",
        "leermatch: records in, result objects or an Arrow table out; the others start from arrays that are ready",
        "recall@10 against an oracle that computes from the vectors, pair by pair, over all offers",
    ]
    if Qdrant not in kinds:
        notes.append("Qdrant's local mode scans payloads in Python: measured at 10,000 offers only")
    write(f"peers_{job.instance.name}", f"Peers, {job.instance.name}", rows, notes)


if __name__ == "__main__":
    main()
