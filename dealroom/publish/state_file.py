"""A small SQLite file in the workspace's state folder: opened, made where there is none, replaced where it is damaged.

What is kept in one may be deleted at any time, holds no secret and is never published.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from dealroom.errors import Problem

# Seconds to wait for another process that is just writing its own few rows.
BUSY_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Kind:
    """What such a file holds: `what` names it in messages, `tables` makes it, and may be run on an earlier version.

    `version` is advanced when the tables change. `probe` fails where a table is damaged. A file that is damaged, or of
    a later version, is started afresh, unless `precious`: then it is a Problem.
    """

    what: str
    tables: str
    version: int
    probe: str
    precious: bool = False


@contextmanager
def open_state_file(path: Path, kind: Kind) -> Iterator[sqlite3.Connection]:
    """The file at `path`, which is made where it is not there. Raises Problem, also for what fails while it is open."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = _connect(path, kind)
    except (OSError, sqlite3.OperationalError) as error:
        raise Problem(
            f"cannot keep {kind.what}: {path}: {error}",
            "check the permissions and the free space of the workspace's .dealroom folder",
        ) from error
    except sqlite3.Error as error:
        raise _failed(path, kind, error) from error
    with closing(connection):
        try:
            yield connection
        except sqlite3.Error as error:
            raise _failed(path, kind, error) from error


def _connect(path: Path, kind: Kind) -> sqlite3.Connection:
    try:
        return _open(path, kind)
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.OperationalError) or kind.precious:
            raise
        # Not a database, or one of a later version.
        path.unlink(missing_ok=True)
        return _open(path, kind)


def _open(path: Path, kind: Kind) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS)
    try:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        if version > kind.version:
            raise sqlite3.DatabaseError(f"it is of version {version}")
        if version < kind.version:
            # Only then: writing the version, even the same one, waits for the disk.
            connection.executescript(kind.tables)
            connection.execute(f"PRAGMA user_version = {kind.version}")
        connection.execute(kind.probe).fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _failed(path: Path, kind: Kind, error: sqlite3.Error) -> Problem:
    return Problem(
        f"cannot keep {kind.what}: {path}: {error}",
        "check the free space; if it says that the file is malformed or no database, delete it and run this again",
    )
