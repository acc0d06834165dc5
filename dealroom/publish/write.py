"""Bring finished files to an output folder: safely, and touching only what differs.

- A file goes live by one rename, after its bytes are on the disk. A room's page goes live after everything it refers
  to, so that a crash at any point leaves the room as it was or as it will be.
- What has the right bytes already is not written again.
- Only files that dealroom wrote are replaced or removed. The record says which those are; when the record is lost, a
  file is still recognised if it has the right bytes, a name that follows from its content, or dealroom's mark.
- What no room needs any more is removed last.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from dealroom.errors import Problem
from dealroom.publish.output import OutputFile, read_chunks
from dealroom.publish.records import Entry, Record, open_record
from dealroom.publish.staging import Staged, Staging, flush, open_staging, reading, writing

# The name under which the record keeps what all rooms share. No plan can have it: a slug is never empty.
SHARED = ""

# Rooms go live in batches, so that the disk is waited for once a batch: this many files, or this many bytes.
BATCH_FILES = 256
BATCH_BYTES = 64 * 1024 * 1024

# Every room page, the front page and the headers file hold one of these near their beginning.
MARKS = (b'id="dealroom-room"', b'name="generator" content="dealroom', b"# Written by dealroom")
MARK_WITHIN = 64 * 1024


@dataclass(slots=True)
class Counts:
    """What happened to the files of one room."""

    written: int = 0
    unchanged: int = 0
    removed: int = 0


@dataclass(slots=True)
class WriteReport:
    """What happened to the files of each room, and of `SHARED`. `left` are files that were changed by someone else
    since dealroom wrote them, are needed no more, and therefore stay."""

    rooms: dict[str, Counts] = field(default_factory=dict)
    left: tuple[str, ...] = ()

    def of(self, room: str) -> Counts:
        """The counts of `room`."""
        return self.rooms.setdefault(room, Counts())


def write_site(
    output: Path,
    state: Path,
    shared: Collection[OutputFile],
    rooms: Iterable[tuple[str, Collection[OutputFile]]],
    keep: Collection[str] | None = None,
) -> WriteReport:
    """Make `output` hold the shared files and those of `rooms`, which are taken one at a time.

    `keep` names the rooms of earlier runs that stay as they are though they are not in `rooms` (their plan is broken);
    the others are removed. `None` keeps all. `state` is the workspace's state folder, where the record lives.
    Raises Problem; what was complete before is then still complete.
    """
    with open_staging(output) as staging, open_record(state, output) as record:
        run = _Run(output, staging, record)
        shared_pages = [file for file in shared if file.is_page]
        run.take(SHARED, [file for file in shared if not file.is_page])
        for room, files in rooms:
            run.take(room, files)
        run.take(SHARED, shared_pages)
        run.go_live()
        run.release_unneeded(keep)
        run.prune()
    return run.report


class _Run:
    """One call of `write_site`."""

    def __init__(self, output: Path, staging: Staging, record: Record) -> None:
        self.report = WriteReport()
        self._output = output
        self._staging = staging
        self._record = record
        self._batch: list[tuple[str, Staged]] = []
        self._batch_paths: dict[str, Staged] = {}
        self._bytes = 0
        self._confirmed: dict[str, Entry] = {}
        self._needs: dict[str, list[str]] = {}
        self._wanted: dict[str, set[str]] = {}
        self._folders: set[str] = set()
        self._released: dict[str, str] = {}

    def take(self, room: str, files: Collection[OutputFile]) -> None:
        """Compare the files of `room` with the output and stage those that differ."""
        known = self._record.files(room)
        counts = self.report.of(room)
        wanted = self._wanted.setdefault(room, set())
        for file in files:
            wanted.add(file.path)
            if file.path not in known:
                self._needs.setdefault(room, []).append(file.path)
            if file.path in self._batch_paths or self._is_current(file, known.get(file.path)):
                counts.unchanged += 1
                continue
            staged = self._staging.hold(file)
            self._batch.append((room, staged))
            self._batch_paths[file.path] = staged
            self._bytes += file.size
            counts.written += 1
        if len(self._batch) >= BATCH_FILES or self._bytes >= BATCH_BYTES:
            self.go_live()

    def _is_current(self, file: OutputFile, entry: Entry | None) -> bool:
        """Whether the right bytes are there. Raises Problem when something is there that dealroom may not replace."""
        self._check_folders(file.path)
        entry = entry or self._record.entry(file.path)
        path = self._output / file.path
        try:
            found = path.lstat()
        except FileNotFoundError:
            return False
        except OSError as error:
            raise _in_the_way(path) from error
        if not stat.S_ISREG(found.st_mode):
            raise _in_the_way(path)
        untouched = entry is not None and (found.st_size, found.st_mtime_ns) == (entry.size, entry.mtime)
        if entry and untouched and file.immutable and entry.size == file.size:
            return True
        digest = file.digest or _digest_of(file)
        if entry and untouched:
            return entry.digest == digest
        if found.st_size == file.size and _digest_at(path) == digest:
            self._confirmed[file.path] = Entry(found.st_size, found.st_mtime_ns, digest)
            return True
        if entry or file.immutable or _has_mark(path):
            return False
        raise _in_the_way(path)

    def _check_folders(self, path: str) -> None:
        """Refuse to go through a link or a file on the way to `path`: what is behind it is not the output folder."""
        for parent in PurePosixPath(path).parents[:-1]:
            folder = self._output / parent
            if str(parent) in self._folders:
                return
            try:
                mode = folder.lstat().st_mode
            except FileNotFoundError:
                continue
            except NotADirectoryError as error:
                raise _in_the_way(folder.parent) from error
            if not stat.S_ISDIR(mode):
                raise _in_the_way(folder)
            self._folders.add(str(parent))

    def go_live(self) -> None:
        """Record the staged files, then move them to their places: pages last."""
        self._record.add(
            {**self._confirmed, **{path: staged.entry for path, staged in self._batch_paths.items()}}, self._needs
        )
        files = [staged for _, staged in self._batch]
        with writing(self._output):
            flush(staged.temporary for staged in files)
            self._move([staged for staged in files if not staged.file.is_page])
            self._move([staged for staged in files if staged.file.is_page])
        self._batch, self._batch_paths, self._bytes = [], {}, 0
        self._confirmed, self._needs = {}, {}

    def _move(self, files: Collection[Staged]) -> None:
        folders: dict[Path, None] = {}
        for staged in files:
            target = self._output / staged.file.path
            if not target.parent.is_dir():
                target.parent.mkdir(parents=True)
                # The new folders' own names have to be on the disk too.
                folders.update(dict.fromkeys(_up_to(self._output, target.parent.parent)))
            staged.temporary.replace(target)
            folders[target.parent] = None
        flush(folders)

    def release_unneeded(self, keep: Collection[str] | None) -> None:
        """Note what this run's rooms need no more, and the rooms that are gone."""
        recorded = self._record.rooms()
        gone = recorded - self._wanted.keys() - ({*recorded} if keep is None else {*keep})
        unneeded = {room: {*self._record.files(room)} - wanted for room, wanted in self._wanted.items()}
        if recorded - gone - self._wanted.keys():
            # Rooms that stay as they were may still refer to shared files of an earlier theme.
            unneeded.pop(SHARED)
        unneeded |= {room: {*self._record.files(room)} for room in gone}
        self._released = {path: room for room, paths in unneeded.items() for path in paths}
        self._record.release(unneeded)

    def prune(self) -> None:
        """Remove what no room needs, and the folders that this empties. A file changed by someone else stays."""
        left: list[str] = []
        # A page before the objects it refers to.
        orphans = sorted(self._record.orphans(), key=lambda path: (not path.endswith(".html"), path))
        for path in orphans:
            entry = self._record.entry(path)
            target = self._output / path
            with writing(target):
                if entry and self._is_ours(target, entry):
                    target.unlink(missing_ok=True)
                    self.report.of(self._released.get(path, SHARED)).removed += 1
                elif os.path.lexists(target):
                    left.append(path)
        for folder in sorted({parent for path in orphans for parent in PurePosixPath(path).parents[:-1]}, reverse=True):
            _remove_if_empty(self._output / folder)
        self._record.forget(orphans)
        self.report.left = tuple(left)

    def _is_ours(self, target: Path, entry: Entry) -> bool:
        try:
            self._check_folders(target.relative_to(self._output).as_posix())
            found = target.lstat()
        except (Problem, FileNotFoundError):
            return False
        if not stat.S_ISREG(found.st_mode):
            return False
        untouched = (found.st_size, found.st_mtime_ns) == (entry.size, entry.mtime)
        return untouched or _digest_at(target) in {entry.digest, entry.before}


def _in_the_way(path: Path) -> Problem:
    return Problem(
        f"{path} is in the way: dealroom did not write it", "move it elsewhere, or choose another output folder"
    )


def _has_mark(path: Path) -> bool:
    with writing(path), path.open("rb") as stream:
        beginning = stream.read(MARK_WITHIN)
    return any(mark in beginning for mark in MARKS)


def _digest_of(file: OutputFile) -> bytes:
    digest = hashlib.sha256()
    for chunk in reading(file):
        digest.update(chunk)
    return digest.digest()


def _digest_at(path: Path) -> bytes:
    digest = hashlib.sha256()
    with writing(path):
        for chunk in read_chunks(path):
            digest.update(chunk)
    return digest.digest()


def _up_to(output: Path, folder: Path) -> list[Path]:
    return [parent for parent in (folder, *folder.parents) if parent == output or output in parent.parents]


def _remove_if_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        # Not empty, or not there: either way nothing of ours is left to remove.
        return
