"""What an output folder holds already, against what it should hold.

dealroom replaces and removes only what it wrote. The record says what that is; when the record is lost, a file is
still recognised if it has the right bytes, a name that follows from its content, or dealroom's mark.
"""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from dealroom.errors import Problem
from dealroom.publish.output import OutputFile, read_chunks
from dealroom.publish.records import Entry, Record
from dealroom.publish.staging import reading, writing

# Every room page, front page, release, headers file and worker holds one of these near its beginning.
MARKS = (
    b'id="dealroom-room"',
    b'name="generator" content="dealroom',
    b"# Written by dealroom",
    b"/* Written by dealroom",
    b"dealroom/1 release",
)
MARK_WITHIN = 64 * 1024


class OutputFolder:
    """An output folder as it is. `confirmed` collects files that are right but were not recorded as they are."""

    def __init__(self, folder: Path, record: Record) -> None:
        self.folder = folder
        self.confirmed: dict[str, Entry] = {}
        self._record = record
        # Folders below this one, by their paths in it, which are there or not.
        self._known = {"": True}

    def has(self, file: OutputFile, entry: Entry | None) -> bool:
        """Whether `file` is there with the right bytes; `entry` is its record, if that is at hand.

        Raises:
            Problem: something is there that dealroom may not replace.
        """
        if not self._has_folder(file.path.rpartition("/")[0]):
            return False
        entry = entry or self._record.entry(file.path)
        found = self._look(file.path)
        if found is None:
            return False
        path = self.folder / file.path
        if not stat.S_ISREG(found.st_mode):
            raise in_the_way(path)
        if entry and _untouched(entry, found.st_size, found.st_mtime_ns):
            if file.immutable and entry.size == file.size:
                return True
            return entry.digest == (file.digest or _digest_of(file))
        if found.st_size == file.size and (digest := _digest_at(path)) == (file.digest or _digest_of(file)):
            self.confirmed[file.path] = Entry(
                found.st_size, found.st_mtime_ns, digest, is_page=file.is_page, immutable=file.immutable
            )
            return True
        if file.yields and not _has_mark(path):
            return True
        if entry or file.immutable or _has_mark(path):
            return False
        raise in_the_way(path)

    def wrote(self, path: str, entry: Entry) -> bool:
        """Whether what is at `path` is what dealroom put there, also by a run that a crash ended just before."""
        try:
            if not self._has_folder(path.rpartition("/")[0]):
                return False
            found = os.lstat(f"{self.folder}/{path}")
        except (Problem, FileNotFoundError):
            return False
        if not stat.S_ISREG(found.st_mode):
            return False
        if _untouched(entry, found.st_size, found.st_mtime_ns):
            return True
        return _digest_at(self.folder / path) in {entry.digest, entry.before}

    def went_live(self) -> None:
        """Files were moved to their places, into folders that may be new."""
        self.confirmed.clear()
        self._known = {folder: True for folder, is_there in self._known.items() if is_there}

    def _has_folder(self, folder: str) -> bool:
        """Whether the folder is there. Refuses to go through a link or a file on the way to it: behind that is not the
        output folder."""
        known = self._known.get(folder)
        if known is None:
            known = self._has_folder(folder.rpartition("/")[0])
            found = self._look(folder) if known else None
            if found and not stat.S_ISDIR(found.st_mode):
                raise in_the_way(self.folder / folder)
            known = self._known[folder] = found is not None
        return known

    def _look(self, path: str) -> os.stat_result | None:
        with writing(self.folder / path):
            try:
                return os.lstat(f"{self.folder}/{path}")
            except FileNotFoundError:
                return None


def in_the_way(path: Path) -> Problem:
    """Something is at `path` that dealroom did not write."""
    return Problem(
        f"{path} is in the way: dealroom did not write it", "move it elsewhere, or choose another output folder"
    )


def _untouched(entry: Entry, size: int, mtime: int) -> bool:
    return (entry.size, entry.mtime) == (size, mtime)


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
