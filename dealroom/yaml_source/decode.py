"""Bytes of a file into text, or the reason why they are none."""

from __future__ import annotations

import re
import stat
from pathlib import Path

from dealroom.diagnostics import Diagnostic, Place, error

# A plan of 500 milestones is about 200 KB. What is larger is another kind of file, and would only be slow.
LARGEST_FILE = 1_000_000

# What YAML 1.1 calls a line break (section 5.4), so that our line numbers are the parser's.
LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")

# Everything outside YAML's printable characters (section 5.1).
_CONTROL = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

# Byte order marks that other encodings begin with, the longer before the shorter.
_OTHER_ENCODINGS = ((b"\xff\xfe\x00\x00", "UTF-32"), (b"\xff\xfe", "UTF-16"), (b"\xfe\xff", "UTF-16"))

_SAVE_AS_UTF8 = "save the file as UTF-8"


def read_text(path: Path, name: str) -> str | Diagnostic:
    """The text of the file at `path`, without a byte order mark; `name` is what a finding calls the file."""
    raw = _read_bytes(path, name)
    if isinstance(raw, Diagnostic):
        return raw
    for mark, encoding in _OTHER_ENCODINGS:
        if raw.startswith(mark):
            return error("not-utf-8", f"this file is encoded as {encoding}", Place(name), _SAVE_AS_UTF8)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        # `object` is what the codec saw: the bytes without the mark.
        return _not_utf8(fault, name)
    control = _CONTROL.search(text)
    return _control_character(text, control.start(), name) if control else text


def _read_bytes(path: Path, name: str) -> bytes | Diagnostic:
    place = Place(name)
    try:
        status = path.stat()
        # A pipe or a device would block or never end.
        if not stat.S_ISREG(status.st_mode):
            return error("not-a-file", f"{name} is not a regular file", place, "put a text file here")
        if status.st_size > LARGEST_FILE:
            size = f"{status.st_size / 1_000_000:,.1f} MB"
            limit = f"{LARGEST_FILE // 1_000_000} MB"
            return error("too-large", f"this file has {size}, more than {limit}", place, "is it the right file?")
        with path.open("rb") as stream:
            return stream.read(LARGEST_FILE)
    except OSError as fault:
        reason = (fault.strerror or "it cannot be read").lower()
        return error(
            "unreadable-file", f"{name} cannot be read: {reason}", place, "check that it exists and may be read"
        )


def _not_utf8(fault: UnicodeDecodeError, name: str) -> Diagnostic:
    raw, offset = fault.object, fault.start
    # Windows-1252 is the likely encoding of a file that is not UTF-8, and a superset of Latin-1's letters.
    before = raw[:offset].decode("utf-8")
    rest = raw[offset:].decode("cp1252", errors="replace")
    place = place_at(before + rest, len(before), name)
    likely = rest[0]
    what = f"byte 0x{raw[offset]:02x} is not UTF-8"
    return error("not-utf-8", f"{what}, it may be `{likely}`" if likely.isprintable() else what, place, _SAVE_AS_UTF8)


def _control_character(text: str, offset: int, name: str) -> Diagnostic:
    place = place_at(text, offset, name)
    if text[offset] == "\x00" and text.count("\x00") * 4 > len(text):
        return error("not-utf-8", "this file is encoded as UTF-16, or is no text", Place(name), _SAVE_AS_UTF8)
    message = f"an invisible control character (U+{ord(text[offset]):04X}) is here"
    return error("control-character", message, place, "remove it, and type the text around it again")


def place_at(text: str, offset: int, name: str, length: int = 1) -> Place:
    """The place of `length` characters of `text` from `offset` on."""
    line, start = 1, 0
    for match in LINE_BREAK.finditer(text, 0, offset):
        line, start = line + 1, match.end()
    end = LINE_BREAK.search(text, start)
    column = offset - start + 1
    return Place(name, line, column, column + length, text[start : end.start() if end else len(text)])
