"""Where replies wait for their seller: a folder, or any place that fsspec knows.

A reply is one file, `<room>-<digest>.txt`, named after its content: the same reply is there once, however often it is
sent and by however many servers it is taken. When `put` returns, it survives a loss of power.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from dealroom.errors import Problem
from dealroom.serve.hosting.bucket import Bucket
from dealroom.serve.hosting.folder import Folder
from dealroom.serve.hosting.stored import ReplyStore

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

# fsspec's names for a folder, which is better served without it: it does not sync.
_LOCAL = ("file://", "local://")


def open_store(place: str, root: Path, clock: Callable[[], float] = time.time) -> ReplyStore:
    """The store at `place`: a folder, from `root` unless it is absolute, or a URL like `s3://bucket/replies`.

    Raises:
        Problem: the folder cannot be made, or no driver for the URL is installed.
    """
    if "://" in place and not place.startswith(_LOCAL):
        return Bucket(*_filesystem(place), clock)
    folder = root / place.removeprefix(_LOCAL[0]).removeprefix(_LOCAL[1])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        store = Folder(folder, clock)
        store.sweep()
    except OSError as error:
        hint = "check that the folder may be written, or name another with --replies"
        raise Problem(f"cannot keep replies in {folder}: {(error.strerror or str(error)).lower()}", hint) from error
    return store


def _filesystem(url: str) -> tuple[AbstractFileSystem, str]:
    import fsspec

    try:
        filesystem, root = fsspec.core.url_to_fs(url)
    except (ImportError, ValueError) as error:
        raise Problem(f"cannot keep replies in {url}: {error}", "install the driver that the message names") from error
    return filesystem, root.rstrip("/")
