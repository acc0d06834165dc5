"""Locks of files: for one process at a time, and gone with it, however it ends."""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dealroom.errors import Problem

# In seconds. Another build of a few thousand rooms is over within the first, and a server that says nothing any more
# was given up; who holds the lock for longer is more likely stuck.
LOCK_SECONDS = 60.0
LOCK_POLL = 0.05


def try_lock(descriptor: int) -> bool:
    """Lock an open file or folder for this process; whether no other one has it. Raises OSError."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError as error:
        # Some network file systems have no locks. Then nothing tells two writers apart, as with any other tool.
        if error.errno not in {errno.ENOTSUP, errno.ENOLCK, errno.ENOSYS}:
            raise
    return True


@contextmanager
def alone(file: Path, busy: str, wait: float | None = None) -> Iterator[None]:
    """Hold the lock of `file`, which is made if missing and stays. Raises OSError; Problem: `busy`, for too long."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        deadline = time.monotonic() + (LOCK_SECONDS if wait is None else wait)
        while not try_lock(descriptor):
            if time.monotonic() > deadline:
                raise Problem(busy, "wait until it is done, or stop it, and run again")
            time.sleep(LOCK_POLL)
        yield
    finally:
        os.close(descriptor)
