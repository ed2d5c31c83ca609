"""A random key per person: pseudonyms, signatures and sealed texts hang on it. Delete the key, and nothing of what was
recorded can be tied to the person again (crypto-shredding)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from competences.errors import DataError, MisuseError, StorageError
from matching.audit.canonical import canonical

KEY_BYTES, NONCE_BYTES = 32, 12
TABLE = "CREATE TABLE IF NOT EXISTS keys (person TEXT PRIMARY KEY, pseudonym TEXT UNIQUE, key BLOB NOT NULL)"


class PersonKey:
    """What the key of one person can do."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def pseudonym(self, person_id: str) -> str:
        """HMAC-SHA256 of the id: says nothing to whoever has no key."""
        return self._sign(b"person", person_id.encode())

    def sign(self, value: Any) -> str:
        """HMAC-SHA256 of a value: shows that it is the same, and cannot be guessed at without the key."""
        return self._sign(b"value", canonical(value))

    def seal(self, value: Any, about: str) -> str:
        """AES-256-GCM of a value, bound to what it is about."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return base64.b64encode(nonce + self._cipher.encrypt(nonce, canonical(value), about.encode())).decode()

    def open(self, sealed: str, about: str) -> Any:
        """What was sealed. DataError where it was changed, or sealed by another key."""
        import json

        from cryptography.exceptions import InvalidTag

        try:
            stored = base64.b64decode(sealed, validate=True)
            return json.loads(self._cipher.decrypt(stored[:NONCE_BYTES], stored[NONCE_BYTES:], about.encode()))
        except (InvalidTag, ValueError) as error:
            raise DataError(f"record {about}: what was sealed cannot be opened with this key") from error

    @property
    def _cipher(self) -> Any:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        return AESGCM(hmac.digest(self._key, b"seal", hashlib.sha256))

    def _sign(self, purpose: bytes, data: bytes) -> str:
        return hmac.new(hmac.digest(self._key, purpose, hashlib.sha256), data, hashlib.sha256).hexdigest()


class Keys:
    """Keys by person in one SQLite file that overwrites what it deletes."""

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if not self.path.exists():
            os.close(os.open(self.path, os.O_CREAT | os.O_WRONLY, 0o600))
        with self._open() as table:
            table.execute(TABLE)

    def of(self, person_id: str) -> PersonKey:
        """The key of a person; made where there is none yet."""
        with self._open() as table:
            fresh = secrets.token_bytes(KEY_BYTES)
            table.execute(
                "INSERT OR IGNORE INTO keys VALUES (?, ?, ?)",
                (person_id, PersonKey(fresh).pseudonym(person_id), fresh),
            )
            (key,) = table.execute("SELECT key FROM keys WHERE person = ?", (person_id,)).fetchone()
        return PersonKey(key)

    def behind(self, pseudonym: str) -> PersonKey | None:
        """The key behind a pseudonym; None where the person was forgotten."""
        with self._open() as table:
            row = table.execute("SELECT key FROM keys WHERE pseudonym = ?", (pseudonym,)).fetchone()
        return None if row is None else PersonKey(row[0])

    def forget(self, person_id: str) -> bool:
        """Delete the key, and the bytes that it stood in; False where there was none."""
        with self._open() as table:
            gone = table.execute("DELETE FROM keys WHERE person = ?", (person_id,)).rowcount > 0
        with self._open() as table:
            table.execute("VACUUM")
        return gone

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """One transaction. Freed pages are overwritten with zeros, and the rollback journal is deleted with it."""
        try:
            with closing(sqlite3.connect(self.path, timeout=10.0, isolation_level=None)) as table:
                table.execute("PRAGMA journal_mode = DELETE")
                table.execute("PRAGMA secure_delete = ON")
                table.execute("PRAGMA synchronous = FULL")
                yield table
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise StorageError(f"{self.path}: {error}") from error
            raise MisuseError(f"{self.path}: not a file with keys: {error}") from error
