"""A target elsewhere, through fsspec: only what differs is sent, and it is found without downloading.

What was sent is noted here (`sent.py`), and the place holds one digest of those notes. When both agree, nobody else has
published there since, and no file has to be asked for. Otherwise the place is listed: a file whose name follows from
its content is there already, another one only where the place tells its checksum.

Objects go first, then what pages load, then pages; what nobody needs any more is removed last. So a connection that is
lost at any point leaves every room as it was or as it will be, and the next run sends the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from dealroom.publish.lock import alone
from dealroom.publish.output import NotAsBuilt, OutputFile, check_built
from dealroom.publish.records import SHARED
from dealroom.publish.sent import Sent, SentFile, lock_of, open_sent
from dealroom.publish.storage import Listed, Storage, open_storage
from dealroom.publish.targets import CompiledSite, Sending, no_progress
from dealroom.publish.write import WriteReport
from dealroom.seal.unseal import OBJECTS

# At the place: one digest of everything that was published. It names no room.
MARKER = "dealroom-published.txt"

# Files that are sent between two notes of it: a second's work, lost at most when the connection is.
_BATCH = 64
# An object, whose name follows from its content, below the folder of its room.
_OBJECT = re.compile(rf"(?P<room>.+)/{OBJECTS}/[0-9a-f]{{32}}")


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RemoteTarget:
    """A place at `url`; `state` is the workspace's state folder, `endpoint` an S3 service that is not Amazon's."""

    name: str
    url: str
    endpoint: str | None
    state: Path

    def publish(self, site: CompiledSite, *, dry_run: bool = False, progress: Sending = no_progress) -> WriteReport:
        """See `Target`."""
        with ExitStack() as stack:
            stack.enter_context(alone(lock_of(self.state, self.url), f"another dealroom is publishing to {self.name}"))
            storage = stack.enter_context(open_storage(self.url, self.endpoint))
            sent = stack.enter_context(open_sent(self.state, self.url))
            run = _Run(storage, sent, site, progress)
            run.compare()
            if not dry_run:
                run.send()
            return run.report


class _Run:
    """One publication: first what differs, then its sending."""

    def __init__(self, storage: Storage, sent: Sent, site: CompiledSite, progress: Sending) -> None:
        self._storage = storage
        self._sent = sent
        self._site = site
        self._progress = progress
        self._files = {file.path: (room, file) for room, files in site.by_room() for file in files}
        self._to_send: list[OutputFile] = []
        self._to_remove: list[str] = []
        self._done = [0, 0]
        self.report = WriteReport()

    def compare(self) -> None:
        """Find out what is to be sent and removed."""
        if self._storage.read(MARKER) != _marked(self._sent.marker):
            self._look()
        known = self._sent.files()
        for path, (room, file) in self._files.items():
            there = known.get(path)
            if there and there.digest == file.digest:
                self.report.of(room).unchanged += 1
                continue
            self._to_send.append(file)
            self.report.written.append(path)
            self.report.of(room).written += 1
            self.report.of(room).bytes += file.size
        # A page before the objects it refers to.
        self._to_remove = sorted(known.keys() - self._files.keys(), key=lambda path: (not _is_page(path), path))
        self.report.removed.extend(self._to_remove)
        self.report.of(SHARED).removed += len(self._to_remove)

    def send(self) -> None:
        """Send objects and what pages load, then pages; remove what is needed no more; mark the place."""
        with ThreadPoolExecutor(self._storage.at_once) as pool:
            for phase in (_is_immutable, _is_between, _is_live):
                self._send_all(pool, [file for file in self._to_send if phase(file)])
            for batch in _batches(self._to_remove):
                list(pool.map(self._storage.remove, batch))
                self._sent.drop(batch)
        if self._to_send or self._to_remove or self._sent.marker is None:
            state = self._sent.state()
            self._storage.send_bytes(MARKER, _marked(state) or b"")
            self._sent.marker = state

    def _send_all(self, pool: ThreadPoolExecutor, files: Sequence[OutputFile]) -> None:
        for batch in _batches(files):
            # Until it is known to have arrived, the place holds either; only then may it be taken for sent.
            self._sent.drop(file.path for file in batch if not file.immutable)
            sending = {file.path: pool.submit(self._send_one, file) for file in batch}
            wait(sending.values())
            # What arrived before the connection was lost need not be sent again.
            arrived = [file for file in batch if sending[file.path].exception() is None]
            self._sent.add(SentFile(file.path, file.size, file.digest or b"") for file in arrived)
            for each in sending.values():
                each.result()
            self._done[0] += len(batch)
            self._done[1] += sum(file.size for file in batch)
            total = self.report.total
            self._progress(self._done[0], total.written, self._done[1], total.bytes)

    def _send_one(self, file: OutputFile) -> None:
        """Send it as it was built, or not at all: the site may be built again meanwhile."""
        source = self._site.folder / file.path
        check = check_built(file, source)
        try:
            self._storage.send(file.path, source, check)
        except FileNotFoundError as error:
            if source.exists():
                raise
            raise NotAsBuilt(source, is_missing=True) from error

    def _look(self) -> None:
        """List the place: the notes are lost, or someone published there from elsewhere."""
        listed, noted = self._storage.list(), self._sent.files()
        self._sent.drop([path for path in noted if path not in listed or path not in self._files])
        there = (SentFile(path, file.size, file.digest or b"") for path, (_, file) in self._files.items())
        is_there = [file for file in there if file.path in listed and self._is_as_wanted(file, listed[file.path])]
        self._sent.drop(self._files.keys() - {file.path for file in is_there})
        self._sent.add(is_there)
        self._sent.add(self._ours(listed, noted))

    def _is_as_wanted(self, file: SentFile, listed: Listed) -> bool:
        if self._files[file.path][1].immutable:
            return True
        try:
            return self._storage.is_same(listed, self._site.folder / file.path)
        except FileNotFoundError:
            # Of ours, not of the place: what becomes of it is told when it is to be sent.
            return False

    def _ours(self, listed: Mapping[str, Listed], noted: Mapping[str, SentFile]) -> Iterable[SentFile]:
        """What is there, is not wanted, and was published from here: noted so, or an object in one of our rooms."""
        rooms = {path.rpartition("/")[0] for path, (_, file) in self._files.items() if file.is_page}
        for path in listed.keys() - self._files.keys():
            match = _OBJECT.fullmatch(path)
            if path in noted or (match and match["room"] in rooms):
                yield SentFile(path, 0, b"")


def _batches(items: Sequence[T]) -> Iterable[Sequence[T]]:
    return (items[start : start + _BATCH] for start in range(0, len(items), _BATCH))


def _marked(state: str | None) -> bytes | None:
    return f"{state}\n".encode() if state else None


def _is_immutable(file: OutputFile) -> bool:
    return file.immutable


def _is_between(file: OutputFile) -> bool:
    return not file.immutable and not file.is_page


def _is_live(file: OutputFile) -> bool:
    return file.is_page and not file.immutable


def _is_page(path: str) -> bool:
    return path.endswith(".html")
