"""What a place for replies is, and how replies are called there."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

# 128 bits: no two replies share a name.
_DIGEST_DIGITS = 32
NAME = re.compile(r"[a-z2-7]{24}-[0-9a-f]{32}\.txt")


@dataclass(frozen=True, order=True, slots=True)
class Arrival:
    """A stored reply: when it came, in nanoseconds since 1970 by the clock of the store, and its name."""

    at: int
    name: str


class ReplyStore(Protocol):
    """A place for replies. All methods block, and may be called from several threads."""

    def put(self, replies: Mapping[str, str]) -> None:
        """Keep replies, texts by name, for good. Raises OSError, and then some of them may be there and others not."""

    def arrivals(self) -> list[Arrival]:
        """What is there, in the order of its coming. Raises OSError."""

    def read(self, name: str) -> str:
        """The text of a reply. Raises OSError."""

    def settle(self) -> bool:
        """Bring some of what was put together into its place; whether there was any. Raises OSError."""

    def check(self) -> None:
        """Find out whether replies can be stored. Raises OSError."""


def name_of(room: str, text: str) -> str:
    """The name of a reply to a room."""
    return f"{room}-{hashlib.sha256(text.encode()).hexdigest()[:_DIGEST_DIGITS]}.txt"
