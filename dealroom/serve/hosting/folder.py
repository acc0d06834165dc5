"""Replies in a folder.

Making a file, and making it durable, takes a disk some milliseconds, and fifty files take fifty times that. So replies
that come at once are first put down together in one file, `<random>.batch`, and get files of their own when it is
quiet. A batch that a killed server left is brought into its place by the next one that starts.
"""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from dealroom.serve.hosting.stored import NAME, Arrival

# What is being written ends so, and is in no listing.
_UNFINISHED = ".part"
_BATCH = ".batch"
# Unfinished files of this age, in seconds, belong to no running server any more: a request takes at most half a minute.
_ABANDONED_AFTER = 3600

# Files that are made durable at once. Eight take half as long as one after the other, and fifty no less than eight.
_WRITERS = 8
# Replies that get files of their own in one go; at some milliseconds each, nobody waits long for the disk.
_AT_ONCE = 64

# A reply may become visible a moment after one that was stored later; within this time, in seconds, the order is not
# settled, and a listing leaves it to the next one. A file system's clock ticks every few milliseconds.
_SETTLES = 0.05


@dataclass(frozen=True, slots=True)
class Folder:
    """Methods are called from several threads."""

    folder: Path
    clock: Callable[[], float]
    writers: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(_WRITERS))
    settling: threading.Lock = field(default_factory=threading.Lock)

    def put(self, replies: Mapping[str, str]) -> None:
        if len(replies) == 1:
            self._keep(replies)
            return
        name = f"{os.urandom(16).hex()}{_BATCH}"
        self._write((name, json.dumps(dict(replies)))).replace(self.folder / name)
        self._sync()

    def settle(self) -> bool:
        found: dict[str, str] = {}
        with self.settling:
            batches = self._batches()
            for number, batch in enumerate(batches, start=1):
                found |= _read(batch)
                if len(found) >= _AT_ONCE:
                    del batches[number:]
            if batches:
                self._keep(found)
            for batch in batches:
                # Another server may have done the same.
                batch.unlink(missing_ok=True)
        return bool(batches)

    def arrivals(self) -> list[Arrival]:
        for _ in self._batches():
            self.settle()
        # Whoever asks is to have all that was taken before they asked.
        time.sleep(_SETTLES)
        settled = int((self.clock() - _SETTLES) * 1e9)
        return sorted(each for each in self._all() if each.at <= settled)

    def read(self, name: str) -> str:
        return (self.folder / name).read_text(encoding="ascii")

    def check(self) -> None:
        trial = self.folder / f"health.{os.urandom(8).hex()}{_UNFINISHED}"
        trial.write_bytes(b"")
        trial.unlink()

    def sweep(self) -> None:
        """Bring what killed servers put together into its place, and remove what they left unfinished, of which nobody
        was told that it was taken. Raises OSError."""
        while self.settle():
            pass
        for file in self.folder.glob(f"*{_UNFINISHED}"):
            if file.stat().st_mtime < self.clock() - _ABANDONED_AFTER:
                file.unlink(missing_ok=True)

    def _keep(self, replies: Mapping[str, str]) -> None:
        """Give replies files of their own. The folder is synced for those that are there already, too: what is there
        may be a moment old, and its name not be on the disk yet."""
        new = {name: text for name, text in replies.items() if not (self.folder / name).exists()}
        unfinished = list(self.writers.map(self._write, new.items()))
        for file, name in zip(unfinished, new, strict=True):
            file.replace(self.folder / name)
        self._sync()

    def _write(self, named: tuple[str, str]) -> Path:
        """Write a text beside its place, durably. Another server may be writing the same one."""
        name, text = named
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

    def _sync(self) -> None:
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _batches(self) -> list[Path]:
        return list(self.folder.glob(f"*{_BATCH}"))

    def _all(self) -> Iterator[Arrival]:
        with os.scandir(self.folder) as entries:
            for entry in entries:
                if NAME.fullmatch(entry.name):
                    # Renaming sets it: the moment at which the reply became visible.
                    yield Arrival(entry.stat().st_ctime_ns, entry.name)


def _read(batch: Path) -> dict[str, str]:
    """The replies of a batch; none when another server brought them into their place meanwhile."""
    try:
        found: dict[str, str] = json.loads(batch.read_bytes())
    except FileNotFoundError:
        return {}
    return found
