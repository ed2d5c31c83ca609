"""A real Spark cluster of two workers on one machine, attacked while it works; compared with the batch byte for byte.

    python tests/cluster_run.py [learners] [folder]        (see `make test-cluster`)

One Python worker and one executor are killed with SIGKILL while tasks run. Spark starts them again, and the result
must hold every learner once. Exits with 1 where it differs from what `leermatch batch` writes."""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import threading
import time
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from batch_worlds import prepare
from matching.jobs.batch import Order, run
from matching.jobs.cluster import DDL, cluster_function

ON, PARTITIONS = date(2026, 11, 24), 16


def processes() -> dict[int, str]:
    """Command line of every process."""
    found = {}
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found[int(path.parent.name)] = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
    return found


def ours(pid: int) -> bool:
    """Whether a process descends from this one."""
    while pid > 1:
        if pid == os.getpid():
            return True
        try:
            pid = int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            return False
    return False


def attack(killed: list[str], over: threading.Event) -> None:
    """As soon as tasks run, kill a Python worker that has one, then an executor."""
    for kind, mark, pause in (
        ("python worker", "pyspark/daemon", 2.0),
        ("executor", "CoarseGrainedExecutorBackend", 4.0),
    ):
        while not over.is_set():
            # The first daemon is the parent of the workers: the highest id is a worker.
            found = [pid for pid, line in processes().items() if mark in line.replace(".", "/") and ours(pid)]
            if len(found) >= 2 or (found and kind == "executor"):
                time.sleep(pause)
                try:
                    os.kill(max(found), signal.SIGKILL)
                except ProcessLookupError:
                    continue
                killed.append(f"{kind} {max(found)}")
                break
            time.sleep(0.1)


def on_cluster(folder: Path) -> tuple[pa.Table, list[str]]:
    """The result of Spark, and whom it survived."""
    from pyspark.sql import SparkSession

    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    spark = (
        SparkSession.builder.master("local-cluster[2,1,1024]")
        .appName("leermatch test")
        .config("spark.executor.memory", "1024m")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.files.maxPartitionBytes", "64k")
        .config("spark.executorEnv.PYTHONPATH", os.pathsep.join(path for path in sys.path if path))
        .getOrCreate()
    )
    killed: list[str] = []
    over = threading.Event()
    attacker = threading.Thread(target=attack, args=(killed, over))
    try:
        learners = spark.read.parquet(str(folder / "in")).repartition(PARTITIONS)
        answered = learners.mapInArrow(cluster_function(str(folder / "index"), on=ON), DDL)
        attacker.start()
        answered.write.mode("overwrite").parquet(str(folder / "spark"))
    finally:
        over.set()
        if attacker.ident is not None:
            attacker.join()
        spark.stop()
    return pq.read_table(folder / "spark"), killed


def on_one_machine(folder: Path) -> pa.Table:
    """The same columns out of what the batch writes."""
    order = Order(learners=(str(folder / "in" / "*"),), index=str(folder / "index"), out=str(folder / "out"), on=ON)
    run(order)
    matches = pq.read_table(folder / "out" / "matches")
    rejected = pq.read_table(folder / "out" / "rejected").to_pylist()
    problems = [{"learner_id": row["learner_id"], "problem": f"{row['field']}: {row['problem']}"} for row in rejected]
    matches = matches.append_column("problem", pa.nulls(matches.num_rows, pa.string()))
    return pa.concat_tables([matches, pa.Table.from_pylist(problems, matches.schema)])


def written(table: pa.Table, path: Path) -> bytes:
    """A table in one order, as a file without metadata."""
    table = table.replace_schema_metadata(None).sort_by([("learner_id", "ascending"), ("rank", "ascending")])
    pq.write_table(table.combine_chunks(), path)
    return path.read_bytes()


def main() -> int:
    learners = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    with tempfile.TemporaryDirectory(dir=sys.argv[2] if len(sys.argv) > 2 else None) as name:
        folder = Path(name)
        prepare(folder, learners, PARTITIONS)
        began = time.monotonic()
        spark, killed = on_cluster(folder)
        took = time.monotonic() - began
        one = on_one_machine(folder)
        same = written(spark.select(one.column_names).cast(one.schema), folder / "a") == written(one, folder / "b")
        print(f"{learners} learners, {spark.num_rows} rows, {took:.0f} s; killed: {', '.join(killed) or 'nobody'}")
        print("the cluster says what one machine says, byte for byte" if same else "THE RESULTS DIFFER")
        return 0 if same and len(killed) == 2 else 1


if __name__ == "__main__":
    sys.exit(main())
