"""Answers about concepts that the index does not list, kept by name so that a population asks each only once."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Memory(Generic[K, V]):
    """A bounded mapping that works out what it lacks, all at once. Threads may work out the same thing twice, and
    come to the same answer; when it is full it starts anew."""

    def __init__(self, room: int) -> None:
        self.room = room
        self._known: dict[K, V] = {}

    def all_of(self, keys: Sequence[K], answer: Callable[[list[K]], Sequence[V]]) -> list[V]:
        """The value of each key; `answer` gives those of the distinct missing ones, in order."""
        known = self._known
        found = [known.get(key) for key in keys]
        missing = list(dict.fromkeys(key for key, value in zip(keys, found, strict=True) if value is None))
        if not missing:
            return found  # type: ignore[return-value]
        new = dict(zip(missing, answer(missing), strict=True))
        if len(known) + len(new) > self.room:
            self._known = {}
        self._known.update(new)
        return [new[key] if value is None else value for key, value in zip(keys, found, strict=True)]
