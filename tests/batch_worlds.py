"""Many learners and an index for batches that are killed: the demo world, over and over under other names.

python tests/batch_worlds.py FOLDER LEARNERS PARTITIONS
"""

from __future__ import annotations

import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from competences.records.io import read_learners, read_offers, read_roles
from matching.demo import demo_world
from matching.matcher import Matcher


def prepare(folder: Path, learners: int, partitions: int) -> None:
    """`folder`/index, and `folder`/in with one Parquet file per partition; each hundredth learner has no goal."""
    world = demo_world()
    roles = read_roles(world / "roles.jsonl")
    Matcher.from_offers(read_offers(world / "offers.jsonl"), roles=roles).save(folder / "index")
    known = [one for one in read_learners(world / "learners.jsonl") if one.goal and one.goal.text is None]
    (folder / "in").mkdir(parents=True)
    for part in range(partitions):
        people = (known[n % len(known)].model_copy(update=_named(n)) for n in range(part, learners, partitions))
        profiles = [one.model_dump_json(exclude_unset=True) for one in people]
        pq.write_table(pa.table({"profile": profiles}), folder / "in" / f"{part:03d}.parquet")


def _named(n: int) -> dict[str, object]:
    return {"id": f"learner-{n:07d}"} | ({"goal": None} if n % 100 == 3 else {})


if __name__ == "__main__":
    prepare(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
