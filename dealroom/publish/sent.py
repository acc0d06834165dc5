"""What was sent to a place elsewhere: path, size and digest of each file, so that the next run finds the differences
without asking for anything.

One small SQLite file a place, in the workspace's state folder. It may be deleted at any time; then the place is listed.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dealroom.publish.state_file import Kind, open_state_file

_TABLES = """
CREATE TABLE IF NOT EXISTS sent (path TEXT PRIMARY KEY, size INT, digest BLOB) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS marker (text TEXT);
"""
_KIND = Kind(
    "the record of what was sent",
    _TABLES,
    version=1,
    probe="SELECT (SELECT path FROM sent LIMIT 1), (SELECT text FROM marker LIMIT 1)",
)


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as it was sent: its path below the place, size in bytes, SHA-256."""

    path: str
    size: int
    digest: bytes


class Sent:
    """The files that a place holds, as far as this workspace sent them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def files(self) -> dict[str, SentFile]:
        """All of them, by path."""
        rows = self._connection.execute("SELECT path, size, digest FROM sent ORDER BY path")
        return {path: SentFile(path, size, digest) for path, size, digest in rows}

    def add(self, files: Iterable[SentFile]) -> None:
        """Note files that are there now. What was noted before a connection was lost need not be sent again."""
        with self._connection:
            self._connection.executemany(
                "INSERT OR REPLACE INTO sent VALUES (?, ?, ?)", ((file.path, file.size, file.digest) for file in files)
            )

    def drop(self, paths: Iterable[str]) -> None:
        """Note files that are there no more, or that are no longer known to be as they were sent."""
        with self._connection:
            self._connection.executemany("DELETE FROM sent WHERE path = ?", ((path,) for path in paths))

    def state(self) -> str:
        """One digest of everything that was sent."""
        digest = hashlib.sha256()
        for path, size, content in self._connection.execute("SELECT path, size, digest FROM sent ORDER BY path"):
            digest.update(f"{path}\0{size}\0".encode() + content)
        return digest.hexdigest()

    @property
    def marker(self) -> str | None:
        """What the place was marked with when it was last brought up to date from here."""
        row = self._connection.execute("SELECT text FROM marker").fetchone()
        return str(row[0]) if row else None

    @marker.setter
    def marker(self, text: str) -> None:
        with self._connection:
            self._connection.execute("DELETE FROM marker")
            self._connection.execute("INSERT INTO marker VALUES (?)", (text,))


@contextmanager
def open_sent(state: Path, place: str) -> Iterator[Sent]:
    """What was sent to `place`, kept in the state folder. A damaged file is started afresh. Raises Problem."""
    with open_state_file(_kept(state, place).with_suffix(".sqlite"), _KIND) as connection:
        yield Sent(connection)


def lock_of(state: Path, place: str) -> Path:
    """The file whose lock is held by who publishes to `place` from here."""
    return _kept(state, place).with_suffix(".lock")


def _kept(state: Path, place: str) -> Path:
    return state / "published" / hashlib.sha256(place.encode()).hexdigest()[:16]
