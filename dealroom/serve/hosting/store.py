"""Where replies wait for their seller: a folder, or any place that fsspec knows.

A reply is one file, `<room>-<digest>.txt`, named after its content: the same reply is there once, however often it is
sent and by however many servers it is taken. When `put` returns, the file survives a loss of power.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from dealroom.errors import Problem

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

# 128 bits: no two replies share a name.
_DIGEST_DIGITS = 32
_NAME = re.compile(r"[a-z2-7]{24}-[0-9a-f]{32}\.txt")
# What is being written ends so, and is in no listing.
_UNFINISHED = ".part"
# Unfinished files of this age, in seconds, belong to no running server any more: a request takes at most half a minute.
_ABANDONED_AFTER = 3600

# fsspec's names for a folder, which is better served without it: it does not sync.
_LOCAL = ("file://", "local://")

# Files that are made durable at once. Eight take half as long as one after the other, and fifty no less than eight.
_WRITERS = 8

# A reply may become visible a moment after one that was stored later; within this time, in seconds, the order is not
# settled, and a listing leaves it to the next one. A file system's clock ticks every few milliseconds, a bucket's
# every second.
_FOLDER_SETTLES, _BUCKET_SETTLES = 0.05, 5.0


@dataclass(frozen=True, order=True, slots=True)
class Arrival:
    """A stored reply: when it came, in nanoseconds since 1970 by the clock of the store, and its name."""

    at: int
    name: str


class ReplyStore(Protocol):
    """A place for replies. All methods block, and may be called from several threads."""

    def put(self, replies: Mapping[str, str]) -> None:
        """Keep replies, texts by name, for good. Raises OSError, and then some of them may be there and others not."""

    def arrivals(self) -> list[Arrival]:
        """What is there, in the order of its coming. Raises OSError."""

    def read(self, name: str) -> str:
        """The text of a reply. Raises OSError."""

    def check(self) -> None:
        """Find out whether replies can be stored. Raises OSError."""


def name_of(room: str, text: str) -> str:
    """The name of a reply to a room."""
    return f"{room}-{hashlib.sha256(text.encode()).hexdigest()[:_DIGEST_DIGITS]}.txt"


def open_store(place: str, root: Path, clock: Callable[[], float] = time.time) -> ReplyStore:
    """The store at `place`: a folder, from `root` unless it is absolute, or a URL like `s3://bucket/replies`.

    Raises:
        Problem: the folder cannot be made, or no driver for the URL is installed.
    """
    if "://" in place and not place.startswith(_LOCAL):
        return _Bucket(*_filesystem(place), clock)
    folder = root / place.removeprefix(_LOCAL[0]).removeprefix(_LOCAL[1])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _sweep(folder, clock())
    except OSError as error:
        hint = "check that the folder may be written, or name another with --replies"
        raise Problem(f"cannot keep replies in {folder}: {(error.strerror or str(error)).lower()}", hint) from error
    return _Folder(folder, clock)


@dataclass(frozen=True, slots=True)
class _Folder:
    folder: Path
    clock: Callable[[], float]
    writers: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(_WRITERS))

    def put(self, replies: Mapping[str, str]) -> None:
        # What is there may be a moment old, and its name not be on the disk yet: the folder is synced for it, too.
        new = {name: text for name, text in replies.items() if not (self.folder / name).exists()}
        unfinished = list(self.writers.map(self._write, new.items()))
        for file, name in zip(unfinished, new, strict=True):
            file.replace(self.folder / name)
        _sync_folder(self.folder)

    def _write(self, reply: tuple[str, str]) -> Path:
        """Write a reply beside its place, durably. Another server may be writing the same one."""
        name, text = reply
        unfinished = self.folder / f"{name}.{os.urandom(8).hex()}{_UNFINISHED}"
        try:
            with unfinished.open("xb") as file:
                file.write(text.encode())
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            unfinished.unlink(missing_ok=True)
            raise
        return unfinished

    def arrivals(self) -> list[Arrival]:
        settled = int((self.clock() - _FOLDER_SETTLES) * 1e9)
        return sorted(each for each in self._all() if each.at <= settled)

    def _all(self) -> Iterator[Arrival]:
        with os.scandir(self.folder) as entries:
            for entry in entries:
                if _NAME.fullmatch(entry.name):
                    # Renaming sets it: the moment at which the reply became visible.
                    yield Arrival(entry.stat().st_ctime_ns, entry.name)

    def read(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="ascii")

    def check(self) -> None:
        trial = self.folder / f"health.{os.urandom(8).hex()}{_UNFINISHED}"
        trial.write_bytes(b"")
        trial.unlink()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sweep(folder: Path, now: float) -> None:
    """Remove what servers that were killed left unfinished. Nobody was told that it was taken."""
    for file in folder.glob(f"*{_UNFINISHED}"):
        if file.stat().st_mtime < now - _ABANDONED_AFTER:
            file.unlink(missing_ok=True)


@dataclass(frozen=True, slots=True)
class _Bucket:
    """Objects of a bucket appear whole or not at all, and are durable when the store has answered."""

    filesystem: AbstractFileSystem
    root: str
    clock: Callable[[], float]

    def put(self, replies: Mapping[str, str]) -> None:
        # Drivers that can send several at once do.
        self.filesystem.pipe({f"{self.root}/{name}": text.encode() for name, text in replies.items()})

    def arrivals(self) -> list[Arrival]:
        # Listings are kept by some drivers; another server may have stored something since.
        self.filesystem.invalidate_cache(self.root)
        settled = int((self.clock() - _BUCKET_SETTLES) * 1e9)
        found: dict[str, Any] = self.filesystem.find(self.root, maxdepth=1, detail=True)
        names = ((path.rpartition("/")[2], details) for path, details in found.items())
        all_of_them = (Arrival(_modified(details), name) for name, details in names if _NAME.fullmatch(name))
        return sorted(each for each in all_of_them if each.at <= settled)

    def read(self, name: str) -> str:
        content: bytes = self.filesystem.cat_file(f"{self.root}/{name}")
        return content.decode("ascii")

    def check(self) -> None:
        self.filesystem.invalidate_cache(self.root)
        # A bucket's folder exists once there is something in it.
        self.filesystem.exists(self.root)


def _filesystem(url: str) -> tuple[AbstractFileSystem, str]:
    import fsspec

    try:
        filesystem, root = fsspec.core.url_to_fs(url)
    except (ImportError, ValueError) as error:
        raise Problem(f"cannot keep replies in {url}: {error}", "install the driver that the message names") from error
    return filesystem, root.rstrip("/")


def _modified(details: dict[str, Any]) -> int:
    """When an object was stored, as the drivers for S3, Google, Azure, local and other places call it."""
    for key in ("LastModified", "updated", "last_modified", "mtime", "created"):
        value = details.get(key)
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
        if isinstance(value, datetime):
            return int(value.timestamp() * 1e9)
        if isinstance(value, int | float):
            return int(value * 1e9)
    return 0
