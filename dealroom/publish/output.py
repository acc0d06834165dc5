"""A file of the compiled site as a value: where it goes, how large it is, and how to make its bytes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from dealroom.errors import Problem

# Where a site keeps what its rooms share, for ever cacheable because every name carries a hash of its content.
ASSETS = "assets"

# A file is read and copied in pieces of this size, so that a video costs no more memory than a page.
COPY_CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True)
class OutputFile:
    """One file of the site.

    `path` is relative to the site, with forward slashes. `size` is exact, in bytes. `chunks` makes the bytes and may
    be called more than once. Pages go live after everything they refer to. A file is `immutable` when its name follows
    from its content, so that a file of the same name never holds anything else. `digest` is the SHA-256 of the bytes,
    where it is known without making them. A file that lists others is made by `of_digests` from the SHA-256 of those
    before it in its room, by path, as far as whoever writes them knows it; `chunks` works it all out by itself. A file
    that `yields` is left out where somebody has put one of their own.
    """

    path: str
    size: int
    chunks: Callable[[], Iterator[bytes]]
    is_page: bool = False
    immutable: bool = False
    digest: bytes | None = None
    of_digests: Callable[[Mapping[str, bytes]], OutputFile] | None = None
    yields: bool = False


class NotAsBuilt(Problem):
    """A file of the site is gone, or holds something else than what was built: it was changed, or built again."""

    def __init__(self, path: str | Path, *, is_missing: bool = False) -> None:
        if is_missing:
            super().__init__(f"{path} is missing", "build again: dealroom build")
        else:
            hint = "build again: dealroom build; when that does not help, delete the file first"
            super().__init__(f"{path} is not what was built any more", hint)


def file_of_bytes(path: str, content: bytes, *, is_page: bool = False, immutable: bool = False) -> OutputFile:
    """A file whose bytes are in memory."""
    return OutputFile(path, len(content), partial(iter, (content,)), is_page=is_page, immutable=immutable)


def read_chunks(path: Path) -> Iterator[bytes]:
    """The bytes of the file at `path`. Raises OSError."""
    with path.open("rb") as stream:
        while chunk := stream.read(COPY_CHUNK):
            yield chunk


def read_built(path: Path) -> Iterator[bytes]:
    """The same of a file that was built. Raises OSError; NotAsBuilt when it is gone."""
    try:
        yield from read_chunks(path)
    except FileNotFoundError as error:
        raise NotAsBuilt(path, is_missing=True) from error


def check_built(file: OutputFile, path: Path) -> Callable[[], None]:
    """See that `path` holds this file, whose digest is known. What is given back sees that it has stayed so since.

    Who sends a site while it is built again would otherwise send a page before what it refers to. Raises OSError;
    NotAsBuilt.
    """
    digest = hashlib.sha256()
    before = _signature(path)
    for chunk in read_built(path):
        digest.update(chunk)
    if digest.digest() != file.digest:
        raise NotAsBuilt(path)

    def has_stayed() -> None:
        if _signature(path) != before:
            raise NotAsBuilt(path)

    has_stayed()
    return has_stayed


def _signature(path: Path) -> tuple[int, int, int]:
    """What changes when a file is replaced or written to."""
    try:
        found = path.stat()
    except FileNotFoundError as error:
        raise NotAsBuilt(path, is_missing=True) from error
    return found.st_ino, found.st_size, found.st_mtime_ns
