"""One partition in one process: the index is opened once, and mapped by all workers together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from traceback import extract_tb
from typing import Any, NamedTuple

from competences.encoders.loading import load_encoder
from competences.errors import IncompatibleIndexError, LeermatchError, StorageError
from matching.index.store.live import Position, at_position
from matching.jobs.answering import Answer, answers
from matching.jobs.output import Done, Output, Run
from matching.jobs.partitions import batches, digest
from matching.matcher import Matcher

_counter: Any = None
"""Learners that this process has answered so far, where somebody watches. No lock: one that a killed worker holds
would never be released."""


class Task(NamedTuple):
    """A partition to be answered."""

    partition: str
    input: Path
    out: Path
    run: Run
    threads: int = 1


ENDS = (StorageError, IncompatibleIndexError)
"""Errors that all other partitions would meet as well."""


class Failed(NamedTuple):
    """A partition without answers, and why."""

    problem: str
    ends: type[LeermatchError] | None = None
    """What ends the whole batch: nothing more can be written, or read from the index."""


def initialise(counter: Any) -> None:
    """Runs once in each worker."""
    global _counter
    _counter = counter


@lru_cache(maxsize=1)
def matcher_at(index: str, position: Position, encoder: str | None) -> Matcher:
    """A matcher pinned to one state of the index: it follows nobody, so that all partitions see the same."""
    return Matcher(at_position(index, position, load_encoder(encoder)))


def work(task: Task) -> Done | Failed:
    """Answer one partition; what keeps it from being answered is returned."""
    try:
        run, output = task.run, Output(task.out)
        # Before it is read: an input that is replaced meanwhile is answered again.
        stated = digest(task.input)
        matcher = matcher_at(run.index, run.position, run.encoder_name)
        found = answers(matcher, batches(task.input), run.question, task.threads)
        counts = output.write(task.partition, _counted(found), run.question.plans)
        done = Done(input=str(task.input), sha256=stated, **counts)
        output.finish(task.partition, done)
        return done
    except LeermatchError as error:
        return Failed(str(error), next((kind for kind in ENDS if isinstance(error, kind)), None))
    except Exception as error:
        # Nobody foresaw it, and it stops this partition alone. What it says is left out: it may be about a person.
        place = extract_tb(error.__traceback__)[-1]
        said = f"{type(error).__name__} in {Path(place.filename).name}, line {place.lineno}"
        return Failed(f"{task.input}: cannot be answered: {said}; this is a fault of leermatch, please report it")


def _counted(found: Iterable[Answer]) -> Iterator[Answer]:
    for one in found:
        yield one
        if _counter is not None:
            _counter.value += one.learners
