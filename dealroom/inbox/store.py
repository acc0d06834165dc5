"""`.dealroom/inbox/`: replies as they came, sealed, one file each.

What was said to them is in the histories of the plans, so nothing here is ever changed: a file is there as a whole or
not at all, and two programs that add at the same time do not meet.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dealroom.errors import Problem
from dealroom.files import replace_at_once
from dealroom.seal.armor import LARGEST_TEXT, SealedReply, armor, find_replies
from dealroom.seal.encoding import fields
from dealroom.workspace import Workspace

# Half of a SHA-256: no two replies share a name.
_NAME_DIGITS = 32
# Where what the seller threw out goes: out of the way, and never lost.
_ASIDE = "aside"
# Characters that tell where it came from; a name of a file may be longer.
_LONGEST_SOURCE = 200


@dataclass(frozen=True, slots=True)
class Stored:
    """A file of the inbox: its name, the day on which it came and from where, and the reply; `None` when damaged."""

    name: str
    received: date | None
    source: str
    reply: SealedReply | None


class Inbox:
    """The folder. It is the seller's alone, like everything in `.dealroom`."""

    def __init__(self, workspace: Workspace) -> None:
        self._folder = workspace.state / "inbox"

    @property
    def folder(self) -> Path:
        """Where the replies are; it may not be there yet."""
        return self._folder

    def add(self, reply: SealedReply, received: date, source: str) -> str | None:
        """Store a reply, on the disk when this returns, and give its name; nothing when it is there already.

        Raises Problem.
        """
        # With the room: else somebody could send the same bytes under another, and the true one would be known already.
        name = hashlib.sha256(fields(reply.room, reply.sealed)).hexdigest()[:_NAME_DIGITS]
        if any((folder / f"{name}.txt").exists() for folder in (self._folder, self._folder / _ASIDE)):
            return None
        told = "".join(each for each in source if each.isprintable())[:_LONGEST_SOURCE]
        text = f"Received: {received}\nFrom: {told}\n\n{armor(reply)}"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            replace_at_once(self._folder / f"{name}.txt", text.encode())
        except OSError as fault:
            raise Problem(f"cannot write to {self._folder}: {fault.strerror}", "check its permissions") from fault
        return name

    def entries(self) -> Iterator[Stored]:
        """Every reply that is there, those that came first before the others."""
        if not self._folder.is_dir():
            return
        files = (file for file in self._folder.glob("*.txt") if file.is_file() and not file.name.startswith("."))
        yield from sorted(map(_read, files), key=lambda one: (one.received or date.min, one.name))

    def set_aside(self, name: str) -> Path:
        """Take a reply out of the inbox, and give the file where it is kept. Raises Problem."""
        aside = self._folder / _ASIDE
        try:
            aside.mkdir(mode=0o700, exist_ok=True)
            return (self._folder / f"{name}.txt").replace(aside / f"{name}.txt")
        except OSError as fault:
            raise Problem(f"cannot move {name}.txt to {aside}: {fault.strerror}", "check its permissions") from fault


def _read(file: Path) -> Stored:
    try:
        with file.open(encoding="utf-8", errors="replace") as stream:
            text = stream.read(LARGEST_TEXT)
    except OSError:
        return Stored(file.stem, None, "", None)
    head, _, _ = text.partition("\n\n")
    fields = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
    found = [reply for reply in find_replies(text) if isinstance(reply, SealedReply)]
    return Stored(file.stem, _day(fields.get("Received")), fields.get("From", ""), found[0] if found else None)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
