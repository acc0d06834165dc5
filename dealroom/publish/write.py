"""Bring finished files to an output folder: safely, and touching only what differs.

- A file goes live by one rename, after its bytes are on the disk. A room's page goes live after everything it refers
  to, so that a crash at any point leaves the room as it was or as it will be.
- What has the right bytes already is not written again.
- Only files that dealroom wrote are replaced or removed (`compare.py`).
- What no room needs any more is removed last.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from dealroom.publish.compare import OutputFolder
from dealroom.publish.output import OutputFile
from dealroom.publish.records import SHARED, MadeRows, Record, is_as_written, open_record
from dealroom.publish.staging import Staged, Staging, flush, open_staging, writing

# Records what is in an output folder, where its record was lost (`adopt.py`).
Recall = Callable[[Path, Record], None]


def know_nothing(_output: Path, _record: Record) -> None:
    """Record nothing: what is there and not recorded is taken for somebody else's."""


# Rooms go live in batches, so that the disk is waited for once a batch: this many files, or this many bytes.
BATCH_FILES = 256
BATCH_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Noted:
    """What the record is to know of rooms beside their files.

    Rooms that are `unchanged` stay as they are, with as many files; of some of them it is `renewed` what they were made
    from. `made` tells it of rooms that have just gone live.
    """

    unchanged: Mapping[str, int] = field(default_factory=dict)
    renewed: MadeRows = field(default_factory=dict)
    made: Callable[[Collection[str]], MadeRows] = lambda _rooms: {}


@dataclass(slots=True)
class Counts:
    """What happened to the files of one room. `bytes` counts those of the files written."""

    written: int = 0
    unchanged: int = 0
    removed: int = 0
    bytes: int = 0


@dataclass(slots=True)
class WriteReport:
    """What happened to the files of each room, and of `SHARED`.

    `written` and `removed` are paths. `left` are files that someone else changed since dealroom wrote them, that are
    needed no more, and that therefore stay. `kept` are rooms that were to be kept, and are there.
    """

    rooms: dict[str, Counts] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    left: tuple[str, ...] = ()
    kept: frozenset[str] = frozenset()

    def of(self, room: str) -> Counts:
        """The counts of `room`."""
        return self.rooms.setdefault(room, Counts())

    @property
    def total(self) -> Counts:
        """The counts of all rooms together, and of what they share."""
        every = self.rooms.values()
        return Counts(
            sum(counts.written for counts in every),
            sum(counts.unchanged for counts in every),
            sum(counts.removed for counts in every),
            sum(counts.bytes for counts in every),
        )


def write_site(
    output: Path,
    state: Path,
    shared: Collection[OutputFile] | None,
    rooms: Iterable[tuple[str, Collection[OutputFile]]],
    keep: Collection[str] | None = None,
    recall: Recall = know_nothing,
) -> WriteReport:
    """Make `output` hold the shared files and those of `rooms`, which are taken one at a time.

    Without `shared`, shared files stay as they are. A room with no files is one that is gone.
    `keep` names the rooms of earlier runs that stay as they are though they are not in `rooms` (their plan is broken);
    the others are removed. `None` keeps all. `state` is the workspace's state folder, where the record lives, and
    `recall` is asked first to record what it lacks.
    Raises Problem; what was complete before is then still complete.
    """
    with open_site(output, state, recall) as site:
        return site.bring(shared, rooms, keep)


@contextmanager
def open_site(output: Path, state: Path, recall: Recall = know_nothing) -> Iterator[Site]:
    """`output`, locked against every other dealroom; `state` and `recall` as in `write_site`. Raises Problem."""
    with open_staging(output) as staging, open_record(state, output) as record:
        recall(output, record)
        yield Site(output, record, staging)


class Site:
    """An output folder that nobody else writes to. Made by `open_site`."""

    def __init__(self, output: Path, record: Record, staging: Staging) -> None:
        self.record = record
        self._output = output
        self._staging = staging

    @property
    def opened(self) -> int:
        """When this was opened, in ns on the clock of the file system, or on the machine's where that is behind."""
        return min(time.time_ns(), self._staging.folder.stat().st_mtime_ns)

    def whole(self, rooms: Collection[str]) -> dict[str, int]:
        """Those of `rooms` whose files are all there as they were written, and how many they are."""
        counts: dict[str, int] = {}
        damaged: set[str] = set()
        for room, path, size, mtime in self.record.signatures(rooms):
            counts[room] = counts.get(room, 0) + 1
            if not is_as_written(f"{self._output}/{path}", size, mtime):
                damaged.add(room)
        return {room: count for room, count in counts.items() if room not in damaged}

    def bring(
        self,
        shared: Collection[OutputFile] | None,
        rooms: Iterable[tuple[str, Collection[OutputFile]]],
        keep: Collection[str] | None = None,
        noted: Noted | None = None,
    ) -> WriteReport:
        """As `write_site`; and note in the record what the rooms are made from."""
        return _Run(self._output, self.record, self._staging, noted).bring(shared, rooms, keep)


def compare_site(
    output: Path,
    state: Path,
    shared: Collection[OutputFile] | None,
    rooms: Iterable[tuple[str, Collection[OutputFile]]],
    keep: Collection[str] | None = None,
    recall: Recall = know_nothing,
) -> WriteReport:
    """What `write_site` would do, without doing it. Raises Problem."""
    with open_record(state, output) as record, record.scratch() as scratch:
        recall(output, scratch)
        return _Run(output, scratch, staging=None).bring(shared, rooms, keep)


class _Run:
    """One call of `write_site`; without a staging folder, nothing in the output is touched."""

    def __init__(self, output: Path, record: Record, staging: Staging | None, noted: Noted | None = None) -> None:
        self._noted = noted or Noted()
        self._made_rows = dict(self._noted.renewed)
        self._rooms: list[str] = []
        self._report = WriteReport()
        self._output = output
        self._folder = OutputFolder(output, record)
        self._record = record
        self._staging = staging
        self._batch: dict[str, Staged] = {}
        self._batch_bytes = 0
        self._needs: dict[str, list[str]] = {}
        self._wanted: dict[str, set[str]] = {}
        self._seen: set[str] = set()
        self._gone: frozenset[str] = frozenset()

    def bring(
        self,
        shared: Collection[OutputFile] | None,
        rooms: Iterable[tuple[str, Collection[OutputFile]]],
        keep: Collection[str] | None,
    ) -> WriteReport:
        for room, count in self._noted.unchanged.items():
            self._report.of(room).unchanged = count
        if shared is not None:
            self._take(SHARED, [file for file in shared if not file.is_page])
        for room, files in rooms:
            self._take(room, files)
        if shared is not None:
            self._take(SHARED, [file for file in shared if file.is_page])
        self._go_live()
        released = self._release(keep)
        # A run of some rooms looks only at what it let go itself: the edit of one plan costs the same among 10,000.
        self._prune(released, self._record.orphans(released if keep is None else None))
        return self._report

    def _take(self, room: str, files: Collection[OutputFile]) -> None:
        """Compare the files of `room` with the output and stage those that differ."""
        known = self._record.files(room)
        counts = self._report.of(room)
        self._rooms.append(room)
        wanted = self._wanted.setdefault(room, set())
        digests: dict[str, bytes] = {}
        for one in files:
            file = one.of_digests(digests) if one.of_digests else one
            wanted.add(file.path)
            if file.path not in known:
                self._needs.setdefault(room, []).append(file.path)
            # What another room of this run needs too has been dealt with.
            if file.path in self._seen:
                counts.unchanged += 1
            elif self._folder.has(file, known.get(file.path)):
                counts.unchanged += 1
                if entry := self._folder.confirmed.get(file.path) or known.get(file.path):
                    digests[file.path] = entry.digest
            else:
                counts.written += 1
                self._report.written.append(file.path)
                counts.bytes += file.size
                if self._staging:
                    self._batch[file.path] = self._staging.hold(file)
                    self._batch_bytes += file.size
                    digests[file.path] = self._batch[file.path].entry.digest
            self._seen.add(file.path)
        if len(self._batch) >= BATCH_FILES or self._batch_bytes >= BATCH_BYTES or len(self._rooms) >= BATCH_FILES:
            self._go_live()

    def _go_live(self) -> None:
        """Record the staged files, then move them to their places: pages last."""
        staged = self._batch.values()
        entries = {path: file.entry for path, file in self._batch.items()}
        self._record.add(self._folder.confirmed | entries, self._needs, self._rooms, self._made_rows)
        with writing(self._output):
            flush(file.temporary for file in staged)
            self._move([file for file in staged if not file.file.is_page])
            self._move([file for file in staged if file.file.is_page])
        self._batch, self._batch_bytes = {}, 0
        self._needs = {}
        # Noted with the next change of the record: another wait for the disk would say no more.
        self._made_rows = dict(self._noted.made(self._rooms))
        self._rooms = []
        self._folder.went_live()

    def _move(self, files: Collection[Staged]) -> None:
        folders: dict[Path, None] = {}
        for staged in files:
            target = self._output / staged.file.path
            folder = target.parent
            if folder not in folders and not folder.is_dir():
                folder.mkdir(parents=True)
                # The new folders' own names have to be on the disk too.
                folders.update(dict.fromkeys(_up_to(self._output, folder.parent)))
            Path(staged.temporary).replace(target)
            folders[folder] = None
        flush(folders)

    def _release(self, keep: Collection[str] | None) -> dict[str, str]:
        """Record what is needed no more, by this run's rooms or by rooms that are gone. Path → the room it was for."""
        unneeded = {room: {*self._record.files(room)} - wanted for room, wanted in self._wanted.items()}
        if keep is None:
            others_stay = self._record.has_rooms_beside({*self._wanted, SHARED})
        else:
            others = self._record.rooms().difference(self._wanted, self._noted.unchanged, {SHARED})
            self._report.kept = others.intersection(keep)
            self._gone = others - self._report.kept
            unneeded |= {room: {*self._record.files(room)} for room in self._gone}
            others_stay = bool(self._report.kept)
        if others_stay:
            # Rooms that stay as they were may still refer to shared files of an earlier theme.
            unneeded.pop(SHARED, None)
        self._record.release(unneeded)
        return {path: room for room, paths in unneeded.items() for path in paths}

    def _prune(self, released: dict[str, str], orphans: Collection[str]) -> None:
        """Remove what no room needs, and the folders that this empties. A file changed by someone else stays."""
        left: list[str] = []
        # A page before the objects it refers to.
        for path in sorted(orphans, key=lambda path: (not path.endswith(".html"), path)):
            entry = self._record.entry(path)
            target = self._output / path
            if entry and self._folder.wrote(path, entry):
                self._report.of(released.get(path, SHARED)).removed += 1
                self._report.removed.append(path)
                if self._staging:
                    with writing(target):
                        target.unlink(missing_ok=True)
            elif os.path.lexists(target):
                left.append(path)
        gone = {room for room, wanted in self._wanted.items() if not wanted} | self._gone
        self._record.forget(orphans, gone, self._made_rows)
        self._report.left = tuple(left)
        if self._staging:
            _remove_emptied(self._output, orphans)


def _up_to(output: Path, folder: Path) -> list[Path]:
    return [parent for parent in (folder, *folder.parents) if parent == output or output in parent.parents]


def _remove_emptied(output: Path, removed: Iterable[str]) -> None:
    """Remove the folders of these files that are empty now, the innermost first."""
    folders = {parent for path in removed for parent in PurePosixPath(path).parents[:-1]}
    for folder in sorted(folders, key=lambda folder: len(folder.parts), reverse=True):
        try:
            (output / folder).rmdir()
        except OSError:
            # Not empty, or not there: either way nothing of ours is left in it.
            continue
