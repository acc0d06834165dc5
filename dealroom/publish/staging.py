"""A folder inside the output where files wait until they are complete and on the disk.

Being on the same file system, a file moves from here to its place in one step (`os.replace`). Being one folder with a
known name, whatever a crash leaves behind is found and removed by the next run. Its lock also keeps two processes from
writing to the same output at once, whichever workspace they come from.
"""

from __future__ import annotations

import ctypes
import errno
import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dealroom.errors import Problem
from dealroom.publish.lock import LOCK_POLL, LOCK_SECONDS, try_lock
from dealroom.publish.output import NotAsBuilt, OutputFile
from dealroom.publish.place import STAGING
from dealroom.publish.records import Entry

# From about this many files on, flushing the whole file system once is quicker than flushing each file
# (measured on ext4: 0.5 ms a file against 0.12 ms a file in a batch of 100).
FLUSH_TOGETHER = 12

# In bytes: a smaller file is hashed before another thread has begun.
HASHED_BESIDE = 512 * 1024


@dataclass(frozen=True, slots=True)
class Staged:
    """A complete file in the staging folder, by its path there, and where it belongs."""

    file: OutputFile
    temporary: str
    entry: Entry


class Staging:
    """Holds finished files until they go live. Made by `open_staging`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._place = str(folder)
        self._count = 0

    def hold(self, file: OutputFile) -> Staged:
        """Write the bytes of `file` to a temporary file. Raises Problem, also when its source changes meanwhile."""
        self._count += 1
        temporary = f"{self._place}/{self._count}.tmp"
        with writing(self.folder):
            # A room has ten files: Python's own `open` costs as much again as making the file.
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
            try:
                size, digest = (_copy if file.size < HASHED_BESIDE else _copy_large)(file, descriptor)
                written = os.fstat(descriptor).st_mtime_ns
            finally:
                os.close(descriptor)
        if file.digest not in {None, digest}:
            raise NotAsBuilt(file.path)
        if size != file.size:
            raise Problem(f"{file.path} changed while it was read", "build again once its source is complete")
        return Staged(file, temporary, Entry(size, written, digest, is_page=file.is_page, immutable=file.immutable))


def _copy(file: OutputFile, descriptor: int) -> tuple[int, bytes]:
    """Write the bytes of `file`; how many they are, and their SHA-256."""
    digest, size = hashlib.sha256(), 0
    for chunk in reading(file):
        digest.update(chunk)
        size += len(chunk)
        _write_all(descriptor, chunk)
    return size, digest.digest()


def _copy_large(file: OutputFile, descriptor: int) -> tuple[int, bytes]:
    """The same, with the hashing beside the writing, which takes as long."""
    digest, size = hashlib.sha256(), 0
    with ThreadPoolExecutor(1) as pool:
        hashed: Future[None] | None = None
        for chunk in reading(file):
            if hashed:
                hashed.result()
            hashed = pool.submit(digest.update, chunk)
            size += len(chunk)
            _write_all(descriptor, chunk)
    return size, digest.digest()


def _write_all(descriptor: int, chunk: bytes) -> None:
    rest = memoryview(chunk)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def reading(file: OutputFile) -> Iterator[bytes]:
    """The bytes of `file`; what goes wrong with their source is a Problem of its own."""
    try:
        yield from file.chunks()
    except OSError as error:
        source = error.filename or file.path
        raise Problem(f"cannot read {source}: {_reason(error)}", "check that the file is there and readable") from error


@contextmanager
def writing(place: Path) -> Iterator[None]:
    """Turn what the file system refuses below `place` into a Problem that says what to do."""
    try:
        yield
    except OSError as error:
        # Of a rename, the folder that it leads to is the one that refuses.
        where = error.filename2 or error.filename or place
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            problem = Problem(
                f"no space left to write {where}", "free some space and run again; what was there before still is"
            )
        elif error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
            problem = Problem(f"no permission to write {where}", "check who owns that folder, or choose another one")
        else:
            problem = Problem(f"cannot write {where}: {_reason(error)}", "what was there before still is")
        raise problem from error


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


@contextmanager
def open_staging(output: Path, wait: float = LOCK_SECONDS) -> Iterator[Staging]:
    """An empty, locked staging folder in `output`, which is made if missing; removed afterwards. Raises Problem."""
    with writing(output):
        output.mkdir(parents=True, exist_ok=True)
    folder = output / STAGING
    lock = _lock(folder, time.monotonic() + wait)
    try:
        with writing(folder):
            _empty(folder)
        yield Staging(folder)
    finally:
        # Removed while locked: who waits for this lock finds another folder at the path and tries again. What cannot
        # be removed now, the next run removes.
        with suppress(OSError):
            _empty(folder)
            folder.rmdir()
        os.close(lock)


def _lock(folder: Path, deadline: float) -> int:
    """A descriptor of `folder` that holds its lock; the lock ends with the process, however that ends."""
    while True:
        with writing(folder):
            folder.mkdir(exist_ok=True)
            try:
                descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
            except FileNotFoundError:
                continue
        is_ours = False
        try:
            if not (is_free := try_lock(descriptor)) and time.monotonic() > deadline:
                raise Problem(
                    f"another dealroom is writing to {folder.parent}",
                    "wait until it is done, or stop it, and run again",
                )
            # Who had the lock removed the folder.
            is_ours = is_free and _is_at(descriptor, folder)
        finally:
            if not is_ours:
                os.close(descriptor)
        if is_ours:
            return descriptor
        if not is_free:
            time.sleep(LOCK_POLL)


def _is_at(descriptor: int, folder: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), folder.stat())
    except FileNotFoundError:
        return False


def _empty(folder: Path) -> None:
    for leftover in folder.glob("*.tmp"):
        leftover.unlink(missing_ok=True)


def flush(paths: Iterable[str | Path]) -> None:
    """Wait until these files or folders, all on one file system, are on the disk. Raises OSError."""
    everything = tuple(paths)
    together = len(everything) >= FLUSH_TOGETHER and _syncfs() is not None
    for path in everything[:1] if together else everything:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            if together:
                _flush_file_system(descriptor)
            else:
                os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _flush_file_system(descriptor: int) -> None:
    syncfs = _syncfs()
    if syncfs is not None and syncfs(descriptor) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


@cache
def _syncfs() -> Callable[[int], int] | None:
    """`syncfs(2)` where the C library has it (Linux); it flushes one file system and reports errors, unlike `sync`."""
    return getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
