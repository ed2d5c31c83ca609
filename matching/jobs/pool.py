"""Tasks on several processes. A worker that dies takes nothing with it: its partition is given to a new one."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import suppress
from multiprocessing import connection
from multiprocessing.connection import Connection
from threading import RLock, Thread
from typing import Any

from tqdm import tqdm

from matching.jobs.output import Done
from matching.jobs.worker import Failed, Task, initialise, matcher_at, work

ATTEMPTS = 3
"""How many workers may die over one partition before it is given up."""
TICK_S = 0.5

# A forked child would inherit locks of threads that it does not have.
SPAWN = multiprocessing.get_context("spawn")

Outcome = tuple[Task, Done | Failed]


class Worker:
    """One process, and the task that it has in hand."""

    def __init__(self) -> None:
        self.answered = SPAWN.RawValue("q", 0)
        self.connection, theirs = SPAWN.Pipe()
        self.process = SPAWN.Process(target=serve, args=(theirs, self.answered), daemon=True)
        self.process.start()
        theirs.close()
        self.task: Task | None = None

    def give(self, task: Task) -> None:
        self.task = task
        # One that has just died is noticed when it is listened to.
        with suppress(ConnectionError):
            self.connection.send(task)

    def heard(self) -> Done | Failed | None:
        """How the task ended; None where the process died."""
        try:
            said: Done | Failed = self.connection.recv()
            return said
        except (EOFError, ConnectionError):
            return None

    def stop(self) -> None:
        self.connection.close()
        self.process.terminate()
        self.process.join()


def serve(tasks: Connection, counter: Any) -> None:
    """The life of a worker: until the parent closes the connection, or dies."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_die_with_parent, daemon=True).start()
    # Its own lock would be a semaphore of the machine, and Python complains of each that a worker leaves behind.
    tqdm.set_lock(RLock())
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


class Crew:
    """Workers, the tasks that are left, and how often each of them has cost a worker its life."""

    def __init__(self, tasks: Sequence[Task], size: int, died: Callable[[Task], None]) -> None:
        self.left, self.size, self.died = deque(tasks), size, died
        self.deaths: Counter[str] = Counter()
        self.workers: list[Worker] = []
        self.answered = 0
        """By workers that are gone."""

    def busy(self) -> bool:
        """Give everyone something to do; whether anyone has."""
        while self.left and len(self.workers) < self.size:
            self.workers.append(Worker())
        for worker in self.workers:
            if worker.task is None and self.left:
                worker.give(self.left.popleft())
        return any(worker.task for worker in self.workers)

    def ended(self) -> Iterator[Outcome]:
        """Wait a moment for whoever ends."""
        ready = connection.wait([worker.connection for worker in self.workers], TICK_S)
        for worker in [one for one in self.workers if one.connection in ready]:
            done, task, worker.task = worker.heard(), worker.task, None
            if done is None:
                done = self._lost(worker, task)
            if task is not None and done is not None:
                yield task, done

    def total(self) -> int:
        """Learners that were answered so far."""
        return self.answered + sum(int(worker.answered.value) for worker in self.workers)

    def stop(self) -> None:
        for worker in self.workers:
            worker.stop()

    def _lost(self, worker: Worker, task: Task | None) -> Failed | None:
        """What becomes of the task of a worker that died: None while others may try it."""
        worker.stop()
        self.workers.remove(worker)
        if task is None:
            return None
        self.died(task)
        self.deaths[task.partition] += 1
        if self.deaths[task.partition] < ATTEMPTS:
            self.left.append(task)
            return None
        return Failed(f"{task.input}: its worker died {ATTEMPTS} times")


def outcomes(
    tasks: Sequence[Task], workers: int, watch: Callable[[int], None], died: Callable[[Task], None]
) -> Generator[Outcome, None, None]:
    """(task, how it ended) as they end. `watch` hears now and then how many learners were answered in all."""
    if workers == 1:
        yield from _alone(tasks, watch)
        return
    crew = Crew(tasks, workers, died)
    try:
        while crew.busy():
            yield from crew.ended()
            watch(crew.total())
    finally:
        crew.stop()


def _alone(tasks: Sequence[Task], watch: Callable[[int], None]) -> Iterator[Outcome]:
    """In this process: nothing to start, nothing to send."""
    initialise(_Aloud(watch))
    try:
        for task in tasks:
            yield task, work(task)
    finally:
        # An index that stays open keeps its generation from being deleted.
        matcher_at.cache_clear()


class _Aloud:
    """A counter like the one that a worker shares, told at once."""

    def __init__(self, watch: Callable[[int], None]) -> None:
        self._value, self._watch = 0, watch

    @property
    def value(self) -> int:
        return self._value

    @value.setter
    def value(self, value: int) -> None:
        self._value = value
        self._watch(value)
