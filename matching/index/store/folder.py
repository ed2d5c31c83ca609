"""The folder of an index: generations that never change, and `CURRENT`, which names the one that is served.

CURRENT                              format, name and SHA-256 of the manifest of the generation that is served
LOCK                                 held by the one that writes
generations/<name>/manifest.json     format, encoder, taxonomy, settings, counts, size and SHA-256 of each file
generations/<name>/…                 offers.jsonl, *.npy, *.json
journal/<name>.log                   what changed since the generation was written
"""

from __future__ import annotations

import hashlib
import re
import secrets
import shutil
import zlib
from contextlib import AbstractContextManager
from pathlib import Path
from typing import NamedTuple

from competences.errors import IncompatibleIndexError
from matching.index.generation import Generation
from matching.index.store.files import TEMPORARY, damaged, rename, replace, storing, sync_folder
from matching.index.store.generation import write_generation
from matching.index.store.journal import Journal
from matching.index.store.lock import WAIT_S, is_pinned, writing
from matching.index.store.manifest import FORMAT, MANIFEST, VERSION, check_version

POINTER = re.compile(
    r"(?P<format>[\w-]+) (?P<version>\d+) (?P<name>\d{6}-[0-9a-f]{8}) (?P<digest>[0-9a-f]{64}) [0-9a-f]{8}\n"
)


class Pointer(NamedTuple):
    """Which generation is served."""

    name: str
    digest: str
    """SHA-256 of its manifest."""

    @property
    def line(self) -> str:
        """What `CURRENT` holds: the last word is a CRC-32 of the others."""
        stated = f"{FORMAT} {VERSION} {self.name} {self.digest}"
        return f"{stated} {zlib.crc32(stated.encode()):08x}\n"


class Folder:
    """Names and pointers; the generations themselves are read elsewhere."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.current = self.path / "CURRENT"

    def generation(self, name: str) -> Path:
        return self.path / "generations" / name

    def holds(self, pointer: Pointer) -> bool:
        """Whether a generation is still there."""
        return (self.generation(pointer.name) / MANIFEST).exists()

    def journal(self, name: str) -> Journal:
        return Journal(self.path / "journal" / f"{name}.log", name)

    def writing(self, wait_s: float = WAIT_S) -> AbstractContextManager[None]:
        """Hold the lock of the one writer."""
        with storing(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
        return writing(self.path / "LOCK", wait_s)

    def pointer(self) -> Pointer:
        """The generation that is served now."""
        try:
            stated = self.current.read_text(encoding="utf-8", errors="replace")
        except (FileNotFoundError, NotADirectoryError):
            raise IncompatibleIndexError(f"{self.current}: is missing; {self._instead()}") from None
        except OSError as error:
            raise IncompatibleIndexError(f"{self.current}: cannot be read: {error.strerror}") from error
        found = POINTER.fullmatch(stated)
        if found is None or found["format"] != FORMAT:
            raise damaged(self.current, "it does not name a generation of a leermatch index")
        check_version(self.current, int(found["version"]), VERSION)
        pointer = Pointer(found["name"], found["digest"])
        if pointer.line != stated:
            raise damaged(self.current, "it does not fit its checksum")
        return pointer

    def _instead(self) -> str:
        """What is there where no index is."""
        if not self.path.exists():
            return f"there is no folder {self.path}"
        if any(self.path.glob("generations/*")):
            return "this is part of an index: copy CURRENT too, or build the index anew (leermatch index build)"
        return f"{self.path} is not an index (leermatch index build makes one)"

    def publish(self, generation: Generation) -> Pointer:
        """Write a generation and serve it from now on. The caller holds the lock. Whatever fails on the way,
        the generation before is served as if nothing had happened."""
        pointer = self._written(generation)
        replace(self.current, pointer.line.encode())
        return pointer

    def _written(self, generation: Generation) -> Pointer:
        name = f"{self._last() + 1:06d}-{secrets.token_hex(4)}"
        folder, temporary = self.generation(name), self.generation(TEMPORARY + name)
        with storing(self.path):
            for parent in (folder.parent, self.path / "journal"):
                parent.mkdir(parents=True, exist_ok=True)
            sync_folder(self.path)
        try:
            with storing(temporary):
                temporary.mkdir()
            digest = hashlib.sha256(write_generation(temporary, generation)).hexdigest()
            self.journal(name).start()
            rename(temporary, folder)
        except BaseException:
            shutil.rmtree(temporary, ignore_errors=True)
            raise
        return Pointer(name, digest)

    def _last(self) -> int:
        names = [path.name for path in self.path.glob("generations/[0-9]*")]
        return max((int(name[:6]) for name in names), default=0)

    def collect(self, keep: int = 1) -> list[str]:
        """Delete what no one is served from: all but the `keep` newest generations up to the current one, what a
        dead writer left behind, and journals without a generation. What a reader still holds stays. The caller
        holds the lock. Returns the names."""
        current = self.pointer().name
        names = sorted(path.name for path in self.path.glob("generations/[0-9]*"))
        kept = {current, *[name for name in names if name <= current][-keep:]}
        gone = [name for name in names if name not in kept and not is_pinned(self.generation(name) / MANIFEST)]
        for name in gone:
            # Renamed first: a collector that dies leaves no half generation under a generation's name.
            rename(self.generation(name), self.generation(TEMPORARY + name))
        left = [*self.path.glob(f"**/{TEMPORARY}*")]
        left += [log for log in self.path.glob("journal/*.log") if not self.generation(log.stem).exists()]
        for path in left:
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
        return gone + [path.name for path in left]
