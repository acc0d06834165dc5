"""Rooms made by several processes at once: the same rooms, in the order in which they are ready.

The processes only make bytes; everything that is written is written by the one that asked. So whatever becomes of one
of them, nothing is half written.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from functools import partial
from multiprocessing.context import BaseContext

from dealroom.errors import Problem
from dealroom.publish.built import BuiltRoom
from dealroom.publish.maker import TOGETHER, Maker
from dealroom.publish.output import OutputFile, file_of_bytes

# A process is worth its start from about this many rooms on (docs/performance.md).
WORTHWHILE = 12

# Rooms handed to a process at a time: few enough to share the last ones evenly, many enough not to wait for a message.
SOME = 8

# Handed out beyond one for each process, so that none waits for the next; more would only pile up finished rooms.
AHEAD = 2

# Bytes. What is larger is not sent between processes; its room is made by the one that writes it.
LARGEST_SENT = 4 << 20

# Seconds between two looks whether whoever asked is still there.
_LOOK = 1.0


def jobs_for(rooms: int, wanted: int | None) -> int:
    """How many processes to use for so many rooms: as many as `wanted`, else as there are cores, where it pays."""
    if wanted is None:
        wanted = _cores() if rooms >= WORTHWHILE else 1
    return max(1, min(wanted, rooms // SOME))


def make_rooms(
    maker: Maker, slugs: Sequence[str], progress: Callable[[str, int, int], None], jobs: int | None = None
) -> Iterator[BuiltRoom]:
    """The rooms of these plans, in any order, made by `jobs` processes or by as many as it pays. Raises Problem."""
    count = jobs_for(len(slugs), jobs)
    if count > 1:
        return make_in_processes(maker, slugs, count)
    if len(slugs) > TOGETHER:
        # Passphrases are then derived between rooms, and one bar for both says more than two.
        return maker.make(slugs)
    return maker.make(slugs, partial(progress, "keys"))


def make_in_processes(maker: Maker, slugs: Sequence[str], jobs: int) -> Iterator[BuiltRoom]:
    """The rooms of these plans, made by so many processes; what they cannot send is made here.

    Raises:
        Problem: a process was ended from outside.
    """
    # Everything that the first room takes to make, the others have from then on.
    first = list(maker.make(slugs[:1]))
    waiting = deque(list(slugs[start : start + SOME]) for start in range(1, len(slugs), SOME))
    here: list[str] = []
    with ProcessPoolExecutor(jobs, _context(), _begin, (maker, os.getpid())) as pool:
        try:
            running = {pool.submit(_make, waiting.popleft()) for _ in range(min(jobs + AHEAD, len(waiting)))}
            yield from first
            while running:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                running |= {pool.submit(_make, waiting.popleft()) for _ in range(min(len(done), len(waiting)))}
                for rooms, left in map(Future.result, done):
                    here += left
                    yield from rooms
        except BrokenProcessPool as error:
            raise Problem(
                "a process that made rooms was ended from outside",
                "often the memory did not suffice: build with fewer, as `dealroom build --jobs 1`; what is done stays",
            ) from error
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
    yield from maker.make(here)


def sendable(room: BuiltRoom) -> BuiltRoom | None:
    """The room with the bytes of its files; nothing when they are too many to be sent."""
    if sum(file.size for file in room.files) > LARGEST_SENT:
        return None
    files: list[OutputFile] = []
    digests: dict[str, bytes] = {}
    for one in room.files:
        file = one.of_digests(digests) if one.of_digests else one
        content = b"".join(file.chunks())
        digests[file.path] = hashlib.sha256(content).digest()
        bare = file_of_bytes(file.path, content, is_page=file.is_page, immutable=file.immutable)
        files.append(replace(bare, digest=digests[file.path]))
    return replace(room, files=tuple(files))


def make_sendable(maker: Maker, slugs: Sequence[str]) -> tuple[list[BuiltRoom], list[str]]:
    """The rooms of these plans, and the plans whose rooms are too large to be sent."""
    rooms: list[BuiltRoom] = []
    left: list[str] = []
    for room in maker.make(slugs):
        sent = sendable(room)
        if sent is None:
            left.append(room.slug)
        else:
            rooms.append(sent)
    return rooms, left


def _cores() -> int:
    # What this process may use, which in a container is less than what the machine has.
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _context() -> BaseContext:
    """How processes are started.

    A copy of this one has everything loaded already, and starts in 10 ms. That is safe while this one has no other
    thread, whose locks the copy would inherit; and on Linux only, since libraries of macOS do not survive it.
    """
    if sys.platform == "linux" and threading.active_count() == 1:
        return multiprocessing.get_context("fork")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([Maker.__module__])
    return context


# The maker of a process that makes rooms, from its start on.
_maker: list[Maker] = []


def _begin(maker: Maker, parent: int) -> None:
    # Ctrl-C, and closing it, reach every process of a terminal; the one that asked decides what becomes of the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    _maker.append(maker)


def _end_with(parent: int) -> None:
    """End this process when the one that asked was killed, and cannot say so."""
    while _lives(parent):
        time.sleep(_LOOK)
    os._exit(1)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except OSError:
        return False
    return True


def _make(slugs: Sequence[str]) -> tuple[list[BuiltRoom], list[str]]:
    return make_sendable(_maker[0], slugs)
