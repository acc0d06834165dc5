"""In which order releases of rooms were built and published from here: what tells an old release from the last one.

A release says nothing about time, since the same sources give the same bytes on any day. So the workspace's state
folder keeps this small SQLite file. It may be deleted, and then nothing older is known to be older any more.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from dealroom.publish.records import open_record
from dealroom.publish.state_file import Kind, open_state_file
from dealroom.publish.write import WriteReport
from dealroom.seal.release import RELEASE
from dealroom.workspace import Workspace

if TYPE_CHECKING:
    from dealroom.publish.targets import CompiledSite

FILE = "releases.sqlite"

_TABLES = """
CREATE TABLE IF NOT EXISTS release
    (number INTEGER PRIMARY KEY, slug TEXT NOT NULL, at TEXT NOT NULL, digest BLOB, published INT NOT NULL);
CREATE INDEX IF NOT EXISTS release_by_slug ON release (slug, published, number);
"""
# Started afresh without a word, it would let an old release pass.
_KIND = Kind("the record of releases", _TABLES, version=1, probe="SELECT slug FROM release LIMIT 1", precious=True)
_LAST = """
SELECT slug, at, digest FROM release WHERE number IN
    (SELECT MAX(number) FROM release WHERE published = ? GROUP BY slug)
"""
_LAST_OF = "SELECT at, digest FROM release WHERE slug = ? AND published = ? ORDER BY number DESC LIMIT 1"


class Age(StrEnum):
    """A release compared with the last one of its room."""

    LAST = "last"
    OLDER = "older"
    TAKEN_DOWN = "taken-down"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class KnownRelease:
    """A release of a room: in which folder it was, and the SHA-256 of its list. Without one the room was taken down."""

    at: str
    digest: bytes | None


@dataclass(frozen=True, slots=True)
class Order:
    """The SHA-256 of each release of a room, in order; None where it was taken down."""

    digests: tuple[bytes | None, ...] = ()

    def age(self, digest: bytes) -> Age:
        """How a release compares with the last one."""
        if not self.digests:
            return Age.UNKNOWN
        if self.digests[-1] == digest:
            return Age.LAST
        if self.digests[-1] is None:
            return Age.TAKEN_DOWN
        return Age.OLDER if digest in self.digests else Age.UNKNOWN


class ReleaseRecord:
    """What was built and what was published, in order. Made by `open_releases`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def last(self, *, published: bool) -> dict[str, KnownRelease]:
        """The last release of each room, by slug; of rooms that were taken down, too."""
        rows = self._connection.execute(_LAST, (published,))
        return {slug: KnownRelease(at, digest) for slug, at, digest in rows}

    def last_of(self, slugs: Iterable[str], *, published: bool) -> dict[str, KnownRelease]:
        """The same of these rooms, where it is known. Costs the same among many rooms."""
        found = ((slug, self._connection.execute(_LAST_OF, (slug, published)).fetchone()) for slug in slugs)
        return {slug: KnownRelease(*row) for slug, row in found if row}

    def note(self, releases: Mapping[str, KnownRelease], *, published: bool) -> None:
        """Add those that are not the last ones already."""
        known = self.last_of(releases, published=published)
        with self._connection:
            self._connection.executemany(
                "INSERT INTO release (slug, at, digest, published) VALUES (?, ?, ?, ?)",
                [(slug, one.at, one.digest, published) for slug, one in releases.items() if known.get(slug) != one],
            )

    def order(self, slug: str) -> Order:
        """The releases of a room that were published; those that were built, where none was published."""
        rows = self._connection.execute(
            "SELECT digest FROM release WHERE slug = ? AND published = "
            "(SELECT MAX(published) FROM release WHERE slug = ?) ORDER BY number",
            (slug, slug),
        )
        return Order(tuple(row[0] for row in rows))


@contextmanager
def open_releases(state: Path) -> Iterator[ReleaseRecord]:
    """The record in the workspace's state folder. Raises Problem."""
    with open_state_file(state / FILE, _KIND) as connection:
        yield ReleaseRecord(connection)


def note_built(workspace: Workspace, output: Path, written: WriteReport) -> None:
    """Note the releases of rooms that a build of the workspace's site has just written or removed. Raises Problem."""
    touched = [slug for slug, counts in written.rooms.items() if slug and (counts.written or counts.removed)]
    if not touched or output.resolve() != workspace.site.resolve():
        return
    with open_record(workspace.state, output) as record:
        files = {slug: record.files(slug).items() for slug in touched}
    found = {slug: _release_among((path, one.digest) for path, one in entries) for slug, entries in files.items()}
    _note(workspace, found, published=False)


def note_published(workspace: Workspace, site: CompiledSite) -> None:
    """Note the releases of all rooms of a site that has just been published. Raises Problem."""
    found = {slug: _release_among((file.path, file.digest) for file in files) for slug, files in site.rooms.items()}
    _note(workspace, found, published=True)


def _note(workspace: Workspace, found: Mapping[str, KnownRelease | None], *, published: bool) -> None:
    with open_releases(workspace.state) as record:
        # What is published no more was taken down with it; a build may have been of some rooms only.
        last = record.last(published=True) if published else record.last_of(found, published=False)
        gone = last.keys() - found.keys() if published else set()
        gone |= {slug for slug in last if slug in found and found[slug] is None}
        down = {slug: KnownRelease(last[slug].at, None) for slug in gone}
        record.note({slug: one for slug, one in found.items() if one} | down, published=published)


def _release_among(files: Iterable[tuple[str, bytes | None]]) -> KnownRelease | None:
    """The release among the files of a room."""
    for path, digest in files:
        at, _, name = path.rpartition("/")
        if name == RELEASE:
            return KnownRelease(at, digest)
    return None
