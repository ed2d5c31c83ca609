"""Changes of one generation, each on disk before it is acknowledged.

The file starts with a header: format, generation, how many bytes are acknowledged, and a checksum of all that. Then
come records: length of the payload, its CRC-32, a CRC-32 of the first two and of the place in the file, payload, line
end. Bytes beyond the acknowledged ones were left by a writer that died; they were promised to nobody, and the next
writer cuts them off. Below that mark every byte must fit its checksum.
"""

from __future__ import annotations

import os
import re
import time
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import ValidationError

from competences.errors import IncompatibleIndexError
from competences.records.base import Identifier, Record
from competences.records.offers import LearningOffer
from matching.index.store.files import damaged, replace, storing
from matching.index.store.manifest import check_version

HEADER = re.compile(rb"leermatch-journal 1 (?P<name>[0-9a-z-]+) (?P<acknowledged>[0-9a-f]{16}) (?P<crc>[0-9a-f]{8})\n")
OTHER = re.compile(rb"leermatch-journal (?!1 )(\d+) ")
"""What a later leermatch would write."""
RECORD = 27
"""Bytes before a payload."""
RETRIES, PAUSE_S = 20, 0.001
"""A header that is read in the moment of being written is read again."""


class Change(Record):
    """Offers that are new or changed, and ids of offers that are gone. All of it happens, or nothing."""

    upsert: tuple[LearningOffer, ...] = ()
    remove: tuple[Identifier, ...] = ()


def net(changes: Iterable[Change]) -> Change:
    """All changes as one: the last word on each offer."""
    latest: dict[str, LearningOffer | None] = {}
    for change in changes:
        latest.update(dict.fromkeys(change.remove))
        latest.update({offer.id: offer for offer in change.upsert})
    return Change(
        upsert=tuple(offer for offer in latest.values() if offer is not None),
        remove=tuple(identifier for identifier, offer in latest.items() if offer is None),
    )


class Journal:
    """The journal of one generation: there from the moment when the generation is, so that a lost one is noticed."""

    def __init__(self, path: Path, name: str) -> None:
        self.path, self.name = path, name
        self._start = len(_header(name, 0))

    def start(self) -> None:
        """A journal without changes is on disk when this returns."""
        replace(self.path, _header(self.name, self._start))

    def acknowledged(self) -> int:
        """How many bytes count; 0 where nothing has changed yet."""
        try:
            descriptor = os.open(self.path, os.O_RDONLY)
        except FileNotFoundError:
            raise damaged(self.path, "it is missing, and what changed since the index was built is in it") from None
        try:
            end = self._acknowledged(descriptor)
            return end if end > self._start else 0
        finally:
            os.close(descriptor)

    def read(self, start: int, end: int) -> Iterator[tuple[int, Change]]:
        """(where it ends, change) of the acknowledged records from `start` (0: all) up to `end`."""
        at = max(start, self._start)
        if end <= at:
            return
        data = self.path.read_bytes()[:end]
        if len(data) < end:
            raise damaged(self.path, f"{len(data)} bytes, {end} were acknowledged")
        while at < end:
            payload = self._payload(data, at)
            at += RECORD + len(payload) + 1
            try:
                yield at, Change.model_validate_json(payload)
            except ValidationError as error:
                raise IncompatibleIndexError(f"{self.path}: holds a change that this leermatch cannot read") from error

    def append(self, change: Change) -> int:
        """The change is on disk when this returns (how many bytes count now). The caller holds the writer's lock."""
        payload = change.model_dump_json(exclude_unset=True).encode()
        with storing(self.path):
            descriptor = os.open(self.path, os.O_RDWR)
            try:
                return self._append(descriptor, payload)
            finally:
                os.close(descriptor)

    def _append(self, descriptor: int, payload: bytes) -> int:
        at = self._acknowledged(descriptor)
        try:
            os.ftruncate(descriptor, at)
            _write_all(descriptor, _framed(payload, at), at)
            os.fsync(descriptor)
        except OSError:
            os.ftruncate(descriptor, at)
            raise
        end = at + RECORD + len(payload) + 1
        _write_all(descriptor, _header(self.name, end), 0)
        os.fsync(descriptor)
        return end

    def _acknowledged(self, descriptor: int) -> int:
        for _ in range(RETRIES):
            found = HEADER.fullmatch(os.pread(descriptor, self._start, 0))
            if found and found["name"].decode() == self.name:
                end = int(found["acknowledged"], 16)
                if _header(self.name, end) == found[0] and end >= self._start:
                    return end
            time.sleep(PAUSE_S)
        if other := OTHER.match(os.pread(descriptor, self._start, 0)):
            check_version(self.path, int(other[1]), 1)
        raise damaged(self.path, "its header does not fit its checksum")

    def _payload(self, data: bytes, at: int) -> bytes:
        prefix = data[at : at + RECORD]
        try:
            length = int(prefix[:8], 16)
        except ValueError:
            length = 0
        payload = data[at + RECORD : at + RECORD + length]
        if _framed(payload, at) != data[at : at + RECORD + length + 1]:
            raise damaged(self.path, f"the change at byte {at} does not fit its checksum")
        return payload


def _framed(payload: bytes, at: int) -> bytes:
    stated = b"%08x %08x" % (len(payload), zlib.crc32(payload))
    return b"%b %08x %b\n" % (stated, zlib.crc32(b"%d %b" % (at, stated)), payload)


def _header(name: str, acknowledged: int) -> bytes:
    stated = b"leermatch-journal 1 %b %016x" % (name.encode(), acknowledged)
    return b"%b %08x\n" % (stated, zlib.crc32(stated))


def _write_all(descriptor: int, data: bytes, at: int) -> None:
    while data:
        written = os.pwrite(descriptor, data, at)
        data, at = data[written:], at + written
