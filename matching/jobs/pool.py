"""Tasks on several processes. A worker that dies takes nothing with it: its partition is given to a new one."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import connection
from multiprocessing.connection import Connection
from threading import Thread
from typing import Any

from matching.jobs.output import Done
from matching.jobs.worker import Task, initialise, matcher_at, work

ATTEMPTS = 3
"""How many workers may die over one partition before it is given up."""
TICK_S = 0.5

# A forked child would inherit locks of threads that it does not have.
SPAWN = multiprocessing.get_context("spawn")

Outcome = tuple[Task, Done | str]


class Worker:
    """One process, and the task that it has in hand."""

    def __init__(self, counter: Any) -> None:
        self.connection, theirs = SPAWN.Pipe()
        self.process = SPAWN.Process(target=serve, args=(theirs, counter), daemon=True)
        self.process.start()
        theirs.close()
        self.task: Task | None = None

    def give(self, task: Task) -> None:
        self.task = task
        self.connection.send(task)

    def stop(self) -> None:
        self.connection.close()
        self.process.terminate()
        self.process.join()


def serve(tasks: Connection, counter: Any) -> None:
    """The life of a worker: until the parent closes the connection, or dies."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_die_with_parent, daemon=True).start()
    initialise(counter)
    while True:
        try:
            task = tasks.recv()
        except EOFError:
            return
        tasks.send(work(task))


def _die_with_parent() -> None:
    """A worker without parent could still write while the same run is being resumed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def outcomes(
    tasks: Sequence[Task], workers: int, watch: Callable[[int], None], died: Callable[[Task], None]
) -> Iterator[Outcome]:
    """(task, how it ended) as they end. `watch` hears now and then how many learners were answered in all."""
    counter = SPAWN.Value("q", 0)
    if workers == 1:
        yield from _alone(tasks, counter, watch)
        return
    left, deaths = deque(tasks), Counter[str]()
    crew: list[Worker] = []
    try:
        while left or any(worker.task for worker in crew):
            while left and len(crew) < workers:
                crew.append(Worker(counter))
            for worker in crew:
                if worker.task is None and left:
                    worker.give(left.popleft())
            ready = connection.wait([worker.connection for worker in crew], TICK_S)
            watch(counter.value)
            for worker in [one for one in crew if one.connection in ready]:
                done, task = _heard(worker), worker.task
                assert task is not None  # only who has a task says anything
                if done is None:
                    worker.stop()
                    crew.remove(worker)
                    died(task)
                    deaths[task.partition] += 1
                    if deaths[task.partition] < ATTEMPTS:
                        left.append(task)
                        continue
                    done = f"{task.input}: its worker died {ATTEMPTS} times"
                worker.task = None
                yield task, done
    finally:
        for worker in crew:
            worker.stop()


def _alone(tasks: Sequence[Task], counter: Any, watch: Callable[[int], None]) -> Iterator[Outcome]:
    """In this process: nothing to start, nothing to send."""
    initialise(counter)
    try:
        for task in tasks:
            yield task, work(task)
            watch(counter.value)
    finally:
        # An index that stays open keeps its generation from being deleted.
        matcher_at.cache_clear()


def _heard(worker: Worker) -> Done | str | None:
    """What a worker says; None where it died."""
    try:
        said: Done | str = worker.connection.recv()
        return said
    except (EOFError, ConnectionError):
        return None
