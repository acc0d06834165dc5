"""Work on the chunks of a large file by threads that run ahead of whoever takes the results.

Hashing and encryption let go of Python's lock, so that two threads do twice as much. What fits into one block is done
at once, without a thread: most objects are smaller than starting one costs.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

# Handing a block to a thread costs some 30 µs: as much as half a chunk's work, and a twentieth of that of a block.
BLOCK = 8
# Blocks of 512 KiB in memory at once, whatever the size of the file: one for each of two cores, and one that is read.
AHEAD = 3
# More would only wait for the one that reads and writes.
THREADS = min(4, os.cpu_count() or 1)


def in_blocks(work: Callable[[list[Item]], Result], items: Iterable[Item]) -> Iterator[Result]:
    """What `work` makes of each block of `BLOCK` items, in order. What it raises is raised here."""
    iterator = iter(items)
    block = list(islice(iterator, BLOCK))
    following = list(islice(iterator, BLOCK))
    if not following:
        if block:
            yield work(block)
        return
    waiting: deque[Future[Result]] = deque()
    with ThreadPoolExecutor(THREADS) as pool:
        while block:
            waiting.append(pool.submit(work, block))
            block, following = following, list(islice(iterator, BLOCK))
            if len(waiting) == AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
