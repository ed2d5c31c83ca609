"""A whole population against one index: partitions in, tables out, resumable at any moment."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from tqdm import tqdm

from competences.encoders.loading import load_encoder
from competences.errors import DataError, IncompatibleIndexError, MisuseError
from competences.records.base import Record
from matching.index.store.live import Live
from matching.jobs.answering import Question
from matching.jobs.log import Log
from matching.jobs.output import Done, Output, Run, check_same
from matching.jobs.partitions import digest, partitions, rows
from matching.jobs.pool import outcomes
from matching.jobs.worker import Task
from matching.query.demand import day_of


class Order(Record):
    """A batch as it is asked for."""

    learners: tuple[str, ...]
    """Paths or patterns: "in/*.parquet"."""
    index: str
    out: str
    on: date
    k: int = 10
    plans: bool = False
    encoder: str | None = None
    workers: int | None = None
    """All cores where it is not stated."""
    overwrite: bool = False
    log: str | None = None
    """Where JSON lines go; "-" is stderr."""
    progress: bool = False


class Summary(NamedTuple):
    """How a batch ended."""

    manifest: dict[str, Any]
    failed: dict[str, str]
    """Partition → what kept it from being answered."""

    @property
    def exit_code(self) -> int:
        """0: all answered. 3: some rows were rejected. 4: some partitions could not be read or answered."""
        if self.failed:
            return 4
        return 3 if self.manifest["totals"]["rejected"] else 0


def run(order: Order) -> Summary:
    """Answer every partition that is not answered yet. Raises `MisuseError` where the folder holds results of
    another question, and `IncompatibleIndexError` where the index cannot be served."""
    _check(order)
    inputs, output = partitions(order.learners), Output(order.out)
    with output.lock(), closing(Log(order.log)) as log:
        # Held open until the end, so that nobody deletes the state of the index that the workers read.
        live = Live(order.index, load_encoder(order.encoder))
        pinned = live.follow(None)
        asked = _run(order, live, output)
        finished = _finished(output, inputs)
        tasks = _tasks(order, asked, {name: path for name, path in inputs.items() if name not in finished})
        log("start", index=asked.position.text, offers=len(pinned.catalogue), partitions=len(inputs), left=len(tasks))
        failed = _answered(order, tasks, finished, log)
        manifest = output.manifest(asked, sorted(failed))
        log("end", failed=len(failed), **manifest["totals"])
    return Summary(manifest, failed)


def _check(order: Order) -> None:
    """What no learner could be answered to."""
    day_of(order.on)
    if order.k < 1:
        raise MisuseError(f"-k: the number of offers to return, at least 1, not {order.k}")
    if order.workers is not None and order.workers < 1:
        raise MisuseError(f"--workers: at least 1, not {order.workers}")


def _run(order: Order, live: Live, output: Output) -> Run:
    """What is asked; a run that was begun keeps the state of the index with which it began."""
    assert live.position is not None  # followed before
    question = Question(on=order.on, k=order.k, plans=order.plans)
    asked = Run(
        question=question, index=str(Path(order.index).resolve()), position=live.position,
        encoder=live.encoder.fingerprint, encoder_name=order.encoder,
    )  # fmt: skip
    if order.overwrite:
        output.clear()
    before = output.run()
    if before is None:
        output.start(asked)
        return asked
    check_same(before, asked, output.path)
    if before.position != asked.position and not live.folder.holds(before.position.pointer):
        raise IncompatibleIndexError(
            f"{order.index}: no longer holds the state {before.position.text} with which this run began; "
            "use --overwrite, or another --out"
        )
    return before.model_copy(update={"index": asked.index})


def _finished(output: Output, inputs: dict[str, Path]) -> dict[str, Done]:
    """Partitions that need not be answered again."""
    found = {name: output.done(name) for name in inputs}
    return {name: done for name, done in found.items() if done and _is_of(done, inputs[name])}


def _is_of(done: Done, path: Path) -> bool:
    try:
        return done.sha256 == digest(path)
    except DataError:
        # Whoever tries to answer it says why.
        return False


def _tasks(order: Order, asked: Run, inputs: dict[str, Path]) -> list[Task]:
    workers = _workers(order, len(inputs))
    threads = max(1, (order.workers or os.cpu_count() or 1) // workers)
    return [Task(name, path, Path(order.out), asked, threads) for name, path in inputs.items()]


def _workers(order: Order, tasks: int) -> int:
    return max(1, min(order.workers or os.cpu_count() or 1, tasks))


def _answered(order: Order, tasks: Sequence[Task], finished: dict[str, Done], log: Log) -> dict[str, str]:
    """Answer the tasks; adds to `finished`, returns what failed."""
    failed: dict[str, str] = {}
    total, answered, began = rows(task.input for task in tasks), 0, time.monotonic()
    with tqdm(total=total, unit=" learners", disable=None if order.progress else True) as bar:

        def watch(so_far: int) -> None:
            bar.update(so_far - bar.n)

        def died(task: Task) -> None:
            log("worker_died", partition=task.partition)

        # Closed, so that no worker writes any more when this ends, however it ends.
        with closing(outcomes(tasks, _workers(order, len(tasks)), watch, died)) as ends:
            for task, done in ends:
                if isinstance(done, Done):
                    finished[task.partition] = done
                    answered += done.learners
                    counts = done.model_dump(exclude={"input", "sha256"})
                    log("partition", partition=task.partition, **counts, **_pace(answered, total, began))
                elif done.ends is not None:
                    log("stopped", partition=task.partition, problem=done.problem)
                    raise done.ends(f"{done.problem}; finished partitions are kept, run it again to go on")
                else:
                    failed[task.partition] = done.problem
                    log("failed", partition=task.partition, problem=done.problem)
    return failed


def _pace(answered: int, total: int, began: float) -> dict[str, float]:
    """How far this run is, how fast, and how long it will still take."""
    rate = answered / max(time.monotonic() - began, 1e-3)
    left = max(0, total - answered) / rate if rate else 0.0
    return {"answered": answered, "total": total, "per_second": round(rate, 1), "seconds_left": round(left, 1)}
