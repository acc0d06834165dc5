"""What a reply may arrive in: text, a saved e-mail, a mailbox, a folder of these. Nothing here knows a key."""

from __future__ import annotations

import email
import mailbox
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from dealroom.errors import Problem
from dealroom.seal.armor import SealedReply, find_replies

# Bytes. What mail servers take for one message (25 MB is the usual limit), and what a seller's exported folder has.
LARGEST_MESSAGE, LARGEST_MAILBOX = 25_000_000, 250_000_000
# Bytes of an attachment that may be a reply; the largest is half a megabyte as text.
LARGEST_ATTACHMENT = 2_000_000

_MARKS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig"))
# Fields of a message come first, and every message has one of these.
_FIELD = rb"[\x21-\x39\x3b-\x7e]+:[^\n]*\n(?:[ \t][^\n]*\n)*"
_MESSAGE = re.compile(rb"(?i)\A(?:" + _FIELD + rb")*?(?:from|received|return-path|mime-version|content-type):")
_MAILBOX = re.compile(rb"\AFrom [^\n]{1,1000}\n[!-9;-~]+:")


@dataclass(frozen=True, slots=True)
class Carried:
    """What was found in one place: sealed replies, and why what looks like one is none. `source` names the place."""

    source: str
    replies: tuple[SealedReply, ...] = ()
    faults: tuple[str, ...] = ()


def carried_in(path: Path) -> Iterator[Carried]:
    """The replies in a file, or in all files of a folder and below; a place without any has none and no fault.

    Raises:
        Problem: there is no such file, or it cannot be read.
    """
    if path.is_dir():
        for file in sorted(each for each in path.rglob("*") if _is_plain(each, path)):
            yield from carried_in(file)
        return
    if not path.is_file():
        raise Problem(f"there is no file {path}", "give a text, an .eml, an .mbox or a folder of them, or `-`")
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            head = stream.read(2_000)
            if _MAILBOX.match(head):
                yield from _in_mailbox(path, size)
                return
            stream.seek(0)
            yield _in_stream(stream, path.name, size)
    except OSError as fault:
        raise Problem(f"cannot read {path}: {fault.strerror}", "check that it may be read") from fault


def carried_in_stream(stream: BinaryIO) -> Carried:
    """The replies in what is piped in."""
    return _in_stream(stream, "standard input", 0)


def carried_in_bytes(content: bytes, source: str) -> Carried:
    """The replies in a text or a message."""
    if _MESSAGE.match(content):
        found = _found(_texts(content))
        if found.replies or found.faults:
            return Carried(source, found.replies, found.faults)
    found = _found([_decoded(content)])
    return Carried(source, found.replies, found.faults)


def _is_plain(file: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
    return not hidden and not file.is_symlink() and file.is_file()


def _in_stream(stream: BinaryIO, source: str, size: int) -> Carried:
    content = stream.read(LARGEST_MESSAGE + 1) if size <= LARGEST_MESSAGE else b""
    if size > LARGEST_MESSAGE or len(content) > LARGEST_MESSAGE:
        return Carried(source, (), (f"it has more than {LARGEST_MESSAGE // 1_000_000} MB, and no reply is that large",))
    return carried_in_bytes(content, source)


def _in_mailbox(path: Path, size: int) -> Iterator[Carried]:
    if size > LARGEST_MAILBOX:
        most = f"it has more than {LARGEST_MAILBOX // 1_000_000} MB; export a smaller folder"
        yield Carried(path.name, (), (most,))
        return
    box = mailbox.mbox(os.fspath(path), create=False)
    try:
        for number, key in enumerate(box.iterkeys(), start=1):
            with box.get_file(key) as message:
                content = message.read(LARGEST_MESSAGE + 1)
            if len(content) <= LARGEST_MESSAGE:
                yield carried_in_bytes(content, f"{path.name}, message {number}")
    finally:
        box.close()


def _texts(message: bytes) -> Iterator[str]:
    """The texts of a message and of its attachments, decoded."""
    try:
        for part in email.message_from_bytes(message).walk():
            if part.is_multipart():
                continue
            content = part.get_payload(decode=True)
            if isinstance(content, bytes) and (
                part.get_content_maintype() == "text" or len(content) <= LARGEST_ATTACHMENT
            ):
                yield _decoded(content, part.get_content_charset())
    except (RecursionError, ValueError, LookupError):
        # Made to break readers: what was found before still counts.
        return


def _decoded(content: bytes, charset: str | None = None) -> str:
    """Some text, whatever it says it is: a reply is ASCII, and all else around it does not matter."""
    marked = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    try:
        return content.decode(marked or charset or "utf-8")
    except (LookupError, ValueError):
        return content.decode("latin-1")


def _found(texts: Iterator[str] | list[str]) -> Carried:
    replies: dict[SealedReply, None] = {}
    faults: dict[str, None] = {}
    for text in texts:
        for found in find_replies(text):
            if isinstance(found, SealedReply):
                replies[found] = None
            else:
                faults[found.message] = None
    # The same reply stands in a message as text and as HTML, and one of them may be cut off.
    return Carried("", tuple(replies), () if replies else tuple(faults))
