"""What the files of a folder hold, told without reading those that have not been touched.

A file's size, times and inode tell that it is the same only when it had been left alone for a while when it was read:
one that is written again within the resolution of its times looks untouched (git calls such entries racy). Until then
it is read again. So a record never takes a changed file for an unchanged one, and a clock that was set back, a fresh
clone or a `touch` cost reading and nothing else.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

# Nanoseconds for which a file must have been left alone. The coarsest file system in use (FAT) counts in 2 s.
SETTLED_AFTER = 2_000_000_000
# The same where the system counts in less than a second. It takes the time of its clock's last tick, and the slowest
# clock ticks every 10 ms; some file systems count in as much.
SETTLED_AFTER_FINE = 100_000_000
_WHOLE_SECOND = 1_000_000_000

# Bytes. Of a larger file, size and times alone decide: a film is not read once more only to know that it is the same.
LARGEST_READ = 1 << 20

# Folders within folders; more is a loop of links.
DEEPEST = 32


@dataclass(frozen=True, slots=True)
class FileState:
    """A file as it was found.

    `signature` is its size in bytes, its times of modification and of change in ns, and its inode. `digest` is the
    SHA-256 of its bytes in hex, empty when they were not read. `settled` tells that the signature alone can be trusted.
    """

    signature: tuple[int, int, int, int]
    digest: str
    settled: bool

    def holds_the_same(self, later: FileState) -> bool:
        """Whether the file held the same when it was found `later`; in doubt, no."""
        if self.digest or later.digest:
            return self.digest == later.digest
        return self.settled and self.signature == later.signature


# The files of a folder by their paths in it, with forward slashes.
States = Mapping[str, FileState]


def states_of(
    folder: Path, known: States, now: int, *, hidden: bool = False, follow: bool = False
) -> dict[str, FileState]:
    """Every file below `folder` as it is `now` (ns on the file system's clock), reading as few as possible.

    `known` is how they were found before. Hidden files count when asked for, since no plan may name one; linked folders
    are entered when asked to `follow`, since nothing that a plan names lies behind one. No folder has no files.
    """
    found: dict[str, FileState] = {}
    for path, entry in _entries(folder, hidden=hidden, follow=follow):
        before = known.get(path)
        state = _state(entry, before, now)
        if state is not None:
            found[path] = state
    return found


def unchanged(before: States, later: States) -> bool:
    """Whether a folder held the same files with the same content."""
    return before.keys() == later.keys() and all(state.holds_the_same(later[path]) for path, state in before.items())


def untouched(before: States, folder: Path) -> bool:
    """Whether nothing below `folder` has been touched since it was found as `before`, by size and times alone."""
    now: dict[str, tuple[int, int, int, int]] = {}
    for path, entry in _entries(folder):
        try:
            now[path] = _signature(entry.stat())
        except OSError:
            continue
    return now == {path: state.signature for path, state in before.items()}


def settles_at(modified: int, changed: int) -> int:
    """From when on the times of a file tell that it is the same, all in ns.

    Only the system itself sets the time of change: one with a fraction of a second tells how finely it counts.
    """
    return max(modified, changed) + (SETTLED_AFTER_FINE if changed % _WHOLE_SECOND else SETTLED_AFTER)


def digest_of(states: States) -> str:
    """One digest of the files of a folder: of their names, and of what they hold."""
    digest = hashlib.sha256()
    for path, state in sorted(states.items()):
        digest.update(f"{path}\0{state.digest or state.signature}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()


def _entries(folder: Path, *, hidden: bool = False, follow: bool = False) -> Iterator[tuple[str, os.DirEntry[str]]]:
    waiting = [("", str(folder))]
    while waiting:
        inside, place = waiting.pop()
        try:
            with os.scandir(place) as entries:
                listed = list(entries)
        except OSError:
            # What cannot be listed cannot be built from either.
            continue
        for entry in listed:
            if entry.name.startswith(".") and not hidden:
                continue
            path = f"{inside}{entry.name}"
            if not is_folder(entry, follow=follow):
                yield path, entry
            elif path.count("/") < DEEPEST:
                waiting.append((f"{path}/", entry.path))


def is_folder(entry: os.DirEntry[str], *, follow: bool) -> bool:
    """Whether it is a folder, or where links are to be followed, one that leads to a folder."""
    try:
        return entry.is_dir(follow_symlinks=follow)
    except OSError:
        # A link that leads to itself.
        return False


def _state(entry: os.DirEntry[str], before: FileState | None, now: int) -> FileState | None:
    try:
        found = entry.stat()
    except OSError:
        # Gone since it was listed, or a link that leads nowhere.
        return None
    signature = _signature(found)
    if before and before.settled and before.signature == signature:
        return before
    settled = settles_at(found.st_mtime_ns, found.st_ctime_ns) < now
    if not stat.S_ISREG(found.st_mode) or found.st_size > LARGEST_READ:
        return FileState(signature, "", settled)
    try:
        digest = hashlib.sha256(Path(entry.path).read_bytes()).hexdigest()
    except OSError:
        return FileState(signature, "", settled=False)
    return FileState(signature, digest, settled)


def _signature(found: os.stat_result) -> tuple[int, int, int, int]:
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino
