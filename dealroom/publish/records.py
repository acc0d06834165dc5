"""What dealroom wrote to an output folder: the one thing that says what it may replace and remove, and what each room
was made from.

A record is a small SQLite file in the workspace's state folder, one for each output folder. It may be deleted at any
time: the next build then recognises its files by what they are (`compare.py`) and by its rooms' releases (`adopt.py`),
and writes a new record. It holds no secret and is never published.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from dealroom.publish.state_file import Kind, open_state_file

_TABLES = """
CREATE TABLE IF NOT EXISTS file
    (path TEXT PRIMARY KEY, size INT, mtime INT, digest BLOB, is_page INT, immutable INT, before BLOB) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS need (room TEXT, path TEXT, PRIMARY KEY (room, path)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS need_by_path ON need (path);
CREATE TABLE IF NOT EXISTS made (room TEXT PRIMARY KEY, path TEXT, from_what TEXT) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS made_by_path ON made (path) WHERE path IS NOT NULL;
CREATE TABLE IF NOT EXISTS standing (one INT PRIMARY KEY, how TEXT) WITHOUT ROWID;
"""
# Version 1 lacked `made`, and version 2 `standing`, which come by themselves.
_KIND = Kind(
    "the record of what was written",
    _TABLES,
    version=3,
    probe="SELECT (SELECT path FROM file LIMIT 1), (SELECT room FROM need LIMIT 1), (SELECT room FROM made LIMIT 1),"
    " (SELECT one FROM standing)",
)
_ENTRY_AT = "SELECT size, mtime, digest, is_page, immutable, before FROM file WHERE path = ?"
_FILES_OF = """
SELECT path, size, mtime, digest, is_page, immutable, before FROM need JOIN file USING (path)
WHERE room = ? ORDER BY path
"""
_EVERY_FILE = "SELECT room, path, size, mtime FROM need JOIN file USING (path)"
_ORPHANS = "SELECT path FROM file WHERE NOT EXISTS (SELECT 1 FROM need WHERE need.path = file.path)"
_ORPHAN_AT = f"{_ORPHANS} AND path = ?"
_ADD = """
INSERT INTO file VALUES (?, ?, ?, ?, ?, ?, NULL) ON CONFLICT (path) DO UPDATE SET
    size = excluded.size, mtime = excluded.mtime, before = file.digest, digest = excluded.digest,
    is_page = excluded.is_page, immutable = excluded.immutable
"""

# The name under which a record keeps what all rooms share. No plan can have it: a slug is never empty.
SHARED = ""

# Of rooms, by slug: the path that the plan chose, and what the room was made from, as text.
MadeRows = Mapping[str, tuple[str | None, str]]

# Asking for this many rooms or more, it is quicker to read all.
_MANY = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """A file as it was written: size in bytes, modification time in ns, SHA-256 of its bytes.

    `before` is the SHA-256 of what it replaced: after a crash just before the rename, that is still what is there.
    """

    size: int
    mtime: int
    digest: bytes
    is_page: bool
    immutable: bool
    before: bytes | None = None


def _entry(size: int, mtime: int, digest: bytes, is_page: int, immutable: int, before: bytes | None) -> Entry:
    return Entry(size, mtime, digest, is_page=bool(is_page), immutable=bool(immutable), before=before)


class Record:
    """The files of one output folder, and which room needs each of them. A file may be needed by many rooms."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    @contextmanager
    def scratch(self) -> Iterator[Record]:
        """A copy in memory: what is changed in it changes nothing."""
        with closing(sqlite3.connect(":memory:")) as copy:
            self._connection.backup(copy)
            yield Record(copy)

    def entry(self, path: str) -> Entry | None:
        """The file at `path` as it was written, if dealroom wrote one."""
        row = self._connection.execute(_ENTRY_AT, (path,)).fetchone()
        return _entry(*row) if row else None

    def rooms(self) -> frozenset[str]:
        """The rooms that need a file."""
        return frozenset(room for (room,) in self._connection.execute("SELECT DISTINCT room FROM need"))

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever written, as far as is known. Costs the same among many rooms."""
        return self._connection.execute("SELECT 1 FROM need LIMIT 1").fetchone() is None

    def files(self, room: str) -> dict[str, Entry]:
        """The files that `room` needs, by path."""
        rows = self._connection.execute(_FILES_OF, (room,))
        return {path: _entry(*columns) for path, *columns in rows}

    def has_room(self, room: str) -> bool:
        """Whether `room` needs a file."""
        one = "SELECT 1 FROM need WHERE room = ? LIMIT 1"
        return _may_be_room(room) and self._connection.execute(one, (room,)).fetchone() is not None

    def has_rooms_beside(self, rooms: Collection[str]) -> bool:
        """Whether others than these need a file. Costs the same among many rooms."""
        found = self._connection.execute("SELECT DISTINCT room FROM need LIMIT ?", (len(rooms) + 1,))
        return any(room not in rooms for (room,) in found)

    def signatures(self, rooms: Collection[str]) -> Iterator[tuple[str, str, int, int]]:
        """Room, path, size and modification time (ns) of every file that these rooms need."""
        if len(rooms) >= _MANY:
            every = self._connection.execute(_EVERY_FILE)
            yield from (row for row in every if row[0] in rooms)
            return
        for room in rooms:
            yield from self._connection.execute(f"{_EVERY_FILE} WHERE room = ?", (room,))

    def every_file(self) -> Iterator[tuple[str, int, int]]:
        """Path, size and modification time (ns) of every file."""
        yield from self._connection.execute("SELECT path, size, mtime FROM file")

    def made(self, rooms: Collection[str]) -> dict[str, str]:
        """What each of these rooms was made from, as it was noted, where its files followed from it."""
        if len(rooms) >= _MANY:
            every = self._connection.execute("SELECT room, from_what FROM made")
            return {room: text for room, text in every if room in rooms}
        one = "SELECT room, from_what FROM made WHERE room = ?"
        asked = filter(_may_be_room, rooms)
        return dict(row for room in asked for row in self._connection.execute(one, (room,)))

    def made_paths(self) -> dict[str, str | None]:
        """The paths that the plans of these rooms chose, where they chose one."""
        return dict(self._connection.execute("SELECT room, path FROM made"))

    def add(
        self,
        entries: Mapping[str, Entry],
        needs: Mapping[str, Iterable[str]],
        rooms: Iterable[str] = (),
        made: MadeRows = MappingProxyType({}),
    ) -> None:
        """Record files that are about to go live, and who needs them, beside what was recorded before.

        What `rooms` were made from is forgotten: from now on their files follow from something else. `made` is what
        others, which have gone live, were made from.
        """
        with self._connection, self._outdating():
            self._connection.executemany("DELETE FROM made WHERE room = ?", ((room,) for room in rooms))
            self._note(made)
            self._connection.executemany(
                _ADD,
                (
                    (path, entry.size, entry.mtime, entry.digest, entry.is_page, entry.immutable)
                    for path, entry in entries.items()
                ),
            )
            self._connection.executemany(
                "INSERT OR IGNORE INTO need VALUES (?, ?)",
                ((room, path) for room, paths in needs.items() for path in paths),
            )

    def release(self, unneeded: Mapping[str, Iterable[str]]) -> None:
        """Note that these rooms need these files no more. It counts once `forget` has been called after it."""
        with self._outdating():
            self._connection.executemany(
                "DELETE FROM need WHERE room = ? AND path = ?",
                ((room, path) for room, paths in unneeded.items() for path in paths),
            )

    def orphans(self, among: Iterable[str] | None = None) -> tuple[str, ...]:
        """The files that no room needs, sorted: all of them, or those of some paths."""
        if among is None:
            rows = self._connection.execute(_ORPHANS)
            return tuple(sorted(path for (path,) in rows))
        return tuple(path for path in sorted(among) if self._connection.execute(_ORPHAN_AT, (path,)).fetchone())

    def forget(self, paths: Iterable[str], rooms: Iterable[str] = (), made: MadeRows = MappingProxyType({})) -> None:
        """Drop files and `rooms` that are gone, or are no longer dealroom's, and note what others were `made` from: one
        wait for the disk with `release`."""
        with self._connection, self._outdating():
            self._connection.executemany("DELETE FROM file WHERE path = ?", ((path,) for path in paths))
            self._connection.executemany("DELETE FROM made WHERE room = ?", ((room,) for room in rooms))
            self._note(made)

    @property
    def standing(self) -> str | None:
        """How the last build of everything left it all, as it was noted; nothing after any change of the record."""
        row = self._connection.execute("SELECT how FROM standing").fetchone()
        return row[0] if row else None

    def note_standing(self, how: str) -> None:
        """Note how a build of everything left it all, until the record changes."""
        if self.standing != how:
            with self._connection:
                self._connection.execute("INSERT OR REPLACE INTO standing VALUES (1, ?)", (how,))

    @contextmanager
    def _outdating(self) -> Iterator[None]:
        """Whatever changes the record inside takes away the note on how everything stood."""
        before = self._connection.total_changes
        yield
        if self._connection.total_changes != before:
            self._connection.execute("DELETE FROM standing")

    def _note(self, made: MadeRows) -> None:
        self._connection.executemany(
            "INSERT OR REPLACE INTO made VALUES (?, ?, ?)", ((room, *row) for room, row in made.items())
        )


def _may_be_room(name: str) -> bool:
    """Whether a plan of this name can have a room. A folder's name may hold bytes that are no text, as SQLite says."""
    return name.isascii()


def is_as_written(place: str, size: int, mtime: int) -> bool:
    """Whether at `place` there is a regular file of this size and modification time (ns)."""
    try:
        found = os.lstat(place)
    except OSError:
        return False
    return stat.S_ISREG(found.st_mode) and (found.st_size, found.st_mtime_ns) == (size, mtime)


def record_file(state: Path, output: Path) -> Path:
    """Where the record of `output` is.

    A workspace that was moved keeps it: an output folder inside goes by its path from there.
    """
    place, workspace = output.resolve(), state.resolve().parent
    known_as = place.relative_to(workspace) if place.is_relative_to(workspace) else place
    name = hashlib.sha256(str(known_as).encode()).hexdigest()[:16]
    return state / "written" / f"{name}.sqlite"


@contextmanager
def open_record(state: Path, output: Path) -> Iterator[Record]:
    """The record of `output`, kept in the state folder. A damaged one is started afresh. Raises Problem."""
    with open_state_file(record_file(state, output), _KIND) as connection:
        yield Record(connection)
