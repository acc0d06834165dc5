"""Saved e-mails: a message, a mailbox, a folder of either, or what is piped in. What is too large is left out."""

from __future__ import annotations

import mailbox
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from dealroom.errors import Problem
from dealroom.inbox.carriers import LARGEST_MESSAGE

PIPED = "-"
_MAILBOX_START = b"From "


def mails_in(source: str, piped: BinaryIO) -> Iterator[bytes]:
    """The messages of a file or folder, or for `-` the one that is piped in. Raises Problem."""
    if source == PIPED:
        yield piped.read(LARGEST_MESSAGE)
        return
    path = Path(source)
    if not path.exists():
        raise Problem(f"there is no file {path}", "give an .eml, an .mbox or a folder of them, or `-`")
    files = sorted(each for each in path.rglob("*") if _is_plain(each)) if path.is_dir() else [path]
    for file in files:
        try:
            yield from _in_file(file)
        except OSError as fault:
            raise Problem(f"cannot read {file}: {fault.strerror}", "check that it may be read") from fault


def _is_plain(file: Path) -> bool:
    return file.is_file() and not file.is_symlink() and not file.name.startswith(".")


def _in_file(file: Path) -> Iterator[bytes]:
    with file.open("rb") as stream:
        if stream.read(len(_MAILBOX_START)) != _MAILBOX_START:
            stream.seek(0)
            yield stream.read(LARGEST_MESSAGE)
            return
    box = mailbox.mbox(os.fspath(file), create=False)
    try:
        for key in box.iterkeys():
            with box.get_file(key) as message:
                yield message.read(LARGEST_MESSAGE)
    finally:
        box.close()
